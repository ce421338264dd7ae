// Search, filter and pages of the calls: the sandbox does the work, so that thousands of calls stay quick.

import { $, h, onSearch, query, queueOptions, show } from "./dom.js";

const form = $("search");
const pages = [""]; // where each page begins, up to the one that is shown
let older = null;

/** What to ask the sandbox for. */
export function wanted() {
  const fields = query(form);
  if (pages.at(-1)) fields.set("before", pages.at(-1));
  return fields;
}

export function render({ calls, companies, total, older: next }) {
  older = next;
  const isSearch = String(query(form)) !== "";
  $("no-calls").hidden = calls.length > 0;
  $("no-calls").textContent = isSearch
    ? "No call matches."
    : "No calls yet. Request one here or from your own program.";
  const page = pages.length > 1 ? `, page ${pages.length}` : "";
  $("count").textContent = total ? `${calls.length} of ${total.toLocaleString("en-GB")}${page}` : "";
  $("pages").hidden = !older && pages.length === 1;
  $("older").setAttribute("aria-disabled", !older);
  $("newer").setAttribute("aria-disabled", pages.length === 1);
  const queues = queueOptions(companies);
  show($("search-queue"), JSON.stringify(queues), () => [
    h("option", { value: "" }, "All queues"),
    ...queues.map(([value, text]) => h("option", { value }, text)),
  ]);
}

export function listen(refresh) {
  const changed = async () => {
    await refresh();
    $("announce").textContent = $("count").textContent || $("no-calls").textContent;
  };
  onSearch(form, () => {
    pages.length = 1;
    changed();
  });
  $("older").addEventListener("click", () => {
    if (!older) return;
    pages.push(older);
    changed();
  });
  $("newer").addEventListener("click", () => {
    if (pages.length === 1) return;
    pages.pop();
    changed();
  });
}

/** Drop the search: what was just requested must be on the page. */
export function clear() {
  form.reset();
  pages.length = 1;
}
