// Calls and refused requests: each an entry that opens. A call has its timeline and what the agent sees.

import { $, ask, h, moment, show } from "./dom.js";

// What each event means, according to the provider's document, and its colour.
const EVENTS = {
  CallingUser: ["Calling the customer", "Buzzeasy is calling the person who asked for the call.", "busy"],
  UserConnected: ["Customer connected", "The customer has picked up.", "busy"],
  CallingUserFailed: ["Customer not reached", "Not picked up, voicemail, or no network.", "warn"],
  CallingAgent: ["Calling an agent", "Buzzeasy is calling the queue.", "busy"],
  AgentConnected: ["Queue connected", "The call is waiting for an agent.", "busy"],
  CallAccepted: ["Agent accepted", "An agent has taken the call.", "busy"],
  CallSucceeded: ["Call succeeded", "The call is complete.", "good"],
  CallFailed: ["Call failed", "The call ran out of time or attempts.", "bad"],
  Rescheduled: ["Rescheduled", "Buzzeasy will call the customer again.", "warn"],
};
const words = (status) => EVENTS[status] ?? [status, "", "busy"];
export const label = (status) => words(status)[0];
const isFinal = (status) => status === "CallSucceeded" || status === "CallFailed";
export const isOpen = (call) => "confirmation_code" in call && !isFinal(call.status);

const entries = new Map(); // by key: a call's is its confirmation code
const live = new Map(); // the statuses that came from the hub, by confirmation code

export function replay(codes) {
  for (const code of codes) live.set(code, []);
}

export function update(code, status) {
  live.set(code, [...(live.get(code) ?? []), status]);
  entries.get(code)?.refresh();
}

export function render({ calls, companies, now }, refreshAll) {
  const list = $("call-list");
  const today = now.slice(0, 10);
  const known = new Set(calls.map(({ key }) => key));
  for (const [key, entry] of entries) {
    if (!known.has(key)) {
      entry.element.remove();
      entries.delete(key);
      live.delete(key);
    }
  }
  calls.forEach((call, index) => {
    if (!entries.has(call.key)) entries.set(call.key, call.result ? new Refusal(call) : new Call(call.key, refreshAll));
    const entry = entries.get(call.key);
    const company = companies.find(({ id }) => id === call.company);
    entry.set(call, company?.queues.find(({ id }) => id === call.service_queue)?.name ?? `Queue ${call.service_queue}`, today);
    if (list.children[index] !== entry.element) list.insertBefore(entry.element, list.children[index] ?? null);
  });
}

export function open(code) {
  const entry = entries.get(code);
  if (entry) entry.element.open = true;
}

const booking = ({ slot }) => (slot ? `${slot.date} ${slot.start?.slice(11, 16) ?? `slot ${slot.id}`}` : "");

/** The two lines of an entry that say whose call it is, and when. */
function about(code, call, at, queue, today) {
  return [
    h("span", {}, code ? h("span", { class: "code" }, code) : null, ` ${[call.name, call.phone_no].filter(Boolean).join(" · ")} `),
    h("span", { class: "quiet" }, moment(at, today), ` · ${queue}`, ...(call.slot ? [" · ", h("span", { class: "booking" }, `booked for ${booking(call)}`)] : [])),
  ];
}

class Refusal {
  #main = h("span", { class: "main" });

  constructor(call) {
    const result = `${call.result_code} ${call.result}`;
    const lines = [
      ["Result code", result], ["Company", call.company], ["Service queue", call.service_queue],
      ["Name", call.name], ["Phone number", call.phone_no], ["Slot", booking(call)],
    ].filter(([, value]) => value !== null && value !== "");
    this.element = h(
      "details",
      { class: "entry", "data-refusal": call.result },
      h("summary", {}, this.#main, " ", h("span", { class: "state" }, h("span", { class: "badge bad" }, "Refused"), " ", h("code", {}, result))),
      h("div", { class: "refusal" }, h("p", {}, call.reason), h("dl", {}, ...lines.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))]))),
    );
  }

  set(call, queue, today) {
    show(this.#main, `${queue} ${today}`, () => about(null, call, call.at, queue, today));
  }
}

