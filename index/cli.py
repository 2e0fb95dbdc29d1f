"""The shell commands that need the index alone, and how every command reports and fails."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from index.errors import ArticleQAError, SettingsError
from index.language import SERVED
from index.settings import IndexSettings, flag, load_settings, variable

if TYPE_CHECKING:
    from index.progress import Progress
    from index.reports import Plan, RebuildReport

BUILDING = ("models_dir", "batch_tokens", "threads")  # settings of whatever runs a model

F = TypeVar("F", bound=Callable[..., Any])


def settings_options(kind: type[IndexSettings], *names: str) -> Callable[[F], F]:
    """A flag for each of these settings; what is given is checked by ``load_settings``."""

    def add(function: F) -> F:
        for name in reversed(names):
            field = kind.model_fields[name]
            default = "" if field.default is None else f", else {field.default}"
            text = f"{field.description} (else {variable(name)}{default})"
            takes: dict[str, Any] = {"metavar": "VALUE"}
            if field.annotation is bool:
                takes = {"is_flag": True, "default": None}  # not False, which would be given
            function = click.option(flag(name), name, help=text, **takes)(function)
        return function

    return add


json_option = click.option("--json", "as_json", is_flag=True, help="print JSON")


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command; the exit status is 0, 1 for an error and 2 for wrong usage.

    Every error is one line on stderr.
    """
    try:
        # Not command.main(), which would end the program by itself where a reader has gone.
        with command.make_context("qa", list(arguments)) as context:
            command.invoke(context)
        sys.stdout.flush()
        return 0
    except click.exceptions.Exit as done:  # --help and --version
        return done.exit_code
    except click.ClickException as error:
        click.echo(f"qa: {' '.join(error.format_message().split())} (see 'qa --help')", err=True)
        return 2
    except SettingsError as error:
        click.echo(f"qa: {error}", err=True)
        return 2
    except ArticleQAError as error:
        click.echo(f"qa: {error}", err=True)
        return 1
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (click.Abort, KeyboardInterrupt):
        click.echo("qa: stopped", err=True)
        return 130


def as_text(argument: str) -> str:
    """An argument as text: bytes of the command line that are no UTF-8 arrive as surrogates."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def print_json(value: dict[str, Any]) -> None:
    """Print a result for machines."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


@click.command()
@settings_options(
    IndexSettings, "seeds", "index", "fields", "passage_tokens", "chroma", "ray", *BUILDING
)
@click.option("--dry-run", is_flag=True, help="only say what would change")
@click.option("--watch", "follow", is_flag=True, help="go on, and rebuild whenever the seeds change")
@json_option
def rebuild(dry_run: bool, follow: bool, as_json: bool, **given: str | None) -> None:
    """Make the index one of the articles in the seeds; only what changed is read and embedded."""
    from index import build

    settings = load_settings(IndexSettings, **given)
    shown = sys.stderr.isatty() and not as_json
    if dry_run and follow:
        raise click.UsageError("--dry-run and --watch do not go together")
    if dry_run:
        with progress_bar(shown=shown) as progress:
            plan = build.plan(settings=settings, progress=progress)
        _print(plan, as_json=as_json)
        return

    def once() -> RebuildReport:
        with progress_bar(shown=shown) as progress:
            return build.rebuild(settings=settings, progress=progress)

    if follow:
        _follow(settings, once, as_json=as_json)
    else:
        _print(once(), as_json=as_json)


def _follow(settings: IndexSettings, rebuild: Callable[[], RebuildReport], *, as_json: bool) -> None:
    """Rebuild and tell about it whenever something has changed, until Ctrl-C."""
    from index.watching import watch

    generation = ""

    def once() -> None:
        nonlocal generation
        report = rebuild()
        if report.generation != generation:
            generation = report.generation
            _print(report, as_json=as_json)

    def failed(error: ArticleQAError) -> None:
        click.echo(f"qa: {error}", err=True)

    if not as_json:
        click.echo(f"Watching {settings.seeds}; Ctrl-C ends it.", err=True)
    watch(settings.seeds, once, failed, threading.Event())


