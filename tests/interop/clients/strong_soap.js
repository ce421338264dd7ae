// strong-soap: node strong_soap.js CALLBACK_WSDL INFO_WSDL
const readline = require('node:readline');
const { promisify } = require('node:util');
const { soap } = require('strong-soap');

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

const createClient = promisify(soap.createClient);

async function main([callbackWsdl, infoWsdl]) {
    const callback = await createClient(callbackWsdl, {});
    const info = await createClient(infoWsdl, {});
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const [operation, text] = line.split('?');
        const given = {};
        for (const pair of text.split('&')) {
            const [name, value] = pair.split('=');
            given[name] = value === undefined ? null : decodeURIComponent(value);
        }
        const service = operation.startsWith('GetCallData') ? info : callback;
        try {
            const response = await promisify(service[operation])(given);
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
