// @ts-check
// Fields: the doubtful ones first, each with its piece of the image, its band in words and shape, and its key.
const BANDS = {
  auto: "✓ confident",
  check: "? check",
  missing: "! missing",
  empty: "– empty",
  other: "– not needed",
  refused: "✗ not possible",
  done: "✓ confirmed",
};

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} [props]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
const make = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  Object.assign(node, props);
  node.append(...children);
  return node;
};

/** The key of an action as staff read it. @param {Station} s @param {string} action */
const keyOf = (s, action) => s.catalog.keys.find((k) => k.action === action)?.key ?? "";

/** @param {Station} s */
function fieldNames(s) {
  const asked = s.types.get(work(s).type)?.fields || [];
  const there = new Set([
    ...asked,
    ...Object.keys(onDesk(s).fields).filter((n) => onDesk(s).fields[n].value),
    ...Object.keys(work(s).values),
  ]);
  const known = Object.keys(s.catalog.titles).filter((n) => there.has(n));
  return [...known, ...[...there].filter((n) => !(n in s.catalog.titles)).sort()];
}

/** @param {Station} s @param {string} name @returns {Band} */
function bandOf(s, name) {
  const value = fieldValue(s, name);
  if (name in work(s).refused || objectionTo(s, name)) return "refused";
  if (value && isUntested(s, name)) return "check";
  if (work(s).confirmed.has(name) || (value && name in work(s).values)) return "done";
  if (!value) return s.catalog.identity.includes(name) ? "missing" : "empty";
  const field = onDesk(s).fields[name],
    band = field?.band || "check";
  if (band !== "check" && band !== "other") return band;
  return carries(s, name) || field?.isHandwritten ? "check" : "other";
}

/** Whether this kind of document carries a field: nobody is asked about a signature where none belongs. Zones of taught forms are always carried. @param {Station} s @param {string} name */
function carries(s, name) {
  const kind = s.types.get(work(s).type);
  const base = name.replace(/^(diagnosis)_\d+$/, "$1"); // all diagnoses are kept, each with a number
  return !kind || !(base in s.catalog.titles) || kind.fields.includes(base);
}

/** The band in words; a value that was read from handwriting says so as long as nobody confirmed it. @param {Station} s @param {string} name @param {Band} band */
function bandText(s, name, band) {
  const isProposal = band === "check" && onDesk(s).fields[name]?.isHandwritten;
  if (band === "done" && !fieldValue(s, name)) return "✓ not on page";
  if (band === "refused" && work(s).refused[name]?.mayStand) return "✗ off the mask";
  if (band === "refused" && !(name in work(s).refused)) return "✗ mismatch";
  if (band === "check" && isUntested(s, name)) return "? not checked";
  return isProposal ? "? by hand" : BANDS[band];
}

/** @param {string} band */
const isDoubtfulBand = (band) => band === "check" || band === "missing" || band === "refused";

/** @param {Station} s */
function drawFields(s) {
  const form = s.find(".fields"),
    w = work(s),
    doc = onDesk(s);
  /** @param {string} code @param {string} text */
  const option = (code, text) => make("option", { value: code, textContent: text, selected: code === w.type });
  const kinds = make("select", { name: "type", id: "f-type" });
  const guessed = new Set(doc.typeGuesses.map((t) => t.code));
  if (guessed.size)
    kinds.append(
      make(
        "optgroup",
        { label: "Likeliest" },
        ...doc.typeGuesses.map((t) =>
          option(t.code, `${t.name} ${Math.round(t.share * 100)} %${t.evidence ? ` (“${t.evidence}”)` : ""}`),
        ),
      ),
    );
  kinds.append(
    make(
      "optgroup",
      { label: "All" },
      ...s.catalog.types.filter((t) => !guessed.has(t.code)).map((t) => option(t.code, t.name)),
    ),
  );
  const typeBand = w.type !== doc.type || w.confirmed.has("type") ? "done" : doc.typeIsSure ? "auto" : "check";
  const row = make(
    "div",
    { className: `field ${typeBand}` },
    make("label", { textContent: "Document type", htmlFor: "f-type" }),
    kinds,
    make("span"),
    make("span", { className: "band", textContent: BANDS[typeBand] }),
  );
  row.dataset.name = "type";
  form.replaceChildren(row, ...fieldNames(s).map((name) => fieldRow(s, name)));
  onlyDoubtful(s);
  drawCrops(s);
}

