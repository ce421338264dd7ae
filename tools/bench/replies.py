"""The canned replies, as .NET writes them, and the server that gives them."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SLOTS: Final = {"slot": 1, "slots1000": 1_000, "slots10000": 10_000}
NAMES: Final = ("small", *SLOTS)
"""What is asked for: a booking with ten fields, and lists of time slots. Each has its number as its path."""
_TEMPURI: Final = "http://tempuri.org/"
_DATA: Final = "http://schemas.datacontract.org/2004/07/RequestCallbackService"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def envelope(operation: str, members: str) -> bytes:
    result = f'<{operation}Result xmlns:a="{_DATA}" xmlns:i="{_XSI}">{members}</{operation}Result>'
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{operation}Response xmlns="{_TEMPURI}">{result}</{operation}Response></s:Body></s:Envelope>'
    ).encode()


def slots(count: int) -> str:
    """Half an hour each, one behind the other, sixteen a day from nine o'clock."""
    clocks = [f"{9 + n // 2:02}-{n % 2 * 30:02}-00" for n in range(17)]
    return "".join(
        f"<a:TimeSlot><a:Available>true</a:Available><a:TimeFrom>{day} {clocks[n % 16]}</a:TimeFrom>"
        f"<a:TimeSlotID>{n}</a:TimeSlotID><a:TimeTo>{day} {clocks[n % 16 + 1]}</a:TimeTo></a:TimeSlot>"
        for n in range(count)
        for day in [f"20{17 + n // 5376}-{n // 448 % 12 + 1:02}-{n // 16 % 28 + 1:02}"]
    )


def responses() -> list[bytes]:
    booked = "<a:ConfirmationCode>BZ1004</a:ConfirmationCode><a:ResultCode>0</a:ResultCode>"
    bodies = [envelope("RequestCallWhenAvailable", booked)]
    bodies += [envelope("GetAvailableTimes", slots(count)) for count in SLOTS.values()]
    head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/xml; charset=utf-8\r\n"
    head += "Server: Microsoft-HTTPAPI/2.0\r\nDate: Tue, 11 Apr 2017 08:00:00 GMT\r\n\r\n"
    return [(head % len(body)).encode() + body for body in bodies]


@contextmanager
def serving() -> Iterator[str]:
    """The server's root address. It runs on the last core, where `taskset` can have it so."""
    compiler = shutil.which("cc")
    if compiler is None:
        sys.exit("the bench's server is C: install a C compiler (cc)")
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, response in enumerate(responses()):
            files.append(Path(folder) / str(number))
            files[-1].write_bytes(response)
        program = Path(folder) / "server"
        subprocess.run([compiler, "-O2", "-o", program, HERE / "server.c"], check=True)
        with subprocess.Popen(
            [*on_core(-1), program, *files], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdin
            assert server.stdout
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
            server.stdin.close()


def on_core(number: int) -> list[str]:
    """What keeps a command on one core: clients on the first, the server on the last."""
    import os

    if not hasattr(os, "sched_getaffinity") or not shutil.which("taskset"):
        return []
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[number])]
