// The verification station: page image, fields, candidates, keys. Streamlit calls the default export on
// every data update and its clean-up does not run in between, so listeners are bound once per root.
const STATES = new WeakMap();
const BANDS = { auto: "✓ read well", check: "? check", missing: "! missing", empty: "", done: "✓ confirmed" };
const KEYS = [
  ["Enter", "confirm, go to the next doubtful field"], ["Shift Enter", "back"], ["Ctrl Enter", "approve and take the next document"],
  ["Ctrl Shift Enter", "approve although something differs, with a reason"], ["Alt 1 … 9", "choose a candidate"], ["Alt 0", "none of them"],
  ["Alt F", "find a patient (type, Enter, then Alt 1 … 9)"], ["Alt P", "pend"], ["Alt R", "ask for a rescan"], ["Alt K", "skip"],
  ["PageUp, PageDown", "page"], ["Alt ↑, Alt ↓", "zoom"], ["Alt Z", "fit width"], ["Alt T", "turn the view"], ["F1", "these keys"],
];
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

export default function station(component) {
  const root = component.parentElement;
  let s = STATES.get(root);
  if (!s) {
    s = { root, find: (q) => root.querySelector(q), doc: null, busy: false };
    STATES.set(root, s);
    bind(s);
  }
  s.component = component;
  update(s, component.data);
  return () => { unbind(s); STATES.delete(root); };
}

function update(s, data) {
  const doc = data.document;
  if (!s.doc || s.doc.id !== doc.id || s.doc.version !== doc.version) {
    const isSame = s.doc && s.doc.id === doc.id;
    const typed = isSame ? Object.fromEntries(inputs(s).filter((i) => i.value !== i.dataset.was).map((i) => [i.name, i.value])) : {};
    s.doc = doc;
    if (!isSame) { s.chosen = doc.person ?? null; s.confirmedPerson = false; s.extra = []; }
    s.naturals = {};
    s.turned = 0;
    draw(s);
    inputs(s).forEach((i) => { if (i.name in typed) i.value = typed[i.name]; }); // a refusal loses nothing typed
    showPage(s, 1);
    if (!isSame || !s.root.activeElement) focusFirst(s);
    (data.preload || []).forEach((src) => { new Image().src = src; });
  }
  if (data.found && data.found.stamp !== s.foundStamp) {
    s.foundStamp = data.found.stamp;
    s.extra = data.found.people;
    drawPeople(s);
    say(s, s.extra.length ? "Choose with Alt and the number." : "Nobody by that name or number.");
  }
  if (data.stamp !== s.stamp) {
    s.stamp = data.stamp;
    s.busy = false;
    say(s, data.said || "");
  }
}

// ---- drawing

function draw(s) {
  const doc = s.doc;
  const form = s.find(".fields");
  const kinds = make("select", { name: "type" });
  kinds.setAttribute("aria-label", "Document type");
  const option = (t, name) => make("option", { value: t.code, textContent: name || t.name, selected: t.code === doc.type });
  const likely = doc.typeGuesses.map((t) => option(t, t.evidence ? `${t.name} (“${t.evidence}”)` : t.name));
  const guessed = new Set(doc.typeGuesses.map((t) => t.code));
  if (likely.length) kinds.append(make("optgroup", { label: "Likeliest" }, ...likely));
  kinds.append(make("optgroup", { label: "All" }, ...doc.types.filter((t) => !guessed.has(t.code)).map((t) => option(t))));
  const sureType = doc.typeIsSure;
  const typeRow = make("div", { className: `field ${sureType ? "auto" : "check"}` }, make("label", { textContent: "Document type" }), kinds,
    make("span"), make("span", { className: "band", textContent: sureType ? BANDS.auto : BANDS.check }));
  form.replaceChildren(typeRow, ...doc.fields.map((f) => fieldRow(s, f)));
  s.find("#why-list").replaceChildren(...doc.rescanReasons.map((r) => make("option", { value: r })));
  s.find(".why").hidden = true;
  s.find(".keys dl").replaceChildren(...KEYS.flatMap(([k, what]) => [make("dt", { textContent: k }), make("dd", { textContent: what })]));
  drawPeople(s);
  doc.pages.forEach((page, i) => {
    const image = new Image();
    image.onload = () => { s.naturals[i + 1] = [image.naturalWidth, image.naturalHeight]; drawCrops(s, i + 1); };
    image.src = page.src;
  });
}

