// Live call progress: the hub's own protocol, SignalR 2, over a WebSocket or server-sent events.

const DATA = JSON.stringify([{ name: "notifyme" }]);
const LONGEST_DELAY = 10_000;

export class Hub {
  #codes = new Set();
  #close = null; // ends the connection that is up, or coming up
  #send = null;
  #delay = 500;
  #timer = 0;
  #silence = 0;
  #query = "";

  /** `onUpdate(code, status)`, `onReplay(codes)` before a new connection repeats past events, `onState(state)`. */
  constructor({ onUpdate, onReplay, onState }) {
    Object.assign(this, { onUpdate, onReplay, onState });
  }

  subscribe(code) {
    if (this.#codes.has(code)) return;
    this.#codes.add(code);
    if (this.#send) this.#subscribe(code);
    else if (!this.#close && !this.#timer) this.#open();
  }

  async #open() {
    this.#timer = 0;
    let closed = false;
    this.#close = () => (closed = true);
    this.onState("connecting");
    try {
      const reply = await fetch(`/signalr/negotiate?${new URLSearchParams({ clientProtocol: "1.5", connectionData: DATA })}`);
      if (!reply.ok) throw new Error(reply.status);
      const terms = await reply.json();
      if (closed) return;
      for (const connect of terms.TryWebSockets ? [this.#webSocket, this.#eventSource] : [this.#eventSource]) {
        if (await connect.call(this, terms)) return;
      }
      throw new Error("no transport");
    } catch {
      this.#again();
    }
  }

  #address(command, transport, terms) {
    this.#query = new URLSearchParams({
      transport, clientProtocol: "1.5", connectionToken: terms.ConnectionToken, connectionData: DATA,
    });
    return `/signalr/${command}?${this.#query}`;
  }

  #webSocket(terms) {
    const url = new URL(this.#address("connect", "webSockets", terms), location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    return this.#follow(terms, socket, (data) => socket.send(data));
  }

  #eventSource(terms) {
    const source = new EventSource(this.#address("connect", "serverSentEvents", terms));
    const send = (data) => fetch(`/signalr/send?${this.#query}`, { method: "POST", body: new URLSearchParams({ data }) });
    return this.#follow(terms, source, send);
  }

  /** True once the stream is up; false if it does not come up. */
  #follow(terms, stream, send) {
    return new Promise((resolve) => {
      let isUp = false;
      const end = () => {
        clearTimeout(patience);
        clearTimeout(this.#silence);
        stream.onmessage = stream.onerror = stream.onclose = null;
        stream.close();
        if (isUp) this.#again();
        resolve(false);
      };
      const patience = setTimeout(end, terms.TransportConnectTimeout * 1000);
      this.#close = () => {
        isUp = false;
        end();
      };
      stream.onerror = stream.onclose = end;
      stream.onmessage = async ({ data }) => {
        if (terms.KeepAliveTimeout) {
          clearTimeout(this.#silence);
          this.#silence = setTimeout(end, terms.KeepAliveTimeout * 1000);
        }
        if (data === "initialized") return;
        const frame = JSON.parse(data);
        if (frame.S) {
          clearTimeout(patience);
          isUp = true;
          resolve(true);
          const started = await fetch(`/signalr/start?${this.#query}`).catch(() => null);
          if (!started?.ok) return end();
          this.#started(send);
        }
        for (const call of frame.M ?? []) this.#called(call);
      };
    });
  }

  #started(send) {
    this.#send = send;
    this.#delay = 500;
    this.onState("live");
    this.onReplay([...this.#codes]);
    for (const code of this.#codes) this.#subscribe(code);
  }

  #subscribe(code) {
    this.#send(JSON.stringify({ H: "notifyme", M: "Subscribe", A: [code], I: 0 }));
  }

  #called({ M: method, A: [code, status] }) {
    if (method.toLowerCase() === "updatestatus") {
      if (status === "CallSucceeded" || status === "CallFailed") this.#codes.delete(code);
      this.onUpdate(code, status);
    } else if (method.toLowerCase() === "closeconnection") {
      this.#stop();
    }
  }

  #stop() {
    this.#close?.();
    this.#close = this.#send = null;
    fetch(`/signalr/abort?${this.#query}`, { method: "POST" }).catch(() => null);
    this.onState("idle");
    if (this.#codes.size) this.#open();
  }

  #again() {
    this.#close = this.#send = null;
    this.onState("connecting");
    this.#timer = setTimeout(() => this.#open(), this.#delay);
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
  }
}
