// @ts-check
// A list of rows: sorted by a head, a page at a time, ticked, saved as CSV or Excel workbook. Chart text stays text: nothing here is HTML.

/** @typedef {string | number | null | {text: string, open: string} | {text: string, href: string} | {text: string, time: string}} Cell */
/**
 * @typedef {object} Listed review_app/widgets/listing/component.py
 * @property {string[]} heads
 * @property {Cell[][]} rows
 * @property {string[] | null} ids one a row where rows can be ticked
 * @property {string} none what is said when there is no row
 * @property {string} file name of the CSV; empty: it cannot be saved
 * @property {number} save raised by one when the CSV is to be given out
 * @property {number} sheet the same for the workbook
 * @property {string} workbook an Excel workbook in base64, when it is to be given out
 */
/**
 * @typedef {object} Component
 * @property {HTMLElement | ShadowRoot} parentElement
 * @property {Listed} data
 * @property {(name: string, value: unknown) => void} setTriggerValue
 * @property {(name: string, value: unknown) => void} setStateValue
 */
/**
 * @typedef {object} Shown
 * @property {Component} component
 * @property {number} sorted by which column; -1: as it came
 * @property {boolean} isDown
 * @property {number} from the first row that is shown
 * @property {Set<string>} ticked
 * @property {number} saved
 * @property {number} sheets
 */

const ROWS = 50; // a page of the list
const SHORT = 15; // rows that stand there whole: half a list in a frame looks like all of it

/** @type {WeakMap<HTMLElement | ShadowRoot, Shown>} */
const STATES = new WeakMap();

/** @param {Component} component */
export default function listing(component) {
  const root = component.parentElement,
    { ids, save, sheet } = component.data;
  const s =
    STATES.get(root) ??
    bind({ component, sorted: -1, isDown: false, from: 0, ticked: new Set(), saved: save, sheets: sheet });
  STATES.set(root, s);
  s.component = component;
  const there = new Set(ids ?? []);
  const gone = [...s.ticked].filter((id) => !there.has(id));
  for (const id of gone) s.ticked.delete(id);
  if (gone.length) tellTicked(s);
  draw(s);
  if (save > s.saved) {
    s.saved = save;
    giveOut(s);
  }
  if (sheet > s.sheets) {
    s.sheets = sheet;
    giveOutWorkbook(s);
  }
  return () => STATES.delete(root);
}

/** @param {Shown} s @param {string} what @returns {any} an element that is always there */
const find = (s, what) => s.component.parentElement.querySelector(what);

/** @param {Shown} s */
function bind(s) {
  const turn = (/** @type {number} */ by) => () => {
    s.from += by;
    draw(s);
  };
  find(s, ".before").onclick = turn(-ROWS);
  find(s, ".next").onclick = turn(ROWS);
  find(s, ".save").onclick = () => s.component.setTriggerValue("save", true);
  find(s, ".sheet").onclick = () => s.component.setTriggerValue("sheet", { order: order(s) });
  return s;
}

/** @param {Cell} cell */
const textOf = (cell) => (cell && typeof cell === "object" ? cell.text : String(cell ?? ""));

/** A day or time by its ISO 8601: as people write it, 01/02/2026 would come before 12/31/2025. @param {Cell} cell */
const sortedBy = (cell) => (cell && typeof cell === "object" && "time" in cell ? cell.time : textOf(cell));

/** The rows in the order that is shown, each with its place in the data. @param {Shown} s @returns {number[]} */
function order(s) {
  const { rows } = s.component.data,
    by = s.sorted;
  const places = rows.map((_, i) => i);
  if (by < 0) return places;
  const said = rows.map((row) => sortedBy(row[by]));
  places.sort((a, b) => said[a].localeCompare(said[b], undefined, { numeric: true, sensitivity: "base" }) || a - b);
  return s.isDown ? places.reverse() : places;
}

