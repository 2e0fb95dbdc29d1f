"""What a page carries around its story, told by its form.

No rule knows an outlet or a sentence of one: a line is furniture for what it does (it links, it
asks, it credits) and the words that such lines are made of.  What an outlet repeats on every page
in words of its own is learned instead; see ``index.repeated``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from index.appeals import appeals

_LONGEST = 400  # characters; what is longer is judged as an appeal alone
_LONGEST_LINK = 150
_MOST_LINKS = 12
_PARAGRAPH = 50  # characters, at least
_DASHES = "-–—−―"
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_READ_MORE_AT_END = re.compile(
    r"\s*(?:\.{3}|…)?\s*\b(?:read more|continue reading)\s*[.…>»→]*$", re.IGNORECASE
)
_PLATFORM = (
    r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|telegram|flipboard|pinterest|instagram|threads"
    r"|tiktok|youtube|bluesky|messenger|sms|e-?mail)"
)
# Lines above a list of links; the short lines below belong to them.
_LINK_HEADING = re.compile(
    r"(?:(?:related|sponsored|recommended|promoted|paid|more|popular|trending|latest|top|featured"
    r"|must)\s+"
    r"(?:links?|topics?|articles?|stor(?:y|ies)|news|content|coverage|reading|reads?|posts?|tags?"
    r"|videos?|now)"
    r"|more\s+(?:from|on|in)\s+.{2,40}|related|trending|(?:previous|next|prev)\s+(?:article|story|post)"
    r"|most\s+(?:read|popular|viewed|shared|commented)|tags?|keywords|(?:around|from)\s+the\s+web"
    r"|(?:you\s+(?:may|might)|we\s+think\s+you)\s+(?:also\s+)?(?:like|enjoy|be\s+interested\s+in)"
    r"|see\s+also|read\s+(?:next|also|more)|what\s+to\s+read\s+next|recommended(?:\s+for\s+you)?"
    r"|editors?['’]?s?\s+picks?|elsewhere\s+on\s+.{2,40}|in\s+case\s+you\s+missed\s+it)\s*[:>»]?",
    re.IGNORECASE,
)
# Whole lines, by what they are.  The first that matches names the rule.
_FORMS = {
    "button": r"(?:read|continue|keep|show|load|view|see)\s+(?:more|reading|all|full\s+(?:story"
    r"|article))"
    r"|(?:story|article|post|text)\s+continues\s+(?:below|after).*|advertisements?"
    r"|sponsored(?:\s+by.*)?"
    r"|scroll\s+(?:down\s+)?(?:to|for)\b.*|back\s+to\s+top|skip\s+to\s+.*|(?:main\s+)?menu|search|home"
    r"|(?:sign|log)\s?[- ]?(?:up|in|on|out)|register|subscribe(?:\s+now)?|print|click\s+here.*"
    r"|follow\s+us.*"
    r"|(?:play|watch|listen)(?:\s+(?:now|live|video|audio))?|\d+\s+min(?:ute)?s?\s+read"
    r"|accept(?:\s+all)?"
    r"|(?:next|previous|prev)(?:\s+page)?|show\s+(?:caption|gallery).*|(?:close|dismiss|loading)",
    "share": rf"share(?:\s+(?:this|on|via|to|with|article|story|link|your\s+feedback"
    rf"|{_PLATFORM})\b[\s:,|/•·]*)*"
    rf"|(?:(?:tweet|pin|like|save|print|copy\s+link|{_PLATFORM})\b[\s:,|/•·]+){{1,9}}"
    rf"(?:share|tweet|pin|save|print|copy\s+link|{_PLATFORM})",
    "prompt": r"(?:view|show|read|leave|post|add|write|join|see|load|be\s+the\s+first\s+to)\s+"
    r"(?:(?:all|the|an?|your|our|\d+)\s+)*(?:comments?|conversation|discussion|reply)(?:\s*\(?\d+\)?)?"
    r"|\(?\d*\)?\s*comments?(?:\s*\(?\d+\)?)?|(?:log|sign)\s+in\s+(?:or\s+\w+\s+)?to\s+(?:comment"
    r"|post|reply|view).*"
    r"|(?:what\s+do\s+you\s+think\?\s*)?(?:tell|let)\s+us\b.*\b(?:comments?|below|know)",
    "note": r"[(\[]?(?:this\s+(?:story|article|report|post|page)(?:\s+and\s+(?:its\s+)?headline)?\s+"
    r"(?:was|has\s+been|have\s+been|is\s+being|will\s+be)\s+(?:last\s+)?updated"
    r"(?:\s+(?:with|to\s+(?:add|include)|as|throughout)\b[^.,\"“]{0,80})?"
    r"|this\s+is\s+a\s+(?:developing|breaking)(?:\s+news)?\s+story(?:[.,;]?\s+.{0,60})?)\.?[)\]]?"
    r"|(?:compiled\s+)?from\s+(?:\w+\s+){0,3}(?:staff|wire|agency)(?:\s+\w+){0,3}\s+reports",
    "tags": r"(?:tags?|topics?|keywords|filed\s+under|categor(?:y|ies)|posted\s+in)\s*:\s*[^.]{1,200}",
    "link": r"[^\w\s]{0,2}\s?(?:related|(?:read|see|watch|learn|find\s+out)(?:\s+(?:more|also|next"
    r"|this|too))?"
    r"|(?:watch|listen)\s+(?:live|now)|more|also(?:\s+(?:read|see))?|see\s+also|listen"
    r"|dig\s+deeper|go\s+deeper|check\s+(?:it"
    r"|this)?\s?out"
    r"|don['’]t\s+miss|in\s+case\s+you\s+missed\s+it|up\s+next|bookmark|recommended|keep\s+reading"
    r"|must[- ]read"
    r"|in\s+pictures|photos|videos|(?:photo\s+)?gallery|more\s[^:.]{1,40}(?=:\s*http)|(?:more"
    r"|read|related)\s+(?:on|from|about|story|stories|coverage|news)"
    r"(?:\s[^:.]{1,40})?|(?:previous|next|prev)(?:\s+(?:article|story|post))?)\s*[:|»→]\s*\S.*"
    r"|(?:read|see|watch|listen|click|tap|view|get|find)\b.{0,100}\b(?:here|below|more"
    r"|full\s+(?:story|article))",
}  # fmt: skip
_FORM = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()), re.IGNORECASE)
# Words that make a line furniture wherever they stand in it; for each a part of it, in lower case,
# that is quickly looked for.
_WORDS = [
    ("reserved", "copyright", re.compile(r"\ball\s+rights\s+reserved\b")),
    ("may not be", "copyright", re.compile(r"\bmay not be (?:published|reproduced|copied"
    r"|redistributed)\b")),
    ("copyright", "copyright", re.compile(r"^(?:\(c\)\s*)?copyright\b.*(?:\d{4}|©)")),
    ("©", "copyright", re.compile(r"^©.*\d{4}")),
    ("ad feedback", "ad form", re.compile(r"\bad feedback\b")),
    ("this ad", "ad form", re.compile(r"\brelevant is this ad\b")),
    ("ad ", "ad form", re.compile(
        r"\bad\b.*\b(?:did not (?:start|finish)|never loaded|too loud)\b|\b(?:did not start"
        r"|loaded)\b.*\bad\b")),
    ("source:", "video", re.compile(r"\b\d{1,2}:\d\d\s+[-–—]\s+source:\s")),
]  # fmt: skip
_CAPITALS = r"[^\W\d_a-z][\w.'’-]*"
# A headline set right after its label without a space, as the text of a link comes out of a page.
_LABELLED_LINK = re.compile(
    r"[^\w\s]{0,2}\s?[\"'“‘]?(?=[^\W_])[^:.]{2,70}(?:\.[^\W_])?[^:.]{0,20}:"
    r"(?![/\s\d])(?=[\"'“‘]?[^\W\d_a-z])\S.{8,200}(?<![.…,;:])(?<!\.[\"”’'])"
)
# The same with a question for a label.
_ASKING_LINK = re.compile(
    r"[^\w\s]{0,2}\s?[^:.?]{8,80}\?(?=[^\W\d_a-z]\S*\s)\S.{15,200}(?<![.…,;:])(?<![.…][\"”’'])"
)
_CREDIT = re.compile(
    rf"[\[(]?(?i:(?:file\s+)?(?:photo(?:graph)?s?|image|picture|illustration|graphic|video))s?\s*"
    rf"(?i:credits?\s*:?|by|courtesy(?:\s+of)?|via|:)\s*{_CAPITALS}(?:[\s/,&|]+(?:{_CAPITALS}|of"
    rf"|and|via)){{0,8}}[\])]?"
    rf"|[\[(]?{_CAPITALS}(?:\s{_CAPITALS}){{1,3}}\s?/\s?(?:{_CAPITALS}[\s/]+){{0,4}}"
    r"(?:Images|Photos?|Pictures|Press|Agency|News|[A-Z]{2,5})[\])]?"
)
_NAMES = (
    rf"{_CAPITALS}(?:[\s,;/&]+(?:{_CAPITALS}|and|of|in|for|the|de|von|van|writers?|reporters?|staff))*"
)
# Who else worked on the report.
_WORKED = ("reporting by", "additional reporting by", "writing by", "editing by")
_WORK_BY = r"(?i:(?:additional\s)?(?:reporting|writing|editing)\sby)"
_STAFF = re.compile(
    rf"(?:[-–—−―]\s*)?(?:(?i:contribut(?:ing|ors?))\s*:\s*(?=[A-Z]).{{2,300}}|CONTRIBUTING\s{_NAMES}"
    r"|[^\"“]{3,250}\scontributed(?:\s+\w+)?\s+(?:to|for)\s+this\s+(?:\w+\s+)?"
    r"(?:report|story|article|post|piece)"
    rf"|{_CAPITALS}\s{_NAMES}\s(?:also\s)?contributed|{_WORK_BY}\s{_NAMES}(?:;\s*{_WORK_BY}\s{_NAMES})*)"
    r"[.)]*"
)
# A photographer's name after the last sentence of a caption, and a credit in brackets.
_CAPTION = re.compile(
    r"(?P<caption>.{30,}(?:[^\W_]{3}|\d|[\"'”’)])[.!?][\"'”’)]*)\s+(?:[(\[](?:Photo\s)?[Bb]y\s)?"
    rf"(?:(?:{_CAPITALS}\s){{1,6}}?{_CAPITALS}"
    rf"(?:\s?/\s?{_CAPITALS}(?:\s(?:{_CAPITALS}|via|of|and)){{0,4}}){{1,4}}"
    rf"|{_CAPITALS}(?:/{_CAPITALS}(?:\s{_CAPITALS}){{0,3}}){{1,3}}\s(?:Images|Photos?|Pictures|Press))[\])]?"
)
_BRACKETED_CREDIT = re.compile(
    r"\s+[(\[](?:image|photo|picture)s?\s(?:credits?|by|courtesy)\b[^()\[\]]{2,80}[)\]]$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    rf"[{_DASHES}]{{1,2}}\s?{_CAPITALS}(?:,?\s(?:{_CAPITALS}|and|for|de|von|van))+|(?:--|[–—−―])\s?{_CAPITALS}"
)
# A reporter's address: an order to write to a person, or to follow one, with the address.
_ADDRESS = re.compile(rf"(?:{_CAPITALS}[\s,;:]+){{0,5}}[\w.+-]+@[\w-]+\.[\w.-]+(?:[\s,;|]+\S+){{0,4}}")
_CONTACT = re.compile(
    rf"(?:^|[.!?;:)]\s+|[-–—]\s*)(?:(?:[Yy]ou\s+can|[Pp]lease|[Tt]o)\s+)?"
    rf"(?i:follow|reach|contact|e-?mail|tweet(?:\s+at)?|connect\s+with|write\s+to)(?:\s+out\s+to)?\s+"
    rf"(?:him|her|them|me|us|(?:the\s+)?(?:\w+\s+){{0,3}}(?:reporter|writer|columnist|editor)|@\w"
    rf"|{_CAPITALS})"
    rf"[^\"“]{{0,120}}?(?:@\s?\w|\bon\s+(?i:{_PLATFORM})\b)"
    r"|\bcan\s+be\s+(?:reached|contacted|followed)\s+(?:at|on|via|by)\b.{0,80}@"
)


def line_rule(line: str) -> str | None:
    """The rule by which a line is furniture whatever stands around it; None if it is not.

    >>> line_rule("Share this on Facebook")
    'share'
    """
    if len(line) > _LONGEST:
        return None
    lowered = line.lower()
    for part, rule, words in _WORDS:
        if part in lowered and words.search(lowered):
            return rule
    match = _FORM.fullmatch(line.rstrip(" .:…>»→"))
    if match and match.lastgroup and not _is_long_sentence(line, match.lastgroup):
        return match.lastgroup
    if ":" in line and _LABELLED_LINK.fullmatch(line):
        return "link"
    if "?" in line and _ASKING_LINK.fullmatch(line):
        return "link"
    if ("/" in line or len(line) < 100) and _CREDIT.fullmatch(line):
        return "credit"
    if ("contribut" in lowered or lowered.startswith(_WORKED)) and _STAFF.fullmatch(line):
        return "credit"
    if ("@" in line or " on " in line) and _CONTACT.search(line):
        return "contact"
    if "@" in line and _ADDRESS.fullmatch(line):
        return "contact"
    if not any(map(str.isalnum, line)):
        return "rule"
    return None


def furniture_of(
    lines: list[str],
    names: Iterable[str | None] = (),
    is_learned: Callable[[str], bool] = lambda line: False,
) -> list[str | None]:
    """For each line the rule by which it is furniture, or None.

    ``names`` are the title and the outlet, which are known and need not be repeated.
    """
    folded_names = {_fold(name) for name in names if name}
    longest_name = 2 * max(map(len, folded_names), default=0)
    texts = [line.strip() for line in lines]
    rules: list[str | None] = [None] * len(lines)
    for number, text in enumerate(texts):
        if not text:
            continue
        rules[number] = line_rule(text)
        if rules[number] is None and is_learned(text):
            rules[number] = "repeated"
        elif rules[number] is None and len(text) <= longest_name and _fold(text) in folded_names:
            rules[number] = "name"
    for number in appeals(texts):
        rules[number] = rules[number] or "appeal"
    _mark_links(texts, rules)
    _mark_signatures(texts, rules)
    return rules


def without_read_more(line: str) -> str:
    """``line`` without a "read more" that its last sentence is cut off with."""
    end = line[-30:].lower()
    return _READ_MORE_AT_END.sub("", line) if "more" in end or "reading" in end else line


def without_credit(line: str) -> str:
    """A caption without the photographer that is named after its last sentence."""
    if line.endswith((".", '"', "”")):  # most lines
        return line
    if line.endswith((")", "]")):
        line = _BRACKETED_CREDIT.sub("", line)
    match = _CAPTION.fullmatch(line) if "/" in line[-90:] else None
    return match["caption"] if match else line


def _mark_signatures(texts: list[str], rules: list[str | None]) -> None:
    """Mark the names that sign the paragraph above.

    Below speech a name after a dash says whose words those are, and several in a row are a list.
    """
    left = [number for number, text in enumerate(texts) if text and rules[number] is None]
    for above, number, below in zip(left, left[1:], [*left[2:], None], strict=False):
        is_signed = len(texts[above]) >= _PARAGRAPH and texts[above].endswith((".", "?", "!"))
        in_list = below is not None and texts[below][0] in _DASHES
        if is_signed and not in_list and _SIGNATURE.fullmatch(texts[number]):
            rules[number] = "signature"


def _mark_links(texts: list[str], rules: list[str | None]) -> None:
    """Mark headings above links, and the lines below that could be headlines."""
    room = 0
    for number, text in enumerate(texts):
        if not text:
            continue
        if len(text) <= 60 and _LINK_HEADING.fullmatch(text):
            rules[number] = "link heading"
            room = _MOST_LINKS
        elif room and rules[number] is None:
            room = room - 1 if _could_be_a_link(text) else 0
            rules[number] = "linked" if room else None


def _could_be_a_link(text: str) -> bool:
    """A headline or a row of topics: some words, and not the end of a sentence of the story."""
    ends = _ENDS_A_SENTENCE.search(text) and not text.endswith(("?", "!"))
    return not ends and len(text) <= _LONGEST_LINK and len(text.split()) > 2


def _is_long_sentence(line: str, rule: str) -> bool:
    """A story's own sentence may begin like a button: "Follow us", she said, and they did."""
    return (
        rule in ("button", "prompt", "link") and len(line) > 60 and line.rstrip("\"'”’)").endswith(".")
    )


def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
