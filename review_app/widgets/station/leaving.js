// @ts-check
// What ends the work on a document, or notes something about it: approve, put aside, skip, comment, take back.
/** @param {Station} s @param {DeskMessage} sent @param {() => void} [reopen] the question that it came from, with what was filled in */
async function leave(s, sent, reopen) {
  if (s.isLeaving || !s.doc) return;
  if (s.isChanging) {
    say(s, "Its pages are still being changed: once more when that is done.");
    return;
  }
  const doc = s.doc;
  clearTimeout(s.timers.draft);
  s.isLeaving = true;
  const answered = post(s, sent);
  const answer = await Promise.race([answered, later(900)]);
  s.isLeaving = false;
  if (!answer) {
    takeOff(s, doc);
    answered.then((late) => {
      if (!late.ok) {
        s.queue.splice(1, 0, doc);
        settleRefusal(s, doc, late, () => leave(s, sameAgain(s, sent), reopen));
        refill(s);
      } else dropWork(s, doc, late);
    });
    return;
  }
  if (answer.ok) {
    takeOff(s, doc);
    dropWork(s, doc, answer);
  } else settleRefusal(s, doc, answer, () => leave(s, sameAgain(s, sent), reopen), reopen);
}

/** @param {Station} s @param {StationDocument} doc @param {Answer} answer */
function dropWork(s, doc, answer) {
  s.works.delete(doc.id);
  forget(s, doc);
  say(s, answer.sentence);
  refill(s);
}

/** @param {Station} s @param {StationDocument} doc */
function takeOff(s, doc) {
  s.queue = s.queue.filter((d) => d !== doc);
  if (s.doc === doc) {
    s.doc = null;
    showNext(s);
  }
}

// A refusal loses nothing: the document stays, or comes back next, with everything typed.
/** @param {Station} s @param {StationDocument} doc @param {Answer} answer @param {() => void} again @param {() => void} [reopen] */
async function settleRefusal(s, doc, answer, again, reopen) {
  if (answer.stale) {
    settleStale(s, doc, answer.stale);
    return;
  }
  if (s.doc !== doc) {
    refuse(s, `Document ${doc.id} came back: ${answer.sentence}`);
    return;
  }
  refuse(s, answer.sentence, fieldInput(s, answer.field ?? ""));
  if (answer.needs === "value" || answer.needs === "as_printed") {
    settleValue(s, answer, again);
    return;
  }
  if (answer.needs === "retype") {
    const said = await ask(s, {
      title: answer.sentence,
      ok: "Confirm",
      fields: [{ name: "retyped", label: RETYPE }],
    });
    if (said) {
      work(s).retyped = said.retyped;
      again();
    }
    return;
  }
  if (!answer.needs) reopen?.();
}

const RETYPE = "Patient's MRN or date of birth";

/** The same action once more, with what was added since. @param {Station} s @param {DeskMessage} sent @returns {DeskMessage} */
function sameAgain(s, sent) {
  const { override_mismatch, due, code, pages, named, change } = sent;
  const reason = sent.reason || work(s).reason;
  return message(s, sent.action, { override_mismatch, due, code, pages, named, change, reason });
}

