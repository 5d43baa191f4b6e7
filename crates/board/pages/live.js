// What the board says, as it comes: one stream a page, the whole state first, then what is new.

import { setClock } from "./time.js";

// A beat comes every second: without one for so long, the board is not there.
const SILENCE = 2500;

/** Listens; `changed(items)` is called at most once a frame of the screen, `lost(isLost)` when the board itself comes and goes. */
export function listen(query, changed, lost) {
  let items = {};
  let stream = null;
  let heardAt = Date.now();
  let isLost = false;
  let isDue = false;
  let pause = 500;

  function draw() {
    isDue = false;
    changed(items);
  }

  // A page in the background is not drawn, and then shows the newest state at once.
  function due() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(draw);
  }

  function heard() {
    heardAt = Date.now();
    pause = 500;
    if (isLost) {
      isLost = false;
      lost(false);
    }
  }

  function silent() {
    if (!isLost) {
      isLost = true;
      lost(true);
    }
  }

  function open() {
    stream?.close();
    stream = new EventSource(`/live?${query}`);
    stream.addEventListener("whole", (event) => {
      items = JSON.parse(event.data);
      heard();
      due();
    });
    stream.addEventListener("change", (event) => {
      const { set, gone } = JSON.parse(event.data);
      for (const [name, fields] of Object.entries(set)) items[name] = { ...items[name], ...fields };
      for (const name of gone) delete items[name];
      heard();
      due();
    });
    stream.addEventListener("beat", (event) => {
      setClock(Number(event.data));
      heard();
    });
    stream.addEventListener("error", silent);
  }

  setInterval(() => {
    if (Date.now() - heardAt > SILENCE) silent();
    // A browser tries again by itself after some errors, and after others not at all.
    if (isLost && Date.now() - heardAt > SILENCE + pause) {
      pause = Math.min(pause * 2, 8000) * (0.75 + Math.random() / 2);
      heardAt = Date.now() - SILENCE;
      open();
    }
  }, 500);
  open();
}
