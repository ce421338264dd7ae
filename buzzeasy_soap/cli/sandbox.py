"""`buzzeasy sandbox`."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from buzzeasy_soap import Endpoints
from buzzeasy_soap.cli.output import OutputLost, say
from buzzeasy_soap.cli.run import Debug, told_plainly
from buzzeasy_soap.config import is_loopback


def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8064,
    speed: Annotated[float, typer.Option(help="How fast its clock runs: 10 makes 20 seconds 2.")] = 1.0,
    now: Annotated[
        dt.datetime | None,
        typer.Option(
            help="Time at which its clock starts, in the service's zone; the real time if left out.",
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"],
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with companies and rules.")] = None,
    database: Annotated[
        Path | None, typer.Option(help="SQLite file that keeps the state; readable by its owner alone.")
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="Host name to answer for beside localhost and --host; may be repeated."),
    ] = None,
    wsdl: Annotated[
        Path | None, typer.Option(help="Folder with a service's own WSDLs: speak that contract over SOAP.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Run the whole service on this machine: SOAP, REST, events and a console in the browser.

    Example: buzzeasy sandbox --now 2017-04-11T07:00 --speed 4
    """
    from buzzeasy_soap.extras import extra

    with told_plainly(debug=debug, calls=False):
        with extra("sandbox", "starlette", "uvicorn", "sqlalchemy", "phonenumbers"):
            from buzzeasy_soap.sandbox import SandboxConfig
            from buzzeasy_soap.sandbox.server import serve
        settings = SandboxConfig() if config is None else SandboxConfig.from_toml(config)

        def ready(url: str) -> None:
            lines = [f"Sandbox ready at {url}"]
            if not is_loopback(url):
                lines.insert(
                    0, f"WARNING: {url} can be reached from other machines, and so can all that it holds."
                )
            company, account = next(iter(settings.companies.items()))
            endpoints = Endpoints.sandbox(int(url.rpartition(":")[2]))
            exports = {
                "BUZZEASY_CALLBACK_URL": endpoints.callback_url,
                "BUZZEASY_INFO_URL": endpoints.info_url,
                "BUZZEASY_EVENTS_URL": endpoints.events_url,
                "BUZZEASY_COMPANY": company,
                "BUZZEASY_SERVICE_QUEUE": next(iter(account.queues)),
                "BUZZEASY_TIMEZONE": settings.timezone.key,
            }
            if account.published_password is not None:
                exports["BUZZEASY_PASSWORD"] = account.published_password
            lines += [f"export {name}={value}" for name, value in exports.items()]
            try:
                say("\n".join(lines))
            except OutputLost as lost:
                # It serves whether or not anybody reads on.
                lost.report()

        serve(
            settings,
            host=host,
            port=port,
            speed=speed,
            now=now,
            database=database,
            ready=ready,
            allow_hosts=allow_host or (),
            wsdl=wsdl,
        )
