"""zeep, with no code of ours, given nothing but the address of the sandbox's WSDL."""

import datetime as dt

import pytest
import zeep
from lxml import etree

from buzzeasy_soap.sandbox import Sandbox


@pytest.mark.parametrize("query", ["wsdl", "singleWsdl"])
def test_zeep_calls_all_eight_operations(sandbox: Sandbox, query: str) -> None:
    callback = zeep.Client(f"{sandbox.url}/RequestCallbackService/Service.svc?{query}")
    info = zeep.Client(f"{sandbox.url}/BuzzMeInfo/InfoService.svc?{query}")
    nine = dt.datetime(2017, 4, 11, 9)

    placed = callback.service.RequestCallWhenAvailable(
        name="Ada", phoneNo="+447700900123", serviceQueue=1, company=1, password="P@ssword", field2="x"
    )
    assert placed.ResultCode == 0
    booked = callback.service.RequestCallSchedule(
        name="Bob", phoneNo="07700900124", timeslot=4, date=nine, serviceQueue=2, company=1,
        password="Password", region="GB",
    )  # fmt: skip
    assert booked.ResultCode == 0
    times = callback.service.GetAvailableTimes(1, 1, "P@ssword", nine)
    assert [time.TimeSlotID for time in times] == list(range(3, 21))
    assert len(callback.service.GetNextThreeTimeSlots(1, nine, 1, "P@ssword")) == 3
    assert callback.service.UpdateEWTRecord(1, 12, 1, "P@ssword") is True
    assert callback.service.GetEWTByServiceID(1, 1, "P@ssword") == 12
    data = info.service.GetCallDataByNumber("+447700900124", 1, "P@ssword")
    assert (data.ConfirmationCode, data.serviceQueueName) == (booked.ConfirmationCode, "Support")
    pin = sandbox.calls()[0]["pin"]
    data = info.service.GetCallDataByPin(pin, 1, "P@ssword")
    assert (data.ConfirmationCode, data.field2) == (placed.ConfirmationCode, "field2,x")
    # zeep shows nil as an object of Nones, so the wire is looked at.
    with info.settings(raw_response=True):
        for reply in (
            info.service.GetCallDataByNumber("+447700900125", 1, "P@ssword"),
            info.service.GetCallDataByPin("1", 1, "P@ssword"),
        ):
            (result,) = etree.fromstring(reply.content)[0][0]
            assert result.get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"
            assert len(result) == 0
    callback.transport.session.close()
    info.transport.session.close()
