"""A sandbox that runs out of descriptors."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

resource = pytest.importorskip("resource", reason="limits are POSIX's")

SECONDS = 2.5


def test_descriptors_exhausted_are_said_once_and_got_over(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "buzzeasy_soap", "sandbox", "--port", "0"],
            stdout=subprocess.PIPE, stderr=log, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)),
        )  # fmt: skip
    port = int(re.search(r":(\d+)$", process.stdout.readline())[1])
    connections = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(60)]
    time.sleep(SECONDS)  # it tries again each second
    for connection in connections:
        connection.close()
    assert requests.get(f"http://127.0.0.1:{port}/sandbox/calls", timeout=20).json() == []
    process.terminate()
    process.communicate(timeout=20)
    assert (tmp_path / "log").read_text() == "new connections must wait: Too many open files\n"
