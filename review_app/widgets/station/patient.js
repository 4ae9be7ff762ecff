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

/** @param {Station} s */
function drawBanner(s) {
  const doc = onDesk(s),
    w = work(s),
    banner = s.find(".banner");
  const chosen = people(s).find((p) => p.id === w.person);
  const isMachines = doc.decision === "linked" && w.person === doc.person;
  banner.className = `banner ${chosen && (isMachines || w.isChosen || doc.decision === "confirmed") ? "sure" : "ask"}`;
  banner.replaceChildren(make("strong", { textContent: chosen ? chosen.name : "Whose document is this?" }));
  const rows = COMPARED.map(([name, title, get, agrees]) => {
    const said = fieldValue(s, name),
      known = chosen ? get(chosen) : "";
    const mark =
      !said || !known
        ? ["none", "·", "not on both"]
        : agrees(said, known)
          ? ["agree", "✓", "agrees"]
          : ["differ", "✗", "differs"];
    const sign = make("span", { className: mark[0], textContent: mark[1] });
    sign.setAttribute("aria-label", mark[2]);
    return make(
      "tr",
      {},
      make("th", { textContent: title, scope: "row" }),
      make("td", { textContent: known || "–" }),
      make("td", {}, sign),
      make("td", { textContent: said || "–" }),
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
  const reasons = [...(isMachines ? [] : doc.reasons), ...doc.flags, ...doc.labels.map((l) => `Protected: ${l}`)];
  if (!people(s).length) reasons.push(`${keyOf(s, "find")} finds a patient, ${keyOf(s, "pend")} pends the document.`);
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

/** @param {Station} s */
function drawPeople(s) {
  drawBanner(s);
  s.find(".people").replaceChildren(
    ...people(s).map((p, i) => {
      const option = make(
        "div",
        { className: "person", tabIndex: -1 },
        make("kbd", { textContent: String(i + 1) }),
        make("span", { textContent: `${p.name}  ${p.dob}  ${p.sex}` }),
        make("span", { textContent: `MRN ${p.mrn}` }),
      );
      if (p.evidence?.length) option.append(waterfall(p.evidence));
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(p.id === work(s).person));
      option.dataset.person = String(p.id);
      return option;
    }),
  );
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
  say(s, person ? "" : "Nobody is chosen: search, or pend the document.");
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
        : "Nobody by that name or number.",
    );
  }, 180);
}
