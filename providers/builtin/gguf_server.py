"""The program that holds one model file in memory and serves it on this computer only, with a key.

Started by `gguf.py` as a separate process, so that a crash of the model does not crash Collate. Reads one line of JSON
from standard input (path, name, key, threads, context, sampling), writes one (address, or error), and ends when its
standard input is closed, that is, whenever and however Collate ends.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any


def main() -> None:
    """Serve until standard input ends."""
    told: dict[str, Any] = json.loads(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the library prints must not mix with our answers
    try:
        server, said = _serve(told)
    except Exception as exc:  # noqa: BLE001 -- reported to the parent process, as there is nobody else
        server, said = None, {"error": f"{type(exc).__name__}: {exc}"}
    print(json.dumps(said), file=answers, flush=True)
    if server is not None:
        sys.stdin.read()
    os._exit(0)  # at once: a regular shutdown would wait for an answer that nobody reads


def _serve(told: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    library: Any = import_module("xllamacpp")
    params = library.CommonParams()
    params.model.path, params.model_alias = told["path"], {told["name"]}
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [told["key"]]
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.offline, params.verbosity = True, -1
    params.n_parallel, params.n_ctx = 1, told["context"]  # one request at a time, as for every local host
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = told["threads"]
    for name, value in told["sampling"].items():
        setattr(params.sampling, name, value)
    server = library.Server(params)
    return server, {"address": server.listening_address}


if __name__ == "__main__":
    main()
