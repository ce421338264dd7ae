// Expected waiting times: those of each queue, and a field for a new one.

import { chart } from "./chart.js";
import { $, ask, h, onSubmit, show } from "./dom.js";

export function render({ companies, now }, refresh) {
  const list = $("queue-list");
  const queues = companies.flatMap(({ id, queues }) => queues.map((queue) => ({ ...queue, company: id })));
  const several = companies.length > 1;
  show(list, JSON.stringify(queues.map(({ company, id, name }) => [company, id, name])), () =>
    queues.map(({ company, id, name }) => {
      const input = h("input", {
        id: `ewt-${company}-${id}`, type: "number", min: 0, max: 1440, step: 1, required: true, inputmode: "numeric",
      });
      const form = h("form", { class: "set" }, h("label", { for: input.id }, "New time, minutes"), input, h("button", { class: "plain" }, "Set"));
      onSubmit(form, async () => {
        await ask("/console/ewt", { company, queue: id, minutes: input.valueAsNumber });
        input.value = "";
        refresh();
      });
      return h(
        "div",
        { class: "queue", "data-queue": `${company}/${id}` },
        h("div", { class: "queue-head" }, h("h3", {}, several ? `${name} (company ${company})` : name), h("span", { class: "minutes" })),
        h("div", { class: "course-place" }),
        form,
      );
    }),
  );
  queues.forEach(({ name, ewt }, i) => {
    const element = list.children[i];
    const latest = ewt.at(-1);
    show(element.querySelector(".minutes"), String(latest?.minutes), () => (latest ? `${latest.minutes} min` : "–"));
    const key = JSON.stringify([ewt, now.slice(0, 16)]);
    show(element.querySelector(".course-place"), key, () =>
      latest ? chart(name, ewt, now) : h("p", { class: "empty" }, "No waiting time set."),
    );
  });
}
