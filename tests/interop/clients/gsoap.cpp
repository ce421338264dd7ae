// gSOAP, on what `wsdl2h` and `soapcpp2 -C -j` write with no other flag: ./gsoap CALLBACK_URL INFO_URL
#include "BasicHttpBinding_USCOREIService.nsmap"
#include "soapBasicHttpBinding_USCOREIServiceProxy.h"
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

typedef std::map<std::string, std::string> Arguments;

static std::string quoted(const std::string &text) {
    std::ostringstream out;
    out << std::hex << std::uppercase;
    for (unsigned char c : text)
        if (isalnum(c)) out << c;
        else out << '%' << (c < 16 ? "0" : "") << (int)c;
    return out.str();
}

static std::string plain(const std::string &text) {
    std::string out;
    for (size_t i = 0; i < text.size(); i++)
        if (text[i] == '%') out += (char)strtol(text.substr(i + 1, 2).c_str(), NULL, 16), i += 2;
        else out += text[i];
    return out;
}

// gSOAP knows one null, a null pointer: it leaves the element out.
static Arguments given;
static std::string *text(const char *name) { return given.count(name) ? &given[name] : NULL; }
static int numbers[8], used;
static int *number(const char *name) {
    if (!given.count(name)) return NULL;
    numbers[used] = atoi(given[name].c_str());
    return &numbers[used++];
}
static time_t moments[1];
static time_t *moment(const char *name) {
    struct tm local = {};  // gSOAP sends a time_t, in UTC
    strptime(given[name].c_str(), "%Y-%m-%dT%H:%M:%S", &local);
    local.tm_isdst = -1;
    *moments = mktime(&local);
    return moments;
}

static std::string pair(const char *name, const std::string *value) {
    return value ? std::string(name) + "=" + quoted(*value) : name;
}
static std::string pair(const char *name, const int *value) {
    return value ? std::string(name) + "=" + std::to_string(*value) : name;
}
#define PAIR(of, name) pair(#name, (of)->name) + "&"

// Whichever numbers wsdl2h has given their prefixes: from ?wsdl and from ?singleWsdl they differ.
#define RESULT(operation) std::remove_pointer<decltype(_tempuri__##operation##Response::operation##Result)>::type
typedef RESULT(RequestCallWhenAvailable) ResponseMessage;
typedef RESULT(GetAvailableTimes) ArrayOfTimeSlot;
typedef RESULT(GetCallDataByPin) CallData;

template <class Result> static std::string shown(const Result *result);
template <> std::string shown(const ResponseMessage *r) { return PAIR(r, ConfirmationCode) + PAIR(r, ResultCode); }
template <> std::string shown(const ArrayOfTimeSlot *r) {
    std::string all;
    for (const auto *slot : r->TimeSlot)
        all += PAIR(slot, TimeSlotID) + PAIR(slot, TimeFrom) + PAIR(slot, TimeTo) +
               "Available=" + (*slot->Available ? "true" : "false") + "&";
    return all;
}
template <> std::string shown(const CallData *r) {
    return PAIR(r, CustomerName) + PAIR(r, UserPhoneNo) + PAIR(r, serviceQueueName) + PAIR(r, serviceQueue) +
           PAIR(r, Retries) + PAIR(r, field1) + PAIR(r, field2) + PAIR(r, field3) + PAIR(r, field4) + PAIR(r, field5) +
           PAIR(r, field6) + PAIR(r, field7) + PAIR(r, field8) + PAIR(r, field9) + PAIR(r, field10) +
           PAIR(r, ConfirmationCode) + PAIR(r, ScheduledTime) + PAIR(r, TimeCalled);
}
template <> std::string shown(const int *r) { return "=" + std::to_string(*r); }
template <> std::string shown(const bool *r) { return *r ? "=true" : "=false"; }

#define SET(kind, name) request.name = kind(#name)
#define FIELDS                                                                                                         \
    SET(text, field1), SET(text, field2), SET(text, field3), SET(text, field4), SET(text, field5), SET(text, field6),  \
        SET(text, field7), SET(text, field8), SET(text, field9), SET(text, field10)
#define CALL(operation, ...)                                                                                           \
    if (asked == #operation) {                                                                                         \
        _tempuri__##operation request;                                                                                 \
        _tempuri__##operation##Response response;                                                                      \
        __VA_ARGS__;                                                                                                   \
        if (proxy.operation(&request, response) == SOAP_OK)                                                            \
            std::cout << (response.operation##Result ? "result?" + shown(response.operation##Result) : "nil?")         \
                      << std::endl;                                                                                    \
        else                                                                                                           \
            std::cout << (proxy.soap->error == SOAP_FAULT ? "fault?code=" : "error?code=")                             \
                      << quoted(proxy.soap_fault()->faultcode ? proxy.soap_fault()->faultcode : "")                    \
                      << "&reason=" << quoted(proxy.soap_fault_string() ? proxy.soap_fault_string() : "") << std::endl; \
    }

int main(int, char **argv) {
    // So that text is UTF-8, as gSOAP's own documentation advises for std::string.
    BasicHttpBinding_USCOREIServiceProxy callback(argv[1], SOAP_C_UTFSTRING), info(argv[2], SOAP_C_UTFSTRING);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream rest(line.substr(line.find('?') + 1));
        std::string asked = line.substr(0, line.find('?'));
        given.clear();
        used = 0;
        for (std::string part; std::getline(rest, part, '&');)
            if (part.find('=') != std::string::npos) given[part.substr(0, part.find('='))] = plain(part.substr(part.find('=') + 1));
        auto &proxy = asked.compare(0, 11, "GetCallData") ? callback : info;
        CALL(RequestCallWhenAvailable, SET(text, name), SET(text, phoneNo), SET(number, serviceQueue), SET(number, company), SET(text, password), SET(text, region), FIELDS)
        CALL(RequestCallSchedule, SET(text, name), SET(text, phoneNo), SET(number, timeslot), SET(moment, date), SET(number, serviceQueue), SET(number, company), SET(text, password), SET(text, region), FIELDS)
        CALL(GetAvailableTimes, SET(number, serviceQueue), SET(number, company), SET(text, password), SET(moment, requestedDate))
        CALL(GetNextThreeTimeSlots, SET(number, serviceQueue), SET(moment, time), SET(number, company), SET(text, password))
        CALL(UpdateEWTRecord, SET(number, serviceQueue), SET(number, ewt), SET(number, company), SET(text, password))
        CALL(GetEWTByServiceID, SET(number, serviceQueueID), SET(number, companyID), SET(text, password))
        CALL(GetCallDataByNumber, SET(text, presentedNumber), SET(number, companyId), SET(text, password))
        CALL(GetCallDataByPin, SET(text, pin), SET(number, companyId), SET(text, password))
    }
}
