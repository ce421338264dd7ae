"""A process that leaves a stream open ends nonetheless, at once and in silence."""

import subprocess
import sys
import time
from textwrap import dedent

import pytest

from buzzeasy_soap.sandbox import Sandbox
from tests.events.conftest import Place
from tests.events.proxy import Proxy

HEAD = """
    import gc, os, sys, threading
    from buzzeasy_soap.events import EventStream, watch
    url, code, transport = sys.argv[1:]
"""
WATCH = """
    updates = watch(url, code, transport=transport)
    print(next(updates).status, flush=True)
"""
IN_A_CYCLE = """
    class Node: pass
    node = Node()
    node.updates, node.itself = watch(url, code, transport=transport), node
    print(next(node.updates).status)
    del node
"""
STREAM = """
    stream = EventStream(url, transport=transport)
    stream.subscribe(code)
    print(stream.next_update().status)
"""
DROPPED_STREAM = """
    def follow():
        stream = EventStream(url, transport=transport)
        stream.subscribe(code)
        print(stream.next_update().status)
    follow()
    gc.collect()
"""
IN_A_DAEMON_THREAD = """
    first = threading.Event()
    def follow():
        for update in watch(url, code, transport=transport):
            print(update.status, flush=True)
            first.set()
    threading.Thread(target=follow, daemon=True).start()
    first.wait()
"""
FORKED = """
    updates = watch(url, code, transport=transport)
    print(next(updates).status, flush=True)
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
    else:
        updates.close()
        os._exit(0)
"""


def start(script: str, url: str, code: str, transport: str) -> subprocess.Popen[str]:
    # From Python 3.12 on, forking beside threads warns.
    python = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", dedent(HEAD) + dedent(script)]
    pipe = subprocess.PIPE
    return subprocess.Popen([*python, url, code, transport], stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def run(script: str, url: str, code: str, transport: str) -> tuple[int, str, str]:
    with start(script, url, code, transport) as process:
        try:
            out, err = process.communicate(timeout=10)
        finally:
            process.kill()
    return process.returncode, out, err


@pytest.mark.parametrize(
    "script",
    [WATCH, IN_A_CYCLE, STREAM, DROPPED_STREAM, IN_A_DAEMON_THREAD, FORKED],
    ids=["watch", "cycle", "stream", "dropped stream", "daemon thread", "forked"],
)
def test_an_open_stream_does_not_keep_the_process(
    script: str, transport: str, sandbox: Sandbox, place: Place
) -> None:
    code = place()
    sandbox.advance(1)
    assert run(script, sandbox.url, code, transport) == (0, "CallingAgent\n", "")


@pytest.mark.parametrize(
    ("ending", "status", "last_line"),
    [
        ("sys.exit(3)", 3, []),
        ("sys.exit('bye')", 1, ["bye"]),
        ("1 / 0", 1, ["ZeroDivisionError: division by zero"]),
    ],
)
def test_the_process_may_end_in_any_way(
    ending: str, status: int, last_line: list[str], sandbox: Sandbox, place: Place
) -> None:
    code = place()
    sandbox.advance(1)
    returned, out, err = run(dedent(WATCH) + ending, sandbox.url, code, "webSockets")
    assert (returned, out) == (status, "CallingAgent\n")
    assert err.splitlines()[-1:] == last_line
    assert "buzzeasy" not in err


def test_a_service_that_no_longer_answers_does_not_keep_it(
    transport: str, sandbox: Sandbox, place: Place
) -> None:
    code = place()
    sandbox.advance(1)
    with (
        Proxy(sandbox.port) as proxy,
        start(dedent(WATCH) + "input()", proxy.url, code, transport) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "CallingAgent\n"
        proxy.swallowing = True
        began = time.monotonic()
        try:
            assert process.communicate("\n", timeout=20) == ("", "")
        finally:
            process.kill()
        assert time.monotonic() - began < 5
    assert process.returncode == 0
