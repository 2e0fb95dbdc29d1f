"""Everything works with the network cut off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

# Runs in a process of its own.  Where the system allows it, that process gets a network namespace
# in which there is only this machine; everywhere, Python's own attempts to leave are recorded.
PROGRAM = r"""
import ctypes, fcntl, os, socket, struct, sys, threading, time, urllib.request

NEW_USER, NEW_NET, SET_FLAGS, UP = 0x10000000, 0x40000000, 0x8914, 1
libc = ctypes.CDLL(None)
cut = libc.unshare(NEW_NET) == 0 or libc.unshare(NEW_USER | NEW_NET) == 0
if cut:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sh22x", b"lo", UP))

outside = []
def guard(event, arguments):
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "localhost", "127.0.0.1", "::1"):
        outside.append(arguments)
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        if arguments[1][0] not in ("127.0.0.1", "::1"):
            outside.append(arguments[1])
sys.addaudithook(guard)

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

from pathlib import Path
from index import rebuild
from qa import ask
from qa.settings import Settings

seeds, index, port = Path(sys.argv[1]), Path("index"), free_port()
assert rebuild(seeds, index).articles == 3
assert "3,000" in ask("How many US troops are in Iraq?", index_dir=index).text

from qa.chat import serve
settings = Settings(seeds=seeds, index=index, port=port)
threading.Thread(target=serve, args=(settings,), daemon=True).start()
for _ in range(300):
    try:
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).read().decode()
        break
    except OSError:
        time.sleep(0.1)
assert "gradio" in page
assert not outside, outside
print("cut" if cut else "guarded", flush=True)
os._exit(0)  # the page serves until it is told to stop
"""


def test_rebuild_ask_and_the_page_work_without_a_network(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("QA_", "HF_"))
    }
    # No cache of an earlier run may help.
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    environment |= {"PYTHONPATH": str(ROOT)}
    for name in ("TIKTOKEN_CACHE_DIR", "NLTK_DATA", "DATA_GYM_CACHE_DIR"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT / "seeds")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] in ("cut", "guarded")
