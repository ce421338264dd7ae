// The service on Node's soap or strong-soap, whose servers are called alike:
// node soap_server.js soap|strong-soap PORT FOLDER_WITH_THE_WSDLS
const http = require('node:http');
const fs = require('node:fs');
const path = require('node:path');

const [library, port, folder] = process.argv.slice(2);
const soap = library === 'soap' ? require('soap') : require('strong-soap').soap;

process.chdir(folder);  // which strong-soap looks for imports in
const calls = [];
let minutes = 0;
const FIELDS = Array.from({ length: 10 }, (_, n) => `field${n + 1}`);
const plain = value => (value && typeof value === 'object' ? value.$value : value);
const knows = (request, company = 'company') => Number(plain(request[company])) === 1 && plain(request.password) === 'P@ssword';

function place(request, scheduled) {
    if (!knows(request)) return { ConfirmationCode: null, ResultCode: -1 };
    if (plain(request.name) === 'fault') throw { Fault: { faultcode: 'SOAP-ENV:Server', faultstring: 'No desk is free' } };
    if (plain(request.phoneNo).endsWith('103')) return { ConfirmationCode: null, ResultCode: 3 };
    const call = { ConfirmationCode: `ND${1000 + calls.length}`, CustomerName: plain(request.name), Retries: 0,
        ScheduledTime: scheduled, UserPhoneNo: plain(request.phoneNo) };
    for (const field of FIELDS) if (request[field] !== undefined) call[field] = plain(request[field]);
    calls.push(call);
    return { ConfirmationCode: call.ConfirmationCode, ResultCode: 0 };
}

function slots(request, after, most) {
    if (!knows(request)) return null;
    if (new Date(plain(after)).getHours() >= 19) most = 0;
    const clock = half => `2017-04-11 ${String(8 + Math.floor(half / 2)).padStart(2, '0')}-${half % 2 ? '30' : '00'}-00`;
    return { TimeSlot: Array.from({ length: most }, (_, n) => (
        { Available: true, TimeFrom: clock(n + 2), TimeSlotID: n + 3, TimeTo: clock(n + 3) })) };
}

const last = (request, member, value) =>
    knows(request, 'companyId') ? calls.findLast(call => call[member] === plain(value)) ?? null : null;

const operations = {
    RequestCallWhenAvailable: request => place(request, null),
    RequestCallSchedule: request => place(request, `slot ${plain(request.timeslot)}`),
    GetAvailableTimes: request => slots(request, request.requestedDate, 4),
    GetNextThreeTimeSlots: request => slots(request, request.time, 3),
    UpdateEWTRecord: request => { if (knows(request)) minutes = Number(plain(request.ewt)); return knows(request); },
    GetEWTByServiceID: request => (knows(request, 'companyID') ? minutes : -1),
    GetCallDataByNumber: request => last(request, 'UserPhoneNo', request.presentedNumber),
    GetCallDataByPin: request => last(request, 'ConfirmationCode', request.pin),
};
const answering = Object.fromEntries(Object.entries(operations).map(([name, act]) => [name, request => ({ [`${name}Result`]: act(request) })]));

const server = http.createServer((_, response) => { response.statusCode = 404; response.end(); });
server.listen(Number(port), '127.0.0.1', () => {
    for (const [address, name, service, binding] of [
        ['/Service.svc', 'RequestCallbackService', 'Service', 'BasicHttpBinding_IService'],
        ['/InfoService.svc', 'BuzzMeInfo', 'InfoService', 'BasicHttpBinding_IInfoService'],
    ]) {
        const wsdl = path.join(folder, `${name}.wsdl`);
        soap.listen(server, address, { [service]: { [binding]: answering } }, fs.readFileSync(wsdl, 'utf8'), () => {}, wsdl);
    }
    // Both read what they import before they answer.
    setTimeout(() => console.log('ready'), 500);
});
process.stdin.on('end', () => process.exit()).resume();
