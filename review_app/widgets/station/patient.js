// @ts-check
// Whose document it is: what the page says beside what the list says, who else it may be, and why.
/** @param {string} text */
const letters = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** @param {Station} s @returns {(Person & Partial<Matching>)[]} */
const people = (s) => {
  const found = new Set(work(s).found.map((p) => p.id)); // what was searched for comes first, so that 1 is what is seen
  return [...work(s).found, ...onDesk(s).candidates.filter((p) => !found.has(p.id))].slice(0, 9);
};

// What speaks for a person and what against, each as long as it weighs.
/** @param {Evidence[]} evidence */
const waterfall = (evidence) =>
  make(
    "span",
    { className: "waterfall" },
    ...evidence.map((e) => {
      const bar = make("span", {
        className: e.how,
        textContent: e.what,
        title: `${e.why || e.what} (${e.bits > 0 ? "+" : ""}${e.bits} bits)`,
      });
      bar.style.setProperty("--bits", String(Math.min(16, Math.abs(e.bits))));
      return bar;
    }),
  );

/** @type {[string, string, (p: Person) => string, (said: string, known: string) => boolean][]} */
const COMPARED = [
  [
    "name",
    "Name",
    (p) => p.name,
    (said, known) =>
      letters(known).includes(letters(said.split(",")[0])) &&
      letters(known).includes(letters((said.split(",")[1] || "").trim().split(" ")[0])),
  ],
  ["dob", "Date of birth", (p) => p.dob, (said, known) => said === known],
  ["sex", "Sex", (p) => p.sex, (said, known) => said[0] === known[0]],
  ["mrn", "MRN", (p) => p.mrn, (said, known) => letters(said) === letters(known)],
];

/** @typedef {"agree" | "differ" | "none"} Verdict */
/** @type {Record<Verdict, [string, string]>} */
const SIGNS = { agree: ["✓", "agrees"], differ: ["✗", "differs"], none: ["·", "not on both"] };

/** @param {Station} s @param {Person | undefined} chosen @returns {{name: string, title: string, known: string, said: string, verdict: Verdict}[]} */
const compared = (s, chosen) =>
  COMPARED.map(([name, title, get, agrees]) => {
    const said = fieldValue(s, name),
      known = chosen ? get(chosen) : "";
    const isRefused = name in work(s).refused && !work(s).refused[name].mayStand;
    const verdict = !said || !known ? "none" : !isRefused && agrees(said, known) ? "agree" : "differ";
    return { name, title, known, said, verdict };
  });

const NEEDED = 2; // identifiers that must agree (Joint Commission NPSG.01.01.01)

// The frame tells the worst: one that differs, else one that is not read or too few that agree, else that two agree.
/** @param {Station} s @returns {{level: "" | "differs" | "ask" | "sure", sentence: string}} */
function standing(s) {
  const chosen = people(s).find((p) => p.id === work(s).person);
  if (!chosen) return { level: "ask", sentence: "" };
  const rows = compared(s, chosen);
  const differs = new Set(rows.filter((r) => r.verdict === "differ").map((r) => r.title));
  // A link of the machine's has passed its guards: another telephone or address than the list's is no mismatch.
  const isMachines = onDesk(s).decision === "linked" && chosen.id === onDesk(s).person;
  if (!differs.size && !isMachines) for (const what of chosen.differs ?? []) if (!isTyped(s, what)) differs.add(what);
  if (differs.size) return { level: "differs", sentence: `✗ Mismatch: ${[...differs].join(", ")}` };
  const open = rows.filter((r) => s.catalog.identity.includes(r.name) && isDoubtfulBand(bandOf(s, r.name)));
  const agree = new Set(rows.filter((r) => r.verdict === "agree" && r.name !== "sex").map((r) => r.title));
  for (const what of chosen.agrees ?? []) if (BESIDE.has(what) && !isTyped(s, what)) agree.add(what);
  if (open.length) return { level: "ask", sentence: `? Not confirmed: ${open.map((r) => r.title).join(", ")}` };
  if (agree.size < NEEDED) return { level: "ask", sentence: "? Fewer than two identifiers match" };
  const match = `${agree.size} identifiers match: ${[...agree].join(", ")}`,
    still = stillToDo(s);
  return still ? { level: "ask", sentence: `? ${still} (${match})` } : { level: "sure", sentence: `✓ ${match}` };
}

