// Node's soap, as client.py describes: `client.cjs WSDL ROOT`, then a line for each thing to do.
const http = require('node:http');
const soap = require('soap');
const axios = require('axios');

const [, , wsdl, root, mode] = process.argv;
const NAMES = ['small', 'slot', 'slots1000', 'slots10000'];
const ACCOUNT = { serviceQueue: 1, company: 1, password: 'P@ssword' };
const BOOKING = { name: 'Ada Lovelace', phoneNo: '+447700900123', ...ACCOUNT };
for (let n = 1; n <= 10; n++) BOOKING[`field${n}`] = `Value ${n}`;
// Connections are kept, as every other client keeps them.
const request = axios.create({ httpAgent: new http.Agent({ keepAlive: true }) });
const clients = {};

async function call(what) {
  if (!clients[what]) {
    const endpoint = `${root}/${NAMES.indexOf(what)}/Service.svc`;
    clients[what] = await soap.createClientAsync(wsdl, { endpoint, request });
  }
  const [answer] = what === 'small'
    ? await clients[what].RequestCallWhenAvailableAsync(BOOKING)
    : await clients[what].GetAvailableTimesAsync({ ...ACCOUNT, requestedDate: '2017-04-11T00:00:00' });
  return answer;
}

async function answer(what, count) {
  if (what === 'check') {
    const booked = JSON.stringify(await call('small'));
    return booked.includes('BZ1004') && JSON.stringify(await call('slots10000')).includes('9999') ? 'ok' : 'no';
  }
  await call(what);
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) await call(what);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function main() {
  if (mode === 'start') {
    await call('small');
    process.exit();
  }
  for await (const line of require('node:readline').createInterface({ input: process.stdin })) {
    const [what, count] = line.split(' ');
    console.log(String(await answer(what, Number(count))));
  }
}

main();
