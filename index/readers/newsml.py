"""NewsML-G2, what news agencies send today: one article a news item, many of them a message."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from index.readers.draft import MAX_MARKUP, Draft, SeedFile, UnreadableError
from index.readers.nitf import draft_from_nitf
from index.readers.snippet import text_of
from index.readers.tree import local_name, paragraphs
from index.readers.xml_tree import parse, words

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """A draft, or the reason why there is none, for each news item; packages and concepts are none.

    Raises UnreadableError if the file is not well-formed or has no news items.
    """
    items = list(parse(file.read(MAX_MARKUP).lstrip()).iter("{*}newsItem"))
    if not items:
        raise UnreadableError("no news items in it")
    for number, item in enumerate(items, start=1):
        try:
            yield _draft(item)
        except UnreadableError as error:
            yield UnreadableError(f"news item {number}: {error}")


def _draft(item: etree._Element) -> Draft:
    """The article in a news item.

    It was published when the item's first version was made, which is when the agency sent it:
    ``firstCreated``.  ``contentCreated`` may be the day a reporter took the notes, and
    ``versionCreated`` that of the last correction, so they stand in only where it is missing.
    """
    status = _code(item, "itemMeta/pubStatus")
    if status and status != "usable":
        raise UnreadableError(f"{status} by its provider")
    content, language = _content(item)
    dateline = _text(item, "contentMeta/dateline")
    version = _text(item, "itemMeta/versionCreated")
    published = _text(item, "itemMeta/firstCreated") or _text(item, "contentMeta/contentCreated")
    return Draft(
        text=f"{dateline}\n\n{content.text}" if dateline else content.text,
        title=_text(item, "contentMeta/headline") or _text(item, "itemMeta/title") or content.title,
        source=_name(item, "itemMeta/provider")
        or _name(item, "contentMeta/infoSource")
        or content.source,
        author=_text(item, "contentMeta/by") or _creators(item) or content.author,
        published=published or version or content.published,
        updated=version,
        language=language or content.language or item.get(_LANGUAGE),
        id=item.get("guid"),
    )


def _content(item: etree._Element) -> tuple[Draft, str | None]:
    """The words of the first rendition that has any, and their language."""
    for part in item.iterfind("{*}contentSet/*"):
        draft = None
        if local_name(part) == "inlinexml":
            draft = _inline_xml(part)
        elif local_name(part) == "inlinedata":
            draft = _inline_data(part)
        if draft and draft.text:
            return draft, part.get(_LANGUAGE) or _attribute(item, "contentMeta/language", "tag")
    raise UnreadableError("no text in it: a picture, or content that lies elsewhere")


def _inline_xml(part: etree._Element) -> Draft:
    for root in part:
        if local_name(root) == "nitf":
            return draft_from_nitf(root)
    return Draft(text=paragraphs(part))


def _inline_data(part: etree._Element) -> Draft | None:
    if part.get("encoding"):  # Base64, of a picture or a document
        return None
    text = "".join(map(str, part.itertext()))
    return Draft(text=text_of(text) if "html" in part.get("contenttype", "") else text.strip())


def _creators(item: etree._Element) -> str | None:
    creators = item.iterfind("{*}contentMeta/{*}creator")
    names = (words(creator.find("{*}name")) for creator in creators)
    return ", ".join(filter(None, names)) or None


def _name(item: etree._Element, path: str) -> str | None:
    """A party's name, else its literal, else its code."""
    return _text(item, f"{path}/name") or _attribute(item, path, "literal") or _code(item, path)


def _code(item: etree._Element, path: str) -> str | None:
    """``usable`` of ``stat:usable``."""
    code = _attribute(item, path, "qcode")
    return code.rpartition(":")[2] or None if code else None


def _attribute(item: etree._Element, path: str, attribute: str) -> str | None:
    element = item.find(_any_namespace(path))
    return element.get(attribute) if element is not None else None


def _text(item: etree._Element, path: str) -> str | None:
    return words(item.find(_any_namespace(path)))


def _any_namespace(path: str) -> str:
    return "/".join("{*}" + name for name in path.split("/"))