/** @param {Station} s @param {string} name */
function fieldRow(s, name) {
  const band = bandOf(s, name),
    title = s.catalog.titles[name] || onDesk(s).fields[name]?.title || name.replaceAll("_", " ");
  const input = make("input", {
    name,
    id: `f-${name}`,
    value: fieldText(s, name),
    spellcheck: false,
    autocomplete: "off",
  });
  input.setAttribute("aria-describedby", `band-${name} why-${name}`);
  const row = make(
    "div",
    { className: `field ${band}` },
    make("label", { textContent: title, htmlFor: input.id }),
    isDate(s, name) ? make("div", { className: "dated" }, input, calendar(name, title)) : input,
    make("div", { className: "crop" }),
    make("span", { className: "band", id: `band-${name}`, textContent: bandText(s, name, band) }),
    make("p", { className: "why", id: `why-${name}`, textContent: whyRefused(s, name) }),
  );
  row.dataset.name = name;
  row.dataset.was = band;
  return row;
}

// Rows that need nobody are hidden and counted; whatever was doubtful when the document came stays in sight.
/** @param {Station} s */
function onlyDoubtful(s) {
  const w = work(s);
  let count = 0;
  for (const row of all(s, ".field")) {
    const isWanted =
      w.showsAll ||
      row.dataset.name === "type" ||
      isDoubtfulBand(row.dataset.was || "") ||
      row.matches(".check, .missing, .refused") ||
      (asksWhose(s) && s.catalog.identity.includes(row.dataset.name || "")) ||
      (row.dataset.name || "") in w.values;
    row.hidden = !isWanted;
    count += Number(!isWanted);
  }
  const line = s.find(".hidden-count");
  line.hidden = !w.showsAll && !count;
  s.find(".hidden-count span").textContent = w.showsAll
    ? "All fields are shown."
    : `${count} ${count === 1 ? "field" : "fields"} hidden (confident or optional).`;
  s.find(".hidden-count button").textContent =
    `${w.showsAll ? "Only the doubtful" : "Show all"} (${keyOf(s, "all-fields")})`;
}

/** @param {Station} s */
async function drawCrops(s) {
  const doc = onDesk(s);
  for (const [name, f] of Object.entries(doc.fields)) {
    if (!f.box || !f.page || !doc.pages[f.page - 1]) continue;
    const image = await picture(s, doc.pages[f.page - 1]);
    if (s.doc !== doc) return;
    const crop = all(s, `.field[data-name="${CSS.escape(name)}"] .crop`)[0];
    if (!crop || !image) continue;
    const [w, h] = [image.naturalWidth, image.naturalHeight],
      [l, t, r, b] = f.box;
    const scale = Math.min((crop.clientWidth || 140) / ((r - l) * w + 6), 22 / ((b - t) * h), 1.4);
    crop.style.backgroundImage = `url(${image.src})`;
    crop.style.backgroundSize = `${w * scale}px ${h * scale}px`;
    crop.style.backgroundPosition = `${-(l * w * scale) + 3}px ${-(t * h * scale) + (28 - (b - t) * h * scale) / 2}px`;
  }
}

/** @param {Station} s @param {string} what @returns {HTMLElement[]} */
const all = (s, what) => [.../** @type {NodeListOf<HTMLElement>} */ (s.root.querySelectorAll(what))];

/** @param {Station} s @returns {Input[]} */
const inputs = (s) => [
  .../** @type {NodeListOf<Input>} */ (
    s.root.querySelectorAll(".field:not([hidden]) input, .field:not([hidden]) select")
  ),
];

/** @param {Input} input @returns {HTMLElement | null} */
const rowOf = (input) => input.closest(".field");

/** @param {Input} input */
const isDoubtful = (input) => rowOf(input)?.matches(".check, .missing, .refused");

/** Whether it is the question whose document this is. @param {Station} s */
const asksWhose = (s) => onDesk(s).decision !== "linked" && onDesk(s).decision !== "confirmed";

// Where it is asked whose document this is, page, zoom and cursor go to where the page says it.
/** @param {Station} s @param {boolean} [isQuiet] the page that is shown stays */
function focusFirst(s, isQuiet = false) {
  const whose = inputs(s).filter((i) => s.catalog.identity.includes(i.name) && onDesk(s).fields[i.name]?.box);
  const first =
    (asksWhose(s) && (whose.find(isDoubtful) || whose[0])) || inputs(s).find(isDoubtful) || s.find("button.approve");
  requestAnimationFrame(() => {
    if (s.question || !s.find(".search").hidden) return; // else Enter, meant for a question, would approve
    if (isQuiet) quietly(s, () => goTo(first));
    else goTo(first);
  });
}

