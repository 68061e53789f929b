// Warns two minutes before the log-in ends; any key, touch or press then keeps it. Nothing typed is thrown away.

const REFRESH_SHARE = 1 / 3;

export function watchSession() {
  const bar = document.getElementById("session");
  if (!bar) return;
  const text = bar.querySelector("[data-text]");
  const stay = bar.querySelector("[data-stay]");
  const logIn = bar.querySelector("[data-log-in]");
  const warnFor = Number(bar.dataset.warnSeconds) * 1000;
  const user = bar.dataset.user;

  let endsAt;
  let told;
  let fixed = false;
  let timer;
  let asking = false;

  function learn(seconds) {
    told = Date.now();
    endsAt = told + seconds * 1000;
  }

  // `present` says that a person is there; a page that only looks must not keep the log-in alive.
  async function ask(present) {
    if (asking) return;
    asking = true;
    try {
      const headers = present ? { "X-CSRFToken": bar.dataset.token } : { "X-Background": "1" };
      const reply = await fetch(bar.dataset.url, { method: present ? "POST" : "GET", headers });
      const answer = await reply.json();
      if (String(answer.user) !== user && answer.user !== null) {
        // Somebody else logged in here: this page is not theirs to see.
        window.location.reload();
        return;
      }
      fixed = answer.fixed;
      learn(answer.seconds_left);
      if (answer.token) renewTokens(answer.token);
    } catch {
      // No connection: the clock we have goes on.
    } finally {
      asking = false;
    }
  }

  function renewTokens(token) {
    bar.dataset.token = token;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  }

  function show(words) {
    text.textContent = words.replace("{time}", clock(new Date(endsAt)));
    bar.hidden = false;
    document.documentElement.classList.add("app-session-open");
  }

  function hide() {
    bar.hidden = true;
    document.documentElement.classList.remove("app-session-open");
  }

  // As everywhere in the service: 2:30pm.
  function clock(at) {
    const half = at.getHours() < 12 ? bar.dataset.am : bar.dataset.pm;
    return `${at.getHours() % 12 || 12}:${String(at.getMinutes()).padStart(2, "0")}${half}`;
  }

  const ended = () => Date.now() >= endsAt;
  const warning = () => !ended() && Date.now() >= endsAt - warnFor;

  function conceal(yes) {
    for (const part of document.querySelectorAll("main, .app-programme")) part.toggleAttribute("hidden", yes);
    stay.hidden = yes || fixed;
    logIn.hidden = !yes;
  }

  async function check() {
    clearTimeout(timer);
    if (warning() || ended()) await ask(false);
    if (ended()) {
      if (!somethingTyped()) {
        window.location.replace(bar.dataset.expired);
        return;
      }
      conceal(true);
      show(bar.dataset.ended);
    } else if (warning()) {
      conceal(false);
      show(fixed ? bar.dataset.end : bar.dataset.idle);
    } else {
      conceal(false);
      hide();
    }
    const wait = ended() ? 30000 : warning() ? endsAt - Date.now() : endsAt - warnFor - Date.now();
    timer = setTimeout(check, Math.max(wait, 500));
  }

  async function present() {
    if (ended()) return;
    const quiet = Date.now() - told;
    if (warning() ? !fixed : quiet > (endsAt - told) * REFRESH_SHARE) {
      await ask(true);
      await check();
    }
  }

  learn(Number(bar.dataset.secondsLeft));
  for (const sign of ["keydown", "pointerdown", "input"]) document.addEventListener(sign, present, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") check();
  });
  window.addEventListener("focus", () => ended() && check());
  check();
}

// True where a field no longer holds what the server sent.
function somethingTyped() {
  return [...document.querySelectorAll("main input, main textarea, main select")].some((field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field instanceof HTMLSelectElement) return [...field.options].some((o) => o.selected !== o.defaultSelected);
    return field.type !== "hidden" && field.value !== field.defaultValue;
  });
}
