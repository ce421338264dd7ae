"""Kills a sandbox with SIGKILL at random moments under load, and counts what it lost.

    python tools/kill_test.py --kills 100

Each kill: a sandbox is started on one database, threads place callbacks as fast as they can, and
after a random time the process is killed. What had been acknowledged, with its confirmation code
and a unique reference, must be in the sandbox that is started next on the same database.
"""

import argparse
import http.client
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from attrs import define, field

from buzzeasy_soap.contract import request_callback_service as callback
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.redaction import Secret

SERVER = """
import sys
from pathlib import Path
from buzzeasy_soap.sandbox import SandboxConfig
from buzzeasy_soap.sandbox.server import serve

serve(SandboxConfig(), host="127.0.0.1", port=0, speed=1.0, now=None, database=Path(sys.argv[1]),
      ready=lambda url: print(url, flush=True))
"""
PATH = "/RequestCallbackService/Service.svc"


@define
class Tally:
    """What was done to a database, and what it kept."""

    kills: int = 0
    acknowledged: dict[str, str] = field(factory=dict)
    """References by confirmation code."""
    given_twice: int = 0
    """Confirmation codes that were given to two requests."""
    found: int = 0
    lost: int = 0
    unacknowledged: int = 0
    """Calls in the store whose answers never came: the process died before."""

    def table(self) -> str:
        """The figures, a line each."""
        figures = {
            "kills": self.kills,
            "acknowledged": len(self.acknowledged),
            "found": self.found,
            "lost": self.lost,
            "codes given twice": self.given_twice,
            "stored, not acknowledged": self.unacknowledged,
        }
        return "\n".join(f"{name:<26}{figure:>8}" for name, figure in figures.items())


class Server:
    """A sandbox in a process of its own."""

    def __init__(self, database: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(database)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        url = self._process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the sandbox did not start")
        self.address = url.removeprefix("http://")

    def end(self, with_signal: signal.Signals) -> int:
        """Send it a signal; its exit status."""
        self._process.send_signal(with_signal)
        status = self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status

    def get(self, path: str) -> Any:
        """What an address answers, as JSON."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        try:
            connection.request("GET", path)
            return json.load(connection.getresponse())
        finally:
            connection.close()


def place_callbacks(address: str, tally: Tally, lock: threading.Lock) -> None:
    """Place callbacks one after another until the server is gone."""
    binding, operation = SoapBinding(), callback.REQUEST_CALL_WHEN_AVAILABLE
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        while True:
            reference = str(uuid.uuid4())
            record = callback.RequestCallWhenAvailable(
                name="Ada", phone_no="+447700900123", service_queue=1, company=1,
                password=Secret("P@ssword"), field1=reference,
            )  # fmt: skip
            response = _send(connection, binding.encode(operation, record, f"http://{address}{PATH}"))
            answer = binding.decode(operation, record, response).request_call_when_available_result
            assert isinstance(answer, callback.ResponseMessage) and answer.result_code == 0
            code = str(answer.confirmation_code)
            with lock:
                tally.given_twice += code in tally.acknowledged
                tally.acknowledged[code] = reference
    except (OSError, http.client.HTTPException):
        return
    finally:
        connection.close()


def _send(connection: http.client.HTTPConnection, request: HttpRequest) -> HttpResponse:
    connection.request(request.method, PATH, request.body, dict(request.headers))
    reply = connection.getresponse()
    headers = {name.lower(): value for name, value in reply.getheaders()}
    return HttpResponse(reply.status, headers, reply.read())


def run(database: Path, *, kills: int, seed: int, threads: int = 4, longest: float = 0.5) -> Tally:
    """Kill `kills` sandboxes on one database, and compare what the last one has."""
    moments = random.Random(seed)  # noqa: S311 - moments, not secrets
    tally, lock = Tally(), threading.Lock()
    for _ in range(kills):
        server = Server(database)
        load = [
            threading.Thread(target=place_callbacks, args=(server.address, tally, lock))
            for _ in range(threads)
        ]
        for thread in load:
            thread.start()
        time.sleep(moments.uniform(0.0, longest))
        server.end(signal.SIGKILL)
        tally.kills += 1
        for thread in load:
            thread.join()
    server = Server(database)
    stored = {call["confirmation_code"]: call["fields"][0] for call in server.get("/sandbox/calls")}
    server.end(signal.SIGTERM)
    for code, reference in tally.acknowledged.items():
        if stored.get(code) == reference:
            tally.found += 1
        else:
            tally.lost += 1
    tally.unacknowledged = len(stored.keys() - tally.acknowledged.keys())
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        tally = run(Path(directory, "sandbox.db"), kills=arguments.kills, seed=arguments.seed)
    print(tally.table())
    return 1 if tally.lost or tally.given_twice else 0


if __name__ == "__main__":
    sys.exit(main())
