"""Where a generation has its vectors: in its folder, in ``dense/``, or on a Chroma server.

There they are a collection of their own, which ``dense.json`` names together with the server.  It is
written before there is a collection and deleted after that is dropped, so that none is forgotten,
whenever a rebuild dies.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from index.lasting import write_lasting


class Place(NamedTuple):
    """A collection on the server at a URL."""

    server: str
    collection: str


def place_of(generation: Path) -> Place | None:
    """Where the vectors are; None for the folder.  Raises ValueError for a note that is damaged."""
    note = _note(generation)
    try:
        return Place(**json.loads(note.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except TypeError as error:
        raise ValueError(f"{note} is damaged") from error


def take_place(generation: Path, server: str) -> Place:
    """Note that the generation is going to have its vectors on ``server``."""
    place = Place(server, f"article-qa-{generation.name}")
    write_lasting(_note(generation), json.dumps(place._asdict()) + "\n")
    return place


def leave_place(generation: Path) -> None:
    """Drop what a generation has on a server; its files are the caller's to delete.

    Raises ChromaServerError.
    """
    try:
        place = place_of(generation)
    except ValueError:
        return  # it does not say any more where that is
    if place:
        from index.chroma_server import ChromaServer

        with closing(ChromaServer(place.server)) as server:
            server.drop(place.collection)


def require_server(url: str) -> None:
    """Raise ChromaServerError if there is no server at ``url`` that answers us."""
    from index.chroma_server import ChromaServer

    ChromaServer(url).close()


def _note(generation: Path) -> Path:
    return generation / "dense.json"
