// Each FreeSWITCH: whether it is there, how it is, and which one the other pages show.

import { attribute, el, keep, text } from "./dom.js";
import { clock, count, now, rough, since } from "./time.js";
import { say } from "./words.js";

const FACTS = ["callers", "channels", "version", "uptime", "idle", "module", "unsaved", "counts", "watchdog"];

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
  const lasts = box.lag_ms < 60e3 ? `${Math.ceil(box.lag_ms / 1000)} s` : rough(box.lag_ms);
  return box.trouble ?? (box.unsaved ? `${count(box.unsaved)} · ${lasts}` : say("box.saved"));
}

/** What a box does, in its own word where it is well. */
function stateOf(box) {
  if (box.link.is !== "up") return `link.${box.link.is}`;
  if (box.stranger) return "box.apart";
  if (box.standing) return `standing.${box.standing}`;
  return box.is_shown ? "link.up" : "box.ready";
}

function updateBox(node, box, offset) {
  node.box = box;
  const isLeader = box.standing === "leads" && !box.stranger;
  text(node.querySelector("h2 span"), box.name);
  text(node.querySelector(".flag"), isLeader ? say("box.leader") : box.is_shown && !box.standing ? say("box.shown") : "");
  attribute(node, "data-shown", box.standing ? isLeader : box.is_shown);
  attribute(node, "data-is", box.stranger ? "stranger" : box.link.is);
  text(node.querySelector(".at"), [box.at, box.instance].filter(Boolean).join(" · "));
  attribute(node.querySelector(".state"), "data-is", box.stranger ? "stranger" : box.link.is);
  text(node.querySelector(".state span"), say(stateOf(box)));
  text(node.querySelector(".why"), box.stranger ? say(`stranger.${box.stranger}`) : box.link.why);
  const number = (value) => (value === null ? "–" : count(value));
  const facts = {
    callers: number(box.callers),
    version: box.version ?? "–",
    uptime: box.uptime_ms === null ? "–" : long(box.uptime_ms),
    channels: box.channels === null ? "–" : say("box.most", { now: count(box.channels), most: count(box.most_channels) }),
    idle: box.idle === null ? "–" : `${box.idle} %`,
    module: moduleOf(box),
    counts: box.counts_since ? day(box.counts_since, offset) : "–",
    unsaved: unsavedOf(box),
    watchdog: number(box.watchdog),
  };
  for (const name of FACTS) {
    text(node.querySelector(`.${name} dd`), facts[name]);
    // Of a box that follows, the one that leads counts; and only boxes of a cluster tell their own callers.
    const isElsewhere = box.standing ? !isLeader && ["counts", "watchdog"].includes(name) : name === "callers";
    node.querySelector(`.${name}`).hidden = isElsewhere || (box.link.is === "lost" && facts[name] === "–");
  }
  attribute(node.querySelector(".unsaved"), "data-alarm", box.trouble || box.lag_ms > 10_000 ? "red" : null);
  attribute(node.querySelector(".watchdog"), "data-alarm", box.watchdog > 0 ? "amber" : null);
  tickBox(node);
}

function tickBox(node) {
  const { link, standing_since: standing } = node.box;
  text(node.querySelector(".state b"), since(link.is === "up" && standing ? standing : link.since));
}

function makeUnheard() {
  return el("article", { class: "panel box unheard" },
    el("h2", {}, el("span"), el("em", { class: "flag" })),
    el("p", { class: "state", "data-is": "up" }, el("i"), el("span", {}, say("box.part"))),
    el("p", { class: "why" }, say("box.unheard")));
}

function updateUnheard(node, box) {
  text(node.querySelector("h2 span"), box.instance);
  text(node.querySelector(".flag"), box.leads ? say("box.leader") : "");
}

/** One line about the cluster: how many of its boxes take part. */
function turnoutOf(cluster) {
  if (!cluster) return "";
  return say(cluster.up === cluster.of ? "turnout.all" : "turnout.some", { up: count(cluster.up), of: count(cluster.of) });
}

/** Opens the page. */
export function open(main) {
  const grid = el("div", { class: "boxes" });
  const turnout = el("p", { class: "turnout", role: "status" });
  main.append(el("h1", { class: "unseen" }, say("nav.boxes")), turnout, grid);

  function draw(items, board) {
    const of = (kind) => Object.entries(items).filter(([name]) => name.startsWith(kind)).map(([, box]) => box);
    const boxes = of("b:").sort((a, b) => a.place - b.place);
    const unheard = of("u:").sort((a, b) => a.instance.localeCompare(b.instance));
    text(turnout, turnoutOf(board.cluster));
    attribute(turnout, "data-short", board.cluster && board.cluster.up < board.cluster.of);
    const key = (box) => (box.link ? String(box.place) : `u:${box.instance}`);
    const make = (box) => (box.link ? makeBox() : makeUnheard());
    keep(grid, [...boxes, ...unheard], key, make, (node, box) => (box.link ? updateBox(node, box, board.offset) : updateUnheard(node, box)));
  }
  return { draw, tick: () => grid.querySelectorAll(".box:not(.unheard)").forEach(tickBox) };
}
