"""One service in a process of its own: `service.py KIND FOLDER` prints its address, then, for each line, its CPU seconds.

All kinds hold the same: a company with a password and service queues, and twenty slots a day less those that are
full. spyne's is written as its documentation has it, over waitress, and keeps its bookings in a dict.
"""

import datetime as dt
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

NOW: Final = dt.datetime(2017, 4, 11, 8, 45)  # noqa: DTZ001 - the service's own time
HALF_AN_HOUR: Final = dt.timedelta(minutes=30)
PLACES: Final = 3
FIELDS: Final = [f"field{number}" for number in range(1, 11)]
TEMPURI: Final = "http://tempuri.org/"
DATA: Final = "http://schemas.datacontract.org/2004/07/RequestCallbackService"


def sandbox(folder: Path, *, is_stored: bool) -> str:
    """This package's sandbox; its calls go on meanwhile."""
    from buzzeasy_soap.sandbox import Sandbox

    running = Sandbox(now=NOW, database=folder / "bench.sqlite" if is_stored else None)
    return f"{running.url}/RequestCallbackService/Service.svc"


def spyne(_: Path) -> str:
    """A service on spyne."""
    import waitress  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from spyne import (  # type: ignore[import-untyped, import-not-found, unused-ignore]
        Application,
        Array,
        Boolean,
        ComplexModel,
        DateTime,
        Integer32,
        ServiceBase,
        Unicode,
        rpc,
    )
    from spyne.protocol.soap import Soap11  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from spyne.server.wsgi import WsgiApplication  # type: ignore[import-untyped, import-not-found, unused-ignore]

    class ResponseMessage(ComplexModel):  # type: ignore[misc]
        __namespace__ = DATA
        ConfirmationCode = Unicode
        ResultCode = Integer32

    class TimeSlot(ComplexModel):  # type: ignore[misc]
        __namespace__ = DATA
        Available = Boolean
        TimeFrom = Unicode
        TimeSlotID = Integer32
        TimeTo = Unicode

    placed: dict[str, tuple[Any, ...]] = {}
    full: Counter[tuple[dt.date, int]] = Counter()

    def admits(queue: int, company: int, password: str) -> bool:
        return (queue, company, password) == (1, 1, "P@ssword")

    class Service(ServiceBase):  # type: ignore[misc]
        @rpc(
            *[Unicode] * 2, *[Integer32] * 2, *[Unicode] * 12,
            _args=("name", "phoneNo", "serviceQueue", "company", "password", "region", *FIELDS),
            _operation_name="RequestCallWhenAvailable",
            _out_variable_name="RequestCallWhenAvailableResult",
            _returns=ResponseMessage,
        )  # type: ignore[untyped-decorator, unused-ignore]  # fmt: skip
        def book(_: Any, name: Any, number: Any, queue: int, company: int, password: str, *rest: Any) -> Any:  # noqa: N805
            if not admits(queue, company, password):
                return ResponseMessage(ResultCode=-1)
            code = f"BZ{len(placed) + 1001}"
            placed[code] = (name, number, rest, dt.datetime.now(dt.UTC))
            return ResponseMessage(ConfirmationCode=code, ResultCode=0)

        @rpc(
            Integer32, Integer32, Unicode, DateTime,
            _args=("serviceQueue", "company", "password", "requestedDate"),
            _operation_name="GetAvailableTimes",
            _out_variable_name="GetAvailableTimesResult",
            _returns=Array(TimeSlot),
        )  # type: ignore[untyped-decorator, unused-ignore]  # fmt: skip
        def times(_: Any, queue: int, company: int, password: str, day: dt.datetime) -> Any:  # noqa: N805
            if not admits(queue, company, password):
                return None
            opens = dt.datetime.combine(day.date(), dt.time(8))
            half_hours = [(id, opens + (id - 1) * HALF_AN_HOUR) for id in range(1, 21)]
            return [
                TimeSlot(
                    Available=True,
                    TimeFrom=f"{start:%Y-%m-%d %H-%M-%S}",
                    TimeSlotID=id,
                    TimeTo=f"{start + HALF_AN_HOUR:%Y-%m-%d %H-%M-%S}",
                )
                for id, start in half_hours
                if start >= NOW and full[start.date(), id] < PLACES
            ]

    protocol = {"in_protocol": Soap11(validator="soft"), "out_protocol": Soap11()}
    application = WsgiApplication(Application([Service], TEMPURI, **protocol))
    server = waitress.create_server(application, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    return f"http://127.0.0.1:{server.effective_port}/"


KINDS: Final[dict[str, Callable[[Path], str]]] = {
    "ours, in memory": lambda folder: sandbox(folder, is_stored=False),
    "ours, with a database": lambda folder: sandbox(folder, is_stored=True),
    "spyne on waitress, in memory": spyne,
}


def main() -> None:
    kind, folder = sys.argv[1:]
    print(KINDS[kind](Path(folder)), flush=True)
    for _ in sys.stdin:
        print(time.process_time(), flush=True)


if __name__ == "__main__":
    main()
