// @ts-check
// A document to look at. Streamlit calls the default export on every update; listeners are bound once a root.

/** @typedef {[number, number, number, number]} Box left, top, right, bottom as shares of the page */
/** @typedef {{kind: string, name: string, text: string}} PageNote */
/** @typedef {{src: string, turn: number, boxes: Box[], notes: PageNote[]}} ViewerPage */
/**
 * @typedef {object} ViewerDocument review_app/model/viewing.py
 * @property {string} title
 * @property {ViewerPage[]} pages
 * @property {number} start
 * @property {string} pdf
 * @property {string} until
 * @property {string} beside viewers of one name turn their pages together
 * @property {string} stamp
 */
/**
 * @typedef {object} Viewer
 * @property {HTMLElement | ShadowRoot} root
 * @property {(what: string) => any} find an element that is always there
 * @property {ViewerDocument} doc
 * @property {number} zoom
 * @property {number} page
 * @property {(event: Event) => void} follow what is heard when a viewer beside this one turned a page
 */

/** @type {WeakMap<HTMLElement | ShadowRoot, Viewer>} */
const STATES = new WeakMap();

/** @param {{parentElement: HTMLElement | ShadowRoot, data: ViewerDocument}} component */
export default function viewer(component) {
  const root = component.parentElement,
    doc = component.data;
  const known = STATES.get(root);
  const s = known ?? bind({ root, find: (q) => root.querySelector(q), doc, zoom: 1, page: 1, follow: () => {} });
  STATES.set(root, s);
  if (!known || s.doc.stamp !== doc.stamp) {
    s.doc = doc;
    s.zoom = 1;
    show(s, doc.start || 1);
  }
  return () => {
    window.removeEventListener(TURNED, s.follow);
    STATES.delete(root);
  };
}

/** @param {Viewer} s @param {number} number */
function show(s, number) {
  const doc = s.doc;
  s.page = Math.max(1, Math.min(doc.pages.length, number));
  const page = doc.pages[s.page - 1];
  /** @type {HTMLElement} */
  const stage = s.find(".stage");
  s.find(".title").textContent = doc.title;
  s.find(".where").textContent = `Page ${s.page} of ${doc.pages.length}`;
  s.find("[data-do=hit]").hidden = !doc.pages.some((p) => p.boxes.length);
  /** @type {HTMLAnchorElement} */
  const link = s.find("a");
  link.hidden = !doc.pdf;
  if (doc.pdf) link.href = doc.pdf;
  s.find(".notes").replaceChildren(
    ...page.notes.map((n) => {
      const line = document.createElement("li"),
        kind = document.createElement("b");
      kind.textContent = n.kind;
      line.append(kind, `${n.name ? ` (${n.name})` : ""}: ${n.text}`);
      return line;
    }),
  );
  for (const old of stage.querySelectorAll(".hit")) old.remove();
  for (const [l, t, r, b] of page.boxes) {
    const hit = document.createElement("div");
    hit.className = "hit";
    Object.assign(hit.style, {
      left: `${l * 100}%`,
      top: `${t * 100}%`,
      width: `${(r - l) * 100}%`,
      height: `${(b - t) * 100}%`,
    });
    stage.append(hit);
  }
  /** @type {HTMLImageElement} */
  const image = s.find("img");
  image.onload = () => stage.querySelector(".hit")?.scrollIntoView({ block: "center" });
  image.src = page.src;
  image.style.transform = page.turn ? `rotate(${page.turn}deg)` : "";
  size(s);
}

/** @param {Viewer} s */
function size(s) {
  s.find(".stage").style.width = `${s.zoom * 100}%`;
}

const TURNED = "chartroom-page-turned";

/** Shows a page, here and in the viewers beside this one. @param {Viewer} s @param {number} number */
function turnTo(s, number) {
  show(s, number);
  const { beside } = s.doc;
  if (beside) window.dispatchEvent(new CustomEvent(TURNED, { detail: { beside, page: s.page, by: s.root } }));
}

/** @type {Record<string, (s: Viewer) => void>} */
const DO = {
  back: (s) => turnTo(s, s.page - 1),
  on: (s) => turnTo(s, s.page + 1),
  hit: (s) => {
    const n = s.doc.pages.length;
    for (let i = 1; i <= n; i++) {
      const at = ((s.page - 1 + i) % n) + 1;
      if (s.doc.pages[at - 1].boxes.length) {
        show(s, at);
        return;
      }
    }
  },
  in: (s) => {
    s.zoom = Math.min(4, s.zoom * 1.25);
    size(s);
  },
  out: (s) => {
    s.zoom = Math.max(0.4, s.zoom / 1.25);
    size(s);
  },
};

/** @param {Viewer} s */
function bind(s) {
  s.follow = (event) => {
    const { beside, page, by } = /** @type {CustomEvent} */ (event).detail;
    if (by !== s.root && beside === s.doc.beside) show(s, page);
  };
  window.addEventListener(TURNED, s.follow);
  s.root.addEventListener("click", (e) => {
    const action = e.composedPath().flatMap((n) => (n instanceof HTMLElement && n.dataset.do) || [])[0];
    if (action) DO[action](s);
  });
  s.root.addEventListener("keydown", (/** @type {any} */ e) => {
    if (e.key === "PageDown") {
      e.preventDefault();
      DO.on(s);
    }
    if (e.key === "PageUp") {
      e.preventDefault();
      DO.back(s);
    }
  });
  return s;
}
