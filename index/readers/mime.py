"""MIME messages, the form of both mails and saved pages."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from index.decode import decode
from index.readers.draft import SeedFile, UnreadableError

# The parser of headers takes time that grows with the square of their length.
MAX_HEADER = 8 << 10  # bytes
MAX_PARTS = 5000
MAX_MESSAGE = 32 << 20  # bytes; mail servers take 25 MB or so
_CONTENT_HEADER = re.compile(
    rb"(?:^|\r)content-[a-z-]{1,40}:.{0,20000}(?:\r?\n[ \t].{0,20000}){0,1000}",
    re.IGNORECASE | re.MULTILINE,
)
# Latin-1 and ASCII mean what web browsers take them for.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# No charsets of texts, and slow: their time grows with the square of the length, or they run escapes.
_NO_CHARSETS = frozenset(["idna", "punycode", "unicode_escape", "raw_unicode_escape"])


def message(file: SeedFile) -> EmailMessage:
    """The message in ``file``.  Raises UnreadableError if it is none."""
    data = file.read(MAX_MESSAGE)
    if len(re.findall(rb"[\r\n]--", data)) > 3 * MAX_PARTS:
        raise UnreadableError(f"more than {MAX_PARTS} parts, which is no article")
    for number, match in enumerate(_CONTENT_HEADER.finditer(data)):
        if len(match.group()) > MAX_HEADER or number > 3 * MAX_PARTS:
            raise UnreadableError(
                f"a header of more than {MAX_HEADER >> 10} KB, or too many; no article"
            )
    try:
        found = message_from_bytes(data, policy=default)
    # The parser of headers raises almost anything where they are malformed.
    except Exception as error:
        raise UnreadableError(f"not a message that can be read ({type(error).__name__})") from None
    if not found.keys():
        raise UnreadableError("not a message: it has no headers")
    return found


def header(part: EmailMessage, name: str) -> str:
    """The decoded value on one line; empty if there is none, or none that can be read."""
    raw = next((value for key, value in part.raw_items() if key.lower() == name.lower()), "")
    if len(raw) > MAX_HEADER:
        return ""
    try:
        return " ".join(str(part[name] or "").split())
    except Exception:  # as above: the value is parsed only now
        return ""


def text_parts(found: EmailMessage) -> Iterator[EmailMessage]:
    """The plain and HTML parts in order, without attachments and what forwarded messages hold."""
    waiting = [found]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        if kind.startswith("message/") or part.get_content_disposition() == "attachment":
            continue
        if part.is_multipart():
            children = [child for child in part.iter_parts() if isinstance(child, EmailMessage)]
            waiting += reversed(children)
        elif kind in ("text/plain", "text/html", "application/xhtml+xml"):
            yield part


def is_html(part: EmailMessage) -> bool:
    return part.get_content_type() != "text/plain"


def payload(part: EmailMessage) -> bytes:
    """The bytes of a part that has no parts of its own."""
    try:
        data = part.get_payload(decode=True)
    except ValueError:  # an encoding of transfer that is broken past repair
        return b""
    return data if isinstance(data, bytes) else b""


def charset(part: EmailMessage) -> str | None:
    """What the part says it is encoded in."""
    try:
        return part.get_content_charset()
    except (LookupError, ValueError):  # the name itself may be encoded, in something unknown
        return None


def decoded(data: bytes, charset: str | None) -> str:
    """The text of ``data``, by the charset that its container declares if that is one, else by looks.

    Raises UnreadableError for data that are no text.
    """
    try:
        codec = codecs.lookup(charset or "").name
        if codec not in _NO_CHARSETS:
            return data.decode(_MEANT.get(codec, codec), "replace").replace("\r\n", "\n")
    except (LookupError, ValueError):  # unknown, misspelt, or no encoding of text
        pass
    return decode(data)
