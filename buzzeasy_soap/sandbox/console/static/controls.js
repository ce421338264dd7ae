// Controls of the sandbox itself: its clock, planned faults, and the reset. They use its control API.

import { $, ask, h, onSubmit, show } from "./dom.js";

const WITH_SECONDS = ["delay", "slow_drip"];

export function render({ speed, faults }) {
  $("speed-now").textContent = speed;
  $("unplan").hidden = !faults.length;
  show($("fault-list"), JSON.stringify(faults), () =>
    faults.length
      ? h("ul", { class: "faults" }, ...faults.map((fault) => h("li", {}, h("code", {}, fault.operation), ` · ${described(fault)}`)))
      : h("p", { class: "empty" }, "No fault is planned."),
  );
}

function described({ kind, times, seconds }) {
  return [kind, seconds ? `${seconds} s` : null, times === 1 ? "once" : `${times} times`].filter(Boolean).join(" · ");
}

function showKind() {
  const kind = $("fault-kind").selectedOptions[0];
  $("fault-help").textContent = kind.dataset.help;
  $("fault-seconds-field").hidden = !WITH_SECONDS.includes(kind.value);
  $("fault-seconds").value = "";
}

/** `changed()` shows the new state, `cleared()` comes before that once everything is deleted. */
export function listen(changed, cleared) {
  const announce = (text) => ($("announce").textContent = text);

  onSubmit($("forward"), async () => {
    const seconds = $("forward-by").valueAsNumber * Number($("forward-unit").value);
    await ask("/sandbox/clock", { advance_seconds: seconds });
    await changed();
    announce(`The clock shows ${$("clock").textContent}`);
  });

  onSubmit($("set-speed"), async () => {
    const { speed } = await ask("/sandbox/clock", { speed: $("new-speed").valueAsNumber });
    $("new-speed").value = "";
    await changed();
    announce(`The clock runs at speed ${speed}`);
  });

  onSubmit($("plan"), async () => {
    const fault = {
      operation: $("fault-operation").value, kind: $("fault-kind").value, times: $("fault-times").valueAsNumber,
    };
    if ($("fault-seconds").value) fault.seconds = $("fault-seconds").valueAsNumber;
    await ask("/sandbox/faults", fault);
    await changed();
    announce(`Planned: ${fault.operation} ${described(fault)}`);
  });

  onSubmit($("unplan"), async () => {
    await ask("/sandbox/faults", {}, "DELETE");
    await changed();
    announce("No fault is planned.");
    $("fault-operation").focus();
  });

  $("reset").addEventListener("click", () => $("reset-dialog").showModal());
  $("reset-cancel").addEventListener("click", () => $("reset-dialog").close());
  onSubmit($("reset-form"), async () => {
    await ask("/sandbox/reset", {});
    $("reset-dialog").close();
    cleared();
    await changed();
    announce("The sandbox is reset.");
  });

  $("fault-kind").addEventListener("change", showKind);
  showKind();
}
