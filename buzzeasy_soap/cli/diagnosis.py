"""What `buzzeasy doctor` finds: versions, extras, settings, the network, and what cannot work. It calls no service."""

import difflib
import os
import platform
import re
import ssl
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Final, Literal
from urllib.parse import urlsplit

from attrs import frozen

from buzzeasy_soap import TLS, BuzzeasyClient, BuzzeasyError
from buzzeasy_soap.cli.words import in_words_of_command
from buzzeasy_soap.clients.environment import VARIABLES
from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.wire.proxies import Proxies, shown_proxy
from buzzeasy_soap.wire.transports.tls import ssl_context

DISTRIBUTION: Final = "buzzeasy-soap"
_REQUIREMENT: Final = re.compile(r"([A-Za-z0-9._-]+)(?:\[\w+\])?(?:>=([0-9.]+))?(?:; extra == .(\w+).)?")
_FOR_DEVELOPERS: Final = ("bench", "dev", "interop", "release")


@frozen
class Finding:
    """One thing that was looked at."""

    about: Literal["version", "extra", "setting", "network", "use"]
    name: str
    result: Literal["ok", "off", "failed"]
    """`off` is what is neither there nor needed: a setting, an extra, and what depends on it."""
    detail: str


def examine() -> list[Finding]:
    """Look at everything."""
    return [*_versions(), *_extras(), *_settings(), *_network(), *_uses()]


def _versions() -> Iterator[Finding]:
    yield Finding("version", "python", "ok", f"{platform.python_version()}, {sys.executable}")
    yield Finding("version", DISTRIBUTION, "ok", metadata.version(DISTRIBUTION))
    for library, least in _requirements()[""].items():
        found, problem = _installed(library, least)
        yield Finding("version", library, "failed" if problem else "ok", problem or found)


def _extras() -> Iterator[Finding]:
    for extra, libraries in _requirements().items():
        if not extra or extra in _FOR_DEVELOPERS:
            continue
        found, problems = zip(*(_installed(*library) for library in libraries.items()), strict=True)
        if any(problems):
            detail = f'{", ".join(filter(None, problems))}: pip install "{DISTRIBUTION}[{extra}]"'
            yield Finding("extra", f"[{extra}]", "off", detail)
        else:
            yield Finding(
                "extra", f"[{extra}]", "ok", ", ".join(map(" ".join, zip(libraries, found, strict=True)))
            )


def _requirements() -> dict[str, dict[str, str]]:
    """The least versions of the libraries that this package needs here, by extra; those of none under ""."""
    by_extra: dict[str, dict[str, str]] = {"": {}}
    for line in metadata.requires(DISTRIBUTION) or ():
        match = _REQUIREMENT.fullmatch(line)
        if match is not None:  # what has another marker is for another platform
            by_extra.setdefault(match[3] or "", {})[match[1]] = match[2] or ""
    return by_extra


def _installed(library: str, least: str) -> tuple[str, str]:
    """The version of a library, and what is wrong with it, if anything."""
    try:
        version = metadata.version(library)
    except metadata.PackageNotFoundError:
        return "", f"{library} is not installed"
    return version, f"{library} {version} is older than {least}" if _is_older(version, least) else ""


def _is_older(version: str, least: str) -> bool:
    numbers, least_numbers = ([int(n) for n in re.findall(r"[0-9]+", text)] for text in (version, least))
    return numbers < least_numbers


def _settings() -> Iterator[Finding]:
    for variable in VARIABLES.values():
        value = os.environ.get(variable.name)
        if value:
            shown = "set, not shown" if variable.secret else _shown(value)
            yield Finding("setting", variable.name, "ok", shown)
        elif variable.required and not _is_set(variable.setting):
            yield Finding("setting", variable.name, "failed", f"not set: {variable.help}")
        else:
            default = f", default: {variable.default}" if variable.default else ""
            yield Finding("setting", variable.name, "off", f"not set{default}")
    for name in sorted(os.environ):
        if name.startswith("BUZZEASY_") and name not in VARIABLES:
            close = difflib.get_close_matches(name, VARIABLES, 1)
            meant = f"; did you mean {close[0]}?" if close else ""
            yield Finding("setting", name, "off", f"not a setting of this package{meant}")


