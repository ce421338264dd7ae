// Building the page. Whatever comes from data goes in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const DOWN = "The sandbox is down: it does not answer. Start it again, then try again.";

export const $ = (id) => document.getElementById(id);

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

export const h = (tag, attributes = {}, ...children) => build(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) => build(document.createElementNS(SVG, tag), attributes, children);

/** Replace an element's children, unless they say the same: focus and selection stay. */
export function show(element, key, make) {
  if (element.dataset.shown === key) return;
  element.dataset.shown = key;
  element.replaceChildren(...[make()].flat().filter((child) => child != null));
}

/** `09:15:02`, after the date unless that is today's. */
export function moment(at, today) {
  const [day, time] = [at.slice(0, 10), at.slice(11, 19)];
  return h("time", { datetime: at }, day === today ? time : `${day} ${time}`);
}

export async function ask(path, command, method = command ? "POST" : "GET") {
  const options = command && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(command) };
  const reply = await fetch(path, { method, ...options }).catch(() => null);
  if (!reply) throw new Error(DOWN);
  const value = await reply.json().catch(() => null);
  if (!reply.ok || value === null) throw new Error(value?.error ?? `The sandbox answered ${reply.status}.`);
  return value;
}

/** An `ask` that answers null, late or not, where the answer to a later question was given before. */
export function askInOrder() {
  let asked = 0;
  let answered = 0;
  return async (...question) => {
    const turn = ++asked;
    const answer = await ask(...question).catch((error) => error);
    if (turn < answered) return null;
    answered = turn;
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

/** A mistake in a field of a form. */
export class Mistake extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** Call `send` when a form is submitted, once at a time; the form shows what goes wrong. */
export function onSubmit(form, send) {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  form.append(error);
  let isBusy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    error.hidden = true;
    form.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    try {
      await send();
    } catch (failure) {
      error.textContent = failure.message;
      error.hidden = false;
      failure.field?.setAttribute("aria-invalid", "true");
      failure.field?.focus();
    } finally {
      isBusy = false;
    }
  });
}

/** Call `change` when a search form changes, but not at every key. */
export function onSearch(form, change) {
  let timer = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(change, 200);
  });
}

/** The queues of all companies, to choose from: their values and names. */
export const queueOptions = (companies) =>
  companies.flatMap(({ id, queues }) =>
    queues.map((queue) => [`${id}/${queue.id}`, companies.length > 1 ? `${queue.name} (company ${id})` : queue.name]),
  );

/** The filled-in fields of a form, as a query. */
export const query = (form) => new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
