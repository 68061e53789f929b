// Drawing the log on the phone: markup comes from the shell's templates, words and names go in as text alone.

(() => {
  const log = self.rolloutLog;
  const words = JSON.parse(document.getElementById("log-words").textContent);

  // A copy of a template. `slots` are texts by name; `slot(name)` finds the place of one.
  function clone(name, slots = {}) {
    const copy = document.getElementById(`t-${name}`).content.cloneNode(true);
    const found = new Map([...copy.querySelectorAll("[data-slot]")].map((place) => [place.dataset.slot, place]));
    for (const [key, text] of Object.entries(slots)) found.get(key).textContent = text;
    return { copy, slot: (key) => found.get(key) };
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  const count = (pair, n) => fill(pair[n === 1 ? 0 : 1], { n });

  // As everywhere in the service: 7am, 2:05pm.
  function clock(hours, minutes) {
    const half = hours < 12 ? words.am : words.pm;
    return `${hours % 12 || 12}${minutes ? `:${String(minutes).padStart(2, "0")}` : ""}${half}`;
  }
  // The clock of the place, as the service wrote it: "07:00" or "2026-03-14T07:00:00+00:00".
  function written(text) {
    const [hours, minutes] = text.replace(/^.*T/, "").split(":").map(Number);
    return clock(hours, minutes);
  }
  const range = (starts, ends) => fill(words.to, { start: written(starts), end: written(ends) });
  const time = (at) => clock(new Date(at).getHours(), new Date(at).getMinutes());
  const day = (at) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(new Date(at));
  const dated = (on) => day(`${on}T12:00:00`);

  // Which day it is at a place, so many days from now: "2026-03-14".
  function today(zone, days = 0) {
    const at = new Date(Date.now() + days * log.DAY);
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    return parts.format(at);
  }

  const page = () => document.getElementById("log-page");
  const status = (text) => (document.getElementById("status").textContent = text);

  self.rolloutLog.draw = { words, clone, fill, count, range, time, day, dated, today, page, status };
})();
