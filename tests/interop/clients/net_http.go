// Go's net/http and encoding/xml, the contract written out by hand: ./client CALLBACK_URL INFO_URL
package main

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"
)

type queue struct {
	ServiceQueue int `xml:"serviceQueue"`
}

type account struct {
	Company  int    `xml:"company"`
	Password string `xml:"password"`
}

type fields struct {
	Region  *string `xml:"region"`
	Field1  *string `xml:"field1"`
	Field2  *string `xml:"field2"`
	Field3  *string `xml:"field3"`
	Field4  *string `xml:"field4"`
	Field5  *string `xml:"field5"`
	Field6  *string `xml:"field6"`
	Field7  *string `xml:"field7"`
	Field8  *string `xml:"field8"`
	Field9  *string `xml:"field9"`
	Field10 *string `xml:"field10"`
}

type requestCallWhenAvailable struct {
	XMLName xml.Name `xml:"http://tempuri.org/ RequestCallWhenAvailable"`
	Name    *string  `xml:"name"`
	PhoneNo *string  `xml:"phoneNo"`
	queue
	account
	fields
}

type requestCallSchedule struct {
	XMLName  xml.Name  `xml:"http://tempuri.org/ RequestCallSchedule"`
	Name     *string   `xml:"name"`
	PhoneNo  *string   `xml:"phoneNo"`
	TimeSlot int       `xml:"timeslot"`
	Date     time.Time `xml:"date"`
	queue
	account
	fields
}

type getAvailableTimes struct {
	XMLName xml.Name `xml:"http://tempuri.org/ GetAvailableTimes"`
	queue
	account
	RequestedDate time.Time `xml:"requestedDate"`
}

type getNextThreeTimeSlots struct {
	XMLName xml.Name `xml:"http://tempuri.org/ GetNextThreeTimeSlots"`
	queue
	Time time.Time `xml:"time"`
	account
}

type updateEWTRecord struct {
	XMLName xml.Name `xml:"http://tempuri.org/ UpdateEWTRecord"`
	queue
	EWT int `xml:"ewt"`
	account
}

type getEWTByServiceID struct {
	XMLName        xml.Name `xml:"http://tempuri.org/ GetEWTByServiceID"`
	ServiceQueueID int      `xml:"serviceQueueID"`
	CompanyID      int      `xml:"companyID"`
	Password       string   `xml:"password"`
}

type getCallDataByNumber struct {
	XMLName         xml.Name `xml:"http://tempuri.org/ GetCallDataByNumber"`
	PresentedNumber string   `xml:"presentedNumber"`
	CompanyID       int      `xml:"companyId"`
	Password        string   `xml:"password"`
}

type getCallDataByPin struct {
	XMLName   xml.Name `xml:"http://tempuri.org/ GetCallDataByPin"`
	Pin       string   `xml:"pin"`
	CompanyID int      `xml:"companyId"`
	Password  string   `xml:"password"`
}

// nillable is what encoding/xml has not: it reads xsi:nil as an empty value.
type nillable[T any] struct{ Value *T }

func (n *nillable[T]) UnmarshalXML(decoder *xml.Decoder, start xml.StartElement) error {
	for _, attribute := range start.Attr {
		if attribute.Name.Space == "http://www.w3.org/2001/XMLSchema-instance" && attribute.Name.Local == "nil" && attribute.Value == "true" {
			return decoder.Skip()
		}
	}
	n.Value = new(T)
	return decoder.DecodeElement(n.Value, &start)
}

type responseMessage struct {
	ConfirmationCode nillable[string] `xml:"http://schemas.datacontract.org/2004/07/RequestCallbackService ConfirmationCode"`
	ResultCode       int              `xml:"http://schemas.datacontract.org/2004/07/RequestCallbackService ResultCode"`
}

type timeSlot struct {
	Available  bool             `xml:"Available"`
	TimeFrom   nillable[string] `xml:"TimeFrom"`
	TimeSlotID int              `xml:"TimeSlotID"`
	TimeTo     nillable[string] `xml:"TimeTo"`
}

type arrayOfTimeSlot struct {
	TimeSlot []timeSlot `xml:"http://schemas.datacontract.org/2004/07/RequestCallbackService TimeSlot"`
}

type callData struct {
	ConfirmationCode nillable[string] `xml:"http://schemas.datacontract.org/2004/07/BuzzMeInfo ConfirmationCode"`
	CustomerName     nillable[string] `xml:"CustomerName"`
	Retries          int              `xml:"Retries"`
	ScheduledTime    nillable[string] `xml:"ScheduledTime"`
	TimeCalled       nillable[string] `xml:"TimeCalled"`
	UserPhoneNo      nillable[string] `xml:"UserPhoneNo"`
	Field1           nillable[string] `xml:"field1"`
	Field10          nillable[string] `xml:"field10"`
	Field2           nillable[string] `xml:"field2"`
	Field3           nillable[string] `xml:"field3"`
	Field4           nillable[string] `xml:"field4"`
	Field5           nillable[string] `xml:"field5"`
	Field6           nillable[string] `xml:"field6"`
	Field7           nillable[string] `xml:"field7"`
	Field8           nillable[string] `xml:"field8"`
	Field9           nillable[string] `xml:"field9"`
	ServiceQueue     int              `xml:"serviceQueue"`
	ServiceQueueName nillable[string] `xml:"serviceQueueName"`
}

