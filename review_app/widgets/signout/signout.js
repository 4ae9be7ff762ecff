// @ts-check
// Who is signed in. Where nobody is here the screen goes blank and the session ends, a little before the server ends it.
// Where the session was ended elsewhere (an administrator, another window) the screen goes blank within seconds, and at the
// first click before anything else is shown.
// Windows of one browser have one session: whoever is busy in another window is here.

/** @typedef {{who: string, idleMinutes: number}} SignedIn none of the minutes: the screen watches by itself */
/** @typedef {{data: SignedIn, lastSeen: number, noted: number, asked: number, isOver: boolean, stop: () => void}} Watch */

const SEEN = "chartroom-seen"; // the last sign of somebody in any window, ms since 1970
const EVERY = 5000; // ms between two notes of it
const ASK_EVERY = 4000; // ms between two questions whether the session still stands
const ASK_AT_A_CLICK = 500; // ms: somebody is here, and the next answer may be a refusal

const CLICKS = ["pointerdown", "keydown"];

/** @type {WeakMap<HTMLElement | ShadowRoot, Watch>} */
const STATES = new WeakMap();

/** @param {{parentElement: HTMLElement | ShadowRoot, data: SignedIn}} component */
export default function signout(component) {
  const root = component.parentElement,
    find = (/** @type {string} */ what) => /** @type {HTMLElement} */ (root.querySelector(what));
  find("a").textContent = component.data.who;
  find("button").onclick = () => leave("/login");
  const known = STATES.get(root) ?? watch(component.data);
  known.data = component.data;
  STATES.set(root, known);
  return () => {
    known.stop();
    STATES.delete(root);
  };
}

/** @param {SignedIn} data @returns {Watch} */
function watch(data) {
  /** @type {Watch} */
  const s = { data, lastSeen: Date.now(), noted: Date.now(), asked: Date.now(), isOver: false, stop: () => {} };
  const seen = () => {
    const now = Date.now();
    s.lastSeen = now;
    if (now - s.noted < EVERY) return;
    s.noted = now;
    localStorage.setItem(SEEN, String(now));
  };
  const signs = ["keydown", "pointermove", "pointerdown", "wheel"];
  for (const sign of signs) document.addEventListener(sign, seen, { capture: true, passive: true });
  const clicked = () => void ask(s, ASK_AT_A_CLICK);
  for (const sign of CLICKS) document.addEventListener(sign, clicked, { capture: true, passive: true });
  localStorage.setItem(SEEN, String(s.lastSeen));
  const clock = window.setInterval(() => tick(s), 1000);
  s.stop = () => {
    window.clearInterval(clock);
    for (const sign of signs) document.removeEventListener(sign, seen, { capture: true });
    for (const sign of CLICKS) document.removeEventListener(sign, clicked, { capture: true });
  };
  return s;
}

/** @param {Watch} s */
function tick(s) {
  void ask(s, ASK_EVERY);
  const { idleMinutes } = s.data;
  const seen = Math.max(s.lastSeen, Number(localStorage.getItem(SEEN) || 0));
  if (!idleMinutes || (Date.now() - seen) / 60000 < 0.9 * idleMinutes) return;
  s.stop();
  document.body.style.visibility = "hidden";
  leave("/login?away=1");
}

// The station keeps what was typed and not sent, and locks itself; any other screen is left.
/** @param {Watch} s @param {number} every */
async function ask(s, every) {
  if (s.isOver || Date.now() - s.asked < every) return;
  s.asked = Date.now();
  const answer = await fetch("/signed-in", { cache: "no-store" }).catch(() => null); // no connection: told by whoever needs one
  if (answer?.status !== 401 || s.isOver) return;
  s.isOver = true;
  s.stop();
  document.documentElement.classList.add("signed-out");
  if (s.data.idleMinutes) {
    document.body.style.visibility = "hidden";
    window.location.replace("/login?ended=1");
  } else window.dispatchEvent(new Event("chartroom-signed-out"));
}

/** @param {string} to */
function leave(to) {
  fetch("/logout", { method: "POST" }).finally(() => window.location.replace(to));
}
