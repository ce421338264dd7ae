"""The foreign stacks: how each is made ready and started, its version, and what it is known not to do."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as python_version
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, unquote

from attrs import define, field, frozen

from buzzeasy_soap.sandbox import Sandbox
from tests.interop.conftest import LIBRARIES, missing

CLIENTS = Path(__file__).parent / "clients"
CONTRACT = Path(__file__).parent / "Contract.cs"
MONO_WCF = "libmono-system-servicemodel4.0a-cil"
JAX_WS = "/usr/share/jaxws/lib/*"

Answer: TypeAlias = list[tuple[str, str | None]] | str | None
"""Members in order; a bare value; or None for a result that is null."""


class Fault(Exception):
    """The stranger says that it was given a fault, with this code."""


@frozen
class Addresses:
    """Where a service is, and which form of its WSDL to read."""

    callback: str
    info: str
    query: str

    @classmethod
    def of(cls, sandbox: Sandbox, query: str) -> "Addresses":
        return cls(
            f"{sandbox.url}/RequestCallbackService/Service.svc",
            f"{sandbox.url}/BuzzMeInfo/InfoService.svc",
            query,
        )

    @property
    def wsdls(self) -> list[str]:
        return [f"{self.callback}?{self.query}", f"{self.info}?{self.query}"]


@frozen
class Shortcoming:
    """What a stranger makes of a case instead, and why."""

    why: str
    instead: object


@frozen
class Stranger:
    """A client on a foreign stack."""

    name: str
    package: str
    """What to install where it is missing."""
    version: Callable[[], str]
    """Raises OSError, PackageNotFoundError or CalledProcessError where it is missing."""
    prepare: Callable[[Path, Addresses], Sequence[str]]
    """Generate and compile what must be, and give the command to run."""
    shortcomings: Mapping[str, Shortcoming] = field(factory=dict)


@define
class Talk:
    """A running client."""

    _process: "subprocess.Popen[str]"

    def __call__(self, operation: str, arguments: Mapping[str, object]) -> Answer:
        """Have an operation called; an argument of None is nil. Raises Fault."""
        given = "&".join(
            name if value is None else f"{name}={quote(str(value), safe='')}"
            for name, value in arguments.items()
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{operation}?{given}\n")
        self._process.stdin.flush()
        kind, _, text = self._process.stdout.readline().strip().partition("?")
        pairs = [pair.partition("=") for pair in text.split("&") if pair]
        answer = [
            (name, unquote(value.replace("+", " ")) if is_there else None) for name, is_there, value in pairs
        ]
        if kind == "nil":
            return None
        if kind == "fault":
            raise Fault(*[value for name, value in answer if name == "code"])
        assert kind == "result", (kind, answer)
        return answer[0][1] if answer and not answer[0][0] else answer


@contextmanager
def talking(stranger: Stranger, folder: Path, addresses: Addresses) -> Iterator[Talk]:
    """Start a client."""
    command = stranger.prepare(folder, addresses)
    with (folder / "stderr").open("w") as errors, subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8",
        env=environment(),
    ) as process:  # fmt: skip
        yield Talk(process)
        assert process.stdin is not None
        process.stdin.close()


def require(name: str, package: str, version: Callable[[], str]) -> str:
    """The version of a stack; skips, or fails on CI, where it is missing."""
    try:
        return version()
    except (OSError, PackageNotFoundError, subprocess.CalledProcessError):
        missing(f"{name} is not there, of {package}")
        raise


def environment() -> dict[str, str]:
    """For a stranger's process, in the service's zone: some stacks send every time in UTC, from their local one."""
    return {**os.environ, "TZ": "Europe/London", "NODE_PATH": str(LIBRARIES), "LC_ALL": "C.UTF-8"}


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def debian(package: str) -> Callable[[], str]:
    """The version of what has no command that would say it."""
    return lambda: output("dpkg-query", "-W", "-f=${Version}", package)


def npm(package: str) -> Callable[[], str]:
    return lambda: str(json.loads((LIBRARIES / package / "package.json").read_text())["version"])


def script(*command: str) -> Callable[[Path, Addresses], Sequence[str]]:
    *interpreter, name = command
    return lambda _, addresses: [*interpreter, str(CLIENTS / name), *addresses.wsdls]


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def mcs(folder: Path, *sources: Path) -> str:
    """Compile for Mono; gives the program."""
    names = ("ServiceModel", "ServiceModel.Web", "Runtime.Serialization")
    libraries = [f"-r:System.{name}.dll" for name in names]
    run(folder, "mcs", "-out:program.exe", *libraries, *map(str, sources))
    return str(folder / "program.exe")


def _gsoap(folder: Path, addresses: Addresses) -> Sequence[str]:
    run(folder, "wsdl2h", "-o", "service.h", *addresses.wsdls)
    run(folder, "soapcpp2", "-C", "-j", "service.h")
    sources = ["soapC.cpp", "soapBasicHttpBinding_USCOREIServiceProxy.cpp"]
    run(folder, "g++", "-O0", "-I.", "-o", "client", str(CLIENTS / "gsoap.cpp"), *sources, "-lgsoap++")
    return [str(folder / "client"), addresses.callback, addresses.info]


def _jax_ws(folder: Path, addresses: Addresses) -> Sequence[str]:
    for package, wsdl in zip(("callback", "info"), addresses.wsdls, strict=True):
        run(folder, "wsimport", "-quiet", "-Xnocompile", "-p", package, wsdl)
    generated = [str(source) for source in folder.glob("*/*.java")]
    run(folder, "javac", "-nowarn", "-d", ".", "-cp", JAX_WS, *generated, str(CLIENTS / "JaxWs.java"))
    return ["java", "-cp", f"{folder}:{JAX_WS}", "JaxWs", *addresses.wsdls]


def _mono(folder: Path, addresses: Addresses) -> Sequence[str]:
    program = mcs(folder, CLIENTS / "ChannelFactory.cs", CONTRACT)
    return ["mono", program, addresses.callback, addresses.info]


def _go(folder: Path, addresses: Addresses) -> Sequence[str]:
    run(folder, "go", "build", "-o", "client", str(CLIENTS / "net_http.go"))
    return [str(folder / "client"), addresses.callback, addresses.info]


def php_version() -> str:
    return output("php", "-r", 'if (!class_exists("SoapClient")) exit(1); echo PHP_VERSION;')


_NODE = {
    "no slot": Shortcoming("It takes an empty element for null.", None),
    "blanks read back": Shortcoming("It trims the texts that it reads.", "field1, two  blanks"),
}
_NOTHING = [
    (name, None)
    for name in (
        "ConfirmationCode", "CustomerName", "Retries", "ScheduledTime", "TimeCalled", "UserPhoneNo", "field1",
        "field10", *(f"field{n}" for n in range(2, 10)), "serviceQueue", "serviceQueueName",
    )
]  # fmt: skip
_ZEEP = {
    "no slot": Shortcoming("It takes an empty array for null, and null for an empty array.", None),
    "null for slots": Shortcoming("It takes an empty array for null, and null for an empty array.", []),
    "null for call data": Shortcoming("It makes an object of Nones out of null.", (_NOTHING, _NOTHING)),
}

STRANGERS = (
    Stranger("PHP SoapClient", "php-soap (apt)", php_version, script("php", "soap_client.php")),
    Stranger("Node soap", "soap (npm)", npm("soap"), script("node", "node_soap.js"), _NODE),
    Stranger("strong-soap", "strong-soap (npm)", npm("strong-soap"), script("node", "strong_soap.js"), _NODE),
    Stranger(
        "suds-community", "suds-community (pip)", lambda: python_version("suds-community"),
        script(sys.executable, "suds_client.py"),
        {"no slot": Shortcoming("It takes an empty element for an empty text, whatever its type.", "")},
    ),
    Stranger("zeep", "zeep (pip)", lambda: python_version("zeep"), script(sys.executable, "zeep_client.py"), _ZEEP),
    Stranger(
        "SOAP::Lite", "libsoap-lite-perl (apt)",
        lambda: output("perl", "-MSOAP::Lite", "-e", "print $SOAP::Lite::VERSION"), script("perl", "soap_lite.pl"),
    ),
    Stranger("gSOAP", "gsoap, libgsoap-dev, g++ (apt)", debian("libgsoap-dev"), _gsoap),
    Stranger("JAX-WS", "jaxws, default-jdk-headless (apt)", debian("jaxws"), _jax_ws),
    Stranger("WCF on Mono", f"mono-mcs, {MONO_WCF} (apt)", debian(MONO_WCF), _mono),
    Stranger("Go encoding/xml", "golang-go (apt)", lambda: output("go", "env", "GOVERSION"), _go),
)  # fmt: skip
