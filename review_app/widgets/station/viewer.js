// @ts-check
// The image follows the field: pages, zoom, turn, the box that is lit, and words taken from the page.
/** @param {string} src @returns {Promise<HTMLImageElement>} */
const loaded = (src) =>
  new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = failed;
    image.src = src;
  });

// One fetch a page, kept as a blob while its document is on the desk: what is shown next is here already.
/**
 * @param {Station} s
 * @param {StationPage} page
 * @param {boolean} [isFull]
 * @returns {Promise<HTMLImageElement | null>}
 */
function picture(s, page, isFull = false) {
  const key = isFull ? page.full : page.src;
  const known = s.images.get(key);
  if (known) return known;
  const made = fetch(key)
    .then(async (answer) => {
      if (answer.status === 401) lock(s);
      if (!answer.ok) return null;
      return loaded(URL.createObjectURL(await answer.blob()));
    })
    .catch(() => {
      s.images.delete(key);
      return null;
    });
  s.images.set(key, made);
  return made;
}

/** @param {Station} s @param {StationDocument} doc */
function preload(s, doc) {
  for (const page of doc.pages.slice(0, 3)) picture(s, page);
}

/** @param {Station} s @param {StationDocument} doc */
function forget(s, doc) {
  for (const page of doc.pages)
    for (const key of [page.src, page.full]) {
      if (s.queue.some((other) => other.pages.some((p) => p.src === page.src))) continue;
      s.images.get(key)?.then((image) => image && URL.revokeObjectURL(image.src));
      s.images.delete(key);
    }
}

/** Which page of how many, and what is known of it. @param {Station} s */
function showWhere(s) {
  const doc = onDesk(s),
    page = doc.pages[s.page - 1];
  const notes = [
    page.outcome === "ok" ? "" : page.outcome,
    page.isBestPossible ? "best possible" : "",
    page.isReplacement ? "scanned again" : "",
    page.reading === "waits" ? "being read as you turned it" : "",
    s.selected.size ? `${s.selected.size} selected` : "",
  ].filter(Boolean);
  s.find(".where").textContent = `Page ${s.page} of ${doc.pages.length}${notes.length ? ` (${notes.join(", ")})` : ""}`;
}

const LATE = 200; // ms; a picture that takes longer leaves none there: another page than the named one is never in sight

