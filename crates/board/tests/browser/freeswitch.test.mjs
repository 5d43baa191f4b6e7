// The pages in a real Chromium before a real FreeSWITCH: calls that come and go, a module that is loaded anew, a FreeSWITCH that is
// killed and started again, stock's module, and the user who may do no more than the board needs.
//   CALLCENTER_MODULE: the module. Where there is no FreeSWITCH, or no module for it, all of this is skipped.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { busyness, checkedByPrometheus, metricsOf, openPage, skip, startBoard, startBrowser, TOKEN, until, valueOf } from "./board.mjs";
import { EventSocket, installed, RealSwitch } from "./freeswitch.mjs";

/** A lost FreeSWITCH shows within this time. */
const shownWithin = () => 2000 * busyness();
/** What is no promise, and still is there in seconds: a look a second after an event, two channels, a browser. */
const SOON = 15_000;
/** The board tries again with pauses that grow to ten seconds. */
const BACK_WITHIN = 30_000;

const { missing } = installed();
let browser;

/** A test that needs FreeSWITCH. */
function real(name, run) {
  test(name, async (t) => (missing ? skip(t, missing) : run(t)));
}

before(async () => {
  if (!missing) browser = await startBrowser();
});
after(async () => browser?.close());

/** The pages of a board, all open at once. */
async function openPages(board) {
  const paths = { wall: "/", floor: "/agents", queue: "/queues/support%40default", supervisor: "/supervisor" };
  const pages = {};
  for (const [name, path] of Object.entries(paths)) pages[name] = await openPage(browser, board.address + path);
  await pages.supervisor.getByLabel("Token").fill(TOKEN);
  await pages.supervisor.keyboard.press("Enter");
  await pages.supervisor.waitForSelector(".desk .agent.row");
  return pages;
}

const all = (pages, look) => Promise.all(Object.values(pages).map(look));

/** How each page says that FreeSWITCH is. */
async function show(pages, is, within) {
  await all(pages, (page) => page.waitForSelector(`.state[data-is="${is}"]`, { timeout: within }));
}

async function closePages(pages) {
  await all(pages, (page) => assert.deepEqual(page.wrong, []));
  await all(pages, (page) => page.context().close());
}

const tile = (pages, queue = "support") => pages.wall.locator(`.tile[href="/queues/${queue}%40default"]`);
const agent = (page, name) => page.locator(".agent", { has: page.getByRole("heading", { name, exact: true }) });

/** A figure of a tile is soon this. */
async function figure(pages, name, value, within = SOON) {
  await until(`${name} ${value} on the wall`, async () => (await tile(pages).locator(`.${name} b`).textContent()) === String(value), within);
}

async function does(page, name, doing, within = SOON) {
  await until(`${name} is ${doing}`, async () => (await agent(page, name).getAttribute("data-doing")) === doing, within);
}

const series = (name, more = "") => `callcenter_queue_${name}{queue="support@default"${more}}`;

/** What was counted of the queue. */
async function counted(board) {
  const text = await metricsOf(board);
  const of = (name) => valueOf(text, series(`${name}_total`));
  return { calls: of("calls"), answered: of("answered"), abandoned: of("abandoned") };
}

async function countsAre(board, wanted, within = SOON) {
  let last;
  await until(`the counts ${JSON.stringify(wanted)}`, async () => {
    last = await counted(board);
    return JSON.stringify(last) === JSON.stringify(wanted);
  }, within).catch((late) => assert.deepEqual(last, wanted, String(late)));
}

