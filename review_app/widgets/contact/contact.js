// @ts-check
// Blank sides at one glance. Streamlit calls the default export on every update; listeners are bound once a root.

/** @typedef {{id: number, src: string, file: string, page: string, ink: string, whole: boolean}} ShownSide */
/** @typedef {ShownSide & {marked: boolean}} Side marked: something is on it */
/** @typedef {{waiting: number, sides: ShownSide[]}} Sheet review_app/model/blanks.py */
/** @typedef {{ok: boolean, sentence: string}} Outcome also what is said instead of an answer */

/** @typedef {{}} EmptyRequest */
/** @typedef {{confirmed: number[], marked: number[]}} BlanksDecideRequest */
/**
 * @typedef {object} Requests what is sent under each name, and what comes back
 * @property {[EmptyRequest, Sheet]} blanks
 * @property {[BlanksDecideRequest, Outcome]} blanks-decide
 */

/**
 * @typedef {object} Contact
 * @property {HTMLElement | ShadowRoot} root
 * @property {(what: string) => any} find an element that is always there
 * @property {Side[]} sides
 * @property {number} waiting
 * @property {boolean} busy
 */

/** @type {WeakMap<HTMLElement | ShadowRoot, Contact>} */
const STATES = new WeakMap();

/** @param {{parentElement: HTMLElement | ShadowRoot}} component */
export default function contact(component) {
  const root = component.parentElement;
  if (!STATES.has(root)) {
    const s = bind({ root, find: (q) => root.querySelector(q), sides: [], waiting: 0, busy: false });
    STATES.set(root, s);
    load(s);
  }
  return () => STATES.delete(root);
}

/**
 * @template {keyof Requests} N
 * @param {N} name
 * @param {Requests[N][0]} body
 * @returns {Promise<Requests[N][1] | Outcome>}
 */
async function request(name, body) {
  const answer = await fetch(`/desk/${name}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "x-chartroom-desk": "1" },
  });
  if (answer.status === 401) {
    window.location.assign("/login");
    throw new Error("signed out");
  }
  return answer.json();
}

/** @param {Contact} s @param {string} text */
const say = (s, text) => {
  s.find(".said").textContent = text;
};
/** @param {Contact} s @returns {HTMLButtonElement[]} */
const buttons = (s) => [.../** @type {NodeListOf<HTMLButtonElement>} */ (s.root.querySelectorAll(".side"))];

/** @param {Contact} s */
async function load(s) {
  const found = await request("blanks", {});
  const { sides, waiting } = "sides" in found ? found : { sides: [], waiting: 0 };
  s.sides = sides.map((side) => ({ ...side, marked: false }));
  s.waiting = waiting;
  s.find(".sides").replaceChildren(...s.sides.map(draw));
  s.find(".confirm").hidden = !s.sides.length;
  count(s);
  if (!s.sides.length) say(s, `${s.find(".said").textContent} No blank side waits.`.trim());
  buttons(s)[0]?.focus();
}

/** @param {Side} side @param {number} at */
function draw(side, at) {
  /**
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} tag
   * @param {Partial<HTMLElementTagNameMap[K]>} more
   */
  const make = (tag, more) => Object.assign(document.createElement(tag), more);
  const box = make("button", { type: "button", className: "side" }),
    frame = make("span", { className: "frame" });
  frame.append(make("img", { src: side.src, alt: "", loading: "lazy" }));
  box.append(
    frame,
    make("small", { textContent: side.file, title: side.file }),
    make("small", { textContent: `${side.page} · ${side.ink}${side.whole ? " · whole file" : ""}` }),
    make("span", { className: "mark" }),
  );
  box.dataset.at = String(at);
  box.setAttribute("aria-pressed", "false");
  box.setAttribute("aria-label", `${side.file}, ${side.page}: blank. Press if something is on it.`);
  return box;
}

/** @param {Contact} s @param {number} at */
function mark(s, at) {
  const side = s.sides[at],
    box = buttons(s)[at];
  side.marked = !side.marked;
  box.setAttribute("aria-pressed", String(side.marked));
  const sign = box.querySelector(".mark");
  if (sign) sign.textContent = side.marked ? "✗ not blank" : "";
  count(s);
}

/** @param {Contact} s */
function count(s) {
  const blank = s.sides.filter((side) => !side.marked).length,
    others = s.sides.length - blank;
  s.find(".confirm").textContent =
    `Confirm ${blank} blank${others ? `, make documents of ${others}` : ""} (${s.waiting} waiting)`;
}

/** @param {Contact} s */
async function confirm(s) {
  if (s.busy || !s.sides.length) return;
  s.busy = true;
  /** @param {boolean} marked */
  const ids = (marked) => s.sides.filter((side) => side.marked === marked).map((side) => side.id);
  try {
    const answer = await request("blanks-decide", { confirmed: ids(false), marked: ids(true) });
    say(s, answer.sentence);
    await load(s);
  } catch {
    say(s, "No connection: nothing is lost. Confirm again when it is back.");
  }
  s.busy = false;
}

/** @param {Contact} s @param {number} at */
function closer(s, at) {
  const side = s.sides[at],
    dialog = s.find(".closer");
  dialog.querySelector("img").src = side.src;
  dialog.querySelector("p").textContent = `${side.file}, ${side.page}, ${side.ink}`;
  dialog.showModal();
}

/** @param {Contact} s @returns {number} */
const columns = (s) => getComputedStyle(s.find(".sides")).gridTemplateColumns.split(" ").length;

/** The side that an event is about. @param {Event} e @returns {HTMLButtonElement | undefined} */
const sideOf = (e) =>
  e.composedPath().flatMap((n) => (n instanceof HTMLButtonElement && n.classList.contains("side") ? [n] : []))[0];

/** @param {Contact} s @param {KeyboardEvent} e */
function onKey(s, e) {
  if (e.key === "Enter" && e.ctrlKey) {
    e.preventDefault();
    e.stopPropagation();
    if (!e.repeat) confirm(s);
    return;
  }
  const box = sideOf(e);
  if (!box) return;
  const at = Number(box.dataset.at);
  e.stopPropagation(); // Streamlit's own one-letter shortcuts stay off here
  /** @type {Record<string, number>} */
  const steps = { ArrowUp: -columns(s), ArrowDown: columns(s), ArrowLeft: -1, ArrowRight: 1 };
  const step = steps[e.key];
  if (step) {
    e.preventDefault();
    buttons(s)[Math.max(0, Math.min(s.sides.length - 1, at + step))]?.focus();
  }
  if (e.key === "+") {
    e.preventDefault();
    closer(s, at);
  }
}

/** @param {Contact} s */
function bind(s) {
  s.root.addEventListener("keydown", (e) => onKey(s, /** @type {KeyboardEvent} */ (e)), true);
  s.root.addEventListener("click", (e) => {
    const box = sideOf(e);
    if (box) mark(s, Number(box.dataset.at));
  });
  s.find(".confirm").addEventListener("click", () => confirm(s));
  s.find(".close").addEventListener("click", () => s.find(".closer").close());
  s.find(".contrast").addEventListener("input", (/** @type {any} */ e) =>
    s.find(".contact").style.setProperty("--contrast", e.target.value),
  );
  return s;
}
