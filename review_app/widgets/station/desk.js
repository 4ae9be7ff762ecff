// @ts-check
// The desk's own requests, the outbox, and drafts. An action is sent until it is answered, and done once for its token.
/** @param {number} ms @returns {Promise<void>} */
const later = (ms) => new Promise((done) => window.setTimeout(done, ms));

/** The document on the desk, for what is only done while there is one. @param {Station} s */
function onDesk(s) {
  if (!s.doc) throw new Error("no document is on the desk");
  return s.doc;
}

/**
 * @template {keyof Requests} N
 * @param {Station} s
 * @param {N} name
 * @param {Requests[N][0]} body
 * @returns {Promise<Requests[N][1] | Refusal>}
 */
async function request(s, name, body) {
  const answer = await fetch(`/desk/${name}`, {
    method: "POST",
    body: JSON.stringify(body || {}),
    headers: { "content-type": "application/json", "x-chartroom-desk": "1" },
  });
  if (answer.status === 401) {
    lock(s, SIGNED_OUT);
    throw new Error("signed out");
  }
  const said = await answer.json();
  if (!answer.ok && said.sentence) said.ok = false;
  return said;
}

// Puts a message into the outbox; the promise is its answer, however long that takes.
/** @param {Station} s @param {DeskMessage} message @returns {Promise<Answer>} */
function post(s, message) {
  return new Promise((answered) => {
    s.outbox.push({ message, answered });
    deliver(s);
  });
}

/** @param {Station} s */
async function deliver(s) {
  if (s.isDelivering) return;
  s.isDelivering = true;
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
  s.isDelivering = false;
}

/** @param {Station} s */
function showOutbox(s) {
  s.find(".left").textContent = [
    s.outbox.length && `${s.outbox.length} being saved`,
    s.waiting && `${s.waiting} to verify`,
    s.assigned && `${s.assigned} assigned to you`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** @param {Station} s @param {StationDocument} [doc] @returns {Work} */
const work = (s, doc = onDesk(s)) => {
  const known = s.works.get(doc.id);
  if (known) return known;
  /** @type {Partial<SavedDraft>} */
  const draft = doc.draft || {};
  /** @type {Work} */
  const made = {
    values: { ...(draft.values || {}) },
    type: draft.type || doc.type,
    person: (doc.draft ? draft.person : doc.person) ?? null, // a draft may say that it is nobody
    isChosen: draft.person != null && draft.person !== doc.person,
    confirmed: new Set(),
    seen: new Set(),
    pagesSeen: new Set(),
    plain: {},
    refused: {},
    objections: doc.objections,
    judged: "",
    filled: {},
    asPrinted: new Set(),
    reason: "",
    showsAll: false,
    found: [],
    retyped: "",
  };
  if (!doc.draft) made.judged = standsAs(made); // as the document came
  s.works.set(doc.id, made);
  return made;
};

/** @param {Station} s @param {DeskAction} action @param {Partial<DeskMessage>} [more] @returns {DeskMessage} */
function message(s, action, more = {}) {
  const w = work(s),
    doc = onDesk(s);
  return {
    action,
    id: doc.id,
    version: doc.version,
    values: { ...w.values },
    type: w.type,
    person: w.person,
    retyped: w.retyped,
    seen: [...w.seen],
    as_printed: [...w.asPrinted],
    reason: w.reason,
    token: crypto.randomUUID ? crypto.randomUUID() : `${doc.id}-${Date.now()}-${Math.random()}`,
    ...more,
  };
}

// Every change is kept as a draft half a second later, and again when a cut connection is back.
/** @param {Station} s */
function changed(s) {
  clearTimeout(s.timers.draft);
  const doc = onDesk(s);
  s.timers.draft = window.setTimeout(() => keepDraft(s, doc), 400);
}

/** @param {Station} s @param {StationDocument} doc */
async function keepDraft(s, doc) {
  if (s.isLocked || !s.queue.includes(doc)) return;
  const w = work(s, doc);
  try {
    const said = await request(s, "draft", { id: doc.id, values: w.values, type: w.type, person: w.person });
    if (!said.ok && s.doc === doc) say(s, said.sentence);
    if (said.ok) s.find(".station").dataset.draft = String(doc.id);
  } catch {
    if (!s.isLocked) s.timers.draft = window.setTimeout(() => keepDraft(s, doc), 2000);
  }
}

// Whether something waits by now; nothing is claimed by it, at a desk that ran empty either: work begins anew by Start.
/** @param {Station} s */
async function lookIn(s) {
  try {
    const said = await request(s, "queue", { have: [], skip: [...s.skipped], begin: false });
    if (!("documents" in said) || s.doc || s.isRefilling) return;
    s.waiting = said.waiting;
    s.assigned = said.assigned;
    s.free = said.free;
    if (s.free) {
      s.hasBegun = false;
      showEmpty(s);
    } else showOutbox(s);
  } catch {
    /* no connection, or locked: it is asked again */
  }
}

/** @param {Station} s */
async function refill(s) {
  if (!s.hasBegun || s.isRefilling || s.isLocked) return;
  s.isRefilling = true;
  try {
    const have = [...s.queue.map((d) => d.id), ...s.outbox.map((o) => o.message.id)];
    const said = await request(s, "queue", { have, skip: [...s.skipped] });
    const none = { documents: [], waiting: 0, assigned: 0, free: 0 };
    const { documents, waiting, assigned, free } = "documents" in said ? said : none;
    for (const doc of documents)
      if (!s.queue.some((d) => d.id === doc.id)) {
        s.queue.push(doc);
        preload(s, doc);
      }
    s.waiting = waiting;
    s.assigned = assigned;
    s.free = free;
    showOutbox(s);
    if (!s.doc) showNext(s);
  } catch {
    /* told by the outbox, or locked */
  } finally {
    s.isRefilling = false;
  }
}

const SIGNED_OUT = "You were signed out. What you typed is kept.";

/** @param {Station} s @param {string} [why] none: nobody was here */
function lock(s, why) {
  if (s.isLocked) return;
  s.isLocked = true;
  if (why) s.find(".locked p").textContent = why;
  for (const where of /** @type {const} */ ([
    ".banner",
    ".origin",
    ".targets",
    ".people",
    ".fields",
    ".strip",
    ".remarks",
    ".notes",
    ".asking",
  ]))
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
