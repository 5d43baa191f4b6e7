// One queue: who waits, who serves, how the day went, who gave up.

import { chart } from "./chart.js";
import { attribute, el, keep, text } from "./dom.js";
import { agentsOf, byTitle, makeCell, tickCell, updateCell } from "./floor.js";
import { clock, count, length, now, since, until } from "./time.js";
import { alarm } from "./wall.js";
import { say, sayOf } from "./words.js";

const ALARMS = [null, "amber", "red"];
const FIGURES = ["waiting", "longest", "free", "talking", "level", "answered", "abandoned", "average", "estimate", "callbacks"];

function panel(word, ...children) {
  return el("section", { class: "panel" }, el("h2", {}, say(word)), ...children);
}

/** Who calls, as far as may be shown. */
export function callerOf(entry) {
  return [entry.name, entry.number].filter(Boolean).join(" · ") || say("anonymous");
}

/** How far the callback of somebody in line is, in words. */
export function callbackOf({ state, attempts, last_end: lastEnd, next }) {
  const isDelayed = state === "pending" && next > now();
  const how = isDelayed ? say("callback.in", { time: until(next) }) : sayOf("callback", state);
  const tried = attempts > 0 && state === "pending" ? say("callback.tried", { count: attempts, end: sayOf("attempt", lastEnd) }) : "";
  return [how, tried].filter(Boolean).join(" · ");
}

/** What is done for somebody in line at this moment. */
function doingOf(member) {
  if (member.callback && !member.agent) return callbackOf(member.callback);
  return member.agent ? say("rings.at", { agent: member.agent }) : sayOf("member", member.state);
}

function memberRow() {
  return el("tr", {}, el("td", { class: "place" }), el("td", { class: "who" }, el("span"), el("small")), el("td", { class: "doing" }), el("td", { class: "wait" }));
}

function updateMember(node, member) {
  node.member = member;
  text(node.querySelector(".place"), member.place ?? "·");
  text(node.querySelector(".who span"), callerOf(member));
  attribute(node.querySelector(".who span"), "title", callerOf(member));
  const notes = [member.is_chat ? say("chat") : "", member.requirements, member.base_score ? say("priority", { score: member.base_score }) : ""];
  text(node.querySelector(".who small"), notes.filter(Boolean).join(" · "));
  const offers = member.offers > 1 ? ` (${say("offers", { count: member.offers })})` : "";
  node.offers = offers;
  attribute(node, "data-callback", member.callback?.state ?? null);
  tickMember(node);
}

function tickMember(node) {
  const { member } = node;
  text(node.querySelector(".doing"), doingOf(member) + node.offers);
  text(node.querySelector(".wait"), since(member.joined));
  attribute(node, "data-alarm", ALARMS[alarm((now() - member.joined) / 1000, member.limits.wait_amber, member.limits.wait_red)]);
}

/** Callers who wait, those who wait longest first. */
export function membersOf(items) {
  const members = Object.entries(items).filter(([name]) => name.startsWith("m:")).map(([, member]) => member);
  return members.sort((a, b) => (a.place ?? 1e9) - (b.place ?? 1e9) || a.joined - b.joined);
}

function leftRow() {
  return el("tr", {}, el("td"), el("td", { class: "who" }, el("span")), el("td"), el("td", { class: "wait" }));
}

function table(label, ...heads) {
  const body = el("tbody");
  const head = el("tr", {}, ...heads.map((word) => el("th", { scope: "col" }, say(word))));
  return [el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say(label) }, el("table", {}, el("thead", {}, head), body)), body];
}

