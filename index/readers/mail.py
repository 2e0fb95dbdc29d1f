"""Mails: newsletters, alerts, and articles that somebody sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr

from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.mime import charset, decoded, header, is_html, message, payload, text_parts
from index.readers.snippet import text_of

# Headers that mailing systems add and mail programs of people do not.
_LIST_HEADERS = ("list-unsubscribe", "list-id", "list-post")
_LINK = re.compile(r"<?https?://\S+")


def read(file: SeedFile) -> Iterator[Draft]:
    """One draft.  Raises UnreadableError if it is no mail, or there is no text in it.

    What a mailing list sends comes from an outlet; any other mail from a person.
    """
    found = message(file)
    text = _text(found)
    if not text:
        raise UnreadableError("no text in it: an encrypted mail, or nothing but attachments")
    name, address = parseaddr(header(found, "from"))
    sender = name or address or None
    is_list = any(header(found, name) for name in _LIST_HEADERS)
    yield Draft(
        text=text,
        title=header(found, "subject") or None,
        source=sender if is_list else header(found, "organization") or None,
        author=None if is_list else sender,
        published=header(found, "date") or None,
        language=header(found, "content-language") or None,
        id=header(found, "message-id").strip("<> ") or None,
    )


def _text(found: EmailMessage) -> str:
    """The plain text, or the HTML's if the plain is only a line that says so."""
    plain: list[str] = []
    html: list[str] = []
    for part in text_parts(found):
        words = decoded(payload(part), charset(part))
        if is_html(part):
            html.append(text_of(words))
        else:
            plain.append(_unfolded(words) if part.get_param("format") == "flowed" else words)
    texts = ["\n\n".join(filter(None, map(str.strip, words))) for words in (plain, html)]
    return texts[0] if 2 * _words(texts[0]) >= _words(texts[1]) else texts[1]


def _unfolded(text: str) -> str:
    """Lines of ``format=flowed`` put together: a blank at the end says that the line goes on."""
    return re.sub(r"(?<=\S) \n(?=\S)", " ", text)


def _words(text: str) -> int:
    return len(_LINK.sub(" ", text).split())