describe("before a real FreeSWITCH with the module", () => {
  let freeswitch;
  let board;
  let pages;

  before(async () => {
    if (missing) return;
    freeswitch = await new RealSwitch().start();
    board = await startBoard(freeswitch);
    pages = await openPages(board);
    await show(pages, "up", BACK_WITHIN);
  });
  after(async () => {
    await board?.stop();
    await freeswitch?.stop();
  });

  /** Nobody is in a queue or on a phone, and the one agent who serves is free: whatever the test before has left. */
  async function quiet() {
    await freeswitch.hangUpAll();
    await freeswitch.callcenter("agent set status ada 'Logged Out'");
    await freeswitch.callcenter("agent set status ada Available");
    await does(pages.floor, "ada", "ready", 10_000);
  }

  real("calls come and go on the wall, the floor, the queue's page and the supervisor's", async () => {
    await quiet();
    const talks = await freeswitch.call("Tilda", "5550001");
    await does(pages.floor, "ada", "talking");
    await agent(pages.floor, "ada").getByText("Tilda → support").waitFor({ timeout: SOON });
    await does(pages.supervisor, "ada", "talking");
    await figure(pages, "answered", 1);
    const waits = await freeswitch.call("Waldo", "5550002");
    await figure(pages, "waiting", 1);
    await until("the wait counts", async () => /^0:0[1-9]$/.test(await tile(pages).locator(".oldest b").textContent()), SOON);
    const row = pages.queue.locator("tr", { hasText: "Waldo" });
    await row.waitFor({ timeout: SOON });
    assert.match(await row.textContent(), /55•+02/, "the number is masked");
    await pages.supervisor.locator(".caller.row", { hasText: "Waldo" }).waitFor({ timeout: SOON });
    await countsAre(board, { calls: 2, answered: 1, abandoned: 0 });
    await freeswitch.hangUp(waits);
    await figure(pages, "waiting", 0);
    await figure(pages, "abandoned", 1);
    await pages.queue.locator("section", { hasText: "gave up" }).getByText("Waldo").first().waitFor({ timeout: SOON });
    await freeswitch.hangUp(talks);
    await does(pages.floor, "ada", "wrap-up");
    await until("the wrap-up counts down", async () => /^−0:0[0-4]$/.test(await agent(pages.floor, "ada").locator(".doing b").textContent()), SOON);
    await countsAre(board, { calls: 2, answered: 1, abandoned: 1 });
  });

  real("a supervisor pauses an agent, who is paused in FreeSWITCH", async () => {
    await quiet();
    await pages.supervisor.getByRole("button", { name: "Pause: ada" }).click();
    await pages.supervisor.keyboard.type("lunch");
    await pages.supervisor.keyboard.press("Enter");
    await pages.supervisor.getByText("Done: Pause").waitFor({ timeout: SOON });
    await does(pages.floor, "ada", "paused");
    await agent(pages.floor, "ada").getByText("lunch").waitFor({ timeout: SOON });
    assert.match(await freeswitch.callcenter("agent list"), /^ada\|.*\|On Break\|/m);
    await pages.supervisor.getByRole("button", { name: "Resume: ada" }).click();
    await pages.supervisor.keyboard.press("Enter");
    await does(pages.floor, "ada", "ready");
  });

  real("a board that is started anew counts what FreeSWITCH has counted, and its pages come back by themselves", async () => {
    const before = await counted(board);
    const { port } = new URL(board.address);
    await board.stop();
    await all(pages, (page) => page.getByText("board not reachable").waitFor({ timeout: SOON }));
    board = await startBoard(freeswitch, "", freeswitch.password, { CALLCENTER_BOARD_LISTEN: `127.0.0.1:${port}` });
    await show(pages, "up", BACK_WITHIN);
    assert.deepEqual(await counted(board), before);
    // What a browser says of a server that is away is no fault of the page.
    for (const page of Object.values(pages)) page.wrong = page.wrong.filter((text) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED/.test(text));
    await all(pages, (page) => assert.deepEqual(page.wrong, []));
  });

  real("the module is loaded anew in the middle of a talk: the board goes on, and counts from there", async () => {
    await quiet();
    const talks = await freeswitch.call("Rita", "5550003");
    await does(pages.floor, "ada", "talking");
    assert.match(await freeswitch.api("reload mod_callcenter"), /\+OK/);
    await countsAre(board, { calls: 0, answered: 0, abandoned: 0 }, BACK_WITHIN);
    await show(pages, "up", BACK_WITHIN);
    await does(pages.floor, "ada", "talking", BACK_WITHIN);
    await quiet();
    const next = await freeswitch.call("Rolf", "5550004");
    await does(pages.floor, "ada", "talking");
    await countsAre(board, { calls: 1, answered: 1, abandoned: 0 });
    await freeswitch.hangUp(next);
  });

  real("a module that is unloaded is told within two seconds, and its return as well", async () => {
    await quiet();
    assert.match(await freeswitch.api("unload mod_callcenter"), /\+OK/);
    await show(pages, "no-module", shownWithin());
    assert.equal((await fetch(`${board.address}/healthz`)).status, 503);
    assert.equal(valueOf(await metricsOf(board), "callcenter_up"), 0);
    assert.match(await freeswitch.api("load mod_callcenter"), /\+OK/);
    await show(pages, "up", BACK_WITHIN);
  });

  real("a FreeSWITCH that stops in its tracks is silent within two seconds, and goes on", async () => {
    freeswitch.signal("SIGSTOP");
    await show(pages, "silent", shownWithin());
    freeswitch.signal("SIGCONT");
    await show(pages, "up", BACK_WITHIN);
  });

  real("a FreeSWITCH that is killed is lost within two seconds on every page, and back by itself with new calls", async () => {
    await quiet();
    const losses = valueOf(await metricsOf(board), "callcenter_connection_losses_total");
    await freeswitch.call("Vera", "5550005");
    await does(pages.floor, "ada", "talking");
    await freeswitch.call("Wilma", "5550006");
    await figure(pages, "waiting", 1);
    const before = await counted(board);
    const gone = freeswitch.kill();
    await show(pages, "lost", shownWithin());
    await gone;
    await all(pages, async (page) => assert.notEqual(await page.getAttribute("html", "data-old"), null, "what is old is paler"));
    assert.equal(await tile(pages).locator(".waiting b").textContent(), "1", "what was known stays");
    assert.deepEqual(await counted(board), before, "counters stay");
    assert.equal(valueOf(await metricsOf(board), "callcenter_up"), 0);
    assert.equal((await fetch(`${board.address}/healthz`)).status, 503);
    await freeswitch.start();
    await show(pages, "up", BACK_WITHIN);
    await all(pages, async (page) => assert.equal(await page.getAttribute("html", "data-old"), null));
    await figure(pages, "waiting", 0, BACK_WITHIN);
    await countsAre(board, { calls: 0, answered: 0, abandoned: 0 }, BACK_WITHIN);
    assert.equal(valueOf(await metricsOf(board), "callcenter_connection_losses_total"), losses + 1);
    await quiet();
    const next = await freeswitch.call("Nora", "5550007");
    await does(pages.floor, "ada", "talking");
    await countsAre(board, { calls: 1, answered: 1, abandoned: 0 });
    await freeswitch.hangUp(next);
    await closePages(pages);
  });

  real("its metrics are what Prometheus takes", async (t) => {
    checkedByPrometheus(t, await metricsOf(board));
  });
});

