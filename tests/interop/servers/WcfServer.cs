// The contract on WCF's ServiceHost, as Mono has it, over SOAP and REST: mono WcfServer.exe PORT
using System;
using System.Collections.Generic;
using System.Linq;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.Threading;

public static class Desk
{
    static readonly List<CallData> calls = new List<CallData>();
    public static int Minutes;

    public static bool Knows(int company, string password)
    {
        return company == 1 && password == "P@ssword";
    }

    public static ResponseMessage Place(int company, string password, CallData call)
    {
        if (!Knows(company, password)) return new ResponseMessage { ResultCode = -1 };
        if (call.CustomerName == "fault") throw new FaultException("No desk is free", new FaultCode("Server"));
        if (call.UserPhoneNo.EndsWith("103")) return new ResponseMessage { ResultCode = 3 };
        lock (calls)
        {
            call.ConfirmationCode = "WC" + (1000 + calls.Count);
            calls.Add(call);
        }
        return new ResponseMessage { ConfirmationCode = call.ConfirmationCode };
    }

    public static TimeSlot[] Slots(int company, string password, DateTime after, int most)
    {
        if (!Knows(company, password)) return null;
        return Enumerable.Range(0, most).Select(n => after.AddMinutes(30 * n)).Where(from => from.Hour < 19).Select(
            (from, n) => new TimeSlot {
                Available = true, TimeFrom = Clock(from), TimeSlotID = 3 + n, TimeTo = Clock(from.AddMinutes(30)) }).ToArray();
    }

    static string Clock(DateTime time)
    {
        return time.ToString("yyyy-MM-dd HH-mm-ss");
    }

    public static CallData Last(int company, string password, Func<CallData, bool> chosen)
    {
        lock (calls) return Knows(company, password) ? calls.LastOrDefault(chosen) : null;
    }
}

public class Service : IService
{
    public ResponseMessage RequestCallWhenAvailable(string name, string phoneNo, int serviceQueue, int company,
        string password, string region, string field1, string field2, string field3, string field4, string field5,
        string field6, string field7, string field8, string field9, string field10)
    {
        return Desk.Place(company, password, new CallData {
            CustomerName = name, UserPhoneNo = phoneNo, field1 = field1, field2 = field2, field3 = field3,
            field4 = field4, field5 = field5, field6 = field6, field7 = field7, field8 = field8, field9 = field9,
            field10 = field10 });
    }

    public ResponseMessage RequestCallSchedule(string name, string phoneNo, int timeslot, DateTime date,
        int serviceQueue, int company, string password, string region, string field1, string field2, string field3,
        string field4, string field5, string field6, string field7, string field8, string field9, string field10)
    {
        return Desk.Place(company, password, new CallData {
            CustomerName = name, UserPhoneNo = phoneNo, ScheduledTime = "slot " + timeslot });
    }

    public TimeSlot[] GetAvailableTimes(int serviceQueue, int company, string password, DateTime requestedDate)
    {
        return Desk.Slots(company, password, requestedDate, 4);
    }

    public TimeSlot[] GetNextThreeTimeSlots(int serviceQueue, DateTime time, int company, string password)
    {
        return Desk.Slots(company, password, time, 3);
    }

    public bool UpdateEWTRecord(int serviceQueue, int ewt, int company, string password)
    {
        if (Desk.Knows(company, password)) Desk.Minutes = ewt;
        return Desk.Knows(company, password);
    }

    public int GetEWTByServiceID(int serviceQueueID, int companyID, string password)
    {
        return Desk.Knows(companyID, password) ? Desk.Minutes : -1;
    }
}

public class InfoService : IInfoService
{
    public CallData GetCallDataByNumber(string presentedNumber, int companyId, string password)
    {
        return Desk.Last(companyId, password, call => call.UserPhoneNo == presentedNumber);
    }

    public CallData GetCallDataByPin(string pin, int companyId, string password)
    {
        return Desk.Last(companyId, password, call => call.ConfirmationCode == pin);
    }
}

public static class Program
{
    static void Open(Type service, Type contract, Binding binding, string address)
    {
        var host = new ServiceHost(service, new Uri(address));
        var endpoint = host.AddServiceEndpoint(contract, binding, "");
        if (binding is WebHttpBinding) endpoint.Behaviors.Add(new WebHttpBehavior());
        host.Open();
    }

    static void OpenBoth(Type service, Type contract, string address)
    {
        // The defaults stop at 8,192 characters of a value.
        var soap = new BasicHttpBinding { MaxReceivedMessageSize = 1 << 20 };
        soap.ReaderQuotas.MaxStringContentLength = 1 << 20;
        Open(service, contract, soap, address);
        // A host of its own: on one host Mono gives the REST endpoint all requests.
        Open(service, contract, new WebHttpBinding(), address + "/rest");
    }

    public static void Main(string[] arguments)
    {
        // Each host holds threads of the pool, which else grows by one in half a second.
        ThreadPool.SetMinThreads(16, 16);
        var root = "http://127.0.0.1:" + arguments[0];
        OpenBoth(typeof(Service), typeof(IService), root + "/Service.svc");
        OpenBoth(typeof(InfoService), typeof(IInfoService), root + "/InfoService.svc");
        Console.WriteLine("ready");
        Console.In.ReadToEnd();
        Environment.Exit(0);
    }
}
