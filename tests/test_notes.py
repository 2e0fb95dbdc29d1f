"""What an answer says about itself: parts that are open, outlets with nothing, doubt."""

from __future__ import annotations

from qa.notes import notes
from qa.reply import Reply
from qa.understand import understand
from tests.quoted import article, quote

QUESTION = "What did Post report and what did Mail comment on the vote in Ostby?"
SAID = quote(article("post", "Ostby voted for the bridge."), 0, 6.0)


def reply(question: str, sure: float) -> Reply:
    return Reply(question, (SAID,), (SAID,), sure, None)


def test_an_outlet_that_was_asked_about_and_has_nothing_is_named() -> None:
    query = understand(QUESTION, outlets=["Post", "Mail", "News"])
    assert query.outlets == ("Post", "Mail")
    answered = [reply(QUESTION, 0.9)]
    assert notes(query, answered, answered) == ("Nothing was found about it in Mail.",)
    alone = understand("What did Mail comment on the vote?", outlets=["Post", "Mail"])
    assert notes(alone, answered, answered) == ()


def test_what_is_open_and_what_is_unsure_is_said() -> None:
    query = understand("Who won?")
    found = [reply("Who won?", 0.3), reply("Who lost?", 0.1)]
    assert notes(query, found, found[:1]) == (
        "No sure answer was found to: Who lost?",
        "This may answer the question only in part.",
    )
    assert notes(query, found, []) == ()
