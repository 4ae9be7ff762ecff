"""The verification station in a real Chromium: how fast the next document stands there, and how much a technician gets done.

    ./dev bench station                 all of it (about 12 minutes)
    ./dev bench station --part desk     one part: desk, planted, crowd, screens

desk: approve to next page painted, Tab to box lit, and a scripted technician over drawn charts. planted: the same in a hurry,
with one error in ten documents that must not be filed (planted.py). crowd: 20 people at once.
screens: work list and search with 100,000 documents.
"""

import argparse
import csv
import http.client
import json
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from benchmarks.desk import PASSWORD, THINK_SECONDS, press, seated, shown
from benchmarks.planted import KINDS, filed_wrong, plans, work_through
from ingest.demo.draw import draw_scans
from storage.foundation.accounts import add_account
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person
from storage.opening import open_home
from tests.given.commands import Chartroom

RESULTS = Path(__file__).parent / "results" / "station.csv"
_ROWS: list[tuple[str, float, str]] = []


def tell(name: str, value: float, target: str) -> None:
    """One figure beside its target, printed and kept."""
    print(f"{name}: {value:g} (target {target})", flush=True)
    _ROWS.append((name, round(value, 3), target))


@contextmanager
def running(chartroom: Chartroom) -> Iterator[int]:
    """The review app; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = chartroom.start("review", "--port", str(port), log=chartroom.home.parent / "review.log")
    try:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                _ask(port, "GET", "/_stcore/health")
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _ask(
    port: int, method: str, path: str, body: object = None, cookie: str = "", form: str = ""
) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"x-chartroom-desk": "1", "cookie": cookie}
    data = form or (json.dumps(body) if body is not None else None)
    if form:
        headers["content-type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, data, headers)
    answer = connection.getresponse()
    content, cookies = answer.read(), answer.getheader("set-cookie") or ""
    connection.close()
    return answer.status, content, cookies.partition(";")[0]


def _charts(base: Path, patients: int) -> Chartroom:
    """A data home with drawn charts read and indexed."""
    chartroom = Chartroom(base / "home", base / "key", CHARTROOM_TAKE_BACK_SECONDS="2")
    chartroom("init")
    chartroom("user", "add", "tess", "--role", "technician", "--password-stdin", stdin=PASSWORD + "\n")
    scans, _ = draw_scans(patients, 97, base / "drawn")
    chartroom("roster", "load", base / "drawn" / "roster.csv")
    for scan in scans:
        chartroom.drop(scan.name, scan.data)
    chartroom("run", expect=None, seconds=1800)
    return chartroom


# ---- one technician


def measure_desk(base: Path) -> None:
    """Keys to pixels, and a scripted technician who thinks a second over each doubtful field."""
    chartroom = _charts(base, 20)
    with running(chartroom) as port, seated(port) as page:
        _technician(page)
    with open_home(base / "home", base / "key").reading() as session:
        approved = session.execute(text("SELECT count(*) FROM document WHERE state IN ('verified', 'filed')")).scalar()
    print(f"  of the data home's documents {approved} are approved", flush=True)


_TABS = """async () => { const host = [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.station'));
 const root = host ? host.shadowRoot : document, times = [];
 for (const input of root.querySelectorAll('.field:not([hidden]) input')) { const start = performance.now(); input.focus(); root.querySelector('.lit').getBoundingClientRect();
   times.push(performance.now() - start); }
 return times; }"""


_CORRECT = """() => { const host = [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.station'));
 const root = host ? host.shadowRoot : document;
 const input = [...root.querySelectorAll('input[name=attending], input[name=payer]')].find((e) => e.offsetParent);
 input?.focus(); return Boolean(input); }"""
"""Puts the cursor into a field that is on the screen and is corrected; whether there is one."""

_MOST_STOPS = 12
"""Doubts and pages at which Ctrl Enter stops on one document, at most."""


def _technician(page: Any) -> None:
    rng = random.Random(4)
    waits, tabs, keys, seconds, documents, asked = [], [], 0, 0.0, 0, 0
    while documents < 100:
        if not shown(page):
            break
        began = time.perf_counter()
        if page.locator(".banner.ask").count():
            page.keyboard.press("Alt+1" if page.locator(".person").count() else "Alt+k")
            keys, asked = keys + 1, asked + 1
            time.sleep(THINK_SECONDS)
        doubtful = page.locator(".field.check:not([hidden]) input, .field.missing:not([hidden]) input").count()
        for _ in range(max(1, doubtful)):  # one correction a document at least
            time.sleep(THINK_SECONDS)
            page.keyboard.press("Enter")
            keys += 1
        page.keyboard.press("Alt+a")
        tabs += page.evaluate(_TABS)
        if page.evaluate(_CORRECT):  # a kind without either field has no such correction
            word = rng.choice(("CHEN, WEI", "OKONKWO, AMARA", "RIVERA, ANA"))
            page.keyboard.press("Control+a")
            page.keyboard.type(word)
            keys += len(word) + 2
        for _ in range(_MOST_STOPS):
            done = press(page, "approve")
            keys += 1
            if done.is_next or "not looked at yet" not in done.said:
                break
            time.sleep(THINK_SECONDS)  # the next doubt, or the next page of a consent
        if done.is_next:
            waits.append(done.milliseconds)
        else:  # asked for more: put aside, as a person in doubt does
            page.keyboard.press("Escape")
            page.keyboard.press("Alt+k")
            keys += 2
            time.sleep(0.5)
        documents += 1
        seconds += time.perf_counter() - began
        if not done.is_next:
            print(f"  put aside: {done.said[:90]}", flush=True)
    waits.sort()
    tabs.sort()
    tell("approve to next page painted, median ms", statistics.median(waits), "100")
    tell("approve to next page painted, p95 ms", waits[int(0.95 * (len(waits) - 1))], "300")
    tell("focus to box lit and zoomed, p95 ms", tabs[int(0.95 * (len(tabs) - 1))], "20")
    tell("keystrokes a document, one typed correction each", keys / documents, "-")
    tell("documents an hour, one correction each, a second a field", 3600 * documents / seconds, "400")
    print(f"  {documents} documents, {asked} of them asked whose they are, {len(waits)} approved", flush=True)


# ---- one planted error in ten


def measure_planted(base: Path) -> None:
    """A technician in a hurry over drawn charts of which one in ten has an error that must not be filed."""
    chartroom = _charts(base, 24)
    home = open_home(base / "home", base / "key")
    known = plans(home, base / "drawn" / "truth.json")
    planted = [plan.planted for plan in known.values() if plan.planted]
    with running(chartroom) as port, seated(port) as page:
        tally = work_through(page, known, 100)
    wrong = filed_wrong(home, known, tally)
    home.close()
    for kind in KINDS:
        print(f"  {kind}: {planted.count(kind)} planted, {wrong[kind]} filed", flush=True)
    waits = sorted(tally.waits)
    tell("planted: documents filed wrong, of one hundred", sum(wrong.values()), "0")
    tell("planted: errors among them", len(planted), "10 or more")
    tell(
        "planted: share of clean documents approved with one key",
        sum(k == 1 for k in tally.keys) / len(tally.keys),
        "0.5",
    )
    tell("planted: documents an hour", 3600 * tally.documents / tally.seconds, "400")
    tell("planted: approve to next page painted, median ms", statistics.median(waits), "75")
    print(
        f"  {tally.documents} documents, {len(tally.keys)} clean ones approved, {tally.put_aside} put aside", flush=True
    )


# ---- twenty at once


def measure_crowd(base: Path, people: int = 20, each: int = 15) -> None:
    """Twenty technicians take, look at and approve documents at once, as fast as they are answered."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.given.desk import note, put
    from tests.given.records import add_person

    chartroom = Chartroom(base / "home", base / "key", CHARTROOM_TAKE_BACK_SECONDS="600")
    chartroom("init")
    home = open_home(base / "home", base / "key")
    add_person(home)
    for number in range(people * each + 10):
        put(home, [note("00123456", "Rivera, Ana", "03/14/1957", f"line {number}")], f"scan {number}")
    with home.writing() as session:
        for number in range(people):
            add_account(session, f"tech{number:02d}", Role.TECHNICIAN, PASSWORD)
    times: list[float] = []
    done: list[int] = []
    problems: list[str] = []
    with running(chartroom) as port:
        cookies = [_sign_in(port, f"tech{number:02d}") for number in range(people)]
        threads = [
            threading.Thread(target=_work, args=(port, cookie, each, times, done, problems)) for cookie in cookies
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
    with home.reading() as session:
        states = dict(session.execute(text("SELECT state, count(*) FROM document GROUP BY state")).all())
    times.sort()
    tell(
        "20 at once: approve and next document answered, p95 ms",
        times[int(0.95 * (len(times) - 1))],
        "1000",
    )
    tell("20 at once: documents approved twice", len(done) - len(set(done)), "0")
    tell("20 at once: documents lost", people * each + 10 - sum(states.values()), "0")
    print(
        f"  {len(done)} approved in {seconds:.0f} s ({60 * len(done) / seconds:.0f} a minute); {len(problems)} refusals {problems[:2]}"
    )
    home.close()


def _sign_in(port: int, name: str) -> str:
    return _ask(port, "POST", "/login", form=f"username={name}&password={PASSWORD}")[2]


def _work(port: int, cookie: str, each: int, times: list[float], done: list[int], problems: list[str]) -> None:
    queue: list[dict[str, Any]] = json.loads(_ask(port, "POST", "/desk/queue", {}, cookie)[1])["documents"]
    for _ in range(each):
        if not queue:
            return
        document = queue.pop(0)
        _ask(port, "GET", document["pages"][0]["src"], cookie=cookie)
        message = {"action": "approve", "id": document["id"], "version": document["version"], "values": {"payer": "Aetna"},
                   "type": document["type"], "person": document["person"], "token": f"{cookie[-8:]}-{document['id']}"}  # fmt: skip
        began = time.perf_counter()
        answer = json.loads(_ask(port, "POST", "/desk/act", message, cookie)[1])
        have = [row["id"] for row in queue]
        queue += json.loads(_ask(port, "POST", "/desk/queue", {"have": have}, cookie)[1])["documents"]
        times.append(1000 * (time.perf_counter() - began))
        (done if answer["ok"] else problems).append(document["id"] if answer["ok"] else answer["sentence"])


# ---- screens over a large store


def measure_screens(base: Path, count: int = 100_000) -> None:
    """Work list and search over 100,000 documents of three pages, as the screens ask."""
    from review_app.model import worklist
    from storage.documents.search import Filter, find_pages

    chartroom = Chartroom(base / "home", base / "key")
    chartroom("init")
    home = open_home(base / "home", base / "key")
    _fill(home, count)
    actor = Actor("tess", Role.TECHNICIAN)
    asked: dict[str, Callable[[Session], object]] = {
        "work list": lambda session: worklist.look(home, actor),
        "work list of one type over a day old": lambda session: worklist.look(
            home, actor, worklist.WorklistFilter(type_code="LAB", older_than_days=1)
        ),
        "search: a rare word": lambda session: find_pages(session, "kestrelon77", actor),
        "search: a common word": lambda session: find_pages(session, "patient", actor),
        "search: two words and a type": lambda session: find_pages(
            session, "chest pain", actor, only=Filter(type_code="LAB")
        ),
        "search: a misspelled word": lambda session: find_pages(session, "penicilin", actor),
    }
    for name, ask in asked.items():
        times = []
        for _ in range(7):
            with home.writing() as session:
                began = time.perf_counter()
                ask(session)
                times.append(1000 * (time.perf_counter() - began))
        tell(f"{count:,} documents, {name}, slowest of 7 ms", max(times), "500")
    home.close()


_WORDS = "patient chest pain denies history of present illness exam normal labs reviewed follow up plan discussed continue medication penicillin allergy blood pressure stable discharge home".split()


def _fill(home: Home, count: int) -> None:
    rng = random.Random(3)
    with home.writing() as session:
        person = Person(mrn="00123456", family="Rivera", given="Ana")
        session.add(person)
        session.execute(
            text(
                "INSERT INTO batch (id, state, flags, back_file, attempts, version, created_at, updated_at) VALUES (1, 'indexed', '[]', 0, 0, 1, '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00')"
            )
        )
        session.flush()
    for start in range(0, count, 5000):
        with home.writing() as session:
            _some(session, rng, range(start + 1, start + 5001))


def _some(session: Session, rng: random.Random, ids: Sequence[int]) -> None:
    words = []
    for number in ids:
        is_filed = number % 10 > 2
        kind = rng.choice(("LAB", "IMAGING", "CONSULT", "PROGRESS_NOTE"))
        session.add(
            Document(
                id=number, batch_id=1, state=DocumentState.FILED if is_filed else DocumentState.TO_VERIFY, type_code=kind,
                person_id=1 if is_filed else None, decision="linked" if is_filed else "ask", priority=rng.randrange(1, 9),
            )
        )  # fmt: skip
        for position in range(3):
            session.add(
                Page(
                    batch_id=1,
                    number=3 * number + position,
                    disposition="document",
                    outcome="ok",
                    document_id=number,
                    position=position,
                )
            )
            said = " ".join(rng.choices(_WORDS, k=60)) + f" kestrelon{number % 5000}"
            words.append({"words": said, "document": number, "position": position + 1})
    session.flush()
    insert = text("INSERT INTO page_text (words, document_id, position) VALUES (:words, :document, :position)")
    session.execute(insert, words)


_PARTS = (
    ("desk", measure_desk),
    ("planted", measure_planted),
    ("crowd", measure_crowd),
    ("screens", measure_screens),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("desk", "planted", "crowd", "screens"), help="one part only")
    chosen = parser.parse_args(arguments)
    for name, measure in _PARTS:
        if chosen.part in (None, name):
            with tempfile.TemporaryDirectory(prefix=f"chartroom-{name}-") as folder:
                measure(Path(folder))
    if chosen.part is None:
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("what", "measured", "target"), *_ROWS])
    return 0


if __name__ == "__main__":
    sys.exit(main())
