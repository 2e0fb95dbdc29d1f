"""Questions that leave out what the one before has: "And in Georgia?", "What about 2019?", "Why?"."""

from __future__ import annotations

import re

from qa.mentions import is_noun_like, named_in
from qa.names import names_in
from qa.talk import TIME, Exchange

LONGEST = 5  # words of what is put into the last question
_ABOUT = re.compile(r"^(?:and\s+)?(?:what|how) (?:about|of)\s+", re.IGNORECASE)
_ALONE = re.compile(
    r"^(?P<wh>why|when|where|how|how come|since when|how so)"
    r"(?: (?:exactly|though|then|so|not|(?:is|was) that"
    r"|did (?:it|that|this) (?:happen|occur|start|begin)))?\W*$",
    re.IGNORECASE,
)
_HAPPENED = re.compile(r"\bdid (?:it|that|this)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PREPOSITION = re.compile(
    r"^(in|at|on|near|from|to|for|by|with|against|of|under|among)\s+", re.IGNORECASE
)
_IN = r"\b(?:in|at|on|near|from|across)\s+(?:the\s+)?"
_HELPERS = "is|are|was|were|do|does|did|has|have|had|will|would|can|could|shall|should|may|might|must"
_ASKED = re.compile(
    rf"^(?P<wh>who|whom|what|which|when|where|why|how)\s+(?P<rest>(?P<helper>{_HELPERS})\s.+)$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"^how (?:many|much)\s+(?P<what>(?:[\w'’-]+\s+){0,3}?)"
    r"(?P<rest>(?:do|does|did|will|would|can|could)\s.+)$",
    re.IGNORECASE,
)
_COUNTED_THERE = re.compile(
    r"^how (?:many|much)\s+(?P<what>(?:[\w'’-]+\s+){1,4}?)(?P<helper>is|are|was|were)\s(?P<rest>.+)$",
    re.IGNORECASE,
)
_YES_NO = re.compile(rf"^(?:{_HELPERS})\s", re.IGNORECASE)


def asked_again(question: str, latest: Exchange) -> str | None:
    """The last question asked for its reason, time or place, where ``question`` only asks for that.

    >>> asked_again("How did it start?", Exchange("Where did the ferry catch fire?", ""))
    'How did the ferry catch fire?'
    """
    alone = _ALONE.match(question)
    if alone is None or (_HAPPENED.search(question) and not latest.tells_what_happened):
        return None
    return _why(alone["wh"], latest)


def filled_in(question: str, latest: Exchange, *, has_lead: bool) -> str | None:
    """The last question with what ``question`` changes in it; None if ``question`` leaves nothing out.

    ``has_lead`` says that it began with "and" or the like.
    """
    about = _ABOUT.match(question)
    fragment = (question[about.end() :] if about else question).rstrip("?!. ")
    words = fragment.split()
    if not words or len(words) > LONGEST:
        return latest.beside(question) if about and not names_in(question) else None
    if not about and not _is_fragment(fragment, has_lead):
        return None
    return _with(fragment, latest) or latest.beside(question if about else f"What about {fragment}?")


def _is_fragment(fragment: str, has_lead: bool) -> bool:
    """Whether it has no verb, as far as one can see: a name, a time, a place, after "and" any thing."""
    if TIME.fullmatch(fragment):
        return True
    names, bare = names_in(fragment), _PREPOSITION.sub("", fragment)
    if bare != fragment and len(bare.split()) <= 3:
        return True
    if names and names[0].start == 0 and names[0].end == len(fragment):
        return True
    first, *rest = (word.lower() for word in fragment.split())
    if first in ("the", "a", "an"):  # "the damage", "the injured"
        return has_lead and len(rest) > 0 and all(map(is_noun_like, rest[1:]))
    starts = first in ("his", "her", "their", "its") or is_noun_like(first)
    return has_lead and starts and all(map(is_noun_like, rest))


def _with(fragment: str, latest: Exchange) -> str | None:
    asked = latest.core
    place = _PREPOSITION.match(fragment)
    if TIME.fullmatch(fragment):
        return _at_time(fragment, asked)
    bare = re.sub(r"^the\s+", "", _PREPOSITION.sub("", fragment))
    names = names_in(bare)
    if names and names[0].text == bare:
        if any(bare == mention.text for mention in latest.asked):
            return None
        return _with_name(fragment, bare, place[1] if place else "", latest)
    if place or fragment.lower().startswith(("the ", "a ", "an ")):
        return None
    return _with_noun(fragment, latest)


def _at_time(when: str, asked: str) -> str:
    before = TIME.search(asked)
    if before is None:
        preposition = "" if re.match(r"[a-z]", when) else "in "
        return f"{asked.rstrip('?!. ')} {preposition}{when}?"
    word = re.match(r"(?:in|since|during|before|after|until|by|on|from)\s", before.group())
    has_own = re.match(r"[a-z]", when) is not None
    year = _YEAR.search(before.group())
    if year and not _YEAR.search(when) and not re.search(r"\b(?:last|this|next)\b", when):
        when = f"{when} {year.group()}"
    preposition = word.group() if word and not has_own else ""
    return f"{asked[: before.start()]}{preposition}{when}{asked[before.end() :]}"


def _with_name(fragment: str, bare: str, preposition: str, latest: Exchange) -> str | None:
    asked = latest.core
    places = [m for m in re.finditer(_IN, asked) if _name_at(asked, m.end())]
    if preposition.lower() in ("in", "at", "on", "near", "from") and places:
        start, end = places[-1].span()
        return asked[:start] + fragment + asked[end + len(_name_at(asked, end)) :]
    if preposition:
        return f"{asked.rstrip('?!. ')} {fragment}?"
    known = latest.asked
    if not known:
        return None
    kind = named_in(bare)[0].kind
    alike = [mention for mention in known if mention.kind == kind]
    things = [mention for mention in known if mention.kind != "person"]
    old = (alike or things or known)[-1].text
    return asked.replace(f"the {old}", old).replace(old, fragment)


def _name_at(text: str, start: int) -> str:
    return next((name.text for name in names_in(text) if name.start == start), "")


def _with_noun(fragment: str, latest: Exchange) -> str | None:
    """The last question with ``fragment`` for the last noun of the first thing that it asks about."""
    for thing in latest.things:
        *_, last = thing.text.split()
        if last[:1].isupper():
            continue
        start = latest.core.find(thing.text) + len(thing.text) - len(last)
        return latest.core[:start] + fragment + latest.core[start + len(last) :]
    return None


def _why(wh: str, latest: Exchange) -> str:
    """The last question asked for its reason, time or place: of "Did he win?" "Why did he win?"."""
    wh = ("why" if wh.lower() in ("how come", "how so") else wh).capitalize()
    asked = latest.core
    if _YES_NO.match(asked):
        return f"{wh} {asked[0].lower()}{asked[1:]}"
    counted = _COUNTED.match(asked)
    if counted:
        return f"{wh} {counted['rest'].rstrip('?!. ')} {counted['what']}".rstrip() + "?"
    there = _COUNTED_THERE.match(asked)
    if there:
        return f"{wh} {there['helper']} {there['what']}{there['rest'].rstrip('?!. ')}?"
    frame = _ASKED.match(asked)
    asks_for_subject = frame and frame["wh"].lower() in ("who", "what", "which") and _is_passive(frame)
    if frame and not asks_for_subject:
        rest = frame["rest"].rstrip("?!. ")
        lacks_object = frame["wh"].lower() in ("who", "whom", "what", "which") and not is_noun_like(
            rest.split()[-1].lower()
        )
        return f"{wh} {rest}{' that' if lacks_object else ''}?"
    done = re.match(r"^(?P<wh>who|what|which [\w-]+)\s+(?P<what>\S.*)$", asked, re.IGNORECASE)
    if done is None:
        return f"{wh} ({latest.topic()})?" if latest.topic() else wh + "?"
    people = latest.people(as_agent=True) if latest.asks_who else []
    told = [person for person in people if person.text not in asked]
    doer = told[0].text if told else "someone" if done["wh"].lower() == "who" else "something"
    return f"{wh} {'is' if wh == 'Why' else 'was'} it that {doer} {done['what'].rstrip('?!. ')}?"


def _is_passive(frame: re.Match[str]) -> bool:
    return frame["helper"].lower() in ("is", "are", "was", "were", "has", "have", "had")
