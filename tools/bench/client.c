/* gSOAP, as client.py describes: `client gsoap ROOT`, then a line for each thing to do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "soapH.h"
#include "BasicHttpBinding_USCOREIService.nsmap"

static const char *names[] = {"small", "slot", "slots1000", "slots10000"};
static struct soap *soap;
static char *root;
static int one = 1;
static char found[64]; /* the code, or the last slot's id */

static int call(const char *what)
{
    char url[256];
    int number = 0;
    while (number < 3 && strcmp(names[number], what)) number++;
    snprintf(url, sizeof url, "%s/%d/Service.svc", root, number);
    *found = 0;
    if (number == 0) {
        struct _tempuri__RequestCallWhenAvailable in = {
            .name = "Ada Lovelace", .phoneNo = "+447700900123", .serviceQueue = &one, .company = &one,
            .password = "P@ssword", .field1 = "Value 1", .field2 = "Value 2", .field3 = "Value 3",
            .field4 = "Value 4", .field5 = "Value 5", .field6 = "Value 6", .field7 = "Value 7",
            .field8 = "Value 8", .field9 = "Value 9", .field10 = "Value 10",
        };
        struct _tempuri__RequestCallWhenAvailableResponse out = {0};
        if (soap_call___tempuri__RequestCallWhenAvailable(soap, url, NULL, &in, &out) == SOAP_OK)
            snprintf(found, sizeof found, "%s", out.RequestCallWhenAvailableResult->ConfirmationCode);
    } else {
        time_t day = 1491868800;
        struct _tempuri__GetAvailableTimes in = {
            .serviceQueue = &one, .company = &one, .password = "P@ssword", .requestedDate = &day,
        };
        struct _tempuri__GetAvailableTimesResponse out = {0};
        if (soap_call___tempuri__GetAvailableTimes(soap, url, NULL, &in, &out) == SOAP_OK) {
            struct ns2__ArrayOfTimeSlot *slots = out.GetAvailableTimesResult;
            snprintf(found, sizeof found, "%d", *slots->TimeSlot[slots->__sizeTimeSlot - 1].TimeSlotID);
        }
    }
    if (!*found) { soap_print_fault(soap, stderr); exit(1); }
    soap_destroy(soap);
    soap_end(soap);
    return 0;
}

static double cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int count, char **arguments)
{
    root = arguments[2];
    soap = soap_new2(SOAP_IO_KEEPALIVE | SOAP_XML_STRICT, SOAP_IO_KEEPALIVE | SOAP_XML_STRICT);
    if (count > 3 && !strcmp(arguments[3], "start")) return call("small");
    for (int left = count > 3 ? atoi(arguments[3]) : 0; left; left--) call("small"); /* for callgrind */
    if (count > 3) return 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        char what[32];
        int times = 0;
        sscanf(line, "%31s %d", what, &times);
        if (!strcmp(what, "check")) {
            call("small");
            int good = !strcmp(found, "BZ1004");
            call("slots10000");
            puts(good && !strcmp(found, "9999") ? "ok" : "no");
        } else {
            call(what);
            double started = cpu();
            while (times--) call(what);
            printf("%.9f\n", cpu() - started);
        }
    }
    return 0;
}
