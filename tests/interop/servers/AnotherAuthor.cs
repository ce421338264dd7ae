// The callback service as another author has it, on WCF: namespaces, interface, order and data of his own,
// and one operation more. `mono AnotherAuthor.exe PORT` says "ready" once it listens, and ends with its input.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Description;
using System.Threading;

namespace Acme
{
    [DataContract(Name = "Reply", Namespace = "urn:acme:data")]
    public class Reply
    {
        [DataMember(Order = 1)] public int ResultCode;
        [DataMember(Order = 2)] public string ConfirmationCode;
        [DataMember(Order = 3)] public int Position;
    }

    [DataContract(Name = "Slot", Namespace = "urn:acme:data")]
    public class Slot
    {
        [DataMember(Order = 1)] public string TimeFrom;
        [DataMember(Order = 2)] public string TimeTo;
        [DataMember(Order = 3)] public bool Available;
        [DataMember(Order = 4)] public int TimeSlotID;
    }

    [DataContract(Name = "ScreenPop", Namespace = "urn:acme:data")]
    public class ScreenPop
    {
        [DataMember(Order = 1)] public string CustomerName;
        [DataMember(Order = 2)] public string UserPhoneNo;
        [DataMember(Order = 3)] public string serviceQueueName;
        [DataMember(Order = 4)] public int serviceQueue;
        [DataMember(Order = 5)] public int Retries;
        [DataMember(Order = 6)] public string field1;
        [DataMember(Order = 7)] public string field2;
        [DataMember(Order = 8)] public string field3;
        [DataMember(Order = 9)] public string field4;
        [DataMember(Order = 10)] public string field5;
        [DataMember(Order = 11)] public string field6;
        [DataMember(Order = 12)] public string field7;
        [DataMember(Order = 13)] public string field8;
        [DataMember(Order = 14)] public string field9;
        [DataMember(Order = 15)] public string field10;
        [DataMember(Order = 16)] public string ConfirmationCode;
        [DataMember(Order = 17)] public string ScheduledTime;
        [DataMember(Order = 18)] public string TimeCalled;
    }

    [ServiceContract(Name = "ICallbackDesk", Namespace = "urn:acme:callback")]
    public interface ICallbackDesk
    {
        [OperationContract] Reply RequestCallWhenAvailable(string password, int company, int serviceQueue,
            string phoneNo, string region, string field1, string field2, string field3, string field4, string field5,
            string field6, string field7, string field8, string field9, string field10, string name);
        [OperationContract] Reply RequestCallSchedule(DateTime date, int timeslot, string password, int company,
            int serviceQueue, string phoneNo, string region, string field1, string field2, string field3,
            string field4, string field5, string field6, string field7, string field8, string field9,
            string field10, string name);
        [OperationContract] Slot[] GetAvailableTimes(DateTime requestedDate, string password, int company, int serviceQueue);
        [OperationContract] Slot[] GetNextThreeTimeSlots(string password, DateTime requestedDate, int company, int serviceQueue);
        [OperationContract] bool UpdateEWTRecord(string password, int company, int ewt, int serviceQueue);
        [OperationContract] int GetEWTByServiceID(string password, int company, int serviceQueue);
        [OperationContract] string Ping(string text);
    }

    [ServiceContract(Name = "IScreenPop", Namespace = "urn:acme:callback")]
    public interface IScreenPop
    {
        [OperationContract] ScreenPop GetCallDataByNumber(string password, int companyId, string presentedNumber);
        [OperationContract] ScreenPop GetCallDataByPin(int companyId, string password, string pin);
    }

    public static class State
    {
        public static readonly List<ScreenPop> Calls = new List<ScreenPop>();
        public static int Ewt;

        public static bool Knows(int company, string password)
        {
            return company == 1 && password == "P@ssword";
        }

        public static Reply Place(int company, string password, ScreenPop call)
        {
            if (!Knows(company, password)) return new Reply { ResultCode = -1 };
            if (call.CustomerName == "fault") throw new FaultException("No desk is free for " + password);
            if (call.UserPhoneNo.EndsWith("103")) return new Reply { ResultCode = 3 };
            lock (Calls)
            {
                call.ConfirmationCode = "AC" + (1000 + Calls.Count);
                Calls.Add(call);
            }
            return new Reply { ConfirmationCode = call.ConfirmationCode, Position = Calls.Count };
        }
    }

