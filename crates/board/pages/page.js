// What all pages have: the bar above, the state of the connection, the clock, light and dark.

import { attribute, el, text } from "./dom.js";
import { listen } from "./live.js";
import { clock, now, since } from "./time.js";
import { say } from "./words.js";

const root = document.documentElement;
const bar = document.getElementById("bar");
const main = document.getElementById("main");
const page = root.dataset.page;

const PAGES = [
  ["wall", "/", "nav.wall"],
  ["floor", "/agents", "nav.floor"],
  ["supervisor", "/supervisor", "nav.supervisor"],
  ["boxes", "/boxes", "nav.boxes"],
];

function theme(wanted) {
  if (wanted) root.dataset.theme = wanted;
  else delete root.dataset.theme;
}

function isDark() {
  return (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

function toggleTheme() {
  const wanted = isDark() ? "light" : "dark";
  theme(wanted);
  localStorage.setItem("theme", wanted);
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.();
}

function icon(path) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

function button(name, path, act, key) {
  const label = `${say(name)} (${key})`;
  return el("button", { type: "button", class: "round", title: label, "aria-label": say(name), "aria-keyshortcuts": key, onclick: act }, icon(path));
}

theme(new URLSearchParams(location.search).get("theme") ?? localStorage.getItem("theme"));

const title = el("a", { href: "/", class: "name" }, document.title);
const links = PAGES.map(([name, address, word]) =>
  el("a", { href: address, "aria-current": name === page ? "page" : false }, say(word)));
const state = el("p", { class: "state", role: "status", "data-is": "starting" }, el("i"), el("span"), el("b", { "aria-hidden": "true" }));
const time = el("time", { class: "clock" });
bar.append(
  el("a", { class: "skip", href: "#main" }, say("skip")),
  title,
  el("nav", { "aria-label": say("nav.name") }, ...links),
  state,
  time,
  button("theme", "M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z", toggleTheme, "t"),
  button("full", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", toggleFull, "f"),
);

const KEYS = { t: toggleTheme, f: toggleFull, 1: () => go(0), 2: () => go(1), 3: () => go(2), 4: () => go(3) };
function go(at) {
  location.href = PAGES[at][1];
}
document.addEventListener("keydown", (event) => {
  const isTyped = event.target.closest?.("input, select, textarea, dialog");
  if (isTyped || event.ctrlKey || event.altKey || event.metaKey) return;
  KEYS[event.key]?.();
});

let board = {};
let isBoardLost = false;
links[3].hidden = page !== "boxes";

// Of one FreeSWITCH alone the state above says enough; whoever opens the page of boxes sees it all the same.
function showBoxes() {
  links[3].hidden = !(board.boxes > 1 || board.cluster) && page !== "boxes";
}

/** What the state of the connection is called, and since when it lasts where that matters. */
function stateOf() {
  if (isBoardLost) return ["lost", say("link.board"), ""];
  const link = board.link ?? { is: "starting" };
  const isBad = ["lost", "silent", "no-leader"].includes(link.is);
  const isLate = link.is === "up" && board.counted_since;
  if (link.is === "up" && board.cluster) {
    const { up, of } = board.cluster;
    const boxes = say(up === of ? "link.boxes" : "link.some", { up, of });
    return [up === of ? link.is : "some", isLate ? `${boxes}, ${say("link.since", { time: clock(board.counted_since, board.offset) })}` : boxes, ""];
  }
  if (link.is === "up" && board.box && !isLate) return [link.is, say("link.box", { name: board.box }), ""];
  const words = isLate ? say("link.late", { time: clock(board.counted_since, board.offset) }) : say(`link.${link.is}`);
  return [link.is, words, isBad ? since(link.since) : ""];
}

function tick() {
  const [is, words, lasts] = stateOf();
  attribute(state, "data-is", is);
  attribute(state, "title", board.link?.why || null);
  // Only a change of the words is read out, and not each second of it.
  text(state.children[1], words);
  text(state.lastChild, lasts);
  // What is shown is old: it is drawn paler.
  attribute(root, "data-old", !["up", "lists", "starting", "some"].includes(is));
  text(time, clock(now(), board.offset));
  view.tick?.(board);
}

const view = await import(`./${page}.js`).then((module) => module.open(main));
view.query ??= `page=${page}`;
let timer = null;

function everySecond() {
  tick();
  // In step with the server's seconds, so that all times on a wall count together.
  timer = setTimeout(everySecond, 1000 - (now() % 1000) + 5);
}

listen(view.query, (items) => {
  board = items.board ?? {};
  if (board.title) {
    text(title, board.title);
  }
  showBoxes();
  view.draw(items, board);
  clearTimeout(timer);
  everySecond();
}, (lost) => {
  isBoardLost = lost;
  tick();
});
everySecond();
