// A chart of a waiting time: each value holds until the next one.

import { svg } from "./dom.js";

const WIDTH = 320;
const HEIGHT = 92;
const LEFT = 26;
const TOP = 8;
const BOTTOM = 18;

export function chart(name, points, now) {
  const times = points.map((point) => Date.parse(point.at));
  const from = times[0];
  const to = Math.max(Date.parse(now), times.at(-1)) + 1;
  const most = Math.max(5, ...points.map((point) => point.minutes));
  const x = (time) => LEFT + ((WIDTH - LEFT - 6) * (time - from)) / (to - from);
  const y = (minutes) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - minutes / most);

  const corners = points.flatMap(({ minutes }, i) => [
    [x(times[i]), y(minutes)],
    [x(times[i + 1] ?? to), y(minutes)],
  ]);
  const line = corners.map(([a, b], i) => `${i ? "L" : "M"}${a.toFixed(1)} ${b.toFixed(1)}`).join("");
  const [lastX, lastY] = corners.at(-1);
  const base = HEIGHT - BOTTOM;
  const values = points.map((point) => point.minutes);
  const label =
    `${name}: ${values.at(-1)} minutes now, between ${Math.min(...values)} and ${Math.max(...values)} ` +
    `since ${points[0].at.slice(11, 16)}`;
  return svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    svg("line", { class: "rule", x1: LEFT, x2: WIDTH, y1: base, y2: base }),
    svg("line", { class: "rule", x1: LEFT, x2: WIDTH, y1: TOP, y2: TOP }),
    svg("text", { x: LEFT - 6, y: TOP + 4, "text-anchor": "end" }, String(most)),
    svg("text", { x: LEFT - 6, y: base + 4, "text-anchor": "end" }, "0"),
    svg("text", { x: LEFT, y: HEIGHT - 3 }, points[0].at.slice(11, 16)),
    svg("text", { x: WIDTH, y: HEIGHT - 3, "text-anchor": "end" }, now.slice(11, 16)),
    svg("path", { class: "under", d: `${line}L${lastX.toFixed(1)} ${base}L${LEFT} ${base}Z` }),
    svg("path", { class: "course", d: line }),
    svg("circle", { class: "now", cx: lastX.toFixed(1), cy: lastY.toFixed(1), r: 3.5 }),
  );
}
