<?php
// PHP's SoapClient: php soap_client.php CALLBACK_WSDL INFO_WSDL
ini_set('soap.wsdl_cache_enabled', '0');

$callback = new SoapClient($argv[1]);
$info = new SoapClient($argv[2]);

function query($values) {
    $pairs = [];
    foreach ($values as $name => $value) {
        if (is_bool($value)) $value = $value ? 'true' : 'false';
        $pairs[] = $value === null ? $name : $name . '=' . rawurlencode($value);
    }
    return implode('&', $pairs);
}

function answer($result) {
    if ($result === null) return 'nil?';
    if (!is_object($result)) return 'result?' . query(['' => $result]);
    if (!property_exists($result, 'TimeSlot') && get_object_vars($result)) return 'result?' . query($result);
    // PHP gives a list of one as the one.
    $slots = $result->TimeSlot ?? [];
    return 'result?' . implode('&', array_map('query', is_array($slots) ? $slots : [$slots]));
}

while (($line = fgets(STDIN)) !== false) {
    [$operation, $query] = explode('?', trim($line), 2);
    $arguments = [];
    foreach (explode('&', $query) as $pair) {
        $parts = explode('=', $pair, 2);
        $arguments[$parts[0]] = isset($parts[1]) ? rawurldecode($parts[1]) : null;
    }
    $service = str_starts_with($operation, 'GetCallData') ? $info : $callback;
    try {
        $response = $service->$operation($arguments);
        echo answer($response->{$operation . 'Result'} ?? null), "\n";
    } catch (SoapFault $fault) {
        echo 'fault?', query(['code' => $fault->faultcode, 'reason' => $fault->faultstring]), "\n";
    }
}
