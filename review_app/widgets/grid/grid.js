// One field of many documents. Streamlit calls the default export on every update; listeners are bound once a root.
const STATES = new WeakMap();

export default function grid(component) {
  const root = component.parentElement,
    { name, type } = component.data;
  if (!STATES.has(root)) STATES.set(root, bind({ root, find: (q) => root.querySelector(q) }));
  const s = STATES.get(root);
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

const say = (s, text) => {
  s.find(".said").textContent = text;
};
const inputs = (s) => [...s.root.querySelectorAll(".cell input")];

async function load(s) {
  const turn = (s.turn = (s.turn || 0) + 1);
  await giveBack(s);
  const found = await request("group", { name: s.name, type: s.type, skip: s.skip });
  if (turn !== s.turn) {
    giveBack({ cells: found.cells });
    return;
  } // another field was chosen meanwhile
  s.cells = found.cells || [];
  s.token = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
  s.find(".cells").replaceChildren(...s.cells.map((cell, at) => draw(s, cell, at, found.title)));
  const button = s.find(".confirm");
  button.hidden = !s.cells.length;
  count(s);
  if (!s.cells.length) say(s, found.sentence || "No doubtful value of this field is left.");
  inputs(s)[0]?.focus();
}

function draw(s, cell, at, title) {
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

function show(s, at) {
  const cell = s.cells[at],
    box = s.find(".cells").children[at];
  const was = inputs(s)[at].value !== cell.value;
  box.classList.toggle("marked", !!cell.marked);
  box.classList.toggle("typed", was && !cell.marked);
  box.querySelector(".mark").textContent = cell.marked ? "✗ for the desk" : was ? "✓ corrected" : "";
  count(s);
}

function count(s) {
  const left = s.cells.filter((c) => !c.marked).length;
  s.find(".confirm").textContent = `Confirm ${left} of ${s.cells.length} (Enter)`;
}

async function confirm(s) {
  if (s.busy || !s.cells?.length) return;
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
function giveBack(s) {
  const ids = (s.cells || []).map((c) => c.id);
  s.cells = [];
  return ids.length ? request("end_leases", { ids }, { keepalive: true }).catch(() => {}) : Promise.resolve(); // a lease that is not given back ends by itself
}

const columns = (s) => getComputedStyle(s.find(".cells")).gridTemplateColumns.split(" ").length;

function onKey(s, e) {
  const input = e.composedPath()[0],
    at = Number(input.dataset?.at);
  if (!input.matches?.(".cell input")) {
    if (e.key !== "Enter") return;
  }
  if (e.key === "Enter") {
    e.preventDefault();
    e.stopPropagation();
    if (!e.repeat) confirm(s);
    return;
  }
  e.stopPropagation(); // Streamlit's own one-letter shortcuts stay off while typing
  const isWhole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const step = {
    ArrowUp: -columns(s),
    ArrowDown: columns(s),
    ArrowLeft: isWhole ? -1 : 0,
    ArrowRight: isWhole ? 1 : 0,
  }[e.key];
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

function bind(s) {
  s.root.addEventListener("keydown", (e) => onKey(s, e), true);
  s.root.addEventListener("focusin", (e) => e.composedPath()[0].select?.());
  s.root.addEventListener("input", (e) => {
    const at = Number(e.composedPath()[0].dataset.at);
    s.cells[at].marked = false;
    show(s, at);
  });
  s.find(".confirm").addEventListener("click", () => confirm(s));
  window.addEventListener("pagehide", () => giveBack(s));
  return s;
}