type request struct {
	XMLName xml.Name              `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct{ Content any } `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

type response[T any] struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Fault   *fault `xml:"http://schemas.xmlsoap.org/soap/envelope/ Fault"`
		Content struct {
			Result nillable[T] `xml:",any"`
		} `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

type fault struct {
	Code   string `xml:"faultcode"`
	Reason string `xml:"faultstring"`
}

func (f *fault) Error() string { return f.Reason }

// call gives nil for a result that is null.
func call[T any](address, action string, content any) (*T, error) {
	var sent request
	sent.Body.Content = content
	body, err := xml.Marshal(sent)
	if err != nil {
		return nil, err
	}
	post, err := http.NewRequest("POST", address, bytes.NewReader(append([]byte(xml.Header), body...)))
	if err != nil {
		return nil, err
	}
	post.Header.Set("Content-Type", "text/xml; charset=utf-8")
	post.Header.Set("SOAPAction", `"http://tempuri.org/`+action+`"`)
	reply, err := http.DefaultClient.Do(post)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	var got response[T]
	if err := xml.NewDecoder(reply.Body).Decode(&got); err != nil {
		return nil, err
	}
	if got.Body.Fault != nil {
		return nil, got.Body.Fault
	}
	return got.Body.Content.Result.Value, nil
}

type arguments map[string]*string

func (a arguments) string(name string) string {
	if a[name] == nil {
		return ""
	}
	return *a[name]
}

func (a arguments) int(name string) int {
	number, _ := strconv.Atoi(a.string(name))
	return number
}

func (a arguments) time(name string) time.Time {
	moment, _ := time.ParseInLocation("2006-01-02T15:04:05", a.string(name), time.Local)
	return moment
}

func (a arguments) queue() queue     { return queue{a.int("serviceQueue")} }
func (a arguments) account() account { return account{a.int("company"), a.string("password")} }
func (a arguments) fields() fields {
	return fields{a["region"], a["field1"], a["field2"], a["field3"], a["field4"], a["field5"], a["field6"], a["field7"], a["field8"], a["field9"], a["field10"]}
}

// members writes a record as a query, a null without "=".
func members(record any) string {
	var pairs []string
	value := reflect.ValueOf(record)
	for i := 0; i < value.NumField(); i++ {
		names := strings.Fields(value.Type().Field(i).Tag.Get("xml"))
		name, member := names[len(names)-1], value.Field(i).Interface()
		if text, ok := member.(nillable[string]); ok {
			if text.Value == nil {
				pairs = append(pairs, name)
				continue
			}
			member = *text.Value
		}
		pairs = append(pairs, name+"="+url.QueryEscape(fmt.Sprint(member)))
	}
	return strings.Join(pairs, "&")
}

func line[T any](result *T, err error) string {
	if failure, ok := err.(*fault); ok {
		return "fault?code=" + url.QueryEscape(failure.Code) + "&reason=" + url.QueryEscape(failure.Reason)
	}
	if err != nil {
		return "error?reason=" + url.QueryEscape(err.Error())
	}
	if result == nil {
		return "nil?"
	}
	switch found := any(*result).(type) {
	case arrayOfTimeSlot:
		var slots []string
		for _, slot := range found.TimeSlot {
			slots = append(slots, members(slot))
		}
		return "result?" + strings.Join(slots, "&")
	case responseMessage, callData:
		return "result?" + members(found)
	default:
		return "result?=" + fmt.Sprint(found)
	}
}

func answer(callback, info, operation string, a arguments) string {
	service, inquiry := "IService/"+operation, "IInfoService/"+operation
	switch operation {
	case "RequestCallWhenAvailable":
		return line(call[responseMessage](callback, service, requestCallWhenAvailable{
			Name: a["name"], PhoneNo: a["phoneNo"], queue: a.queue(), account: a.account(), fields: a.fields()}))
	case "RequestCallSchedule":
		return line(call[responseMessage](callback, service, requestCallSchedule{
			Name: a["name"], PhoneNo: a["phoneNo"], TimeSlot: a.int("timeslot"), Date: a.time("date"),
			queue: a.queue(), account: a.account(), fields: a.fields()}))
	case "GetAvailableTimes":
		return line(call[arrayOfTimeSlot](callback, service, getAvailableTimes{
			queue: a.queue(), account: a.account(), RequestedDate: a.time("requestedDate")}))
	case "GetNextThreeTimeSlots":
		return line(call[arrayOfTimeSlot](callback, service, getNextThreeTimeSlots{
			queue: a.queue(), Time: a.time("time"), account: a.account()}))
	case "UpdateEWTRecord":
		return line(call[bool](callback, service, updateEWTRecord{queue: a.queue(), EWT: a.int("ewt"), account: a.account()}))
	case "GetEWTByServiceID":
		return line(call[int](callback, service, getEWTByServiceID{
			ServiceQueueID: a.int("serviceQueueID"), CompanyID: a.int("companyID"), Password: a.string("password")}))
	case "GetCallDataByNumber":
		return line(call[callData](info, inquiry, getCallDataByNumber{
			PresentedNumber: a.string("presentedNumber"), CompanyID: a.int("companyId"), Password: a.string("password")}))
	default:
		return line(call[callData](info, inquiry, getCallDataByPin{
			Pin: a.string("pin"), CompanyID: a.int("companyId"), Password: a.string("password")}))
	}
}

func main() {
	input := bufio.NewReader(os.Stdin)
	for {
		text, err := input.ReadString('\n')
		if err != nil {
			return
		}
		operation, query, _ := strings.Cut(strings.TrimSpace(text), "?")
		given := arguments{}
		for _, pair := range strings.Split(query, "&") {
			if name, quoted, found := strings.Cut(pair, "="); found {
				value, _ := url.PathUnescape(quoted)
				given[name] = &value
			}
		}
		fmt.Println(answer(os.Args[1], os.Args[2], operation, given))
	}
}
