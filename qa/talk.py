"""A question that was asked and what was answered, and what both are about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from qa.abstain import NO_ANSWER
from qa.answer import unescape_markdown
from qa.mentions import Mention, content_words, named_in, of_kind, things_in
from qa.names import names_in

MAX_ANSWER = 1500  # characters of an answer that are looked at
_MARKER = re.compile(r"(?<!\\)\[\d{1,4}\]")
_OUTLET = re.compile(r"^[^\n:“\"]{1,120}:\s{1,3}(?=[“\"])", re.MULTILINE)  # what comes before its words
_FRAME = re.compile(
    r"^(?:who|whom|whose|what|which|when|where|why|how(?: (?:many|much|long|old|far|often))?)\b\s*"
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b\s*)?",
    re.IGNORECASE,
)
_ASKS_FOR_SOMEBODY = re.compile(r"^(?:who|whom|which|what is the name)\b", re.IGNORECASE)
_ASKS_FOR_A_THING = re.compile(r"^(?:what|which [\w-]+) (?:is|are|was|were) \w+(?:ed|en)\b", re.IGNORECASE)
TIME = re.compile(
    r"\b(?:(?:in|since|during|before|after|until|by|on|from)\s+)?"
    r"(?:(?:last|this|next|early|late)\s+)?"
    r"(?:(?:\d{1,2}\s+)?(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?:\s+\d{1,2})?(?:,?\s+(?:19|20)\d\d)?|(?:19|20)\d\d"
    r"|(?<=last )(?:week|month|year|summer|winter|spring|autumn|fall)"
    r"|(?<=this )(?:week|month|year|summer|winter|spring|autumn|fall)"
    r"|(?<=on )(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


def plain_words(markdown: str) -> str:
    """An answer without its markers and the names of outlets before quotes; nothing if it abstains."""
    if markdown.startswith(NO_ANSWER):
        return ""
    return _OUTLET.sub("", unescape_markdown(_MARKER.sub("", markdown)))


@dataclass(frozen=True)
class Exchange:
    """A question that stands alone, and its answer as plain words."""

    question: str
    answer: str

    @cached_property
    def asked(self) -> list[Mention]:
        """The names in the question."""
        return named_in(self.question)

    @cached_property
    def told(self) -> list[Mention]:
        """The names in the answer that are not in the question; words that begin a sentence are none."""
        known = {mention.text for mention in self.asked}
        return [
            mention
            for mention in named_in(self.answer)
            if mention.text not in known
            and (mention.kind != "thing" or " " in mention.text or not self._begins(mention.text))
        ]

    def _begins(self, name: str) -> bool:
        before = self.answer[: self.answer.find(name)].rstrip()
        return not before or before[-1] in ".!?:"

    @cached_property
    def things(self) -> list[Mention]:
        """What the question is about, besides the names that stand by themselves."""
        return things_in(self.question)

    @cached_property
    def subject_words(self) -> set[str]:
        """The words that say what was asked."""
        return content_words(self.question)

    @property
    def asks_who(self) -> bool:
        """Whether the answer to it is somebody."""
        return bool(_ASKS_FOR_SOMEBODY.match(self.question))

    @property
    def answers_with_a_thing(self) -> bool:
        """Whether the answer to it is something."""
        return bool(_ASKS_FOR_A_THING.match(self.question))

    def people(self) -> list[Mention]:
        """The people of the exchange, the likeliest to be spoken of first."""
        asked, told = of_kind(self.asked, "person"), of_kind(self.told, "person")
        return [*told, *asked] if self.asks_who else [*asked, *told]

    def names_in_question(self, question: str) -> bool:
        """Whether ``question`` has a name."""
        return bool(names_in(question))

    def topic(self, beside: str = "") -> str:
        """What the question was about, in few words, without what stands in ``beside``."""
        said = content_words(beside)
        phrases = [thing.text for thing in self.things if content_words(thing.text) - said]
        names = [m.text for m in self.asked if content_words(m.text) - said]
        about = [p for p in phrases if p[:4].lower() == "the " or any(n in p for n in names)]
        rest = [name for name in names if not any(name in phrase for phrase in about)]
        words = ", ".join((about or ([] if rest else phrases))[-2:] + rest[:2])
        if not words:
            words = _FRAME.sub("", self.question).rstrip("?!. ")
        when = TIME.search(self.question)
        if when and when.group() not in words and not TIME.search(beside):
            words = f"{words} {when.group()}"
        return words

    def beside(self, question: str) -> str:
        """``question`` with what this one was about."""
        topic = self.topic(question)
        asked = question.rstrip("?!. ")
        return f"{asked} ({topic})?" if topic else question
