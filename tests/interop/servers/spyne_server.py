"""The service on spyne, which writes null by leaving out: python spyne_server.py PORT."""

import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

from spyne import (
    Application,
    Boolean,
    ComplexModel,
    DateTime,
    Fault,
    Integer32,
    ServiceBase,
    Unicode,
    rpc,
)
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

CALLBACK_DATA = "http://schemas.datacontract.org/2004/07/RequestCallbackService"
INFO_DATA = "http://schemas.datacontract.org/2004/07/BuzzMeInfo"
FIELDS = [f"field{n}" for n in range(1, 11)]


class ResponseMessage(ComplexModel):
    __namespace__ = CALLBACK_DATA
    ConfirmationCode = Unicode
    ResultCode = Integer32


class TimeSlot(ComplexModel):
    __namespace__ = CALLBACK_DATA
    Available = Boolean
    TimeFrom = Unicode
    TimeSlotID = Integer32
    TimeTo = Unicode


class ArrayOfTimeSlot(ComplexModel):
    __namespace__ = CALLBACK_DATA
    TimeSlot = TimeSlot.customize(max_occurs="unbounded")


class CallData(ComplexModel):
    __namespace__ = INFO_DATA
    _type_info = [
        ("ConfirmationCode", Unicode),
        ("CustomerName", Unicode),
        ("Retries", Integer32),
        ("ScheduledTime", Unicode),
        ("TimeCalled", Unicode),
        ("UserPhoneNo", Unicode),
        ("field1", Unicode),
        ("field10", Unicode),
        *((f"field{n}", Unicode) for n in range(2, 10)),
        ("serviceQueue", Integer32),
        ("serviceQueueName", Unicode),
    ]


CALLS, EWT = [], [0]


def knows(company, password):
    return company == 1 and password == "P@ssword"


def place(company, password, name, phone_no, scheduled, fields):
    if not knows(company, password):
        return ResponseMessage(ResultCode=-1)
    if name == "fault":
        raise Fault("Server", "No desk is free")
    if phone_no.endswith("103"):
        return ResponseMessage(ResultCode=3)
    code = f"SP{1000 + len(CALLS)}"
    given = dict(zip(FIELDS, fields, strict=True))
    CALLS.append(
        CallData(
            ConfirmationCode=code,
            CustomerName=name,
            UserPhoneNo=phone_no,
            ScheduledTime=scheduled,
            Retries=0,
            **given,
        )
    )
    return ResponseMessage(ConfirmationCode=code, ResultCode=0)


def slots(company, password, after, most):
    if not knows(company, password):
        return None
    clock = [f"{after:%Y-%m-%d} {8 + half // 2:02}-{half % 2 * 30:02}-00" for half in range(2, 3 + most)]
    return ArrayOfTimeSlot(
        TimeSlot=[
            TimeSlot(Available=True, TimeFrom=clock[n], TimeSlotID=3 + n, TimeTo=clock[n + 1])
            for n in range(most if after.hour < 19 else 0)
        ]
    )


TEXTS = [Unicode] * 10


class Callback(ServiceBase):
    @rpc(Unicode, Unicode, Integer32, Integer32, Unicode, Unicode, *TEXTS, _returns=ResponseMessage)
    def RequestCallWhenAvailable(
        ctx,
        name,
        phoneNo,
        serviceQueue,
        company,
        password,
        region,
        field1,
        field2,
        field3,
        field4,
        field5,
        field6,
        field7,
        field8,
        field9,
        field10,
    ):
        fields = (field1, field2, field3, field4, field5, field6, field7, field8, field9, field10)
        return place(company, password, name, phoneNo, None, fields)

    @rpc(
        Unicode,
        Unicode,
        Integer32,
        DateTime,
        Integer32,
        Integer32,
        Unicode,
        Unicode,
        *TEXTS,
        _returns=ResponseMessage,
    )
    def RequestCallSchedule(
        ctx,
        name,
        phoneNo,
        timeslot,
        date,
        serviceQueue,
        company,
        password,
        region,
        field1,
        field2,
        field3,
        field4,
        field5,
        field6,
        field7,
        field8,
        field9,
        field10,
    ):
        fields = (field1, field2, field3, field4, field5, field6, field7, field8, field9, field10)
        return place(company, password, name, phoneNo, f"slot {timeslot}", fields)

    @rpc(Integer32, Integer32, Unicode, DateTime, _returns=ArrayOfTimeSlot)
    def GetAvailableTimes(ctx, serviceQueue, company, password, requestedDate):
        return slots(company, password, requestedDate, 4)

    @rpc(Integer32, DateTime, Integer32, Unicode, _returns=ArrayOfTimeSlot)
    def GetNextThreeTimeSlots(ctx, serviceQueue, time, company, password):
        return slots(company, password, time, 3)

    @rpc(Integer32, Integer32, Integer32, Unicode, _returns=Boolean)
    def UpdateEWTRecord(ctx, serviceQueue, ewt, company, password):
        if knows(company, password):
            EWT[0] = ewt
        return knows(company, password)

    @rpc(Integer32, Integer32, Unicode, _returns=Integer32)
    def GetEWTByServiceID(ctx, serviceQueueID, companyID, password):
        return EWT[0] if knows(companyID, password) else -1


class Info(ServiceBase):
    @rpc(Unicode, Integer32, Unicode, _returns=CallData)
    def GetCallDataByNumber(ctx, presentedNumber, companyId, password):
        return last(companyId, password, "UserPhoneNo", presentedNumber)

    @rpc(Unicode, Integer32, Unicode, _returns=CallData)
    def GetCallDataByPin(ctx, pin, companyId, password):
        return last(companyId, password, "ConfirmationCode", pin)


def last(company, password, member, value):
    found = [call for call in CALLS if getattr(call, member) == value] if knows(company, password) else []
    return found[-1] if found else None


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def application(service):
    return WsgiApplication(
        Application([service], "http://tempuri.org/", in_protocol=Soap11(), out_protocol=Soap11())
    )


CALLBACK, INFO = application(Callback), application(Info)


def both(environ, start_response):
    return (INFO if "Info" in environ["PATH_INFO"] else CALLBACK)(environ, start_response)


with make_server("127.0.0.1", int(sys.argv[1]), both, handler_class=Quiet) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
    server.shutdown()
