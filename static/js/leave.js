// The log keeps lists on this phone: whoever logs out takes them away, and is told first of what is not sent yet.
// What is not sent stays, sealed to who wrote it. The store itself is described in js/log/outbox.js.

const NAME = "rollout-log";

// The store, null where this browser has none; asking for it must not make one.
function open() {
  return new Promise((resolve) => {
    const request = indexedDB.open(NAME);
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
}

async function within(store, mode, work) {
  const database = await open();
  if (!database) return undefined;
  return new Promise((resolve) => {
    const transaction = database.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = transaction.onabort = () => {
      database.close();
      resolve(request && request.result);
    };
  });
}

const forget = () =>
  within("kept", "readwrite", (kept) => {
    for (const key of ["me", "state", "leaving"]) kept.delete(key);
    const asked = kept.get("times");
    asked.onsuccess = () => kept.put((asked.result || 0) + 1, "times");
  });

async function unsent() {
  const me = await within("kept", "readonly", (kept) => kept.get("me"));
  const entries = me && (await within("entries", "readonly", (all) => all.getAll()));
  return (entries || []).filter((entry) => entry.owner === me).length;
}

export function watchLeaving() {
  if (!("indexedDB" in window)) return;
  // A page that asks to log in, or says that somebody has logged out, is nobody's.
  if (document.querySelector("form[data-log-in]")) forget();
  const form = document.querySelector("form[data-log-out]");
  if (!form) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const waiting = await unsent();
    if (waiting && !window.confirm(form.dataset.unsent.replace("{n}", waiting))) return;
    await forget();
    form.submit();
  });
}
