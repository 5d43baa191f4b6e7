// The board's pages in a real Chromium: what they show, how they look, who can use them.
//   node --test        (CALLCENTER_BOARD: the program; SCREENSHOTS: a directory to write them to)

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import net from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { openPage, SIZES, startBoard, startBrowser, TOKEN, until } from "./board.mjs";
import { Centre } from "./centre.mjs";
import { stockSwitch, Switch } from "./event_socket.mjs";

const NAMES = { support: "Support", sales: "Sales", billing: "Billing", orders: "Orders", returns: "Returns", hotline24: "Hotline 24 h", partners: "Partners" };
const QUEUES = Object.entries(NAMES).map(([name, title]) => `[[queue]]\nname = "${name}@default"\ntitle = "${title}"\n`).join("");
const TITLES = `title = "Northwind Service"\n[supervisor]\npause-reasons = ["lunch", "training"]\n[[queue]]\nname = "emergency@default"\ntitle = "Emergency line"\nwait-amber = 5\nwait-red = 15\ntarget = 95\n${QUEUES}`;
const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

let browser;
let freeswitch;
let board;
let centre;

before(async () => {
  browser = await startBrowser();
  centre = new Centre();
  freeswitch = await new Switch(centre).start();
  board = await startBoard(freeswitch, TITLES);
});

after(async () => {
  await browser?.close();
  await board?.stop();
  await freeswitch?.die();
});

async function isLive(page) {
  await page.waitForSelector('.state[data-is="up"]', { timeout: 20_000 });
}

async function open(path, options) {
  const page = await openPage(browser, board.address + path, options);
  page.close = () => page.context().close();
  await isLive(page);
  return page;
}

/** What cannot be used by somebody who does not see or has no mouse. */
async function barriers(page) {
  // Playwright's own way around the policy that keeps other scripts out: axe is only here in the test.
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3)}`);
}

async function shoot(page, name) {
  if (!process.env.SCREENSHOTS) return;
  mkdirSync(process.env.SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` });
}

async function signIn(page) {
  await page.getByLabel("Token").fill(TOKEN);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".desk .agent.row");
}

const PAGES = { wall: "/", floor: "/agents", queue: "/queues/support%40default", supervisor: "/supervisor" };

