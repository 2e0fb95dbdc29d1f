"""Processes whose parent has imported everything, for that takes longer than what they are to do."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess


def fork(target: Callable[..., object], *arguments: object) -> BaseProcess:
    """A process that runs ``target``, which must be a function of a module, and has been started."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.imported"])
    process = context.Process(target=_at_home, args=(target, dict(os.environ), *arguments))
    process.start()
    return process


def _at_home(target: Callable[..., object], environment: dict[str, str], *arguments: object) -> None:
    """The parent has the environment of the first test that forked."""
    os.environ.clear()
    os.environ.update(environment)
    target(*arguments)
