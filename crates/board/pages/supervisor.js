// For whoever may change something. Without a token there is nothing here but the question for one.

import { attribute, el, keep, text } from "./dom.js";
import { agentsOf, byTitle, tickCell, updateCell } from "./floor.js";
import { callbackOf, callerOf, membersOf } from "./queue.js";
import { clock, now, since } from "./time.js";
import { alarm } from "./wall.js";
import { say } from "./words.js";

const ALARMS = [null, "amber", "red"];
const URGENT = 300;

async function ask(address, token, body) {
  const request = { headers: { authorization: `Bearer ${token}` } };
  if (body) {
    request.method = "POST";
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const response = await fetch(address, request);
  return { status: response.status, ...(await response.json().catch(() => ({}))) };
}

/** The question for a token; calls `entered` with it once it is known whose it is. */
function door(entered) {
  const field = el("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
  const wrong = el("p", { class: "wrong", role: "alert" });
  const form = el("form", { class: "door panel" },
    el("h1", {}, say("supervisor.door")), el("p", {}, say("supervisor.why")),
    el("label", { for: "token" }, say("token")), field,
    el("button", { type: "submit", class: "main" }, say("enter")), wrong);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    text(wrong, "");
    const answer = await ask("/supervisor/who", field.value);
    if (answer.status === 200) entered(field.value, answer);
    else text(wrong, say(answer.error === "no-tokens" ? "no.tokens" : "wrong.token"));
  });
  return form;
}

/** Asks once, and resolves to what was entered, or to null. */
function confirm(question, detail, field) {
  return new Promise((resolve) => {
    const input = field && el("input", { type: field.type ?? "text", id: "detail", maxlength: 60, value: field.value ?? "", list: field.list ? "reasons" : false });
    const list = field?.list && el("datalist", { id: "reasons" }, ...field.list.map((reason) => el("option", { value: reason })));
    const dialog = el("dialog", { "aria-labelledby": "question" },
      el("form", { method: "dialog" },
        el("h2", { id: "question" }, question), el("p", {}, detail),
        input && el("label", { for: "detail" }, field.label), input, list,
        el("menu", {},
          el("button", { type: "submit", value: "no", formnovalidate: true }, say("no")),
          el("button", { type: "submit", value: "yes", class: "main" }, say("yes")))));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? input?.value.trim() ?? "" : null);
      dialog.remove();
    });
    document.body.append(dialog);
    // The question is answered by Enter, so the first button in the order of the form is not "no".
    dialog.querySelector("form").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === input) {
        event.preventDefault();
        dialog.close("yes");
      }
    });
    dialog.showModal();
    (input ?? dialog.querySelector(".main")).focus();
  });
}

function act(label, run, name) {
  return el("button", { type: "button", onclick: run, "aria-label": `${label}: ${name}` }, label);
}

