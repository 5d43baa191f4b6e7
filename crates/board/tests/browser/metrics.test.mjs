// What the board tells Prometheus, by what it is before: whether it says what is, and whether promtool takes it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkedByPrometheus, metricsOf, startBoard, until, valueOf } from "./board.mjs";
import { Centre } from "./centre.mjs";
import { stockSwitch, Switch } from "./event_socket.mjs";

/** What a board before this switch tells, once it is connected and `isThere` holds. */
async function told(freeswitch, configuration = "", isThere = () => true) {
  const board = await startBoard(freeswitch, configuration);
  try {
    return await until("the connection", async () => {
      const text = await metricsOf(board);
      return valueOf(text, "callcenter_up") === 1 && isThere(text) && text;
    });
  } finally {
    await board.stop();
  }
}

/** Tells it of a switch that is there for this alone. */
async function toldBefore(freeswitch, ...more) {
  await freeswitch.start();
  try {
    return await told(freeswitch, ...more);
  } finally {
    await freeswitch.die();
  }
}

test("they say what is, and promtool takes them", async (t) => {
  const text = await toldBefore(new Switch(new Centre()));
  assert.match(text, /callcenter_queue_members\{queue="support@default",state="waiting"\} \d/);
  assert.match(text, /callcenter_queue_wait_seconds_bucket\{queue="support@default",outcome="answered",le="20"\} \d/);
  assert.match(text, /callcenter_callbacks\{queue="support@default",state="attempting"\} 1\n/);
  assert.match(text, /callcenter_callbacks\{queue="sales@default",state="pending"\} 0\n/);
  assert.match(text, /callcenter_callback_results_total\{queue="support@default",result="expired"\} 2\n/);
  assert.match(text, /callcenter_callback_results_total\{queue="sales@default",result="answered"\} 0\n/);
  assert.match(text, /callcenter_callback_requests_total\{queue="support@default"\} 21\n/);
  assert.ok(!text.includes("callcenter_agent_state"), "agents only where they are asked for");
  checkedByPrometheus(t, text);
});

test("each agent and state, where that is asked for", async (t) => {
  const centre = new Centre();
  // A name may be anything that Prometheus has a meaning for.
  centre.agents[0].name = 'back\\slash "quote"\nline {brace}, 日本 <b>';
  const text = await toldBefore(new Switch(centre), "[metrics]\nagents = true\n");
  const series = text.split("\n").filter((line) => line.startsWith("callcenter_agent_state{"));
  assert.equal(series.filter((line) => line.endsWith(" 1")).length, centre.agents.length, "each does one thing");
  assert.ok(series.some((line) => line.includes('agent="back\\\\slash \\"quote\\"\\nline {brace}, 日本 <b>"') && line.endsWith(" 1")), series.slice(0, 3).join("\n"));
  checkedByPrometheus(t, text);
});

test("of stock's module, as far as its lists tell", async (t) => {
  const text = await toldBefore(stockSwitch(), "[metrics]\nagents = true\n");
  assert.equal(valueOf(text, 'callcenter_queue_answered_total{queue="support@default"}'), 41);
  assert.equal(valueOf(text, 'callcenter_queue_members{queue="support@default",state="waiting"}'), 1);
  checkedByPrometheus(t, text);
});

test("of a cluster, and of several that are none", async (t) => {
  for (const isCluster of [true, false]) {
    const centre = new Centre();
    const boxes = await Promise.all([1, 2].map(() => new Switch(centre).start()));
    try {
      const runs = ["pbx1", "pbx2"].map((instance, at) => ({ instance, run: `run${at}`, standing: "here", leads: at === 0 }));
      if (isCluster) {
        boxes.forEach((box, at) => {
          const journal = { unsaved: at, lag_ms: 0, trouble: null };
          box.cluster = { ...runs[at], version: "0.1.0", standing: at ? "follows" : "leads", since_at: Date.now(), callers: 7 + at, journal, boxes: runs };
        });
      }
      const lines = boxes.map((box, at) => `[[box]]\nname = "${at ? "right" : "left"}"\nhost = "127.0.0.1"\nport = ${box.port}\n`).join("");
      const text = await told(boxes[0], lines, (one) => valueOf(one, 'callcenter_box_up{box="right"}') === 1);
      assert.equal(valueOf(text, 'callcenter_box_leads{box="left"}'), isCluster ? 1 : NaN);
      assert.equal(valueOf(text, 'callcenter_box_callers{box="right"}'), isCluster ? 8 : NaN);
      assert.equal(valueOf(text, 'callcenter_box_shown{box="left"}'), 1);
      if (!checkedByPrometheus(t, text)) return;
    } finally {
      for (const box of boxes) await box.die();
    }
  }
});

test("while nobody is there, what would be old is left out", async (t) => {
  const nobody = await new Switch(new Centre()).start();
  const board = await startBoard(nobody);
  await until("the connection", async () => valueOf(await metricsOf(board), "callcenter_up") === 1);
  const answered = 'callcenter_queue_answered_total{queue="support@default"}';
  const before = valueOf(await metricsOf(board), answered);
  await nobody.die();
  await until("the loss", async () => valueOf(await metricsOf(board), "callcenter_up") === 0);
  const text = await metricsOf(board);
  await board.stop();
  assert.equal(valueOf(text, answered), before);
  assert.doesNotMatch(text, /^callcenter_queue_members\{/m);
  checkedByPrometheus(t, text);
});
