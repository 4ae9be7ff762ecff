// @ts-check
// What keys, clicks and the wheel do; listeners are bound once.
/** @type {Record<string, (s: Station) => unknown>} */
const DO = {
  "page-back": (s) => goToPage(s, s.page - 1),
  "page-on": (s) => goToPage(s, s.page + 1),
  "first-page": (s) => goToPage(s, 1),
  "last-page": (s) => goToPage(s, onDesk(s).pages.length),
  "go-to-page": (s) => {
    const input = s.find("input[name=page]");
    input.value = String(s.page);
    goTo(input);
  },
  "zoom-in": (s) => zoomBy(s, 1.25),
  "zoom-out": (s) => zoomBy(s, 0.8),
  fit: (s) => {
    s.view.fitsPage = false;
    fit(s);
  },
  "fit-page": (s) => {
    s.view.fitsPage = true;
    fit(s);
  },
  "turn-view": (s) => {
    const look = lookOf(s);
    s.view.turned = (s.view.turned + 90) % 360;
    if (look) lookAgain(s, look);
    else fit(s);
  },
  keys: (s) => {
    const dialog = s.find("dialog");
    dialog.showModal();
    dialog.scrollTop = 0; // as it was left, or where the browser brought the button into sight
  },
  "keys-close": (s) => s.find("dialog").close(),
  approve: (s) => approve(s),
  insist,
  find: openSearch,
  none: (s) => choose(s, 0),
  history: showHistory,
  comment,
  labels: askLabel,
  kind: (s) => {
    work(s).showsAll = true;
    onlyDoubtful(s);
    goTo(s.find("select[name=type]"));
  },
  "all-fields": (s) => {
    work(s).showsAll = !work(s).showsAll;
    onlyDoubtful(s);
  },
  begin,
  register: toRegistration,
  pend: putAside("pend", "Pend: why?"),
  query: putAside("query", "Pend for a provider's answer", "Question for provider"),
  escalate: putAside("escalate", "Pend for a supervisor", "Question for supervisor"),
  rescan: askRescan,
  skip,
  recent: takeBack,
  answer: (s) => s.question?.answer(),
  unanswer: (s) => s.question?.leave(),
  ...CHANGES,
};
const NEED_NO_DOCUMENT = new Set(["begin", "keys", "keys-close", "recent", "skip", "answer", "unanswer"]);

/** @param {Station} s @param {string} action */
function run(s, action) {
  s.find("details.menu").open = false;
  if (DO[action] && (s.doc || NEED_NO_DOCUMENT.has(action))) DO[action](s);
}

/** @param {KeyboardEvent} e */
const keyName = (e) => {
  const key = /^Key[A-Z]$/.test(e.code) ? e.code.slice(3) : /^Digit\d$/.test(e.code) ? e.code.slice(5) : e.key;
  return `${e.ctrlKey || e.metaKey ? "Ctrl+" : ""}${e.altKey ? "Alt+" : ""}${e.shiftKey ? "Shift+" : ""}${key}`;
};

/** The element that an event is about, also inside the shadow of the component. @param {Event} e */
function innermost(e) {
  const at = e.composedPath()[0];
  return at instanceof HTMLElement ? at : null;
}

/** @param {EventTarget | null} at @returns {at is Input} */
const isInput = (at) => at instanceof HTMLInputElement || at instanceof HTMLSelectElement;

// Keys that move the cursor, or are letters, while somebody types.
/** @type {Record<string, string>} */
const OUTSIDE_A_FIELD = { Home: "first-page", End: "last-page", "?": "keys", "Shift+?": "keys" };

/** @param {Station} s @param {boolean} goes */
function leaveGoTo(s, goes) {
  const input = s.find("input[name=page]"),
    number = Number(input.value);
  const isThere = Number.isInteger(number) && number >= 1 && number <= onDesk(s).pages.length;
  if (goes && !isThere) {
    say(s, `This document has pages 1 to ${onDesk(s).pages.length}.`);
    input.select();
    return;
  }
  if (goes) goToPage(s, number);
  input.value = "";
  focusAgain(s, { name: s.lastInput?.name ?? "", from: -1, to: -1 });
}

