// Over the wire: the latest exchanges, of any program.

import { $, askInOrder, h, moment, onSearch, query } from "./dom.js";

const form = $("wire-search");
const askExchanges = askInOrder();

export async function refresh(today) {
  const answer = await askExchanges(`/console/exchanges?${query(form)}`);
  if (!answer) return;
  const { exchanges, found, kept } = answer;
  $("no-exchanges").hidden = exchanges.length > 0;
  $("no-exchanges").textContent = kept ? "No exchange matches." : "No exchange yet.";
  $("wire-count").textContent = kept ? `${exchanges.length} of ${found}` : "";
  const list = $("exchange-list");
  const wanted = new Set(exchanges.map(key));
  for (const entry of [...list.children]) if (!wanted.has(entry.dataset.key)) entry.remove();
  exchanges.forEach((exchange, i) => {
    if (list.children[i]?.dataset.key === key(exchange)) return;
    list.insertBefore(entry(exchange, today), list.children[i] ?? null);
  });
}

export const listen = (changed) => onSearch(form, changed);

// A sandbox that is started again counts from 1 again.
const key = ({ number, at }) => `${number} ${at}`;

function entry(exchange, today) {
  const { at, operation, protocol, status, result, is_success, fault, request, reply } = exchange;
  const half = (title, text) =>
    h("div", {}, h("h3", {}, title), h("pre", { tabindex: 0, "aria-label": `${title} of ${operation}` }, indented(text)));
  const colour = is_success ? "good" : result === "nil" ? "warn" : "bad";
  return h(
    "details",
    { class: "entry", "data-key": key(exchange) },
    h(
      "summary",
      {},
      h("span", { class: "main" }, h("span", { class: "code" }, operation), " ", h("span", { class: "quiet" }, moment(at, today), ` · ${protocol}`)),
      " ",
      h(
        "span",
        { class: "state" },
        fault && h("span", { class: "badge warn" }, `planned: ${fault}`),
        status && h("span", { class: "quiet" }, ` ${status} `),
        h("span", { class: `badge ${colour}` }, result),
      ),
    ),
    status === null
      ? h("p", { class: "note" }, "The service did not carry out this call, so there is no request or reply to show.")
      : h("div", { class: "bodies" }, half("Request", request), half("Reply", reply)),
  );
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
