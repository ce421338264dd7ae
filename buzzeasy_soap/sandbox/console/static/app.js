// The page: asks the sandbox how things are, follows the calls that go on, and shows both.

import * as calls from "./calls.js";
import { chart } from "./chart.js";
import { $, ask, h, show } from "./dom.js";
import { Hub } from "./hub.js";
import * as request from "./request.js";

const EVERY = 2000;
const STATES = { live: "Live", connecting: "Connecting …", idle: "No call to follow" };

let clock = null; // the service's time when it was asked, and when that was
let soon = 0;

const hub = new Hub({
  onUpdate(code, status) {
    calls.update(code, status);
    $("announce").textContent = `${code}: ${calls.label(status)}`;
    soon ||= setTimeout(refresh, 100); // for the service's own time of the event
  },
  onReplay: calls.replay,
  onState(state) {
    $("link").dataset.state = state;
    $("link").textContent = STATES[state];
  },
});

async function refresh() {
  clearTimeout(soon);
  soon = 0;
  try {
    const overview = await ask("/console/overview");
    clock = { at: Date.parse(overview.now), zone: overview.zone, speed: overview.speed, asked: performance.now() };
    $("speed").textContent = overview.speed === 1 ? "" : `at ${overview.speed} times the speed`;
    request.prepare(overview);
    calls.render(overview.calls, overview.companies, refresh);
    showQueues(overview);
    showExchanges(await ask("/console/exchanges"));
    for (const call of overview.calls) if (!calls.isFinal(call.status)) hub.subscribe(call.confirmation_code);
    $("trouble").hidden = true;
  } catch {
    $("trouble").textContent = "The sandbox does not answer. Is it still running?";
    $("trouble").hidden = false;
  }
}

function tick() {
  if (!clock) return;
  const now = new Date(clock.at + (performance.now() - clock.asked) * clock.speed);
  const form = { dateStyle: "medium", timeStyle: "medium", timeZone: clock.zone };
  $("clock").textContent = `${now.toLocaleString("en-GB", form)} ${clock.zone}`;
  $("clock").dateTime = now.toISOString();
}

function showQueues({ companies, now }) {
  const list = $("queue-list");
  const queues = companies.flatMap(({ id, queues }) => queues.map((queue) => ({ ...queue, company: id })));
  const several = companies.length > 1;
  show(list, JSON.stringify(queues.map(({ company, id, name }) => [company, id, name])), () =>
    queues.map(({ company, id, name }) => {
      const input = h("input", {
        id: `ewt-${company}-${id}`, type: "number", min: 0, max: 1440, step: 1, required: true, inputmode: "numeric",
      });
      const set = async (event) => {
        event.preventDefault();
        if (!input.reportValidity()) return;
        await ask("/console/ewt", { company, queue: id, minutes: input.valueAsNumber });
        input.value = "";
        refresh();
      };
      return h(
        "div",
        { class: "queue", "data-queue": `${company}/${id}` },
        h("div", { class: "queue-head" }, h("h3", {}, several ? `${name} (company ${company})` : name), h("span", { class: "minutes" })),
        h("div", { class: "course-place" }),
        h(
          "form",
          { class: "set", novalidate: true, onsubmit: set },
          h("label", { for: input.id }, "New time, minutes"),
          input,
          h("button", { class: "plain" }, "Set"),
        ),
      );
    }),
  );
  queues.forEach(({ name, ewt }, i) => {
    const element = list.children[i];
    const latest = ewt.at(-1);
    show(element.querySelector(".minutes"), String(latest?.minutes), () => (latest ? `${latest.minutes} min` : "–"));
    const key = JSON.stringify([ewt, now.slice(0, 16)]);
    show(element.querySelector(".course-place"), key, () =>
      latest ? chart(name, ewt, now) : h("p", { class: "empty" }, "No waiting time has been set."),
    );
  });
}

function showExchanges(exchanges) {
  $("no-exchanges").hidden = exchanges.length > 0;
  const list = $("exchange-list");
  const known = new Set([...list.children].map((entry) => entry.dataset.key));
  const keys = exchanges.map(({ at, operation }) => `${at} ${operation}`);
  for (const entry of [...list.children]) if (!keys.includes(entry.dataset.key)) entry.remove();
  exchanges.forEach((exchange, i) => {
    if (known.has(keys[i])) return;
    const { at, operation, protocol, status } = exchange;
    const half = (title, text) =>
      h("div", {}, h("h3", {}, title), h("pre", { tabindex: 0, "aria-label": `${title} of ${operation}` }, indented(text)));
    const entry = h(
      "details",
      { class: "entry", "data-key": keys[i] },
      h(
        "summary",
        {},
        h("span", { class: "code" }, operation),
        h("span", { class: "quiet" }, `${at.slice(11, 19)} · ${protocol}`),
        h("span", { class: `badge ${status === 200 ? "good" : "bad"}` }, String(status)),
      ),
      h("div", { class: "bodies" }, half("Request", exchange.request), half("Reply", exchange.reply)),
    );
    list.insertBefore(entry, list.children[i] ?? null);
  });
}

/** XML and JSON with line breaks, for reading. */
function indented(text) {
  if (!text.trimStart().startsWith("<")) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }
  let depth = 0;
  return text
    .replace(/>\s*</g, ">\n<")
    .split("\n")
    .map((line) => {
      if (/^<\//.test(line)) depth = Math.max(0, depth - 1);
      const indentedLine = "  ".repeat(depth) + line;
      if (/^<[^/?!]/.test(line) && !/\/>$/.test(line) && !/<\//.test(line)) depth += 1;
      return indentedLine;
    })
    .join("\n");
}

request.listen(async (code) => {
  hub.subscribe(code);
  await refresh();
  calls.open(code);
  $("announce").textContent = `Requested: confirmation code ${code}`;
});
setInterval(tick, 250);
setInterval(() => document.hidden || refresh(), EVERY);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
await refresh();
tick();
