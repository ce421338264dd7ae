// Calls: each an entry that opens, with its timeline and what the agent would see.

import { $, ask, h, show } from "./dom.js";

// What each event means, as the provider's document has it, and how it is coloured.
const EVENTS = {
  CallingUser: ["Calling the customer", "Buzzeasy is calling the person who asked for the call.", "busy"],
  UserConnected: ["Customer connected", "The customer has picked up.", "busy"],
  CallingUserFailed: ["Customer not reached", "Not picked up, voicemail, or no network.", "warn"],
  CallingAgent: ["Calling an agent", "Buzzeasy is calling the queue.", "busy"],
  AgentConnected: ["Queue connected", "The call waits for a representative.", "busy"],
  CallAccepted: ["Agent accepted", "A representative has taken the call.", "busy"],
  CallSucceeded: ["Call succeeded", "The call has been completed.", "good"],
  CallFailed: ["Call failed", "It exceeded its time or its attempts.", "bad"],
  Rescheduled: ["Rescheduled", "The customer will be called again.", "warn"],
};
const words = (status) => EVENTS[status] ?? [status, "", "busy"];
export const label = (status) => words(status)[0];
export const isFinal = (status) => status === "CallSucceeded" || status === "CallFailed";

const entries = new Map(); // by confirmation code
const live = new Map(); // the statuses that the hub has told, by confirmation code

export function replay(codes) {
  for (const code of codes) live.set(code, []);
}

export function update(code, status) {
  live.set(code, [...(live.get(code) ?? []), status]);
  entries.get(code)?.refresh();
}

export function render(calls, companies, refreshAll) {
  $("no-calls").hidden = calls.length > 0;
  const list = $("call-list");
  const known = new Set(calls.map((call) => call.confirmation_code));
  for (const [code, entry] of entries) {
    if (!known.has(code)) {
      entry.element.remove();
      entries.delete(code);
    }
  }
  calls.forEach((call, index) => {
    const code = call.confirmation_code;
    if (!entries.has(code)) entries.set(code, new Entry(code, refreshAll));
    const entry = entries.get(code);
    entry.set(call, companies);
    if (list.children[index] !== entry.element) list.insertBefore(entry.element, list.children[index] ?? null);
  });
}

export function open(code) {
  const entry = entries.get(code);
  if (entry) entry.element.open = true;
}

class Entry {
  #code;
  #call = null;
  #queue = "";
  #badge = h("span", { class: "badge" });
  #who = h("span", { class: "quiet" });
  #timeline = h("ol", { class: "timeline" });
  #pop = h("div", { class: "pop" });
  #skip;

  constructor(code, refreshAll) {
    this.#code = code;
    const load = h("button", { type: "button", class: "plain", onclick: () => this.#loadPop() }, "Show the screen pop");
    this.#pop.append(
      h("h3", {}, "Agent's screen"),
      h("p", { class: "quiet" }, "What an agent's desktop gets when this call arrives."),
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
      h("summary", {}, h("span", { class: "code" }, code), this.#who, this.#badge),
      h("div", { class: "call-body" }, h("div", {}, this.#timeline, h("div", { class: "actions" }, this.#skip)), this.#pop),
    );
  }

  set(call, companies) {
    this.#call = call;
    const company = companies.find(({ id }) => id === call.company);
    this.#queue = company?.queues.find(({ id }) => id === call.service_queue)?.name ?? `Queue ${call.service_queue}`;
    this.refresh();
  }

  refresh() {
    const call = this.#call;
    if (!call) return;
    const told = live.get(this.#code) ?? [];
    const statuses = told.length > call.events.length ? told : call.events.map((event) => event.status);
    const steps = statuses.map((status, i) => ({ status, at: call.events[i]?.at }));
    const last = statuses.at(-1);
    const isOver = last !== undefined && isFinal(last);

    const who = [call.name, call.phone_no, this.#queue].filter(Boolean).join(" · ");
    show(this.#who, who, () => who);
    show(this.#badge, last ?? "", () => (last ? label(last) : call.slot ? "Booked" : "Requested"));
    this.#badge.className = `badge ${last ? words(last)[2] : ""}`;
    show(this.#timeline, JSON.stringify([steps, isOver]), () => [
      this.#step("Requested", call.slot ? `For ${call.slot.start.slice(0, 10)} at ${call.slot.start.slice(11, 16)}.` : "", "", call.requested_at),
      ...steps.map(({ status, at }) => this.#step(...words(status), at, status)),
      isOver ? null : h("li", { class: "next" }, h("span", { class: "what" }, "…")),
    ]);
    this.#skip.hidden = isOver || !call.next_at;
  }

  #step(what, note, colour, at, status) {
    return h(
      "li",
      { class: colour || "quiet", "data-status": status },
      h("span", { class: "what" }, what),
      h("time", at ? { datetime: at } : {}, at ? at.slice(11, 19) : "now"),
      note ? h("span", { class: "note" }, note) : null,
    );
  }

  async #skipAhead(refreshAll) {
    this.#skip.disabled = true;
    try {
      const { now } = await ask("/sandbox/clock");
      const seconds = Math.max(0, (Date.parse(this.#call.next_at) - Date.parse(now)) / 1000) + 0.001;
      await ask("/sandbox/clock", { advance_seconds: seconds });
      await refreshAll();
    } finally {
      this.#skip.disabled = false;
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
    const again = h("button", { type: "button", class: "plain", onclick: () => this.#loadPop() }, "Ask again");
    const had = this.#pop.contains(document.activeElement);
    this.#pop.replaceChildren(h("h3", {}, "Agent's screen"), ...content, h("div", { class: "actions" }, again));
    if (had) again.focus();
  }
}
