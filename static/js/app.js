// Sets up every page. Without scripts each page works as it stands; what is here only shortens the way.

import { initAll } from "nhsuk-frontend";
import { watchLeaving } from "rollout/leave";
import { watchParts } from "rollout/parts";
import { watchSearch } from "rollout/search";
import { watchSession } from "rollout/session";

document.body.classList.add("nhsuk-frontend-supported");
initAll(document);
watchLeaving();
watchParts(initAll);
watchSearch();
watchSession();

if (window.matchMedia("(min-width: 61.875em)").matches) {
  for (const filters of document.querySelectorAll("details[data-open-when-wide]")) filters.open = true;
}

// The browser prints by itself too; the button only says so, and is there where it works.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
const showPrint = (part) => part.querySelectorAll("[data-print]").forEach((button) => (button.hidden = false));
showPrint(document);
document.body.addEventListener("htmx:load", (event) => showPrint(event.detail.elt));

// A page that the browser kept in memory may belong to somebody who has logged out: ask the server again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

// A form that was kept over a log-in of the same person is sent without another press.
const waiting = document.querySelector("form[data-send-at-once]");
if (waiting) waiting.requestSubmit();
