// The board itself and a browser, started and always stopped; every wait has a deadline.

import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const PROGRAM = process.env.CALLCENTER_BOARD ?? new URL("../../../../target/debug/callcenter-board", import.meta.url).pathname;
// Pages from a directory in place of those that are in the program, for whoever works on them.
const PAGES = process.env.PAGES;
const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].filter(Boolean);

/** The token of a supervisor, whose name is Anna Berg. */
export const TOKEN = "correct-horse-battery";
/** The screens on which pages are looked at. */
export const SIZES = { wall: { width: 1920, height: 1080 }, desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** How many times longer everything takes where far more wants to run than there are processors; 1 on a machine that is not so busy. */
export function busyness() {
  return Math.max(1, loadavg()[0] / (4 * availableParallelism()));
}

/** Waits for something to be so. */
export async function until(what, isSo, within = 5000) {
  const end = Date.now() + within;
  for (;;) {
    const value = await isSo();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** A test that can do nothing on this machine says so, and is counted where CALLCENTER_SKIPPED names a file for it. */
export function skip(test, reason) {
  if (process.env.CALLCENTER_SKIPPED) appendFileSync(process.env.CALLCENTER_SKIPPED, `${test.name}\t${reason}\n`);
  test.skip(reason);
}

/** What `promtool check metrics` has to say of a text, as a rule nothing; false where there is no promtool, and the test is skipped. */
export function checkedByPrometheus(test, text) {
  const { status, stdout, stderr, error } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  if (error?.code === "ENOENT") {
    skip(test, "no promtool: it is in Debian's package prometheus");
    return false;
  }
  if (error || status !== 0 || stdout || stderr) throw new Error(`promtool: ${error ?? ""}${stdout}${stderr}`);
  return true;
}

/** What a board tells Prometheus. */
export async function metricsOf(board) {
  return (await fetch(`${board.address}/metrics`)).text();
}

/** The value of a series, as a number; NaN where it is not told. */
export function valueOf(text, series) {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line ? Number(line.slice(series.length + 1)) : NaN;
}

/** A board before this switch, with these lines of configuration, and this in its environment. */
export async function startBoard(freeswitch, configuration = "", password = freeswitch.password, said = {}) {
  const directory = mkdtempSync(join(tmpdir(), "callcenter-board-"));
  const file = join(directory, "board.toml");
  const tokens = join(directory, "tokens");
  writeFileSync(tokens, `Anna Berg ${TOKEN}\n`, { mode: 0o600 });
  writeFileSync(file, `listen = "127.0.0.1:0"\n${configuration}\n`);
  const environment = {
    PATH: process.env.PATH, CALLCENTER_BOARD_CONFIG: file, CALLCENTER_BOARD_PORT: String(freeswitch.port),
    CALLCENTER_BOARD_PASSWORD: password, CALLCENTER_BOARD_TOKEN_FILE: tokens, ...said,
  };
  const program = spawn(PROGRAM, [], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  const board = { program, log: "", directory };
  program.stderr.setEncoding("utf8");
  program.stderr.on("data", (text) => (board.log += text));
  board.address = await until("the board's address", () => board.log.match(/the board is at (http:\S+)\//)?.[1]);
  board.stop = async () => {
    const over = new Promise((done) => program.once("exit", done));
    program.kill("SIGTERM");
    await Promise.race([over, new Promise((_, late) => setTimeout(() => late(new Error("the board does not end")), 5000).unref())]);
    rmSync(directory, { recursive: true });
  };
  return board;
}

/** A browser of this machine. */
export async function startBrowser() {
  for (const executablePath of BROWSERS) {
    try {
      return await chromium.launch({ executablePath, args: ["--no-sandbox", "--force-color-profile=srgb"] });
    } catch (wrong) {
      if (!String(wrong).includes("doesn't exist")) throw wrong;
    }
  }
  throw new Error("no Chromium: apt-get install chromium, or name it in CHROMIUM");
}

/** A page that fails the test for whatever goes wrong in it. */
export async function openPage(browser, address, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, colorScheme: "dark", ...options });
  if (PAGES) await context.route("**/assets/*", (route) => route.fulfill({ path: join(PAGES, new URL(route.request().url()).pathname.slice(8)) }));
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.wrong.push(message.text()));
  page.on("dialog", (dialog) => {
    page.wrong.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(address).origin)) page.wrong.push(`asks another place: ${request.url()}`);
  });
  await page.goto(address);
  return page;
}
