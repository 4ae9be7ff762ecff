// A document to look at. Streamlit calls the default export on every update; listeners are bound once a root.
const STATES = new WeakMap();

export default function viewer(component) {
  const root = component.parentElement;
  if (!STATES.has(root)) STATES.set(root, bind({ root, find: (q) => root.querySelector(q), zoom: 1, page: 1 }));
  const s = STATES.get(root),
    doc = component.data;
  if (!s.doc || s.doc.stamp !== doc.stamp) {
    s.doc = doc;
    s.zoom = 1;
    show(s, doc.start || 1);
  }
  return () => STATES.delete(root);
}

function show(s, number) {
  const doc = s.doc;
  s.page = Math.max(1, Math.min(doc.pages.length, number));
  const page = doc.pages[s.page - 1],
    stage = s.find(".stage");
  s.find(".title").textContent = doc.title;
  s.find(".where").textContent = `Page ${s.page} of ${doc.pages.length}`;
  s.find("[data-do=hit]").hidden = !doc.pages.some((p) => p.boxes.length);
  const link = s.find("a");
  link.hidden = !doc.pdf;
  if (doc.pdf) link.href = doc.pdf;
  s.find(".notes").replaceChildren(
    ...(page.notes || []).map((n) => {
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
  const image = s.find("img");
  image.onload = () => stage.querySelector(".hit")?.scrollIntoView({ block: "center" });
  image.src = page.src;
  image.style.transform = page.turn ? `rotate(${page.turn}deg)` : "";
  size(s);
}

function size(s) {
  s.find(".stage").style.width = `${s.zoom * 100}%`;
}

const DO = {
  back: (s) => show(s, s.page - 1),
  on: (s) => show(s, s.page + 1),
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

function bind(s) {
  s.root.addEventListener("click", (e) => {
    const b = e.composedPath().find((n) => n.dataset?.do);
    if (b) DO[b.dataset.do](s);
  });
  s.root.addEventListener("keydown", (e) => {
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
