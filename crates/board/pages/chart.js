// Today by the half hour, as bars: what was answered, what was not.

import { el, svg } from "./dom.js";
import { clock, count } from "./time.js";
import { say } from "./words.js";

const HALF_HOUR = 1800e3;
const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 30;
const BOTTOM = 20;
const SERIES = ["answered", "abandoned", "released", "refused"];

/** The half hours from the first in which something happened to this one, those without a call included. */
function filled(halfHours, now) {
  const known = new Map(halfHours.map((half) => [half.at, half]));
  const first = Math.min(...known.keys(), Math.floor(now / HALF_HOUR) * HALF_HOUR - 11 * HALF_HOUR);
  const last = Math.max(...known.keys(), Math.floor(now / HALF_HOUR) * HALF_HOUR);
  const all = [];
  for (let at = first; at <= last; at += HALF_HOUR) all.push(known.get(at) ?? { at, answered: 0, abandoned: 0, released: 0, refused: 0, calls: 0 });
  return all;
}

/** A round number at or above the highest bar. */
function ceiling(value) {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 5, 10].map((factor) => factor * step).find((round) => round >= Math.max(4, value)) ?? Math.max(4, value);
}

function bar(half, at, width, scale, offset) {
  const group = svg("g", {});
  let top = HEIGHT - BOTTOM;
  for (const name of SERIES) {
    const height = half[name] * scale;
    if (height <= 0) continue;
    top -= height;
    group.append(svg("rect", { x: LEFT + at * width + width * 0.12, y: top, width: width * 0.76, height, class: name, rx: 1.5 }));
  }
  const told = SERIES.filter((name) => half[name]).map((name) => `${say(name)} ${count(half[name])}`).join(", ");
  const title = svg("title", {});
  title.textContent = `${clock(half.at, offset)}: ${told || "0"}`;
  group.append(svg("rect", { x: LEFT + at * width, y: 0, width, height: HEIGHT - BOTTOM, class: "hit" }), title);
  return group;
}

function label(x, y, words, anchor) {
  const node = svg("text", { x, y, "text-anchor": anchor });
  node.textContent = words;
  return node;
}

/** The drawing, and the same as a table for whoever does not see it. */
export function chart(halfHours, now, offset) {
  const all = filled(halfHours, now);
  const highest = ceiling(Math.max(...all.map((half) => SERIES.reduce((sum, name) => sum + half[name], 0))));
  const scale = (HEIGHT - BOTTOM - 8) / highest;
  const width = (WIDTH - LEFT) / all.length;
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": say("chart") });
  for (const part of [0, 0.5, 1]) {
    const y = HEIGHT - BOTTOM - highest * part * scale;
    drawing.append(svg("line", { x1: LEFT, x2: WIDTH, y1: y, y2: y }), label(LEFT - 6, y + 4, count(highest * part), "end"));
  }
  const every = Math.max(1, Math.ceil(all.length / 9));
  all.forEach((half, at) => {
    drawing.append(bar(half, at, width, scale, offset));
    if (at % every === 0) drawing.append(label(LEFT + (at + 0.5) * width, HEIGHT - 5, clock(half.at, offset), "middle"));
  });
  const legend = el("ul", { class: "legend" }, ...SERIES.map((name) => el("li", { class: name }, el("i"), say(name))));
  const head = el("tr", {}, el("th", {}, say("time")), ...SERIES.map((name) => el("th", {}, say(name))));
  const rows = all.filter((half) => half.calls).map((half) =>
    el("tr", {}, el("td", {}, clock(half.at, offset)), ...SERIES.map((name) => el("td", {}, count(half[name])))));
  const table = el("table", {}, el("caption", {}, say("chart")), el("thead", {}, head), el("tbody", {}, ...rows));
  return [drawing, legend, el("div", { class: "unseen" }, table)];
}
