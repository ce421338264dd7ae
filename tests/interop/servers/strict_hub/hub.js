// The hub NotifyMe on SignalR 2.1, as it was seen on the wire, with Node's own modules alone: node hub.js PORT
// It refuses, and reports, whatever the original client would not do. A test drives it, by lines of JSON.
'use strict';
const crypto = require('node:crypto');
const http = require('node:http');
const readline = require('node:readline');
const { WebSocket } = require('./websocket.js');
const { groupsOf, protect, unprotect } = require('./tokens.js');
const { Ledger, Violation, insist, read } = require('./rules.js');

const SECONDS = { keepAlive: 0.5, disconnect: 6, poll: 0.7 };
const MOST = { webSockets: 10, serverSentEvents: 10, longPolling: 5000 };
const port = Number(process.argv[2]);

let bus, isMute = false;
const ledgers = new Map(), sockets = new Set(), streams = new Map(), waiting = new Map();
let violations = [], cuts = 0, armed = [];

// The message bus: one log. A message id says how far it was read.

class Bus {
    constructor() {
        this.name = crypto.randomBytes(4).toString('hex').toUpperCase();
        this.entries = [];
    }

    messageId(read) { return `d-${this.name}-A,${read.toString(16).toUpperCase()}|M,0|N,1`; }

    /** Where a message id stands; one that is not from here stands at the end: live messages only. */
    place(messageId) {
        const [, name, read] = /^d-(\w+)-A,([0-9A-F]+)\|M,0\|N,1$/.exec(messageId) ?? [];
        return name === this.name ? parseInt(read, 16) : this.entries.length;
    }

    add(entry) { this.entries.push(entry); }
}

// How each transport carries a message, which is given in parts

class EventSource {
    constructor(response) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('data: initialized\n\n');
        this.response = response;
    }

    message(parts) { for (const part of ['data: ', ...parts, '\n\n']) this.response.write(part); }
    half(parts) { for (const part of ['data: ', ...parts]) this.response.write(part); }
    keepAlive() { this.response.write('data: {}\n\n'); }
    end() { this.response.end(); }
}

class Poll {
    constructor(response) {
        response.writeHead(200, { 'Content-Type': 'application/json; charset=UTF-8' });
        response.flushHeaders();
        this.response = response;
    }

    message(parts) { this.half(parts); this.response.end(); }
    half(parts) { for (const part of parts) this.response.write(part); }
    keepAlive() { this.response.write(' '); }
}

class Socket {
    constructor(webSocket) { this.webSocket = webSocket; }

    message(parts) {
        parts.forEach((part, n) => this.webSocket.send(part, { isFirst: n === 0, isLast: n === parts.length - 1 }));
    }

    half(parts) { parts.forEach((part, n) => this.webSocket.send(part, { isFirst: n === 0, isLast: false })); }
    keepAlive() { this.webSocket.send('{}'); }
    end() { this.webSocket.close(1000); }
}

// A stream: one request that brings messages. It knows the groups that the client's token proves, and no others.

function open(ledger, carrier, { read, groups = new Set(), isInitial = false }) {
    const stream = { ledger, carrier, read, groups, isOpen: true, since: Date.now(), isDone: false };
    streams.set(ledger.id, stream);
    if (isInitial) {
        deliver(stream, { isInitial });
        ledger.isInitialised = true;
    }
    if (ledger.isDiscarded) finish(stream);
    else if (!isInitial && isHit('resumed')) setImmediate(cut);  // before anything comes of it
    else pump(stream);
    return stream;
}

function closed(stream) {
    stream.isOpen = false;
    if (!stream.isDone) stream.ledger.lostAt = Date.now();
}

function pump(stream) {
    for (let frame; stream?.isOpen && !isMute && (frame = next(stream));) deliver(stream, frame);
}

function next(stream) {
    const items = [], most = MOST[stream.ledger.transport];
    let groupsToken = null;
    while (stream.read < bus.entries.length && items.length < most && !groupsToken) {
        const { to, joins, call } = bus.entries[stream.read];
        if (joins && to === stream.ledger.id) {
            if (items.length) break;
            stream.groups.add(joins);
            groupsToken = protect('groups', `${to}:${JSON.stringify([...stream.groups])}`);
        } else if (call && stream.groups.has(to)) {
            items.push(call);
        }
        stream.read += 1;
    }
    return items.length || groupsToken ? { items, groupsToken } : null;
}

function deliver(stream, { items = [], groupsToken, isInitial, pleaseReconnect }) {
    const messageId = bus.messageId(stream.read);
    const marks = (isInitial ? ',"S":1' : '') + (pleaseReconnect ? ',"T":1' : '') + (groupsToken ? `,"G":"${groupsToken}"` : '');
    const parts = [`{"C":"${messageId}"${marks},"M":[`, items.map(item => JSON.stringify(item)).join(','), ']}'].filter(Boolean);
    if (items.length && isHit('update')) {
        stream.isOpen = false;
        stream.carrier.half([parts[0], parts[1].slice(0, parts[1].length / 2)]);
        setImmediate(cut);
        return;
    }
    stream.carrier.message(parts);
    stream.ledger.issue(messageId, groupsToken);
    if (stream.carrier instanceof Poll) finish(stream);
}

