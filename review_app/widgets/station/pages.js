// @ts-check
// Pages: the strip, and every change of pages; none destroys anything, each can be undone.
/** What a page of the scan is that is in no document. @type {Record<string, string>} */
const OTHER = { blank: "is blank", separator: "is a separator sheet", refused: "is hidden", held: "is held" };

/** @param {OtherPage} page */
const otherSaid = (page) => `Scan page ${page.number} ${OTHER[page.disposition] ?? "is in no document"}`;

/** @param {Station} s */
function drawStrip(s) {
  const doc = onDesk(s);
  /** @param {StationPage} page @param {number} i */
  const thumb = (page, i) => {
    const button = make(
      "button",
      {
        type: "button",
        className: "thumb",
        title: `Page ${i + 1} of this document, page ${page.number} of the scan`,
        draggable: true,
      },
      make("i", { className: "small" }),
      make("span", { textContent: String(i + 1) }),
    );
    button.setAttribute("aria-label", `Page ${i + 1}${page.outcome === "ok" ? "" : `, ${page.outcome}`}`);
    button.dataset.page = String(i + 1);
    button.style.setProperty("--turn", `${page.turn}deg`);
    s.seen.observe(button);
    return button;
  };
  const near = doc.others.filter(
    (o) =>
      o.document === null &&
      doc.pages.length &&
      o.number >= Math.min(...doc.pages.map((p) => p.number)) - 1 &&
      o.number <= Math.max(...doc.pages.map((p) => p.number)) + 1,
  );
  const others = near.map((o) => {
    const chip = make("button", {
      type: "button",
      className: "chip",
      textContent: otherSaid(o),
      title: "Restore into this document",
    });
    chip.dataset.restore = String(o.id);
    return chip;
  });
  const caption = make("span", { className: "counts", textContent: "Pages of this document" });
  s.find(".strip").replaceChildren(caption, ...doc.pages.map(thumb), ...others);
  s.find(".strip").hidden = doc.pages.length + others.length < 2;
}

/** @param {Station} s @param {HTMLButtonElement} button */
async function drawThumb(s, button) {
  const page = s.doc?.pages[Number(button.dataset.page) - 1];
  if (!page) return;
  const image = await picture(s, page);
  const small = button.querySelector("i");
  if (image && small && button.isConnected) small.style.backgroundImage = `url(${image.src})`;
}

const MENU = [
  "turn",
  "turn-back",
  "select",
  "split",
  "join",
  "move",
  "earlier",
  "later",
  "hide",
  "restore",
  "best-possible",
  "undo",
];

/** @param {Station} s */
function drawMenu(s) {
  s.find(".menu .items").replaceChildren(
    ...s.catalog.keys
      .filter((k) => MENU.includes(k.action))
      .map((k) => {
        const button = make(
          "button",
          { type: "button" },
          make("span", { textContent: k.what }),
          make("kbd", { textContent: k.key }),
        );
        button.dataset.do = k.action;
        return button;
      }),
  );
}

/** @param {Station} s */
const shownPage = (s) => onDesk(s).pages[s.page - 1];

/**
 * @param {Station} s
 * @param {PageChange | (() => PageChange | null)} change about the pages that were named when it was given; a function: where
 *   they lie by then, null for nothing to do
 */
const rearrange = (s, change) =>
  inTurn(s, async () => {
    const now = typeof change === "function" ? change() : asTheyLie(s, change);
    if (now) await changePages(s, message(s, "rearrange", { change: now }));
  });

/** The same pages by the places that they have now: a change before may have moved them. @param {Station} s @param {PageChange} change */
function asTheyLie(s, change) {
  const held = namedPages(s, change.pages);
  return change.kind !== "restore" && held.pages.length === change.pages.length ? { ...change, ...held } : change;
}

/** Moves the page that is shown one place on or back. @param {Station} s @param {number} by */
function step(s, by) {
  const { id } = shownPage(s);
  rearrange(s, () => {
    const pages = onDesk(s).pages,
      position = pages.findIndex((p) => p.id === id) + by;
    if (position >= 0 && position < pages.length) return { kind: "reorder", position, ...namedPages(s, [id]) };
    say(s, `This is the ${by < 0 ? "first" : "last"} page already.`);
    return null;
  });
}

// A key that is pressed while a change is on its way is not lost: changes are made one after another, as they were given.
/** @param {Station} s @param {() => Promise<void>} change */
function inTurn(s, change) {
  const given = onDesk(s).id;
  if (s.isLeaving) return;
  s.changes = s.changes.then(async () => {
    if (s.doc?.id === given) await change();
    else if (s.doc) refuse(s, `Document ${given} left the desk meanwhile: nothing more was changed on it.`);
  });
}

