// @ts-check
// Pages taken in hand, by key, click or drag, and where they go: another document of the scan, or another place in this one.

// A command names its pages once, when it is given or its question opens, and acts on those, whatever is shown when the
// answer comes: the same places are told to the person, sent, and compared with the pages by the server.

/** Pages of the document by id, with the places by which the person knows them. @param {Station} s @param {number[]} ids @returns {NamedPages} */
function namedPages(s, ids) {
  const pages = onDesk(s).pages.flatMap((page, i) => (ids.includes(page.id) ? [{ id: page.id, place: i + 1 }] : []));
  return { pages: pages.map((p) => p.id), named: pages.map((p) => p.place) };
}

/** What a change is about: the selected pages, or the one that is shown. @param {Station} s */
const inHand = (s) => (s.selected.size ? namedPages(s, [...s.selected]) : pageInHand(s));

/** The page that is shown, for what is done to one page only. @param {Station} s */
const pageInHand = (s) => namedPages(s, [shownPage(s).id]);

/** @param {NamedPages} held */
const heldSaid = (held) => `${held.named.length === 1 ? "page" : "pages"} ${ranges(held.named)}`;

/** Selects pages, or takes the selection off those that have it. @param {Station} s @param {number[]} ids */
function select(s, ids) {
  const isOn = ids.every((id) => s.selected.has(id));
  for (const id of ids) {
    if (isOn) s.selected.delete(id);
    else s.selected.add(id);
  }
  showSelected(s);
}

/** @param {Station} s */
function showSelected(s) {
  const doc = onDesk(s);
  for (const thumb of all(s, ".thumb")) {
    const isOn = s.selected.has(doc.pages[Number(thumb.dataset.page) - 1].id);
    thumb.classList.toggle("selected", isOn);
    thumb.setAttribute("aria-pressed", String(isOn));
  }
  showWhere(s);
  const count = s.selected.size;
  say(s, count ? `${count} ${count === 1 ? "page" : "pages"} selected: ${keyOf(s, "move")} moves, or drag.` : "");
}

/** A click with Ctrl selects a page, with Shift all from the one that is shown. @param {Station} s @param {number} number @param {MouseEvent} e */
function clickPage(s, number, e) {
  const pages = onDesk(s).pages;
  if (e.ctrlKey || e.metaKey) select(s, [pages[number - 1].id]);
  else if (e.shiftKey) {
    const [from, to] = [Math.min(s.page, number), Math.max(s.page, number)];
    select(
      s,
      pages.slice(from - 1, to).map((p) => p.id),
    );
  } else goToPage(s, number);
}

/** @param {Station} s @param {number} number */
function goToPage(s, number) {
  s.litName = null;
  showPage(s, number);
}

// ---- the documents that pages may go to

/** Numbers as people write them: 2–4, 7. @param {number[]} numbers */
function ranges(numbers) {
  /** @type {[number, number][]} */
  const found = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}

/** @param {Target} target */
const targetSaid = (target) =>
  `${target.id}: ${target.name}, ${target.pages.length === 1 ? "page" : "pages"} ${ranges(target.pages)} of the scan`;

/** @param {Station} s */
function drawTargets(s) {
  const targets = onDesk(s).targets;
  s.find(".targets").replaceChildren(
    ...(targets.length ? [make("span", { textContent: "Also in this scan:" })] : []),
    ...targets.map((target) => {
      const button = make("button", {
        type: "button",
        className: "target",
        textContent: `${targetSaid(target)}${target.holder ? ` (${target.holder} has it)` : ""}`,
        title: "Drop pages here, or click to move the page that is shown, or those selected",
        disabled: Boolean(target.holder),
      });
      button.dataset.target = String(target.id);
      return button;
    }),
  );
}

/** @param {Station} s @param {number | null} [to] the one that was clicked */
async function askMove(s, to = null) {
  const free = onDesk(s).targets.filter((t) => !t.holder && (to === null || t.id === to));
  if (!free.length) {
    const holder = onDesk(s).targets[0]?.holder;
    say(s, holder ? `${holder} has the other document.` : "No other document of this scan can take it. Split first.");
    return;
  }
  const held = inHand(s);
  const said = await ask(s, {
    title: `Move ${heldSaid(held)} to which document of this scan?`,
    ok: "Move",
    fields: [{ name: "to", label: "Document", options: free.map((t) => [String(t.id), targetSaid(t)]) }],
  });
  if (said) rearrange(s, { kind: "move", to: Number(said.to), ...held });
}

// ---- by drag

/** @param {Event} e @param {string} what @returns {HTMLElement | undefined} */
const hitBy = (e, what) => e.composedPath().flatMap((n) => (n instanceof HTMLElement && n.matches(what) ? [n] : []))[0];

/** @param {Station} s @param {DragEvent} e */
function onDragStart(s, e) {
  const thumb = hitBy(e, ".thumb");
  if (!thumb || !s.doc || s.isChanging || s.isLeaving) return; // the strip is drawn anew in a moment
  const id = s.doc.pages[Number(thumb.dataset.page) - 1].id;
  s.dragged = s.selected.has(id) ? s.doc.pages.map((p) => p.id).filter((p) => s.selected.has(p)) : [id];
  e.dataTransfer?.setData("text/plain", ""); // without any data Firefox drags nothing
  s.find(".station").classList.add("dragging");
}

/** @param {Station} s @param {DragEvent} e */
function onDragOver(s, e) {
  const over = s.dragged.length ? hitBy(e, ".target:not(:disabled), .thumb") : undefined;
  for (const place of all(s, ".target, .thumb")) place.classList.toggle("over", place === over);
  if (over) e.preventDefault(); // it may be dropped here
}

/** @param {Station} s @param {DragEvent} e */
function onDrop(s, e) {
  const over = hitBy(e, ".target:not(:disabled), .thumb"),
    pages = s.dragged;
  onDragEnd(s);
  if (!over || !pages.length || !s.doc) return;
  e.preventDefault();
  if (over.dataset.target) {
    rearrange(s, { kind: "move", to: Number(over.dataset.target), ...namedPages(s, pages) });
    return;
  }
  const there = s.doc.pages[Number(over.dataset.page) - 1].id;
  if (pages.includes(there)) return;
  const order = s.doc.pages.map((p) => p.id),
    isLater = order.indexOf(there) > order.indexOf(pages[0]);
  const others = order.filter((id) => !pages.includes(id));
  rearrange(s, { kind: "reorder", position: others.indexOf(there) + Number(isLater), ...namedPages(s, pages) });
}

/** @param {Station} s */
function onDragEnd(s) {
  s.dragged = [];
  s.find(".station").classList.remove("dragging");
  for (const place of all(s, ".over")) place.classList.remove("over");
}