def _shown(value: str) -> str:
    """A setting without what may be a password in it: of an address with a query, its scheme and host."""
    if not any(mark in value for mark in "?#@"):
        return value
    start = re.match(r"\w+://[^/?#]+", value)
    return f"{start[0]}/…" if start and "@" not in value else "set, not shown"


def _is_set(setting: str) -> bool:
    return any(os.environ.get(each.name) for each in VARIABLES.values() if each.setting == setting)


def _network() -> Iterator[Finding]:
    addresses = {
        name: os.environ[name] for name in VARIABLES if name.endswith("_URL") and os.environ.get(name)
    }
    for name, url in addresses.items():
        yield _proxy(name, url)
    yield _authorities(needed=any(url.lower().startswith("https:") for url in addresses.values()))


def _proxy(name: str, url: str) -> Finding:
    try:
        proxy = Proxies.of_environment().for_url(url)
    except BuzzeasyError as error:
        return Finding("network", f"proxy for {name}", "failed", in_words_of_command(error))
    except ValueError:
        return Finding("network", f"proxy for {name}", "failed", "not an address")
    if proxy is None:
        return Finding("network", f"proxy for {name}", "ok", "none: reached directly")
    scheme = urlsplit(proxy).scheme
    detail = f"{scheme}://{shown_proxy(proxy)}"
    if scheme.startswith("socks"):
        return Finding("network", f"proxy for {name}", "failed", f"{detail}: the command cannot use SOCKS")
    return Finding("network", f"proxy for {name}", "ok", detail)


def _authorities(*, needed: bool) -> Finding:
    given = os.environ.get("BUZZEASY_CA_BUNDLE") or None
    try:
        context = ssl_context(TLS(ca_bundle=given))
    except BuzzeasyError as error:
        return Finding("network", "certificate authorities", "failed", in_words_of_command(error))
    paths = ssl.get_default_verify_paths()
    place = given or paths.cafile or paths.capath
    if not place and not context.cert_store_stats()["x509_ca"]:
        result: Literal["off", "failed"] = "failed" if needed else "off"
        return Finding("network", "certificate authorities", result, "none found: set BUZZEASY_CA_BUNDLE")
    return Finding("network", "certificate authorities", "ok", place or "the system's trust store")


def _uses() -> Iterator[Finding]:
    yield _contract()
    try:
        BuzzeasyClient.from_env().close()
    except BuzzeasyError as error:
        yield Finding("use", "calls", "failed", in_words_of_command(error))
    else:
        yield Finding("use", "calls", "ok", "not tried: `buzzeasy check` calls the service")
    yield _use("watch", "events", set_up=_is_set("events_url"), why="BUZZEASY_EVENTS_URL is not set")
    yield _use("campaign", "ledger")
    yield _use("sandbox", "sandbox")
    yield _use("demo", "sandbox", "events")


def _contract() -> Finding:
    try:
        changed = [name for documents in read_documents() for name in documents.mismatches()]
    except BuzzeasyError as error:
        return Finding("use", "contract", "failed", in_words_of_command(error))
    if changed:
        return Finding("use", "contract", "failed", f"changed since it was installed: {', '.join(changed)}")
    return Finding("use", "contract", "ok", "complete")


def _use(name: str, *extras: str, set_up: bool = True, why: str = "") -> Finding:
    """Whether a subcommand can work; an extra that is missing is a fault only of what is set up to need it."""
    requirements = _requirements()
    missing = [e for e in extras if any(_installed(*library)[1] for library in requirements[e].items())]
    if missing:
        detail = f'pip install "{DISTRIBUTION}[{",".join(missing)}]"'
        return Finding("use", name, "failed" if set_up and why else "off", detail)
    return Finding("use", name, "ok", "") if set_up else Finding("use", name, "off", why)
