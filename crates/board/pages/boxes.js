// Each FreeSWITCH: whether it is there, how it is, and which one the other pages show.

import { attribute, el, keep, text } from "./dom.js";
import { clock, count, now, rough, since } from "./time.js";
import { say } from "./words.js";

const FACTS = ["version", "uptime", "channels", "idle", "module", "counts", "unsaved", "watchdog"];

function makeBox() {
  return el("article", { class: "panel box" },
    el("h2", {}, el("span"), el("em", { class: "flag" })),
    el("p", { class: "at" }),
    el("p", { class: "state" }, el("i"), el("span"), el("b")),
    el("p", { class: "why" }),
    el("dl", {}, ...FACTS.map((name) => el("div", { class: name }, el("dt", {}, say(`box.${name}`)), el("dd")))));
}

/** A time of today as a clock, an older one with its day. */
function day(instant, offset) {
  const words = clock(instant, offset);
  if (now() - instant < 20 * 3600e3) return words;
  return `${new Date(instant + (offset ?? 0) * 1000).toISOString().slice(0, 10)} ${words}`;
}

/** A long time: days and hours, or hours and minutes. */
function long(milliseconds) {
  const hours = Math.floor(milliseconds / 3600e3);
  return hours < 48 ? rough(milliseconds) : say("box.days", { days: count(Math.floor(hours / 24)), hours: hours % 24 });
}

function moduleOf(box) {
  if (box.is_stock) return say("box.stock");
  return box.module || "–";
}

function unsavedOf(box) {
  if (box.unsaved === null) return "–";
  return box.trouble ?? (box.unsaved ? `${count(box.unsaved)} · ${rough(box.lag_ms)}` : say("box.saved"));
}

function updateBox(node, box, offset) {
  node.box = box;
  text(node.querySelector("h2 span"), box.name);
  text(node.querySelector(".flag"), box.is_shown ? say("box.shown") : "");
  attribute(node, "data-shown", box.is_shown);
  text(node.querySelector(".at"), [box.at, box.instance].filter(Boolean).join(" · "));
  attribute(node.querySelector(".state"), "data-is", box.link.is);
  const isWell = box.link.is === "up" && !box.is_shown;
  text(node.querySelector(".state span"), say(isWell ? "box.ready" : `link.${box.link.is}`));
  text(node.querySelector(".why"), box.link.why);
  const number = (value) => (value === null ? "–" : count(value));
  const facts = {
    version: box.version ?? "–",
    uptime: box.uptime_ms === null ? "–" : long(box.uptime_ms),
    channels: box.channels === null ? "–" : say("box.most", { now: count(box.channels), most: count(box.most_channels) }),
    idle: box.idle === null ? "–" : `${box.idle} %`,
    module: moduleOf(box),
    counts: box.counts_since ? day(box.counts_since, offset) : "–",
    unsaved: unsavedOf(box),
    watchdog: number(box.watchdog),
  };
  for (const name of FACTS) text(node.querySelector(`.${name} dd`), facts[name]);
  attribute(node.querySelector(".unsaved"), "data-alarm", box.trouble || box.lag_ms > 10_000 ? "red" : null);
  attribute(node.querySelector(".watchdog"), "data-alarm", box.watchdog > 0 ? "amber" : null);
  tickBox(node);
}

function tickBox(node) {
  text(node.querySelector(".state b"), since(node.box.link.since));
}

/** Opens the page. */
export function open(main) {
  const grid = el("div", { class: "boxes" });
  main.append(el("h1", { class: "unseen" }, say("nav.boxes")), grid);

  function draw(items, board) {
    const boxes = Object.entries(items).filter(([name]) => name.startsWith("b:")).map(([, box]) => box);
    boxes.sort((a, b) => a.place - b.place);
    keep(grid, boxes, (box) => String(box.place), makeBox, (node, box) => updateBox(node, box, board.offset));
  }
  return { draw, tick: () => [...grid.children].forEach(tickBox) };
}
