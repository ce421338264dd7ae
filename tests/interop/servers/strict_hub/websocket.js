// The server's end of a WebSocket, by RFC 6455: text without extensions, fragments as the caller makes them.
'use strict';
const crypto = require('node:crypto');

const CONTINUATION = 0, TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;

class WebSocket {
    /** Accepts an upgrade. `onText` is given each message; `onWrong` what no client may do. */
    constructor(request, socket, head, { onText, onWrong }) {
        const key = crypto.createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11');
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
            + `X-Content-Type-Options: nosniff\r\nSec-WebSocket-Accept: ${key.digest('base64')}\r\n\r\n`);
        Object.assign(this, { socket, onText, onWrong, rest: Buffer.alloc(0), text: [], isClosing: false });
        socket.setNoDelay(true);
        socket.on('error', () => {});
        socket.on('data', data => this.#take(data));
        if (head.length) this.#take(head);
    }

    /** Sends a part of a message. */
    send(text, { isFirst = true, isLast = true } = {}) {
        this.#write(isFirst ? TEXT : CONTINUATION, Buffer.from(text), isLast);
    }

    close(code) {
        if (this.isClosing) return;
        this.isClosing = true;
        const body = Buffer.alloc(2);
        body.writeUInt16BE(code);
        this.#write(CLOSE, body);
    }

    #write(opcode, body, isLast = true) {
        const head = Buffer.alloc(body.length < 126 ? 2 : 4);
        head[0] = (isLast ? 0x80 : 0) | opcode;
        head[1] = body.length < 126 ? body.length : 126;
        if (body.length >= 126) head.writeUInt16BE(body.length, 2);
        if (this.socket.writable) this.socket.write(Buffer.concat([head, body]));
    }

    #take(data) {
        this.rest = Buffer.concat([this.rest, data]);
        for (let frame; (frame = this.#frame());) this.#handle(frame);
    }

    #frame() {
        const { rest } = this;
        if (rest.length < 2) return null;
        const isLong = (rest[1] & 0x7f) === 126, start = isLong ? 8 : 6;
        if (rest.length < start) return null;
        const length = isLong ? rest.readUInt16BE(2) : rest[1] & 0x7f;
        if (rest.length < start + length) return null;
        const mask = rest.subarray(start - 4, start);
        const body = Buffer.from(rest.subarray(start, start + length).map((byte, index) => byte ^ mask[index % 4]));
        this.rest = rest.subarray(start + length);
        return { isLast: rest[0] >= 0x80, reserved: rest[0] & 0x70, opcode: rest[0] & 0x0f, isMasked: rest[1] >= 0x80, body };
    }

    #handle({ isLast, reserved, opcode, isMasked, body }) {
        if (!isMasked) this.onWrong('a WebSocket frame without a mask');
        if (reserved) this.onWrong('a WebSocket extension that was not agreed');
        if (opcode === TEXT || opcode === CONTINUATION) {
            this.text.push(body);
            if (isLast) this.onText(Buffer.concat(this.text.splice(0)).toString());
        } else if (opcode === CLOSE) {
            if (body.length && body.readUInt16BE(0) !== 1000) this.onWrong(`a WebSocket closed with ${body.readUInt16BE(0)}`);
            this.close(1000);
            this.socket.end();
        } else if (opcode === PING) {
            this.#write(PONG, body);
        } else if (opcode !== PONG) {
            this.onWrong(`a WebSocket frame of opcode ${opcode}`);
        }
    }
}

module.exports = { WebSocket };
