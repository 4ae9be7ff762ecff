// The desk's own requests, the outbox, and drafts. An action is sent until it is answered, and done once for its token.
const LATE = Symbol("late");
const later = (ms, value) => new Promise((done) => setTimeout(() => done(value), ms));

async function request(s, name, body) {
  const answer = await fetch(`/desk/${name}`, {
    method: "POST",
    body: JSON.stringify(body || {}),
    headers: { "content-type": "application/json", "x-chartroom-desk": "1" },
  });
  if (answer.status === 401) {
    lock(s);
    throw new Error("signed out");
  }
  const said = await answer.json();
  if (!answer.ok && said.sentence) said.ok = false;
  return said;
}

// Puts a message into the outbox; the promise is its answer, however long that takes.
function post(s, message) {
  return new Promise((answered) => {
    s.outbox.push({ message, answered });
    deliver(s);
  });
}

async function deliver(s) {
  if (s.delivering) return;
  s.delivering = true;
  while (s.outbox.length && !s.isLocked) {
    const { message, answered } = s.outbox[0];
    try {
      const answer = await request(s, "act", message);
      s.outbox.shift();
      answered(answer);
    } catch {
      if (s.isLocked) break;
      say(s, `No connection: ${s.outbox.length} not saved yet. It is sent again as soon as possible.`);
      await later(1500);
    }
    showOutbox(s);
  }
  s.delivering = false;
}

function showOutbox(s) {
  s.find(".left").textContent = [
    s.outbox.length && `${s.outbox.length} being saved`,
    s.waiting && `${s.waiting} to verify`,
  ]
    .filter(Boolean)
    .join(" · ");
}

const work = (s, doc = s.doc) => {
  if (!s.works.has(doc.id)) {
    const draft = doc.draft || {};
    s.works.set(doc.id, {
      values: { ...(draft.values || {}) },
      type: draft.type || doc.type,
      person: draft.person ?? doc.person ?? null,
      isChosen: draft.person != null && draft.person !== doc.person,
      confirmed: new Set(),
      showsAll: false,
      found: [],
      retyped: "",
    });
  }
  return s.works.get(doc.id);
};

function message(s, action, more = {}) {
  const w = work(s);
  return {
    action,
    id: s.doc.id,
    version: s.doc.version,
    values: { ...w.values },
    type: w.type,
    person: w.person,
    retyped: w.retyped,
    token: crypto.randomUUID ? crypto.randomUUID() : `${s.doc.id}-${Date.now()}-${Math.random()}`,
    ...more,
  };
}

// Every change is kept as a draft half a second later, and again when a cut connection is back.
function changed(s) {
  clearTimeout(s.draftTimer);
  const doc = s.doc;
  s.draftTimer = setTimeout(() => keepDraft(s, doc), 400);
}

async function keepDraft(s, doc) {
  if (s.isLocked || !s.queue.includes(doc)) return;
  const w = work(s, doc);
  try {
    const said = await request(s, "draft", { id: doc.id, values: w.values, type: w.type, person: w.person });
    if (!said.ok && s.doc === doc) say(s, said.sentence);
    if (said.ok) s.root.querySelector(".station").dataset.draft = String(doc.id);
  } catch {
    if (!s.isLocked) s.draftTimer = setTimeout(() => keepDraft(s, doc), 2000);
  }
}

async function refill(s) {
  if (s.refilling || s.isLocked) return;
  s.refilling = true;
  try {
    const have = [...s.queue.map((d) => d.id), ...s.outbox.map((o) => o.message.id)];
    const said = await request(s, "queue", { have, skip: [...s.skipped] });
    for (const doc of said.documents || [])
      if (!s.queue.some((d) => d.id === doc.id)) {
        s.queue.push(doc);
        preload(s, doc);
      }
    s.waiting = said.waiting;
    showOutbox(s);
    if (!s.doc) showNext(s);
  } catch {
    /* told by the outbox, or locked */
  } finally {
    s.refilling = false;
  }
}

function lock(s) {
  if (s.isLocked) return;
  s.isLocked = true;
  for (const where of [".banner", ".people", ".fields", ".strip", ".remarks", ".notes", ".asking"])
    s.find(where).replaceChildren();
  s.find("img.page").removeAttribute("src");
  for (const image of s.images.values()) image.then((i) => i && URL.revokeObjectURL(i.src)).catch(() => {});
  s.images.clear();
  s.queue = [];
  s.doc = null;
  s.works.clear();
  s.find(".locked").hidden = false;
  s.find(".locked a").focus();
}
