// @ts-check
// The verification station: puts it together. Streamlit calls the default export on every data update and its clean-up
// does not run in between, so listeners are bound once per root; all else goes through the desk's own requests.
/** @type {WeakMap<HTMLElement | ShadowRoot, Station>} */
const STATES = new WeakMap();

/** @param {{parentElement: HTMLElement | ShadowRoot, data: {catalog: Catalog, queue: Queue}}} component */
function station(component) {
  const root = component.parentElement;
  const s = STATES.get(root) ?? start(root, component.data);
  STATES.set(root, s);
  return () => {
    unbind(s);
    STATES.delete(root);
  };
}

/** @param {HTMLElement | ShadowRoot} root @param {{catalog: Catalog, queue: Queue}} data */
function start(root, data) {
  /** @type {Station} */
  const s = {
    root,
    find: (/** @type {string} */ what) => /** @type {any} */ (root.querySelector(what)),
    catalog: data.catalog,
    types: new Map(data.catalog.types.map((t) => [t.code, t])),
    queue: [],
    doc: null,
    page: 1,
    waiting: data.queue.waiting,
    assigned: data.queue.assigned,
    free: data.queue.free,
    shownAt: 0,
    hasBegun: data.queue.documents.length > 0,
    skipped: new Set(),
    works: new Map(),
    images: new Map(),
    words: new Map(),
    outbox: [],
    changes: Promise.resolve(),
    isChanging: false,
    isLeaving: false,
    isDelivering: false,
    isRefilling: false,
    isLocked: false,
    question: null,
    lastInput: null,
    litName: null,
    isQuiet: false,
    selected: new Set(),
    dragged: [],
    view: { turned: 0, zoom: 1, x: 0, y: 0, natural: [850, 1100], isFull: false, fitsPage: false, drag: null },
    presence: { lastSeen: Date.now(), ticks: 0 },
    timers: {},
    seen: new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting && target instanceof HTMLButtonElement) {
          s.seen.unobserve(target);
          drawThumb(s, target);
        }
    }),
    listeners: [],
  };
  drawMenu(s);
  for (const button of all(s, ".actions [data-do]")) {
    const key = s.catalog.keys.find((k) => k.action === button.dataset.do);
    if (key) button.append(" ", make("kbd", { textContent: key.key.replaceAll("+", " ") }));
  }
  s.find(".keys dl").replaceChildren(
    ...s.catalog.keys.flatMap((k) => [
      make("dt", { textContent: k.key.replaceAll("+", " ") }),
      make("dd", { textContent: k.what }),
    ]),
  );
  bind(s);
  for (const doc of data.queue.documents) {
    s.queue.push(doc);
    preload(s, doc);
  }
  showNext(s);
  if (s.hasBegun) refill(s);
  return s;
}

// Whoever only passes by claims nothing: the first document comes when work begins.
/** @param {Station} s */
function begin(s) {
  s.hasBegun = true;
  refill(s);
}

/** @param {Station} s @param {string | undefined} text */
function say(s, text) {
  s.find(".said").textContent = text || "";
  s.find(".said").classList.remove("refused");
}

/** Says why something is refused, with the cursor where it is mended. @param {Station} s @param {string} text @param {HTMLElement | null} [at] */
function refuse(s, text, at) {
  say(s, text);
  s.find(".said").classList.add("refused");
  if (at) goTo(at);
}

/** A refusal is past once somebody mends what it is about. @param {Station} s */
function forgetRefusal(s) {
  if (s.find(".said").classList.contains("refused")) say(s, "");
}

// `place` and `look`: where the cursor was and what was looked at, of a document that stays; another one opens at its first
// doubt.
/** @param {Station} s @param {number} [page] @param {Place | null} [place] @param {Look | null} [look] */
function showNext(s, page = 1, place = null, look = null) {
  const doc = s.queue[0] || null;
  if (doc === s.doc && doc) return;
  clearTimeout(s.timers.look);
  s.doc = doc;
  s.shownAt = performance.now();
  s.view.turned = 0;
  s.litName = null;
  s.lastInput = null;
  s.selected.clear();
  s.find(".asking").hidden = true;
  s.find(".search").hidden = true;
  s.find(".station").classList.toggle("empty", !doc);
  if (!doc) {
    showEmpty(s);
    return;
  }
  s.find(".station").dataset.document = String(doc.id);
  s.find(".origin").textContent = `Document ${doc.id} · batch ${doc.origin.batch} · ${doc.origin.file}`;
  drawFields(s);
  drawPeople(s);
  drawStrip(s);
  drawTargets(s);
  s.find(".remarks").replaceChildren(
    ...doc.remarks.map((r) =>
      make("li", { textContent: `${r.at} ${r.by}, ${r.kind}${r.due ? ` until ${r.due}` : ""}: ${r.text}` }),
    ),
  );
  say(s, doc.draft ? `Draft by ${doc.draft.by} is in the fields.` : "");
  showPage(s, page, look);
  if (place) focusAgain(s, place);
  else focusFirst(s);
  showOutbox(s);
  watchReading(s);
  checkTyped(s); // a draft
  s.timers.look = window.setTimeout(() => s.doc === doc && drawBanner(s), A_LOOK);
}

/** @param {Station} s */
function showEmpty(s) {
  for (const where of /** @type {const} */ ([".banner", ".people", ".fields", ".strip", ".remarks", ".notes"]))
    s.find(where).replaceChildren();
  s.find("img.page").removeAttribute("src");
  s.find(".where").textContent = "";
  s.find(".origin").textContent = "";
  s.find(".targets").replaceChildren();
  s.find(".hidden-count").hidden = true;
  delete s.find(".station").dataset.document;
  s.find(".banner").className = "banner";
  if (!s.hasBegun && s.free) showStart(s);
  else
    s.find(".banner").append(
      make("strong", { textContent: "Nothing to verify" }),
      make("p", {
        textContent: s.skipped.size
          ? "Only documents you skipped are left; Skip shows them again."
          : "New scans appear here when they have been read.",
      }),
    );
  showOutbox(s);
}

/** @param {Station} s */
function showStart(s) {
  const button = make("button", { type: "button", className: "begin", textContent: "Start verifying" });
  button.append(" ", make("kbd", { textContent: "Enter" }));
  button.dataset.do = "begin";
  s.find(".banner").append(
    make("strong", { textContent: `${s.free} to verify` }),
    make("p", {
      textContent: s.assigned
        ? `${s.assigned} assigned to you come first. Nothing is claimed before you start.`
        : "Nothing is claimed before you start.",
    }),
    button,
  );
  button.focus();
}

// Who is away is locked out here, a little before the server does it, so that what they held is free again; who waits
// for work is looked after while they are about.
/** @param {Station} s */
function tick(s) {
  const inAnyWindow = Number(localStorage.getItem("chartroom-seen") || 0); // as signout.js notes it
  const away = (Date.now() - Math.max(s.presence.lastSeen, inAnyWindow)) / 60000;
  if (!s.isLocked && away >= 0.9 * s.catalog.idleMinutes) {
    lock(s);
    fetch("/logout", { method: "POST" });
  }
  if (!s.doc && !s.isLocked && away < 2 && ++s.presence.ticks % 3 === 0) {
    if (s.hasBegun || !s.free) lookIn(s);
  }
}

/** @param {Station} s */
function unbind(s) {
  clearInterval(s.timers.clock);
  clearTimeout(s.timers.reading);
  s.seen.disconnect();
  for (const unbindOne of s.listeners) unbindOne();
}
