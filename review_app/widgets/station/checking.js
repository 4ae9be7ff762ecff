// @ts-check
// Edit checks at the field, dates as this site writes them, and which doubts nobody has looked at yet.
const ISO = /^(\d{4})-(\d\d)-(\d\d)$/;

/** A day as this site writes it; anything else as it is. @param {Station} s @param {string} value */
function written(s, value) {
  const day = ISO.exec(value);
  if (!day) return value;
  return s.catalog.dayFirst ? `${day[3]}/${day[2]}/${day[1]}` : `${day[2]}/${day[3]}/${day[1]}`;
}

/** @param {Station} s @param {string} name */
const isDate = (s, name) => s.catalog.dates.includes(name);

/** What stands in the box of a field. @param {Station} s @param {string} name */
function fieldText(s, name) {
  const value = work(s).values[name] ?? onDesk(s).fields[name]?.value ?? "";
  return isDate(s, name) ? written(s, value) : value;
}

/** The value of a field as it would be kept; what is being typed and is not checked yet, as it is typed. @param {Station} s @param {string} name */
const fieldValue = (s, name) => work(s).plain[name] ?? work(s).values[name] ?? onDesk(s).fields[name]?.value ?? "";

// Asked of the server, so that what is typed and what is kept are held to one rule.
/** @param {Station} s @param {string} name @returns {Promise<boolean>} whether it may be kept */
async function checkField(s, name) {
  const doc = onDesk(s),
    w = work(s),
    value = w.values[name];
  if (value === undefined) return true;
  /** @type {Checked | Refusal} */
  let said;
  try {
    said = await request(s, "check", { name, value });
  } catch {
    return true; // no connection: it is checked again when it is kept
  }
  if (s.doc !== doc || w.values[name] !== value || !("mayStand" in said)) return true;
  if (said.sentence) w.refused[name] = said;
  else {
    delete w.refused[name];
    w.plain[name] = said.value;
  }
  showCheck(s, name);
  drawBanner(s);
  return !said.sentence || said.mayStand;
}

/** @param {Station} s @param {string} name */
function showCheck(s, name) {
  const row = all(s, `.field[data-name="${CSS.escape(name)}"]`)[0];
  if (!row) return;
  const band = bandOf(s, name),
    why = row.querySelector(".why"),
    said = work(s).refused[name]?.sentence ?? "";
  setBand(row, band, bandText(s, name, band));
  if (why && why.textContent !== said) why.textContent = said;
  row.querySelector("input")?.setAttribute("aria-invalid", String(Boolean(said)));
}

// The reason why a value off the mask stands goes with the same step; a value that cannot be is corrected.
/** @param {Station} s @param {Answer} answer @param {() => void} again */
async function settleValue(s, answer, again) {
  const name = answer.field ?? "",
    w = work(s);
  w.refused[name] = { value: "", sentence: answer.sentence, mayStand: answer.needs === "as_printed" };
  w.showsAll = true;
  onlyDoubtful(s);
  showCheck(s, name);
  const input = inputs(s).find((i) => i.name === name);
  if (input) goTo(input);
  if (answer.needs !== "as_printed") return;
  const said = await ask(s, {
    title: answer.sentence,
    ok: "Keep as printed",
    cancel: "Correct it",
    fields: [{ name: "reason", label: "Reason to keep it, although it looks wrong" }],
  });
  if (!said) return;
  w.asPrinted.add(name);
  w.reason = said.reason;
  again();
}

/** Doubts at which the cursor has not stood yet. @param {Station} s @returns {Input[]} */
function unvisited(s) {
  const w = work(s);
  return inputs(s).filter((i) => isDoubtful(i) && !w.seen.has(i.name) && !w.confirmed.has(i.name));
}

/** Pages of a document whose kind is signed or consented to, that nobody has looked at. @param {Station} s */
function unseenPages(s) {
  const w = work(s);
  if (!s.types.get(w.type)?.everyPage) return [];
  return onDesk(s)
    .pages.map((_, i) => i + 1)
    .filter((number) => !w.pagesSeen.has(number));
}

const A_LOOK = 400; // ms; nobody has looked at a doubt that came to the screen just now, wherever the cursor stands

/** Doubts that are on the screen for too short a time to have been looked at. @param {Station} s @returns {Input[]} */
function tooSoon(s) {
  if (performance.now() - s.shownAt >= A_LOOK) return [];
  return inputs(s).filter((i) => isDoubtful(i) && !work(s).confirmed.has(i.name));
}

// Ctrl Enter walks: to a value that cannot be, to the next doubt, to a page that must be seen; then it approves.
/** @param {Station} s @returns {boolean} whether something was still to be looked at */
function walksOn(s) {
  const w = work(s);
  const wrong = inputs(s).find((i) => w.refused[i.name] && !w.refused[i.name].mayStand);
  if (wrong) {
    goTo(wrong);
    say(s, w.refused[wrong.name].sentence);
    return true;
  }
  const soon = tooSoon(s),
    left = soon.length ? soon : unvisited(s);
  if (left.length) {
    goTo(left[0]);
    say(s, left.length === 1 ? "One doubt was not looked at yet." : `${left.length} doubts were not looked at yet.`);
    return true;
  }
  const pages = unseenPages(s);
  if (pages.length) {
    s.litName = null;
    showPage(s, pages[0]);
    say(s, `${pages.length === 1 ? "One page was" : `${pages.length} pages were`} not looked at yet.`);
    return true;
  }
  return false;
}

/** A calendar beside a date, for those who want one; typing stays the quick way. @param {string} name @param {string} title */
function calendar(name, title) {
  const button = make("button", { type: "button", className: "calendar", tabIndex: -1, textContent: "▦" });
  button.setAttribute("aria-label", `Calendar: ${title}`);
  button.dataset.calendar = name;
  return button;
}

/** The one date picker of the station, opened beside the button. @param {Station} s @param {HTMLElement} button */
function openCalendar(s, button) {
  const picker = s.find("input.picker"),
    name = button.dataset.calendar ?? "",
    known = fieldValue(s, name);
  picker.value = ISO.test(known) ? known : "";
  picker.dataset.name = name;
  const at = button.getBoundingClientRect(),
    around = s.find(".station").getBoundingClientRect();
  picker.style.left = `${at.left - around.left}px`;
  picker.style.top = `${at.top - around.top}px`;
  picker.showPicker();
}

/** @param {Station} s @param {HTMLInputElement} picker */
function picked(s, picker) {
  const input = inputs(s).find((i) => i.name === picker.dataset.name);
  if (!input || !picker.value) return;
  input.value = written(s, picker.value);
  typed(s, input);
  goTo(input);
}
