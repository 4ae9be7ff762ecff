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
  drawPeople(s);
  return !said.sentence || said.mayStand;
}

/** Whether a typed value still waits to be held to the rules of its field. @param {Station} s @param {string} name */
const isUntested = (s, name) => name in work(s).values && !(name in work(s).plain);

// Every value that was typed, whichever field the cursor is in by now.
/** @param {Station} s */
async function checkTyped(s) {
  const doc = s.doc;
  if (!doc) return;
  for (const name of Object.keys(work(s).values))
    if (s.doc === doc && isUntested(s, name) && !(name in work(s).refused)) await checkField(s, name);
}

// ---- what the approval itself would refuse: asked of the server whenever values or patient are others

/** @param {Work} w */
const standsAs = (w) => JSON.stringify([w.person, w.values, [...w.asPrinted], w.retyped]);

/** Whether the server has judged the document as it stands now. @param {Station} s */
const isJudged = (s) => work(s).judged === standsAs(work(s));

/** @param {Station} s @param {string} name */
const objectionTo = (s, name) => work(s).objections.find((o) => o.field === name);

/** @param {Station} s @param {string} name */
const whyRefused = (s, name) => work(s).refused[name]?.sentence ?? objectionTo(s, name)?.sentence ?? "";

/** @param {Station} s */
async function judge(s) {
  const doc = s.doc;
  if (!doc || isJudged(s) || s.isLocked) return;
  const w = work(s),
    as = standsAs(w);
  const { person, values, retyped } = w;
  try {
    const sent = { id: doc.id, values: { ...values }, person, retyped, as_printed: [...w.asPrinted] };
    const said = await request(s, "objections", sent);
    if (s.doc !== doc || work(s) !== w || standsAs(w) !== as || !Array.isArray(said)) return;
    w.judged = as;
    const names = new Set([...w.objections, ...said].map((o) => o.field));
    w.objections = said;
    for (const name of names) showCheck(s, name);
    drawPeople(s);
  } catch {
    /* no connection, or locked: it is not green meanwhile */
  }
}

/** @param {Station} s */
function judgeSoon(s) {
  clearTimeout(s.timers.judge);
  if (!isJudged(s)) s.timers.judge = window.setTimeout(() => judge(s), 150);
}

/** @param {Station} s @param {string} name */
function showCheck(s, name) {
  const row = all(s, `.field[data-name="${CSS.escape(name)}"]`)[0];
  if (!row) return;
  const band = bandOf(s, name),
    why = row.querySelector(".why"),
    said = whyRefused(s, name);
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
  drawBanner(s);
  refuse(s, answer.sentence, fieldInput(s, name));
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

/** Whether a typed value is only doubtful because its test has not come back, as after a reload with a draft: approving tests it too. @param {Station} s @param {string} name */
const isBeingTested = (s, name) => Boolean(fieldValue(s, name)) && isUntested(s, name) && !whyRefused(s, name);

/** Doubts that ask for a look. @param {Station} s @returns {Input[]} */
function openDoubts(s) {
  const w = work(s);
  return inputs(s).filter((i) => isDoubtful(i) && !isBeingTested(s, i.name) && !w.confirmed.has(i.name));
}

// That a form which must be signed is not signed is filed as a finding: a look is not enough, Enter or a value says it.
/** @param {Station} s @returns {Input | undefined} the signature that nobody has confirmed */
const unansweredSignature = (s) => openDoubts(s).find((i) => i.name === "signature" && carries(s, i.name));

/** Doubts at which the cursor has not stood yet. @param {Station} s @returns {Input[]} */
function unvisited(s) {
  return openDoubts(s).filter((i) => !work(s).seen.has(i.name));
}

/** Pages of a document whose kind is signed or consented to, that nobody has looked at. @param {Station} s */
function unseenPages(s) {
  const w = work(s);
  if (!s.types.get(w.type)?.everyPage) return [];
  return onDesk(s)
    .pages.map((_, i) => i + 1)
    .filter((number) => !w.pagesSeen.has(number));
}

const SIGNATURE_TO_CONFIRM =
  "The signature must be confirmed: Enter if it is as the field says, or type present, absent or unclear.";

const A_LOOK = 400; // ms; nobody has looked at a doubt that came to the screen just now, wherever the cursor stands

/** Doubts that are on the screen for too short a time to have been looked at. @param {Station} s @returns {Input[]} */
function tooSoon(s) {
  return performance.now() - s.shownAt < A_LOOK ? openDoubts(s) : [];
}

/** Doubts that nobody can have looked at yet. @param {Station} s */
function waitingDoubts(s) {
  const soon = tooSoon(s);
  return soon.length ? soon : unvisited(s);
}

// Ctrl Enter walks: to a value that cannot be, to the next doubt, to a page that must be seen; then it approves.
/** @param {Station} s @returns {boolean} whether something was still to be looked at */
function walksOn(s) {
  const w = work(s);
  const wrong = Object.keys(w.refused).find((name) => !w.refused[name].mayStand);
  if (wrong) {
    refuse(s, w.refused[wrong].sentence, fieldInput(s, wrong));
    return true;
  }
  const left = waitingDoubts(s);
  if (left.length) {
    const count = left.length === 1 ? "One doubt was" : `${left.length} doubts were`;
    refuse(s, `${count} not looked at yet.`, left[0]);
    return true;
  }
  const signature = unansweredSignature(s);
  if (signature) {
    refuse(s, SIGNATURE_TO_CONFIRM, signature);
    return true;
  }
  const pages = unseenPages(s);
  if (pages.length) {
    s.litName = null;
    showPage(s, pages[0]);
    refuse(s, `${pages.length === 1 ? "One page was" : `${pages.length} pages were`} not looked at yet.`);
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
