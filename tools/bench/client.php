<?php
// PHP's SoapClient, as client.py describes: `client.php KIND ROOT`, then a line for each thing to do.
[$_, $kind, $root] = $argv;
$names = ['small', 'slot', 'slots1000', 'slots10000'];
$account = ['serviceQueue' => 1, 'company' => 1, 'password' => 'P@ssword'];
$booking = ['name' => 'Ada Lovelace', 'phoneNo' => '+447700900123'] + $account;
for ($n = 1; $n <= 10; $n++) $booking["field$n"] = "Value $n";
$clients = [];
$call = function ($what) use (&$clients, $names, $root, $account, $booking) {
    $clients[$what] ??= new SoapClient(__DIR__ . '/../../wsdl/RequestCallbackService.wsdl', [
        'location' => "$root/" . array_search($what, $names) . '/Service.svc', 'cache_wsdl' => WSDL_CACHE_NONE,
    ]);
    return $what === 'small'
        ? $clients[$what]->RequestCallWhenAvailable($booking)
        : $clients[$what]->GetAvailableTimes($account + ['requestedDate' => '2017-04-11T00:00:00']);
};
$cpu = function () {
    $used = getrusage();
    return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec'] + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e6;
};
if (($argv[3] ?? '') === 'start') { $call('small'); exit; }
while (($line = fgets(STDIN)) !== false) {
    [$what, $count] = explode(' ', trim($line) . ' 0');
    if ($what === 'check') {
        $good = str_contains(json_encode($call('small')), 'BZ1004') && str_contains(json_encode($call('slots10000')), '9999');
        echo $good ? "ok\n" : "no\n";
    } else {
        $call($what);
        $started = $cpu();
        for ($n = 0; $n < (int) $count; $n++) $call($what);
        echo $cpu() - $started, "\n";
    }
}