function finish(stream) {
    stream.isDone = true;
    stream.isOpen = false;
    stream.carrier.end?.();
}

// Requests

const REPLIES = {
    negotiate(query) {
        const id = crypto.randomUUID();
        ledgers.set(id, new Ledger(id, query));
        return JSON.stringify({
            Url: '/signalr', ConnectionToken: protect('connection', `${id}:`), ConnectionId: id,
            KeepAliveTimeout: 2 * SECONDS.keepAlive, DisconnectTimeout: SECONDS.disconnect, ConnectionTimeout: SECONDS.poll,
            TryWebSockets: true, ProtocolVersion: query.clientProtocol === '1.4' ? '1.4' : '1.5', TransportConnectTimeout: 5.0, LongPollDelay: 0.0,
        });
    },
    ping: () => '{ "Response": "pong" }',
    start(query, { ledger, request, response }) {
        ledger.start();
        if (isHit('connected')) cut(request.socket);
        response.on('finish', () => { if (isHit('started')) setImmediate(cut); });
        return '{ "Response": "started" }';
    },
    abort(query, { ledger, body }) {
        ledger.abort(body);
        const stream = streams.get(ledger.id);
        if (stream?.isOpen) {
            if (ledger.transport === 'longPolling') deliver(stream, {});
            else finish(stream);
        }
        return '';
    },
    send(query, { ledger, form }) {
        insist(ledger.transport !== 'webSockets', 'send, by a client with a WebSocket');
        insist(Object.keys(form).join() === 'data', 'send: its body is not data=…');
        return new Promise(resolve => invoke(ledger, form.data, resolve));
    },
};

async function answer(request, response) {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.headers.origin) {  // as for any browser, with the app's UseCors
        response.setHeader('Access-Control-Allow-Origin', request.headers.origin);
        response.setHeader('Access-Control-Allow-Credentials', 'true');
    }
    try {
        const body = await bodyOf(request);
        const { command, query, form } = read(request, body);
        const ledger = query.connectionToken && named(command, query);
        if (['connect', 'reconnect', 'poll'].includes(command)) {
            insist(query.transport !== 'webSockets', `${command}, a WebSocket without an upgrade`);
            const [place, Carrier] = [await take(command, query, ledger), ledger.transport === 'longPolling' ? Poll : EventSource];
            const stream = open(ledger, new Carrier(response), place);
            response.on('close', () => closed(stream));
            return;
        }
        const reply = await REPLIES[command](query, { ledger, request, response, body, form });
        response.writeHead(200, { 'Content-Type': 'application/json; charset=UTF-8' }).end(reply);
    } catch (error) {
        if (!request.socket.destroyed) response.writeHead(400).end(complain(error));
    }
}

async function upgrade(request, socket, head) {
    try {
        const { command, query } = read(request);
        insist(query.transport === 'webSockets', `a WebSocket for ${command} by ${query.transport}`);
        const ledger = named(command, query);
        const place = await take(command, query, ledger);
        const webSocket = new WebSocket(request, socket, head, {
            onWrong: complain,
            onText(text) {
                try {
                    ledger.request('send', query);
                    invoke(ledger, text, reply => webSocket.send(reply));
                } catch (error) {
                    complain(error);
                }
            },
        });
        const stream = open(ledger, new Socket(webSocket), place);
        socket.on('close', () => closed(stream));
    } catch (error) {
        socket.end(`HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n${complain(error)}`);
    }
}

function named(command, query) {
    const id = unprotect('connection', query.connectionToken)?.slice(0, -1), ledger = ledgers.get(id);
    insist(ledger, 'a connection token that was not given out');
    ledger.request(command, query);
    return ledger;
}

/** Where a new stream begins, once the one before it is seen to have closed. */
async function take(command, query, ledger) {
    for (let n = 0; streams.get(ledger.id)?.isOpen && n < 50; n += 1) await new Promise(resolve => setTimeout(resolve, 2));
    insist(!streams.get(ledger.id)?.isOpen, `${command} beside an open stream`);
    if (command === 'connect') {
        ledger.connect(query.transport);
        return { read: bus.entries.length, isInitial: true };
    }
    ledger.resume(command, query, 1000 * SECONDS.disconnect);
    isMute = false;
    for (const reply of waiting.get(ledger.id)?.splice(0) ?? []) reply();
    return { read: bus.place(query.messageId), groups: groupsOf(ledger.id, query.groupsToken) };
}

async function bodyOf(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
}

