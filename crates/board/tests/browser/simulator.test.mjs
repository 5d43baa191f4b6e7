// The pages in a real Chromium before the simulator behind an event socket of its own, and the demo as `make run` starts it.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { busyness, checkedByPrometheus, metricsOf, openPage, PROGRAM, skip, startBoard, startBrowser, until, valueOf } from "./board.mjs";
import { installed } from "./freeswitch.mjs";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const SIMULATOR = process.env.CALLCENTER_SIM ?? join(dirname(PROGRAM), "callcenter-sim");
const PATHS = { wall: "/", queue: "/queues/support%40default", floor: "/agents", supervisor: "/supervisor" };
const missing = existsSync(SIMULATOR) ? "" : "callcenter-sim is not built: cargo build -p callcenter-simulator";

/** The call centre of conf/board, played some times faster than it happens. */
async function startSimulator(port = 0, speed = 20) {
  const words = ["--event-socket", String(port), "--event-socket-password", "of the tests", "--speed", String(speed), "conf/board/callcenter.conf.xml", "conf/board/scenario.toml"];
  const program = spawn(SIMULATOR, words, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => program.once("exit", done));
  const simulator = { program, password: "of the tests", log: "" };
  program.stderr.setEncoding("utf8");
  program.stderr.on("data", (text) => (simulator.log += text));
  simulator.port = Number(await until("its event socket", () => simulator.log.match(/its event socket is \S+:(\d+)/)?.[1], 30_000));
  simulator.kill = async () => {
    program.kill("SIGKILL");
    await ended;
  };
  return simulator;
}

describe("before the simulator's event socket", () => {
  let browser;
  before(async () => {
    if (!missing) browser = await startBrowser();
  });
  after(async () => browser?.close());

  test("its calls show on every page; killed, it is lost within two seconds, and back by itself", async (t) => {
    if (missing) return skip(t, missing);
    let simulator = await startSimulator();
    const board = await startBoard(simulator);
    try {
      const pages = [];
      for (const path of Object.values(PATHS)) pages.push(await openPage(browser, board.address + path));
      const [wall, , floor] = pages;
      const show = (is, within) => Promise.all(pages.map((page) => page.waitForSelector(`.state[data-is="${is}"]`, { timeout: within })));
      await show("up", 20_000);
      const answered = () => wall.locator(".totals div", { hasText: "answered" }).locator("dd").textContent();
      const before = await answered();
      await until("calls are answered", async () => (await answered()) !== before, 20_000);
      await floor.locator('.agent[data-doing="talking"]').first().waitFor({ timeout: 20_000 });
      const text = await metricsOf(board);
      assert.equal(valueOf(text, "callcenter_up"), 1);
      assert.ok([...text.matchAll(/^callcenter_queue_answered_total\{.*\} (\d+)$/gm)].some(([, number]) => Number(number) > 0), text);
      const gone = simulator.kill();
      await show("lost", 2000 * busyness());
      await gone;
      simulator = await startSimulator(simulator.port);
      await show("up", 20_000);
      for (const page of pages) assert.deepEqual(page.wrong, []);
      checkedByPrometheus(t, text);
    } finally {
      await board.stop();
      await simulator.kill();
    }
  });
});

/** The programs that run with this directory among their words. */
function running(directory) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8").includes(directory) || readFileSync(`/proc/${id}/environ`, "utf8").includes(`TMPDIR=${directory}`);
    } catch {
      return false;
    }
  });
}

describe("make run", () => {
  /** Starts the demo with these words, looks at its board, presses Ctrl-C, and sees what is left. */
  async function demo(words) {
    const directory = mkdtempSync(join(tmpdir(), "callcenter-board-demo-"));
    const environment = { ...process.env, TMPDIR: directory, DEMO_PROGRAMS: dirname(SIMULATOR), DEMO_BOARD_PORT: "0" };
    // In a group of its own, as a terminal has it: Ctrl-C is for all of the group.
    const program = spawn(join(ROOT, "scripts/demo"), words, { env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise((done) => program.once("exit", (code, signal) => done({ code, signal })));
    let said = "";
    for (const stream of [program.stdout, program.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => (said += text));
    }
    try {
      const address = await until(`the board's address in ${said}`, () => said.match(/The board: {2}(http:\S+?)\/ /)?.[1], 120_000);
      const page = await fetch(`${address}/`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<main id="main"/);
      assert.equal((await fetch(`${address}/healthz`)).status, 200);
      const token = said.match(/token there: ([0-9a-f]+)\)/)[1];
      const who = await fetch(`${address}/supervisor/who`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal((await who.json()).name, "demo");
      await until("its calls", async () => [...(await (await fetch(`${address}/metrics`)).text()).matchAll(/^callcenter_queue_calls_total\{.*\} (\d+)$/gm)]
        .some(([, number]) => Number(number) > 0), 60_000);
      assert.ok(running(directory).length >= 3, "the script, the board, and what it is before");
      process.kill(-program.pid, "SIGINT");
      const end = await Promise.race([ended, new Promise((_, late) => setTimeout(() => late(new Error(`it does not end: ${said}`)), 60_000).unref())]);
      assert.deepEqual(end, { code: 0, signal: null }, said);
      assert.deepEqual(running(directory), [], "programs are left");
      assert.deepEqual(readdirSync(directory), [], "files are left");
      await assert.rejects(fetch(`${address}/healthz`), "its port is free again");
      return said;
    } finally {
      for (const id of running(directory)) process.kill(Number(id), "SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    }
  }

  test("in the simulator: its board is at the address it prints, and Ctrl-C leaves nothing", async (t) => {
    if (missing) return skip(t, missing);
    assert.match(await demo(["--simulator"]), /Its callers and agents are simulated/);
  });

  test("in a real FreeSWITCH: the same, and the report of its calls", async (t) => {
    const none = missing || installed().missing;
    if (none) return skip(t, none);
    assert.match(await demo([]), /The report: file:\/\//);
  });

  test("words that it does not understand are told, and nothing is started", () => {
    for (const words of [["--seconds"], ["--seconds", "many"], ["--simulate"]]) {
      const { status, stdout, stderr } = spawnSync(join(ROOT, "scripts/demo"), words, { encoding: "utf8" });
      assert.deepEqual([status, stdout, stderr], [2, "", "usage: scripts/demo [--seconds N] [--simulator]\n"]);
    }
  });
});
