<?php
// The contract on PHP's SoapServer: php soap_server.php PORT FOLDER_OF_THE_WSDLS
// Run by hand it starts `php -S`, which runs it again for each request, with what was placed in a folder of its own.
ini_set('soap.wsdl_cache_enabled', '0');

if (PHP_SAPI === 'cli') {
    [, $port, $wsdls] = $argv;
    $state = sys_get_temp_dir() . '/' . uniqid('soap_server');
    mkdir($state);
    $server = proc_open([PHP_BINARY, '-S', "127.0.0.1:$port", __FILE__], [STDIN, STDERR, STDERR], $_, null,
                        ['WSDLS' => $wsdls, 'STATE' => $state] + getenv());
    while (!@fsockopen('127.0.0.1', $port)) {
        if (!proc_get_status($server)['running']) exit(1);
        usleep(50_000);
    }
    echo "ready\n";
    stream_get_contents(STDIN);
    proc_terminate($server);
    array_map('unlink', glob("$state/*"));
    rmdir($state);
    exit;
}

function knows($r, $company = 'company') { return $r->$company === 1 && $r->password === 'P@ssword'; }
function path($name) { return getenv('STATE') . "/$name"; }
function calls() { return is_file(path('calls')) ? unserialize(file_get_contents(path('calls'))) : []; }

function place($r, $scheduled) {
    if (!knows($r)) return ['ResultCode' => -1];
    if ($r->name === 'fault') throw new SoapFault('Server', 'No desk is free');
    if (str_ends_with($r->phoneNo, '103')) return ['ResultCode' => 3];
    $calls = calls();
    $code = 'PH' . (1000 + count($calls));
    $calls[] = ['CustomerName' => $r->name, 'UserPhoneNo' => $r->phoneNo, 'ConfirmationCode' => $code, 'Retries' => 0,
                'ScheduledTime' => $scheduled] + array_filter((array) $r, fn($name) => str_starts_with($name, 'field'), ARRAY_FILTER_USE_KEY);
    file_put_contents(path('calls'), serialize($calls));
    return ['ConfirmationCode' => $code, 'ResultCode' => 0];
}

function slots($r, $after, $most) {
    if (!knows($r)) return null;
    $from = new DateTimeImmutable($after);
    $slots = [];
    for ($n = 0; $n < $most && $from->format('H') < 19; $n++, $from = $to) {
        $to = $from->modify('+30 minutes');
        $slots[] = ['Available' => true, 'TimeFrom' => $from->format('Y-m-d H-i-s'), 'TimeSlotID' => 3 + $n,
                    'TimeTo' => $to->format('Y-m-d H-i-s')];
    }
    return ['TimeSlot' => $slots];
}

function last($r, $member, $value) {
    foreach (knows($r, 'companyId') ? array_reverse(calls()) : [] as $call) if ($call[$member] === $value) return $call;
    return null;
}

class Service {
    function RequestCallWhenAvailable($r) { return ['RequestCallWhenAvailableResult' => place($r, null)]; }
    function RequestCallSchedule($r) { return ['RequestCallScheduleResult' => place($r, "slot $r->timeslot")]; }
    function GetAvailableTimes($r) { return ['GetAvailableTimesResult' => slots($r, $r->requestedDate, 4)]; }
    function GetNextThreeTimeSlots($r) { return ['GetNextThreeTimeSlotsResult' => slots($r, $r->time, 3)]; }
    function UpdateEWTRecord($r) {
        if (knows($r)) file_put_contents(path('minutes'), $r->ewt);
        return ['UpdateEWTRecordResult' => knows($r)];
    }
    function GetEWTByServiceID($r) {
        return ['GetEWTByServiceIDResult' => knows($r, 'companyID') ? (int) @file_get_contents(path('minutes')) : -1];
    }
}

class InfoService {
    function GetCallDataByNumber($r) { return ['GetCallDataByNumberResult' => last($r, 'UserPhoneNo', $r->presentedNumber)]; }
    function GetCallDataByPin($r) { return ['GetCallDataByPinResult' => last($r, 'ConfirmationCode', $r->pin)]; }
}

$info = str_contains($_SERVER['REQUEST_URI'], 'InfoService');
$server = new SoapServer(getenv('WSDLS') . ($info ? '/BuzzMeInfo.wsdl' : '/RequestCallbackService.wsdl'));
$server->setClass($info ? InfoService::class : Service::class);
$server->handle();
