"""What became of a call, in short: behind an HTTP status of 200 there is often a refusal."""

from typing import Any

from attrs import frozen

from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callback
from buzzeasy_soap.enums import ResultCode
from buzzeasy_soap.wire.operation import Operation


@frozen
class Result:
    """The result of a call."""

    text: str
    is_success: bool


def named(code: ResultCode) -> str:
    """A result code with its name: `5 IN_BLACK_LIST`."""
    return f"{code:d} {code.name}"


def result_of(operation: Operation[Any, Any], response: object) -> Result:
    """The result in a response record."""
    match getattr(response, operation.result or "", None):
        case callback.ResponseMessage(result_code=int(code)):
            return Result(named(ResultCode(code)), code == ResultCode.SUCCESSFUL)
        case callback.ArrayOfTimeSlot(time_slot=slots):
            return Result(f"{len(slots or ())} slots", is_success=True)
        case info.CallData(confirmation_code=code):
            return Result(str(code), is_success=True)
        case bool(done):
            return Result(str(done).lower(), done)
        case int(minutes):
            return Result(str(minutes), minutes >= 0)
        case _:
            return Result("nil", is_success=False)
