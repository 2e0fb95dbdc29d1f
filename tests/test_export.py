from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from index import open_index, rebuild
from index.cli import run
from qa import Answer, ask
from qa.answer import ArticleRef, as_markdown, escape_markdown, unescape_markdown
from qa.cli import commands
from qa.export import conversation_markdown, evidence_pack

TROOPS = "How many US troops are in Iraq?"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
Capture = pytest.CaptureFixture[str]

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "![x][ref]",
    "[ref]: https://evil.example/",
    "<https://evil.example/>",
    "https://evil.example/path",
    "www.evil.example",
    "WWW.evil.example",
    "ftp://evil.example/",
    "evil@example.org",
    "mailto:evil@example.org",
    "&lt;b&gt; &#60;i&#62; &copy",
    "`code` ```fence``` ~~~tilde~~~",
    "*a* **b** _c_ __d__ ~~e~~",
    "# heading",
    "- item",
    "1. item",
    "1) item",
    "+ item",
    "> quoted",
    "---",
    "===",
    "| a | b |",
    "|---|---|",
    "\\[1\\] [1] [^1]",
    "one\n    indented",
    "$x$ $$y$$",
    "<!-- comment",
    "<![CDATA[ x",
    "back\\",
    "two  spaces  ",
)


@pytest.fixture(scope="module")
def answers(seeds_index: Path) -> list[Answer]:
    questions = (TROOPS, "Who won the 2018 World Cup?")
    return [ask(question, index_dir=seeds_index) for question in questions]


@pytest.fixture(scope="module")
def of_a_quote_each(seeds_index: Path) -> list[Answer]:
    """Two answers whose next best sentence lies far below the one that is quoted."""
    questions = (
        "How many civilians were killed by the rocket near Baghdad?",
        "How many US personnel were killed in Benghazi in 2012?",
    )
    return [ask(question, index_dir=seeds_index) for question in questions]


def pack_of(answers: list[Answer], index_dir: Path) -> dict[str, Any]:
    with open_index(index_dir) as index:
        return evidence_pack(answers, index, NOON)


def checked(pack: dict[str, Any], tmp_path: Path, index: Path, capsys: Capture) -> tuple[int, str]:
    """The exit status and the output of ``qa check-evidence``."""
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(pack), "utf-8")
    status = run(commands, ["check-evidence", str(path), "--index", str(index)])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return status, captured.out + captured.err


def test_a_conversation_reads_well_as_markdown(answers: list[Answer]) -> None:
    text = conversation_markdown(answers, NOON)
    cited = answers[0].citations[0]
    assert text.startswith("# Questions to the articles\n\nExported 25 November 2026, 12:00 UTC.\n\n")
    assert f"\n\n## 1. {TROOPS}\n\nAFP, 30 September 2020: “The US still has" in text
    assert "\n\n### Sources\n\n\\[1\\] **Iraq says 'not happy' with" in text
    assert f"\n\n> {cited.quote}\n\n" in text
    where = f"{escape_markdown(cited.article_id)}, characters {cited.start} to {cited.end}\n"
    assert where in text
    assert "\n\n## 2. Who won the 2018 World Cup?\n\nThe articles do not answer this." in text
    assert text.count("### Sources") == 1


def test_a_follow_up_says_how_it_was_understood(answers: list[Answer]) -> None:
    asked = replace(answers[0], question="And now?")
    text = conversation_markdown([asked], NOON)
    assert f"\n\n## 1. And now?\n\nUnderstood as: {TROOPS}\n\n" in text


@pytest.mark.parametrize("words", HOSTILE)
def test_what_an_article_says_is_no_markup(answers: list[Answer], words: str) -> None:
    words = f"{words}\n{words} end"
    first = answers[0]
    fields: dict[str, Any] = {"title": words, "source": words, "author": words, "path": words}
    ref = ArticleRef(id=words, published=None, url=None, **fields)
    cited = replace(
        first.citations[0],
        article_id=words,
        quote=words,
        also_in=(ref,),
        url="https://a.example/x",
        **fields,
    )
    sentence = replace(first.sentences[0], text=words, origin=" ".join(words.split()))
    answer = replace(
        first,
        question=words,
        standalone_question=words + "?",
        text=as_markdown([sentence]),
        citations=(cited,),
        notes=(words,),
        searched=replace(first.searched, sources=(words,)),
    )
    html = rendered(conversation_markdown([answer], NOON))
    links = re.findall(r'<a href="(.*?)"', html)
    assert links == ["https://a.example/x"]
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"h1", "h2", "h3", "p", "strong", "em", "blockquote", "a", "br"}
    shown = re.sub(r"<[^>]*>", "", html)
    line = " ".join(words.split())
    for start in ("", "Understood as: ", "“", "Also in "):
        assert start + escaped(line) in " ".join(shown.split())


