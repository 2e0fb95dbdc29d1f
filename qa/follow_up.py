"""The stand-alone form of a question asked in a conversation: "How old is she?" names her.

The questions asked before are made to stand alone first, the oldest first, so that a follow-up of a
follow-up finds what it needs in the one before it.  A question is changed only where it points back:
by its pronouns, by what it leaves out, or because it says next to nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qa.ellipsis import asked_again, filled_in
from qa.mentions import content_words, things_in
from qa.names import names_in
from qa.referring import resolved
from qa.talk import MAX_ANSWER, Exchange, plain_words
from qa.understand import MAX_QUESTION

EXCHANGES = 4  # of the end of a conversation that count, each a question and its answer
TURNS = 4 * EXCHANGES  # of the history that are looked at
LONGEST = 400  # characters of a question that may lean on others; a longer one says enough by itself
FEW = 2  # words that say what is asked: with fewer a question does not stand alone
_LEAD = re.compile(
    r"^(?:(?:and|but|so|then|also)\s+|(?:and|but|so|then|also|ok|okay|thanks|thank you|well|i see"
    r"|interesting|great|wow)[,.!]+\s+)+",
    re.IGNORECASE,
)

_POINTING = re.compile(r"\b(?:these|those)\s+[a-z]", re.IGNORECASE)  # "these changes"


def standalone(question: str, history: Sequence[Mapping[str, str]]) -> str:
    """``question`` so that it can be understood without the conversation before it.

    ``history`` is that conversation, ``{"role": "user" or "assistant", "content": …}`` each.  A
    question that stands alone comes back as it is, and so does one whose form would be too long.

    >>> told = [{"role": "user", "content": "What happened to Kirill Stremousov?"}]
    >>> standalone("Who killed him?", told)
    'Who killed Kirill Stremousov?'
    >>> standalone("What is the capital of France?", told)
    'What is the capital of France?'
    """
    if not any(map(str.isalnum, question)):
        return question  # "???" asks nothing, and is told so
    exchanges: list[Exchange] = []
    for asked, answer in _exchanges(history):
        exchanges.append(Exchange(_standalone(asked, exchanges), answer))
    return _standalone(question, exchanges)


def _exchanges(history: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The last questions, each with its answer as plain words; none longer than can be asked."""
    found: list[tuple[str, str]] = []
    for turn in history[-TURNS:]:
        content = turn.get("content")
        if not isinstance(content, str):
            continue
        if turn.get("role") == "user":
            if len(content) <= MAX_QUESTION and any(map(str.isalnum, content)):
                found.append((" ".join(content.split()), ""))
        elif found and not found[-1][1]:
            found[-1] = (found[-1][0], plain_words(content[:MAX_ANSWER]))
    return found[-EXCHANGES:]


def _standalone(question: str, exchanges: Sequence[Exchange]) -> str:
    if not exchanges or len(question) > LONGEST:
        return question
    words = " ".join(question.split())
    bare = _LEAD.sub("", words)
    latest = exchanges[-1]
    again = asked_again(bare, latest)
    changed = None if again else resolved(bare, exchanges)
    full = again or filled_in(changed or bare, latest, has_lead=bare != words)
    if full is None and changed and (latest.things or latest.asked) and len(content_words(bare)) < FEW:
        full = latest.beside(changed)
    if full is None and (_says_little(bare, latest) if changed is None else not names_in(changed)):
        full = latest.beside(changed or bare)
    full = full or changed
    if full is None or full == bare or len(full) > MAX_QUESTION:
        return question
    return full[:1].upper() + full[1:]


def _says_little(question: str, latest: Exchange) -> bool:
    """Whether it names nothing and has few words of its own: one, or two on a thing of before."""
    if names_in(question):
        return False
    words = content_words(question)
    if _POINTING.search(question) or len(words) < FEW:
        return True
    things = content_words(" ".join(thing.text for thing in things_in(question)))
    return len(words) == FEW and bool(things & latest.subject_words)