describe("each page, at each size, light and dark", () => {
  beforeEach(() => {
    centre.freshen();
    freeswitch.event();
  });

  for (const [name, path] of Object.entries(PAGES)) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ["light", "dark"]) {
        test(`${name}, ${size}, ${colorScheme}`, async () => {
          const page = await open(path, { viewport, colorScheme });
          if (name === "supervisor") await signIn(page);
          await page.waitForSelector(".tile, .agent");
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${wide} pixels wider than the screen`);
          await page.waitForTimeout(600);
          assert.deepEqual(await barriers(page), []);
          await shoot(page, `${name}-${size}-${colorScheme}`);
          assert.deepEqual(page.wrong, []);
          await page.close();
        });
      }
    }
  }

  test("all tiles are on the wall without scrolling, and large enough to be read", async () => {
    const page = await open("/", { viewport: SIZES.wall });
    const seen = await page.$$eval(".tile", (tiles) => tiles.map((tile) => ({
      isInside: tile.getBoundingClientRect().bottom <= innerHeight,
      size: parseFloat(getComputedStyle(tile.querySelector(".waiting b")).fontSize),
      isWhole: tile.scrollHeight <= tile.clientHeight + 1,
    })));
    assert.equal(seen.length, 8);
    assert.ok(seen.every((tile) => tile.isInside && tile.isWhole), JSON.stringify(seen));
    assert.ok(seen.every((tile) => tile.size >= 70), JSON.stringify(seen));
    await page.close();
  });

  test("German, and the language of the address", async () => {
    const page = await open("/?lang=de", { viewport: SIZES.wall });
    assert.equal(await page.getAttribute("html", "lang"), "de");
    await page.getByText("längste Wartezeit").first().waitFor();
    await shoot(page, "wall-wall-german");
    await page.close();
    const german = await open("/agents", { locale: "de-DE" });
    await german.getByText("Nacharbeit").first().waitFor();
    assert.deepEqual(german.wrong, []);
    await german.close();
  });
});

describe("calls come and go", () => {
  test("a caller shows within a second and a half, and is gone again", async () => {
    const page = await open("/");
    const sales = centre.queues[1];
    const tile = page.locator('.tile[href="/queues/sales%40default"]');
    const began = Date.now();
    sales.members.push(centre.member(1, 0, Date.now()));
    freeswitch.event();
    await until("one waits", async () => (await tile.locator(".waiting b").textContent()) === "1", 1500);
    assert.ok(Date.now() - began < 1500);
    await until("the wait counts", async () => (await tile.locator(".oldest b").textContent()) === "0:02", 4000);
    sales.members.pop();
    freeswitch.event();
    await until("nobody waits", async () => (await tile.locator(".waiting b").textContent()) === "0", 2500);
    await page.close();
  });

  test("callbacks are on the wall where there are some, and in the line with how far they are", async () => {
    centre.freshen();
    freeswitch.event();
    const page = await open("/");
    const callbacks = (queue) => page.locator(`.tile[href="/queues/${queue}%40default"] .callbacks`);
    assert.equal(await callbacks("support").locator("b").textContent(), "2");
    assert.ok(!(await callbacks("sales").isVisible()), "others keep the room");
    await page.goto(`${board.address}/queues/support%40default`);
    await isLive(page);
    const row = (text) => page.locator("tr[data-callback]", { hasText: text });
    await row("is being called").waitFor();
    assert.equal(await page.locator("tr[data-callback]").count(), 2);
    const pending = await row("tried 1×: no answer").textContent();
    assert.match(pending, /^3.*•••••.*called back in 2:\d\d/);
    const [, one] = centre.queues[0].members;
    const before = one.callback;
    one.callback = { ...before, state: "reached" };
    freeswitch.event("callback-reached");
    await row("was reached").waitFor({ timeout: 3000 });
    one.callback = before;
    freeswitch.event();
    await page.getByText("callbacks: talked 15, in vain or too late 2, called themselves 2").waitFor();
    const german = await openPage(browser, `${board.address}/queues/support%40default?lang=de`);
    await german.getByText("wird angerufen").first().waitFor();
    await german.context().close();
    assert.deepEqual(page.wrong, []);
    await page.close();
  });

  test("a tile turns amber and red by the thresholds of its queue", async () => {
    const page = await open("/");
    const emergency = centre.queues[5];
    const tile = page.locator('.tile[href="/queues/emergency%40default"]');
    emergency.members.push(centre.member(5, 0, Date.now() - 4000));
    freeswitch.event();
    await until("amber after five seconds", async () => (await tile.getAttribute("data-alarm")) === "amber", 5000);
    emergency.members[0].joined_at -= 12_000;
    freeswitch.event();
    await until("red after fifteen", async () => (await tile.getAttribute("data-alarm")) === "red", 3000);
    assert.equal(await tile.locator(".flag").textContent(), "Act now");
    emergency.members.pop();
    freeswitch.event();
    await page.close();
  });

  test("an agent's wrap-up counts down, and a talk that is too long is marked", async () => {
    const page = await open("/agents");
    // On a slow machine the wrap-up that the pages began with is over by now.
    const away = centre.agents.find((one) => one.doing === "wrap-up");
    away.wrap_up_until_at = Date.now() + 25_000;
    freeswitch.event();
    const wrapping = page.locator('.agent[data-doing="wrap-up"] .doing b').first();
    await until("the countdown", async () => /^−0:/.test(await wrapping.textContent()), 3000);
    const agent = centre.agents[0];
    agent.calls[0].bridged_at = Date.now() - 1_300_000;
    freeswitch.event();
    const cell = page.locator(".agent", { hasText: agent.name });
    await until("marked", async () => (await cell.getAttribute("data-alarm")) === "red", 3000);
    assert.match(await cell.locator(".doing b").textContent(), /^21:4/);
    await page.close();
  });

  test("a countdown ends at its end, and the next state begins there", async () => {
    const page = await open("/agents");
    const agent = centre.agents.find((one) => one.doing === "wrap-up");
    // Nobody tells for a while that it is over.
    Object.assign(agent, { doing_since_at: Date.now() - 60_000, wrap_up_until_at: Date.now() + 2500, isLate: true });
    freeswitch.event();
    const time = page.locator(".agent", { hasText: agent.name }).locator(".doing b");
    await until("the countdown", async () => /^−0:0[12]$/.test(await time.textContent()), 3000);
    const told = new Set();
    // What was seen first may be the end of the countdown that went on before. The end is watched for two seconds.
    for (let end = Date.now() + 8000; Date.now() < end;) {
      const text = await time.textContent();
      if (text === "0:00" && !told.has(text)) end = Date.now() + 2000;
      told.add(text);
      await page.waitForTimeout(50);
    }
    Object.assign(agent, { wrap_up_until_at: Date.now() + 25_000, isLate: false });
    freeswitch.event();
    assert.ok([...told].every((text) => /^(−0:0[123]|0:00)$/.test(text)), [...told].join(" "));
    assert.ok(told.has("0:00"), [...told].join(" "));
    await page.close();
  });

  test("the wrap-up's end shows although no event tells it", async () => {
    const page = await open("/agents");
    const agent = centre.agents.find((one) => one.doing === "wrap-up");
    agent.wrap_up_until_at = Date.now() + 2500;
    freeswitch.event();
    setTimeout(() => Object.assign(agent, { doing: "ready", wrap_up_until_at: null }), 2000);
    const cell = page.locator(".agent", { hasText: agent.name });
    await until("free again", async () => (await cell.getAttribute("data-doing")) === "ready", 6000);
    await page.close();
  });
});

describe("FreeSWITCH goes and comes back", () => {
  test("its end shows within two seconds, its return by itself", async () => {
    const page = await open("/");
    const began = Date.now();
    await freeswitch.die();
    await page.waitForSelector('.state[data-is="lost"]', { timeout: 2000 });
    assert.ok(Date.now() - began < 2000);
    assert.equal((await fetch(`${board.address}/healthz`)).status, 503);
    assert.match(await page.locator(".state").textContent(), /^FreeSWITCH lost0:0/);
    await page.waitForTimeout(700);
    await shoot(page, "wall-lost");
    await freeswitch.start();
    await page.waitForSelector('.state[data-is="up"]', { timeout: 12_000 });
    assert.equal((await fetch(`${board.address}/healthz`)).status, 200);
    assert.deepEqual(page.wrong, []);
    await page.close();
  });

  test("one that has stopped answering shows within two seconds as well", async () => {
    const page = await open("/agents");
    freeswitch.isSilent = true;
    await page.waitForSelector('.state[data-is="silent"]', { timeout: 2000 });
    freeswitch.isSilent = false;
    await page.waitForSelector('.state[data-is="up"]', { timeout: 25_000 });
    await page.close();
  });

  test("a board that ends is told from a FreeSWITCH that does", async () => {
    const other = await startBoard(freeswitch);
    const page = await openPage(browser, `${other.address}/`);
    await isLive(page);
    await other.stop();
    await page.getByText("board not reachable").waitFor({ timeout: 3000 });
    await page.context().close();
  });
});

describe("names come from callers", () => {
  const HOSTILE = '<img src=x onerror=alert(1)>"\'--></script><script>alert(2)</script>';

  test("they are text on every page, and no script of theirs could run", async () => {
    const support = centre.queues[0];
    const member = { ...centre.member(0, 8, Date.now()), name: HOSTILE, number: "<b>0301234567</b>" };
    support.members.push(member);
    support.left.unshift({ ...support.left[0], uuid: "hostile", name: HOSTILE, left_at: Date.now() });
    const { name } = centre.agents[1].calls[0];
    centre.agents[1].calls[0].name = HOSTILE;
    freeswitch.event();
    for (const path of ["/queues/support%40default", "/agents", "/supervisor"]) {
      const page = await open(path);
      if (path === "/supervisor") await signIn(page);
      await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
      assert.equal(await page.locator("main img, main script, main b b").count(), 0);
      assert.deepEqual(page.wrong, []);
      await page.close();
    }
    support.members.pop();
    support.left.shift();
    centre.agents[1].calls[0].name = name;
    freeswitch.event();
    const answer = await fetch(`${board.address}/queues/${encodeURIComponent(HOSTILE)}`);
    assert.ok(!(await answer.text()).includes("<img"));
    const policy = answer.headers.get("content-security-policy");
    assert.match(policy, /^default-src 'self';/);
    assert.ok(!policy.includes("unsafe"));
  });

  test("numbers are masked before they leave the board", async () => {
    const response = await fetch(`${board.address}/live?page=queue&queue=support@default`, { headers: { "accept-encoding": "identity" } });
    const { value } = await response.body.getReader().read();
    const text = new TextDecoder().decode(value);
    assert.ok(text.includes("030•••••"), text.slice(0, 300));
    assert.ok(!/0305512345|0309876543/.test(text));
  });
});

describe("a supervisor", () => {
  beforeEach(() => {
    freeswitch.commands = [];
  });

  test("can do nothing without a token, or with a wrong one", async () => {
    const deed = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ do: "logout", agent: centre.agents[0].name }) };
    assert.equal((await fetch(`${board.address}/supervisor/act`, deed)).status, 401);
    const wrong = { ...deed, headers: { ...deed.headers, authorization: `Bearer ${TOKEN}x` } };
    assert.equal((await fetch(`${board.address}/supervisor/act`, wrong)).status, 401);
    assert.equal((await fetch(`${board.address}/supervisor/deeds`)).status, 401);
    const page = await open("/supervisor");
    await shoot(page, "supervisor-door");
    await page.getByLabel("Token").fill("wrong-horse-battery");
    await page.keyboard.press("Enter");
    await page.getByText("This token is not known.").waitFor({ timeout: 3000 });
    assert.equal(await page.locator(".desk").count(), 0);
    assert.deepEqual(freeswitch.commands, []);
    await page.close();
  });

  test("pauses an agent by keyboard alone, is asked once, and is named", async () => {
    const page = await open("/supervisor");
    await signIn(page);
    const agent = centre.agents.find((one) => one.doing === "ready");
    const button = page.getByRole("button", { name: `Pause: ${agent.name}` });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await shoot(page, "supervisor-question");
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.deepEqual(freeswitch.commands, []);
    await button.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("lunch 'n' tea");
    await page.keyboard.press("Enter");
    await page.getByText("Done: Pause").waitFor();
    assert.deepEqual(freeswitch.commands, [`agent pause '${agent.name}' 'lunch \\'n\\' tea'`]);
    await page.locator(".deeds li", { hasText: "Anna Berg" }).first().waitFor();
    assert.match(board.log, /supervisor Anna Berg: agent pause/);
    assert.deepEqual(page.wrong, []);
    await page.close();
  });

  test("has somebody called at once, calls one, and cancels another", async () => {
    centre.freshen();
    freeswitch.event();
    const page = await open("/supervisor");
    await signIn(page);
    const [, attempting, pending] = centre.queues[6].members;
    const row = (member) => page.locator(".caller.row", { has: page.locator("h3", { hasText: member.name || `${member.number.slice(0, 3)}•` }) }).filter({ hasText: "Hotline" }).first();
    const button = (member, name) => row(member).getByRole("button", { name });
    await row(pending).getByText("called back in 2:").waitFor();
    await row(attempting).getByText("is being called").waitFor();
    assert.equal(await button(pending, /^Withdraw/).count(), 0, "nobody is on the line");
    await button(pending, /^Call now/).click();
    await page.getByRole("dialog").getByText("as soon as an agent is free").waitFor();
    assert.deepEqual(freeswitch.commands, [], "it is asked first");
    await page.keyboard.press("Enter");
    await page.getByText("Done: Call").waitFor();
    await button(pending, /^I call myself/).click();
    await page.keyboard.press("Enter");
    await page.getByText(`Call ${pending.number}: it is yours now.`).waitFor();
    await button(attempting, /^Cancel callback/).click();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await button(attempting, /^Cancel callback/).click();
    await page.keyboard.press("Enter");
    await page.getByText("Done: Cancel the callback").waitFor();
    assert.deepEqual(freeswitch.commands, [`callback now '${pending.uuid}'`, `callback cancel '${pending.uuid}'`, `callback cancel '${attempting.uuid}'`]);
    assert.match(board.log, /supervisor Anna Berg: callback now/);
    await page.locator(".deeds li", { hasText: "callback cancel" }).first().waitFor();
    assert.ok(!(await page.locator(".deeds").textContent()).includes(pending.number), "whoever calls is told alone");
    assert.deepEqual(await barriers(page), []);
    assert.deepEqual(page.wrong, []);
    await page.close();
  });

  test("moves a caller forward and takes one out", async () => {
    const page = await open("/supervisor");
    await signIn(page);
    const { uuid } = centre.queues[6].members[0];
    const row = page.locator(".caller.row", { hasText: "Hotline" }).first();
    await row.getByRole("button", { name: /^Priority/ }).click();
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.getByText("Done: Change").waitFor();
    await row.getByRole("button", { name: /^Withdraw/ }).click();
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.getByText("Done: Take").waitFor();
    assert.deepEqual(freeswitch.commands, [`member set base_score '${uuid}' 300`, `member withdraw '${uuid}'`]);
    await page.close();
  });

  test("cannot smuggle a command in, nor name somebody who is not there", async () => {
    const act = (deed) => fetch(`${board.address}/supervisor/act`, {
      method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` }, body: JSON.stringify(deed),
    });
    const { name } = centre.agents[0];
    assert.equal((await act({ do: "pause", agent: name, reason: "x\n\napi shutdown" })).status, 409);
    assert.equal((await act({ do: "pause", agent: "nobody" })).status, 409);
    assert.equal((await act({ do: "shutdown", agent: name })).status, 422);
    assert.deepEqual(freeswitch.commands, []);
  });
});