// Green says that approving works: what would be refused, by the desk or by the server, is said before it is tried.
/** What is still to be done before a document whose identifiers match is approved; empty when nothing is. @param {Station} s */
function stillToDo(s) {
  const w = work(s),
    title = (/** @type {string} */ name) => s.catalog.titles[name] || name.replaceAll("_", " ");
  const refused = Object.keys(w.refused).filter((name) => !w.asPrinted.has(name)),
    doubts = waitingDoubts(s).length,
    pages = unseenPages(s).length;
  if (needsChoice(s)) return needsChoice(s);
  if (refused.length) return `Not possible: ${refused.map(title).join(", ")}`;
  if (w.objections.length) return w.objections[0].sentence;
  if (isBeingRead(s.doc)) return "A page is being read as you turned it";
  if (doubts) return `${doubts === 1 ? "One doubt is" : `${doubts} doubts are`} not looked at yet`;
  if (unansweredSignature(s)) return "The signature is not confirmed yet";
  if (pages) return `${pages === 1 ? "One page is" : `${pages} pages are`} not looked at yet`;
  return isJudged(s) ? "" : "What you typed is not checked yet";
}

/** The step that is needed where a patient is only proposed; empty where somebody chose, or the machine linked. @param {Station} s */
function needsChoice(s) {
  const doc = onDesk(s),
    w = work(s);
  if (w.isChosen || doc.decision === "confirmed" || (doc.decision === "linked" && w.person === doc.person)) return "";
  const number = 1 + people(s).findIndex((p) => p.id === w.person);
  const why = [...doc.reasons, ...doc.flags][0] || "the patient is only proposed";
  return `Patient match needs review: ${why}. Press Alt+${number} to choose this patient`;
}

/** Identifiers that the list knows and the table above does not show. */
const BESIDE = new Set(["member id", "SSN", "encounter", "account"]);

/** Which field a word of the matching is about. @type {Record<string, string>} */
const ABOUT = {
  MRN: "mrn",
  "date of birth": "dob",
  "first name": "name",
  surname: "name",
  "middle name": "name",
  "Jr/Sr": "name",
  "member id": "member_id",
  SSN: "ssn4",
  encounter: "encounter",
  account: "account",
};

/** Whether a value that the machine found different was typed anew since. @param {Station} s @param {string} what */
const isTyped = (s, what) => (ABOUT[what] ?? "") in work(s).values;

/** @param {Station} s */
function drawBanner(s) {
  const doc = onDesk(s),
    w = work(s),
    banner = s.find(".banner");
  const chosen = people(s).find((p) => p.id === w.person);
  const isMachines = doc.decision === "linked" && w.person === doc.person;
  const { level, sentence } = standing(s);
  banner.className = `banner ${level}`;
  judgeSoon(s);
  s.find("button.approve").className = `approve ${chosen ? level : ""}`;
  frameChosen(s);
  banner.replaceChildren(make("strong", { textContent: chosen ? chosen.name : "Whose document is this?" }));
  if (sentence) banner.append(make("p", { className: "standing", textContent: sentence }));
  const rows = compared(s, chosen).map(({ name, title, known, verdict }) => {
    const sign = make("span", { className: verdict, textContent: SIGNS[verdict][0] });
    sign.setAttribute("aria-label", SIGNS[verdict][1]);
    return make(
      "tr",
      {},
      make("th", { textContent: title, scope: "row" }),
      make("td", { textContent: isDate(s, name) ? written(s, known) || "–" : known || "–" }),
      make("td", {}, sign),
      make("td", { textContent: fieldText(s, name) || "–" }),
    );
  });
  banner.append(
    make(
      "table",
      {},
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("td"),
          make("th", { textContent: "Patient list", scope: "col" }),
          make("td"),
          make("th", { textContent: "On the page", scope: "col" }),
        ),
      ),
      make("tbody", {}, ...rows),
    ),
  );
  const reasons = [
    ...(isMachines ? [] : doc.reasons),
    ...doc.flags,
    ...doc.labels.map((l) => `Protected: ${l.reason}`),
  ];
  if (!people(s).length)
    reasons.push(`${keyOf(s, "find")} finds a patient, ${keyOf(s, "register")} sends the document to registration.`);
  if (reasons.length)
    banner.append(
      make(
        "ul",
        {},
        ...reasons.map((r) =>
          make("li", { textContent: /twin/.test(r) ? `⚠ ${r}` : r, className: /twin/.test(r) ? "twin" : "" }),
        ),
      ),
    );
}

