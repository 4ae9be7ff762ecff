// @ts-check
// Pages: the strip, and every change of pages; none destroys anything, each can be undone.
/** @type {Record<string, string>} */
const OTHER = { blank: "blank", separator: "sheet", refused: "hidden", held: "held", document: "other document" };

/** @param {Station} s */
function drawStrip(s) {
  const doc = onDesk(s);
  /** @param {StationPage} page @param {number} i */
  const thumb = (page, i) => {
    const button = make(
      "button",
      { type: "button", className: "thumb", title: `Page ${i + 1}` },
      make("span", { textContent: String(i + 1) }),
    );
    button.setAttribute("aria-label", `Page ${i + 1}${page.outcome === "ok" ? "" : `, ${page.outcome}`}`);
    button.dataset.page = String(i + 1);
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
      textContent: `${o.number}: ${OTHER[o.disposition] || o.disposition}`,
      title: "Restore into this document",
    });
    chip.dataset.restore = String(o.id);
    return chip;
  });
  s.find(".strip").replaceChildren(...doc.pages.map(thumb), ...others);
  s.find(".strip").hidden = doc.pages.length + others.length < 2;
}

/** @param {Station} s @param {HTMLButtonElement} button */
async function drawThumb(s, button) {
  const page = s.doc?.pages[Number(button.dataset.page) - 1];
  if (!page) return;
  const image = await picture(s, page);
  if (image && button.isConnected) {
    button.style.backgroundImage = `url(${image.src})`;
    button.style.setProperty("--turn", `${page.turn}deg`);
  }
}

const MENU = ["turn", "split", "join", "move", "earlier", "later", "hide", "restore", "best-possible", "undo"];

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

/** @param {Station} s @param {PageChange} change */
async function rearrange(s, change) {
  if (s.busy) return;
  await changePages(
    s,
    message(s, "rearrange", { change: { pages: [shownPage(s).id], ...change } }),
    change.kind === "turn" || change.kind === "best_possible" ? s.page : null,
  );
}

/** @param {Station} s @param {DeskMessage} sent @param {number | null} stayAt */
async function changePages(s, sent, stayAt) {
  s.busy = true;
  const at = stayAt ?? s.page;
  const answer = await post(s, sent);
  s.busy = false;
  if (!answer.ok) {
    settleRefusal(s, onDesk(s), answer, () => changePages(s, sameAgain(s, sent), stayAt));
    return;
  }
  const changedDocs = answer.documents || [],
    current = onDesk(s);
  s.works.delete(current.id); // what was typed is saved with the change
  const alive = new Set(changedDocs.map((d) => d.id));
  s.queue = s.queue.filter((d) => d !== current && !alive.has(d.id));
  const stay = changedDocs.find((d) => d.id === answer.stayOn);
  s.queue.unshift(...changedDocs.filter((d) => d !== stay).reverse());
  if (stay) s.queue.unshift(stay);
  s.doc = null;
  showNext(s, Math.max(1, Math.min(at, stay ? stay.pages.length : 1)));
  say(s, answer.sentence);
}

/** @type {Record<string, (s: Station) => unknown>} */
const CHANGES = {
  turn: (s) => rearrange(s, { kind: "turn", degrees: 90 }),
  split: (s) => rearrange(s, { kind: "split" }),
  join: (s) => rearrange(s, { kind: "join", pages: [] }),
  earlier: (s) =>
    s.page > 1 ? rearrange(s, { kind: "reorder", position: s.page - 2 }) : say(s, "This is the first page already."),
  later: (s) =>
    s.page < onDesk(s).pages.length
      ? rearrange(s, { kind: "reorder", position: s.page })
      : say(s, "This is the last page already."),
  "best-possible": (s) => rearrange(s, { kind: "best_possible" }),
  undo: (s) => changePages(s, message(s, "undo"), s.page),
  move: async (s) => {
    const to = [...new Set(onDesk(s).others.flatMap((o) => (o.document === null ? [] : [o.document])))];
    if (!to.length) {
      say(s, "There is no other document in this scan. Split first.");
      return;
    }
    const said = await ask(s, {
      title: `Move page ${s.page} to which document of this scan?`,
      ok: "Move",
      fields: [
        {
          name: "to",
          label: "Document",
          options: to.map((id) => [
            String(id),
            `${id}: pages ${onDesk(s)
              .others.filter((o) => o.document === id)
              .map((o) => o.number)
              .join(", ")} of the scan`,
          ]),
        },
      ],
    });
    if (said) rearrange(s, { kind: "move", to: Number(said.to) });
  },
  hide: async (s) => {
    const said = await ask(s, {
      title: `Hide page ${s.page}: it is`,
      ok: "Hide",
      fields: [{ name: "why", label: "Why", options: Object.entries(s.catalog.hideReasons) }],
    });
    if (said) rearrange(s, { kind: "hide", why: said.why });
  },
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
          options: hidden.map((o) => [String(o.id), `${o.number} (${OTHER[o.disposition]})`]),
        },
      ],
    });
    if (said) rearrange(s, { kind: "restore", pages: [Number(said.page)] });
  },
};
