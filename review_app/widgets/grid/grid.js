// @ts-check
// One field of many documents. Streamlit calls the default export on every update; listeners are bound once a root.

/** @typedef {{id: number, version: number, value: string, src: string}} ShownCell */
/** @typedef {ShownCell & {marked?: boolean}} Cell marked ones are left to the desk */
/** @typedef {{name: string, title: string, cells: ShownCell[]}} Group review_app/model/grouping.py */
/** @typedef {{ok: boolean, sentence: string}} Outcome also what is said instead of an answer */

/** @typedef {{name: string, type: string, skip: number[]}} GroupRequest */
/** @typedef {{name: string, token: string, cells: ConfirmedCell[]}} GroupConfirmRequest */
/** @typedef {{id: number, version: number, value: string, marked: boolean}} ConfirmedCell */
/** @typedef {{ids: number[]}} EndLeasesRequest */
/**
 * @typedef {object} Requests what is sent under each name, and what comes back
 * @property {[GroupRequest, Group]} group
 * @property {[GroupConfirmRequest, Outcome]} group-confirm
 * @property {[EndLeasesRequest, {}]} end_leases
 */

/**
 * @typedef {object} Grid
 * @property {HTMLElement | ShadowRoot} root
 * @property {(what: string) => any} find an element that is always there
 * @property {string} name the field; empty before the first
 * @property {string} type the kind of document it is narrowed to
 * @property {Cell[]} cells
 * @property {number[]} skip documents that were left to the desk
 * @property {string} token
 * @property {number} turn counts what was asked for, so that a late answer is known
 * @property {boolean} busy
 */

/** @type {WeakMap<HTMLElement | ShadowRoot, Grid>} */
const STATES = new WeakMap();

/** @param {{parentElement: HTMLElement | ShadowRoot, data: {name: string, type: string}}} component */
export default function grid(component) {
  const root = component.parentElement,
    { name, type } = component.data;
  const s = STATES.get(root) ?? bind(root);
  STATES.set(root, s);
  if (s.name !== name || s.type !== type) {
    s.name = name;
    s.type = type;
    s.skip = [];
    load(s);
  }
  return () => {
    giveBack(s);
    STATES.delete(root);
  };
}

/**
 * @template {keyof Requests} N
 * @param {N} name
 * @param {Requests[N][0]} body
 * @param {RequestInit} [more]
 * @returns {Promise<Requests[N][1] | Outcome>}
 */
