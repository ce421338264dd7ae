// WCF's ChannelFactory on Mono: mono ChannelFactory.exe CALLBACK_URL INFO_URL
using System;
using System.Collections.Generic;
using System.Linq;
using System.ServiceModel;

public class Program
{
    static Dictionary<string, string> given;

    static string Text(string name) { string value; given.TryGetValue(name, out value); return value; }
    static int Number(string name) { return Text(name) == null ? 0 : int.Parse(Text(name)); }
    static DateTime Moment(string name) { return DateTime.Parse(Text(name)); }

    static string Pair(string name, object value)
    {
        if (value is bool) value = value.ToString().ToLower();
        return value == null ? name : name + "=" + Quoted(value.ToString());
    }

    static string Quoted(string text)
    {
        return string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(b => "%" + b.ToString("X2")));
    }

    static string Members(object record)
    {
        return string.Join("&", record.GetType().GetFields().Select(f => Pair(f.Name, f.GetValue(record))));
    }

    static string Answer(object result)
    {
        if (result == null) return "nil?";
        if (result is int || result is bool) return "result?" + Pair("", result);
        var slots = result as TimeSlot[];
        return "result?" + (slots == null ? Members(result) : string.Join("&", slots.Select(Members)));
    }

    static object Call(IService callback, IInfoService info, string operation)
    {
        switch (operation)
        {
            case "RequestCallWhenAvailable":
                return callback.RequestCallWhenAvailable(Text("name"), Text("phoneNo"), Number("serviceQueue"),
                    Number("company"), Text("password"), Text("region"), Text("field1"), Text("field2"),
                    Text("field3"), Text("field4"), Text("field5"), Text("field6"), Text("field7"), Text("field8"),
                    Text("field9"), Text("field10"));
            case "RequestCallSchedule":
                return callback.RequestCallSchedule(Text("name"), Text("phoneNo"), Number("timeslot"), Moment("date"),
                    Number("serviceQueue"), Number("company"), Text("password"), Text("region"), Text("field1"),
                    Text("field2"), Text("field3"), Text("field4"), Text("field5"), Text("field6"), Text("field7"),
                    Text("field8"), Text("field9"), Text("field10"));
            case "GetAvailableTimes":
                return callback.GetAvailableTimes(Number("serviceQueue"), Number("company"), Text("password"),
                    Moment("requestedDate"));
            case "GetNextThreeTimeSlots":
                return callback.GetNextThreeTimeSlots(Number("serviceQueue"), Moment("time"), Number("company"),
                    Text("password"));
            case "UpdateEWTRecord":
                return callback.UpdateEWTRecord(Number("serviceQueue"), Number("ewt"), Number("company"),
                    Text("password"));
            case "GetEWTByServiceID":
                return callback.GetEWTByServiceID(Number("serviceQueueID"), Number("companyID"), Text("password"));
            case "GetCallDataByNumber":
                return info.GetCallDataByNumber(Text("presentedNumber"), Number("companyId"), Text("password"));
            default:
                return info.GetCallDataByPin(Text("pin"), Number("companyId"), Text("password"));
        }
    }

    static T Channel<T>(string address)
    {
        // The defaults stop at 8,192 characters of a value.
        var binding = new BasicHttpBinding { MaxReceivedMessageSize = 1 << 20 };
        binding.ReaderQuotas.MaxStringContentLength = 1 << 20;
        return new ChannelFactory<T>(binding, new EndpointAddress(address)).CreateChannel();
    }

    public static void Main(string[] addresses)
    {
        var callback = Channel<IService>(addresses[0]);
        var info = Channel<IInfoService>(addresses[1]);
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            var halves = line.Split(new[] { '?' }, 2);
            given = halves[1].Split('&').Where(pair => pair.Contains("=")).ToDictionary(
                pair => pair.Split('=')[0], pair => Uri.UnescapeDataString(pair.Split('=')[1]));
            try
            {
                Console.WriteLine(Answer(Call(callback, info, halves[0])));
            }
            catch (FaultException fault)
            {
                Console.WriteLine("fault?" + Pair("code", fault.Code.Name) + "&" + Pair("reason", fault.Message));
            }
        }
    }
}