    public class CallbackDesk : ICallbackDesk
    {
        public Reply RequestCallWhenAvailable(string password, int company, int serviceQueue, string phoneNo,
            string region, string field1, string field2, string field3, string field4, string field5, string field6,
            string field7, string field8, string field9, string field10, string name)
        {
            return State.Place(company, password, new ScreenPop {
                CustomerName = name, UserPhoneNo = phoneNo, serviceQueue = serviceQueue, field1 = field1,
                field2 = field2, field3 = field3, field10 = field10 });
        }

        public Reply RequestCallSchedule(DateTime date, int timeslot, string password, int company, int serviceQueue,
            string phoneNo, string region, string field1, string field2, string field3, string field4, string field5,
            string field6, string field7, string field8, string field9, string field10, string name)
        {
            return State.Place(company, password, new ScreenPop {
                CustomerName = name, UserPhoneNo = phoneNo, serviceQueue = serviceQueue,
                ScheduledTime = date.ToString("yyyy-MM-dd") + " slot " + timeslot });
        }

        public Slot[] GetAvailableTimes(DateTime requestedDate, string password, int company, int serviceQueue)
        {
            if (!State.Knows(company, password)) return null;
            return Enumerable.Range(0, 4).Select(n => {
                var from = requestedDate.AddMinutes(30 * n);
                return new Slot {
                    TimeSlotID = 4 + n, TimeFrom = from.ToString("yyyy-MM-dd HH-mm-ss"),
                    TimeTo = from.AddMinutes(30).ToString("yyyy-MM-dd HH-mm-ss"), Available = true };
            }).ToArray();
        }

        public Slot[] GetNextThreeTimeSlots(string password, DateTime requestedDate, int company, int serviceQueue)
        {
            var slots = GetAvailableTimes(requestedDate, password, company, serviceQueue);
            return slots == null ? null : slots.Take(3).ToArray();
        }

        public bool UpdateEWTRecord(string password, int company, int ewt, int serviceQueue)
        {
            if (!State.Knows(company, password)) return false;
            State.Ewt = ewt;
            return true;
        }

        public int GetEWTByServiceID(string password, int company, int serviceQueue)
        {
            return State.Knows(company, password) ? State.Ewt : -1;
        }

        public string Ping(string text)
        {
            return text;
        }
    }

    public class ScreenPopDesk : IScreenPop
    {
        public ScreenPop GetCallDataByNumber(string password, int companyId, string presentedNumber)
        {
            lock (State.Calls)
                return State.Knows(companyId, password)
                    ? State.Calls.LastOrDefault(call => call.UserPhoneNo == presentedNumber) : null;
        }

        public ScreenPop GetCallDataByPin(int companyId, string password, string pin)
        {
            lock (State.Calls)
                return State.Knows(companyId, password)
                    ? State.Calls.LastOrDefault(call => call.ConfirmationCode == pin) : null;
        }
    }

    public static class Program
    {
        static ServiceHost Open(Type service, Type contract, string address)
        {
            var host = new ServiceHost(service, new Uri(address));
            host.AddServiceEndpoint(contract, new BasicHttpBinding(), "");
            host.Description.Behaviors.Add(new ServiceMetadataBehavior { HttpGetEnabled = true });
            host.Open();
            return host;
        }

        public static void Main(string[] arguments)
        {
            // Each host holds threads of the pool, which else grows by one in half a second.
            ThreadPool.SetMinThreads(16, 16);
            var root = "http://127.0.0.1:" + arguments[0];
            Open(typeof(CallbackDesk), typeof(ICallbackDesk), root + "/Callback.svc");
            Open(typeof(ScreenPopDesk), typeof(IScreenPop), root + "/ScreenPop.svc");
            Console.WriteLine("ready");
            Console.In.ReadToEnd();
            Environment.Exit(0);
        }
    }
}
