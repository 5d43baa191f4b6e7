// A busy call centre behind an event socket, for measuring a board: agents, queues and calls a second as asked for.
//   node busy.mjs PORT [AGENTS] [QUEUES] [CALLS_A_SECOND]
// What it answers is made beforehand, a second of the day after the other, so that the measurement is of the board and not of this.

import { Centre, dice } from "./centre.mjs";
import { Switch } from "./event_socket.mjs";

const [port, agents = "2000", queues = "100", rate = "50"] = process.argv.slice(2);
const SECONDS = 30;
// Small events that a call causes: it waits, rings, talks, is written up, is over.
const EVENTS = 6;
const centre = new Centre({ agents: Number(agents), queues: Number(queues) });
const roll = dice(3);

function pick(list) {
  return list[Math.floor(roll() * list.length)];
}

/** One call changes its queue, and four agents are where others were before. */
function call(now) {
  const queue = pick(centre.queues);
  queue.today.calls += 1;
  queue.today.answered += 1;
  queue.total.answered += 1;
  if (queue.members.length > 3) queue.members.shift();
  queue.members.push(centre.member(0, queue.members.length, now));
  for (const doing of ["ringing", "talking", "wrap-up", "ready"]) {
    const agent = pick(centre.agents);
    const isWith = doing === "ringing" || doing === "talking";
    Object.assign(agent, { doing, doing_since_at: now, wrap_up_until_at: doing === "wrap-up" ? now + 3_600_000 : null, ready_at: null });
    agent.calls = isWith ? [{ queue: queue.name, name: "Ada", number: String(30_000_000 + Math.floor(roll() * 1e6)), media: "audio", stage: doing, called_at: now, bridged_at: doing === "talking" ? now : null }] : [];
    if (doing === "wrap-up") agent.today = { ...agent.today, answered: agent.today.answered + 1, talk_ms: agent.today.talk_ms + 180_000 };
  }
}

const replies = Array.from({ length: SECONDS }, (_, second) => {
  for (let number = 0; number < Number(rate); number += 1) call(Date.now() + second * 1000);
  const response = centre.snapshot();
  // What changes slowly is asked for now and then only.
  const quick = { ...response, health: undefined, queues: response.queues.map((queue) => ({ ...queue, half_hours: undefined, histograms: undefined })), agents: response.agents.map((agent) => ({ ...agent, tiers: undefined })) };
  return [response, quick].map((one) => JSON.stringify({ status: "success", response: one }));
});

let second = 0;
const freeswitch = new Switch(centre);
freeswitch.port = Number(port);
freeswitch.reply = (asked) => replies[second % SECONDS][asked.data.parts ? 1 : 0];
await freeswitch.start();
console.log(`an event socket at 127.0.0.1:${port}, password: ${freeswitch.password}, a look is ${Math.round(replies[0][1].length / 1000)} KB`);
setInterval(() => (second += 1), 1000);
setInterval(() => {
  for (let number = 0; number < (EVENTS * Number(rate)) / 20; number += 1) freeswitch.event();
}, 50);