function complain(error) {
    if (!(error instanceof Violation) && typeof error !== 'string') console.error(error);
    const rule = String(error.message ?? error);
    violations.push(rule);
    return rule;
}

// The hub

function invoke(ledger, text, send) {
    const { H: hub, M: method, A: [code, ...more], I: number } = ledger.invoke(text);
    if (isHit('invoked')) return cut();
    insist(hub.toLowerCase() === 'notifyme', `an invocation of the hub ${hub}`);
    const reply = (more = {}) => send(JSON.stringify({ I: String(number), ...more }));
    if (method.toLowerCase() !== 'subscribe' || more.length || typeof code !== 'string') {
        return reply({ E: `There was an error invoking Hub method '${hub}.${method}'.` });
    }
    if (code === 'refused') return reply({ H: true, E: 'No such call', D: { code: 42 } });
    subscribe(ledger, code, reply);
}

/** Adds to the call's group and waits for that. The reply and the groups token come in the order seen on each transport. */
function subscribe(ledger, code, reply) {
    const stream = streams.get(ledger.id);
    bus.add({ to: ledger.id, joins: groupOf(code) });
    if (isHit('joined')) return cut();
    const isHalf = isHit('replied');
    if (ledger.transport === 'webSockets') {
        reply();
        if (!isHalf) pump(stream);
    } else {
        pump(stream);
        if (!isHalf && ledger.transport === 'serverSentEvents') reply();
        else if (!isHalf) waiting.set(ledger.id, [...waiting.get(ledger.id) ?? [], reply]);
    }
    if (isHalf) {
        stream.isOpen = false;  // nothing more is said to it
        setImmediate(cut);
    }
}

const groupOf = code => `NotifyMe.${code}`;

function say(code, method, ...args) {
    bus.add({ to: groupOf(code), call: { H: 'NotifyMe', M: method, A: args } });
}

// Heartbeats and cuts

setInterval(() => {
    for (const stream of streams.values()) {
        if (!stream.isOpen || isMute) continue;
        if (stream.carrier instanceof Poll && Date.now() - stream.since >= 1000 * SECONDS.poll) deliver(stream, {});
        else stream.carrier.keepAlive();
    }
}, 1000 * SECONDS.keepAlive).unref();

function isHit(point) {
    const at = armed.findIndex(one => one.point === point && (one.after -= 1) < 0);
    return at >= 0 && armed.splice(at, 1).length > 0;
}

/** Closes or resets every connection, in turn. */
function cut(except) {
    cuts += 1;
    for (const socket of sockets) if (socket !== except) cuts % 2 ? socket.destroy() : socket.resetAndDestroy();
}

// Commands of the test

const COMMAND_LINES = {
    /** Each is of a code and a status; null for a status is closeConnection, to that call's group. */
    say(...updates) {
        for (const [code, status] of updates) {
            if (status === null) say(code, 'closeConnection');
            else say(code, 'updateStatus', code, status);
            streams.forEach(pump);
        }
    },
    arm(point, after) { armed.push({ point, after }); },
    cut() { cut(); },
    mute() { isMute = true; },
    /** Has done with every connection: its stream ends in good order, and so does each that resumes it (server-sent events). */
    discard() {
        for (const ledger of ledgers.values()) ledger.isDiscarded = true;
        for (const stream of streams.values()) if (stream.isOpen) finish(stream);
    },
    async restart() {
        for (const stream of streams.values()) if (stream.isOpen) deliver(stream, { pleaseReconnect: true });
        await leave();
        waiting.clear();
        bus = new Bus();
        await listen();
    },
    /** Cannot be reached for a while, and forgets nothing. */
    async outage() {
        await leave();
        await new Promise(resolve => setTimeout(resolve, 600));
        await listen();
    },
    members: () => [...streams.values()].flatMap(stream => (stream.isOpen ? [...stream.groups] : [])).map(group => group.slice(9)),
    report: () => ({
        violations, cuts, armed: armed.length, sockets: sockets.size,
        connections: [...ledgers.values()].map(({ transport, isAborted }) => ({ transport, isAborted })),
    }),
    reset() {
        [violations, armed, isMute, cuts] = [[], [], false, 0];
        for (const map of [ledgers, streams, waiting]) map.clear();
    },
};

let server;
function leave() {
    return new Promise(resolve => { server.close(resolve); setImmediate(cut); });
}

function listen() {
    server = http.createServer(answer).on('upgrade', upgrade).on('connection', socket => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
    });
    server.keepAliveTimeout = 120_000;
    return new Promise(resolve => server.listen(port, '127.0.0.1', resolve));
}

bus = new Bus();
listen().then(async () => {
    console.log('ready');
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const [name, ...args] = JSON.parse(line);
        console.log(JSON.stringify(await COMMAND_LINES[name](...args) ?? null));
    }
    process.exit();
});
