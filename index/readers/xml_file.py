"""XML: feeds, NITF and NewsML-G2 share the ending; the root element tells which it is."""

from __future__ import annotations

from collections.abc import Iterator

from index.errors import one_line
from index.readers import feed, newsml, nitf
from index.readers.draft import MAX_MARKUP, Draft, Reader, SeedFile, UnreadableError
from index.readers.xml_tree import root_name

_READERS: dict[str, Reader] = {
    "rss": feed.read,
    "RDF": feed.read,  # RSS 1.0
    "feed": feed.read,
    "nitf": nitf.read,
    "newsItem": newsml.read,
    "newsMessage": newsml.read,
}


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """The drafts of the format's own reader.  Raises UnreadableError for any other root element."""
    name = root_name(file.read(MAX_MARKUP).lstrip())
    reader = _READERS.get(name)
    if reader is None:
        raise UnreadableError(
            f"XML with the root element {one_line(name, limit=50)}, which is no feed, NITF or NewsML-G2"
        )
    return reader(file)
