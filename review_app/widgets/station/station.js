// The verification station: puts it together. Streamlit calls the default export on every data update and its clean-up
// does not run in between, so listeners are bound once per root; all else goes through the desk's own requests.
const STATES = new WeakMap();

function station(component) {
  const root = component.parentElement;
  if (!STATES.has(root)) STATES.set(root, start(root, component.data));
  const s = STATES.get(root);
  return () => {
    unbind(s);
    STATES.delete(root);
  };
}

function start(root, data) {
  const s = {
    root,
    find: (q) => root.querySelector(q),
    catalog: data.catalog,
    queue: [],
    doc: null,
    works: new Map(),
    images: new Map(),
    words: new Map(),
    outbox: [],
    skipped: new Set(),
    busy: false,
    page: 1,
    turned: 0,
    zoom: 1,
    x: 0,
    y: 0,
    natural: [850, 1100],
    waiting: data.queue.waiting,
    lastSeen: Date.now(),
    ticks: 0,
  };
  s.types = new Map(s.catalog.types.map((t) => [t.code, t]));
  s.keyOf = (action) => s.catalog.keys.find((k) => k.action === action).key;
  s.seen = new IntersectionObserver((entries) =>
    entries.forEach((e) => {
      if (e.isIntersecting) {
        s.seen.unobserve(e.target);
        drawThumb(s, e.target);
      }
    }),
  );
  drawMenu(s);
  for (const button of root.querySelectorAll(".actions [data-do]")) {
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
  return s;
}

function say(s, text) {
  s.find(".said").textContent = text || "";
}

function showNext(s, page = 1) {
  const doc = s.queue[0] || null;
  if (doc === s.doc && doc) return;
  s.doc = doc;
  s.turned = 0;
  s.litName = null;
  s.lastInput = null;
  s.find(".asking").hidden = true;
  s.find(".search").hidden = true;
  s.root.querySelector(".station").classList.toggle("empty", !doc);
  if (!doc) {
    showEmpty(s);
    return;
  }
  s.root.querySelector(".station").dataset.document = String(doc.id);
  drawFields(s);
  drawPeople(s);
  drawStrip(s);
  s.find(".remarks").replaceChildren(
    ...doc.remarks.map((r) =>
      make("li", { textContent: `${r.at} ${r.by}, ${r.kind}${r.due ? ` until ${r.due}` : ""}: ${r.text}` }),
    ),
  );
  say(s, doc.draft ? `Draft by ${doc.draft.by} is in the fields.` : "");
  showPage(s, page);
  focusFirst(s);
  showOutbox(s);
}

function showEmpty(s) {
  for (const where of [".banner", ".people", ".fields", ".strip", ".remarks", ".notes"])
    s.find(where).replaceChildren();
  s.find("img.page").removeAttribute("src");
  s.find(".where").textContent = "";
  s.find(".hidden-count").hidden = true;
  delete s.root.querySelector(".station").dataset.document;
  s.find(".banner").className = "banner";
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

// ---- approve, put aside, take back

async function leave(s, sent) {
  if (s.busy || !s.doc) return;
  const doc = s.doc;
  clearTimeout(s.draftTimer);
  s.busy = true;
  const answered = post(s, sent);
  const answer = await Promise.race([answered, later(900, LATE)]);
  s.busy = false;
  if (answer === LATE) {
    takeOff(s, doc);
    answered.then((late) => {
      if (!late.ok) {
        s.queue.splice(1, 0, doc);
        settleRefusal(s, doc, late);
        refill(s);
      } else dropWork(s, doc, late);
    });
    return;
  }
  if (answer.ok) {
    takeOff(s, doc);
    dropWork(s, doc, answer);
  } else settleRefusal(s, doc, answer);
}

function dropWork(s, doc, answer) {
  s.works.delete(doc.id);
  forget(s, doc);
  say(s, answer.sentence);
  refill(s);
}

function takeOff(s, doc) {
  s.queue = s.queue.filter((d) => d !== doc);
  if (s.doc === doc) {
    s.doc = null;
    showNext(s);
  }
}

// A refusal loses nothing: the document stays, or comes back next, with everything typed.
async function settleRefusal(s, doc, answer) {
  if (answer.stale) {
    settleStale(s, doc, answer);
    return;
  }
  say(s, s.doc === doc ? answer.sentence : `Document ${doc.id} came back: ${answer.sentence}`);
  if (s.doc !== doc) return;
  if (answer.needs === "retype") {
    const said = await ask(s, {
      title: answer.sentence,
      ok: "Confirm",
      fields: [{ name: "retyped", label: "MRN or date of birth" }],
    });
    if (said) {
      work(s).retyped = said.retyped;
      approve(s);
    }
  }
}

function settleStale(s, doc, answer) {
  const now = answer.stale.document;
  if (!now) {
    takeOff(s, doc);
    s.works.delete(doc.id);
    say(s, answer.stale.sentence);
    refill(s);
    return;
  }
  const mine = s.works.get(doc.id);
  s.queue = [now, ...s.queue.filter((d) => d.id !== now.id)];
  if (mine) s.works.set(now.id, mine);
  s.doc = null;
  showNext(s);
  const lines = answer.stale.differences.map((d) => `${d.title}: yours “${d.mine}”, saved by ${d.by} “${d.theirs}”`);
  ask(s, {
    title: "Somebody saved this document while you looked at it. Nothing was overwritten.",
    lines: lines.length ? lines : ["Your values do not differ."],
    ok: "Keep mine in the fields",
    cancel: "Take theirs",
  }).then((keeps) => {
    if (!keeps) {
      s.works.delete(now.id);
      s.doc = null;
      showNext(s);
    }
  });
}

// The machine's own link goes by one key; whoever was not linked by it was chosen by hand, and a contradiction needs insisting.
function approve(s) {
  const w = work(s),
    person = people(s).find((p) => p.id === w.person);
  if (w.person === null) {
    say(s, `Choose the patient first: a digit, or ${s.keyOf("find")} to search.`);
    return;
  }
  const isMachines = s.doc.decision === "linked" && w.person === s.doc.person;
  if (!isMachines && !w.isChosen && s.doc.decision !== "confirmed") {
    say(
      s,
      `Please look: ${s.doc.reasons.concat(s.doc.flags)[0] || "the patient is only proposed"}. Choose the patient by digit.`,
    );
    return;
  }
  if (!isMachines && (person?.differs || []).length) {
    say(
      s,
      `Please look: ${person.differs.join(", ")} ${person.differs.length === 1 ? "differs" : "differ"}. If it is right all the same: ${s.keyOf("insist")}.`,
    );
    return;
  }
  leave(s, message(s, "approve"));
}

async function insist(s) {
  const said = await ask(s, {
    title: "Why is it right despite the mismatch?",
    ok: "Approve",
    fields: [{ name: "reason", label: "Reason" }],
  });
  if (said) leave(s, message(s, "approve", { override_mismatch: true, reason: said.reason }));
}

const putAside = (action, title) => async (s) => {
  const said = await ask(s, {
    title,
    ok: "Put aside",
    fields: [
      { name: "reason", label: "Reason" },
      { name: "due", label: "Look again on", type: "date", isOptional: true },
    ],
  });
  if (said) leave(s, message(s, action, said));
};

async function askRescan(s) {
  const said = await ask(s, {
    title: `Ask for page ${s.page} again`,
    ok: "Ask",
    fields: [
      { name: "code", label: "Why", options: Object.entries(s.catalog.rescanReasons) },
      { name: "reason", label: "Remark", isOptional: true },
    ],
  });
  if (said)
    leave(
      s,
      message(s, "rescan", {
        code: said.code,
        reason: said.reason,
        pages: said.code === "page_missing" ? [] : [shownPage(s).id],
      }),
    );
}

async function comment(s) {
  const said = await ask(s, {
    title: "Comment for whoever has this document next",
    ok: "Keep",
    fields: [{ name: "reason", label: "Comment" }],
  });
  if (!said) return;
  const doc = s.doc,
    answer = await post(s, message(s, "comment", said));
  if (answer.ok && s.doc === doc && answer.documents?.[0]) {
    doc.remarks = answer.documents[0].remarks;
    s.find(".remarks").replaceChildren(
      ...doc.remarks.map((r) => make("li", { textContent: `${r.at} ${r.by}: ${r.text}` })),
    );
  }
  say(s, answer.sentence);
}

async function takeBack(s) {
  const list = await request(s, "recent", {});
  if (!list.length) {
    say(s, "None of your approvals can be taken back: they are filed.");
    return;
  }
  const said = await ask(s, {
    title: "Take back which of your last approvals?",
    ok: "Take back",
    fields: [
      { name: "id", label: "Document", options: list.map((d) => [String(d.id), `${d.id}: ${d.name}, ${d.at}`]) },
    ],
  });
  if (!said) return;
  const answer = await post(s, { action: "take_back", id: Number(said.id), token: `back-${said.id}-${Date.now()}` });
  if (answer.ok && answer.documents?.[0]) {
    s.queue.unshift(answer.documents[0]);
    preload(s, answer.documents[0]);
    s.doc = null;
    showNext(s);
  }
  say(s, answer.sentence);
}

function skip(s) {
  if (!s.doc) {
    s.skipped.clear();
    refill(s);
    return;
  }
  s.skipped.add(s.doc.id);
  leave(s, message(s, "skip"));
}

// ---- one question at a time, in the panel: Enter answers, Escape leaves it

function ask(s, question) {
  return new Promise((answered) => {
    const box = s.find(".asking");
    s.asked?.(null);
    const rows = (question.fields || []).map((f) => {
      const input = f.options
        ? make(
            "select",
            { name: f.name },
            ...f.options.map(([value, text]) => make("option", { value, textContent: text })),
          )
        : make("input", { name: f.name, type: f.type || "text", maxLength: 300, autocomplete: "off" });
      input.dataset.isOptional = f.isOptional ? "1" : "";
      return make("label", { textContent: f.label }, input);
    });
    const done = (value) => {
      s.asked = null;
      s.answer = null;
      box.hidden = true;
      box.replaceChildren();
      answered(value);
      if (s.doc) s.lastInput?.isConnected ? goTo(s.lastInput) : focusFirst(s);
    };
    s.asked = done;
    s.answer = () => {
      const values = Object.fromEntries(
        [...box.querySelectorAll("input, select")].map((i) => [i.name, i.value.trim()]),
      );
      const empty = [...box.querySelectorAll("input, select")].find((i) => !i.value.trim() && !i.dataset.isOptional);
      if (empty) {
        say(s, "Please fill it in.");
        empty.focus();
        return;
      }
      done(values);
    };
    const ok = make("button", { type: "button", textContent: question.ok || "OK" });
    ok.dataset.do = "answer";
    const no = make("button", { type: "button", textContent: question.cancel || "Leave it" });
    no.dataset.do = "unanswer";
    box.replaceChildren(
      make("p", { textContent: question.title }),
      ...(question.lines ? [make("ul", {}, ...question.lines.map((l) => make("li", { textContent: l })))] : []),
      ...rows,
      ok,
      no,
    );
    box.hidden = false;
    (box.querySelector("input, select") || ok).focus();
  });
}

const DO = {
  "page-back": (s) => {
    s.litName = null;
    showPage(s, s.page - 1);
  },
  "page-on": (s) => {
    s.litName = null;
    showPage(s, s.page + 1);
  },
  "zoom-in": (s) => zoomBy(s, 1.25),
  "zoom-out": (s) => zoomBy(s, 0.8),
  fit,
  "turn-view": (s) => {
    s.turned = (s.turned + 90) % 360;
    fit(s);
  },
  keys: (s) => s.find("dialog").showModal(),
  "keys-close": (s) => s.find("dialog").close(),
  approve: (s) => approve(s),
  insist,
  find: openSearch,
  none: (s) => choose(s, 0),
  history: showHistory,
  comment,
  kind: (s) => {
    work(s).showsAll = true;
    onlyDoubtful(s);
    goTo(s.find("select[name=type]"));
  },
  "all-fields": (s) => {
    work(s).showsAll = !work(s).showsAll;
    onlyDoubtful(s);
  },
  pend: putAside("pend", "Pend: what is missing?"),
  query: putAside("query", "What is the provider asked?"),
  escalate: putAside("escalate", "What shall a supervisor decide?"),
  rescan: askRescan,
  skip,
  recent: takeBack,
  answer: (s) => s.answer?.(),
  unanswer: (s) => s.asked?.(null),
  ...CHANGES,
};
const NEED_NO_DOCUMENT = new Set(["keys", "keys-close", "recent", "skip", "answer", "unanswer"]);

function run(s, action) {
  s.find(".menu").open = false;
  if (DO[action] && (s.doc || NEED_NO_DOCUMENT.has(action))) DO[action](s);
}

// ---- events, bound once

const keyName = (e) => {
  const key = /^Key[A-Z]$/.test(e.code) ? e.code.slice(3) : /^Digit\d$/.test(e.code) ? e.code.slice(5) : e.key;
  return `${e.ctrlKey || e.metaKey ? "Ctrl+" : ""}${e.altKey ? "Alt+" : ""}${e.shiftKey ? "Shift+" : ""}${key}`;
};

function onKey(s, e) {
  const target = e.composedPath()[0];
  if (!s.root.contains(target) && target !== document.body) return;
  const isTyping = target.matches?.("input, select, textarea"),
    pressed = keyName(e);
  const stop = () => {
    e.preventDefault();
    e.stopPropagation();
  };
  if (s.isLocked) return;
  if (s.find("dialog").open) {
    if (e.key !== "Escape" && e.key !== "Enter") e.stopPropagation();
    return;
  }
  if (target.name === "find" && e.key === "Enter") {
    stop();
    if (work(s).found.length) choose(s, 1);
    closeSearch(s);
    return;
  }
  if (target.name === "find" && e.key === "Escape") {
    stop();
    closeSearch(s);
    return;
  }
  if (target.closest?.(".asking")) {
    if (e.key === "Enter" && target.dataset.do !== "unanswer") {
      stop();
      if (!e.repeat) s.answer?.();
      return;
    }
    if (e.key === "Escape") {
      stop();
      s.asked?.(null);
      return;
    }
    e.stopPropagation();
    return;
  }
  const digit = /^(?:Alt\+)?([0-9])$/.exec(pressed);
  if (digit && s.doc && (e.altKey || !isTyping)) {
    stop();
    choose(s, Number(digit[1]));
    if (target.name === "find") closeSearch(s);
    return;
  }
  const action = s.catalog.keys.find((k) => k.key === pressed)?.action;
  if (action === "confirm" || action === "back") {
    if (!target.closest?.(".field") || !isTyping) return;
    stop();
    if (e.repeat) return;
    if (action === "back") back(s, target);
    else confirmField(s, target);
    return;
  }
  if (action) {
    stop();
    if (!e.repeat || action.startsWith("zoom") || action.startsWith("page-")) run(s, action);
    return;
  }
  if (e.key === "?" && !isTyping) {
    stop();
    run(s, "keys");
    return;
  }
  if (isTyping) e.stopPropagation(); // Streamlit's own one-letter shortcuts stay off while typing
}

function bind(s) {
  const on = (where, name, handler, options) => {
    where.addEventListener(name, handler, options);
    s.listeners.push([where, name, handler, options]);
  };
  s.listeners = [];
  const seen = () => {
    s.lastSeen = Date.now();
  };
  on(
    document,
    "keydown",
    (e) => {
      seen();
      onKey(s, e);
    },
    true,
  );
  on(document, "pointermove", seen, { passive: true });
  on(s.root, "submit", (e) => e.preventDefault(), true);
  on(s.root, "click", (e) => {
    const hit = e
      .composedPath()
      .find((n) => n.dataset && (n.dataset.do || n.dataset.person || n.dataset.page || n.dataset.restore));
    if (!hit || s.isLocked) return;
    if (hit.dataset.person) choose(s, 1 + people(s).findIndex((p) => p.id === Number(hit.dataset.person)));
    else if (hit.dataset.page) {
      s.litName = null;
      showPage(s, Number(hit.dataset.page));
    } else if (hit.dataset.restore) rearrange(s, { kind: "restore", pages: [Number(hit.dataset.restore)] });
    else run(s, hit.dataset.do);
  });
  on(s.root, "focusin", (e) => {
    const t = e.composedPath()[0];
    if (!t.matches?.(".field input, .field select")) return;
    if (t.tagName === "INPUT") s.lastInput = t;
    light(s, t.name);
  });
  on(s.root, "input", (e) => {
    const t = e.composedPath()[0];
    if (t.name === "find") search(s, t.value);
    else if (t.matches?.(".field input, .field select")) typed(s, t);
  });
  on(
    s.find(".pane"),
    "wheel",
    (e) => {
      e.preventDefault();
      const b = s.find(".pane").getBoundingClientRect();
      zoomBy(s, e.deltaY < 0 ? 1.12 : 0.89, e.clientX - b.left, e.clientY - b.top);
    },
    { passive: false },
  );
  on(s.find(".pane"), "pointerdown", (e) => onDown(s, e));
  on(s.find(".pane"), "pointermove", (e) => onMove(s, e));
  on(s.find(".pane"), "pointerup", (e) => onUp(s, e));
  on(window, "online", () => deliver(s));
  on(window, "beforeunload", (e) => {
    if (s.outbox.length) e.preventDefault();
  });
  on(window, "pagehide", () => {
    const idle = s.queue.slice(1).map((d) => d.id); // the one on the desk stays: a reload finds it again
    if (idle.length)
      fetch("/desk/end_leases", {
        method: "POST",
        keepalive: true,
        body: JSON.stringify({ ids: idle }),
        headers: { "x-chartroom-desk": "1" },
      });
  });
  s.clock = setInterval(() => tick(s), 1000);
}

// Who is away is locked out here, a little before the server does it, so that what they held is free again; who waits for work is looked after while they are about.
function tick(s) {
  const away = (Date.now() - s.lastSeen) / 60000;
  if (!s.isLocked && away >= 0.9 * s.catalog.idleMinutes) {
    lock(s);
    fetch("/logout", { method: "POST" });
  }
  if (!s.doc && !s.isLocked && away < 2 && ++s.ticks % 3 === 0) refill(s);
}

function unbind(s) {
  clearInterval(s.clock);
  s.seen.disconnect();
  for (const [where, name, handler, options] of s.listeners) where.removeEventListener(name, handler, options);
}