def _print(found: RebuildReport | Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo("\n".join(found.lines()))


@click.command()
@settings_options(IndexSettings, "index")
@json_option
def check(as_json: bool, **given: str | None) -> None:
    """Prove that the index is whole: files, articles, passages, words and vectors."""
    from index.checking import check as look
    from index.checking import require_sound

    folder = load_settings(IndexSettings, **given).index
    report = look(folder)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(
            f"generation {report.generation}: {report.articles:,} articles, "
            f"{report.passages:,} passages, {report.vectors:,} vectors, {report.files:,} files; "
            + (f"{len(report.problems):,} problems:" if report.problems else "all sound")
        )
        for problem in report.problems:
            click.echo(f"  {problem}")
    require_sound(report, folder)


@click.command()
@click.argument("article_id")
@click.option("--undo", is_flag=True, help="let the next rebuild take it in again")
@settings_options(IndexSettings, "index")
@json_option
def forget(article_id: str, undo: bool, as_json: bool, **given: str | None) -> None:
    """Take an article down: out of the index at once, and out of every rebuild from now on."""
    from index.takedown import forget as take_down
    from index.takedown import remember

    folder = load_settings(IndexSettings, **given).index
    if undo:
        remember(article_id, folder)
        if as_json:
            print_json({"article_id": article_id, "forgotten": False})
            return
        click.echo(
            f"{article_id} is off the list; 'qa rebuild' takes it in again, if its file is there."
        )
        return
    done = take_down(article_id, folder)
    if as_json:
        print_json(done.to_dict())
        return
    click.echo(f"{article_id} is out of the index, and rebuilds leave it out ('--undo' ends that).")
    click.echo(f"Its file is still in the seeds: {done.file}")
    if done.copies:
        click.echo(f"Copies of the story stay: {', '.join(done.copies)}")
    if done.server:
        click.echo(
            f"The Chroma server at {done.server} may keep its vectors in files of collections that are "
            "dropped; whoever runs it must remove these (README, Vectors in a Chroma server)."
        )
    if done.held:
        click.echo(
            "A running page still reads the old index; it moves on, and the files go, in seconds."
        )


@click.command()
@click.argument("article_id")
@settings_options(IndexSettings, "index")
@json_option
def show(article_id: str, as_json: bool, **given: str | None) -> None:
    """Print an article as it was understood; offsets of citations count its characters."""
    from index import open_index

    with open_index(load_settings(IndexSettings, **given).index) as index:
        article = index.article(as_text(article_id))
    if as_json:
        print_json(article.to_dict())
        return
    for name, value in article.to_dict(text=False).items():
        click.echo(f"{name + ':':<11}{value if value is not None else '-'}")
    click.echo(f"\n{article.text}")


@click.command()
@settings_options(IndexSettings, "index")
@json_option
def info(as_json: bool, **given: str | None) -> None:
    """Count what the index holds."""
    from index import open_index

    with open_index(load_settings(IndexSettings, **given).index) as index:
        found = index.info()
    if as_json:
        print_json(found.to_dict())
        return
    manifest = found.manifest
    click.echo(f"generation: {manifest.generation}, built {manifest.created} from {manifest.seeds}")
    click.echo(f"model:      {manifest.model} ({manifest.model_fingerprint[:8]})")
    if manifest.chroma:
        click.echo(f"vectors:    on the Chroma server at {manifest.chroma}")
    click.echo(f"articles:   {manifest.articles:,} in {manifest.passages:,} passages")
    click.echo(f"families:   {found.families:,} of two copies or more")
    _print_counts("outlets", found.sources)
    _print_counts("months", dict(sorted(found.months.items(), key=lambda item: item[0] or "")))
    _print_counts(
        "languages",
        found.languages,
        {name: "found by words only" for name in found.languages if name not in (None, *SERVED)},
    )
    _print_counts("formats", found.formats)
    if manifest.skipped:
        click.echo(f"left out:   {len(manifest.skipped):,}")
    for entry in manifest.skipped:
        click.echo(f"  {entry.path}: {entry.reason}")


def _print_counts(
    title: str, counts: dict[str | None, int], notes: dict[str | None, str] | None = None
) -> None:
    click.echo(f"{title}:")
    for name, number in counts.items():
        note = f" ({notes[name]})" if notes and name in notes else ""
        click.echo(f"  {number:>7,}  {name or 'unknown'}{note}")


@contextmanager
def progress_bar(*, shown: bool) -> Any:
    """Yield a function that takes ``Progress`` and, where ``shown``, draws it on stderr."""
    if not shown:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def progress(state: Any) -> None:
            if state.stage not in tasks:
                tasks[state.stage] = bars.add_task(state.stage, total=state.total, pace="")
            bars.update(tasks[state.stage], completed=state.done, total=state.total, pace=_pace(state))

        yield progress


def _pace(state: Progress) -> str:
    """``88.2/s, 0:14:55 left``."""
    rate = "" if state.per_second is None else f"{state.per_second:,.1f}/s"
    if state.seconds_left is None or state.done >= state.total:
        return rate
    return f"{rate}, {timedelta(seconds=round(state.seconds_left))} left"


commands = click.Group("index", commands=[rebuild, check, forget, show, info], help=__doc__)