/** @param {Station} s @param {KeyboardEvent} e */
function onKey(s, e) {
  const target = innermost(e);
  if (!target || (!s.root.contains(target) && target !== document.body)) return;
  const isTyping = isInput(target),
    isFind = isTyping && target.name === "find",
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
  if (target.closest(".goto") && (e.key === "Enter" || e.key === "Escape")) {
    stop();
    leaveGoTo(s, e.key === "Enter");
    return;
  }
  if (isFind && e.key === "Enter") {
    stop();
    if (work(s).found.length) choose(s, 1);
    closeSearch(s);
    return;
  }
  if (isFind && e.key === "Escape") {
    stop();
    closeSearch(s);
    return;
  }
  if (target.closest(".asking")) {
    if (e.key === "Enter" && target.dataset.do !== "unanswer") {
      stop();
      if (!e.repeat) s.question?.answer();
      return;
    }
    if (e.key === "Escape") {
      stop();
      s.question?.leave();
      return;
    }
    if (s.catalog.keys.some((k) => k.key === pressed && k.action !== "confirm" && k.action !== "back")) {
      stop();
      say(s, "Answer the question first, or leave it with Escape.");
      return;
    }
    e.stopPropagation();
    return;
  }
  if (pressed === "Enter" && target.matches(".person")) {
    stop();
    choose(s, 1 + people(s).findIndex((p) => p.id === Number(target.dataset.person)));
    return;
  }
  if (pressed === "Enter" && !s.hasBegun && !s.doc) {
    stop();
    begin(s);
    return;
  }
  const digit = /^(?:Alt\+)?([0-9])$/.exec(pressed);
  if (digit && s.doc && (e.altKey || !isTyping)) {
    stop();
    choose(s, Number(digit[1]));
    if (isFind) closeSearch(s);
    return;
  }
  const plain = isTyping ? "" : (OUTSIDE_A_FIELD[pressed] ?? "");
  const action = s.catalog.keys.find((k) => k.key === pressed)?.action ?? plain;
  if (action === "confirm" || action === "back") {
    if (!isTyping || !target.closest(".field")) return;
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
  if (isTyping) e.stopPropagation(); // Streamlit's own one-letter shortcuts stay off while typing
}

/** @param {Station} s */
function bind(s) {
  /**
   * @template {Event} E
   * @param {EventTarget} where
   * @param {string} name
   * @param {(e: E) => void} handler
   * @param {boolean | AddEventListenerOptions} [options]
   */
  const on = (where, name, handler, options) => {
    const listener = /** @type {EventListener} */ (handler);
    where.addEventListener(name, listener, options);
    s.listeners.push(() => where.removeEventListener(name, listener, options));
  };
  on(window, "chartroom-signed-out", () => lock(s, SIGNED_OUT)); // signout.js asks
  const seen = () => {
    s.presence.lastSeen = Date.now();
  };
  on(
    document,
    "keydown",
    /** @param {KeyboardEvent} e */
    (e) => {
      seen();
      onKey(s, e);
    },
    true,
  );
  on(document, "pointermove", seen, { passive: true });
  on(s.root, "submit", (e) => e.preventDefault(), true);
  on(
    s.root,
    "click",
    /** @param {MouseEvent} e */ (e) => {
      const hit = e
        .composedPath()
        .flatMap((n) => (n instanceof HTMLElement ? [n.dataset] : []))
        .find((data) => data.do || data.person || data.page || data.restore || data.calendar || data.target);
      if (!hit || s.isLocked) return;
      const button = innermost(e)?.closest(".calendar");
      if (button instanceof HTMLElement) {
        openCalendar(s, button);
        return;
      }
      if (hit.person) choose(s, 1 + people(s).findIndex((p) => p.id === Number(hit.person)));
      else if (hit.page) clickPage(s, Number(hit.page), e);
      else if (hit.target) askMove(s, Number(hit.target));
      else if (hit.restore) restore(s, Number(hit.restore));
      else if (hit.do) run(s, hit.do);
    },
  );
  on(s.root, "focusin", (e) => {
    const t = innermost(e);
    if (!isInput(t) || !t.closest(".field")) return;
    if (t instanceof HTMLInputElement) s.lastInput = t;
    if (s.doc) {
      work(s).seen.add(t.name);
      drawBanner(s); // a doubt fewer to look at
    }
    if (!s.isQuiet) light(s, t.name);
  });
  on(s.root, "focusout", (e) => {
    if (innermost(e)?.closest(".field")) checkTyped(s);
  });
  on(s.root, "input", (e) => {
    const t = innermost(e);
    if (!isInput(t)) return;
    if (t instanceof HTMLInputElement && t.matches(".picker")) picked(s, t);
    else if (t.name === "find") search(s, t.value);
    else if (t.closest(".field")) typed(s, t);
  });
  on(
    s.find(".pane"),
    "wheel",
    /** @param {WheelEvent} e */
    (e) => {
      e.preventDefault();
      const b = s.find(".pane").getBoundingClientRect();
      zoomBy(s, e.deltaY < 0 ? 1.12 : 0.89, e.clientX - b.left, e.clientY - b.top);
    },
    { passive: false },
  );
  on(s.root, "dragstart", /** @param {DragEvent} e */ (e) => onDragStart(s, e));
  on(s.root, "dragover", /** @param {DragEvent} e */ (e) => onDragOver(s, e));
  on(s.root, "drop", /** @param {DragEvent} e */ (e) => onDrop(s, e));
  on(s.root, "dragend", () => onDragEnd(s));
  on(s.find(".pane"), "pointerdown", /** @param {PointerEvent} e */ (e) => onDown(s, e));
  on(s.find(".pane"), "pointermove", /** @param {PointerEvent} e */ (e) => onMove(s, e));
  on(s.find(".pane"), "pointerup", /** @param {PointerEvent} e */ (e) => onUp(s, e));
  on(window, "online", () => deliver(s));
  on(window, "beforeunload", (e) => {
    if (s.outbox.length) e.preventDefault();
  });
  on(window, "pagehide", () => {
    const idle = s.queue.slice(1).map((d) => d.id); // the one on the desk stays: a reload finds it again
    /** @type {EndLeasesRequest} */
    const sent = { ids: idle };
    if (idle.length)
      fetch("/desk/end_leases", {
        method: "POST",
        keepalive: true,
        body: JSON.stringify(sent),
        headers: { "x-chartroom-desk": "1" },
      });
  });
  s.timers.clock = window.setInterval(() => tick(s), 1000);
}
