// An event socket that says what a test wants it to say: the protocol of FreeSWITCH, a call centre of our choice behind it.

import net from "node:net";

/** A FreeSWITCH as a board sees it. */
export class Switch {
  constructor(centre) {
    this.centre = centre;
    this.password = "a secret of the tests";
    this.commands = [];
    this.connections = new Set();
    this.logins = 0;
    this.isSilent = false;
    /** "ours", "stock" or "none". */
    this.module = "ours";
    this.lists = {};
    /** What it says of its cluster, if it is in one. */
    this.cluster = null;
    /** What FreeSWITCH says of itself, if it does. */
    this.status = null;
  }

  /** Answers on a port of its own, the same one again after `die`. */
  async start() {
    this.connections.clear();
    this.server = net.createServer((socket) => this.#serve(socket));
    await new Promise((done) => this.server.listen(this.port ?? 0, "127.0.0.1", done));
    this.port = this.server.address().port;
    return this;
  }

  /** Is gone from one moment to the next. */
  async die() {
    for (const socket of this.connections) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  /** Something has happened. */
  event(action = "members-count") {
    const body = `Event-Name: CUSTOM\nEvent-Subclass: callcenter%3A%3Ainfo\nCC-Action: ${action}\nEvent-Sequence: 1\n\n`;
    for (const socket of this.connections) {
      if (socket.isIn) socket.write(`Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-plain\n\n${body}`);
    }
  }

  #serve(socket) {
    this.connections.add(socket);
    socket.on("close", () => this.connections.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.write("Content-Type: auth/request\n\n");
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (piece) => {
      text += piece;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const command = text.slice(0, end);
        text = text.slice(end + 2);
        if (!this.isSilent) this.#answer(socket, command);
      }
    });
  }

  #answer(socket, command) {
    const reply = (words) => socket.write(`Content-Type: command/reply\nReply-Text: ${words}\n\n`);
    if (command.startsWith("auth ")) {
      if (command !== `auth ${this.password}`) {
        reply("-ERR invalid");
        return socket.end();
      }
      socket.isIn = true;
      this.logins += 1;
      return reply("+OK accepted");
    }
    if (!command.startsWith("api ")) return reply("+OK");
    const body = this.#api(command.slice(4));
    return socket.write(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`);
  }

  #api(command) {
    if (command.startsWith("json ")) {
      const asked = JSON.parse(command.slice(5));
      if (asked.command === "status") return JSON.stringify({ ...asked, status: this.status ? "success" : "error", response: this.status ?? null });
      if (this.module === "none") return JSON.stringify({ ...asked, status: "error", message: "Invalid Method or Command" });
      if (this.module === "stock") return JSON.stringify({ ...asked, status: "error", response: { error: "Invalid command" } });
      if (asked.data.arguments === "cluster") return JSON.stringify({ ...asked, status: this.cluster ? "success" : "error", response: this.cluster ?? { error: "in no cluster" } });
      return this.reply?.(asked) ?? JSON.stringify({ ...asked, status: "success", response: this.centre.snapshot() });
    }
    if (this.module === "none") return "-ERR callcenter_config Command not found!\n";
    const words = command.replace(/^callcenter_config /, "");
    if (this.lists[words] !== undefined) return this.lists[words];
    if (words === "queue count") return "1\n";
    this.commands.push(words);
    return this.centre.command?.(words) ?? "+OK\n";
  }
}

/** One with stock's module: a queue, an agent who talks, another who is on a break, and somebody who waits. */
export function stockSwitch() {
  const stock = new Switch({ snapshot: () => ({}) });
  stock.module = "stock";
  const now = Math.floor(Date.now() / 1000);
  stock.lists = {
    "queue list": "name|strategy|max_wait_time|calls_answered|calls_abandoned\nsupport@default|ring-all|300|41|3\n+OK\n",
    "agent list": `name|status|state|wrap_up_time|last_bridge_start|last_bridge_end|last_offered_call|last_status_change|calls_answered|talk_time|ready_time\n1001|Available|In a queue call|10|${now - 95}|0|${now - 99}|${now - 900}|7|300|0\n1002|On Break|Waiting|10|0|0|0|${now - 300}|3|80|0\n+OK\n`,
    "tier list": "queue|agent|state|level|position\nsupport@default|1001|Active Inbound|1|1\nsupport@default|1002|Ready|1|2\n+OK\n",
    "queue list members support@default": `queue|uuid|cid_number|cid_name|joined_epoch|serving_agent|state|score\nsupport@default|m1|0301234567|Ada|${now - 100}|1001|Answered|60\nsupport@default|m2|0307654321|Bob|${now - 20}||Waiting|20\n+OK\n`,
  };
  return stock;
}
