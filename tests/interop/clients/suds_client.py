"""suds-community: python suds_client.py CALLBACK_WSDL INFO_WSDL."""

import sys
from urllib.parse import quote, unquote

import suds
import suds.client
import suds.sudsobject

CALLBACK, INFO = (suds.client.Client(wsdl, cache=None) for wsdl in sys.argv[1:])


def query(record):
    pairs = []
    for name, value in suds.sudsobject.asdict(record).items():
        shown = str(value).lower() if isinstance(value, bool) else value
        pairs.append(name if shown is None else f"{name}={quote(str(shown))}")
    return "&".join(pairs)


def answer(result):
    if result is None:
        return "nil?"
    if isinstance(result, bool):
        return f"result?={str(result).lower()}"
    if not isinstance(result, suds.sudsobject.Object):
        return f"result?={quote(str(result))}"
    slots = getattr(result, "TimeSlot", None)
    return "result?" + (query(result) if slots is None else "&".join(map(query, slots)))


for line in sys.stdin:
    operation, _, text = line.strip().partition("?")
    arguments = {}
    for pair in text.split("&"):
        name, given, value = pair.partition("=")
        arguments[name] = unquote(value) if given else suds.null()
    service = INFO if operation.startswith("GetCallData") else CALLBACK
    try:
        print(answer(getattr(service.service, operation)(**arguments)))
    except suds.WebFault as error:
        fault = error.fault
        print(f"fault?code={quote(fault.faultcode)}&reason={quote(fault.faultstring)}")
    sys.stdout.flush()
