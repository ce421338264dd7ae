// The page: asks the sandbox for its state, follows the open calls, and shows both.

import * as calls from "./calls.js";
import * as controls from "./controls.js";
import { $, askInOrder } from "./dom.js";
import { Hub } from "./hub.js";
import * as queues from "./queues.js";
import * as request from "./request.js";
import * as search from "./search.js";
import * as wire from "./wire.js";

const EVERY = 2000;
const STATES = { live: "Live", connecting: "Connecting …", idle: "No open calls" };

let clock = null; // the service's time when it was asked, and when that was
let soon = 0;

const askOverview = askInOrder();
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
    const overview = await askOverview(`/console/overview?${search.wanted()}`);
    if (!overview) return;
    render(overview);
    await wire.refresh(overview.now.slice(0, 10));
    $("trouble").hidden = true;
  } catch (error) {
    $("trouble").textContent = error.message;
    $("trouble").hidden = false;
  }
}

function render(overview) {
  clock = { at: Date.parse(overview.now), zone: overview.zone, speed: overview.speed, asked: performance.now() };
  tick();
  $("speed").textContent = overview.speed === 1 ? "" : `at speed ${overview.speed}`;
  request.prepare(overview);
  search.render(overview);
  calls.render(overview, refresh);
  controls.render(overview);
  queues.render(overview, refresh);
  for (const call of overview.calls) if (calls.isOpen(call)) hub.subscribe(call.confirmation_code);
}

function tick() {
  if (!clock) return;
  const now = new Date(clock.at + (performance.now() - clock.asked) * clock.speed);
  const form = { dateStyle: "medium", timeStyle: "medium", timeZone: clock.zone };
  $("clock").textContent = `${now.toLocaleString("en-GB", form)} ${clock.zone}`;
  $("clock").dateTime = now.toISOString();
}

request.listen(async (code) => {
  hub.subscribe(code);
  search.clear();
  await refresh();
  calls.open(code);
  $("announce").textContent = `Requested: confirmation code ${code}`;
}, refresh);
search.listen(refresh);
wire.listen(refresh);
controls.listen(refresh, search.clear);
setInterval(tick, 250);
setInterval(() => document.hidden || refresh(), EVERY);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
await refresh();