/** The rooms behind the door. */
function desk(main, token, me, leave) {
  const deeds = el("ol", { class: "deeds" });
  const waiting = el("div", { class: "rows" });
  const agents = el("div", { class: "rows" });
  const search = el("input", { type: "search", placeholder: say("search.agent"), "aria-label": say("search.agent") });
  const said = el("p", { class: "said", role: "status" });
  const nobody = el("p", { class: "none" }, say("none.waiting"));
  let known = -1;
  let last = null;

  async function carry(deed, question, detail, field) {
    const entered = await confirm(question, detail, field);
    if (entered === null) return;
    if (field) deed[field.name] = field.name === "score" ? Number(entered) || 0 : entered;
    const answer = await ask("/supervisor/act", token, deed);
    if (answer.status === 401) return leave();
    attribute(said, "data-ok", answer.is_ok === true);
    const what = question.replace(/\?$/, "");
    text(said, answer.number ? say("taken", { number: answer.number }) : answer.is_ok ? say("done", { what }) : say("not.done", { why: (answer.answer ?? String(answer.status)).replace(/^-ERR /, "") }));
    showDeeds();
  }

  async function showDeeds() {
    const answer = await ask("/supervisor/deeds", token);
    if (answer.status === 401) return leave();
    const offset = last?.[1].offset;
    deeds.replaceChildren(...(answer.deeds ?? []).map((deed) =>
      el("li", { "data-ok": String(deed.is_ok) }, el("time", {}, clock(deed.at, offset, true)), el("b", {}, deed.who), el("code", {}, deed.what), el("span", {}, deed.answer))));
  }

  function agentRow(agent) {
    const name = agent.title;
    const on = (deed, word, field) => () => carry({ do: deed, agent: agent.name }, say(`ask.${deed}`, { name }), say("by", { who: me.name }), field && field());
    const reason = () => ({ name: "reason", label: say("reason"), list: me.reasons });
    return el("article", { class: "agent row" },
      el("h3"), el("p", { class: "doing" }, el("i"), el("span"), el("b")), el("p", { class: "with" }), el("p", { class: "today" }),
      el("div", { class: "acts" },
        el("span", { class: "pause" }, act(say("pause"), on("pause", "pause", reason), name)),
        el("span", { class: "resume" }, act(say("resume"), on("resume"), name)),
        el("span", { class: "login" }, act(say("login"), on("login"), name)),
        el("span", { class: "logout" }, act(say("logout"), on("logout"), name))));
  }

  function updateAgent(node, agent) {
    updateCell(node, agent);
    const isOut = agent.doing === "logged-out";
    const isPaused = agent.doing === "paused" || agent.status === "On Break";
    node.querySelector(".pause").hidden = isOut || isPaused;
    node.querySelector(".resume").hidden = !isPaused;
    node.querySelector(".login").hidden = !isOut;
    node.querySelector(".logout").hidden = isOut;
  }

  function callerRow(member) {
    const name = callerOf(member);
    const detail = () => say("by", { who: me.name });
    const score = () => ({ name: "score", type: "number", label: say("seconds.ahead"), value: URGENT });
    const reason = () => ({ name: "reason", label: say("reason") });
    const callback = (deed, word) => act(say(word), () => carry({ do: deed, member: member.uuid }, say(`ask.${word}`, { name }), detail()), name);
    return el("article", { class: "caller row" }, el("b", { class: "wait" }), el("h3"), el("p"),
      el("div", { class: "acts" },
        el("span", { class: "of-callback" },
          callback("hasten-callback", "callback.now"), callback("take-callback", "callback.take"), callback("cancel-callback", "callback.cancel")),
        act(say("score"), () => carry({ do: "score", member: member.uuid }, say("ask.score", { name }), detail(), score()), name),
        el("span", { class: "withdraw" },
          act(say("withdraw"), () => carry({ do: "withdraw", member: member.uuid }, say("ask.withdraw", { name }), detail(), reason()), name))));
  }

  function updateCaller(node, member) {
    node.member = member;
    text(node.querySelector("h3"), callerOf(member));
    const isAway = member.callback && member.callback.state !== "reached";
    node.querySelector(".of-callback").hidden = !isAway;
    // Nobody is on the line who could be sent away.
    node.querySelector(".withdraw").hidden = Boolean(isAway);
    tickCaller(node);
  }

  function tickCaller(node) {
    const { member } = node;
    const parts = [member.queue_title, member.callback ? callbackOf(member.callback) : "", member.agent ? say("rings.at", { agent: member.agent }) : "", member.base_score ? say("priority", { score: member.base_score }) : ""];
    text(node.querySelector("p"), parts.filter(Boolean).join(" · "));
  }

  main.append(
    el("h1", { class: "unseen" }, say("nav.supervisor")),
    el("div", { class: "filter" }, el("p", {}, say("signed.in", { who: me.name })), el("button", { type: "button", onclick: leave }, say("leave")), said),
    el("div", { class: "desk" },
      el("section", { class: "panel" }, el("h2", {}, say("who.waits")), nobody, waiting),
      el("section", { class: "panel" }, el("h2", {}, say("agents")), search, agents),
      el("section", { class: "panel" }, el("h2", {}, say("deeds")), deeds)));
  search.addEventListener("input", () => last && draw(...last));

  function draw(items, board) {
    last = [items, board];
    const members = membersOf(items).sort((a, b) => a.joined - b.joined);
    keep(waiting, members, (member) => member.uuid, callerRow, updateCaller);
    nobody.hidden = members.length > 0;
    const letters = search.value.trim().toLowerCase();
    const shown = agentsOf(items).filter((agent) => !letters || `${agent.title} ${agent.name}`.toLowerCase().includes(letters));
    keep(agents, shown.sort(byTitle), (agent) => agent.name, agentRow, updateAgent);
    if (board.deeds !== known) {
      known = board.deeds;
      showDeeds();
    }
    tick(board);
  }

  function tick(board) {
    for (const node of agents.children) tickCell(node, board);
    for (const node of waiting.children) {
      const { joined, limits } = node.member;
      tickCaller(node);
      text(node.querySelector(".wait"), since(joined));
      attribute(node, "data-alarm", ALARMS[alarm((now() - joined) / 1000, limits.wait_amber, limits.wait_red)]);
    }
  }
  return { draw, tick };
}

/** Opens the page. */
export function open(main) {
  let inside = null;
  let last = null;

  function leave() {
    sessionStorage.removeItem("token");
    inside = null;
    const form = door(enter);
    main.replaceChildren(form);
    form.querySelector("input").focus();
  }

  function enter(token, me) {
    sessionStorage.setItem("token", token);
    main.replaceChildren();
    inside = desk(main, token, me, leave);
    if (last) inside.draw(...last);
    main.focus({ preventScroll: true });
  }

  async function again(token) {
    const answer = await ask("/supervisor/who", token);
    if (answer.status === 200) enter(token, answer);
    else leave();
  }

  const token = sessionStorage.getItem("token");
  if (token) again(token);
  else leave();
  return {
    draw: (items, board) => {
      last = [items, board];
      inside?.draw(items, board);
    },
    tick: (board) => inside?.tick(board),
  };
}
