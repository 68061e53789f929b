// The pages of the log on the phone, drawn from the kept lists; and when to send what waits.

(() => {
  const log = self.rolloutLog;
  const { draw, forms } = log;
  const { words, clone, fill, count } = draw;
  const WAITS = [5, 10, 20, 40, 80, 160, 300];
  const STALE = 12 * 3600 * 1000;
  const SECOND = 2;
  const path = location.pathname;
  const query = new URLSearchParams(location.search);
  const line = document.getElementById("log-line");
  const notes = document.getElementById("log-notes");

  let failures = 0;
  let timer;
  let login = "";
  let answered = false;
  let offline = false;
  let typing = false;
  let saved = false;
  let invite;

  // Sending ------------------------------------------------------------------------------------------------------

  async function send({ background = true } = {}) {
    clearTimeout(timer);
    const before = await log.look();
    const found = await log.sync({ background });
    login = found.login;
    answered = true;
    offline = Boolean(found.offline);
    if (found.old) await refreshApp();
    failures = found.left && login !== "out" ? failures + 1 : 0;
    if (failures) {
      const seconds = Math.max(WAITS[Math.min(failures, WAITS.length) - 1], Math.min(found.after || 0, WAITS.at(-1)));
      timer = setTimeout(send, seconds * 1000);
    }
    const after = await log.look();
    await showLine();
    // That an entry is saved stays said. A form that somebody writes on stays as it is, even where the log-in ended:
    // then it is saved for whoever logs in.
    const shown = draw.page().dataset.drawn && path !== "/log/" && path !== "/log/outbox/";
    if (typing || saved) await showNotes(await log.lists());
    else if (!shown || before.me !== after.me) await show();
  }

  async function refreshApp() {
    const registration = await navigator.serviceWorker?.getRegistration("/log/");
    await registration?.update().catch(() => {});
  }

  async function sendLater() {
    const registration = await navigator.serviceWorker?.getRegistration("/log/");
    if (registration && "sync" in registration) await registration.sync.register("log").catch(() => {});
  }

  const canSyncAlone = () => "SyncManager" in self;

  // Keeping ------------------------------------------------------------------------------------------------------

  // Gives the entry, or says aloud why the phone could not keep it; what was typed stays.
  async function keepEntry(work, form) {
    try {
      const entry = await work();
      navigator.storage?.persist?.().catch(() => {});
      await sendLater();
      return { entry };
    } catch {
      if (form) forms.showErrors(form, [["", words.notKept]]);
      else note(words.notKept);
      return null;
    }
  }

  function note(text) {
    const { copy } = clone("note", { words: text });
    copy.querySelector("div").setAttribute("role", "alert");
    notes.append(copy);
  }

  async function mark(shift, kind, label) {
    const found = await log.look();
    const waiting = found.mine.find((entry) => entry.body.shift === shift && entry.state === "waiting");
    const work = waiting && kind === "undo" ? () => log.discard(waiting.order) : () => log.add(kind, { shift }, label);
    if (!(await keepEntry(work))) return;
    const said = { worked: words.nowWorked, missed: words.nowMissed, undo: words.nowUndone }[kind];
    draw.status(fill(words.marked, { name: label, state: said }));
    await show();
    document.querySelector(`[data-shift="${shift}"] button`)?.focus();
    send({ background: false });
  }

  // What stands around each page ---------------------------------------------------------------------------------

  async function showLine() {
    const found = await log.look();
    const waiting = found.mine.filter((entry) => entry.state === "waiting").length;
    const attention = found.mine.length - waiting + found.lost.length;
    const said = [];
    if (attention) said.push(count(words.attention, attention));
    if (found.sending) said.push(words.sending);
    else if (waiting) said.push(count(words.waiting, waiting));
    if (found.unclaimed.length) said.push(count(words.unclaimed, found.unclaimed.length));
    if (!said.length) said.push(found.lastSent ? fill(words.upToDateSent, { time: draw.time(found.lastSent) }) : words.upToDate);
    const unsent = waiting || found.unclaimed.length;
    if (unsent && !found.me) said.push(words.logIn);
    else if (waiting && !found.sending && !canSyncAlone()) said.push(words.reopen);
    line.querySelector("[data-line]").textContent = said.join(" · ");
    line.querySelector("[data-send]").hidden = !waiting || found.sending;
  }

  async function showNotes(lists) {
    const found = await log.look();
    const said = [];
    if (lists && Date.now() - lists.at > STALE) said.push(fill(words.age, { day: draw.day(lists.at), time: draw.time(lists.at) }));
    if (found.others) said.push(count(words.others, found.others));
    const old = found.mine.filter((entry) => Date.now() - Date.parse(entry.device_at) > log.KEPT_FOR).length;
    if (old) said.push(count(words.old, old));
    const skew = await log.kept("skew");
    if (skew) said.push(fill(words.skew, { n: Math.abs(skew) }));
    notes.replaceChildren(...said.map((text) => clone("note", { words: text }).copy));
    if (!found.me && answered && !offline) notes.append(clone("log-in").copy);
    await showInvitation();
    const account = document.getElementById("log-account");
    account.hidden = !found.me;
    if (lists?.person) account.querySelector("[data-person]").textContent = lists.person;
  }

  // Once, after the second entry, where it is not on the home screen yet.
  async function showInvitation() {
    const standing = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
    const iphone = "standalone" in navigator;
    if (path !== "/log/" || standing || !(invite || iphone) || ((await log.kept("logs")) || 0) < SECOND) return;
    const shown = await log.kept("invited");
    if (shown && Date.now() - shown > log.DAY) return;
    if (!shown) await log.keep("invited", Date.now());
    const { copy, slot } = clone("install");
    slot("iphone").hidden = !iphone;
    slot("install").hidden = !invite;
    slot("install").addEventListener("click", () => invite.prompt());
    notes.append(copy);
  }

  // The lists of the person, or of the ward's phone while nobody is logged in.
  async function listsToWriteWith() {
    const lists = await log.lists();
    if (lists && (await log.kept("me"))) return lists;
    return (await log.kept("phone")) || null;
  }

  // The pages ----------------------------------------------------------------------------------------------------

  async function home(place, lists) {
    const { copy, slot } = clone("home");
    const { mine } = await log.look();
    const zones = new Map(lists.wards.map((ward) => [ward.id, ward]));
    const todays = (lists.shifts || []).filter((shift) => {
      const today = draw.today(zones.get(shift.ward)?.zone);
      return shift.starts_at.startsWith(today) || (Date.parse(shift.starts_at) < Date.now() && Date.parse(shift.ends_at) > Date.now() - log.DAY / 2);
    });
    for (const shift of todays) slot("shifts").append(plannedShift(shift, lists, zones, mine));
    slot("empty").textContent = todays.length ? "" : lists.shifts ? words.noShifts : words.loggedOut;
    slot("attendance").hidden = slot("access").hidden = !lists.champions;
    for (const programme of lists.programmes.filter((one) => one.support_number)) {
      const call = clone("call");
      call.slot("number").href = `tel:${programme.support_number.replace(/[^\d+]/g, "")}`;
      call.slot("number").textContent += ` ${programme.support_number}`;
      slot("call").append(call.copy);
      break;
    }
    place.replaceChildren(copy);
  }

  function plannedShift(shift, lists, zones, mine) {
    const champion = forms.name(lists.champions, shift.champion);
    const who = champion ? (champion.self ? words.you : champion.name) : "";
    const ward = zones.get(shift.ward);
    // A night that began the evening before would read like the one to come.
    const before = shift.starts_at.startsWith(draw.today(ward?.zone)) ? "" : words.yesterday;
    const when = [before, draw.range(shift.starts_at, shift.ends_at), ward?.name].filter(Boolean).join(", ");
    const { copy, slot } = clone("shift", { name: who || ward?.name || "", when });
    copy.querySelector("li").dataset.shift = shift.id;
    const last = mine.filter((entry) => entry.body.shift === shift.id && entry.state === "waiting").at(-1);
    const state = last ? (last.kind === "undo" ? "planned" : last.kind) : shift.state;
    const label = [who, when].filter(Boolean).join(" – ");
    if (state === "worked" || state === "missed") {
      const marked = clone("marked", { state: words.kinds[state], who: ` ${label}` });
      marked.slot("undo").addEventListener("click", () => mark(shift.id, "undo", label));
      slot("acts").append(marked.copy);
    } else {
      const marks = clone("marks", { who: ` ${label}`, whom: ` ${label}` });
      for (const kind of ["worked", "missed"]) marks.slot(kind).addEventListener("click", () => mark(shift.id, kind, label));
      slot("acts").append(marks.copy);
    }
    return copy;
  }

  function newForm() {
    const form = document.createElement("form");
    form.className = "app-log__form";
    return form;
  }

  async function entryToMend(kind) {
    const order = Number(query.get("entry"));
    const { mine } = await log.look();
    return order ? mine.find((entry) => entry.order === order && entry.kind === kind) : undefined;
  }

  // A form of one kind of entry; `read()` gives [body, label], or null where something is missing.
  function writeOn(place, kind, form, read, entry) {
    form.noValidate = true;
    form.addEventListener("input", () => (typing = true));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = read();
      if (!said || form.dataset.busy) return;
      form.dataset.busy = "yes";
      // Whoever it was may have been idle for too long meanwhile: then it belongs to nobody yet.
      await log.lists();
      const work = () => (entry ? log.rewrite(entry, ...said) : log.add(kind, ...said));
      const kept = await keepEntry(work, form);
      delete form.dataset.busy;
      if (!kept) return;
      const { copy, slot } = clone("done", { words: words.saved });
      slot("another").href = path;
      const box = copy.querySelector("div");
      place.replaceChildren(copy);
      typing = false;
      saved = true;
      box.focus();
      const order = entry?.order ?? kept.entry.order;
      log.onChange(async () => {
        const found = await log.look();
        const one = [...found.mine, ...found.unclaimed].find((each) => each.order === order);
        if (!one) slot("words").textContent = fill(words.sentAt, { time: draw.time(found.lastSent) });
        else if (one.state === "attention") slot("words").textContent = `${words.states.attention}: ${one.words}`;
      });
      await send({ background: false });
    });
    place.replaceChildren(form);
    if (entry?.words) forms.showErrors(form, [[entry.field, entry.words]]);
  }

  async function shift(place, lists) {
    const entry = await entryToMend("shift");
    const form = newForm();
    const asked = entry?.field === "notes";
    place.replaceChildren(form);
    writeOn(place, "shift", form, forms.shiftForm(form, lists, entry?.body ?? { ward: wardAsked(lists)?.id }, asked), entry);
  }

  async function issue(place, lists) {
    const entry = await entryToMend("issue");
    const form = newForm();
    place.replaceChildren(form);
    writeOn(place, "issue", form, forms.issueForm(form, lists, entry?.body ?? { ward: wardAsked(lists)?.id }, entry?.field === "words"), entry);
  }

  async function attendance(place, lists) {
    const entry = await entryToMend("attendance");
    const wanted = entry?.body.session ?? Number(query.get("session"));
    const sessions = lists.sessions || [];
    const session = forms.name(sessions, wanted);
    if (session) {
      const form = newForm();
      place.replaceChildren(form);
      writeOn(place, "attendance", form, forms.attendanceForm(form, session, entry?.body), entry);
      return;
    }
    const list = document.createElement("ul");
    list.className = "nhsuk-list";
    for (const one of sessions) {
      const { copy, slot } = clone("sheet", { link: `${one.course}, ${draw.range(one.starts_at, one.ends_at)}` });
      slot("link").href = `/log/attendance/?session=${one.id}`;
      list.append(copy);
    }
    place.replaceChildren(sessions.length ? list : clone("note", { words: words.noSessions }).copy);
  }

  async function outbox(place) {
    const found = await log.look();
    const { copy, slot } = clone("outbox");
    const written = (entry) => {
      const at = entry.device_at;
      return { day: draw.day(at), time: draw.time(at), kind: words.kinds[entry.kind] };
    };
    for (const entry of found.mine) slot("entries").append(waitingEntry(entry, written(entry), found.sending));
    for (const one of found.lost) {
      const lost = clone("lost", { words: fill(words.lost, written(one)) });
      lost.slot("dismiss").addEventListener("click", () => log.dismiss(one.client_id).then(show));
      slot("entries").append(lost.copy);
    }
    slot("empty").hidden = found.mine.length + found.lost.length > 0;
    slot("unclaimed").hidden = !(found.me && found.unclaimed.length);
    for (const entry of found.me ? found.unclaimed : []) {
      const texts = { kind: words.kinds[entry.kind], label: entry.label, when: fill(words.writtenAt, written(entry)) };
      const theirs = clone("theirs", texts);
      theirs.slot("mine").addEventListener("click", () => claim(entry));
      theirs.slot("discard").addEventListener("click", (event) => discard(entry, event));
      slot("theirs").append(theirs.copy);
    }
    place.replaceChildren(copy);
  }

  function waitingEntry(entry, at, sending) {
    const state = words.states[sending && entry.state === "waiting" ? "sending" : entry.state];
    const texts = { kind: at.kind, state, label: entry.label, when: fill(words.writtenAt, at), words: entry.words };
    const { copy, slot } = clone("entry", texts);
    const pages = { shift: "/log/shift/", issue: "/log/issue/", attendance: "/log/attendance/" };
    if (pages[entry.kind]) slot("edit").href = `${pages[entry.kind]}?entry=${entry.order}`;
    else slot("edit").remove();
    slot("discard").addEventListener("click", (event) => discard(entry, event));
    return copy;
  }

  // In its place stays the way back, until the page is drawn anew.
  async function discard(entry, event) {
    const item = event.target.closest("li");
    const { copy, slot } = clone("gone", { label: entry.label });
    slot("undo").addEventListener("click", () => log.restore(entry).then(show));
    const undo = slot("undo");
    await log.discard(entry.order);
    item.replaceWith(copy);
    undo.focus();
  }

  // From now on it is that person's. A shift whose champion is not plain waits until they have said who it was.
  async function claim(entry) {
    const lists = await log.lists();
    const { who, ...body } = entry.body;
    let open = "";
    if (entry.kind === "shift" && !body.champion) {
      body.champion = who ? null : (lists?.champions.find((one) => one.self)?.id ?? null);
      if (!body.champion) open = who ? fill(words.whoElse, { who }) : words.missing.champion;
    }
    await log.claim(entry, body, open);
    await show();
    if (!open) await send({ background: false });
  }

  const PAGES = {
    "/log/": home,
    "/log/shift/": shift,
    "/log/issue/": issue,
    "/log/attendance/": attendance,
    "/log/outbox/": outbox,
  };
  // The ward that the address names, by its QR code perhaps, where it is one of the kept ones.
  const wardAsked = (lists) => forms.name(lists.wards, Number(query.get("ward")));

  // Who stands on no ward, or asks for another one that they may log for, has the server's own page.
  function elsewhere(lists) {
    if (query.has("plain") || path === "/log/outbox/") return false;
    if (query.has("ward")) return !wardAsked(lists);
    return !lists.wards.length && !(path === "/log/attendance/" && lists.sessions.length);
  }

  async function show() {
    const place = draw.page();
    // Whoever has just marked a shift stays at it, however often the page is drawn meanwhile.
    const shift = document.activeElement?.closest("[data-shift]")?.dataset.shift;
    const lists = await listsToWriteWith();
    await showNotes(await log.lists());
    const draws = PAGES[path];
    if (!draws) place.replaceChildren(clone("note", { words: words.needsSignal }).copy);
    else if (!lists && path !== "/log/outbox/") {
      // It may be about to get them: until the service has answered there is nothing to say.
      if (!answered) return;
      place.replaceChildren(clone("note", { words: login === "out" ? words.loggedOut : words.noLists }).copy);
      return;
    } else if (login === "in" && lists && elsewhere(lists)) {
      query.set("plain", "1");
      location.replace(`${path}?${query}`);
      return;
    } else await draws(place, lists);
    place.dataset.drawn = "yes";
    if (shift) place.querySelector(`[data-shift="${shift}"] button`)?.focus();
  }

  // Log out: what is not sent is said first, then the lists go; without signal the log-in is ended when there is some.
  async function leave() {
    const { mine, me } = await log.look();
    if (mine.length && !window.confirm(count(words.leave, mine.length))) return;
    if (me) await log.keep("leaving", true);
    await log.forget();
    await sayGoodbye();
    location.replace(offline ? "/log/" : "/log-in/?logged-out=1");
  }

  async function sayGoodbye() {
    if (!(await log.kept("leaving"))) return;
    try {
      const { status, said } = await log.ask("/account/session/");
      if (!status) throw new Error("no answer of ours");
      if (said.token) {
        const headers = { "X-CSRFToken": said.token };
        await fetch("/log-out/", { method: "POST", headers, credentials: "same-origin", redirect: "manual" });
      }
      await log.keep("leaving", false);
    } catch {
      offline = true;
    }
  }

  async function start() {
    const title = words.titles[path.split("/")[2]];
    if (title) {
      document.getElementById("log-heading").textContent = title;
      document.title = `${title} – ${document.title}`;
      document.getElementById("log-back").hidden = false;
    }
    if ("serviceWorker" in navigator) navigator.serviceWorker.register("/log/sw.js", { scope: "/log/" }).catch(() => {});
    await sayGoodbye();
    // A log-out that waits for signal: nothing is asked before it.
    answered = Boolean(await log.kept("leaving"));
    await log.lists();
    await showLine();
    await show();
    await log.keep("seen", Date.now());
    if (!answered) await send({ background: false });
  }

  log.onChange(showLine);
  line.querySelector("[data-send]").addEventListener("click", () => send({ background: false }));
  document.querySelector("[data-leave]").addEventListener("click", leave);
  window.addEventListener("online", () => send());
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible") return;
    await log.lists();
    await send();
  });
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    invite = event;
  });
  for (const sign of ["pointerdown", "keydown"]) {
    document.addEventListener(sign, () => log.lists().then(() => log.keep("seen", Date.now())).catch(() => {}), { passive: true });
  }
  start().catch(() => note(words.notKept));
})();
