// Building the page. Whatever comes from data goes in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

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

/** Put children in place of an element's own, unless they say the same: focus and selection stay. */
export function show(element, key, make) {
  if (element.dataset.shown === key) return;
  element.dataset.shown = key;
  element.replaceChildren(...[make()].flat().filter((child) => child != null));
}

export async function ask(path, command) {
  const options = command && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(command),
  };
  const reply = await fetch(path, options);
  const value = await reply.json();
  if (!reply.ok) throw new Error(value.error ?? `The sandbox answered ${reply.status}.`);
  return value;
}
