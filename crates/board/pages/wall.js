// A tile for each queue, to be read from across the room.

import { attribute, el, keep, text } from "./dom.js";
import { count, length, now, since } from "./time.js";
import { say } from "./words.js";

const CREW = ["free", "ringing", "talking", "wrap_up", "paused"];

/** How much a number calls for attention. */
export function alarm(value, amber, red) {
  if (value >= red) return 2;
  return value >= amber ? 1 : 0;
}

const ALARMS = [null, "amber", "red"];

/** The longest wait in seconds. */
function waited(tile) {
  return tile.oldest ? (now() - tile.oldest) / 1000 : 0;
}

function figure(name, word) {
  return el("div", { class: `figure ${name}` }, el("b", {}, "0"), el("span", {}, say(word)));
}

function makeTile(tile) {
  const crew = el("ul", { class: "crew" }, ...CREW.map((name) =>
    el("li", { "data-doing": name }, el("i"), el("b", {}, "0"), el("span", {}, say(`crew.${name}`)))));
  return el("a", { class: "tile", href: `/queues/${encodeURIComponent(tile.name)}` },
    el("h2", {}, el("span", {}, tile.title), el("em", { class: "flag" })),
    el("div", { class: "big" }, figure("waiting", "waiting"), figure("oldest", "longest")),
    el("div", { class: "crewbar", "aria-hidden": "true" }, ...CREW.map((name) => el("i", { "data-doing": name }))),
    crew,
    el("div", { class: "level" }, el("b"), el("div", { class: "track" }, el("i"), el("u")), el("span")),
    el("div", { class: "foot" }, figure("answered", "answered"), figure("abandoned", "abandoned"), figure("estimate", "estimate.short"), figure("callbacks", "callbacks")));
}

function crewOf(agents, name) {
  // Whoever is ready and yet not free is held back by a rule of the queue.
  return name === "free" ? agents.free : agents[name];
}

function updateTile(node, tile) {
  node.tile = tile;
  text(node.querySelector("h2 span"), tile.title);
  text(node.querySelector(".waiting b"), count(tile.waiting));
  const { agents } = tile;
  const all = CREW.reduce((sum, name) => sum + crewOf(agents, name), 0) || 1;
  for (const name of CREW) {
    const number = crewOf(agents, name);
    text(node.querySelector(`.crew [data-doing=${name}] b`), count(number));
    attribute(node.querySelector(`.crew [data-doing=${name}]`), "data-none", number === 0);
    const part = node.querySelector(`.crewbar [data-doing=${name}]`);
    part.style.flexGrow = number / all;
    part.hidden = number === 0;
  }
  const nobody = agents.logged_in === 0;
  attribute(node, "data-nobody", nobody);
  text(node.querySelector(".answered b"), count(tile.answered));
  text(node.querySelector(".abandoned b"), count(tile.abandoned));
  text(node.querySelector(".estimate b"), tile.estimate_ms === null ? "–" : length(tile.estimate_ms));
  text(node.querySelector(".callbacks b"), count(tile.callbacks));
  // Most queues have none, and the others keep their room then.
  node.querySelector(".callbacks").hidden = !tile.callbacks;
  const level = node.querySelector(".level");
  attribute(level, "data-none", tile.level === null);
  attribute(level, "data-short", tile.level !== null && tile.level < tile.limits.target);
  text(level.querySelector("b"), tile.level === null ? "–" : `${tile.level} %`);
  text(level.querySelector("span"), say("target", { target: tile.limits.target }));
  level.querySelector(".track i").style.width = `${tile.level ?? 0}%`;
  level.querySelector(".track u").style.insetInlineStart = `${tile.limits.target}%`;
  tickTile(node);
}

function tickTile(node) {
  const { tile } = node;
  const { limits } = tile;
  text(node.querySelector(".oldest b"), tile.oldest ? since(tile.oldest) : "–");
  const byWait = alarm(waited(tile), limits.wait_amber, limits.wait_red);
  const byWaiting = alarm(tile.waiting, limits.waiting_amber, limits.waiting_red);
  const worst = Math.max(byWait, byWaiting);
  attribute(node.querySelector(".oldest"), "data-alarm", ALARMS[byWait]);
  attribute(node.querySelector(".waiting"), "data-alarm", ALARMS[byWaiting]);
  attribute(node, "data-alarm", ALARMS[worst]);
  const nobody = tile.agents.logged_in === 0;
  text(node.querySelector(".flag"), worst === 2 ? say("flag.red") : nobody ? say("flag.nobody") : worst === 1 ? say("flag.amber") : "");
}

/** Columns with which all tiles are as large as they can be. */
function columns(number, width, height) {
  let best = { columns: 1, size: 0 };
  for (let across = 1; across <= number; across += 1) {
    const down = Math.ceil(number / across);
    const size = Math.min(width / across, (height / down) * 1.32);
    if (size > best.size) best = { columns: across, size };
  }
  return best;
}

function fit(grid) {
  const number = grid.childElementCount;
  const narrow = innerWidth < 900;
  const height = innerHeight - grid.getBoundingClientRect().top - scrollY - 18;
  const best = columns(number, grid.clientWidth, height);
  // Tiles too small to be read are no good: then the page is scrolled.
  const fits = !narrow && number > 0 && best.size >= 300;
  attribute(grid, "data-fits", fits);
  grid.style.setProperty("--columns", best.columns);
  grid.style.setProperty("--rows", Math.ceil(number / best.columns));
  grid.style.setProperty("--height", `${height}px`);
}

function total(word) {
  return el("div", {}, el("dt", {}, say(word)), el("dd", {}, "0"));
}

export const byPlace = (a, b) => a.place - b.place || a.title.localeCompare(b.title);

/** Opens the page. */
export function open(main) {
  const totals = el("dl", { class: "totals" }, ...["waiting", "longest", "calls", "answered", "abandoned", "level"].map(total));
  const grid = el("div", { class: "wall" });
  const none = el("p", { class: "none", hidden: true });
  main.append(el("h1", { class: "unseen" }, say("nav.wall")), totals, none, grid);
  addEventListener("resize", () => fit(grid));
  let tiles = [];

  function tick() {
    for (const node of grid.children) tickTile(node);
    const oldest = Math.min(...tiles.filter((tile) => tile.oldest).map((tile) => tile.oldest));
    text(totals.children[1].lastChild, Number.isFinite(oldest) ? since(oldest) : "–");
  }

  function draw(items, board) {
    tiles = Object.entries(items).filter(([name]) => name.startsWith("q:")).map(([, tile]) => tile).sort(byPlace);
    keep(grid, tiles, (tile) => tile.name, makeTile, updateTile);
    none.hidden = tiles.length > 0;
    totals.hidden = tiles.length < 2;
    text(none, say(board.link?.is === "up" ? "none.queues" : board.link?.is === "no-module" ? "none.module" : "none.yet"));
    const sum = (name) => tiles.reduce((all, tile) => all + tile[name], 0);
    const weighed = tiles.filter((tile) => tile.level !== null);
    const weight = weighed.reduce((all, tile) => all + tile.answered + tile.abandoned + tile.released, 0);
    const level = weighed.reduce((all, tile) => all + tile.level * (tile.answered + tile.abandoned + tile.released), 0) / weight;
    const texts = [sum("waiting"), null, sum("calls"), sum("answered"), sum("abandoned")];
    texts.forEach((number, at) => number !== null && text(totals.children[at].lastChild, count(number)));
    text(totals.children[5].lastChild, weight ? `${Math.floor(level)} %` : "–");
    fit(grid);
    tick();
  }
  return { draw, tick };
}