class Call {
  #code;
  #call = null;
  #queue = "";
  #today = "";
  #main = h("span", { class: "main" });
  #state = h("span", { class: "state" });
  #timeline = h("ol", { class: "timeline" });
  #pop = h("div", { class: "pop" });
  #skip;
  #error = h("p", { class: "error", role: "alert", hidden: true });

  constructor(code, refreshAll) {
    this.#code = code;
    const load = h("button", { type: "button", class: "plain", onclick: () => this.#loadPop() }, "Show the screen pop");
    this.#pop.append(
      h("h3", {}, "Agent's screen"),
      h("p", { class: "quiet" }, "What the agent sees when this call arrives."),
      h("div", { class: "actions" }, load),
    );
    this.#skip = h(
      "button",
      { type: "button", class: "plain", onclick: () => this.#skipAhead(refreshAll) },
      "Skip to the next event",
    );
    this.element = h(
      "details",
      { class: "entry", "data-code": code },
      h("summary", {}, this.#main, " ", this.#state),
      h("div", { class: "call-body" }, h("div", {}, this.#timeline, h("div", { class: "actions" }, this.#skip), this.#error), this.#pop),
    );
  }

  set(call, queue, today) {
    // A sandbox that is started again may give the same code to another call.
    if (this.#call && this.#call.requested_at !== call.requested_at) live.delete(this.#code);
    this.#call = call;
    this.#queue = queue;
    this.#today = today;
    this.refresh();
  }

  refresh() {
    const call = this.#call;
    if (!call) return;
    const received = live.get(this.#code) ?? [];
    const statuses = received.length > call.events.length ? received : call.events.map((event) => event.status);
    const steps = statuses.map((status, i) => ({ status, at: call.events[i]?.at }));
    const last = statuses.at(-1);
    const isOver = last !== undefined && isFinal(last);

    show(this.#main, `${call.requested_at} ${this.#queue} ${this.#today}`, () => about(this.#code, call, call.requested_at, this.#queue, this.#today));
    show(this.#state, last ?? "none", () => [
      h("span", { class: `badge ${last ? words(last)[2] : ""}` }, last ? label(last) : call.slot ? "Booked" : "Requested"),
      last ? h("code", {}, ` ${last}`) : null,
    ]);
    show(this.#timeline, JSON.stringify([steps, isOver, this.#today]), () => [
      this.#step("Requested", call.slot ? `For ${booking(call)}.` : "", "", call.requested_at),
      ...steps.map(({ status, at }) => this.#step(...words(status), at, status)),
      isOver ? null : h("li", { class: "next" }, h("span", { class: "what" }, "…")),
    ]);
    this.#skip.hidden = isOver || !call.next_at;
  }

  #step(what, note, colour, at, status) {
    return h(
      "li",
      { class: colour || "quiet", "data-status": status },
      h("span", { class: "what" }, what, status ? h("code", {}, ` ${status}`) : null),
      at ? moment(at, this.#today) : h("time", {}, "now"),
      note ? h("span", { class: "note" }, note) : null,
    );
  }

  async #skipAhead(refreshAll) {
    this.#error.hidden = true;
    try {
      const { now } = await ask("/sandbox/clock");
      const seconds = Math.max(0, (Date.parse(this.#call.next_at) - Date.parse(now)) / 1000) + 0.001;
      await ask("/sandbox/clock", { advance_seconds: seconds });
      await refreshAll();
    } catch (error) {
      this.#error.textContent = error.message;
      this.#error.hidden = false;
    }
  }

  async #loadPop() {
    let content;
    try {
      const pop = await ask("/console/screen-pop", { code: this.#code });
      content = [
        h("dl", {}, ...pop.lines.flatMap(({ name, value }) => [h("dt", {}, name), h("dd", {}, value)])),
        h("p", { class: "source" }, `${pop.operation} · PIN ${pop.pin}`),
      ];
    } catch (error) {
      content = [h("p", { class: "error", role: "alert" }, error.message)];
    }
    const again = h("button", { type: "button", class: "plain", onclick: () => this.#loadPop() }, "Reload");
    const had = this.#pop.contains(document.activeElement);
    this.#pop.replaceChildren(h("h3", {}, "Agent's screen"), ...content, h("div", { class: "actions" }, again));
    if (had) again.focus();
  }
}
