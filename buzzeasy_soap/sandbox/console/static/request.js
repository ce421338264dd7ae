// The form that requests a callback.

import { $, ask, askInOrder, h, Mistake, onSubmit, queueOptions, show } from "./dom.js";

const form = $("request");
const askSlots = askInOrder();
let companies = [];

const chosen = () => {
  const [company, queue] = $("queue").value.split("/").map(Number);
  return { company, queue };
};

export function prepare(overview) {
  companies = overview.companies;
  const options = queueOptions(companies);
  show($("queue"), JSON.stringify(options), () => options.map(([value, text]) => h("option", { value }, text)));
  const today = overview.now.slice(0, 10);
  $("date").min = today;
  if (!$("date").value) $("date").value = today;
  showFields();
}

function showFields() {
  const company = companies.find(({ id }) => id === chosen().company);
  if (!company) return;
  show($("fields"), JSON.stringify(company.field_names), () =>
    company.field_names.map((name, i) =>
      h("div", { class: "field" }, h("label", { for: `field${i + 1}` }, name), h("input", { id: `field${i + 1}`, maxlength: 500 })),
    ),
  );
}

async function showSlots() {
  const isSlot = form.elements.when.value === "slot";
  $("slot-choice").hidden = !isSlot;
  if (!isSlot || !$("date").value) return;
  const key = JSON.stringify([$("queue").value, $("date").value]);
  try {
    const slots = await askSlots("/console/slots", { ...chosen(), date: $("date").value });
    if (!slots) return;
    show($("slots"), key + JSON.stringify(slots), () =>
      slots.length
        ? slots.map(({ id, start }) =>
            h("label", { class: "slot" }, h("input", { type: "radio", name: "slot", value: id }), h("span", {}, start)),
          )
        : h("p", { class: "empty" }, "No free slot on that day. Choose another day."),
    );
  } catch (error) {
    show($("slots"), `${key} error`, () => h("p", { class: "error" }, error.message));
  }
}

function wish() {
  const wanted = { ...chosen(), name: $("name").value.trim(), phone_no: $("phone").value.trim(), region: $("region").value };
  if (!wanted.name) throw new Mistake("Enter a name.", $("name"));
  if (!wanted.phone_no) throw new Mistake("Enter a phone number.", $("phone"));
  if (form.elements.when.value === "slot") {
    const id = Number(form.elements.slot?.value ?? 0);
    if (!id) throw new Mistake("Choose a free slot.", form.querySelector("[name=slot]") ?? $("date"));
    wanted.slot = { id, date: $("date").value };
  }
  wanted.fields = [...$("fields").querySelectorAll("input")].map((input) => input.value);
  return wanted;
}

/** `onPlaced(code)` when the service has accepted a request, `onRefused()` when it has not. */
export function listen(onPlaced, onRefused) {
  for (const chip of form.querySelectorAll("[data-number]")) {
    chip.addEventListener("click", () => {
      $("phone").value = chip.dataset.number;
      $("region").value = "";
    });
  }
  form.addEventListener("change", (event) => {
    if (event.target.name === "slot") return;
    showFields();
    showSlots();
  });
  onSubmit(form, async () => {
    const wanted = wish();
    const { confirmation_code: code, reason, result_code, result } = await ask("/console/calls", wanted);
    if (wanted.slot) showSlots();
    if (code) return onPlaced(code);
    await onRefused();
    throw new Error(`${reason} (result code ${result_code}, ${result})`);
  });
}
