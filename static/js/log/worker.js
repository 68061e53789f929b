// The service worker of the log. It keeps the shell, which holds nothing of anybody, and what the shell is made of; no
// other page goes through it. The first line, with `self.LOG`, is added by the view, so that a new version of anything
// is a new worker.

importScripts(self.LOG.outbox);

const PREFIX = "rollout-log-";
const CACHE = PREFIX + self.LOG.version;

// A captive portal answers everything with a page of its own; none of that may be kept.
async function fetchOurs(address) {
  const reply = await fetch(new Request(address, { cache: "reload", redirect: "error" }));
  const page = (reply.headers.get("Content-Type") || "").startsWith("text/html");
  const ours = page ? reply.headers.get("X-Log-Version") === self.LOG.version : address !== self.LOG.shell;
  if (!reply.ok || !ours) throw new Error(`not ours: ${address}`);
  return reply;
}

self.addEventListener("install", (event) => {
  const fill = async () => {
    const wanted = [self.LOG.shell, ...self.LOG.assets];
    const replies = await Promise.all(wanted.map(fetchOurs));
    const cache = await caches.open(CACHE);
    await Promise.all(wanted.map((address, place) => cache.put(address, replies[place])));
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

async function fromCache(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    // `?plain` asks for the server's own page, where the shell cannot do what is wanted.
    if (self.LOG.pages.includes(pathname) && !searchParams.has("plain")) event.respondWith(fromCache(self.LOG.shell, request));
    // What needs a signal says so, instead of the browser's own page.
    else if (pathname.startsWith("/log/")) event.respondWith(fetch(request).catch(() => fromCache(self.LOG.shell, request)));
  } else if (self.LOG.assets.includes(pathname)) {
    event.respondWith(fromCache(pathname, request));
  }
});

self.addEventListener("sync", (event) => {
  const send = async () => {
    const { login, left } = await self.rolloutLog.sync({ background: true });
    // The browser tries again by itself; who is logged out has to come back first.
    if (left && login !== "out") throw new Error("not sent yet");
  };
  event.waitUntil(send());
});
