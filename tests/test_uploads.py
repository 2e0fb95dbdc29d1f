from __future__ import annotations

import asyncio
import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.responses import Response

from index import open_index, rebuild
from index.errors import UploadError
from index.settings import load_settings
from qa import Settings
from qa.page import uploads
from qa.page.uploads import receiver, store_upload

STORY = b"Harbour\n\nThe harbour of Testville was closed in May."


def settings(tmp_path: Path, **more: Any) -> Settings:
    (tmp_path / "seeds").mkdir(exist_ok=True)
    return load_settings(Settings, **{"seeds": tmp_path / "seeds", "allow_upload": True} | more)


def files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())


def test_an_article_is_stored_and_found_by_the_next_rebuild(tmp_path: Path) -> None:
    given = settings(tmp_path)
    stored = store_upload("harbour.txt", STORY, given)
    assert (given.seeds / stored).read_bytes() == STORY
    rebuild(given.seeds, tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        assert [article.path for article in index.articles()] == [stored]


def test_nothing_is_overwritten_and_the_same_file_is_stored_once(tmp_path: Path) -> None:
    given = settings(tmp_path)
    first = store_upload("a.txt", STORY, given)
    assert store_upload("b.TXT", STORY, given) == first
    assert store_upload("a.txt", STORY + b" Again.", given) != first
    assert (given.seeds / first).read_bytes() == STORY
    assert len(files(given.seeds)) == 2


@pytest.mark.parametrize(
    "name",
    [
        "../../outside.txt",
        "/etc/cron.d/outside.txt",
        "..\\..\\outside.txt",
        "uploads/../../outside.txt",
        "a\0b.txt",
        "<img src=x onerror=alert(1)>.txt",
        "x" * 5000 + ".txt",
        ".hidden.txt",
        "a\n\x1b[2J.txt",
    ],
)
def test_the_name_of_a_file_is_never_a_path(tmp_path: Path, name: str) -> None:
    given = settings(tmp_path)
    stored = store_upload(name, STORY, given)
    assert files(tmp_path) == [Path("seeds") / stored]
    assert Path(stored).parent == Path("uploads")
    assert re.fullmatch(r"[\w-]{1,80}", Path(stored).stem)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../Harbour news (May 2024).final.txt", "Harbour-news-May-2024-"),
        ("C:\\Dokumente\\Zu\u0308rich \u202egpj.txt", "Zürich-gpj-"),
        ("日本 ニュース.txt", "日本-ニュース-"),
        ("%2e%2e%2f<b>--.txt", "2e-2e-2f-b-"),
        ("x" * 5000 + ".txt", "x" * 40 + "-"),
        ("?!.txt", ""),
        (".txt.txt", ""),
    ],
)
def test_people_know_their_files_again(tmp_path: Path, name: str, kept: str) -> None:
    stored = Path(store_upload(name, STORY, settings(tmp_path)))
    assert stored.suffix == ".txt"
    assert re.fullmatch(re.escape(kept) + "[0-9a-f]{16}", stored.stem)


def test_all_uploads_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "TIMES", 2)
    given = settings(tmp_path, upload_mb=1)
    first = store_upload("a.txt", b"a" * 1_000_000, given)
    store_upload("b.txt", b"b" * 999_000, given)
    with pytest.raises(UploadError, match="no more than 2 MB can be added"):
        store_upload("c.txt", b"c" * 1001, given)
    assert store_upload("again.txt", b"a" * 1_000_000, given) == first  # it is there
    store_upload("d.txt", b"d" * 1000, given)
    assert len(files(given.seeds)) == 3


@pytest.mark.parametrize("name", ["", "story", "story.exe", "story.txt.php", "txt", ".txt/", "a.txt "])
def test_what_has_no_reader_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UploadError, match=r"kind that can be read; there are \.txt"):
        store_upload(name, STORY, settings(tmp_path))
    assert files(tmp_path) == []


def test_an_archive_keeps_the_ending_of_what_is_in_it(tmp_path: Path) -> None:
    given = settings(tmp_path)
    content = gzip.compress(b'{"text": "It rained in Rome."}')
    assert store_upload("all.jsonl.gz", content, given).endswith(".jsonl.gz")
    assert store_upload("all.php.zip", b"PK", given).endswith(".zip")
    assert ".php" not in str(files(given.seeds))


def test_bounds_are_kept(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="empty"):
        store_upload("a.txt", b"", settings(tmp_path))
    with pytest.raises(UploadError, match="larger than 1 MB"):
        store_upload("a.txt", b"x" * 1_000_001, settings(tmp_path, upload_mb=1))
    with pytest.raises(UploadError, match="not allowed"):
        store_upload("a.txt", STORY, settings(tmp_path, allow_upload=False))
    assert files(tmp_path) == []


def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    given = settings(tmp_path)
    (tmp_path / "outside").mkdir()
    (given.seeds / "uploads").symlink_to(tmp_path / "outside")
    with pytest.raises(UploadError, match="cannot be written"):
        store_upload("a.txt", STORY, given)
    assert files(tmp_path / "outside") == []


def test_a_file_is_sent_over_http(tmp_path: Path) -> None:
    def send(name: str, content: bytes, **more: Any) -> tuple[int, dict[str, str]]:
        halves = [content[:100], content[100:]]  # it comes in pieces

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": halves.pop(0), "more_body": bool(halves)}

        query = urlencode({"name": name}).encode()
        request = Request({"type": "http", "query_string": query, "headers": []}, receive)

        async def answer() -> Response:
            return await receiver(settings(tmp_path, **more))(request)

        response = asyncio.run(answer())
        return response.status_code, json.loads(bytes(response.body))

    status, said = send("harbour.txt", STORY)
    assert (status, (tmp_path / "seeds" / said["stored"]).read_bytes()) == (201, STORY)
    assert send("a.txt", b"x" * 1_000_001, upload_mb=1)[0] == 413
    assert send("a.exe", STORY)[0] == 422
    assert send("a.txt", b"other", allow_upload=False)[0] == 403
    assert len(files(tmp_path)) == 1
