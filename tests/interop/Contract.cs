// The contract as svcutil writes it from the WSDL, which Mono's small packages have not, with its REST twin.
using System;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Web;

[DataContract(Namespace = "http://schemas.datacontract.org/2004/07/RequestCallbackService")]
public class ResponseMessage
{
    [DataMember] public string ConfirmationCode;
    [DataMember] public int ResultCode;
}

[DataContract(Namespace = "http://schemas.datacontract.org/2004/07/RequestCallbackService")]
public class TimeSlot
{
    [DataMember] public bool Available;
    [DataMember] public string TimeFrom;
    [DataMember] public int TimeSlotID;
    [DataMember] public string TimeTo;
}

[DataContract(Namespace = "http://schemas.datacontract.org/2004/07/BuzzMeInfo")]
public class CallData
{
    [DataMember] public string ConfirmationCode;
    [DataMember] public string CustomerName;
    [DataMember] public int Retries;
    [DataMember] public string ScheduledTime;
    [DataMember] public string TimeCalled;
    [DataMember] public string UserPhoneNo;
    [DataMember] public string field1;
    [DataMember] public string field10;
    [DataMember] public string field2;
    [DataMember] public string field3;
    [DataMember] public string field4;
    [DataMember] public string field5;
    [DataMember] public string field6;
    [DataMember] public string field7;
    [DataMember] public string field8;
    [DataMember] public string field9;
    [DataMember] public int serviceQueue;
    [DataMember] public string serviceQueueName;
}

[ServiceContract(Name = "IService")]
public interface IService
{
    [OperationContract, WebInvoke(BodyStyle = WebMessageBodyStyle.WrappedRequest,
        RequestFormat = WebMessageFormat.Json, ResponseFormat = WebMessageFormat.Json)]
    ResponseMessage RequestCallWhenAvailable(string name, string phoneNo, int serviceQueue,
        int company, string password, string region, string field1, string field2, string field3, string field4,
        string field5, string field6, string field7, string field8, string field9, string field10);
    [OperationContract, WebInvoke(BodyStyle = WebMessageBodyStyle.WrappedRequest,
        RequestFormat = WebMessageFormat.Json, ResponseFormat = WebMessageFormat.Json)]
    TimeSlot[] GetAvailableTimes(int serviceQueue, int company, string password,
        DateTime requestedDate);
    [OperationContract, WebInvoke(BodyStyle = WebMessageBodyStyle.WrappedRequest,
        RequestFormat = WebMessageFormat.Json, ResponseFormat = WebMessageFormat.Json)]
    TimeSlot[] GetNextThreeTimeSlots(int serviceQueue, DateTime time, int company,
        string password);
    [OperationContract, WebInvoke(BodyStyle = WebMessageBodyStyle.WrappedRequest,
        RequestFormat = WebMessageFormat.Json, ResponseFormat = WebMessageFormat.Json)]
    bool UpdateEWTRecord(int serviceQueue, int ewt, int company, string password);
    [OperationContract, WebInvoke(BodyStyle = WebMessageBodyStyle.WrappedRequest,
        RequestFormat = WebMessageFormat.Json, ResponseFormat = WebMessageFormat.Json)]
    int GetEWTByServiceID(int serviceQueueID, int companyID, string password);
    [OperationContract, WebInvoke(BodyStyle = WebMessageBodyStyle.WrappedRequest,
        RequestFormat = WebMessageFormat.Json, ResponseFormat = WebMessageFormat.Json)]
    ResponseMessage RequestCallSchedule(string name, string phoneNo, int timeslot, DateTime date,
        int serviceQueue, int company, string password, string region, string field1, string field2, string field3,
        string field4, string field5, string field6, string field7, string field8, string field9, string field10);
}

[ServiceContract(Name = "IInfoService")]
public interface IInfoService
{
    [OperationContract, WebGet(ResponseFormat = WebMessageFormat.Json)]
    CallData GetCallDataByNumber(string presentedNumber, int companyId, string password);
    [OperationContract, WebGet(ResponseFormat = WebMessageFormat.Json)]
    CallData GetCallDataByPin(string pin, int companyId, string password);
}