// A document that stays keeps its place: the page that is shown, the cursor, and what was looked at.
/** @param {Station} s @param {DeskMessage} sent */
async function changePages(s, sent) {
  s.isChanging = true;
  const answer = await post(s, sent);
  s.isChanging = false;
  if (answer.stale?.document && isBeingRead(s.doc)) {
    takeReading(s, onDesk(s), answer.stale.document); // nobody saved: a page of it was read meanwhile
    await changePages(s, sameAgain(s, sent));
    return;
  }
  if (!answer.ok) {
    settleRefusal(s, onDesk(s), answer, () => changePages(s, sameAgain(s, sent)));
    return;
  }
  const changedDocs = answer.documents || [],
    current = onDesk(s),
    shown = shownPage(s),
    look = lookOf(s),
    place = placeOf(s);
  const off = new Set([...changedDocs.map((d) => d.id), ...(answer.gone || [])]);
  const stay = changedDocs.find((d) => d.id === answer.stayOn);
  s.queue = s.queue.filter((d) => d !== current && !off.has(d.id));
  s.queue.unshift(...changedDocs.filter((d) => d !== stay).reverse());
  if (stay) s.queue.unshift(stay);
  const was = work(s, current);
  for (const id of [current.id, ...(answer.gone || [])]) s.works.delete(id); // what was typed is saved with the change
  const stays = stay?.id === current.id;
  if (stay && stays) {
    carryOver(current, stay, was, work(s, stay));
    for (const [name, value] of Object.entries(was.values)) // typed since it was sent
      if (sent.values?.[name] !== value) work(s, stay).values[name] = value;
  }
  s.doc = null;
  const at = stay?.pages.findIndex((p) => p.id === shown.id) ?? -1;
  showNext(
    s,
    at < 0 ? Math.max(1, Math.min(s.page, stay ? stay.pages.length : 1)) : at + 1,
    stays ? place : null,
    look,
  );
  say(s, answer.sentence);
  refill(s);
}

/** Pages that were looked at, and values that were confirmed and are the same. @param {StationDocument} before @param {StationDocument} now @param {Work} was @param {Work} w */
function carryOver(before, now, was, w) {
  const seen = new Set([...was.pagesSeen].map((number) => before.pages[number - 1]?.id));
  for (const [i, page] of now.pages.entries()) if (seen.has(page.id)) w.pagesSeen.add(i + 1);
  /** @param {string} name */
  const isSame = (name) => name === "type" || before.fields[name]?.value === now.fields[name]?.value;
  for (const name of was.confirmed) if (isSame(name)) w.confirmed.add(name);
  for (const name of was.seen) if (isSame(name)) w.seen.add(name);
  w.showsAll = was.showsAll;
}

/** @type {Record<string, (s: Station) => unknown>} */
const CHANGES = {
  turn: (s) => rearrange(s, { kind: "turn", degrees: 90, ...inHand(s) }),
  "turn-back": (s) => rearrange(s, { kind: "turn", degrees: 270, ...inHand(s) }),
  select: (s) => select(s, [shownPage(s).id]),
  split: (s) => rearrange(s, { kind: "split", ...pageInHand(s) }),
  join: (s) => rearrange(s, { kind: "join", pages: [], named: [] }),
  earlier: (s) => step(s, -1),
  later: (s) => step(s, 1),
  "best-possible": (s) => rearrange(s, { kind: "best_possible", ...inHand(s) }),
  undo: (s) => inTurn(s, () => changePages(s, message(s, "undo"))),
  move: (s) => askMove(s),
  hide: askHide,
  restore: async (s) => {
    const hidden = onDesk(s).others.filter((o) => o.document === null);
    if (!hidden.length) {
      say(s, "No page of this scan is hidden.");
      return;
    }
    const said = await ask(s, {
      title: "Restore a page of this scan",
      ok: "Restore",
      fields: [
        {
          name: "page",
          label: "Page",
          options: hidden.map((o) => [String(o.id), otherSaid(o)]),
        },
      ],
    });
    if (said) restore(s, Number(said.page));
  },
};

// A blank side is the usual answer only where nothing was read: what has words is hidden for a reason that was chosen.
/** @param {Station} s */
async function askHide(s) {
  const held = inHand(s);
  const words = onDesk(s)
    .pages.filter((p) => held.pages.includes(p.id))
    .reduce((sum, page) => sum + page.words, 0);
  const reasons = Object.entries(s.catalog.hideReasons);
  const said = await ask(s, {
    title: `Hide ${heldSaid(held)}: why?`,
    lines: words ? [`${words} ${words === 1 ? "word was" : "words were"} read there.`] : undefined,
    ok: "Hide",
    fields: [{ name: "why", label: "It is", options: words ? [["", "choose …"], ...reasons] : reasons }],
  });
  if (said) rearrange(s, { kind: "hide", why: said.why, ...held });
}

/** A hidden page is named by its number in the scan. @param {Station} s @param {number} id */
function restore(s, id) {
  const page = onDesk(s).others.find((o) => o.id === id);
  if (page) rearrange(s, { kind: "restore", pages: [id], named: [page.number] });
}