// The chosen candidate bears the frame that the banner bears.
/** @param {Station} s */
function frameChosen(s) {
  const { level } = standing(s);
  for (const option of all(s, ".person")) {
    const isChosen = Number(option.dataset.person) === work(s).person;
    option.className = isChosen ? `person ${level}` : "person";
  }
}

/** @param {Station} s */
function drawPeople(s) {
  drawBanner(s);
  s.find(".people").replaceChildren(
    ...people(s).map((p, i) => {
      const option = make(
        "div",
        { className: "person", tabIndex: -1 },
        make("kbd", { textContent: String(i + 1) }),
        make("span", { textContent: `${p.name}  ${written(s, p.dob)}  ${p.sex}` }),
        make("span", { textContent: `MRN ${p.mrn}` }),
      );
      if (p.evidence?.length) option.append(waterfall(p.evidence.flatMap((e) => asTyped(s, p, e))));
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(p.id === work(s).person));
      option.dataset.person = String(p.id);
      return option;
    }),
  );
  frameChosen(s);
}

/** What the machine compared, or where somebody typed since, what the typed value says. @param {Station} s @param {Person} person @param {Evidence} evidence @returns {Evidence[]} */
function asTyped(s, person, evidence) {
  if (!isTyped(s, evidence.what)) return [evidence];
  const now = compared(s, person).find((row) => row.name === ABOUT[evidence.what]);
  if (!now || now.verdict === "none") return [];
  return [{ ...evidence, how: now.verdict === "agree" ? "for" : "against", bits: 0, why: `${evidence.what} as typed` }];
}

/** @param {Station} s @param {number} number */
function choose(s, number) {
  const w = work(s);
  const person = number === 0 ? null : people(s)[number - 1];
  if (person === undefined) return;
  w.person = person ? person.id : null;
  w.isChosen = w.person !== null;
  w.retyped = "";
  drawPeople(s);
  say(s, person ? "" : `Nobody is chosen: search, or ${keyOf(s, "register")} if no such patient is on the list.`);
  changed(s);
}

/** @param {Station} s */
function openSearch(s) {
  s.find(".search").hidden = false;
  const input = s.find("input[name=find]");
  input.value = "";
  input.focus();
}

/** @param {Station} s */
function closeSearch(s) {
  s.find(".search").hidden = true;
  focusFirst(s);
}

/** @param {Station} s @param {string} words */
function search(s, words) {
  clearTimeout(s.timers.search);
  const doc = s.doc;
  s.timers.search = window.setTimeout(async () => {
    if (words.trim().length < 2) return;
    const found = await request(s, "search", { words });
    if (s.doc !== doc || !Array.isArray(found)) return;
    work(s).found = found;
    drawPeople(s);
    say(
      s,
      found.length
        ? `Choose with Alt and the number${found.length === 1 ? ", or Enter" : ""}.`
        : `Nobody by that name or number. ${keyOf(s, "register")} sends the document to registration.`,
    );
  }, 180);
}