describe("before stock's module", () => {
  real("calls show as far as its lists tell", async (t) => {
    const freeswitch = await new RealSwitch({ module: "stock" }).start();
    const board = await startBoard(freeswitch);
    try {
      const pages = await openPages(board);
      await show(pages, "lists", BACK_WITHIN);
      await freeswitch.call("Tilda", "5550001");
      await does(pages.floor, "ada", "talking");
      await agent(pages.floor, "ada").getByText("Tilda → support").waitFor({ timeout: SOON });
      const waits = await freeswitch.call("Waldo", "5550002");
      await figure(pages, "waiting", 1);
      await pages.queue.locator("tr", { hasText: "Waldo" }).waitFor({ timeout: SOON });
      await pages.supervisor.locator(".caller.row", { hasText: "Waldo" }).waitFor({ timeout: SOON });
      assert.equal(await agent(pages.floor, "ben").getAttribute("data-doing"), "paused");
      await freeswitch.hangUp(waits);
      await figure(pages, "waiting", 0);
      const text = await metricsOf(board);
      assert.equal(valueOf(text, "callcenter_up"), 1);
      assert.equal(valueOf(text, series("answered_total")), 1);
      assert.ok(checkedByPrometheus(t, text) || true);
      const gone = freeswitch.kill();
      await show(pages, "lost", shownWithin());
      await gone;
      await freeswitch.start();
      await show(pages, "lists", BACK_WITHIN);
      await closePages(pages);
    } finally {
      await board.stop();
      await freeswitch.stop();
    }
  });
});

