from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index import open_index, rebuild
from qa import Settings, ask, retrieve

LEAD = (
    "A ferry with 212 people on board ran aground off the island of Varnes on Tuesday night, and "
    "fishing boats brought all of them ashore before the storm reached the coast."
)
ENGINE = (
    "Captain Ingrid Solheim said that the engine had failed two miles from the harbour and that the "
    "anchor had not held in the swell."
)
SCHOOL = (
    "The passengers spent the night in the school of the village, where neighbours cooked soup for "
    "them and the priest handed out dry clothes."
)
FISHERS = (
    "Three fishing boats had put out within minutes of the call, and the crews passed ropes across the "
    "dark water to the people waiting on the lower deck."
)
DOCTOR = (
    "A doctor who happened to be visiting her sister looked after two sailors with broken arms and a "
    "child who had swallowed sea water, and sent nobody to hospital."
)
ROUTE = (
    "The company will send another ship on Thursday, and until then the route from Varnes to the "
    "mainland stays closed to cars and lorries, except those that carry milk, bread or medicine."
)
TRADE = (
    "Shopkeepers on the island fear for their trade, because most of the summer guests arrive in the "
    "second week of May and book their rooms only when the timetable is certain."
)
INQUIRY = "An inquiry led by the retired judge Olav Brekke will report to the ministry in the autumn."
STORY = [LEAD, ENGINE, SCHOOL, FISHERS, DOCTOR, ROUTE, TRADE, INQUIRY]
OTHER = "Judges and captains met in Oslo on Friday to speak of ferries, inquiries and the weather."
ARTICLES: dict[str, dict[str, Any]] = {
    "herald": {"source": "Herald", "published": "2021-05-05", "text": STORY[:6]},  # cut
    "gazette": {"source": "Gazette", "published": "2021-05-06", "text": STORY},
    "courier": {"source": "Courier", "published": "2021-05-07", "text": STORY},
    "undated": {"source": "Weekly", "text": STORY},
    "oslo": {"source": "Post", "published": "2021-05-08", "text": [OTHER]},
    **{f"print{n}": {"published": "2021-06-01", "text": STORY} for n in range(60)},
}
CAUSE = "What did Captain Solheim say about the ferry's engine?"
JUDGE = "Who leads the inquiry into the ferry?"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index in which most articles are copies of one."""
    folder = tmp_path_factory.mktemp("wire")
    lines = [
        json.dumps({"id": name, **fields, "text": "\n\n".join(fields["text"])})
        for name, fields in ARTICLES.items()
    ]
    (folder / "seeds").mkdir()
    (folder / "seeds/wire.jsonl").write_text("\n".join(lines))
    assert rebuild(folder / "seeds", folder / "index").families == 1
    return folder / "index"


def in_front(wire: Path, question: str, **filters: Any) -> str:
    """The copy that is found first; others only add what it lacks."""
    hits = retrieve(question, k=10, index_dir=wire, **filters)
    first, *others = [hit for hit in hits if hit.article.id != "oslo"]
    assert all(hit.article.text[hit.start : hit.end] == hit.text for hit in hits)
    assert len({(hit.article.id, hit.start) for hit in hits}) == len(hits)
    for hit in others:
        if hit.article.id != first.article.id:
            sentences = [hit.article.text[start:end] for start, end in hit.sentences]
            assert not all(sentence in first.article.text for sentence in sentences)
    return first.article.id


def test_copies_count_once_and_the_earliest_is_in_front(wire: Path) -> None:
    assert in_front(wire, CAUSE) == "herald"


def test_copies_do_not_crowd_out_other_articles(wire: Path) -> None:
    assert "oslo" in {hit.article.id for hit in retrieve(CAUSE, k=10, index_dir=wire)}


def test_where_the_earliest_lacks_the_words_the_next_that_has_them_is_in_front(wire: Path) -> None:
    with open_index(wire) as index:
        assert "Brekke" not in index.article("herald").text
    holding = [hit for hit in retrieve(JUDGE, index_dir=wire) if INQUIRY in hit.text]
    assert [hit.article.id for hit in holding] == ["gazette"]


@pytest.mark.parametrize(
    ("filters", "front"),
    [
        ({"since": "2021-05-06"}, "gazette"),
        ({"sources": ["courier", "gazette"]}, "gazette"),
        ({"sources": ["Courier"]}, "courier"),
        ({"sources": ["Weekly"]}, "undated"),
        ({"since": "2021-06-01"}, "print0"),
        ({"until": "2021-05-05"}, "herald"),
    ],
)
def test_a_filter_hides_no_copy_inside_it(wire: Path, filters: dict[str, Any], front: str) -> None:
    assert in_front(wire, CAUSE, **filters) == front


def test_a_citation_names_all_copies_within_the_filter_that_hold_its_words(wire: Path) -> None:
    (citation, *_) = ask(CAUSE, index_dir=wire).citations
    assert (citation.article_id, citation.quote) == ("herald", ENGINE)
    assert {other.id for other in citation.also_in} == ARTICLES.keys() - {"herald", "oslo"}
    (citation, *_) = ask(
        JUDGE, until="2021-05-07", settings=Settings(index=wire, confidence=0.0)
    ).citations
    assert citation.article_id == "gazette"
    assert [other.id for other in citation.also_in] == ["courier"]
