"""A client for the Buzzeasy callback platform, generated from its WSDL."""

from typing import TYPE_CHECKING

from buzzeasy_soap.config import TLS, Retry, Timeout
from buzzeasy_soap.enums import CallStatus, Outcome, ReconciliationState, Region, ResultCode
from buzzeasy_soap.errors import (
    AuthenticationFailed,
    BuzzeasyError,
    CallbackRejected,
    ConfigurationError,
    ConnectFailed,
    ConnectionLost,
    EventStreamLost,
    InBlackList,
    InvalidNumberFormat,
    InvalidRequest,
    LeaseExpired,
    LedgerError,
    NotInWhiteList,
    OutcomeUnknown,
    OutOfHours,
    ProtocolError,
    RequestRefused,
    RequestTimeout,
    ServiceFault,
    TransportError,
    UnableToConnect,
)
from buzzeasy_soap.models import (
    CallbackRequest,
    CallData,
    CallUpdate,
    Confirmation,
    Field,
    Reconciliation,
    TimeSlot,
)

if TYPE_CHECKING:
    from buzzeasy_soap.clients.aio import AsyncBuzzeasyClient
    from buzzeasy_soap.clients.blocking import BuzzeasyClient
    from buzzeasy_soap.clients.endpoints import Endpoints
    from buzzeasy_soap.clients.raw import RawResponse
    from buzzeasy_soap.wire.policy import ExchangeRecord
    from buzzeasy_soap.wire.redaction import Secret

    __version__: str

__all__ = [
    "TLS",
    "AsyncBuzzeasyClient",
    "AuthenticationFailed",
    "BuzzeasyClient",
    "BuzzeasyError",
    "CallData",
    "CallStatus",
    "CallUpdate",
    "CallbackRejected",
    "CallbackRequest",
    "ConfigurationError",
    "Confirmation",
    "ConnectFailed",
    "ConnectionLost",
    "Endpoints",
    "EventStreamLost",
    "ExchangeRecord",
    "Field",
    "InBlackList",
    "InvalidNumberFormat",
    "InvalidRequest",
    "LeaseExpired",
    "LedgerError",
    "NotInWhiteList",
    "OutOfHours",
    "Outcome",
    "OutcomeUnknown",
    "ProtocolError",
    "RawResponse",
    "Reconciliation",
    "ReconciliationState",
    "Region",
    "RequestRefused",
    "RequestTimeout",
    "ResultCode",
    "Retry",
    "Secret",
    "ServiceFault",
    "TimeSlot",
    "Timeout",
    "TransportError",
    "UnableToConnect",
]

# Imported on first use: lxml and the generated contract take longer to import than everything else,
# and tools/regenerate.py must run even if the generated contract is broken.
_LAZY = {
    "AsyncBuzzeasyClient": "buzzeasy_soap.clients.aio",
    "BuzzeasyClient": "buzzeasy_soap.clients.blocking",
    "Endpoints": "buzzeasy_soap.clients.endpoints",
    "ExchangeRecord": "buzzeasy_soap.wire.policy",
    "RawResponse": "buzzeasy_soap.clients.raw",
    "Secret": "buzzeasy_soap.wire.redaction",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("buzzeasy-soap")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
