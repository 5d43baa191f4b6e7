// A private FreeSWITCH with a call centre, the module of this repository or stock's in it: callers and agents' phones are its own.

import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import dgram from "node:dgram";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./board.mjs";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const DIRECTORIES = ["conf", "log", "run", "db", "mod", "sounds", "scripts", "storage", "temp", "cache", "certs", "recordings"];
const MODULES = ["mod_logfile", "mod_event_socket", "mod_sofia", "mod_loopback", "mod_commands", "mod_dptools", "mod_dialplan_xml", "mod_tone_stream", "mod_callcenter"];

/** Where FreeSWITCH is installed, and the module for it; `missing` says what there is not. */
export function installed() {
  const found = spawnSync(join(ROOT, "scripts/find-freeswitch"), { encoding: "utf8" });
  if (found.status !== 0) return { missing: "no FreeSWITCH on this machine" };
  const [, program] = found.stdout.match(/FREESWITCH_BIN='(.*)'/);
  const [, modules] = found.stdout.match(/FREESWITCH_MODS='(.*)'/);
  const ours = process.env.CALLCENTER_MODULE;
  return ours ? { program, modules, ours } : { missing: "no module for FreeSWITCH: CALLCENTER_MODULE names it" };
}

async function freePort(kind) {
  if (kind === "udp") {
    const socket = dgram.createSocket("udp4");
    await new Promise((done) => socket.bind(0, "127.0.0.1", done));
    const { port } = socket.address();
    await new Promise((done) => socket.close(done));
    return port;
  }
  const server = net.createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

const params = (pairs) => Object.entries(pairs).map(([name, value]) => `<param name="${name}" value="${value}"/>`).join("");
const configuration = (name, inside) => `<configuration name="${name}.conf">${inside}</configuration>`;

/** Whom a caller reaches: `QUEUE` is the queue QUEUE@default. A phone answers, or rings and is not answered. */
function freeswitchXml(ports, password, users) {
  const profile = (name, port, context) => `<profile name="${name}"><settings>${params({
    "sip-port": port, "sip-ip": "127.0.0.1", "rtp-ip": "127.0.0.1", context, dialplan: "XML", "auth-calls": "false",
    "inbound-codec-prefs": "PCMU", "outbound-codec-prefs": "PCMU", "rtp-timer-name": "soft",
  })}</settings></profile>`;
  const extension = (expression, ...actions) => `<extension name="${expression}"><condition field="destination_number" expression="${expression}">${
    actions.map(([application, data]) => `<action application="${application}" data="${data}"/>`).join("")}</condition></extension>`;
  const contact = (agent, does) => `[leg_timeout=60]sofia/callers/${agent}-${does}@127.0.0.1:${ports.phones}`;
  const agent = (name, does, status, more) => `<agent ${Object.entries({
    name, type: "callback", contact: contact(name, does), status, "max-no-answer": 9, "wrap-up-time": 4, "reject-delay-time": 5, ...more,
  }).map(([key, value]) => `${key}="${value}"`).join(" ")}/>`;
  return `<document type="freeswitch/xml"><section name="configuration">${[
    configuration("modules", `<modules>${MODULES.map((name) => `<load module="${name}"/>`).join("")}</modules>`),
    configuration("switch", `<settings>${params({ switchname: "board-test", loglevel: "info", "rtp-start-port": ports.media, "rtp-end-port": ports.media + 98 })}</settings>`),
    configuration("logfile", '<profiles><profile name="default"><mappings><map name="all" value="info,notice,warning,err,crit,alert"/></mappings></profile></profiles>'),
    configuration("event_socket", `<settings>${params({ "listen-ip": "127.0.0.1", "listen-port": ports.events, password })}</settings>`),
    configuration("acl", "<network-lists/>"), configuration("timezones", "<timezones/>"),
    configuration("sofia", `<profiles>${profile("callers", ports.callers, "callers")}${profile("phones", ports.phones, "phones")}</profiles>`),
    configuration("callcenter", `<settings/><queues>${["support", "sales"].map((name) => `<queue name="${name}@default">${params({
      strategy: "longest-idle-agent", "moh-sound": "tone_stream://%(400,2600,440);loops=-1", "max-wait-time": 300,
    })}</queue>`).join("")}</queues><agents>${agent("ada", "answer", "Available")}${agent("ben", "answer", "On Break")}${agent("cleo", "ring", "Logged Out")}</agents>
    <tiers>${["ada", "ben", "cleo"].map((name, at) => `<tier queue="support@default" agent="${name}" level="1" position="${at + 1}"/>`).join("")}</tiers>`),
  ].join("\n")}</section><section name="dialplan">
  <context name="callers">${extension("^(support|sales)$", ["callcenter", "$1@default"], ["hangup", "NORMAL_CLEARING"])}</context>
  <context name="phones">${extension("^.+-answer$", ["answer", ""], ["playback", "tone_stream://%(900,600,350);loops=-1"])}${
    extension("^.+-ring$", ["ring_ready", ""], ["sleep", "120000"])}</context>
  </section><section name="directory"><domain name="default"><groups><group name="all"><users>${users}</users></group></groups></domain></section></document>`;
}

/** A connection to an event socket, for commands one after the other. */
export class EventSocket {
  static async open(port, login) {
    const socket = net.connect({ port, host: "127.0.0.1" });
    const one = new EventSocket();
    one.socket = socket;
    one.waiting = [];
    one.bytes = Buffer.alloc(0);
    socket.on("data", (piece) => one.#read(piece));
    const over = () => one.waiting.splice(0).forEach((waits) => waits.failed(new Error("the event socket is closed")));
    socket.on("error", over);
    socket.on("close", over);
    await one.#next();
    const answer = await one.say(login);
    if (!answer.startsWith("+OK")) throw new Error(`not let in: ${answer}`);
    return one;
  }

  #next() {
    return new Promise((done, failed) => this.waiting.push({ done, failed }));
  }

  #read(piece) {
    this.bytes = Buffer.concat([this.bytes, piece]);
    for (let end = this.bytes.indexOf("\n\n"); end >= 0; end = this.bytes.indexOf("\n\n")) {
      const head = this.bytes.subarray(0, end).toString();
      const length = Number(head.match(/^Content-Length: (\d+)$/m)?.[1] ?? 0);
      if (this.bytes.length < end + 2 + length) return;
      const body = this.bytes.subarray(end + 2, end + 2 + length).toString();
      this.bytes = this.bytes.subarray(end + 2 + length);
      this.waiting.shift()?.done(head.match(/^Reply-Text: (.*)$/m)?.[1] ?? body);
    }
  }

  /** What it answers to a line: the reply's text, or the body. */
  say(line) {
    if (this.socket.destroyed) return Promise.reject(new Error("the event socket is closed"));
    const answer = this.#next();
    this.socket.write(`${line}\n\n`);
    return answer;
  }

  close() {
    this.socket.destroy();
  }
}

