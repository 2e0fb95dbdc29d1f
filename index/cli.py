"""The shell commands that need the index alone, and how every command reports and fails."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from index.errors import ArticleQAError, SettingsError
from index.language import SERVED
from index.settings import IndexSettings, flag, load_settings, variable

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
@settings_options(IndexSettings, "seeds", "index", "fields", "passage_tokens", *BUILDING)
@json_option
def rebuild(as_json: bool, **given: str | None) -> None:
    """Build the index from the articles in the seeds folder."""
    from index.build import rebuild as build

    settings = load_settings(IndexSettings, **given)
    with progress_bar(shown=sys.stderr.isatty() and not as_json) as progress:
        report = build(settings=settings, progress=progress)
    if as_json:
        print_json(report.to_dict())
        return
    click.echo(
        f"{report.articles:,} articles in {report.passages:,} passages: {report.added:,} added, "
        f"{report.changed:,} changed, {report.removed:,} removed, {report.unchanged:,} unchanged; "
        f"{report.seconds:.1f} s."
    )
    if report.skipped:
        click.echo(f"Left out, {len(report.skipped):,}:")
    for path, reason in report.skipped:
        click.echo(f"  {path}: {reason}")


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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), disable=not shown) as bars:
        tasks: dict[str, Any] = {}

        def progress(state: Any) -> None:
            if state.stage not in tasks:
                tasks[state.stage] = bars.add_task(state.stage, total=state.total)
            bars.update(tasks[state.stage], completed=state.done, total=state.total)

        yield progress


commands = click.Group("index", commands=[rebuild, show, info], help=__doc__)
