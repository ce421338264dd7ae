// JAX-WS, on what `wsimport` writes with no other flag but a package for each service:
// java -cp … JaxWs CALLBACK_WSDL INFO_WSDL
import callback.ArrayOfTimeSlot;
import callback.IService;
import callback.ResponseMessage;
import callback.TimeSlot;
import info.CallData;
import info.IInfoService;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;
import javax.xml.bind.JAXBElement;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.ws.soap.SOAPFaultException;

public class JaxWs {
    static Map<String, String> given = new HashMap<>();

    static String text(String name) { return given.get(name); }
    static Integer number(String name) { return given.get(name) == null ? null : Integer.valueOf(given.get(name)); }
    static XMLGregorianCalendar moment(String name) throws Exception {
        return DatatypeFactory.newInstance().newXMLGregorianCalendar(given.get(name));
    }

    static String pair(String name, Object value) throws Exception {
        if (value instanceof JAXBElement) value = ((JAXBElement<?>) value).getValue();
        return value == null ? name + "&" : name + "=" + URLEncoder.encode(value.toString(), "UTF-8") + "&";
    }
    static String answer(ResponseMessage r) throws Exception {
        return r == null ? "nil?" : "result?" + pair("ConfirmationCode", r.getConfirmationCode()) + pair("ResultCode", r.getResultCode());
    }
    static String answer(ArrayOfTimeSlot r) throws Exception {
        if (r == null) return "nil?";
        StringBuilder all = new StringBuilder("result?");
        for (TimeSlot slot : r.getTimeSlot())
            all.append(pair("TimeSlotID", slot.getTimeSlotID())).append(pair("TimeFrom", slot.getTimeFrom()))
                .append(pair("TimeTo", slot.getTimeTo())).append(pair("Available", slot.isAvailable()));
        return all.toString();
    }
    static String answer(CallData r) throws Exception {
        if (r == null) return "nil?";
        return "result?" + pair("CustomerName", r.getCustomerName()) + pair("UserPhoneNo", r.getUserPhoneNo())
            + pair("serviceQueueName", r.getServiceQueueName()) + pair("serviceQueue", r.getServiceQueue())
            + pair("Retries", r.getRetries()) + pair("field1", r.getField1()) + pair("field2", r.getField2())
            + pair("field3", r.getField3()) + pair("field4", r.getField4()) + pair("field5", r.getField5())
            + pair("field6", r.getField6()) + pair("field7", r.getField7()) + pair("field8", r.getField8())
            + pair("field9", r.getField9()) + pair("field10", r.getField10())
            + pair("ConfirmationCode", r.getConfirmationCode()) + pair("ScheduledTime", r.getScheduledTime())
            + pair("TimeCalled", r.getTimeCalled());
    }

    public static void main(String[] wsdls) throws Exception {
        IService callback = new callback.Service(new URL(wsdls[0])).getBasicHttpBindingIService();
        IInfoService info = new info.InfoService(new URL(wsdls[1])).getBasicHttpBindingIInfoService();
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line; (line = in.readLine()) != null;) {
            String operation = line.substring(0, line.indexOf('?'));
            given.clear();
            for (String part : line.substring(line.indexOf('?') + 1).split("&")) {
                String[] halves = part.split("=", 2);
                given.put(halves[0], halves.length == 1 ? null : URLDecoder.decode(halves[1], "UTF-8"));
            }
            try {
                out.println(call(callback, info, operation));
            } catch (SOAPFaultException error) {
                out.println("fault?" + pair("code", error.getFault().getFaultCode()) + pair("reason", error.getFault().getFaultString()));
            }
        }
    }

    static String call(IService callback, IInfoService info, String operation) throws Exception {
        switch (operation) {
            case "RequestCallWhenAvailable":
                return answer(callback.requestCallWhenAvailable(text("name"), text("phoneNo"), number("serviceQueue"),
                    number("company"), text("password"), text("region"), text("field1"), text("field2"), text("field3"),
                    text("field4"), text("field5"), text("field6"), text("field7"), text("field8"), text("field9"), text("field10")));
            case "RequestCallSchedule":
                return answer(callback.requestCallSchedule(text("name"), text("phoneNo"), number("timeslot"), moment("date"),
                    number("serviceQueue"), number("company"), text("password"), text("region"), text("field1"), text("field2"),
                    text("field3"), text("field4"), text("field5"), text("field6"), text("field7"), text("field8"), text("field9"), text("field10")));
            case "GetAvailableTimes":
                return answer(callback.getAvailableTimes(number("serviceQueue"), number("company"), text("password"), moment("requestedDate")));
            case "GetNextThreeTimeSlots":
                return answer(callback.getNextThreeTimeSlots(number("serviceQueue"), moment("time"), number("company"), text("password")));
            case "UpdateEWTRecord":
                return "result?" + pair("", callback.updateEWTRecord(number("serviceQueue"), number("ewt"), number("company"), text("password")));
            case "GetEWTByServiceID":
                return "result?" + pair("", callback.getEWTByServiceID(number("serviceQueueID"), number("companyID"), text("password")));
            case "GetCallDataByNumber":
                return answer(info.getCallDataByNumber(text("presentedNumber"), number("companyId"), text("password")));
            default:
                return answer(info.getCallDataByPin(text("pin"), number("companyId"), text("password")));
        }
    }
}
