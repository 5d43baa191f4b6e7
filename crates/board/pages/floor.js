// All agents: what each does, for how long, with whom.

import { attribute, el, keep, text } from "./dom.js";
import { count, now, rough, since, until } from "./time.js";
import { alarm, byPlace } from "./wall.js";
import { say, sayOf } from "./words.js";

const ORDER = ["ringing", "talking", "chatting", "wrap-up", "ready", "held", "idle", "paused", "logged-out"];
const ALARMS = [null, "amber", "red"];

/** An agent, as a cell of the floor or a row of a list. */
export function makeCell() {
  return el("article", { class: "agent" },
    el("h3"),
    el("p", { class: "doing" }, el("i"), el("span"), el("b")),
    el("p", { class: "with" }),
    el("p", { class: "today" }));
}

/** Whom an agent is with; the queue is said unless it is the one that the page is about. */
function withWhom(agent, here) {
  if (agent.call) {
    const who = agent.call.name || agent.call.number || say("anonymous");
    const more = agent.more_calls ? ` +${agent.more_calls}` : "";
    const queue = agent.call.queue === here ? "" : ` → ${agent.call.queue}`;
    return `${who}${more}${queue}`;
  }
  if (agent.pause?.reason) return agent.pause.reason;
  if (agent.external_calls > 0) return say("external", { count: agent.external_calls });
  return "";
}

/** Shows an agent as it is now. */
export function updateCell(node, agent, here) {
  node.agent = agent;
  attribute(node, "data-doing", agent.doing);
  text(node.querySelector("h3"), agent.title);
  attribute(node.querySelector("h3"), "title", agent.name);
  text(node.querySelector(".doing span"), sayOf("doing", agent.doing));
  text(node.querySelector(".with"), withWhom(agent, here));
  attribute(node.querySelector(".with"), "title", agent.call?.number || null);
  const { today } = agent;
  const missed = today.missed ? ` · ${say("missed", { count: count(today.missed) }).replaceAll(" ", "\u00a0")}` : "";
  text(node.querySelector(".today"), `${say("calls.today", { count: count(today.answered) })} · ${rough(today.talk_ms)}${missed}`);
  tickCell(node);
}

/** How long it lasts still, or lasts already. A countdown that is over stays at its end until the next state is told: that begins there. */
function lasts(agent, start) {
  if (agent.until) return agent.until > now() ? `−${until(agent.until)}` : "0:00";
  return agent.doing === "logged-out" && !start ? "" : since(start);
}

/** Times go on. */
export function tickCell(node, board) {
  const { agent } = node;
  const start = agent.doing === "talking" ? agent.call?.since ?? agent.since : agent.since;
  text(node.querySelector(".doing b"), lasts(agent, start));
  const limits = board?.thresholds ?? node.limits ?? {};
  node.limits = limits;
  const seconds = start ? (now() - start) / 1000 : 0;
  const by = agent.doing === "talking" && agent.call ? alarm(seconds, agent.call.talk_amber, agent.call.talk_red)
    : agent.doing === "paused" ? alarm(seconds, limits.pause_amber ?? Infinity, limits.pause_red ?? Infinity) : 0;
  attribute(node, "data-alarm", ALARMS[by]);
  attribute(node.querySelector(".doing b"), "title", by ? say("too.long") : null);
}

/** Agents of a page's state. */
export function agentsOf(items) {
  return Object.entries(items).filter(([name]) => name.startsWith("a:")).map(([, agent]) => agent);
}

export const byTitle = (a, b) => a.title.localeCompare(b.title, undefined, { numeric: true });

// A cell in pixels, as the style sheet has it, with its gap.
const CELL = { width: 242, height: 124 };

