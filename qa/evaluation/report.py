"""An evaluation as a table to read."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from index.errors import one_line
from qa.evaluation.figures import MEASURES, Figure, Measure
from qa.evaluation.run import Evaluation
from qa.wording import count, day

WIDTH = 120  # columns where the output is no terminal


def print_evaluation(evaluation: Evaluation) -> None:
    """Print the figures of all questions and of each kind, and the worst misses."""
    until = f", published up to {day(evaluation.until)}" if evaluation.until else ""
    click.echo(
        f"{count(evaluation.questions, 'question')} of {one_line(evaluation.data)} on "
        f"{count(evaluation.articles, 'article')}{until}; with 95 % intervals"
    )
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(_table(evaluation))
    if evaluation.yes_or_no:
        click.echo(
            f"{count(evaluation.yes_or_no, 'question')} of yes or no left out of "
            "right words in the answer and of calibration error."
        )
    if evaluation.misses:
        click.echo("\nThe worst misses:")
    for miss in evaluation.misses:
        place = f"found as number {miss.rank}" if miss.rank else "not found"
        click.echo(f"  {one_line(miss.question)} ({one_line(miss.id)})")
        click.echo(f"    wanted, {place}: {'; '.join(map(one_line, miss.wanted))}")
        click.echo(f"    first: {one_line(miss.first) if miss.first else 'nothing'}")


def _table(evaluation: Evaluation) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    columns = {"all": evaluation.overall, **evaluation.kinds}
    for name in columns:
        table.add_column(one_line(name).replace("[", r"\["), justify="right")
    for measure in MEASURES:
        if measure.name in evaluation.overall:
            cells = (_cell(measure, figures.get(measure.name)) for figures in columns.values())
            table.add_row(measure.label, *cells)
    return table


def _cell(measure: Measure, figure: Figure | None) -> str:
    if figure is None:
        return "-"
    if measure.unit == "share":
        return f"{figure.value:.1%} ({figure.low * 100:.0f}–{figure.high * 100:.0f})"
    return f"{figure.value:,.0f} ({figure.low:,.0f}–{figure.high:,.0f})"
