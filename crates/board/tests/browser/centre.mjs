// A call centre on a busy afternoon, as the module's snapshot tells it.

const TITLES = ["Support", "Sales", "Billing", "Orders", "Returns", "Emergency", "Hotline 24", "Partners"];
const FIRST = ["Ada", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Karla", "Levi", "Mira", "Noah", "Olga", "Paul", "Quirin", "Rosa", "Sami", "Tilda", "Ugo", "Vera", "Wim", "Zoe"];
const LAST = ["Berg", "Conti", "Diaz", "Ernst", "Falk", "Gold", "Hahn", "Ivers"];
const DOING = ["talking", "talking", "talking", "ready", "ready", "wrap-up", "paused", "ringing", "talking", "logged-out", "held", "talking"];
const REASONS = ["lunch", "training", "coffee", "paperwork"];

/** The same numbers each time. */
export function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const CALLBACKS = [
  { state: "attempting", attempts: 1, last_end: "" },
  { state: "pending", attempts: 1, last_end: "no-answer", next: 140_000 },
];

const bounds = { wait: [5, 10, 15, 20, 30, 60, 120, 300], talk: [30, 60, 120, 300, 600, 1800], ring: [2, 5, 10, 20, 30] };

/** How many wait in a queue. */
function waitsOf(queue) {
  return [3, 0, 1, 0, 2, 0, 9, 0][queue % 8];
}

function histogram(limits, count, roll) {
  const shares = limits.map(() => roll()).sort();
  return { counts: shares.map((share) => Math.floor(share * count)), count, sum_ms: count * 21_000 };
}

function halfHours(now, roll) {
  const midnight = now - (now % 86_400_000);
  const all = [];
  for (let at = midnight + 7 * 3_600_000; at <= Math.max(now, midnight + 9 * 3_600_000); at += 1_800_000) {
    const hour = (at - midnight) / 3_600_000;
    const rush = Math.max(0.15, Math.exp(-((hour - 10.5) ** 2) / 6) + 0.8 * Math.exp(-((hour - 15) ** 2) / 5));
    const answered = Math.round(rush * 24 * (0.8 + roll() * 0.4));
    const abandoned = Math.round(answered * 0.09 * roll() * 2);
    const released = Math.round(roll() * 1.2);
    const refused = roll() > 0.8 ? 1 : 0;
    all.push({ at, calls: answered + abandoned + released + refused, answered, abandoned, released, refused });
  }
  return all;
}

/** A call centre with as many queues and agents as are wanted. */
export class Centre {
  constructor({ queues = 8, agents = 24, seed = 7 } = {}) {
    this.roll = dice(seed);
    const now = Date.now();
    this.bornAt = now;
    this.agents = Array.from({ length: agents }, (_, at) => this.#agent(at, queues, now));
    this.queues = Array.from({ length: queues }, (_, at) => this.#queue(at, now));
  }

  #name(at) {
    return `${TITLES[at % TITLES.length].toLowerCase().replace(" ", "")}${at >= TITLES.length ? at : ""}@default`;
  }

  #agent(at, queues, now) {
    const name = `${FIRST[at % FIRST.length]} ${LAST[Math.floor(at / 3) % LAST.length]}${at >= 24 ? ` ${at}` : ""}`;
    const doing = DOING[at % DOING.length];
    const since = now - Math.floor(this.roll() * 500_000) - 4000;
    const tiers = [at, at + 1, at + 3].map((queue, level) => ({ queue: this.#name(queue % queues), level: level ? 2 : 1, position: at + 1, state: "Ready", pause: null }));
    const isWith = doing === "talking" || doing === "ringing";
    return {
      name, instance: "single_box", type: "callback",
      status: doing === "paused" ? "On Break" : doing === "logged-out" ? "Logged Out" : "Available",
      status_since_at: since, state: doing === "talking" ? "In a queue call" : "Waiting", state_since_at: since,
      doing, doing_since_at: doing === "ringing" ? now - 4000 : since,
      pause: doing === "paused" ? { reason: REASONS[at % REASONS.length], since_at: since } : null,
      ready_at: doing === "held" ? now + 40_000 : null,
      wrap_up_until_at: doing === "wrap-up" ? now + 15_000 + at * 1000 : null,
      calls: isWith ? [{ queue: tiers[0].queue, member_uuid: `with-${at}`, name: FIRST[(at * 5) % 24], number: `03012${34567 + at}`, media: "audio", stage: doing, called_at: since, bridged_at: doing === "talking" ? since : null }] : [],
      external_calls: 0, skills: at % 3 ? "" : "french,billing",
      today: { offers: 40, answered: 12 + (at * 7) % 31, missed: at % 5 === 0 ? 3 : 0, talk_ms: 4_000_000 + at * 231_000 },
      tiers,
    };
  }

  #queue(at, now) {
    const answered = 180 + Math.floor(this.roll() * 300);
    const inTime = Math.floor(answered * (0.72 + 0.25 * this.roll()));
    const abandoned = 8 + Math.floor(this.roll() * 30);
    const figures = {
      calls: answered + abandoned + 4, answered, answered_in_time: inTime, abandoned, released: 3, left_in_time: 5, refused: 1,
      left_by_reason: { BREAK_OUT: abandoned, TIMEOUT: 3 }, refused_by_reason: { QUEUE_FULL: 1 },
      offers_failed_by_reason: { "no-answer": 31, rejected: 4 },
      callbacks_requested: waitsOf(at) > 2 ? 21 : 0, callbacks_by_result: waitsOf(at) > 2 ? { answered: 15, "taken-live": 2, expired: 2 } : {},
      wait_ms: answered * 21_000, longest_wait_ms: 291_007, talks: answered, talk_ms: answered * 182_000,
    };
    const waits = waitsOf(at);
    const spread = [18_000, 0, 41_000, 0, 6_000, 0, 26_000, 0][at % 8];
    const members = Array.from({ length: waits }, (_, place) => this.member(at, place, now - 2_000 - (waits - place) * spread / 2));
    // Support and the hotline call back.
    if (waits > 2) for (const [place, callback] of CALLBACKS.entries()) this.#callBack(members[place + 1], callback, now);
    const half_hours = halfHours(now, this.roll);
    return {
      name: this.#name(at), strategy: "longest-idle-agent", max_wait_seconds: 300, max_queue_length: 0,
      today: figures, total: { ...figures }, half_hours, members,
      histograms: {
        wait: { answered: histogram(bounds.wait, answered, this.roll), abandoned: histogram(bounds.wait, abandoned, this.roll), released: histogram(bounds.wait, 3, this.roll) },
        talk: histogram(bounds.talk, answered, this.roll), ring: histogram(bounds.ring, answered, this.roll),
      },
      left: Array.from({ length: 6 }, (_, number) => ({
        uuid: `left-${at}-${number}`, name: number % 3 ? FIRST[(at + number * 3) % 24] : "", number: `03098${76543 - number * 17}`,
        left_at: now - (number + 1) * 730_000, waited_ms: 20_000 + number * 9_300, reason: number === 4 ? "TIMEOUT" : "BREAK_OUT", by_caller: number !== 4, media: "audio",
      })),
    };
  }

  /** The same, to be called back. */
  #callBack(member, callback, now) {
    const { next, ...rest } = callback;
    const next_attempt_at = rest.state === "pending" ? now + next : null;
    Object.assign(member, { state: "Waiting", agent: "", media: "audio", callback: { number: member.number, expires_at: now + 9_000_000, next_attempt_at, ...rest } });
  }

  /** Somebody who waits. */
  member(queue, place, joined) {
    return {
      uuid: `member-${queue}-${place}-${joined}`, name: place % 3 ? FIRST[(queue * 3 + place) % 24] : "", number: `03055${12345 + place * 131}`, joined_at: joined, entered_at: joined,
      state: place === 0 && queue % 2 === 0 ? "Trying" : "Waiting", place: place + 1, score: 10, base_score: 0, media: place === 2 ? "chat" : "audio",
      callback: null, requirements: place === 1 ? "skills=french" : "", agent: place === 0 && queue % 2 === 0 ? this.agents[7 % this.agents.length].name : "", offers: 1,
    };
  }

  /** Nobody has waited for long: pictures look the same however long the tests before them took. */
  freshen() {
    const late = Date.now() - (this.freshAt ?? this.bornAt);
    this.freshAt = Date.now();
    for (const member of this.queues.flatMap((queue) => queue.members)) {
      member.joined_at += late;
      if (member.callback?.next_attempt_at) member.callback.next_attempt_at += late;
    }
    for (const agent of this.agents.filter((one) => one.doing === "ringing")) agent.doing_since_at = Date.now() - 4000;
  }

  /** What the module would say now. */
  snapshot() {
    const now = Date.now();
    for (const agent of this.agents) {
      if (agent.wrap_up_until_at && agent.wrap_up_until_at < now && !agent.isLate) Object.assign(agent, { doing_since_at: now, wrap_up_until_at: now + 25_000 });
      if (agent.ready_at && agent.ready_at < now) agent.ready_at = now + 40_000;
    }
    const doing = (agents, word) => agents.filter((agent) => agent.doing === word).length;
    const queues = this.queues.map((queue) => {
      const here = this.agents.filter((agent) => agent.tiers.some((tier) => tier.queue === queue.name));
      const ready = doing(here, "ready");
      const waiting = queue.members.length;
      const called = (state) => queue.members.filter((member) => member.callback?.state === state).length;
      return {
        ...queue,
        live: {
          waiting, waiting_chats: 0, ringing_members: queue.members.filter((member) => member.state === "Trying").length,
          talking: this.agents.filter((agent) => agent.calls[0]?.queue === queue.name && agent.doing === "talking").length,
          oldest_joined_at: waiting ? Math.min(...queue.members.map((member) => member.joined_at)) : null,
          callbacks: { pending: called("pending"), attempting: called("attempting"), reached: called("reached") },
          estimated_wait_ms: ready && !waiting ? 0 : 22_000 + waiting * 9_000,
          agents: {
            known: here.length, logged_in: here.length - doing(here, "logged-out"), free: ready, ready, ringing: doing(here, "ringing"),
            talking: doing(here, "talking"), wrap_up: doing(here, "wrap-up"), paused: doing(here, "paused"), unavailable: doing(here, "held"),
          },
        },
      };
    });
    const midnight = now - (now % 86_400_000);
    return {
      schema: 1, sequence: 1, now_at: now, instance: "single_box", module: { version: "0.1.0", loaded_at: midnight - 5_000_000 },
      service_level_seconds: 20, today: { since_at: midnight, counted_since_at: midnight, utc_offset_seconds: 3600 }, histogram_bounds: bounds,
      queues, agents: this.agents, agents_next: null,
      health: {
        watchdog: { lost_offers: 0, endless_offers: 0, lost_members: 0 }, journal: { unsaved: 0, lag_ms: 0, trouble: null },
        engine: { inputs: 1200, seconds: 0.02, longest_ms: 1, bounds_seconds: [0.00001, 0.0001, 0.001], counts: [800, 1190, 1200] },
      },
    };
  }
}