// `look`: what is looked at stays in the middle, as large as it was, when the same page is drawn anew.
/** @param {Station} s @param {number} number @param {Look | null} [look] */
async function showPage(s, number, look = null) {
  const doc = s.doc;
  if (!doc) return;
  s.page = Math.max(1, Math.min(doc.pages.length, number));
  const page = doc.pages[s.page - 1];
  showWhere(s);
  s.find(".lit").hidden = true;
  work(s).pagesSeen.add(s.page);
  drawBanner(s); // a page fewer to look at
  drawNotes(s, page);
  for (const thumb of all(s, ".thumb")) {
    thumb.setAttribute("aria-current", String(Number(thumb.dataset.page) === s.page));
    thumb.classList.toggle("unseen", !work(s).pagesSeen.has(Number(thumb.dataset.page)));
  }
  s.root.querySelector(".thumb[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  const shown = s.find("img.page"),
    isShown = () => s.doc === doc && doc.pages[s.page - 1] === page;
  const late = window.setTimeout(() => isShown() && Object.assign(shown, { hidden: true }), LATE);
  const image = await picture(s, page);
  clearTimeout(late);
  if (!isShown()) return;
  shown.hidden = !image;
  s.view.natural = image ? [image.naturalWidth, image.naturalHeight] : [850, 1100];
  if (image) {
    shown.src = image.src;
    await shown.decode().catch(() => {});
  } else say(s, page.reason || "This page has no image.");
  s.view.isFull = false;
  if (look?.page === page.id) lookAgain(s, look);
  else fit(s);
  if (s.litName) light(s, s.litName, look?.page !== page.id);
  requestAnimationFrame(() => {
    s.find(".station").dataset.painted = `${doc.id}-${s.page}`;
  });
  takeWords(s, doc, page, s.page);
}

// What the file holds for this page besides its picture, and what is wrong with the picture.
/** @param {Station} s @param {StationPage} page */
function drawNotes(s, page) {
  const told = page.reason && page.outcome !== "ok" ? [{ kind: page.outcome, name: "", text: page.reason }] : [];
  s.find(".notes").replaceChildren(
    ...[...told, ...page.notes].map((n) =>
      make("li", {}, make("b", { textContent: n.kind }), `${n.name ? ` (${n.name})` : ""}: ${n.text}`),
    ),
  );
}

/** @param {Station} s @param {StationDocument} doc @param {StationPage} page @param {number} position */
async function takeWords(s, doc, page, position) {
  if (s.words.has(page.src)) return;
  try {
    const words = await request(s, "words", { id: doc.id, position });
    if (Array.isArray(words)) s.words.set(page.src, words); // a refusal is asked for again
  } catch {
    /* a click says so */
  }
}

/** @param {Station} s */
const angle = (s) => ((s.doc?.pages[s.page - 1]?.turn || 0) + s.view.turned) % 360;

/**
 * One of four by the angle: 0, 90, 180 or 270 degrees.
 * @template T
 * @param {number} angle
 * @param {...T} four
 */
const byAngle = (angle, ...four) => four[angle / 90];

// Size of the page on screen at zoom 1 before turning, and what turning does to it.
/** @param {Station} s @returns {Layout} */
function layout(s) {
  const w = s.find(".pane").clientWidth,
    h = (w * s.view.natural[1]) / s.view.natural[0];
  const a = angle(s);
  const [tx, ty] = byAngle(a, [0, 0], [h, 0], [w, h], [0, w]);
  return { w, h, a, tx, ty, base: a % 180 ? w / h : 1 };
}

/** @param {Layout} layout @param {number} x @param {number} y */
function turnPoint({ w, h, a, tx, ty, base }, x, y) {
  const [px, py] = [x * w, y * h];
  const [rx, ry] = byAngle(a, [px, py], [-py, px], [-px, -py], [py, -px]);
  return [(rx + tx) * base, (ry + ty) * base];
}

/** @param {Station} s @param {number} clientX @param {number} clientY */
function pointAt(s, clientX, clientY) {
  const box = s.find(".pane").getBoundingClientRect(),
    m = layout(s);
  const rx = (clientX - box.left - s.view.x) / (s.view.zoom * m.base) - m.tx,
    ry = (clientY - box.top - s.view.y) / (s.view.zoom * m.base) - m.ty;
  const [px, py] = byAngle(m.a, [rx, ry], [ry, -rx], [-rx, -ry], [-ry, rx]);
  return [px / m.w, py / m.h];
}

/** How the paper lies on the screen, whichever way its picture was made. @param {Station} s */
const paperAngle = (s) => (onDesk(s).pages[s.page - 1].paperTurn + s.view.turned) % 360;

/** Pixels of the page on the screen as it lies, at a zoom. @param {Station} s @param {number} zoom */
function extent(s, zoom) {
  const m = layout(s);
  return { wide: (m.a % 180 ? m.h : m.w) * m.base * zoom, high: (m.a % 180 ? m.w : m.h) * m.base * zoom };
}

/** What is looked at now; null where all of the page, or its width, is shown. @param {Station} s @returns {Look | null} */
function lookOf(s) {
  const page = s.doc?.pages[s.page - 1],
    { zoom, x, y } = s.view,
    fitted = fitting(s);
  if (!page || (Math.abs(zoom - fitted.zoom) < 0.01 && Math.abs(x - fitted.x) < 1 && Math.abs(y - fitted.y) < 1))
    return null;
  const pane = s.find(".pane"),
    size = extent(s, zoom);
  const u = (pane.clientWidth / 2 - x) / size.wide,
    v = (pane.clientHeight / 2 - y) / size.high;
  return { page: page.id, angle: paperAngle(s), u, v, ...size };
}

/** @param {Station} s @param {Look} look */
function lookAgain(s, look) {
  const pane = s.find(".pane"),
    turned = (paperAngle(s) - look.angle + 360) % 360;
  const [u, v] = byAngle(
    turned,
    [look.u, look.v],
    [1 - look.v, look.u],
    [1 - look.u, 1 - look.v],
    [look.v, 1 - look.u],
  );
  s.view.zoom = (turned % 180 ? look.high : look.wide) / extent(s, 1).wide;
  const size = extent(s, s.view.zoom);
  s.view.x = pane.clientWidth / 2 - u * size.wide;
  s.view.y = pane.clientHeight / 2 - v * size.high;
  place(s);
}

// The page as wide as the pane, or all of it; what somebody chose holds for the pages and documents that follow.
/** @param {Station} s */
function fit(s) {
  Object.assign(s.view, fitting(s));
  place(s);
}

/** @param {Station} s */
function fitting(s) {
  const pane = s.find(".pane"),
    { high } = extent(s, 1);
  const zoom = s.view.fitsPage ? Math.min(1, pane.clientHeight / high) : 1;
  const x = (pane.clientWidth * (1 - zoom)) / 2,
    y = s.view.fitsPage ? Math.max(0, (pane.clientHeight - high * zoom) / 2) : 0;
  return { zoom, x, y };
}

/** @param {Station} s */
function place(s) {
  const m = layout(s);
  const moved = `translate(${s.view.x}px, ${s.view.y}px) scale(${s.view.zoom * m.base})`;
  s.find(".stage").style.transform = `${moved} translate(${m.tx}px, ${m.ty}px) rotate(${m.a}deg)`;
  if (s.view.zoom > 1.5) sharpen(s);
}

// The 150-dpi image first; the one that was scanned takes its place when somebody looks closely.
/** @param {Station} s */
function sharpen(s) {
  clearTimeout(s.timers.sharp);
  const doc = onDesk(s),
    page = doc.pages[s.page - 1];
  if (s.view.isFull || !page) return;
  s.timers.sharp = window.setTimeout(async () => {
    const image = await picture(s, page, true);
    if (image && s.doc === doc && doc.pages[s.page - 1] === page) {
      s.find("img.page").src = image.src;
      s.view.isFull = true;
      s.find(".stage").dataset.full = "1";
    }
  }, 250);
  delete s.find(".stage").dataset.full;
}

/** @param {Station} s @param {number} factor @param {number} [cx] @param {number} [cy] */
function zoomBy(s, factor, cx, cy) {
  const pane = s.find(".pane");
  const x = cx ?? pane.clientWidth / 2,
    y = cy ?? pane.clientHeight / 2;
  const zoom = Math.max(0.4, Math.min(6, s.view.zoom * factor));
  s.view.x = x - (x - s.view.x) * (zoom / s.view.zoom);
  s.view.y = y - (y - s.view.y) * (zoom / s.view.zoom);
  s.view.zoom = zoom;
  place(s);
}

/** @param {Station} s @param {string} name @param {boolean} [comesNear] the page is moved and zoomed to the place */
function light(s, name, comesNear = true) {
  s.litName = name;
  const f = onDesk(s).fields[name],
    lit = s.find(".lit");
  if (!f?.box || !f.page) {
    lit.hidden = true;
    return;
  }
  if (f.page !== s.page) {
    showPage(s, f.page);
    return;
  }
  const [l, t, r, b] = f.box;
  Object.assign(lit.style, {
    left: `${l * 100 - 0.4}%`,
    top: `${t * 100 - 0.3}%`,
    width: `${(r - l) * 100 + 0.8}%`,
    height: `${(b - t) * 100 + 0.6}%`,
  });
  lit.hidden = false;
  if (!comesNear) return;
  const pane = s.find(".pane"),
    m = layout(s);
  const [cx, cy] = turnPoint(m, (l + r) / 2, (t + b) / 2);
  s.view.zoom = Math.max(1, Math.min(2.2, 0.55 / Math.max(r - l, 0.01)));
  const { wide, high } = extent(s, s.view.zoom);
  s.view.x = Math.min(0, Math.max(pane.clientWidth - wide, pane.clientWidth / 2 - cx * s.view.zoom));
  s.view.y = Math.min(0, Math.max(Math.min(0, pane.clientHeight - high), pane.clientHeight / 3 - cy * s.view.zoom));
  place(s);
}

// ---- pointing: a drag on empty paper moves the page, a click or drag on words takes them into the field

/** @param {Word[]} words @param {number} x @param {number} y */
const wordAt = (words, x, y) =>
  words.find(([l, t, r, b]) => x >= l - 0.002 && x <= r + 0.002 && y >= t - 0.002 && y <= b + 0.002);

/** @param {Station} s @param {PointerEvent} e */
function onDown(s, e) {
  const pane = s.find(".pane");
  if (!e.composedPath().includes(pane) || !s.doc) return;
  const words = s.words.get(s.doc.pages[s.page - 1].src) || [];
  const [x, y] = pointAt(s, e.clientX, e.clientY);
  const takes = e.button === 0 && !e.altKey && Boolean(wordAt(words, x, y));
  s.view.drag = { takes, from: [x, y], at: [e.clientX, e.clientY], was: [s.view.x, s.view.y], words };
  pane.setPointerCapture(e.pointerId);
  e.preventDefault(); // the cursor stays in the field
}

/** @param {Station} s @param {PointerEvent} e */
function onMove(s, e) {
  if (!s.view.drag) return;
  const { takes, at, was, from } = s.view.drag;
  if (!takes) {
    s.view.x = was[0] + e.clientX - at[0];
    s.view.y = was[1] + e.clientY - at[1];
    place(s);
    return;
  }
  const [x, y] = pointAt(s, e.clientX, e.clientY),
    marked = s.find(".marked");
  marked.hidden = false;
  Object.assign(marked.style, {
    left: `${Math.min(x, from[0]) * 100}%`,
    top: `${Math.min(y, from[1]) * 100}%`,
    width: `${Math.abs(x - from[0]) * 100}%`,
    height: `${Math.abs(y - from[1]) * 100}%`,
  });
}

/** @param {Station} s @param {PointerEvent} e */
function onUp(s, e) {
  if (!s.view.drag) return;
  const { takes, from, at, words } = s.view.drag;
  s.view.drag = null;
  s.find(".marked").hidden = true;
  if (!takes) return;
  const [x, y] = pointAt(s, e.clientX, e.clientY);
  const isClick = Math.hypot(e.clientX - at[0], e.clientY - at[1]) < 5;
  const [left, right, top, bottom] = [
    Math.min(x, from[0]),
    Math.max(x, from[0]),
    Math.min(y, from[1]),
    Math.max(y, from[1]),
  ];
  const taken = isClick
    ? [wordAt(words, x, y)]
    : words.filter(([l, t, r, b]) => r > left && l < right && (t + b) / 2 > top && (t + b) / 2 < bottom);
  fillField(s, taken.flatMap((w) => (w ? [w[4]] : [])).join(" "));
}
