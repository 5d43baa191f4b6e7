// Times as people read them, counted by FreeSWITCH's clock.

const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language);

let ahead = 0;
let heard = false;

/** The server has said what time it is. Messages are late, never early, so the smallest delay is the truest. */
export function setClock(server) {
  const difference = server - Date.now();
  if (!heard || difference > ahead || Math.abs(difference - ahead) > 5000) ahead = difference;
  heard = true;
}

/** Milliseconds since 1970, by the server's clock. */
export function now() {
  return Date.now() + ahead;
}

/** A length, as in 0:07, 12:30, 1:02:30. */
export function length(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** How long ago that was. */
export function since(instant) {
  return instant ? length(now() - instant) : "–";
}

/** How long until then. */
export function until(instant) {
  return length(Math.max(0, instant - now()) + 999);
}

/** A length for a place where seconds do not matter, as in 4h 05m. */
export function rough(milliseconds) {
  const minutes = Math.round(milliseconds / 60000);
  if (minutes < 60) return `${minutes}m`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}

/** A time of day in the site's time zone. */
export function clock(instant, offsetSeconds, withSeconds = false) {
  if (offsetSeconds === null || offsetSeconds === undefined) offsetSeconds = -60 * new Date(instant).getTimezoneOffset();
  return new Date(instant + offsetSeconds * 1000).toISOString().slice(11, withSeconds ? 19 : 16);
}

/** A number with its thousands apart. */
export function count(number) {
  return whole.format(number ?? 0);
}
