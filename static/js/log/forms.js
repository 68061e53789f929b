// The forms of the log: filled from the kept lists, read into the body of an entry, their errors said at the fields.

(() => {
  const { draw } = self.rolloutLog;
  const { words, clone, fill } = draw;
  const LARGEST = 999;
  const MANY = 8;
  const legends = () => document.getElementById("t-stops").content.firstElementChild.dataset;

  function radios(name, legend, options, chosen) {
    const { copy, slot } = clone("radios", { legend });
    options.forEach(([value, label], place) => {
      const item = document.getElementById("t-radio").content.cloneNode(true);
      const [input, text] = [item.querySelector("input"), item.querySelector("label")];
      input.id = text.htmlFor = place ? `${name}-${place}` : name;
      input.name = name;
      input.value = value;
      input.checked = String(value) === String(chosen);
      text.textContent = label;
      slot("items").append(item);
    });
    return copy;
  }

  const picked = (form, name) => form.querySelector(`input[name="${name}"]:checked`)?.value ?? "";
  const typed = (form, name) => form.querySelector(`[name="${name}"]`)?.value.trim() ?? "";

  // At the field and in the summary, which takes the focus.
  function showErrors(form, errors) {
    form.querySelectorAll(".nhsuk-error-message, .nhsuk-error-summary").forEach((old) => old.remove());
    form.querySelectorAll(".nhsuk-form-group--error").forEach((old) => old.classList.remove("nhsuk-form-group--error"));
    const prefix = `${document.body.dataset.error} `;
    document.title = (errors.length ? prefix : "") + document.title.replace(prefix, "");
    if (!errors.length) return false;
    const { copy, slot } = clone("summary");
    for (const [field, text] of errors) {
      const item = document.createElement("li");
      const control = field && form.querySelector(`#${field}`);
      if (control) {
        const link = document.createElement("a");
        link.href = `#${field}`;
        link.textContent = text;
        item.append(link);
        const group = control.closest(".nhsuk-form-group");
        const message = clone("error", { words: text }).copy;
        message.firstElementChild.id = `${field}-error`;
        group.classList.add("nhsuk-form-group--error");
        (control.closest(".nhsuk-radios") || control).before(message);
        (control.type === "radio" ? control.closest("fieldset") : control).setAttribute("aria-describedby", `${field}-error`);
      } else {
        item.textContent = text;
      }
      slot("errors").append(item);
    }
    const summary = copy.firstElementChild;
    form.prepend(copy);
    summary.focus();
    return true;
  }

  const name = (list, id) => list.find((one) => one.id === id);

  function wardRadios(lists, chosen) {
    const options = lists.wards.map((ward) => [ward.id, lists.wards.length > 1 ? `${ward.name}, ${ward.site}` : ward.name]);
    return radios("ward", legends().ward, options, chosen ?? lists.wards[0]?.id);
  }

  function patternsAt(lists, ward) {
    const codes = lists.programmes.filter((one) => one.site_id === ward?.site_id).map((one) => one.code);
    const here = lists.patterns.filter((one) => codes.includes(one.programme));
    const several = new Set(here.map((one) => one.programme)).size > 1;
    return here.map((one) => [one.id, `${one.name}, ${draw.range(one.starts, one.ends)}${several ? ` (${one.programme})` : ""}`]);
  }

  // Those on the rota of the ward that day come first; each person once.
  function championsAt(lists, ward, on) {
    const rota = new Set(
      (lists.shifts || []).filter((one) => one.ward === ward?.id && one.starts_at.startsWith(on)).map((one) => one.champion),
    );
    const once = [...new Map((lists.champions || []).map((one) => [one.id, one])).values()];
    once.sort((a, b) => rota.has(b.id) - rota.has(a.id));
    return once.map((one) => [one.id, rota.has(one.id) ? fill(words.onRota, { name: one.name }) : one.name]);
  }

  // `lists` without champions are those of a ward's phone while nobody is logged in.
  function shiftForm(form, lists, body = {}, number = false) {
    const { copy, slot } = clone("form-shift");
    const signedOut = !lists.champions;
    const ward = () => name(lists.wards, Number(picked(form, "ward")));
    const on = () => typed(form, "on") || picked(form, "day");
    const zone = (name(lists.wards, body.ward) || lists.wards[0])?.zone;
    const days = [[draw.today(zone), words.today], [draw.today(zone, -1), words.yesterday]];
    slot("ward").append(wardRadios(lists, body.ward));
    slot("day").append(radios("day", legends().day, days, body.on ?? days[0][0]));
    slot("who").hidden = !signedOut;
    if (number) slot("number").append(clone("number").copy);
    form.replaceChildren(copy);
    if (body.on && !days.some(([day]) => day === body.on)) form.querySelector("#on").value = body.on;
    for (const field of ["helped", "notes", "who", "not_a_patient"]) {
      const control = form.querySelector(`[name="${field}"]`);
      if (control) control.value = body[field] ?? "";
    }
    const find = form.querySelector("#find");
    function again() {
      const [pattern, champion] = [picked(form, "pattern") || body.pattern, picked(form, "champion") || body.champion];
      slot("pattern").replaceChildren(radios("pattern", legends().pattern, patternsAt(lists, ward()), pattern));
      if (signedOut) return;
      const all = championsAt(lists, ward(), on());
      const self = lists.champions.find((one) => one.self)?.id;
      slot("find").hidden = all.length <= MANY;
      const sought = find.value.trim().toLowerCase();
      const shown = all.filter(([id, label]) => label.toLowerCase().includes(sought) || String(id) === String(champion));
      slot("champion").replaceChildren(radios("champion", legends().champion, shown, champion ?? self));
    }
    again();
    form.addEventListener("change", (event) => ["ward", "day", "on"].includes(event.target.name) && again());
    find.addEventListener("input", again);

    return () => {
      const helped = typed(form, "helped");
      const errors = [
        ["ward", picked(form, "ward")],
        ["on", on()],
        ["pattern", picked(form, "pattern")],
        ["champion", signedOut || picked(form, "champion")],
        ["helped", !helped || (/^\d{1,3}$/.test(helped) && Number(helped) <= LARGEST)],
      ].flatMap(([field, good]) => (good ? [] : [[field, words.missing[field]]]));
      if (showErrors(form, errors)) return null;
      const pattern = name(lists.patterns, Number(picked(form, "pattern")));
      const said = {
        ward: ward().id,
        on: on(),
        pattern: pattern.id,
        champion: signedOut ? null : Number(picked(form, "champion")),
        helped: helped ? Number(helped) : null,
        notes: typed(form, "notes"),
        ...(signedOut && { who: typed(form, "who") }),
        ...(number && { not_a_patient: typed(form, "not_a_patient") }),
      };
      const who = signedOut ? said.who : name(lists.champions, said.champion).name;
      return [said, [ward().name, `${pattern.name}, ${draw.dated(said.on)}`, who].filter(Boolean).join(" – ")];
    };
  }

  function issueForm(form, lists, body = {}, number = false) {
    const { copy, slot } = clone("form-issue");
    const { yes, no, legend } = legends();
    slot("ward").append(wardRadios(lists, body.ward));
    slot("stops_work").append(radios("stops_work", legend, [["yes", yes], ["no", no]], { true: "yes", false: "no" }[body.stops_work]));
    if (number) slot("number").append(clone("number").copy);
    form.replaceChildren(copy);
    form.querySelector("#words").value = body.words ?? "";
    return () => {
      const errors = [
        ["ward", picked(form, "ward")],
        ["words", typed(form, "words")],
        ["stops_work", picked(form, "stops_work")],
      ].flatMap(([field, good]) => (good ? [] : [[field, words.missing[field]]]));
      if (showErrors(form, errors)) return null;
      const ward = name(lists.wards, Number(picked(form, "ward")));
      const said = { ward: ward.id, words: typed(form, "words"), stops_work: picked(form, "stops_work") === "yes" };
      if (number) said.not_a_patient = typed(form, "not_a_patient");
      return [said, ward.name];
    };
  }

  function attendanceForm(form, session, body) {
    const { copy, slot } = clone("form-attendance");
    const states = ["attended", "did_not_attend", "booked"];
    const before = new Map((body?.people || []).map((one) => [one.staff, one]));
    copy.querySelector("#walk-in").value = (body?.people || []).flatMap((one) => one.number || []).join(" ");
    for (const person of session.people) {
      const state = before.get(person.id)?.state ?? (states.includes(person.state) ? person.state : "booked");
      const shown = states.map((one) => [one, words[one]]);
      slot("people").append(radios(`state-${person.id}`, person.name, shown, state));
      if (session.assessed) {
        const passed = before.get(person.id)?.passed ?? person.passed;
        const answers = [["yes", legends().yes], ["no", legends().no]];
        const legend = `${person.name}: ${words.passed}`;
        slot("people").append(radios(`passed-${person.id}`, legend, answers, { true: "yes", false: "no" }[passed]));
      }
    }
    // Whoever waits for a place has none: they are marked one by one.
    const waiting = session.people.filter((one) => one.state === "waiting").map((one) => `state-${one.id}`);
    slot("everyone").addEventListener("click", () => {
      for (const input of form.querySelectorAll('input[value="attended"]')) {
        if (!waiting.includes(input.name)) input.checked = true;
      }
    });
    form.replaceChildren(copy);
    return () => {
      const people = session.people.map((person) => ({
        staff: person.id,
        state: picked(form, `state-${person.id}`),
        passed: { yes: true, no: false }[picked(form, `passed-${person.id}`)] ?? null,
        was: before.get(person.id)?.was ?? person.state,
      }));
      const numbers = new Set(typed(form, "walk-in").split(/[\s,;]+/).filter(Boolean));
      for (const number of numbers) people.push({ number, state: "attended" });
      return [{ session: session.id, people }, `${session.course}, ${draw.range(session.starts_at, session.ends_at)}`];
    };
  }

  self.rolloutLog.forms = { shiftForm, issueForm, attendanceForm, showErrors, name };
})();
