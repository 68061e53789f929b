// The outbox of the log: what was written on this phone and the service has not answered yet, and the lists kept for
// writing without signal. Shared by the pages of the log and by its service worker, so it is a plain script.
//
// An entry is { order, client_id, kind, owner, device_at, body, label, state, words, field }. `owner` is the person it is
// sealed to, "" where nobody was logged in. `state` is "waiting" or "attention"; what was taken is removed, and its
// receipt (id, kind, times) stays for 7 days.

(() => {
  const NAME = "rollout-log";
  const DAY = 24 * 3600 * 1000;
  const KEPT_FOR = 7 * DAY;
  const BATCH = 20;
  const ASKED = 100;
  const VERSION = 1;
  // A phone of the ward that lay unused so long is nobody's, as its log-in is over: rollout/sessions.py.
  const IDLE = 30 * 60 * 1000;
  const TIMEOUT = 20 * 1000;

  let opening;

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        const entries = request.result.createObjectStore("entries", { keyPath: "order", autoIncrement: true });
        entries.createIndex("client_id", "client_id", { unique: true });
        request.result.createObjectStore("receipts", { keyPath: "client_id" });
        request.result.createObjectStore("kept");
      };
      request.onsuccess = () => {
        // Another page may need a newer form of it; this one opens it again when it asks next.
        const close = () => (opening = undefined);
        request.result.onversionchange = () => request.result.close() || close();
        request.result.onclose = close;
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    }).catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  // One transaction: `work` gets the store and gives a request, whose result comes once all of it is on the disk.
  async function within(store, mode, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("not kept"));
    });
  }

  const read = (store, work) => within(store, "readonly", work);
  const write = (store, work) => within(store, "readwrite", work);
  const kept = (key) => read("kept", (store) => store.get(key));
  const keep = (key, value) => write("kept", (store) => store.put(value, key));

  const channel = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;
  const listeners = new Set();
  const tell = () => listeners.forEach((listener) => listener());
  if (channel) channel.onmessage = tell;
  function changed() {
    tell();
    if (channel) channel.postMessage("changed");
  }

  // "2026-03-14T14:05:00.000+01:00": what this phone's clock shows, and how far it says it is from UTC.
  function deviceTime(at = new Date()) {
    const offset = -at.getTimezoneOffset();
    const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
    const local = new Date(at.getTime() + offset * 60000).toISOString().slice(0, -1);
    return `${local}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  async function add(kind, body, label) {
    const entry = {
      client_id: newId(),
      kind,
      owner: (await kept("me")) || "",
      device_at: deviceTime(),
      body,
      label,
      state: "waiting",
      words: "",
      field: "",
    };
    entry.order = await write("entries", (store) => store.add(entry));
    await keep("logs", ((await kept("logs")) || 0) + 1);
    changed();
    return entry;
  }

  // What the service answered for an id is final: an entry that is written anew goes under another one.
  async function rewrite(entry, body, label) {
    const anew = { ...entry, client_id: newId(), device_at: deviceTime(), body, label };
    await write("entries", (store) => store.put({ ...anew, state: "waiting", words: "", field: "" }));
    changed();
  }

  async function discard(order) {
    await write("entries", (store) => store.delete(order));
    changed();
  }

  // What was discarded by mistake comes back to its place.
  async function restore(entry) {
    await write("entries", (store) => store.put(entry));
    changed();
  }

  // Sealed to a person from now on, who said that it is theirs.
  async function claim(entry, body, words = "") {
    const owner = await kept("me");
    const state = words ? "attention" : "waiting";
    if (owner) await write("entries", (store) => store.put({ ...entry, owner, body, state, words }));
    changed();
  }

  // Nothing but what the present person wrote, what nobody has claimed (its words apart), and how many are others'.
  async function look() {
    const [entries, me] = [await read("entries", (store) => store.getAll()), await kept("me")];
    const mine = me ? entries.filter((entry) => entry.owner === me) : [];
    const unclaimed = entries.filter((entry) => entry.owner === "");
    const others = entries.length - mine.length - unclaimed.length;
    const lost = me ? (await read("receipts", (store) => store.getAll())).filter((one) => one.lost && one.owner === me) : [];
    return { me, mine, unclaimed, others, lost, sending, lastSent: await kept("last_sent"), unsent: entries.length };
  }

  async function dismiss(clientId) {
    await write("receipts", (store) => store.delete(clientId));
    changed();
  }

  // The lists go; what is not sent stays, sealed. `times` tells what was asked before from what is asked after.
  async function forget() {
    await write("kept", (store) => {
      for (const key of ["me", "state"]) store.delete(key);
      const asked = store.get("times");
      asked.onsuccess = () => store.put((asked.result || 0) + 1, "times");
    });
    changed();
  }

  // An answer that was asked for before somebody logged out comes too late: nothing of it is kept.
  async function keepLists(said, times) {
    let intime = false;
    const { csrf_token: _token, ...state } = said;
    await write("kept", (store) => {
      const asked = store.get("times");
      asked.onsuccess = () => {
        intime = (asked.result || 0) === times;
        if (!intime) return;
        store.put({ ...state, at: Date.now() }, "state");
        store.put(said.owner, "me");
        store.put(said.phone || null, "phone");
      };
    });
    return intime;
  }

  // The kept lists, with `at`: when they came. Older than 7 days they are gone.
  async function lists() {
    const state = await kept("state");
    if (!state) return null;
    const phone = await kept("phone");
    const unused = phone && Date.now() - ((await kept("seen")) || 0) > IDLE;
    if (Date.now() - state.at > KEPT_FOR || unused) {
      await forget();
      return null;
    }
    return state;
  }

  class NoSignal extends Error {}

  // Everything that is not our own JSON is no answer: a captive portal says 200, too.
  async function ask(address, options = {}) {
    let reply;
    try {
      reply = await fetch(address, {
        ...options,
        headers: { Accept: "application/json", ...options.headers },
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout ? AbortSignal.timeout(TIMEOUT) : undefined,
      });
    } catch {
      throw new NoSignal();
    }
    const ours = /^application\/(problem\+)?json/.test(reply.headers.get("Content-Type") || "");
    const said = ours ? await reply.json().catch(() => null) : null;
    return { status: said ? reply.status : 0, said, after: Number(reply.headers.get("Retry-After")) || 0 };
  }

  // "out" where the log-in is over, "in" once the lists and a token are fresh, "" where no answer of ours came.
  async function refresh(background) {
    const times = (await kept("times")) || 0;
    const receipts = (await read("receipts", (store) => store.getAll())).sort((a, b) => b.sent - a.sent);
    const me = await kept("me");
    const asked = receipts.filter((one) => one.owner === me && !one.lost).slice(0, ASKED);
    const query = asked.length ? `?ids=${asked.map((one) => one.client_id).join(",")}` : "";
    const headers = background ? { "X-Background": "1" } : {};
    const { status, said, after } = await ask(`/log/state/${query}`, { headers });
    if (status === 401) {
      await forget();
      const phone = await ask("/log/phone/");
      if (phone.status === 200) await keep("phone", phone.said.phone || null);
      return { login: "out" };
    }
    if (status !== 200 || typeof said.owner !== "string" || typeof said.csrf_token !== "string") return { login: "", after };
    if (said.version !== VERSION) return { login: "", old: true };
    if (!(await keepLists(said, times))) return { login: "" };
    await mend(receipts, asked, said);
    return { login: "in", token: said.csrf_token };
  }

  // A receipt that the service no longer knows was lost with a restored backup; after 7 days receipts go.
  async function mend(receipts, asked, said) {
    const known = said.receipts || {};
    for (const one of receipts) {
      const old = Date.now() - one.sent > KEPT_FOR;
      if (old && !one.lost) await write("receipts", (store) => store.delete(one.client_id));
      else if (said.owner === one.owner && asked.includes(one) && !known[one.client_id])
        await write("receipts", (store) => store.put({ ...one, lost: true }));
    }
  }

  let sending = false;

  // Sends what waits, in the order in which it was written. Gives { login, left, after }: how many still wait, and how
  // many seconds the service asked to wait. Pages and the worker take turns.
  async function sync({ background = false } = {}) {
    const turn = async () => {
      const found = await refresh(background);
      if (found.login !== "in") return { ...found, left: await waiting() };
      const after = await sendAll(found.token);
      return { login: "in", left: await waiting(), after };
    };
    try {
      const work = async () => {
        try {
          return await turn();
        } finally {
          sending = false;
          changed();
        }
      };
      return navigator.locks ? await navigator.locks.request(NAME, work) : await work();
    } catch (error) {
      if (error instanceof NoSignal) return { login: "", left: await waiting(), offline: true };
      throw error;
    }
  }

  async function mineWaiting() {
    const me = await kept("me");
    const entries = await read("entries", (store) => store.getAll());
    return me ? entries.filter((entry) => entry.owner === me && entry.state === "waiting") : [];
  }
  const waiting = async () => (await mineWaiting()).length;

  async function sendAll(token) {
    const entries = await mineWaiting();
    if (!entries.length) return 0;
    sending = true;
    changed();
    for (let from = 0; from < entries.length; from += BATCH) {
      const stop = await sendBatch(token, entries.slice(from, from + BATCH));
      if (stop) return stop.after || 0;
    }
    // What was taken changes the lists: planned shifts become worked ones.
    await refresh(true);
    return 0;
  }

  // True to stop: the rest waits. One entry that breaks a request must not hold up the others.
  async function sendBatch(token, entries) {
    const body = JSON.stringify({
      device_now: deviceTime(),
      entries: entries.map(({ client_id, kind, owner, device_at, body }) => ({ client_id, kind, owner, device_at, body })),
    });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const { status, said, after } = await ask("/log/entries/", { method: "POST", headers, body });
    if (status === 400 || status === 413 || status === 415) {
      if (entries.length === 1) {
        await settle(entries[0], { answer: "refused", words: said.detail || said.title || "" });
        return null;
      }
      for (const entry of entries) {
        const stop = await sendBatch(token, [entry]);
        if (stop) return stop;
      }
      return null;
    }
    if (status !== 200 || !Array.isArray(said.answers)) return { after };
    const answers = new Map(said.answers.map((answer) => [answer.client_id, answer]));
    for (const entry of entries) {
      const answer = answers.get(entry.client_id);
      if (answer) await settle(entry, answer);
    }
    return null;
  }

  async function settle(entry, { answer, words, field, skew_minutes: skew }) {
    if (answer === "accepted" || answer === "already") {
      const { client_id, kind, owner, device_at } = entry;
      await write("receipts", (store) => store.put({ client_id, kind, owner, device_at, sent: Date.now() }));
      await write("entries", (store) => store.delete(entry.order));
      await keep("last_sent", Date.now());
      if (skew) await keep("skew", skew);
    } else if (answer === "refused") {
      await write("entries", (store) => store.put({ ...entry, state: "attention", words: words || "", field: field || "" }));
    }
    changed();
  }

  self.rolloutLog = {
    NAME, DAY, KEPT_FOR, add, rewrite, discard, restore, claim, look, dismiss, forget, lists, kept, keep, sync, ask, changed,
    onChange: (listener) => listeners.add(listener),
  };
})();