/** A FreeSWITCH that can be killed, stopped in its tracks, and started again on what it had. */
export class RealSwitch {
  constructor({ module = "ours", users = "" } = {}) {
    const { program, modules, ours } = installed();
    Object.assign(this, { program, modules, ours, module, users, password: "of the tests" });
    this.directory = mkdtempSync(join(tmpdir(), "callcenter-board-switch-"));
    for (const name of DIRECTORIES) mkdirSync(join(this.directory, name));
    // One that is missing is made at the start, and takes a second; nothing is encrypted here.
    writeFileSync(join(this.directory, "certs/wss.pem"), "");
    for (const file of readdirSync(modules).filter((name) => name.endsWith(".so"))) {
      const from = module === "ours" && file === "mod_callcenter.so" ? ours : join(modules, file);
      symlinkSync(from, join(this.directory, "mod", file));
    }
  }

  async start() {
    this.ports ??= { events: await freePort("tcp"), callers: await freePort("udp"), phones: await freePort("udp"), media: 29_000 };
    this.port = this.ports.events;
    writeFileSync(join(this.directory, "conf/freeswitch.xml"), freeswitchXml(this.ports, this.password, this.users));
    const places = DIRECTORIES.flatMap((name) => [`-${name}`, join(this.directory, name)]);
    this.process = spawn(this.program, ["-nf", "-nc", "-np", "-nonat", "-nocal", ...places], { cwd: this.directory, stdio: "ignore" });
    this.ended = new Promise((done) => this.process.once("exit", done));
    await until("FreeSWITCH's event socket", () => this.#connect(), 30_000);
    await until("FreeSWITCH is ready", async () => (await this.api("fsctl ready_check")) === "true", 30_000);
    // The first calls are refused until its clock has counted a second.
    await until("FreeSWITCH admits a call", async () => (await this.api("originate null/first &hangup")).startsWith("+OK"), 30_000);
    return this;
  }

  async #connect() {
    try {
      this.socket = await EventSocket.open(this.port, `auth ${this.password}`);
      return true;
    } catch {
      return false;
    }
  }

  api(command) {
    return this.socket.say(`api ${command}`);
  }

  callcenter(words) {
    return this.api(`callcenter_config ${words}`);
  }

  /** Somebody calls a queue, and stays until `hangUp` with what this gives. */
  async call(name, number, queue = "support") {
    const leg = (await this.api("create_uuid")).trim();
    const who = `origination_uuid=${leg},origination_caller_id_name='${name}',origination_caller_id_number=${number}`;
    const answer = await this.api(`bgapi originate {${who}}sofia/phones/${queue}@127.0.0.1:${this.ports.callers} &park`);
    if (!answer.startsWith("+OK")) throw new Error(`no call: ${answer}`);
    return leg;
  }

  hangUp(leg) {
    return this.api(`uuid_kill ${leg}`);
  }

  async hangUpAll() {
    await this.api("hupall");
    await until("no channel is left", async () => (await this.api("show channels count")).trim().startsWith("0 "), 10_000);
  }

  signal(name) {
    this.process.kill(name);
  }

  /** It is gone from one moment to the next. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
    this.socket?.close();
  }

  log() {
    try {
      return readFileSync(join(this.directory, "log/freeswitch.log"), "utf8").split("\n").slice(-40).join("\n");
    } catch {
      return "no log";
    }
  }

  async stop() {
    if (process.env.KEEP_LOG) copyFileSync(join(this.directory, "log/freeswitch.log"), process.env.KEEP_LOG);
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
