// @ts-check
// A page that was turned is read again meanwhile: when it was, its words and fields come to the desk, and what is typed stays.

/** @param {StationDocument | null} doc */
const isBeingRead = (doc) => Boolean(doc?.pages.some((p) => p.reading === "waits"));

/** @param {Station} s */
function watchReading(s) {
  clearTimeout(s.timers.reading);
  if (isBeingRead(s.doc)) s.timers.reading = window.setTimeout(() => askReading(s), 700);
}

/** @param {Station} s */
async function askReading(s) {
  const doc = s.doc;
  if (!doc || s.isLocked) return;
  try {
    const said = await request(s, "reading", { id: doc.id, version: doc.version });
    if (s.doc === doc && !s.isChanging && !s.isLeaving && "document" in said && said.document)
      takeReading(s, doc, said.document);
  } catch {
    /* no connection: it is asked again */
  }
  watchReading(s);
}

/** @param {Station} s @param {StationDocument} before @param {StationDocument} now */
function takeReading(s, before, now) {
  const was = work(s, before),
    place = placeOf(s),
    look = lookOf(s),
    shown = before.pages[s.page - 1];
  s.works.delete(now.id);
  const w = work(s, now);
  const { values, type, person, isChosen, plain, refused, asPrinted, reason, found, retyped, filled } = was;
  Object.assign(w, { values, plain, refused, asPrinted, reason, found, retyped, filled });
  if (type !== before.type) w.type = type;
  if (isChosen || person === null) Object.assign(w, { person, isChosen }); // nobody is a choice too
  carryOver(before, now, was, w);
  s.queue = s.queue.map((d) => (d.id === now.id ? now : d));
  s.doc = now;
  drawFields(s);
  drawPeople(s);
  drawStrip(s);
  drawTargets(s);
  showSelected(s);
  const at = now.pages.findIndex((p) => p.id === shown.id);
  showPage(s, at < 0 ? s.page : at + 1, look);
  focusAgain(s, place);
  say(s, readingSaid(before, now));
}

/** @param {StationDocument} before @param {StationDocument} now */
function readingSaid(before, now) {
  const waited = new Set(before.pages.filter((p) => p.reading === "waits").map((p) => p.id));
  /** @param {StationPage} page @param {number} number */
  const said = (page, number) =>
    page.reading === "as_before"
      ? `Page ${number} reads no better as you turned it; what was read before stays.`
      : `Page ${number} was read as you turned it: ${page.words} ${page.words === 1 ? "word" : "words"}.`;
  return now.pages.flatMap((p, i) => (waited.has(p.id) && p.reading !== "waits" ? [said(p, i + 1)] : [])).join(" ");
}

// ---- where the cursor is, so that it stays there when fields are drawn anew

/** @param {Station} s @returns {Place} */
function placeOf(s) {
  const at = /** @type {ShadowRoot} */ (s.root.getRootNode()).activeElement ?? document.activeElement;
  if (!(at instanceof HTMLElement) || !s.root.contains(at)) return { name: s.lastInput?.name ?? "", from: -1, to: -1 };
  if (!isInput(at) || !at.closest(".field"))
    return { name: at.closest(".asking, .search, .goto") ? null : "", from: -1, to: -1 };
  const isText = at instanceof HTMLInputElement;
  return { name: at.name, from: isText ? (at.selectionStart ?? -1) : -1, to: isText ? (at.selectionEnd ?? -1) : -1 };
}

/** Puts the cursor back without a change of page. @param {Station} s @param {Place} place */
function focusAgain(s, place) {
  if (place.name === null) return; // a question is open, and has it
  const input = inputs(s).find((i) => i.name === place.name);
  quietly(s, () => {
    if (input) goTo(input);
    else s.find("button.approve").focus();
    if (input instanceof HTMLInputElement && place.from >= 0) input.setSelectionRange(place.from, place.to);
  });
}