/** The user of the documents, under another password. */
function documentedUser(password) {
  const page = readFileSync(new URL("../../../../docs/admin/board.md", import.meta.url), "utf8");
  const [user] = page.match(/<user id="board">[\s\S]*?<\/user>/);
  assert.ok(user.includes('value="a long password"'));
  return user.replace("a long password", password);
}

describe("the user of the documents, who may do no more than the board needs", () => {
  const password = "of the board alone";
  let freeswitch;
  before(async () => {
    if (!missing) freeswitch = await new RealSwitch({ users: documentedUser(password) }).start();
  });
  after(async () => freeswitch?.stop());

  real("is enough for the board: pages, events, a supervisor's commands", async () => {
    const board = await startBoard(freeswitch, "", password, { CALLCENTER_BOARD_USER: "board@default" });
    try {
      const pages = await openPages(board);
      await show(pages, "up", BACK_WITHIN);
      // Sooner than the board looks by itself: an event has told it.
      const talks = await freeswitch.call("Tilda", "5550001");
      await does(pages.floor, "ada", "talking", 12_000);
      await pages.supervisor.getByRole("button", { name: "Log out: ada" }).click();
      await pages.supervisor.keyboard.press("Enter");
      await pages.supervisor.getByText("Done: Log").waitFor({ timeout: SOON });
      assert.match(await freeswitch.callcenter("agent list"), /^ada\|.*\|Logged Out\|/m);
      await freeswitch.hangUp(talks);
      assert.doesNotMatch(board.log, /may not use|WARN/);
      await closePages(pages);
    } finally {
      await board.stop();
    }
  });

  real("can do nothing else", async () => {
    const socket = await EventSocket.open(freeswitch.port, `userauth board@default:${password}`);
    const marker = `${freeswitch.directory}/was-here`;
    const leg = (await freeswitch.api("create_uuid")).trim();
    const everything = (cmd, arg) => `api json {"command":"fsapi","data":{"cmd":"${cmd}","arg":"${arg}"}}`;
    const tried = [
      "api shutdown", "api fsctl shutdown", "api fsctl crash", `api system touch ${marker}`, `api bg_system touch ${marker}`, "api unload mod_callcenter",
      "api reload mod_callcenter", "api reloadxml", `api originate {origination_uuid=${leg}}null/x &park`, "api show channels", "api status",
      `api expand callcenter_config \${system(touch ${marker})}`, `bgapi system touch ${marker}`, "bgapi fsctl shutdown", "api lua x", "api global_getvar",
      "api xml_locate directory", "api eval ${domain}", "api shutdown callcenter_config", everything("system", `touch ${marker}`), everything("shutdown", "now"),
      'api json {"command":"status","data":""}', "log debug", "api callcenter_config_x", "api sched_api +1 none callcenter_config agent list",
    ];
    for (const words of tried) assert.match(await socket.say(words), /^-ERR/, words);
    for (const events of ["plain ALL", "plain CHANNEL_CREATE", "json CHANNEL_ANSWER", "plain BACKGROUND_JOB", "plain CUSTOM sofia::register"]) {
      assert.match(await socket.say(`event ${events}`), /^-ERR/, events);
    }
    assert.match(await socket.say("api callcenter_config queue list"), /^name\|/, "what it may");
    assert.match(await socket.say("event plain CUSTOM callcenter::info"), /^\+OK/, "what it may");
    socket.close();
    await new Promise((done) => setTimeout(done, 300));
    assert.throws(() => readFileSync(marker), /ENOENT/);
    assert.match(await freeswitch.api("module_exists mod_callcenter"), /true/);
    await assert.rejects(EventSocket.open(freeswitch.port, "userauth board@default:wrong"), /not let in|closed/);
    await assert.rejects(EventSocket.open(freeswitch.port, `auth ${password}`), /not let in|closed/);
  });
});
