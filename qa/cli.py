"""The command ``qa``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index import cli as index_cli
from index.cli import BUILDING, as_text, json_option, print_json, progress_bar, run, settings_options
from index.errors import EvidenceError, SettingsError, one_line
from index.settings import load_settings
from qa.answer import Answer, unescape_markdown
from qa.settings import Settings
from qa.wording import count, day, headline, outlet

if TYPE_CHECKING:
    from qa.hits import Hit

SERVING = (
    "host",
    "port",
    "users",
    "no_password",
    "waiting",
    "feedback",
    "allow_upload",
    "upload_mb",
)
ANSWERING = ("k", "rerank", "quotes", "confidence", "llm", "llm_timeout", "llm_tokens", *BUILDING)


@click.group()
@click.version_option(package_name="article-qa")
def commands() -> None:
    """Ask a folder of news articles; every sentence of the answer is proven by a quote."""


@commands.command()
@click.argument("question")
@settings_options(Settings, "index")
@click.option("--since", metavar="DATE", help="only articles published on or after this date")
@click.option("--until", metavar="DATE", help="only articles published on or before this date")
@click.option("--as-of", metavar="DATE", help="as if asked on this day: nothing published later")
@click.option(
    "--source", "sources", multiple=True, metavar="NAME", help="only this outlet (repeatable)"
)
@click.option("--explain", is_flag=True, help="also say which passages were found, and why")
@settings_options(Settings, *ANSWERING)
@json_option
def ask(
    question: str,
    since: str | None,
    until: str | None,
    as_of: str | None,
    sources: tuple[str, ...],
    explain: bool,
    as_json: bool,
    **given: str | None,
) -> None:
    """Answer a question from the articles, with the quotes that prove the answer."""
    from qa.pipeline import Found, ask_events

    settings = load_settings(Settings, **given)
    limits: dict[str, Any] = {
        "since": since,
        "until": until,
        "sources": tuple(map(as_text, sources)),
        "as_of": as_of,
    }
    events = list(ask_events(as_text(question), **limits, settings=settings))
    answer = next(event for event in events if isinstance(event, Answer))
    found = next(event for event in events if isinstance(event, Found))
    hits = found.hits if explain else ()
    if as_json:
        print_json(answer.to_dict() | ({"hits": [hit.to_dict() for hit in hits]} if explain else {}))
    else:
        _print(answer)
        _print_hits(hits)


@commands.command()
@settings_options(Settings, "index", "seeds", "fields", *SERVING, *ANSWERING)
def chat(**given: str | None) -> None:
    """Open the chat page; without an index it builds one from the seeds first."""
    settings = load_settings(Settings, **given)
    from qa.chat import serve
    from qa.language_model import open_model

    open_model(settings.llm, settings.llm_timeout)  # what is wrong with it is said now, not in the page
    serve(settings)


@commands.command("add-user")
@click.argument("name")
@settings_options(Settings, "users")
def add_user(name: str, **given: str | None) -> None:
    """Add a user to the file of those who may log in, or give one another password.

    The password is asked for; where no one sits at a terminal it is the first line of the input.
    """
    from qa.users import add_user as add

    path = load_settings(Settings, **given).users
    if path is None:
        raise SettingsError("there is no file of users; name one with --users or QA_USERS")
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    is_new = add(path, as_text(name), password)
    click.echo(f"{as_text(name)} {'is a user' if is_new else 'has another password'} now.")


@commands.command("check-evidence")
@click.argument("file", type=click.Path(path_type=Path))
@settings_options(Settings, "index")
@json_option
def check_evidence(file: Path, as_json: bool, **given: str | None) -> None:
    """Compare the quotes of an evidence pack with the articles of the index."""
    from index import open_index
    from qa.evidence_check import check_evidence as check

    with open_index(load_settings(Settings, **given).index) as index:
        findings = check(file, index)
    faults = [finding for finding in findings if finding.fault]
    if as_json:
        print_json({"quotes": len(findings), "faults": [asdict(finding) for finding in faults]})
    else:
        for finding in faults:
            place = f"question {finding.turn}, quote {finding.number} ({one_line(finding.article)})"
            click.echo(f"{place}: {finding.fault}")
        click.echo(f"{count(len(findings) - len(faults), 'quote')} as in the index, word for word")
    if faults:
        raise EvidenceError(f"{len(faults)} of {count(len(findings), 'quote')} in {file} do not hold")


@commands.command()
@click.argument("data_dir", type=click.Path(path_type=Path))
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="a sample of N questions")
@click.option("--until", metavar="DATE", help="only articles published on or before this date")
@click.option(
    "--index",
    "index_dir",
    type=click.Path(path_type=Path),
    metavar="VALUE",
    help="folder of the set's own index (else var/evaluate/ and the name of DATA_DIR); "
    "of feedback, the index to ask (else QA_INDEX)",
)
@settings_options(Settings, "passage_tokens", *ANSWERING)
@json_option
def evaluate(
    data_dir: Path,
    limit: int | None,
    until: str | None,
    index_dir: Path | None,
    as_json: bool,
    **given: str | None,
) -> None:
    """Measure finding and answering on the articles and questions in DATA_DIR.

    Or on a file of feedback from the chat page, such as var/feedback.jsonl.
    """
    from qa.evaluation.report import print_evaluation
    from qa.evaluation.run import evaluate as measure

    settings = load_settings(Settings, **given)
    with progress_bar(shown=sys.stderr.isatty() and not as_json) as progress:
        evaluation = measure(data_dir, limit, until, index_dir, settings=settings, progress=progress)
    if as_json:
        print_json(evaluation.to_dict())
    else:
        print_evaluation(evaluation)


def _print(answer: Answer) -> None:
    click.echo(unescape_markdown(answer.text))
    for note in answer.notes:
        click.echo(f"\n({note})")
    if answer.citations:
        click.echo()
    for citation in answer.citations:
        click.echo(
            f"[{citation.number}] {headline(citation)} ({outlet(citation)}, "
            f"{day(citation.published)}; {citation.article_id}, "
            f"characters {citation.start} to {citation.end})"
        )
        for ref in citation.also_in:
            click.echo(f"    also in: {headline(ref)} ({outlet(ref)}, {day(ref.published)}; {ref.id})")


def _print_hits(hits: Sequence[Hit]) -> None:
    for number, hit in enumerate(hits, start=1):
        article = hit.article
        click.echo(
            f"\n{number}. {headline(article)} ({outlet(article)}, {day(article.published)}; "
            f"{article.id}, characters {hit.start} to {hit.end}), score {hit.score:.2f}\n   {hit.why}"
        )


for command in (index_cli.rebuild, index_cli.check, index_cli.forget, index_cli.show, index_cli.info):
    commands.add_command(command)


def main() -> None:
    """Run the command with the arguments of the shell."""
    sys.exit(run(commands, sys.argv[1:]))