/** Opens the page. */
export function open(main) {
  const name = document.documentElement.dataset.queue;
  const heading = el("h1", {}, name.split("@")[0]);
  const figures = el("dl", { class: "totals" }, ...FIGURES.map((word) => el("div", { class: word }, el("dt", {}, say(word)), el("dd", {}, "–"))));
  const [waitingTable, waiting] = table("who.waits", "place", "caller", "state", "wait");
  const nobodyWaits = el("p", { class: "none" }, say("none.waiting"));
  const crew = el("div", { class: "crew-levels" });
  const day = el("div", { class: "day" });
  const [leftTable, left] = table("who.left", "time", "caller", "reason", "wait");
  const nobodyLeft = el("p", { class: "none" }, say("none.left"));
  const missing = el("p", { class: "none", hidden: true });
  const facts = el("p", { class: "facts" });
  const body = el("div", { class: "queue" },
    el("div", {}, panel("who.waits", waitingTable, nobodyWaits), panel("today", day, facts)),
    el("div", {}, panel("agents", crew), panel("who.left", leftTable, nobodyLeft)));
  main.append(heading, missing, figures, body);
  let tile = null;

  function figure(word, value) {
    text(figures.querySelector(`.${word} dd`), value);
  }

  function drawCallbacks() {
    const box = figures.querySelector(".callbacks");
    box.hidden = !tile.callbacks;
    text(box.lastChild, count(tile.callbacks));
  }

  function drawFigures() {
    drawCallbacks();
    figure("waiting", count(tile.waiting));
    figure("free", count(tile.agents.free));
    figure("talking", count(tile.talking));
    figure("level", tile.level === null ? "–" : `${tile.level} %`);
    attribute(figures.querySelector(".level"), "data-alarm", tile.level !== null && tile.level < tile.limits.target ? "amber" : null);
    figure("answered", count(tile.answered));
    figure("abandoned", count(tile.abandoned));
    figure("average", tile.average_wait_ms === null ? "–" : length(tile.average_wait_ms));
    figure("estimate", tile.estimate_ms === null ? "–" : length(tile.estimate_ms));
  }

  function drawCrew(items) {
    const levels = new Map();
    for (const agent of agentsOf(items)) {
      if (!levels.has(agent.level)) levels.set(agent.level, []);
      levels.get(agent.level).push(agent);
    }
    const sorted = [...levels].sort(([a], [b]) => a - b);
    const inOrder = (a, b) => (a.doing === "logged-out") - (b.doing === "logged-out") || a.position - b.position || byTitle(a, b);
    keep(crew, sorted, ([level]) => level, ([level]) => el("div", {}, el("h3", {}, say("level.of", { level })), el("div", { class: "floor small" })),
      (node, [, agents]) => keep(node.lastChild, agents.sort(inOrder), (agent) => agent.name, makeCell, (cell, agent) => updateCell(cell, agent, tile.title)));
  }

  function drawFacts(entry) {
    const reasons = (kind, counts) => Object.entries(counts ?? {}).filter(([, number]) => number).map(([reason, number]) => `${sayOf("reason", reason)} ${count(number)}`);
    const failed = Object.entries(entry?.failed ?? {}).filter(([, number]) => number).map(([reason, number]) => `${sayOf("failed", reason)} ${count(number)}`);
    const ended = Object.entries(entry?.callbacks ?? {}).filter(([, number]) => number).map(([result, number]) => `${sayOf("result", result)} ${count(number)}`);
    const parts = [
      [say("left.why"), reasons("left", entry?.left)],
      [say("refused.why"), reasons("refused", entry?.refused)],
      [say("failed.why"), failed],
      [say("callbacks"), ended],
    ];
    text(facts, parts.filter(([, list]) => list.length).map(([word, list]) => `${word}: ${list.join(", ")}`).join("  ·  "));
  }

  let drawnDay = "";
  function drawDay(items, board) {
    const halfHours = items.day?.half_hours ?? [];
    const mark = JSON.stringify([halfHours, Math.floor(now() / 1800e3), board.offset]);
    if (mark !== drawnDay) {
      drawnDay = mark;
      day.replaceChildren(...chart(halfHours, now(), board.offset));
    }
  }

  function draw(items, board) {
    tile = items.queue ?? null;
    missing.hidden = Boolean(tile);
    body.hidden = figures.hidden = !tile;
    text(missing, board.link?.is === "up" ? say("none.queue", { name }) : say("none.yet"));
    if (!tile) return;
    text(heading, tile.title);
    document.title = `${tile.title} · ${board.title || say("board")}`;
    drawFigures();
    const members = membersOf(items);
    keep(waiting, members, (member) => member.uuid, memberRow, updateMember);
    nobodyWaits.hidden = members.length > 0;
    waitingTable.hidden = members.length === 0;
    drawCrew(items);
    drawFacts(items.facts);
    drawDay(items, board);
    const gone = Object.entries(items).filter(([key]) => key.startsWith("l:")).map(([key, entry]) => ({ key, ...entry })).sort((a, b) => b.at - a.at);
    keep(left, gone, (entry) => entry.key, leftRow, (node, entry) => {
      [clock(entry.at, board.offset), callerOf(entry), sayOf("reason", entry.reason), length(entry.waited_ms)].forEach((value, at) => text(node.children[at].firstElementChild ?? node.children[at], value));
    });
    nobodyLeft.hidden = gone.length > 0;
    leftTable.hidden = gone.length === 0;
    tick(board);
  }

  function tick(board) {
    if (!tile) return;
    figure("longest", tile.oldest ? since(tile.oldest) : "–");
    const { limits } = tile;
    attribute(figures.querySelector(".longest"), "data-alarm", ALARMS[alarm(tile.oldest ? (now() - tile.oldest) / 1000 : 0, limits.wait_amber, limits.wait_red)]);
    attribute(figures.querySelector(".waiting"), "data-alarm", ALARMS[alarm(tile.waiting, limits.waiting_amber, limits.waiting_red)]);
    for (const node of waiting.children) tickMember(node);
    for (const node of crew.querySelectorAll(".agent")) tickCell(node, board);
  }
  return { draw, tick, query: `page=queue&queue=${encodeURIComponent(name)}` };
}
