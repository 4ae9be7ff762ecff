// Blank sides at one glance. Streamlit calls the default export on every update; listeners are bound once a root.
const STATES = new WeakMap();

export default function contact(component) {
  const root = component.parentElement;
  if (!STATES.has(root)) {
    STATES.set(root, bind({ root, find: (q) => root.querySelector(q), sides: [] }));
    load(STATES.get(root));
  }
  return () => STATES.delete(root);
}

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

const say = (s, text) => {
  s.find(".said").textContent = text;
};
const buttons = (s) => [...s.root.querySelectorAll(".side")];

async function load(s) {
  const found = await request("blanks", {});
  s.sides = (found.sides || []).map((side) => ({ ...side, marked: false }));
  s.waiting = found.waiting || 0;
  s.find(".sides").replaceChildren(...s.sides.map(draw));
  s.find(".confirm").hidden = !s.sides.length;
  count(s);
  if (!s.sides.length) say(s, `${s.find(".said").textContent} No blank side waits.`.trim());
  buttons(s)[0]?.focus();
}

function draw(side, at) {
  const make = (tag, more = {}) => Object.assign(document.createElement(tag), more);
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

function mark(s, at) {
  const side = s.sides[at],
    box = buttons(s)[at];
  side.marked = !side.marked;
  box.setAttribute("aria-pressed", String(side.marked));
  box.querySelector(".mark").textContent = side.marked ? "✗ not blank" : "";
  count(s);
}

function count(s) {
  const blank = s.sides.filter((side) => !side.marked).length,
    others = s.sides.length - blank;
  s.find(".confirm").textContent =
    `Confirm ${blank} blank${others ? `, make documents of ${others}` : ""} (${s.waiting} waiting)`;
}

async function confirm(s) {
  if (s.busy || !s.sides.length) return;
  s.busy = true;
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

function closer(s, at) {
  const side = s.sides[at],
    dialog = s.find(".closer");
  dialog.querySelector("img").src = side.src;
  dialog.querySelector("p").textContent = `${side.file}, ${side.page}, ${side.ink}`;
  dialog.showModal();
}

const columns = (s) => getComputedStyle(s.find(".sides")).gridTemplateColumns.split(" ").length;

function onKey(s, e) {
  if (e.key === "Enter" && e.ctrlKey) {
    e.preventDefault();
    e.stopPropagation();
    if (!e.repeat) confirm(s);
    return;
  }
  const at = Number(e.composedPath()[0].dataset?.at);
  if (Number.isNaN(at)) return;
  e.stopPropagation(); // Streamlit's own one-letter shortcuts stay off here
  const step = { ArrowUp: -columns(s), ArrowDown: columns(s), ArrowLeft: -1, ArrowRight: 1 }[e.key];
  if (step) {
    e.preventDefault();
    buttons(s)[Math.max(0, Math.min(s.sides.length - 1, at + step))]?.focus();
  }
  if (e.key === "+") {
    e.preventDefault();
    closer(s, at);
  }
}

function bind(s) {
  s.root.addEventListener("keydown", (e) => onKey(s, e), true);
  s.root.addEventListener("click", (e) => {
    const box = e.composedPath().find((n) => n.classList?.contains("side"));
    if (box) mark(s, Number(box.dataset.at));
  });
  s.find(".confirm").addEventListener("click", () => confirm(s));
  s.find(".close").addEventListener("click", () => s.find(".closer").close());
  s.find(".contrast").addEventListener("input", (e) =>
    s.find(".contact").style.setProperty("--contrast", e.target.value),
  );
  return s;
}