function fieldRow(s, f) {
  const input = make("input", { name: f.name, value: f.value, spellcheck: false });
  input.dataset.was = f.value;
  input.setAttribute("aria-label", f.title);
  input.setAttribute("aria-describedby", `band-${f.name}`);
  const row = make("div", { className: `field ${f.band}` }, make("label", { textContent: f.title }), input,
    make("div", { className: "crop", hidden: true }), make("span", { className: "band", id: `band-${f.name}`, textContent: BANDS[f.band] }));
  row.dataset.name = f.name;
  return row;
}

function drawCrops(s, page) {
  for (const f of s.doc.fields) {
    if (f.page !== page || !f.box) continue;
    const crop = s.find(`.field[data-name="${f.name}"] .crop`);
    const [w, h] = s.naturals[page];
    const [l, t, r, b] = f.box;
    const scale = Math.min((crop.clientWidth - 6) / ((r - l) * w), 22 / ((b - t) * h), 1.4);
    crop.hidden = false;
    crop.style.backgroundImage = `url(${s.doc.pages[page - 1].src})`;
    crop.style.backgroundSize = `${w * scale}px ${h * scale}px`;
    crop.style.backgroundPosition = `${-(l * w * scale) + 3}px ${-(t * h * scale) + (28 - (b - t) * h * scale) / 2}px`;
  }
}

const people = (s) => {
  const found = new Set(s.extra.map((p) => p.id)); // what was searched for comes first, so that Alt 1 is what is seen
  return [...s.extra, ...s.doc.candidates.filter((p) => !found.has(p.id))].slice(0, 9);
};

// What speaks for a person and what against, each as long as it weighs.
const waterfall = (evidence) => make("span", { className: "waterfall" }, ...evidence.map((e) => {
  const sign = e.bits > 0 ? "+" : "";
  const bar = make("span", { className: e.how, textContent: e.what, title: `${e.why || e.what} (${sign}${e.bits} bits)` });
  bar.style.setProperty("--bits", String(Math.min(16, Math.abs(e.bits))));
  return bar;
}));

function drawPeople(s) {
  const list = people(s);
  const chosen = list.find((p) => p.id === s.chosen);
  const banner = s.find(".banner");
  const isSure = s.doc.decision === "linked" && chosen && chosen.id === s.doc.person;
  banner.className = `banner ${isSure || s.confirmedPerson ? "sure" : "ask"}`;
  banner.replaceChildren(chosen
    ? make("strong", { textContent: `${chosen.name}  ·  ${chosen.dob}  ·  ${chosen.sex}  ·  MRN ${chosen.mrn}` })
    : make("strong", { textContent: "Whose document is this?" }));
  const reasons = [...(s.doc.decision === "linked" ? [] : s.doc.reasons), ...s.doc.flags, ...s.doc.labels.map((l) => `Protected: ${l}`)];
  if (!list.length) reasons.push("Alt F finds a patient, Alt P pends the document.");
  if (reasons.length) banner.append(make("ul", {}, ...reasons.map((r) => make("li", { textContent: r }))));
  s.find(".people").replaceChildren(...list.map((p, i) => {
    const agrees = (p.agrees || []).join(", ");
    const differs = (p.differs || []).join(", ");
    const option = make("button", { type: "button", className: "person" }, make("kbd", { textContent: String(i + 1) }),
      make("span", { textContent: `${p.name}  ${p.dob}  ${p.sex}` }), make("span", { textContent: `MRN ${p.mrn}` }));
    if ((p.evidence || []).length) option.append(waterfall(p.evidence));
    else if (agrees || differs) option.append(make("small", { textContent: [agrees && `✓ ${agrees}`, differs && `✗ ${differs}`].filter(Boolean).join("   ") }));
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(p.id === s.chosen));
    option.dataset.person = p.id;
    return option;
  }));
}

function say(s, text) { s.find(".said").textContent = text; }

// ---- the image follows the field

function showPage(s, number) {
  const count = s.doc.pages.length;
  s.page = Math.max(1, Math.min(count, number));
  const page = s.doc.pages[s.page - 1];
  s.find(".page").src = page.src;
  s.find(".where").textContent = `Page ${s.page} of ${count}${page.outcome === "ok" ? "" : ` (${page.outcome})`}`;
  s.find(".lit").hidden = true;
  fit(s);
}

function fit(s) { s.zoom = 1; s.x = 0; s.y = 0; place(s); }

function place(s) {
  s.find(".stage").style.transform = `translate(${s.x}px, ${s.y}px) scale(${s.zoom}) rotate(${s.turned}deg)`;
  s.find(".stage").style.transformOrigin = s.turned ? "50% 50%" : "0 0";
}

