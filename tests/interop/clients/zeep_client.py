"""zeep, with nothing of ours: python zeep_client.py CALLBACK_WSDL INFO_WSDL."""

import datetime as dt
import sys
from urllib.parse import quote, unquote

import zeep
import zeep.exceptions
import zeep.helpers

CALLBACK, INFO = (zeep.Client(wsdl) for wsdl in sys.argv[1:])
DATES = {"date", "time", "requestedDate"}


def query(record):
    pairs = []
    for name, value in zeep.helpers.serialize_object(record).items():
        shown = str(value).lower() if isinstance(value, bool) else value
        pairs.append(name if shown is None else f"{name}={quote(str(shown))}")
    return "&".join(pairs)


def answer(result):
    if result is None:
        return "nil?"
    if isinstance(result, bool):
        return f"result?={str(result).lower()}"
    if isinstance(result, int):
        return f"result?={result}"
    return "result?" + ("&".join(map(query, result)) if isinstance(result, list) else query(result))


for line in sys.stdin:
    operation, _, text = line.strip().partition("?")
    arguments = {}
    for pair in text.split("&"):
        name, given, value = pair.partition("=")
        arguments[name] = unquote(value) if given else zeep.xsd.Nil
        if name in DATES:
            arguments[name] = dt.datetime.fromisoformat(arguments[name])
    service = INFO if operation.startswith("GetCallData") else CALLBACK
    try:
        print(answer(service.service[operation](**arguments)))
    except zeep.exceptions.Fault as fault:
        print(f"fault?code={quote(fault.code)}&reason={quote(fault.message)}")
    sys.stdout.flush()