/** @param {Station} s @param {StationDocument} doc @param {Stale} stale */
function settleStale(s, doc, stale) {
  const now = stale.document;
  if (now && s.doc === doc && isBeingRead(doc)) {
    takeReading(s, doc, now); // nobody saved: a page of it was read meanwhile
    return;
  }
  if (!now) {
    takeOff(s, doc);
    s.works.delete(doc.id);
    say(s, stale.sentence);
    refill(s);
    return;
  }
  const mine = s.works.get(doc.id);
  s.queue = [now, ...s.queue.filter((d) => d.id !== now.id)];
  if (mine) s.works.set(now.id, Object.assign(mine, { judged: "" })); // what was saved meanwhile counts too
  s.doc = null;
  showNext(s);
  const lines = stale.differences.map((d) => `${d.title}: yours “${d.mine}”, saved by ${d.by} “${d.theirs}”`);
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

// The machine's own link goes by one key; whoever was not linked by it was chosen by hand, and a contradiction needs
// insisting.
/** @param {Station} s */
function approve(s) {
  if (lacksPatient(s) || walksOn(s)) return;
  if (needsChoice(s)) {
    refuse(s, `${needsChoice(s)}.`, s.find(".people [aria-selected=true]"));
    return;
  }
  const { level, sentence } = standing(s),
    differing = compared(s, chosenPerson(s)).find((row) => row.verdict === "differ");
  if (level === "differs") {
    const said = `${sentence.slice(2)}. To approve all the same: ${keyOf(s, "insist")}.`;
    refuse(s, said, fieldInput(s, differing?.name ?? ""));
    return;
  }
  leave(s, message(s, "approve"));
}

/** The person whom the desk files to, as the list knows them. @param {Station} s */
const chosenPerson = (s) => people(s).find((p) => p.id === work(s).person);

/** @param {Station} s @returns {boolean} whether nobody is chosen, which is said, with the cursor where digits choose */
function lacksPatient(s) {
  if (work(s).person !== null) return false;
  refuse(
    s,
    `Choose the patient first: a digit, or ${keyOf(s, "find")} to search.`,
    all(s, ".person")[0] ?? s.find("button.approve"),
  );
  return true;
}

// Reason and retype in one step; nobody is asked twice.
/** @param {Station} s */
async function insist(s) {
  const w = work(s);
  if (lacksPatient(s)) return;
  const agree = compared(s, chosenPerson(s)).filter((r) => r.verdict === "agree" && r.name !== "sex");
  const said = await ask(s, {
    title: standing(s).sentence || "Approve all the same",
    ok: "Approve",
    fields: [
      { name: "reason", label: "Reason for override" },
      ...(agree.length < NEEDED && !w.retyped ? [{ name: "retyped", label: RETYPE }] : []),
    ],
    filled: { reason: w.reason },
  });
  if (!said) return;
  if (said.retyped) w.retyped = said.retyped;
  for (const [name, found] of Object.entries(w.refused)) if (found.mayStand) w.asPrinted.add(name); // the same reason
  w.reason = said.reason;
  leave(s, message(s, "approve", { override_mismatch: true, reason: said.reason }));
}

// Nothing is chosen at first: a code that nobody chose would be counted as if somebody had.
/** @param {Station} s @param {DeskAction} action @returns {[string, string][]} */
const reasonsFor = (s, action) => [["", "choose …"], ...Object.entries(s.catalog.waitReasons[action])];

/**
 * @param {DeskAction} action @param {string} title @param {string} [question] what has to be written; none: a remark
 * @returns {(s: Station) => Promise<void>}
 */
const putAside = (action, title, question) => async (s) => {
  const said = await ask(s, {
    title,
    ok: "Pend",
    cancel: "Cancel",
    fields: [
      { name: "code", label: "Reason", options: reasonsFor(s, action) },
      { name: "reason", label: question || "Remark", isOptional: !question },
      { name: "due", label: "Follow-up date", type: "date", isOptional: true },
    ],
    filled: work(s).filled[action],
  });
  if (said) leaveWith(s, action, said);
};

/** Sends an answered question; when it is refused, the question opens again with all that was filled in. @param {Station} s @param {DeskAction} action @param {Filled} said @param {Partial<DeskMessage>} [more] */
function leaveWith(s, action, said, more = said) {
  work(s).filled[action] = said;
  leave(s, message(s, action, more), () => DO[action](s));
}

// The values that were read or typed go along; registration sees them, and the list is asked again when it changes.
/** @param {Station} s */
async function toRegistration(s) {
  const said = await ask(s, {
    title: "Not on the patient list: ask registration",
    lines: () => COMPARED.map(([name, title]) => `${title}: ${fieldText(s, name) || "not read"}`),
    ok: "Send to registration",
    cancel: "Cancel",
    fields: [
      { name: "code", label: "Reason", options: reasonsFor(s, "register") },
      { name: "reason", label: "Remark", isOptional: true },
      { name: "due", label: "Follow-up date", type: "date", isOptional: true },
    ],
    filled: work(s).filled.register,
  });
  if (said) leaveWith(s, "register", said);
}

/** @param {Station} s */
async function askRescan(s) {
  const held = pageInHand(s);
  const said = await ask(s, {
    title: `Request rescan of ${heldSaid(held)}`,
    ok: "Ask",
    fields: [
      { name: "code", label: "Why", options: [["", "choose …"], ...Object.entries(s.catalog.rescanReasons)] },
      { name: "reason", label: "Remark", isOptional: true },
    ],
    filled: work(s).filled.rescan,
  });
  const isMissing = said?.code === "page_missing";
  if (said) leaveWith(s, "rescan", said, { ...said, ...(isMissing ? { pages: [], named: [] } : held) });
}

/** @param {Station} s */
async function comment(s) {
  const said = await ask(s, {
    title: "Comment for whoever has this document next",
    ok: "Keep",
    fields: [{ name: "reason", label: "Comment" }],
    filled: work(s).filled.comment,
  });
  if (!said) return;
  const doc = onDesk(s),
    answer = await post(s, message(s, "comment", said));
  if (answer.ok && s.doc === doc && answer.documents?.[0]) {
    doc.remarks = answer.documents[0].remarks;
    s.find(".remarks").replaceChildren(
      ...doc.remarks.map((r) => make("li", { textContent: `${r.at} ${r.by}: ${r.text}` })),
    );
  }
  settleQuestion(s, doc, "comment", said, answer);
}

/** Says what came of a question that leaves the document where it is; one that was refused opens again. @param {Station} s @param {StationDocument} doc @param {string} action @param {Filled} said @param {Answer} answer */
function settleQuestion(s, doc, action, said, answer) {
  if (answer.ok) {
    delete s.works.get(doc.id)?.filled[action];
    say(s, answer.sentence);
    return;
  }
  refuse(s, answer.sentence);
  if (s.doc !== doc) return;
  work(s).filled[action] = said;
  DO[action](s);
}

// Labels of protection: what is typed stays, and the banner shows them as they are now.
/** @param {Station} s */
async function askLabel(s) {
  const doc = onDesk(s),
    there = new Set(doc.labels.map((l) => l.code));
  const said = await ask(s, {
    title: "Labels of protection",
    lines: doc.labels.length ? doc.labels.map((l) => l.reason) : ["This document bears none."],
    ok: "Keep",
    cancel: "Cancel",
    fields: [
      {
        name: "what",
        label: "Add or lift",
        options: [
          ["", "choose …"],
          .../** @type {[string, string][]} */ (
            doc.labels.flatMap((l) => (l.mayLift ? [[`lift_label ${l.code}`, `Lift: ${l.reason}`]] : []))
          ),
          .../** @type {[string, string][]} */ (
            Object.entries(s.catalog.labels).flatMap(([code, name]) =>
              there.has(code) ? [] : [[`add_label ${code}`, `Add: ${name}`]],
            )
          ),
        ],
      },
      { name: "reason", label: "Reason" },
    ],
    filled: work(s).filled.labels,
  });
  if (!said || s.doc !== doc) return;
  const [action, code] = said.what.split(" ");
  const sent = message(s, /** @type {DeskAction} */ (action), { code, reason: said.reason });
  const answer = await post(s, sent);
  if (answer.ok && s.doc === doc && answer.documents?.[0]) {
    doc.labels = answer.documents[0].labels;
    drawBanner(s);
  }
  settleQuestion(s, doc, "labels", said, answer);
}

/** @param {Station} s */
async function takeBack(s) {
  const list = await request(s, "recent", {});
  if (!Array.isArray(list) || !list.length) {
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

/** @param {Station} s */
function skip(s) {
  if (!s.doc) {
    s.skipped.clear();
    refill(s);
    return;
  }
  s.skipped.add(s.doc.id);
  leave(s, message(s, "skip"));
}
