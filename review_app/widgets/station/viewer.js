// The image follows the field: pages, zoom, turn, the box that is lit, and words taken from the page.
const loaded = (src) =>
  new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = failed;
    image.src = src;
  });

// One fetch a page, kept as a blob while its document is on the desk: what is shown next is here already.
function picture(s, page, isFull = false) {
  const key = isFull ? `full-${page.id}` : page.id;
  if (!s.images.has(key)) {
    s.images.set(
      key,
      fetch(isFull ? page.full : page.src)
        .then(async (answer) => {
          if (answer.status === 401) lock(s);
          if (!answer.ok) return null;
          return loaded(URL.createObjectURL(await answer.blob()));
        })
        .catch(() => {
          s.images.delete(key);
          return null;
        }),
    );
  }
  return s.images.get(key);
}

function preload(s, doc) {
  doc.pages.slice(0, 3).forEach((page) => picture(s, page));
}

function forget(s, doc) {
  for (const page of doc.pages)
    for (const key of [page.id, `full-${page.id}`]) {
      if (s.queue.some((other) => other.pages.some((p) => p.id === page.id))) continue;
      s.images.get(key)?.then((image) => image && URL.revokeObjectURL(image.src));
      s.images.delete(key);
    }
}

async function showPage(s, number) {
  const doc = s.doc;
  if (!doc) return;
  s.page = Math.max(1, Math.min(doc.pages.length, number));
  const page = doc.pages[s.page - 1];
  const notes = [
    page.outcome === "ok" ? "" : page.outcome,
    page.isBestPossible ? "best possible" : "",
    page.isReplacement ? "scanned again" : "",
  ].filter(Boolean);
  s.find(".where").textContent = `Page ${s.page} of ${doc.pages.length}${notes.length ? ` (${notes.join(", ")})` : ""}`;
  s.find(".lit").hidden = true;
  drawNotes(s, page);
  for (const thumb of s.root.querySelectorAll(".thumb"))
    thumb.setAttribute("aria-current", String(Number(thumb.dataset.page) === s.page));
  s.root.querySelector(".thumb[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  const image = await picture(s, page);
  if (s.doc !== doc || doc.pages[s.page - 1] !== page) return;
  const shown = s.find("img.page");
  shown.hidden = !image;
  s.natural = image ? [image.naturalWidth, image.naturalHeight] : [850, 1100];
  if (image) {
    shown.src = image.src;
    await shown.decode().catch(() => {});
  } else say(s, page.reason || "This page has no image.");
  s.isFull = false;
  fit(s);
  if (s.litName) light(s, s.litName);
  requestAnimationFrame(() => {
    s.root.querySelector(".station").dataset.painted = `${doc.id}-${s.page}`;
  });
  takeWords(s, doc, page, s.page);
}

// What the file holds for this page besides its picture, and what is wrong with the picture.
function drawNotes(s, page) {
  const told = page.reason && page.outcome !== "ok" ? [{ kind: page.outcome, name: "", text: page.reason }] : [];
  s.find(".notes").replaceChildren(
    ...[...told, ...(page.notes || [])].map((n) =>
      make("li", {}, make("b", { textContent: n.kind }), `${n.name ? ` (${n.name})` : ""}: ${n.text}`),
    ),
  );
}

async function takeWords(s, doc, page, position) {
  if (s.words.has(page.id)) return;
  try {
    s.words.set(page.id, await request(s, "words", { id: doc.id, position }));
  } catch {
    /* a click says so */
  }
}

const angle = (s) => ((s.doc?.pages[s.page - 1]?.turn || 0) + s.turned) % 360;

// Size of the page on screen at zoom 1 before turning, and what turning does to it.
function layout(s) {
  const w = s.find(".pane").clientWidth,
    h = (w * s.natural[1]) / s.natural[0];
  const a = angle(s);
  const [tx, ty] = { 0: [0, 0], 90: [h, 0], 180: [w, h], 270: [0, w] }[a];
  return { w, h, a, tx, ty, base: a % 180 ? w / h : 1 };
}

function turnPoint({ w, h, a, tx, ty, base }, x, y) {
  const [px, py] = [x * w, y * h];
  const [rx, ry] = { 0: [px, py], 90: [-py, px], 180: [-px, -py], 270: [py, -px] }[a];
  return [(rx + tx) * base, (ry + ty) * base];
}

function pointAt(s, clientX, clientY) {
  const box = s.find(".pane").getBoundingClientRect(),
    m = layout(s);
  const rx = (clientX - box.left - s.x) / (s.zoom * m.base) - m.tx,
    ry = (clientY - box.top - s.y) / (s.zoom * m.base) - m.ty;
  const [px, py] = { 0: [rx, ry], 90: [ry, -rx], 180: [-rx, -ry], 270: [-ry, rx] }[m.a];
  return [px / m.w, py / m.h];
}

function fit(s) {
  s.zoom = 1;
  s.x = 0;
  s.y = 0;
  place(s);
}

function place(s) {
  const m = layout(s);
  s.find(".stage").style.transform =
    `translate(${s.x}px, ${s.y}px) scale(${s.zoom * m.base}) translate(${m.tx}px, ${m.ty}px) rotate(${m.a}deg)`;
  if (s.zoom > 1.5) sharpen(s);
}

// The 150-dpi image first; the one that was scanned takes its place when somebody looks closely.
function sharpen(s) {
  clearTimeout(s.sharpTimer);
  const doc = s.doc,
    page = doc.pages[s.page - 1];
  if (s.isFull || !page) return;
  s.sharpTimer = setTimeout(async () => {
    const image = await picture(s, page, true);
    if (image && s.doc === doc && doc.pages[s.page - 1] === page) {
      s.find("img.page").src = image.src;
      s.isFull = true;
      s.find(".stage").dataset.full = "1";
    }
  }, 250);
  delete s.find(".stage").dataset.full;
}

function zoomBy(s, factor, cx, cy) {
  const pane = s.find(".pane");
  const x = cx ?? pane.clientWidth / 2,
    y = cy ?? pane.clientHeight / 2;
  const zoom = Math.max(0.4, Math.min(6, s.zoom * factor));
  s.x = x - (x - s.x) * (zoom / s.zoom);
  s.y = y - (y - s.y) * (zoom / s.zoom);
  s.zoom = zoom;
  place(s);
}

function light(s, name) {
  s.litName = name;
  const f = s.doc.fields[name],
    lit = s.find(".lit");
  if (!f || !f.box || !f.page) {
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
  const pane = s.find(".pane"),
    m = layout(s);
  const [cx, cy] = turnPoint(m, (l + r) / 2, (t + b) / 2);
  s.zoom = Math.max(1, Math.min(2.2, 0.55 / Math.max(r - l, 0.01)));
  const wide = (m.a % 180 ? m.h : m.w) * m.base;
  s.x = Math.min(0, Math.max(wide * (1 - s.zoom), pane.clientWidth / 2 - cx * s.zoom));
  const high = (m.a % 180 ? m.w : m.h) * m.base * s.zoom;
  s.y = Math.min(0, Math.max(Math.min(0, pane.clientHeight - high), pane.clientHeight / 3 - cy * s.zoom));
  place(s);
}

// ---- pointing: a drag on empty paper moves the page, a click or drag on words takes them into the field

const wordAt = (words, x, y) =>
  words.find(([l, t, r, b]) => x >= l - 0.002 && x <= r + 0.002 && y >= t - 0.002 && y <= b + 0.002);

function onDown(s, e) {
  const pane = s.find(".pane");
  if (!e.composedPath().includes(pane) || !s.doc) return;
  const words = s.words.get(s.doc.pages[s.page - 1].id) || [];
  const [x, y] = pointAt(s, e.clientX, e.clientY);
  const takes = e.button === 0 && !e.altKey && Boolean(wordAt(words, x, y));
  s.drag = { takes, from: [x, y], at: [e.clientX, e.clientY], was: [s.x, s.y], words };
  pane.setPointerCapture(e.pointerId);
  e.preventDefault(); // the cursor stays in the field
}

function onMove(s, e) {
  if (!s.drag) return;
  const { takes, at, was, from } = s.drag;
  if (!takes) {
    s.x = was[0] + e.clientX - at[0];
    s.y = was[1] + e.clientY - at[1];
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

function onUp(s, e) {
  if (!s.drag) return;
  const { takes, from, at, words } = s.drag;
  s.drag = null;
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
  fillField(
    s,
    taken
      .filter(Boolean)
      .map((w) => w[4])
      .join(" "),
  );
}