/** Moves the cursor, and neither page nor zoom. @param {Station} s @param {() => void} move */
function quietly(s, move) {
  s.isQuiet = true;
  move();
  s.isQuiet = false;
}

/** Puts the cursor there, and all of its row into sight: what is wrong with a value stands under it. @param {HTMLElement} input */
function goTo(input) {
  input.focus({ preventScroll: false });
  if (input instanceof HTMLInputElement) input.select();
  input.closest(".field")?.scrollIntoView({ block: "nearest" });
}

/** The box of a field, brought out where only doubtful fields are shown. @param {Station} s @param {string} name */
function fieldInput(s, name) {
  const find = () => inputs(s).find((i) => i.name === name);
  if (!name || find()) return find();
  work(s).showsAll = true;
  onlyDoubtful(s);
  return find();
}

// Enter says that a value is as the page shows it, and of an empty one that the page does not show it.
/** @param {Station} s @param {Input} input */
async function confirmField(s, input) {
  const row = rowOf(input),
    doc = onDesk(s),
    name = input.name;
  if (name in work(s).values) {
    if (!(await checkField(s, name))) {
      if (s.doc === doc) goTo(input);
      return;
    }
    if (s.doc === doc) await judge(s);
  }
  if (s.doc !== doc) return;
  if (row && !(name in work(s).refused)) {
    work(s).confirmed.add(name);
    const band = name === "type" ? "done" : bandOf(s, name);
    setBand(row, band, name === "type" ? BANDS.done : bandText(s, name, band));
    drawBanner(s);
  }
  const there = inputs(s);
  goTo(there.slice(there.indexOf(input) + 1).find(isDoubtful) || s.find("button.approve"));
}

/** @param {HTMLElement} row @param {Band} band @param {string} [text] */
function setBand(row, band, text = BANDS[band]) {
  row.classList.remove("auto", "check", "missing", "empty", "other", "done", "refused");
  row.classList.add(band);
  const told = row.querySelector(".band");
  if (told) told.textContent = text;
}

/** @param {Station} s @param {Input} input */
function back(s, input) {
  const there = inputs(s);
  goTo(there[Math.max(0, there.indexOf(input) - 1)] || input);
}

/** @param {Station} s @param {Input} input */
function typed(s, input) {
  const w = work(s),
    name = input.name;
  if (name === "type") {
    w.type = input.value;
    w.confirmed.add("type");
    drawFields(s);
    drawBanner(s);
    goTo(s.find("select[name=type]"));
  } else {
    const was = onDesk(s).fields[name]?.value ?? "";
    delete w.plain[name];
    delete w.refused[name];
    w.asPrinted.delete(name); // said of another value
    w.confirmed.delete(name);
    if (input.value === (isDate(s, name) ? written(s, was) : was)) delete w.values[name];
    else w.values[name] = input.value;
    showCheck(s, name);
    drawPeople(s);
    clearTimeout(s.timers.check);
    s.timers.check = window.setTimeout(() => checkTyped(s), 250);
  }
  s.question?.refresh();
  forgetRefusal(s);
  changed(s);
}

// What is pointed at on the page goes into the field that the cursor is in, or was in last.
/** @param {Station} s @param {string} text */
function fillField(s, text) {
  const input = s.lastInput && s.root.contains(s.lastInput) ? s.lastInput : null;
  if (!input || !text) {
    say(s, text ? "Put the cursor into a field first." : "No words were read there.");
    return;
  }
  input.value = text.replace(/^[\s:;,.]+|[\s:;,]+$/g, "");
  input.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  goTo(input);
}

/** @param {Station} s */
async function showHistory(s) {
  const name = s.lastInput?.name;
  if (!name) {
    say(s, "Put the cursor into a field first.");
    return;
  }
  const lines = await request(s, "history", { id: onDesk(s).id, name });
  const list = (Array.isArray(lines) ? lines : []).map(
    (c) => `${c.at}  ${c.by}: ${written(s, c.value) || "(empty)"}${c.isCurrent ? "  ← counts now" : ""}`,
  );
  ask(s, {
    title: `History of ${s.catalog.titles[name] || name}`,
    lines: list.length ? list : ["Nothing was read, and nobody typed anything."],
    ok: "Close",
  });
}
