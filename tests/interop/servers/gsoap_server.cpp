// The service on gSOAP, on what `wsdl2h` and `soapcpp2 -S -j` write; it writes null by leaving out: ./server PORT
#include "BasicHttpBinding_USCOREIService.nsmap"
#include "soapBasicHttpBinding_USCOREIServiceService.h"
#include <iostream>
#include <thread>
#include <vector>

typedef BasicHttpBinding_USCOREIServiceService Generated;

struct Call {
    std::string code, name, phone, scheduled;
    std::vector<std::string> fields;
    std::vector<bool> given;
};
static std::vector<Call> calls;
static int minutes;

class Desk : public Generated {
    template <class T, class V> void put(T *&member, const V &value) {
        member = (T *)soap_malloc(soap, sizeof(T));
        *member = value;
    }
    void put(std::string *&member, const std::string &value) {
        member = soap_new_std__string(soap);
        *member = value;
    }
    // Never freed: this small server does not run for long.
    template <class T> T *make(T *&member) { return member = T().soap_alloc(); }

    static bool knows(int *company, std::string *password) {
        return company && *company == 1 && password && *password == "P@ssword";
    }

    template <class Request, class Result> int place(Request *r, Result *&result, const std::string &scheduled) {
        make(result);
        bool closed = r->phoneNo->size() > 3 && r->phoneNo->substr(r->phoneNo->size() - 3) == "103";
        put(result->ResultCode, !knows(r->company, r->password) ? -1 : closed ? 3 : 0);
        if (*result->ResultCode) return SOAP_OK;
        if (*r->name == "fault") return soap_receiverfault("No desk is free", NULL);
        Call call = {"GS" + std::to_string(1000 + calls.size()), *r->name, *r->phoneNo, scheduled, {}, {}};
        for (std::string *field : {r->field1, r->field2, r->field3, r->field4, r->field5, r->field6, r->field7, r->field8, r->field9, r->field10})
            call.fields.push_back(field ? *field : ""), call.given.push_back(field);
        calls.push_back(call);
        put(result->ConfirmationCode, call.code);
        return SOAP_OK;
    }

    template <class Request, class Result> int slots(Request *r, Result *&result, time_t after, int most) {
        if (!knows(r->company, r->password)) return SOAP_OK;
        make(result);
        char text[32];
        tm day = *gmtime(&after);
        if (day.tm_hour >= 19) most = 0;
        auto clock = [&](int half) {
            snprintf(text, sizeof text, "%d-%02d-%02d %02d-%02d-00", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday, 8 + half / 2, half % 2 * 30);
            return std::string(text);
        };
        for (int n = 0; n < most; n++) {
            result->TimeSlot.push_back(NULL);
            auto *slot = make(result->TimeSlot.back());
            put(slot->Available, true);
            put(slot->TimeSlotID, 3 + n);
            put(slot->TimeFrom, clock(2 + n));
            put(slot->TimeTo, clock(3 + n));
        }
        return SOAP_OK;
    }

    template <class Request, class Result> int last(Request *r, Result *&result, std::string Call::*member, std::string *value) {
        for (size_t i = calls.size(); knows(r->companyId, r->password) && i-- > 0;) {
            const Call &call = calls[i];
            if (call.*member != *value) continue;
            make(result);
            put(result->ConfirmationCode, call.code);
            put(result->CustomerName, call.name);
            put(result->UserPhoneNo, call.phone);
            put(result->Retries, 0);
            if (!call.scheduled.empty()) put(result->ScheduledTime, call.scheduled);
            std::string **fields[] = {&result->field1, &result->field2, &result->field3};
            for (int n = 0; n < 3; n++)
                if (call.given[n]) put(*fields[n], call.fields[n]);
            return SOAP_OK;
        }
        return SOAP_OK;
    }

#define OPERATION(name) int name(_tempuri__##name *r, _tempuri__##name##Response &response)
  public:
    Desk() : Generated(SOAP_C_UTFSTRING) { soap->bind_flags = SO_REUSEADDR; }
    Generated *copy() { return new Desk(); }
    OPERATION(RequestCallWhenAvailable) { return place(r, response.RequestCallWhenAvailableResult, ""); }
    OPERATION(RequestCallSchedule) { return place(r, response.RequestCallScheduleResult, "slot " + std::to_string(*r->timeslot)); }
    OPERATION(GetAvailableTimes) { return slots(r, response.GetAvailableTimesResult, *r->requestedDate, 4); }
    OPERATION(GetNextThreeTimeSlots) { return slots(r, response.GetNextThreeTimeSlotsResult, *r->time, 3); }
    OPERATION(UpdateEWTRecord) {
        if (knows(r->company, r->password)) minutes = *r->ewt;
        put(response.UpdateEWTRecordResult, knows(r->company, r->password));
        return SOAP_OK;
    }
    OPERATION(GetEWTByServiceID) {
        put(response.GetEWTByServiceIDResult, knows(r->companyID, r->password) ? minutes : -1);
        return SOAP_OK;
    }
    OPERATION(GetCallDataByNumber) { return last(r, response.GetCallDataByNumberResult, &Call::phone, r->presentedNumber); }
    OPERATION(GetCallDataByPin) { return last(r, response.GetCallDataByPinResult, &Call::code, r->pin); }
};

int main(int, char **argv) {
    Desk desk;
    if (!soap_valid_socket(desk.bind("127.0.0.1", atoi(argv[1]), 10))) return 1;
    std::cout << "ready" << std::endl;
    std::thread([&] {
        while (soap_valid_socket(desk.accept())) desk.serve(), desk.destroy();
    }).detach();
    while (std::cin.get() != EOF) { }
    _exit(0);
}
