// Node's soap: node node_soap.js CALLBACK_WSDL INFO_WSDL
const readline = require('node:readline');
const soap = require('soap');

function query(values) {
    return Object.entries(values)
        .map(([name, value]) => (value === null ? name : `${name}=${encodeURIComponent(value)}`)).join('&');
}

function answer(result) {
    if (result === null || result === undefined) return 'nil?';
    if (typeof result !== 'object') return `result?${query({ '': result })}`;
    const { attributes, ...members } = result;
    if (attributes && Object.entries(attributes).some(([name, value]) => name.endsWith(':nil') && value === 'true')) return 'nil?';
    return `result?${Array.isArray(members.TimeSlot) ? members.TimeSlot.map(query).join('&') : query(members)}`;
}

async function main([callbackWsdl, infoWsdl]) {
    const callback = await soap.createClientAsync(callbackWsdl);
    const info = await soap.createClientAsync(infoWsdl);
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const [operation, text] = line.split('?');
        const given = {};
        for (const pair of text.split('&')) {
            const [name, value] = pair.split('=');
            given[name] = value === undefined ? null : decodeURIComponent(value);
        }
        const service = operation.startsWith('GetCallData') ? info : callback;
        try {
            const [response] = await service[`${operation}Async`](given);
            console.log(answer(response && response[`${operation}Result`]));
        } catch (error) {
            const fault = error.root && error.root.Envelope.Body.Fault;
            if (!fault) {
                console.log(`error?${query({ reason: error.message })}`);
            } else {
                const { faultcode, faultstring } = fault;
                console.log(`fault?${query({ code: faultcode, reason: faultstring.$value || faultstring })}`);
            }
        }
    }
}

main(process.argv.slice(2));
