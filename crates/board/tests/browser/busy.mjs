// A busy call centre behind an event socket, for measuring a board: agents, queues and calls a second as asked for.
//   node busy.mjs PORT [AGENTS] [QUEUES] [CALLS_A_SECOND]

import { Centre, dice } from "./centre.mjs";
import { Switch } from "./event_socket.mjs";

const [port, agents = "2000", queues = "100", rate = "50"] = process.argv.slice(2);
const centre = new Centre({ agents: Number(agents), queues: Number(queues) });
const freeswitch = new Switch(centre);
freeswitch.port = Number(port);
await freeswitch.start();
const roll = dice(3);
console.log(`an event socket at 127.0.0.1:${port}, password: ${freeswitch.password}`);

// Each call changes an agent four times: it rings, it is talked to, it is written up, it is over.
setInterval(() => {
  const now = Date.now();
  for (let call = 0; call < Number(rate) / 10; call += 1) {
    const queue = centre.queues[Math.floor(roll() * centre.queues.length)];
    queue.today.calls += 1;
    queue.today.answered += 1;
    queue.total.answered += 1;
    if (queue.members.length > 3) queue.members.shift();
    queue.members.push(centre.member(0, queue.members.length, now));
    for (const doing of ["ringing", "talking", "wrap-up", "ready"]) {
      const agent = centre.agents[Math.floor(roll() * centre.agents.length)];
      const isWith = doing === "ringing" || doing === "talking";
      Object.assign(agent, { doing, doing_since_at: now, wrap_up_until_at: doing === "wrap-up" ? now + 10_000 : null });
      agent.calls = isWith ? [{ queue: queue.name, name: "Ada", number: String(30_000_000 + Math.floor(roll() * 1e6)), media: "audio", stage: doing, called_at: now, bridged_at: doing === "talking" ? now : null }] : [];
      if (doing === "wrap-up") agent.today = { ...agent.today, answered: agent.today.answered + 1, talk_ms: agent.today.talk_ms + 180_000 };
    }
    for (let number = 0; number < 6; number += 1) freeswitch.event();
  }
}, 100);