describe("by keyboard", () => {
  test("every page is a key away, and a tile opens its queue", async () => {
    const page = await open("/");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
    await page.locator(".tile").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/queues\/emergency%40default$/);
    await isLive(page);
    await page.keyboard.press("2");
    await page.waitForURL(/\/agents$/);
    await isLive(page);
    await page.getByRole("searchbox").fill("ada");
    await until("one is left", async () => (await page.locator(".agent").count()) === 1);
    await page.keyboard.press("1");
    assert.match(page.url(), /agents/, "a key in a field is a letter");
    await page.close();
  });

  test("light and dark are remembered", async () => {
    const page = await open("/", { colorScheme: "light" });
    await page.keyboard.press("t");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    await page.reload();
    await isLive(page);
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    await page.close();
  });
});

describe("a browser that is slow", () => {
  test("is told the newest state and no backlog", async () => {
    const { port } = new URL(board.address);
    const socket = net.connect({ port, host: "127.0.0.1" });
    // Little is kept for it on this side, too.
    socket.pause();
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (piece) => (text += piece));
    socket.write("GET /live?page=wall HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const quick = await open("/");
    const sales = centre.queues[1];
    const before = sales.today.answered;
    for (let round = 1; round <= 8; round += 1) {
      sales.today.answered = before + round * 1000;
      freeswitch.event();
      await new Promise((done) => setTimeout(done, 1000));
    }
    socket.resume();
    await until("the newest", () => text.includes(`"answered":${before + 8000}`));
    await until("the quick one has it", async () =>
      (await quick.locator('.tile[href="/queues/sales%40default"] .answered b').textContent()).replace(/\D/g, "") === String(before + 8000));
    sales.today.answered = before;
    freeswitch.event();
    socket.destroy();
    await quick.close();
  });

  test("stays within a bound, however long it does not read", async () => {
    const large = await new Switch(new Centre({ queues: 60, agents: 300 })).start();
    const other = await startBoard(large);
    await until("known", async () => (await fetch(`${other.address}/healthz`)).status === 200);
    const { port } = new URL(other.address);
    const socket = net.connect({ port, host: "127.0.0.1" });
    socket.pause();
    socket.write("GET /live?page=floor HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const memory = () => Number(readFileSync(`/proc/${other.program.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
    await until("connected", async () => /"viewers":1/.test(await (await fetch(`${other.address}/healthz`)).text()));
    const before = memory();
    for (let round = 0; round < 6; round += 1) {
      for (const agent of large.centre.agents) agent.doing_since_at = Date.now();
      large.event();
      await new Promise((done) => setTimeout(done, 1000));
    }
    assert.ok(memory() - before < 20_000, `${memory() - before} KB more`);
    socket.destroy();
    await until("forgotten", async () => /"viewers":0/.test(await (await fetch(`${other.address}/healthz`)).text()));
    await other.stop();
    await large.die();
  });
});

describe("bad input", () => {
  test("a wrong password is one clear line, and it goes on trying", async () => {
    const other = await startBoard(freeswitch, "", "wrong");
    await until("told", () => /does not let the board in/.test(other.log));
    await new Promise((done) => setTimeout(done, 1500));
    assert.equal(other.log.match(/does not let the board in/g).length, 1);
    const page = await openPage(browser, `${other.address}/`);
    await page.getByText("FreeSWITCH lost").waitFor();
    assert.match(await page.locator(".state").getAttribute("title"), /user and password/);
    await page.context().close();
    await other.stop();
  });

  test("nobody at the other end", async () => {
    const nobody = await new Switch(centre).start();
    await nobody.die();
    const other = await startBoard(nobody);
    await until("told", () => /cannot be reached/.test(other.log));
    await nobody.start();
    await until("found", async () => (await fetch(`${other.address}/healthz`)).status === 200, 12_000);
    await other.stop();
    await nobody.die();
  });

  test("a FreeSWITCH without the module, which then gets it", async () => {
    const bare = await new Switch(centre).start();
    bare.module = "none";
    const other = await startBoard(bare);
    const page = await openPage(browser, `${other.address}/`);
    await page.getByText("no call centre module loaded", { exact: true }).waitFor();
    bare.module = "ours";
    await page.waitForSelector(".tile", { timeout: 8000 });
    await page.context().close();
    await other.stop();
    await bare.die();
  });

  test("stock's module shows what it can tell", async () => {
    const stock = await stockSwitch().start();
    const other = await startBoard(stock);
    const page = await openPage(browser, `${other.address}/`);
    await page.waitForSelector(".tile");
    assert.equal(await page.locator(".tile .waiting b").textContent(), "1");
    assert.equal(await page.locator(".tile .answered b").textContent(), "41");
    await page.goto(`${other.address}/agents`);
    await page.locator(".agent", { hasText: "Ada → support" }).waitFor();
    assert.match(await (await fetch(`${other.address}/metrics`)).text(), /callcenter_queue_answered_total\{queue="support@default"\} 41/);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
    await other.stop();
    await stock.die();
  });

  test("a queue that is configured and not there is told once; one that is hidden is nowhere", async () => {
    const other = await startBoard(freeswitch, '[[queue]]\nname = "gone@default"\n[[queue]]\nname = "sales@default"\nhidden = true\n');
    const page = await openPage(browser, `${other.address}/`);
    await page.waitForSelector(".tile");
    assert.equal(await page.locator(".tile").count(), 7);
    assert.equal(other.log.match(/names the queue "gone@default", which FreeSWITCH does not have/g).length, 1);
    await page.context().close();
    await other.stop();
  });
});

describe("several FreeSWITCHes", () => {
  /** Boxes one after the other: each with a call centre of its own, told apart by its callers. */
  async function several(test) {
    const centres = [new Centre({ seed: 7 }), new Centre({ seed: 11 })];
    const boxes = await Promise.all(centres.map((one) => new Switch(one).start()));
    const lines = boxes.map((box, at) => `[[box]]\nname = "${at ? "right" : "left"}"\nhost = "127.0.0.1"\nport = ${box.port}\n`).join("");
    const own = await startBoard(boxes[0], lines);
    try {
      await test(own, boxes, centres);
    } finally {
      await own.stop();
      for (const box of boxes) await box.die();
    }
  }

  const today = (page, queue = "support") => page.locator(`.tile[href="/queues/${queue}%40default"] .answered b`).textContent();

  test("the first is shown, the other when it dies, and the first again when it is back", async () => {
    await several(async (own, boxes, centres) => {
      const page = await openPage(browser, `${own.address}/`);
      await page.getByText("live from left").waitFor();
      const [left, right] = centres.map((one) => String(one.queues[0].today.answered));
      assert.notEqual(left, right);
      await until("the first's figures", async () => (await today(page)) === left);
      await boxes[0].die();
      await page.getByText("live from right").waitFor();
      await until("the other's figures", async () => (await today(page)) === right);
      const metrics = await (await fetch(`${own.address}/metrics`)).text();
      assert.match(metrics, /callcenter_queue_answered_total\{queue="support@default",box="right"\} \d+/);
      assert.doesNotMatch(metrics, /box="left",|queue_answered_total.*box="left"/);
      assert.match(metrics, /callcenter_box_up\{box="left"\} 0/);
      await boxes[0].start();
      await page.getByText("live from left").waitFor();
      await until("the first's figures again", async () => (await today(page)) === left);
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    });
  });

  test("a supervisor acts on the one that is shown", async () => {
    await several(async (own, boxes, centres) => {
      await boxes[0].die();
      const agent = centres[1].agents[0].name;
      const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
      const act = () => fetch(`${own.address}/supervisor/act`, { method: "POST", headers, body: JSON.stringify({ do: "logout", agent }) });
      await until("the deed", async () => (await act()).status === 200, 10_000);
      assert.deepEqual(boxes[1].commands, [`agent set status '${agent}' 'Logged Out'`]);
      await boxes[0].start();
    });
  });

  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`each one's health is on a page of its own: ${size}, ${colorScheme}`, async () => {
        await several(async (own, boxes) => {
          const status = { version: "1.11.1-release", uptime: { days: 3, hours: 4 }, idleCPU: { used: 91.2 } };
          boxes[0].status = { ...status, sessions: { count: { active: 64, peak: 117, limit: 1000 } }, idleCPU: { used: 72 } };
          boxes[1].status = { ...status, sessions: { count: { active: 12, peak: 80, limit: 1000 } } };
          const page = await openPage(browser, `${own.address}/boxes`, { viewport, colorScheme });
          const box = (name) => page.locator(".box", { has: page.getByRole("heading", { name }) });
          await box("left").getByText("shown").waitFor();
          await box("right").getByText("ready").waitFor();
          await box("right").getByText("12, at most 80").waitFor({ timeout: 30_000 });
          await box("left").getByText("64, at most 117").waitFor({ timeout: 30_000 });
          await box("right").getByText("3 days 4 h").waitFor();
          await shoot(page, `boxes-${size}-${colorScheme}`);
          await boxes[1].die();
          await box("right").getByText("FreeSWITCH lost").waitFor();
          await box("right").getByText("cannot be reached").waitFor();
          assert.equal(await page.getAttribute("html", "data-old"), null);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${wide} pixels wider than the screen`);
          assert.deepEqual(await barriers(page), []);
          assert.deepEqual(page.wrong, []);
          await boxes[1].start();
          await page.context().close();
        });
      });
    }
  }

  /** Three boxes of one cluster, of which the second leads, and a fourth that the board was not given; changed before the board sees them. */
  async function cluster(test, change = () => {}) {
    const one = new Centre({ seed: 7 });
    const boxes = await Promise.all([1, 2, 3].map(() => new Switch(one).start()));
    const runs = ["pbx1", "pbx2", "pbx3", "pbx4"].map((instance, at) => ({ instance, run: `run${at}`, standing: "here", leads: at === 1 }));
    const status = { version: "1.11.1-release", uptime: { days: 12, hours: 4 } };
    boxes.forEach((box, at) => {
      box.cluster = {
        ...runs[at], version: "0.1.0", standing: at === 1 ? "leads" : "follows", since_at: Date.now() - [8_130_000, 95_400_000, 8_125_000][at],
        callers: [41, 64, 38][at], journal: { unsaved: [0, 6, 0][at], lag_ms: [0, 40, 0][at], trouble: null }, boxes: runs,
      };
      box.status = { ...status, sessions: { count: { active: [97, 141, 83][at], peak: [180, 212, 171][at], limit: 1000 } }, idleCPU: { used: [88, 71, 90][at] } };
    });
    change(boxes);
    const lines = boxes.map((box, at) => `[[box]]\nname = "${["Berlin", "Frankfurt", "Hamburg"][at]}"\nhost = "127.0.0.1"\nport = ${box.port}\n`).join("");
    const own = await startBoard(boxes[0], lines);
    try {
      await test(own, boxes);
    } finally {
      await own.stop();
      for (const box of boxes) await box.die();
    }
  }

  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`boxes of a cluster say how they stand: ${size}, ${colorScheme}`, async () => {
        await cluster(async (own, boxes) => {
          const page = await openPage(browser, `${own.address}/boxes`, { viewport, colorScheme });
          const box = (name) => page.locator(".box", { has: page.getByRole("heading", { name }) });
          await page.getByText("One call centre on 4 boxes, and all of them take part.").waitFor();
          await box("Frankfurt").getByText("leads").waitFor();
          await box("Frankfurt").getByText("leader").waitFor();
          await box("Berlin").getByText("follows").waitFor();
          await box("pbx4").getByText("takes part").waitFor();
          await box("Hamburg").getByText("83, at most 171").waitFor();
          assert.equal(await box("Hamburg").getByText("counting since").isVisible(), false, "whoever leads counts");
          await boxes[2].die();
          await box("Hamburg").getByText("FreeSWITCH lost").waitFor();
          await page.getByText("One call centre: 3 of 4 boxes take part.").waitFor();
          await page.getByText("live from 3 of 4 boxes").waitFor();
          assert.equal(await page.getAttribute("html", "data-old"), null, "what is shown is what is");
          await shoot(page, `cluster-${size}-${colorScheme}`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${wide} pixels wider than the screen`);
          assert.deepEqual(await barriers(page), []);
          assert.deepEqual(page.wrong, []);
          await boxes[2].start();
          await page.context().close();
        });
      });
    }
  }

  test("a cluster goes on when its leader dies, and says so while nobody leads", async () => {
    await cluster(async (own, boxes) => {
      const page = await openPage(browser, `${own.address}/`);
      await page.getByText("live from 4 boxes").waitFor();
      await until("tiles", async () => (await page.locator(".tile").count()) > 0);
      const tiles = await page.locator(".tile").count();
      for (const box of boxes) box.reply = (asked) => JSON.stringify({ ...asked, status: "error", response: { error: "No box leads" } });
      await boxes[1].die();
      await page.getByText("no box leads").waitFor();
      assert.equal(await page.locator(".tile").count(), tiles, "what was known is shown paler");
      assert.notEqual(await page.getAttribute("html", "data-old"), null);
      boxes[0].cluster.standing = "leads";
      for (const box of boxes) box.reply = undefined;
      await page.getByText("live from 3 of 4 boxes").waitFor();
      assert.equal(await page.getAttribute("html", "data-old"), null);
      const metrics = await (await fetch(`${own.address}/metrics`)).text();
      assert.match(metrics, /callcenter_queue_answered_total\{queue="support@default"\} \d+/);
      assert.match(metrics, /callcenter_box_leads\{box="Berlin"\} 1/);
      assert.deepEqual(page.wrong, []);
      await boxes[1].start();
      await page.context().close();
    });
  });

  test("a box that does not belong to the cluster is not part of what is shown", async () => {
    const strange = (boxes) => {
      boxes[0].cluster = { ...boxes[0].cluster, run: "another", standing: "leads", boxes: [{ instance: "pbx1", run: "another", standing: "here", leads: true }] };
    };
    await cluster(async (own) => {
      const page = await openPage(browser, `${own.address}/boxes`);
      const frankfurt = page.locator(".box", { has: page.getByRole("heading", { name: "Frankfurt" }) });
      await frankfurt.getByText("not part of it").waitFor({ timeout: 10_000 });
      await frankfurt.getByText("in another cluster than the one that is shown").waitFor();
      assert.match(own.log, /the box "Frankfurt" at 127\.0\.0\.1:\d+ is in another cluster than "Berlin", which is shown/);
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    }, strange);
  });

  test("of one alone there is nothing to choose, and its page is there all the same", async () => {
    const page = await open("/");
    assert.equal(await page.getByRole("link", { name: "Boxes" }).count(), 0);
    await page.goto(`${board.address}/boxes`);
    await page.locator(".box").getByText("shown").waitFor();
    await page.close();
  });
});
