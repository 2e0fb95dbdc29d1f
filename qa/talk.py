"""A question that was asked and what was answered, and what both are about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from qa.abstain import NO_ANSWER
from qa.answer import unescape_markdown
from qa.expected import asks_who_a_name_is
from qa.mentions import Mention, content_words, is_noun_like, named_in, of_kind, things_in

LONGEST_TOPIC = 10  # words
LONGEST_CLAUSE = 6
MAX_CORE = 300  # characters of a question that are looked at
MAX_ANSWER = 1500  # characters of an answer that are looked at
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[^\W\d_a-z])")
_MARKER = re.compile(r"(?<!\\)\[\d{1,4}\]")
# What comes before an outlet's words: its name, the day, and the headline, in which all begins with a
# capital as often as not, so that nobody in it can be told by name.
_OUTLET = re.compile(r"^[^\n:“\"]{1,120}(?:, in “[^\n”]{1,500}”)?:\s{1,3}(?=[“\"])", re.MULTILINE)
_FRAME = re.compile(
    r"^(?:(?:who|whom|whose|what|which|when|where|why|how(?: (?:many|much|long|old|far|often))?)\b\s*)?"
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b\s*)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s\([^()]*\)")
_ASKS_FOR_SOMEBODY = re.compile(r"^(?:who|whom|which|what is the name)\b", re.IGNORECASE)
_ASKS_FOR_A_THING = re.compile(
    r"^(?:what|which [\w-]+) (?:is|are|was|were) \w+(?:ed|en)\b", re.IGNORECASE
)
_COUNTS = re.compile(r"how (?:many|much)\b", re.IGNORECASE)
# What an event is, and what it does.
_EVENTS = frozenset(
    """
    accident attack blackout blast blaze campaign concert coup crash crisis dispute drought
    earthquake election epidemic eruption explosion fighting fire fires flood floods game invasion
    march match merger outage outbreak pandemic protest protests quake race recession repair repairs
    revolt revolution riot riots row search shooting siege storm strike talks tornado trial tsunami
    uprising war wildfire wildfires work
    """.split()
)
_EVENT_VERBS = frozenset("begin break end finish happen last occur spread start stop".split())
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
    """An answer without its markers and what stands before quotes; nothing if it abstains."""
    if markdown.startswith(NO_ANSWER):
        return ""
    return _OUTLET.sub("", unescape_markdown(_MARKER.sub("", markdown)))


@dataclass(frozen=True)
class Exchange:
    """A question that stands alone, and its answer as plain words."""

    question: str
    answer: str

    @cached_property
    def core(self) -> str:
        """What the question asks, where it has several sentences or is long."""
        sentences = _SENTENCE.split(self.question)
        asking = [sentence for sentence in sentences if sentence.endswith("?")]
        return (asking or sentences)[-1][:MAX_CORE]

    @cached_property
    def asked(self) -> list[Mention]:
        """The names in the question."""
        return named_in(self.core)

    @cached_property
    def told(self) -> list[Mention]:
        """The names that are in the answer alone; a word that begins a sentence may be none."""
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
        return things_in(self.core)

    @cached_property
    def subject_words(self) -> set[str]:
        """The words that say what was asked and answered."""
        return content_words(f"{self.core} {self.answer}")

    @property
    def asks_who(self) -> bool:
        """Whether the answer to it is somebody; that of "Who is Ada Moll?" is the one it names."""
        return bool(_ASKS_FOR_SOMEBODY.match(self.core)) and not asks_who_a_name_is(self.core)

    @property
    def answers_with_a_thing(self) -> bool:
        """Whether the answer to it is something."""
        return bool(_ASKS_FOR_A_THING.match(self.core))

    @property
    def what(self) -> Mention:
        """What the question asks for, in its words: "what was stolen from the Louvre"."""
        return Mention(self.core[:1].lower() + self.core[1:].rstrip("?!. "), "thing")

    def people(self, *, as_agent: bool = False) -> list[Mention]:
        """The people of the exchange, the likeliest to be spoken of first.

        After "Who shot Pavel Oren?" whoever does something (``as_agent``) is the one who shot.
        """
        asked, told = of_kind(self.asked, "person"), of_kind(self.told, "person")
        return [*told, *asked] if self.asks_who and as_agent else [*asked, *told]

    def pair(self) -> list[Mention]:
        """The first two who are named together: "Putin and Kim"."""
        told = self.told if self.asks_who else []
        for text, named in ((self.answer, told), (self.core, self.asked)):
            for one, other in pairwise(named):
                both = f"{one.text} and {other.text}"
                if both in text:
                    return [Mention(both, "many")]
        return []

    def with_article(self, mention: Mention) -> Mention:
        """``mention`` as the question has it: "the US"."""
        written = re.search(rf"\bthe {re.escape(mention.text)}(?!['’]|\s+[a-z]+)", self.core)
        before_verb = re.search(rf"\bthe {re.escape(mention.text)} (\w+)", self.core)
        is_own = written or (before_verb and not is_noun_like(before_verb[1].lower()))
        return replace(mention, text=f"the {mention.text}") if is_own else mention

    def topic(self, beside: str = "") -> str:
        """What the question was about, in few words, without what stands in ``beside``."""
        said = content_words(beside)
        names = [m for m in self.asked if content_words(m.text) - said]
        said_names = [mention.text for mention in self.asked if mention.text in beside]
        phrases = [
            thing.text
            for thing in self.things
            if content_words(thing.text) - said and not any(name in thing.text for name in said_names)
        ]
        about = [p for p in phrases if p[:4].lower() == "the " or any(n.text in p for n in names)]
        rest = [name.text for name in names if not any(name.text in phrase for phrase in about)]
        chosen = [*about[-1:], *rest[-2:]] or phrases[-1:]
        if not about and self.asks_who and len(self._clause.split()) <= LONGEST_CLAUSE:
            chosen = []  # "attacked Kabul airport" says more than "Kabul"
        if chosen == [name.text for name in names] and len(names) == 1 and names[0].before:
            words = f"{names[0].before} {names[0].text}"
        else:
            words = ", ".join(chosen) or ("" if content_words(self._clause) & said else self._clause)
        if len(words.split()) > LONGEST_TOPIC or not content_words(words) - said:
            return ""
        when = TIME.search(self.core)
        if when and when.group() not in words and not TIME.search(beside):
            words = f"{words} {when.group()}"
        return words

    @property
    def tells_what_happened(self) -> bool:
        """Whether it says what its subject did, and the subject is not itself what happened.

        >>> Exchange("Where did the ferry Marigold catch fire?", "").tells_what_happened
        True
        >>> Exchange("When did the war in Ossen begin?", "").tells_what_happened
        False
        """
        subjects = [mention.text for mention in [*self.things, *self.asked]]
        subject = next((text for text in subjects if self._clause.startswith(text)), None)
        if subject is None or _COUNTS.match(self.core):
            return False
        done = self._clause[len(subject) :].split()
        is_event = not _EVENTS.isdisjoint(subject.lower().split())
        return not is_event and bool(done) and done[0] not in _EVENT_VERBS

    @property
    def _clause(self) -> str:
        """The question without the words that only ask."""
        return _FRAME.sub("", _ASIDE.sub("", self.core)).rstrip("?!. ")

    def beside(self, question: str) -> str:
        """``question`` with what this one was about; a place is put in, anything else in brackets."""
        topic = self.topic(question)
        if not topic:
            return question
        asked = question.rstrip("?!. ")
        is_place = any(m.before and topic.startswith(f"{m.before} ") for m in self.asked)
        return f"{asked} {topic}?" if is_place else f"{asked} ({topic})?"
