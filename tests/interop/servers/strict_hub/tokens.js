// Tokens that are bound to a connection, and have each character that must be encoded.
'use strict';
const crypto = require('node:crypto');

const MACHINE_KEY = 'outlives a restart';

function protect(purpose, text) {
    for (;;) {
        const nonce = crypto.randomBytes(9);
        const seal = crypto.createHmac('sha256', MACHINE_KEY).update(nonce).update(purpose).update(text).digest();
        const token = Buffer.concat([nonce, seal, Buffer.from(text)]).toString('base64');
        if (/\+/.test(token) && /\//.test(token) && (/=$/.test(token) || Buffer.byteLength(text) % 3 === 1)) return token;
    }
}

function unprotect(purpose, token) {
    const bytes = Buffer.from(token ?? '', 'base64'), text = bytes.subarray(41).toString();
    const seal = crypto.createHmac('sha256', MACHINE_KEY).update(bytes.subarray(0, 9)).update(purpose).update(text).digest();
    return seal.equals(bytes.subarray(9, 41)) ? text : null;
}

/** The groups that a token proves for a connection. */
function groupsOf(id, token) {
    const [owner, groups] = (unprotect('groups', token) ?? '').split(/:(.*)/s);
    return new Set(owner === id ? JSON.parse(groups) : []);
}

module.exports = { groupsOf, protect, unprotect };
