// On pages of the log that came from the server: from the next one on the phone has the log itself.

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/log/sw.js", { scope: "/log/" }).catch(() => {});