function zoomBy(s, factor, cx, cy) {
  const pane = s.find(".pane");
  const x = cx ?? pane.clientWidth / 2, y = cy ?? pane.clientHeight / 2;
  const zoom = Math.max(0.4, Math.min(6, s.zoom * factor));
  s.x = x - (x - s.x) * (zoom / s.zoom);
  s.y = y - (y - s.y) * (zoom / s.zoom);
  s.zoom = zoom;
  place(s);
}

function light(s, name) {
  const f = s.doc.fields.find((field) => field.name === name);
  const lit = s.find(".lit");
  if (!f || !f.box || !f.page) { lit.hidden = true; return; }
  if (f.page !== s.page) showPage(s, f.page);
  const [l, t, r, b] = f.box;
  Object.assign(lit.style, { left: `${l * 100 - 0.4}%`, top: `${t * 100 - 0.3}%`, width: `${(r - l) * 100 + 0.8}%`, height: `${(b - t) * 100 + 0.6}%` });
  lit.hidden = false;
  const pane = s.find(".pane");
  const height = s.naturals[s.page] ? pane.clientWidth * s.naturals[s.page][1] / s.naturals[s.page][0] : s.find(".page").clientHeight;
  s.zoom = Math.max(1, Math.min(2.2, 0.55 / (r - l)));
  s.x = Math.min(0, Math.max(pane.clientWidth * (1 - s.zoom), pane.clientWidth / 2 - ((l + r) / 2) * pane.clientWidth * s.zoom));
  s.y = Math.min(0, pane.clientHeight / 3 - ((t + b) / 2) * height * s.zoom);
  place(s);
}

// ---- fields

const inputs = (s) => [...s.root.querySelectorAll(".field input")];
const isDoubtful = (input) => input.closest(".field").matches(".check, .missing");

function focusFirst(s) {
  const first = inputs(s).find(isDoubtful) || inputs(s)[0];
  requestAnimationFrame(() => { first.focus({ preventScroll: false }); first.select(); });
}

function confirmField(s, input) {
  const row = input.closest(".field");
  if (!row || !row.dataset.name) return;
  if (input.value.trim()) { row.className = "field auto"; row.querySelector(".band").textContent = BANDS.done; }
  const all = inputs(s), at = all.indexOf(input);
  const next = all.slice(at + 1).find(isDoubtful);
  if (next) { next.focus(); next.select(); } else s.find(".approve").focus();
}

function back(s, input) {
  const all = inputs(s), before = all[Math.max(0, all.indexOf(input) - 1)];
  before.focus(); before.select();
}

// ---- actions

function message(s, action, more = {}) {
  const values = {};
  inputs(s).forEach((i) => { if (i.value !== i.dataset.was) values[i.name] = i.value; });
  return { action, id: s.doc.id, version: s.doc.version, values, type: s.find("select[name=type]").value, person: s.chosen,
    token: `${s.doc.id}-${s.doc.version}-${action}-${Date.now()}`, ...more };
}

function send(s, action, more) {
  if (s.busy) return;
  s.busy = true; // one trigger at a time: of two before a rerun only the last would arrive, twice
  say(s, "…");
  s.component.setTriggerValue("action", message(s, action, more));
}

function approve(s, although) {
  const person = people(s).find((p) => p.id === s.chosen);
  if (!person) { say(s, "Choose the patient first: Alt and the number, or Alt F to search."); return; }
  const isMachines = s.doc.decision === "linked" && s.chosen === s.doc.person;
  const against = (person.differs || []).length ? `differs: ${person.differs.join(", ")}` : s.doc.reasons.concat(s.doc.flags)[0];
  if (!isMachines && against && !although) {
    say(s, `Please look: ${against}. If it is right all the same: Ctrl Shift Enter.`);
    return;
  }
  if (although) askWhy(s, "although"); else send(s, "approve");
}

function choose(s, number) {
  s.chosen = number === 0 ? null : people(s)[number - 1]?.id ?? s.chosen;
  s.confirmedPerson = s.chosen !== null;
  drawPeople(s);
  say(s, "");
}

function askWhy(s, action) {
  s.whyFor = action;
  s.find(".why").hidden = false;
  const input = s.find("input[name=why]");
  input.value = ""; input.focus();
}

function sendWhy(s) {
  const reason = s.find("input[name=why]").value.trim();
  if (!reason) { say(s, "Please give a reason."); return; }
  if (s.whyFor === "find") { s.find(".why").hidden = true; s.component.setTriggerValue("search", { words: reason, stamp: Date.now() }); focusFirst(s); }
  else if (s.whyFor === "although") send(s, "approve", { although: true, reason });
  else send(s, s.whyFor, { reason });
}