def rendered(markdown: str) -> str:
    """As GitHub does, which also makes links of bare addresses: none may stand outside < and >."""
    bare = r"(?i)(?<![<\\\w])(?:https?|ftp)://|\bwww\.|(?<!\\)@"
    assert re.findall(bare, markdown) == []
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def escaped(text: str) -> str:
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    return "".join(marks.get(char, char) for char in text)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/(x)_y", "<https://a.example/(x)_y>"),
        ("https://a.example/<b>`|\\[x]", "<https://a.example/%3Cb%3E%60%7C%5C%5Bx%5D>"),
        ("javascript:alert(1)", ""),
        ("https://a.example/\u202egpj", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_become_links(answers: list[Answer], url: str | None, link: str) -> None:
    cited = replace(answers[0].citations[0], url=url)
    text = conversation_markdown([replace(answers[0], citations=(cited,))], NOON)
    assert re.findall("<.*>", text) == ([link] if link else [])


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_can_be_read_back(words: str) -> None:
    assert unescape_markdown(escape_markdown(words)) == words


def test_a_pack_has_what_a_colleague_needs_to_check_a_quote(
    answers: list[Answer], seeds_index: Path
) -> None:
    pack = json.loads(json.dumps(pack_of(answers, seeds_index)))
    assert (pack["format"], pack["exported"]) == (1, "2026-11-25T12:00:00+00:00")
    assert pack["generation"] == answers[0].generation
    assert [turn["question"] for turn in pack["answers"]] == [answer.question for answer in answers]
    quote, cited = pack["answers"][0]["quotes"][0], answers[0].citations[0]
    told = ("title", "author", "published", "url", "quote", "start", "end", "passage", "number")
    assert {name: quote[name] for name in told} == {name: getattr(cited, name) for name in told}
    assert (quote["article"], quote["outlet"]) == (cited.article_id, cited.source)
    # By hand, as the pack says.
    with open_index(seeds_index) as index:
        text = index.article(quote["article"]).text
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == quote["text_sha256"]
    assert text[quote["start"] : quote["end"]] == quote["quote"]
    assert pack["answers"][1]["abstained"]
    assert pack["answers"][1]["quotes"] == []


def test_a_pack_is_checked_against_an_index(
    of_a_quote_each: list[Answer], seeds_index: Path, tmp_path: Path, capsys: Capture
) -> None:
    pack = pack_of(of_a_quote_each, seeds_index)
    status, said = checked(pack, tmp_path, seeds_index, capsys)
    assert (status, said) == (0, "2 quotes as in the index, word for word\n")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"quote": "The US has 3,001 troops."}, "does not have these words there"),
        ({"start": 0}, "does not have these words there; its words stand elsewhere in it"),
        ({"start": -5}, "does not have these words there"),
        ({"text_sha256": "0" * 64}, "the rest of the article is not the same"),
        ({"article": "x\n\x1b[2J"}, "has no such article"),
        ({"outlet": "The Oracle", "published": "2026-01-01"}, "has another outlet and date"),
        ({"text_sha256": None}, "had changed when it was exported"),
    ],
)
def test_a_pack_that_was_tampered_with_is_found_out(
    of_a_quote_each: list[Answer],
    seeds_index: Path,
    tmp_path: Path,
    capsys: Capture,
    change: dict[str, Any],
    fault: str,
) -> None:
    pack = pack_of(of_a_quote_each, seeds_index)
    pack["answers"][0]["quotes"][0].update(change)
    status, said = checked(pack, tmp_path, seeds_index, capsys)
    assert status == 1
    assert fault in said.splitlines()[0]
    assert "\x1b" not in said
    assert said.splitlines()[-1].startswith("qa: 1 of 2 quotes in ")


@pytest.mark.parametrize("content", ["", "[]", '{"format": 1}', '{"format": 9, "answers": []}'])
def test_what_is_no_pack_is_said_in_one_line(
    seeds_index: Path, tmp_path: Path, capsys: Capture, content: str
) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)
    assert run(commands, ["check-evidence", str(path), "--index", str(seeds_index)]) == 1
    assert re.fullmatch(
        r"qa: .*evidence\.json (is no evidence pack|has format).*\n", capsys.readouterr().err
    )


def test_a_pack_says_of_an_article_what_the_index_says(
    answers: list[Answer], seeds_index: Path
) -> None:
    """A browser keeps the answers, and could say anything of the articles."""
    first = answers[0]
    cited = first.citations[0]
    told = "Forged"
    ref = ArticleRef(told, told, told, told, None, None, told)
    known = replace(ref, id=cited.article_id)
    forged = replace(cited, title=told, source=told, author=told, url=told, also_in=(ref, known))
    pack = pack_of([replace(first, citations=(forged,))], seeds_index)
    quote = pack["answers"][0]["quotes"][0]
    assert told not in json.dumps(pack["answers"][0]["quotes"])
    assert (quote["title"], quote["outlet"], quote["url"]) == (cited.title, cited.source, cited.url)
    assert [copy["article"] for copy in quote["also_in"]] == [cited.article_id]


def test_a_pack_says_where_an_article_has_changed_since(
    answers: list[Answer], write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    rebuild(write_seeds({"a.txt": "Harbour\n\nThe harbour was closed in May."}), tmp_path / "index")
    quote = pack_of(answers, tmp_path / "index")["answers"][0]["quotes"][0]
    assert quote["changed"]
    assert quote["text_sha256"] is None
