"""Clients that are not this Python's: those whose tools are installed are set up in a folder of their own."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.client import APIROUTE, SET_UP, WSDL
from bench.replies import HERE

Command = list[str]


class Missing(Exception):
    """What a client needs is not here."""


def php() -> Command:
    """PHP's SoapClient."""
    program = _found("php")
    loaded = subprocess.run([program, "-m"], capture_output=True, text=True, check=False).stdout.split()
    if "soap" not in loaded:
        raise Missing("php has no soap extension")
    return [program, str(HERE / "client.php"), "php"]


def node() -> Command:
    """Node's soap, installed by npm as its lock file has it."""
    program, npm, folder = _found("node"), _found("npm"), SET_UP / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for each in (HERE / "node").iterdir():
        shutil.copy(each, folder)
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    return [program, str(folder / "client.cjs"), str(WSDL)]


def gsoap() -> Command:
    """gSOAP, which writes a client in C from the WSDL."""
    wsdl2h, soapcpp2, compiler, folder = _found("wsdl2h"), _found("soapcpp2"), _found("cc"), SET_UP / "gsoap"
    folder.mkdir(parents=True, exist_ok=True)
    _run([wsdl2h, "-c", "-o", "service.h", str(WSDL)], folder)
    _run([soapcpp2, "-c", "-C", "-L", "-x", "-w", "service.h"], folder)
    sources = ["soapC.c", "soapClient.c", str(HERE / "client.c")]
    _run([compiler, "-O2", "-I.", "-o", "client", *sources, "-lgsoap"], folder)
    return [str(folder / "client"), "gsoap"]


def apiroute() -> Command:
    """apiroute, which writes a client in Python from the WSDL."""
    program = Path(sys.executable).with_name("apiroute")
    _run([_found(str(program)), "generate", "wsdl", str(WSDL), "-o", str(APIROUTE), "--no-format"], HERE)
    return [sys.executable, str(HERE / "client.py"), "apiroute"]


OTHERS: Final[dict[str, Callable[[], Command]]] = {
    "PHP SoapClient": php,
    "Node soap": node,
    "gSOAP": gsoap,
    "apiroute": apiroute,
}


def set_up() -> dict[str, Command]:
    """The command of each that can be had; says why another cannot."""
    commands = {}
    for kind, prepare in OTHERS.items():
        try:
            commands[kind] = prepare()
        except Missing as missing:
            print(f"left out: {kind} ({missing})")
    return commands


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise Missing(f"{Path(program).name} is not installed")
    return path


def _run(command: Command, folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        last = done.stdout.strip().rpartition("\n")[2]
        raise Missing(f"{Path(command[0]).name} failed: {last}")