const DO = {
  "page-back": (s) => showPage(s, s.page - 1), "page-on": (s) => showPage(s, s.page + 1),
  "zoom-in": (s) => zoomBy(s, 1.25), "zoom-out": (s) => zoomBy(s, 0.8), fit,
  turn: (s) => { s.turned = (s.turned + 90) % 360; place(s); },
  keys: (s) => s.find("dialog").showModal(), "keys-close": (s) => s.find("dialog").close(),
  approve: (s) => approve(s, false), pend: (s) => askWhy(s, "pend"), rescan: (s) => askWhy(s, "rescan"),
  skip: (s) => send(s, "skip"), "why-send": sendWhy,
};

// ---- events, bound once

function onKey(s, e) {
  const target = e.composedPath()[0];
  const stop = () => { e.preventDefault(); e.stopPropagation(); };
  const alt = (key) => e.altKey && !e.ctrlKey && e.code === key;
  if (e.key === "F1") { stop(); DO.keys(s); return; }
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { stop(); if (!e.repeat) approve(s, e.shiftKey); return; }
  if (e.altKey && /^Digit\d$/.test(e.code)) { stop(); choose(s, Number(e.code.slice(5))); return; }
  if (alt("KeyP")) { stop(); askWhy(s, "pend"); return; }
  if (alt("KeyR")) { stop(); askWhy(s, "rescan"); return; }
  if (alt("KeyF")) { stop(); askWhy(s, "find"); return; }
  if (alt("KeyK")) { stop(); send(s, "skip"); return; }
  if (alt("KeyZ")) { stop(); fit(s); return; }
  if (alt("KeyT")) { stop(); DO.turn(s); return; }
  if (alt("ArrowUp")) { stop(); zoomBy(s, 1.25); return; }
  if (alt("ArrowDown")) { stop(); zoomBy(s, 0.8); return; }
  if (e.key === "PageDown") { stop(); showPage(s, s.page + 1); return; }
  if (e.key === "PageUp") { stop(); showPage(s, s.page - 1); return; }
  if (target.tagName === "INPUT") {
    if (e.key === "Enter") { stop(); if (e.repeat) return; if (target.name === "why") sendWhy(s); else if (e.shiftKey) back(s, target); else confirmField(s, target); return; }
    if (e.key === "Escape" && target.name === "why") { stop(); s.find(".why").hidden = true; focusFirst(s); return; }
    e.stopPropagation(); // Streamlit's own one-letter shortcuts stay off while typing
  }
  if (e.key === "?" && target.tagName !== "INPUT") { stop(); DO.keys(s); }
}

function bind(s) {
  s.listeners = [
    ["keydown", (e) => onKey(s, e), true],
    ["submit", (e) => e.preventDefault(), true],
    ["click", (e) => {
      const button = e.composedPath().find((n) => n.dataset && (n.dataset.do || n.dataset.person));
      if (!button) return;
      if (button.dataset.person) { s.chosen = Number(button.dataset.person); s.confirmedPerson = true; drawPeople(s); } else DO[button.dataset.do](s);
    }, false],
    ["focusin", (e) => { const t = e.composedPath()[0]; if (t.matches?.(".field input")) light(s, t.name); }, false],
    ["wheel", (e) => {
      const pane = s.find(".pane");
      if (!e.composedPath().includes(pane)) return;
      e.preventDefault();
      const box = pane.getBoundingClientRect();
      zoomBy(s, e.deltaY < 0 ? 1.12 : 0.89, e.clientX - box.left, e.clientY - box.top);
    }, { passive: false }],
    ["pointerdown", (e) => {
      const pane = s.find(".pane");
      if (!e.composedPath().includes(pane)) return;
      e.preventDefault();
      s.drag = [e.clientX - s.x, e.clientY - s.y];
      pane.setPointerCapture(e.pointerId);
    }, false],
    ["pointermove", (e) => { if (s.drag) { s.x = e.clientX - s.drag[0]; s.y = e.clientY - s.drag[1]; place(s); } }, false],
    ["pointerup", () => { s.drag = null; }, false],
  ];
  s.listeners.forEach(([name, handler, options]) => s.root.addEventListener(name, handler, options));
}

function unbind(s) { s.listeners.forEach(([name, handler, options]) => s.root.removeEventListener(name, handler, options)); }
