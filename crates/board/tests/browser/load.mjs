// How much a board takes while many watch: viewers are streams as browsers open them.
//   node load.mjs ADDRESS [VIEWERS] [SECONDS] [PID]
// A third of them watch the wall, a third the floor, a third one queue. With the board's process its CPU and memory are told.

import { readFileSync } from "node:fs";
import http from "node:http";

const [address, viewers = "200", seconds = "30", pid] = process.argv.slice(2);
const PAGES = ["page=wall", "page=floor", "page=queue&queue="];
const agent = new http.Agent({ maxSockets: Infinity });
const queues = [];

function open(query) {
  return new Promise((done, failed) => {
    const options = { agent, headers: { "accept-encoding": "gzip", accept: "text/event-stream" } };
    const request = http.get(`${address}/live?${query}`, options, (response) => {
      const stream = { query, bytes: 0, pieces: 0 };
      response.on("data", (piece) => {
        stream.bytes += piece.length;
        stream.pieces += 1;
      });
      done(stream);
    });
    request.on("error", failed);
  });
}

function used() {
  if (!pid) return { cpu: 0, memory: 0 };
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const memory = Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, memory };
}

const metrics = await (await fetch(`${address}/metrics`)).text();
for (const [, name] of metrics.matchAll(/callcenter_queue_free_agents\{queue="([^"]+)"\}/g)) queues.push(name);
const asked = Array.from({ length: Number(viewers) }, (_, at) => {
  const page = PAGES[at % 3];
  return page.endsWith("=") ? page + encodeURIComponent(queues[at % queues.length] ?? "") : page;
});
const streams = await Promise.all(asked.map(open));
// What comes first is the whole state; what counts is what follows.
await new Promise((done) => setTimeout(done, 3000));
for (const stream of streams) stream.bytes = stream.pieces = 0;
const before = used();
const began = Date.now();
await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
const took = (Date.now() - began) / 1000;
const after = used();
for (const page of PAGES) {
  const of = streams.filter((stream) => stream.query.startsWith(page));
  const mean = of.reduce((sum, stream) => sum + stream.bytes, 0) / of.length / took;
  console.log(`${page.padEnd(18)} ${of.length} viewers, ${(mean / 1000).toFixed(2)} KB/s each, ${(of[0].pieces / took).toFixed(1)} pieces/s`);
}
if (pid) console.log(`board: ${((after.cpu - before.cpu) / took).toFixed(3)} core, ${(after.memory / 1000).toFixed(0)} MB`);
process.exit(0);
