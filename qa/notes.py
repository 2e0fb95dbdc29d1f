"""What one should know about an answer: what is open in it, that it is unsure, or too old."""

from __future__ import annotations

from collections.abc import Sequence

from index.scope import fold_source
from qa.confidence import is_old
from qa.reply import Reply
from qa.understand import Query
from qa.wording import listed

LIKELY = 0.5  # below this probability an answer is called partial


def notes(query: Query, found: Sequence[Reply], answered: Sequence[Reply]) -> tuple[str, ...]:
    """In words, of the replies that were ``found`` and of those that became the answer."""
    if not answered:
        old = any(is_old(query, reply.quotes) for reply in found)
        return ("What was found is older than the days that the question means.",) if old else ()
    said = [f"No sure answer was found to: {r.question}" for r in found if r not in answered]
    if len(query.outlets) > 1:
        quoted = {fold_source(q.hit.article.source or "") for r in answered for q in r.quotes}
        silent = [outlet for outlet in query.outlets if fold_source(outlet) not in quoted]
        said += [f"Nothing was found about it in {listed(silent)}."] if silent else []
    if min(reply.sure for reply in answered) < LIKELY:
        said.append("This may answer the question only in part.")
    return tuple(said)
