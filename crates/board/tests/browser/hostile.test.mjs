// Names of agents, queues and callers that are markup, endless, written from right to left, or pictures: on every page, at each size.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { openPage, SIZES, startBoard, startBrowser, TOKEN } from "./board.mjs";
import { Centre } from "./centre.mjs";
import { Switch } from "./event_socket.mjs";

/** Each of them says at its end which one it is, for two names are never the same. */
const NAMES = {
  markup: '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  quotes: `"'\`--></textarea></script>&lt;b&gt;\${7*7}{{7*7}} \\ | %00 %0a`,
  long: "Wolfeschlegelsteinhausenbergerdorff".repeat(9).slice(0, 300),
  words: "one very long name that never ends ".repeat(9).slice(0, 300),
  override: "\u202Etxt.exe\u202D gnp\u2067 \u2066x",
  arabic: "مركز الاتصال ١٢٣",
  hebrew: "מוקד שירות (24)",
  emoji: "👩🏽‍🚒👨‍👩‍👧‍👦🇩🇪 Service ☎️",
  zalgo: `Z${"\u0335\u0321\u0322\u0327\u0328".repeat(12)}algo`,
  control: "bell\u0007tab\tline\nend",
  proto: "__proto__",
};

let browser;
let freeswitch;
let board;
let centre;

before(async () => {
  browser = await startBrowser();
  centre = new Centre({ queues: 8, agents: 24 });
  const names = Object.values(NAMES);
  const queueNames = new Map(centre.queues.slice(1, 6).map((queue, at) => [queue.name, `${[NAMES.markup, NAMES.long, NAMES.override, NAMES.hebrew, NAMES.emoji][at]}`]));
  names.forEach((name, at) => (centre.agents[at].name = name));
  for (const queue of centre.queues) queue.name = queueNames.get(queue.name) ?? queue.name;
  for (const agent of centre.agents) {
    for (const entry of [...agent.tiers, ...agent.calls]) entry.queue = queueNames.get(entry.queue) ?? entry.queue;
  }
  // Each of them calls as well, and has somebody with a name like that on the phone.
  centre.queues[0].members = names.map((name, at) => ({ ...centre.member(0, at, Date.now() - 2000), name, state: "Waiting", agent: "", callback: null, requirements: at ? "" : NAMES.markup }));
  centre.queues[0].left = names.map((name, at) => ({ ...centre.queues[0].left[0], uuid: `left-${at}`, name, left_at: Date.now() }));
  centre.agents.filter((agent) => agent.calls.length).forEach((agent, at) => (agent.calls[0].name = names[at % names.length]));
  centre.agents[6].pause = { reason: NAMES.markup, since_at: Date.now() };
  freeswitch = await new Switch(centre).start();
  board = await startBoard(freeswitch, `title = ${JSON.stringify(NAMES.markup)}\n`);
});

after(async () => {
  await browser?.close();
  await board?.stop();
  await freeswitch?.die();
});

async function open(path, viewport, colorScheme = "light") {
  const page = await openPage(browser, board.address + path, { viewport, colorScheme });
  await page.waitForSelector('.state[data-is="up"]', { timeout: 20_000 });
  if (path === "/supervisor") {
    await page.getByLabel("Token").fill(TOKEN);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".desk .agent.row");
  }
  return page;
}

/** What is not as it should be, seen from outside: wider than the screen, over its neighbour, or beyond the box that it is in. */
function misplaced() {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const box of document.querySelectorAll(".agent, .tile, .row, .panel, .filter > *, .panel > .scroll tr")) {
    const { left, right, width } = box.getBoundingClientRect();
    if (width > 0 && (left < -1 || right > innerWidth + 1)) found.push(`${box.className || box.tagName} from ${left} to ${right}`);
  }
  for (const button of document.querySelectorAll(".row button")) {
    const [inner, outer] = [button.getBoundingClientRect(), button.closest(".row").getBoundingClientRect()];
    if (inner.width && (inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1)) found.push(`the button ${button.textContent} is outside its row`);
  }
  for (const cell of document.querySelectorAll(".floor > .agent, .tile")) {
    if (cell.scrollHeight > cell.clientHeight + 2) found.push(`${cell.className} has more than it shows`);
  }
  const hidden = /[\u202A-\u202E\u2066-\u2069]/;
  if (hidden.test(document.body.textContent)) found.push("a mark that turns the text around is on the page");
  if (document.querySelector("main img, main script, main b b, main textarea, body > img")) found.push("markup has become elements");
  return found;
}

async function shoot(page, name) {
  if (!process.env.HOSTILE_SCREENSHOTS) return;
  mkdirSync(process.env.HOSTILE_SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${process.env.HOSTILE_SCREENSHOTS}/${name}.png` });
}

const PATHS = { wall: "/", floor: "/agents", queue: "/queues/support%40default", supervisor: "/supervisor", hostile: `/queues/${encodeURIComponent(NAMES.markup)}`, long: `/queues/${encodeURIComponent(NAMES.long)}` };

describe("whatever somebody is called", () => {
  for (const [name, path] of Object.entries(PATHS)) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      test(`the page stays whole: ${name}, ${size}`, async () => {
        const page = await open(path, viewport, size === "desk" ? "dark" : "light");
        await page.waitForSelector(".tile, .agent");
        await page.waitForTimeout(300);
        await shoot(page, `${name}-${size}`);
        assert.deepEqual(await page.evaluate(misplaced), []);
        assert.deepEqual(page.wrong, []);
        await page.context().close();
      });
    }
  }

  test("names are text, every letter of them", async () => {
    const page = await open("/agents", SIZES.desk);
    const shown = await page.$$eval(".agent h3", (heads) => heads.map((head) => head.textContent));
    const plain = (name) => name.replace(/[\u202A-\u202E\u2066-\u2069]/g, "");
    for (const name of Object.values(NAMES)) assert.ok(shown.includes(plain(name)), name);
    const options = await page.$$eval(".filter select option", (all) => all.map((option) => option.textContent));
    assert.ok(options.some((text) => text.includes("<img src=x")), options.join(" | "));
    await page.context().close();
  });

  test("a supervisor acts on whom is meant, by keyboard, and is asked with the name as text", async () => {
    for (const key of ["markup", "quotes", "long", "override", "emoji", "control", "proto"]) {
      freeswitch.commands = [];
      const page = await open("/supervisor", SIZES.desk);
      const found = await page.$$eval(".agent.row", (rows, name) => rows.findIndex((one) => one.agent.name === name), NAMES[key]);
      assert.ok(found >= 0, key);
      const button = page.locator(".agent.row").nth(found).locator(".acts button:visible").first();
      await button.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      const { width, x } = await dialog.boundingBox();
      assert.ok(x >= 0 && x + width <= SIZES.desk.width, "the question is on the screen");
      assert.equal(await dialog.locator("img, script").count(), 0);
      if (key === "long") await shoot(page, "question");
      await page.keyboard.press("Enter");
      await page.locator(".said", { hasText: "Done" }).waitFor();
      assert.equal(freeswitch.commands.length, 1, key);
      const given = freeswitch.commands[0];
      const escaped = NAMES[key].replace(/[\\']/g, (letter) => `\\${letter}`).replace(/\n/g, "\\n");
      assert.ok(given.includes(`'${escaped}'`), `${key}: ${given}`);
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    }
  });
});
