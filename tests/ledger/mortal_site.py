"""Serves examples/fastapi_form.py in processes that are killed at a chosen I/O point.

Takes a port and the example. Reads a JSON object a line: `database` and `dies_at`, where 0 is never,
forks a process that serves, and answers whether it came so far. The next line ends it; the answer is
whether it had been killed.
"""

import importlib.util
import json
import os
import signal
import socket
import sys
import time

import uvicorn

from tests.ledger.mortal import Points


def serve(app: object, case: dict, port: int) -> None:
    os.environ["BUZZEASY_LEDGER"] = case["database"]
    Points(case["dies_at"], signal.SIGKILL).watch()
    uvicorn.run(app, port=port, log_level="error", timeout_graceful_shutdown=1)


def is_up(child: int, port: int) -> bool:
    while not is_dead(child):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.01)
    return False


def is_dead(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def main() -> None:
    port = int(sys.argv[1])
    spec = importlib.util.spec_from_file_location("fastapi_form", sys.argv[2])
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            serve(module.app, json.loads(line), port)
            os._exit(0)
        print(json.dumps(is_up(child, port)), flush=True)
        sys.stdin.readline()
        os.kill(child, signal.SIGTERM)  # which a child that is not waited for takes, dead or alive
        status = os.waitpid(child, 0)[1]
        print(json.dumps(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL), flush=True)


if __name__ == "__main__":
    main()