async function request(name, body, more = {}) {
  const answer = await fetch(`/desk/${name}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "x-chartroom-desk": "1" },
    ...more,
  });
  if (answer.status === 401) {
    window.location.assign("/login");
    throw new Error("signed out");
  }
  return answer.json();
}

/** @param {Grid} s @param {string} text */
const say = (s, text) => {
  s.find(".said").textContent = text;
};
/** @param {Grid} s @returns {HTMLInputElement[]} */
const inputs = (s) => [.../** @type {NodeListOf<HTMLInputElement>} */ (s.root.querySelectorAll(".cell input"))];

/** @param {Grid} s */
async function load(s) {
  s.turn += 1;
  const turn = s.turn;
  await giveBack(s);
  const found = await request("group", { name: s.name, type: s.type, skip: s.skip });
  const { cells, title } = "cells" in found ? found : { cells: [], title: "" };
  if (turn !== s.turn) {
    giveBack({ cells }); // another field was chosen meanwhile
    return;
  }
  s.cells = cells;
  s.token = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
  s.find(".cells").replaceChildren(...s.cells.map((cell, at) => draw(cell, at, title)));
  const button = s.find(".confirm");
  button.hidden = !s.cells.length;
  count(s);
  if (!s.cells.length) say(s, ("sentence" in found && found.sentence) || "No doubtful value of this field is left.");
  inputs(s)[0]?.focus();
}

/** @param {Cell} cell @param {number} at @param {string} title */
function draw(cell, at, title) {
  const box = document.createElement("div"),
    image = document.createElement("img"),
    input = document.createElement("input"),
    mark = document.createElement("span");
  box.className = "cell";
  box.setAttribute("role", "listitem");
  Object.assign(image, { src: cell.src, alt: "as it stands on the page", loading: "lazy" });
  Object.assign(input, { value: cell.value, autocomplete: "off", spellcheck: false });
  input.dataset.at = String(at);
  input.setAttribute("aria-label", `${title}, document ${cell.id}`);
  mark.className = "mark";
  box.append(image, input, mark);
  return box;
}

/** @param {Grid} s @param {number} at */
function show(s, at) {
  const cell = s.cells[at],
    box = s.find(".cells").children[at];
  const was = inputs(s)[at].value !== cell.value;
  box.classList.toggle("marked", !!cell.marked);
  box.classList.toggle("typed", was && !cell.marked);
  box.querySelector(".mark").textContent = cell.marked ? "✗ for the desk" : was ? "✓ corrected" : "";
  count(s);
}

/** @param {Grid} s */
function count(s) {
  const left = s.cells.filter((c) => !c.marked).length;
  s.find(".confirm").textContent = `Confirm ${left} of ${s.cells.length} (Enter)`;
}

/** @param {Grid} s */
async function confirm(s) {
  if (s.busy || !s.cells.length) return;
  s.busy = true;
  const all = inputs(s),
    cells = s.cells.map((c, at) => ({ id: c.id, version: c.version, value: all[at].value, marked: !!c.marked }));
  try {
    const answer = await request("group-confirm", { name: s.name, token: s.token, cells });
    if (answer.ok || cells.every((c) => c.marked)) {
      s.skip.push(...s.cells.filter((c) => c.marked).map((c) => c.id));
      s.cells = s.cells.filter((c) => c.marked);
      await load(s);
    }
    say(
      s,
      answer.ok
        ? answer.sentence
        : cells.every((c) => c.marked)
          ? `${cells.length} values are left to the desk.`
          : answer.sentence,
    );
  } catch {
    say(s, "No connection: nothing is lost. Press Enter again when it is back.");
  }
  s.busy = false;
}

// Documents that were looked at and not confirmed go back to the work list.
/** @param {{cells: Cell[]}} s */
function giveBack(s) {
  const ids = s.cells.map((c) => c.id);
  s.cells = [];
  if (!ids.length) return Promise.resolve();
  // A lease that is not given back ends by itself.
  return request("end_leases", { ids }, { keepalive: true }).catch(() => {});
}

/** @param {Grid} s @returns {number} */
const columns = (s) => getComputedStyle(s.find(".cells")).gridTemplateColumns.split(" ").length;

/** The input of a cell that an event is about. @param {Event} e */
function cellInput(e) {
  const at = e.composedPath()[0];
  return at instanceof HTMLInputElement && at.matches(".cell input") ? at : null;
}

/** @param {Grid} s @param {KeyboardEvent} e */
function onKey(s, e) {
  const input = cellInput(e);
  if (e.key === "Enter") {
    e.preventDefault();
    e.stopPropagation();
    if (!e.repeat) confirm(s);
    return;
  }
  if (!input) return;
  const at = Number(input.dataset.at);
  e.stopPropagation(); // Streamlit's own one-letter shortcuts stay off while typing
  const isWhole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  /** @type {Record<string, number>} */
  const steps = {
    ArrowUp: -columns(s),
    ArrowDown: columns(s),
    ArrowLeft: isWhole ? -1 : 0,
    ArrowRight: isWhole ? 1 : 0,
  };
  const step = steps[e.key];
  if (step) {
    e.preventDefault();
    inputs(s)[Math.max(0, Math.min(s.cells.length - 1, at + step))]?.focus();
    return;
  }
  if (e.key === "Delete" && isWhole) {
    e.preventDefault();
    s.cells[at].marked = !s.cells[at].marked;
    show(s, at);
    return;
  }
  if (e.key === "Escape") {
    input.value = s.cells[at].value;
    s.cells[at].marked = false;
    show(s, at);
    input.select();
  }
}

/** @param {HTMLElement | ShadowRoot} root @returns {Grid} */
function bind(root) {
  /** @type {Grid} */
  const s = {
    root,
    find: (q) => root.querySelector(q),
    name: "",
    type: "",
    cells: [],
    skip: [],
    token: "",
    turn: 0,
    busy: false,
  };
  root.addEventListener("keydown", (e) => onKey(s, /** @type {KeyboardEvent} */ (e)), true);
  root.addEventListener("focusin", (e) => cellInput(e)?.select());
  root.addEventListener("input", (e) => {
    const at = Number(cellInput(e)?.dataset.at);
    if (Number.isNaN(at)) return;
    s.cells[at].marked = false;
    show(s, at);
  });
  s.find(".confirm").addEventListener("click", () => confirm(s));
  window.addEventListener("pagehide", () => giveBack(s));
  return s;
}