/** Cells as large as they can be with all of them on the screen, for a floor that hangs on a wall. */
function fit(grid) {
  const number = grid.childElementCount;
  const height = innerHeight - grid.parentElement.getBoundingClientRect().top - scrollY - 104;
  let zoom = 1;
  for (let wanted = 1.9; wanted > 1 && zoom === 1 && innerWidth >= 900; wanted -= 0.05) {
    const across = Math.max(1, Math.floor(grid.parentElement.clientWidth / (CELL.width * wanted)));
    if (Math.ceil(number / across) * CELL.height * wanted <= height) zoom = wanted;
  }
  grid.style.zoom = zoom;
}

/** Opens the page. */
export function open(main) {
  const asked = new URLSearchParams(location.search);
  let wanted = new Set(asked.get("state")?.split(",").filter(Boolean));
  const search = el("input", { type: "search", placeholder: say("search.agent"), "aria-label": say("search.agent"), value: asked.get("q") ?? "" });
  const queue = el("select", { "aria-label": say("queue") }, el("option", { value: "" }, say("all.queues")));
  const sort = el("select", { "aria-label": say("sort") },
    ...["title", "doing", "since"].map((name) => el("option", { value: name }, say(`sort.${name}`))));
  const chips = el("div", { class: "chips", role: "group", "aria-label": say("states") });
  const grid = el("div", { class: "floor" });
  const none = el("p", { class: "none" });
  main.append(el("h1", { class: "unseen" }, say("nav.floor")), el("form", { class: "filter", role: "search" }, chips, el("div", { class: "fields" }, search, queue, sort)), none,
    el("h2", { class: "unseen" }, say("agents")), grid);
  let last = [{}, {}];
  addEventListener("resize", () => fit(grid));

  const sorts = {
    title: byTitle,
    doing: (a, b) => ORDER.indexOf(a.doing) - ORDER.indexOf(b.doing) || byTitle(a, b),
    since: (a, b) => (a.since ?? Infinity) - (b.since ?? Infinity) || byTitle(a, b),
  };

  function again() {
    draw(...last);
  }
  for (const field of [search, queue, sort]) field.addEventListener("input", again);
  main.querySelector("form").addEventListener("submit", (event) => event.preventDefault());

  function chip([doing]) {
    return el("button", {
      type: "button",
      "data-doing": doing,
      onclick: () => {
        if (wanted.has(doing)) wanted.delete(doing);
        else wanted.add(doing);
        again();
      },
    }, el("i"), el("span", {}, sayOf("doing", doing)), el("b"));
  }

  function drawQueues(items) {
    const queues = Object.entries(items).filter(([name]) => name.startsWith("q:")).map(([, entry]) => entry).sort(byPlace);
    if (queue.length === queues.length + 1) return;
    const chosen = queue.value || asked.get("queue") || "";
    queue.replaceChildren(queue.firstChild, ...queues.map((entry) => el("option", { value: entry.name }, entry.title)));
    queue.value = chosen;
  }

  function draw(items, board) {
    last = [items, board];
    drawQueues(items);
    const all = agentsOf(items);
    const letters = search.value.trim().toLowerCase();
    const matching = all.filter((agent) =>
      (!queue.value || agent.queues.includes(queue.value))
      && (!letters || `${agent.title} ${agent.name} ${agent.skills}`.toLowerCase().includes(letters)));
    const counts = new Map(ORDER.map((doing) => [doing, 0]));
    for (const agent of matching) counts.set(agent.doing, (counts.get(agent.doing) ?? 0) + 1);
    const present = [...counts].filter(([doing, number]) => number > 0 || wanted.has(doing));
    keep(chips, present, ([doing]) => doing, chip, (node, [doing, number]) => {
      text(node.lastChild, count(number));
      attribute(node, "aria-pressed", String(wanted.has(doing)));
    });
    const shown = matching.filter((agent) => wanted.size === 0 || wanted.has(agent.doing)).sort(sorts[sort.value]);
    none.hidden = shown.length > 0;
    text(none, say(all.length ? "none.match" : "none.agents"));
    keep(grid, shown, (agent) => agent.name, makeCell, updateCell);
    fit(grid);
    tick(board);
  }

  function tick(board) {
    for (const node of grid.children) tickCell(node, board);
  }
  return { draw, tick };
}

