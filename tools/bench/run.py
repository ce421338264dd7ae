"""Ratios of engines, protocols and transports, side by side in one run.

    python tools/bench/run.py [--rounds 15] [--calls 200]

Each round measures every row in turn: the CPU time of this process for one small call (GetEWTByServiceID)
on a kept connection, against a server in a process of its own that costs next to nothing. What is
printed is the median over the rounds of the ratio to zeep, round by round, so a machine whose speed
drifts does not matter. Start-up is measured likewise, as whole processes.
"""

import argparse
import asyncio
import atexit
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import zeep

from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, Endpoints
from buzzeasy_soap.description.documents import packaged_directory

ACCOUNT = {"company": 1, "password": "P@ssword", "service_queue": 1}
BASELINE = "zeep alone (its client, its requests transport)"


def rows(endpoints: Endpoints) -> dict[str, Callable[[int], None]]:
    """Each way to make a number of calls."""
    wsdl = packaged_directory() / "RequestCallbackService.wsdl"
    service = zeep.Client(str(wsdl)).create_service(
        "{http://tempuri.org/}BasicHttpBinding_IService", endpoints.callback_url
    )

    def alone(calls: int) -> None:
        for _ in range(calls):
            service.GetEWTByServiceID(serviceQueueID=1, companyID=1, password="P@ssword")  # noqa: S106

    def blocking(**options: object) -> Callable[[int], None]:
        client = BuzzeasyClient(endpoints=endpoints, **ACCOUNT, **options)  # type: ignore[arg-type]

        def run(calls: int) -> None:
            for _ in range(calls):
                client.get_ewt_by_service_id()

        return run

    loop = asyncio.new_event_loop()

    def asynchronous(protocol: str) -> Callable[[int], None]:
        client = AsyncBuzzeasyClient(endpoints=endpoints, **ACCOUNT, protocol=protocol)  # type: ignore[arg-type]
        atexit.register(lambda: loop.run_until_complete(client.close()))

        async def all_of(calls: int) -> None:
            for _ in range(calls):
                await client.get_ewt_by_service_id()

        return lambda calls: loop.run_until_complete(all_of(calls))

    return {
        BASELINE: alone,
        "engine zeep, requests": blocking(engine="zeep"),
        "SOAP, requests": blocking(),
        "SOAP, curl": blocking(transport="curl"),
        "SOAP, aiohttp": asynchronous("soap"),
        "REST, requests": blocking(protocol="rest"),
        "REST, curl": blocking(protocol="rest", transport="curl"),
        "REST, aiohttp": asynchronous("rest"),
    }


START_UP = {
    "import zeep": "import zeep",
    "import buzzeasy_soap": "import buzzeasy_soap",
    "a SOAP client on requests": "CLIENT()",
    "a SOAP client on curl": "CLIENT(transport='curl')",
    "a client on zeep": "CLIENT(engine='zeep')",
}
CLIENT = (
    "from buzzeasy_soap import BuzzeasyClient, Endpoints\n"
    "def CLIENT(**o): BuzzeasyClient(endpoints=Endpoints.sandbox(), company=1, password='x', **o)\n"
)


def start_up(code: str) -> float:
    source = CLIENT + code if "CLIENT" in code else code
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", source], check=True)
    return time.perf_counter() - started


def report(title: str, unit: str, measured: dict[str, list[float]]) -> None:
    """Medians of the ratios to the first row, round by round."""
    baseline = next(iter(measured.values()))
    print(f"\n{title}")
    for name, values in measured.items():
        ratios = [value / base for value, base in zip(values, baseline, strict=True)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(
            f"  {statistics.median(ratios):5.2f}  ({spread})  {statistics.median(values) * 1000:7.2f} {unit}  {name}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=200)
    options = parser.parse_args()
    server = Path(__file__).with_name("server.py")
    with subprocess.Popen(
        [sys.executable, str(server)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdin
        ways = rows(Endpoints.sandbox(int(process.stdout.readline())))
        for run in ways.values():
            run(20)
        measured: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(options.rounds):
            for name, run in ways.items():
                started = time.process_time()
                run(options.calls)
                measured[name].append((time.process_time() - started) / options.calls)
        process.stdin.close()
    report("CPU time for one call, as a ratio to zeep's (least to greatest)", "ms", measured)
    started_up: dict[str, list[float]] = {name: [] for name in START_UP}
    for _ in range(options.rounds):
        for name, code in START_UP.items():
            started_up[name].append(start_up(code))
    report("Start-up as a whole process, as a ratio to `import zeep`", "ms", started_up)


if __name__ == "__main__":
    main()
