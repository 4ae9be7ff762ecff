// @ts-check
// Who is signed in. Where nobody is here the screen goes blank and the session ends, a little before the server ends it.
// Windows of one browser have one session: whoever is busy in another window is here.

/** @typedef {{who: string, idleMinutes: number}} SignedIn none of the minutes: the screen watches by itself */
/** @typedef {{data: SignedIn, lastSeen: number, noted: number, stop: () => void}} Watch */

const SEEN = "chartroom-seen"; // the last sign of somebody in any window, ms since 1970
const EVERY = 5000; // ms between two notes of it

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
  const s = { data, lastSeen: Date.now(), noted: Date.now(), stop: () => {} };
  const seen = () => {
    const now = Date.now();
    s.lastSeen = now;
    if (now - s.noted < EVERY) return;
    s.noted = now;
    localStorage.setItem(SEEN, String(now));
  };
  const signs = ["keydown", "pointermove", "pointerdown", "wheel"];
  for (const sign of signs) document.addEventListener(sign, seen, { capture: true, passive: true });
  localStorage.setItem(SEEN, String(s.lastSeen));
  const clock = window.setInterval(() => tick(s), 1000);
  s.stop = () => {
    window.clearInterval(clock);
    for (const sign of signs) document.removeEventListener(sign, seen, { capture: true });
  };
  return s;
}

/** @param {Watch} s */
function tick(s) {
  const { idleMinutes } = s.data;
  const seen = Math.max(s.lastSeen, Number(localStorage.getItem(SEEN) || 0));
  if (!idleMinutes || (Date.now() - seen) / 60000 < 0.9 * idleMinutes) return;
  s.stop();
  document.body.style.visibility = "hidden";
  leave("/login?away=1");
}

/** @param {string} to */
function leave(to) {
  fetch("/logout", { method: "POST" }).finally(() => window.location.replace(to));
}