/** @param {Shown} s */
function draw(s) {
  const { heads, rows, ids, none, file } = s.component.data,
    places = order(s);
  s.from = Math.max(0, Math.min(s.from, Math.floor(Math.max(0, rows.length - 1) / ROWS) * ROWS));
  const shown = places.slice(s.from, s.from + ROWS);
  find(s, ".tools").hidden = !rows.length || (rows.length <= ROWS && !file && !ids);
  const ticked = ids && s.ticked.size ? ` · ${s.ticked.size} selected` : "";
  find(s, ".count").textContent = `${s.from + 1}–${s.from + shown.length} of ${rows.length}${ticked}`;
  for (const what of [".before", ".next"]) find(s, what).hidden = rows.length <= ROWS;
  find(s, ".before").disabled = s.from === 0;
  find(s, ".next").disabled = s.from + ROWS >= rows.length;
  for (const what of [".save", ".sheet"]) find(s, what).hidden = !file;
  find(s, ".none").hidden = rows.length > 0;
  find(s, ".none").textContent = none;
  find(s, "table").hidden = !rows.length;
  const first = ids ? [make("th", tickAll(s, shown))] : [];
  find(s, "thead tr").replaceChildren(...first, ...heads.map((text, i) => head(s, text, i)));
  find(s, "tbody").replaceChildren(...shown.map((place) => line(s, place)));
  const frame = find(s, ".rows");
  frame.classList.toggle("short", shown.length <= SHORT);
  // keys scroll it where it scrolls, and Tab stops at no other
  if (frame.scrollHeight > frame.clientHeight || frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
  else frame.removeAttribute("tabindex");
}

/** @param {string} tag @param {...(Node | string)} inside */
function make(tag, ...inside) {
  const made = document.createElement(tag);
  made.append(...inside);
  return made;
}

/** @param {string} label @param {boolean} checked @param {(checked: boolean) => void} onChange */
function box(label, checked, onChange) {
  const input = document.createElement("input");
  input.type = "checkbox";
  input.checked = checked;
  input.setAttribute("aria-label", label);
  input.onchange = () => onChange(input.checked);
  return input;
}

/** @param {Shown} s @param {number[]} shown */
function tickAll(s, shown) {
  const ids = shown.map((place) => /** @type {string[]} */ (s.component.data.ids)[place]);
  return box(
    "Select all rows of this page",
    ids.every((id) => s.ticked.has(id)),
    (isOn) => {
      for (const id of ids) isOn ? s.ticked.add(id) : s.ticked.delete(id);
      tellTicked(s);
      draw(s);
    },
  );
}

/** @param {Shown} s */
const tellTicked = (s) => s.component.setStateValue("ticked", [...s.ticked]);

/** @param {Shown} s @param {string} text @param {number} column */
function head(s, text, column) {
  const th = document.createElement("th"),
    button = document.createElement("button");
  th.scope = "col";
  button.type = "button";
  button.textContent = text;
  if (s.sorted === column) th.setAttribute("aria-sort", s.isDown ? "descending" : "ascending");
  button.onclick = () => {
    s.isDown = s.sorted === column && !s.isDown;
    s.sorted = column;
    s.from = 0;
    draw(s);
    find(s, `th:nth-child(${column + 1 + (s.component.data.ids ? 1 : 0)}) button`).focus();
  };
  th.append(button);
  return th;
}

/** @param {Shown} s @param {number} place */
function line(s, place) {
  const { rows, ids } = s.component.data,
    tr = document.createElement("tr");
  if (ids) {
    const id = ids[place],
      isTicked = s.ticked.has(id);
    tr.classList.toggle("chosen", isTicked);
    const tick = box(`Select row ${textOf(rows[place][0])}`, isTicked, (isOn) => {
      isOn ? s.ticked.add(id) : s.ticked.delete(id);
      tellTicked(s);
      tr.classList.toggle("chosen", isOn);
      const all = /** @type {HTMLInputElement} */ (find(s, "thead input"));
      all.checked = [...find(s, "tbody").querySelectorAll("input")].every((input) => input.checked);
    });
    tr.append(make("td", tick));
  }
  tr.append(...rows[place].map((value) => cell(s, value)));
  return tr;
}

/** @param {Shown} s @param {Cell} value */
function cell(s, value) {
  const td = document.createElement("td");
  if (value && typeof value === "object" && "open" in value) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = value.text;
    button.dataset.open = value.open;
    button.onclick = () => s.component.setTriggerValue("open", value.open);
    td.append(button);
  } else if (value && typeof value === "object" && "time" in value) {
    const time = document.createElement("time");
    time.dateTime = time.title = value.time;
    time.textContent = value.text;
    td.append(time);
  } else if (value && typeof value === "object") {
    const link = document.createElement("a");
    link.href = value.href;
    link.textContent = value.text;
    link.target = "_blank";
    link.rel = "noopener";
    td.append(link);
  } else td.textContent = String(value ?? "");
  td.classList.toggle("number", typeof value === "number");
  const isTime = value && typeof value === "object" && "time" in value;
  if (isTime || (td.textContent ?? "").length < 14) td.style.whiteSpace = "nowrap";
  return td;
}

/** What begins like a formula is text to a spreadsheet (OWASP, CSV injection). @param {Cell} cell */
function quoted(cell) {
  const text = cell && typeof cell === "object" && "time" in cell ? cell.time : textOf(cell);
  return `"${(/^[=+\-@\t\r\n＝＋－＠]/.test(text) && typeof cell !== "number" ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** @param {Shown} s */
function giveOut(s) {
  const { heads, rows, file } = s.component.data;
  const lines = [heads, ...order(s).map((place) => rows[place])].map((row) => row.map(quoted).join(","));
  handOver(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" }), file);
}

const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** @param {Shown} s */
function giveOutWorkbook(s) {
  const { workbook, file } = s.component.data;
  const bytes = Uint8Array.from(atob(workbook), (c) => c.charCodeAt(0));
  handOver(new Blob([bytes], { type: EXCEL }), file.replace(/\.csv$/, ".xlsx"));
}

/** @param {Blob} blob @param {string} name */
function handOver(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
