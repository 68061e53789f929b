// What surrounds htmx: busy parts, focus after a swap, failures in words, and a log-in that ended meanwhile.

const problem = () => document.getElementById("problem");

function say(text) {
  const place = problem();
  const words = document.createElement("p");
  words.textContent = text;
  place.replaceChildren(words);
  place.focus();
}

// A form sent by htmx after the log-in ended goes again as a whole page: the server then keeps what was typed.
function sendAsPage(form, button) {
  if (button && button.name) {
    const choice = document.createElement("input");
    choice.type = "hidden";
    choice.name = button.name;
    choice.value = button.value;
    form.append(choice);
  }
  form.submit();
}

export function watchParts(initAll) {
  const body = document.body;

  body.addEventListener("htmx:beforeRequest", (event) => {
    // A part that asks by itself waits while nobody looks at the page.
    if (document.hidden && event.detail.elt.matches("[data-live]")) {
      event.preventDefault();
      return;
    }
    event.detail.requestConfig.target.setAttribute("aria-busy", "true");
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    // Not detail.target: the answer may have sent its content elsewhere.
    event.detail.requestConfig.target.removeAttribute("aria-busy");
  });

  body.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, elt, requestConfig } = event.detail;
    const form = elt.closest("form");
    if (xhr.status === 401 && form && form.method === "post") {
      event.preventDefault();
      sendAsPage(form, requestConfig.triggeringEvent && requestConfig.triggeringEvent.submitter);
    }
  });

  // Set up the design system's scripts in what came in, once; then put the focus where the part asks for it.
  body.addEventListener("htmx:load", (event) => {
    const part = event.detail.elt;
    if (part === body) return;
    initAll(part);
    const wanted = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
    if (wanted) wanted.focus();
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    const { target, xhr } = event.detail;
    if (target === problem()) target.focus();
    const mistaken = document.title.startsWith(body.dataset.error);
    if (xhr.status === 422 && !mistaken) document.title = `${body.dataset.error} ${document.title}`;
    // What was wrong is saved by now.
    if (mistaken && xhr.status === 200 && event.detail.requestConfig.verb === "post") {
      document.title = document.title.slice(body.dataset.error.length + 1);
    }
  });

  // Esc in a row's form does what its Cancel does.
  body.addEventListener("keydown", (event) => {
    const form = event.key === "Escape" && event.target.closest("form[data-cancel]");
    if (form) form.querySelector("[data-cancels]").click();
  });

  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(failure, () => say(body.dataset.failed));
  }
}
