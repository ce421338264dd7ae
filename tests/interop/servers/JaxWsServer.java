// The service on JAX-WS' Endpoint, which writes null by leaving out: java -cp … JaxWsServer PORT
import callback.ArrayOfTimeSlot;
import callback.IService;
import callback.ResponseMessage;
import callback.TimeSlot;
import info.CallData;
import info.IInfoService;
import java.util.ArrayList;
import java.util.List;
import javax.jws.WebService;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.namespace.QName;
import javax.xml.soap.SOAPFactory;
import javax.xml.ws.Endpoint;
import javax.xml.ws.soap.SOAPFaultException;

public class JaxWsServer {
    static final List<CallData> CALLS = new ArrayList<>();
    static final callback.ObjectFactory MAKE = new callback.ObjectFactory();
    static final info.ObjectFactory DATA = new info.ObjectFactory();
    static int minutes;

    static boolean knows(Integer company, String password) {
        return company != null && company == 1 && "P@ssword".equals(password);
    }

    static ResponseMessage place(Integer company, String password, String name, String phoneNo, String scheduled, String... f) {
        ResponseMessage answer = new ResponseMessage();
        answer.setResultCode(!knows(company, password) ? -1 : phoneNo.endsWith("103") ? 3 : 0);
        if (answer.getResultCode() != 0) return answer;
        if (name.equals("fault")) {
            try {
                throw new SOAPFaultException(SOAPFactory.newInstance().createFault("No desk is free",
                    new QName("http://schemas.xmlsoap.org/soap/envelope/", "Server")));
            } catch (javax.xml.soap.SOAPException error) {
                throw new RuntimeException(error);
            }
        }
        String code = "JW" + (1000 + CALLS.size());
        CallData call = new CallData();
        call.setConfirmationCode(DATA.createCallDataConfirmationCode(code));
        call.setCustomerName(DATA.createCallDataCustomerName(name));
        call.setUserPhoneNo(DATA.createCallDataUserPhoneNo(phoneNo));
        call.setRetries(0);
        if (scheduled != null) call.setScheduledTime(DATA.createCallDataScheduledTime(scheduled));
        if (f[0] != null) call.setField1(DATA.createCallDataField1(f[0]));
        if (f[1] != null) call.setField2(DATA.createCallDataField2(f[1]));
        if (f[2] != null) call.setField3(DATA.createCallDataField3(f[2]));
        if (f[9] != null) call.setField10(DATA.createCallDataField10(f[9]));
        CALLS.add(call);
        answer.setConfirmationCode(MAKE.createResponseMessageConfirmationCode(code));
        return answer;
    }

    static ArrayOfTimeSlot slots(Integer company, String password, XMLGregorianCalendar after, int most) {
        if (!knows(company, password)) return null;
        ArrayOfTimeSlot slots = new ArrayOfTimeSlot();
        for (int n = 0; n < most && after.getHour() < 19; n++) {
            TimeSlot slot = new TimeSlot();
            slot.setAvailable(true);
            slot.setTimeSlotID(3 + n);
            slot.setTimeFrom(MAKE.createTimeSlotTimeFrom(clock(after, n + 2)));
            slot.setTimeTo(MAKE.createTimeSlotTimeTo(clock(after, n + 3)));
            slots.getTimeSlot().add(slot);
        }
        return slots;
    }

    static String clock(XMLGregorianCalendar day, int half) {
        return String.format("%d-%02d-%02d %02d-%02d-00", day.getYear(), day.getMonth(), day.getDay(), 8 + half / 2, half % 2 * 30);
    }

    @WebService(endpointInterface = "callback.IService", targetNamespace = "http://tempuri.org/")
    public static class Callback implements IService {
        public ResponseMessage requestCallWhenAvailable(String name, String phoneNo, Integer serviceQueue, Integer company,
                String password, String region, String f1, String f2, String f3, String f4, String f5, String f6, String f7,
                String f8, String f9, String f10) {
            return place(company, password, name, phoneNo, null, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10);
        }
        public ResponseMessage requestCallSchedule(String name, String phoneNo, Integer timeslot, XMLGregorianCalendar date,
                Integer serviceQueue, Integer company, String password, String region, String f1, String f2, String f3,
                String f4, String f5, String f6, String f7, String f8, String f9, String f10) {
            return place(company, password, name, phoneNo, "slot " + timeslot, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10);
        }
        public ArrayOfTimeSlot getAvailableTimes(Integer serviceQueue, Integer company, String password, XMLGregorianCalendar requestedDate) {
            return slots(company, password, requestedDate, 4);
        }
        public ArrayOfTimeSlot getNextThreeTimeSlots(Integer serviceQueue, XMLGregorianCalendar time, Integer company, String password) {
            return slots(company, password, time, 3);
        }
        public Boolean updateEWTRecord(Integer serviceQueue, Integer ewt, Integer company, String password) {
            if (knows(company, password)) minutes = ewt;
            return knows(company, password);
        }
        public Integer getEWTByServiceID(Integer serviceQueueID, Integer companyID, String password) {
            return knows(companyID, password) ? minutes : -1;
        }
    }

    @WebService(endpointInterface = "info.IInfoService", targetNamespace = "http://tempuri.org/")
    public static class Info implements IInfoService {
        public CallData getCallDataByNumber(String presentedNumber, Integer companyId, String password) {
            return CALLS.stream().filter(call -> knows(companyId, password) && call.getUserPhoneNo().getValue().equals(presentedNumber))
                .reduce((first, second) -> second).orElse(null);
        }
        public CallData getCallDataByPin(String pin, Integer companyId, String password) {
            return CALLS.stream().filter(call -> knows(companyId, password) && call.getConfirmationCode().getValue().equals(pin))
                .reduce((first, second) -> second).orElse(null);
        }
    }

    public static void main(String[] arguments) throws Exception {
        String root = "http://127.0.0.1:" + arguments[0];
        Endpoint.publish(root + "/Service.svc", new Callback());
        Endpoint.publish(root + "/InfoService.svc", new Info());
        System.out.println("ready");
        while (System.in.read() >= 0) { }
        System.exit(0);
    }
}
