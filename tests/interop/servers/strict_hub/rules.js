// What the hub insists on. Each rule is what the original client does and a server needs or may rely on.
'use strict';

const COMMAND = ['transport', 'clientProtocol', 'connectionToken', 'connectionData'];
const STREAM = [...COMMAND, 'tid'];
const COMMANDS = {
    negotiate: { method: 'GET', query: ['clientProtocol', 'connectionData'] },
    connect: { method: 'GET', query: STREAM },
    start: { method: 'GET', query: COMMAND },
    send: { method: 'POST', query: COMMAND },
    poll: { method: 'GET', query: [...STREAM, 'messageId'], also: ['groupsToken'] },
    reconnect: { method: 'GET', query: [...STREAM, 'messageId'], also: ['groupsToken'] },
    abort: { method: 'POST', query: COMMAND },
    ping: { method: 'GET', query: [] },
};
const STREAMS = ['connect', 'poll', 'reconnect'];
const TRANSPORTS = ['webSockets', 'serverSentEvents', 'longPolling'];
const ENCODED = /^(?:[\w.!~*'()-]|%[0-9A-Fa-f]{2})*$/;  // as encodeURIComponent has it

class Violation extends Error {}

function insist(condition, rule) {
    if (!condition) throw new Violation(rule);
}

/** The command, the query and the form of a request. */
function read({ method, url, headers }, body) {
    const [path, ...rest] = url.split('?');
    const command = path.startsWith('/signalr/') ? path.slice('/signalr/'.length) : null;
    insist(Object.hasOwn(COMMANDS, command), `no such address: ${path}`);
    insist(rest.length < 2, `${command}: a second question mark`);
    const rules = COMMANDS[command], query = fields(command, rest[0]);
    const form = method === 'POST' && body ? formOf(command, headers['content-type'], body) : {};
    if (STREAMS.includes(command) && query.transport === 'longPolling' && query.clientProtocol !== '1.4') {
        insist(method === 'POST', `${command} by ${method}`);  // from 1.5 on, with the place in the form
        Object.assign(query, form);
        query.tid ??= '0';
    } else {
        insist(method === rules.method, `${command} by ${method}`);
    }
    // jQuery has a stamp in each GET.
    const known = [...rules.query, ...rules.also ?? [], ...method === 'GET' ? ['_'] : []];
    for (const name of Object.keys(query)) insist(known.includes(name), `${command}: ${name} does not belong there`);
    for (const name of rules.query) insist(query[name], `${command}: no ${name}`);
    if (query.transport) insist(TRANSPORTS.includes(query.transport), `${command}: transport ${query.transport}`);
    if (query.tid) insist(/^(\d|10)$/.test(query.tid), `${command}: tid ${query.tid}`);
    return { command, query, form };
}

function formOf(command, type, body) {
    insist(/^application\/x-www-form-urlencoded(;|$)/.test(type ?? ''), `${command} as ${type}`);
    return fields(command, body.replaceAll('+', '%20'));
}

function fields(command, text) {
    const found = {};
    for (const pair of text ? text.split('&') : []) {
        const [name, value, ...more] = pair.split('=');
        insist(value !== undefined && !more.length && ENCODED.test(value), `${command}: ${name} is not encoded`);
        insist(!Object.hasOwn(found, name), `${command}: ${name} comes twice`);
        found[name] = decodeURIComponent(value);
    }
    return found;
}

/** What was seen of one connection. It outlives a restart of the hub, whose own memory does not. */
class Ledger {
    constructor(id, { clientProtocol, connectionData }) {
        insist(/^1\.[45]$|^2\.1$/.test(clientProtocol), `clientProtocol ${clientProtocol}`);
        insist(connectionData === '[{"name":"notifyme"}]', `connectionData ${connectionData}`);
        Object.assign(this, { id, clientProtocol, connectionData, transport: null });
        Object.assign(this, { isInitialised: false, isStarted: false, isAborted: false, isDiscarded: false, lostAt: null });
        this.issued = [];  // message ids that were sent whole, each with the groups token of that time
        this.read = 0;  // how many of them the client has shown to have read
        this.invocations = 0;
    }

    /** Takes a request that names the connection. */
    request(command, { transport, clientProtocol, connectionData }) {
        insist(!this.isAborted, `${command} after abort`);
        insist(clientProtocol === this.clientProtocol, `${command}: clientProtocol changed to ${clientProtocol}`);
        insist(connectionData === this.connectionData, `${command}: connectionData changed to ${connectionData}`);
        if (command !== 'connect') {
            insist(transport === this.transport, `${command} by ${transport} after connect by ${this.transport}`);
            // Over long polling the next poll may overtake the start on another connection of the browser's.
            insist(this.isStarted || ['start', 'poll', 'abort'].includes(command), `${command} before start`);
        }
    }

    connect(transport) {
        insist(!this.isStarted, 'connect after start');
        Object.assign(this, { transport, isInitialised: false });
    }

    start() {
        insist(this.isInitialised, 'start before the first message');
        insist(!this.isStarted, 'start twice');
        this.isStarted = true;
    }

    /** Takes the place that a client goes on from. A poll follows a whole reply, and says where that ended. */
    resume(command, { messageId, groupsToken }, limit) {
        if (command === 'poll') {
            insist(this.transport === 'longPolling', `poll by ${this.transport}`);
            insist(this.lostAt === null, 'poll, not reconnect, after a poll that broke');
        } else {
            const away = this.lostAt === null ? 0 : Date.now() - this.lostAt;
            insist(away <= limit, `reconnect after ${away} ms`);
        }
        const place = this.issued.findLastIndex(one => one.messageId === messageId);
        insist(place >= 0, `${command}: messageId ${messageId} was never sent`);
        insist(place + 1 >= this.read, `${command}: messageId ${messageId} had been passed before`);
        insist(command === 'reconnect' || place === this.issued.length - 1, `poll: messageId ${messageId} is not the last`);
        insist(groupsToken === this.issued[place].groupsToken, `${command}: not the groups token of that time`);
        Object.assign(this, { read: place + 1, lostAt: null });
    }

    /** Takes an invocation. */
    invoke(text) {
        insist(text, 'an invocation without data');
        const call = JSON.parse(text);
        insist(call.I === this.invocations, `invocation ${call.I} after ${this.invocations} others`);
        insist(typeof call.M === 'string' && Array.isArray(call.A), 'an invocation without M or A');
        this.invocations += 1;
        return call;
    }

    /** Notes a message that was sent whole. */
    issue(messageId, groupsToken) {
        this.issued.push({ messageId, groupsToken: groupsToken ?? this.issued.at(-1)?.groupsToken });
    }

    abort(body) {
        insist(body === '', 'abort with a body');
        this.isAborted = true;
    }
}

module.exports = { Ledger, Violation, insist, read };
