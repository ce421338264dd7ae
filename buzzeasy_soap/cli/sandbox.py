"""`buzzeasy sandbox`."""

import datetime as dt
import shlex
from pathlib import Path
from typing import Annotated

import typer

from buzzeasy_soap.cli import values
from buzzeasy_soap.cli.output import OutputLost, say
from buzzeasy_soap.cli.run import Debug, plain_errors
from buzzeasy_soap.config import is_loopback
from buzzeasy_soap.contract import SERVICES


def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 picks a free one.")] = 8064,
    speed: Annotated[float, typer.Option(help="Speed of its clock; with 10, 20 seconds take 2.")] = 1.0,
    now: Annotated[
        dt.datetime | None,
        typer.Option(
            help="Start time of its clock, in the service's time zone; default: the real time.",
            parser=values.moment,
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with companies and rules.")] = None,
    database: Annotated[
        Path | None, typer.Option(help="SQLite file for the state, readable only by its owner.")
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="Host name to accept besides localhost and --host; may be repeated."),
    ] = None,
    wsdl: Annotated[
        Path | None, typer.Option(help="Folder with a service's own WSDLs: speak that contract over SOAP.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Run the whole service on this machine: SOAP, REST, events and a web console.

    Example: buzzeasy sandbox --now 2017-04-11T07:00 --speed 4
    """
    with plain_errors(debug=debug, calls=False):
        from buzzeasy_soap.sandbox import SandboxConfig
        from buzzeasy_soap.sandbox.server import serve

        settings = SandboxConfig() if config is None else SandboxConfig.from_toml(config)

        def ready(url: str) -> None:
            reachable = _reachable(url)
            lines = [f"Sandbox ready at {reachable}"]
            if not is_loopback(url):
                lines.insert(0, f"WARNING: other machines can reach {url} and all data in this sandbox.")
            company, account = next(iter(settings.companies.items()))
            exports = {
                **{
                    f"BUZZEASY_{service.endpoint.upper()}": reachable + service.path
                    for service in sorted(SERVICES.values(), key=lambda each: each.endpoint)
                },
                "BUZZEASY_EVENTS_URL": reachable,
                "BUZZEASY_COMPANY": company,
                "BUZZEASY_SERVICE_QUEUE": next(iter(account.queues)),
                "BUZZEASY_TIMEZONE": settings.timezone.key,
            }
            if account.published_password is not None:
                exports["BUZZEASY_PASSWORD"] = account.published_password
            if not is_loopback(reachable):
                exports["BUZZEASY_ALLOW_INSECURE"] = "1"
            lines += [f"export {name}={shlex.quote(str(value))}" for name, value in exports.items()]
            try:
                say("\n".join(lines))
            except OutputLost as lost:
                # The sandbox runs even if nobody reads its output.
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


def _reachable(url: str) -> str:
    """The address by which this machine reaches a sandbox: `0.0.0.0` and `::` stand for all addresses."""
    return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
