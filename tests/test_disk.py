"""A disk that is full is said in one line, leaves the old index, and does not fill by rebuilds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from chromadb.errors import InternalError

from index.dense import DenseIndex
from index.errors import IndexWriteError
from tests.rebuilding import rebuild, write_state

ROOT = Path(__file__).parent.parent


def test_a_disk_that_fills_is_said_and_leaves_the_old_index(tmp_path: Path) -> None:
    script = tmp_path / "fill.sh"
    seeds, disk = tmp_path / "seeds", tmp_path / "disk"
    seeds.mkdir()
    disk.mkdir()
    (seeds / "a.txt").write_text("It rained in Rome on Monday.")
    filling = tmp_path / "more.txt"
    filling.write_text(
        "\n\n".join(f"Story {n} tells of bridge {n} and of {n * n} trains." for n in range(40_000))
    )
    script.write_text(
        f"mount -t tmpfs -o size=2m tmpfs {disk} || exit 77\n"
        f"PYTHONPATH={ROOT} {sys.executable} - <<'END'\n"
        "import shutil\nfrom pathlib import Path\n"
        "from index import open_index\nfrom index.errors import IndexWriteError\n"
        "from index.checking import check\nfrom tests.rebuilding import rebuild\n"
        f"seeds, more = Path({str(seeds)!r}), Path({str(filling)!r})\n"
        f"index = Path({str(disk / 'index')!r})\n"
        "rebuild(seeds, index)\n"
        "shutil.copy(more, seeds / 'b.txt')\n"
        "try:\n    rebuild(seeds, index)\nexcept IndexWriteError as error:\n    print(error)\n"
        "print(check(index).problems, [a.id for a in open_index(index).articles()])\n"
        "(seeds / 'b.txt').unlink()\n(seeds / 'c.txt').write_text('It snowed.')\n"
        "print(rebuild(seeds, index).added)\n"
        "END\n"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", script], capture_output=True, text=True, check=False
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this system lets nobody mount a small disk")
    said, state, added = done.stdout.splitlines()[-3:]
    assert "cannot be written" in said
    assert "what was there before is untouched" in said
    assert (state, added) == ("[] ['a']", "1")


@pytest.mark.parametrize("step", ["chromadb.PersistentClient", "shutil.copytree"])
def test_a_disk_that_is_full_at_the_first_write_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (tmp_path / "seeds").mkdir()
    write_state(tmp_path / "seeds", "one")
    if step == "shutil.copytree":
        rebuild(tmp_path / "seeds", tmp_path / "index")
        write_state(tmp_path / "seeds", "two")
    full = {
        "chromadb.PersistentClient": InternalError("database or disk is full"),
        "shutil.copytree": shutil.Error([("a", "b", "disk is full"), ("c", "d", "disk is full")]),
    }
    monkeypatch.setattr(step, mock.Mock(side_effect=full[step]))
    with pytest.raises(IndexWriteError, match=r"cannot be written \([^\[\]]*disk is full\); what was"):
        rebuild(tmp_path / "seeds", tmp_path / "index")


def test_what_a_killed_rebuild_left_goes_before_the_next_one_needs_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds, index_dir = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    write_state(seeds, "one")
    rebuild(seeds, index_dir)
    left = index_dir / "generations/left"
    left.mkdir()
    (left / "lock").touch()
    write_state(seeds, "two")

    def full(*_: object) -> None:
        assert not left.exists()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DenseIndex, "add", full)
    with pytest.raises(IndexWriteError, match="No space left on device"):
        rebuild(seeds, index_dir)


def test_the_disk_use_stays_flat(tmp_path: Path) -> None:
    seeds, index_dir = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()

    def used() -> int:
        return sum(path.stat().st_size for path in index_dir.rglob("*") if path.is_file())

    sizes = []
    for number in range(8):
        write_state(seeds, f"word{number}")
        rebuild(seeds, index_dir)
        sizes.append(used())
        assert len(list((index_dir / "generations").iterdir())) == 1
    assert max(sizes) - min(sizes) < 0.02 * max(sizes)
