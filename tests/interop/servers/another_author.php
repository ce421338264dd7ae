<?php
// The callback service as another author has it, on PHP's SoapServer. Router of `php -S`, from the folder of its WSDLs;
// what it has placed stands in calls.json there.
ini_set('soap.wsdl_cache_enabled', '0');

function knows($r, $company = 'company') { return ($r->$company ?? null) === 1 && ($r->password ?? null) === 'P@ssword'; }
function calls() { return is_file('calls.json') ? json_decode(file_get_contents('calls.json'), true) : []; }

function place($r, $scheduled) {
    if (!knows($r)) return ['ResultCode' => -1, 'Position' => 0];
    if ($r->name === 'fault') throw new SoapFault('Client', 'No desk is free for ' . $r->password);
    if (str_ends_with($r->phoneNo, '103')) return ['ResultCode' => 3, 'Position' => 0];
    $calls = calls();
    $call = ['CustomerName' => $r->name, 'UserPhoneNo' => $r->phoneNo, 'ConfirmationCode' => 'PH' . (1000 + count($calls)),
             'ScheduledTime' => $scheduled, 'Retries' => 0];
    foreach (range(1, 10) as $n) if (isset($r->{"field$n"})) $call["field$n"] = $r->{"field$n"};
    $calls[] = $call;
    file_put_contents('calls.json', json_encode($calls));
    return ['ConfirmationCode' => $call['ConfirmationCode'], 'ResultCode' => 0, 'Position' => count($calls)];
}

function slots($r, $after, $most) {
    if (!knows($r)) return [];  // the result left out: this stack has no nil
    $slots = [];
    for ($n = 0; $n < $most; $n++) {
        $from = (new DateTime($after))->modify('+' . 30 * $n . ' minutes');
        $slots[] = ['TimeSlotID' => 4 + $n, 'TimeFrom' => $from->format('Y-m-d H-i-s'), 'Available' => true,
                    'TimeTo' => $from->modify('+30 minutes')->format('Y-m-d H-i-s')];
    }
    return ['TimeSlot' => $slots];
}

class Desk {
    function RequestCallWhenAvailable($r) { return ['RequestCallWhenAvailableResult' => place($r, null)]; }
    function RequestCallSchedule($r) {
        return ['RequestCallScheduleResult' => place($r, substr($r->date, 0, 10) . ' slot ' . $r->timeslot)];
    }
    function GetAvailableTimes($r) {
        return knows($r) ? ['GetAvailableTimesResult' => slots($r, $r->RequestedDate, 4)] : [];
    }
    function GetNextThreeTimeSlots($r) {
        return knows($r) ? ['GetNextThreeTimeSlotsResult' => slots($r, $r->time, 3)] : [];
    }
    function UpdateEWTRecord($r) {
        if (knows($r)) file_put_contents('ewt', $r->ewt);
        return ['UpdateEWTRecordResult' => knows($r)];
    }
    function GetEWTByServiceID($r) {
        return ['GetEWTByServiceIDResult' => knows($r, 'companyID') ? (int) @file_get_contents('ewt') : -1];
    }
    function Ping($r) { return $r; }
}

class Pop {
    private function last($r, $member, $value) {
        foreach (knows($r, 'companyId') ? array_reverse(calls()) : [] as $call) if ($call[$member] === $value) return $call;
        return null;
    }
    function GetCallDataByNumber($r) {
        $call = $this->last($r, 'UserPhoneNo', $r->presentedNumber);
        return $call ? ['GetCallDataByNumberResult' => $call] : [];
    }
    function GetCallDataByPin($r) {
        $call = $this->last($r, 'ConfirmationCode', $r->pin);
        return $call ? ['GetCallDataByPinResult' => $call] : [];
    }
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (preg_match('~^/(Desk|Pop)\.svc$~', $path, $found)) {
    if ($_SERVER['REQUEST_METHOD'] === 'GET' && strtolower($_SERVER['QUERY_STRING'] ?? '') !== 'wsdl') {
        http_response_code(404);
    } elseif ($_SERVER['REQUEST_METHOD'] === 'GET') {
        header('Content-Type: text/xml');
        readfile("$found[1].wsdl");
    } else {
        $server = new SoapServer("$found[1].wsdl", ['soap_version' => SOAP_1_1]);
        $server->setClass($found[1]);
        $server->handle();
    }
    return true;
}
return false;
