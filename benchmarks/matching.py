"""Whose document is it: linking measured on drawn patient lists, on FEBRL4, and on the CDC's graded cases.

    ./dev bench matching                 all of it, a million persons included (about 20 minutes)
    ./dev bench matching --people 100000 one list of another size
    ./dev bench matching --part cdc      one part: lists, febrl, cdc, charts

What counts is a wrong link: a document filed to somebody else than its patient. Half of the queries are of people who
are not on the list, many of them relatives and namesakes of people who are.
"""

import argparse
import csv
import itertools
import json
import math
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from benchmarks.matching_peers import measure_cdc, measure_febrl
from benchmarks.people import Human, Names, draw_people, registration_of
from classify.guess import PatientMatch
from classify.matching.decide import match_patient
from classify.matching.query import Query
from ingest.demo.draw import draw_scans
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.opening import make_home
from storage.roster.finding import find_people
from storage.roster.loading import load
from storage.roster.lookup import StoredRoster

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Paper:
    """How often a document says what, and how often a letter or a digit of it is misread."""

    name: str
    printed: dict[str, float]
    letter: float
    digit: float


LABELLED = Paper(
    "a label on every page, read fairly",
    {"mrn": 0.93, "birth_date": 0.96, "sex": 0.85, "encounter": 0.6, "phone": 0.2, "address": 0.25, "member_id": 0.12, "ssn4": 0.1, "middle": 0.6},
    0.005,
    0.002,
)  # fmt: skip
"""What a U.S. hospital's label has: name, MRN, visit or account, date of birth, sex."""

POOR = Paper(
    "outside paper, read badly",
    {"mrn": 0.6, "birth_date": 0.9, "sex": 0.6, "encounter": 0.3, "phone": 0.3, "address": 0.4, "member_id": 0.25, "ssn4": 0.1, "middle": 0.5},
    0.0125,
    0.005,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and whose document it is; None when that person is not on the list."""

    query: Query
    mrn: str | None
    kind: str


# ---- queries


def draw_queries(people: Sequence[Human], count: int, seed: int, paper: Paper = LABELLED) -> Iterator[Asked]:
    """Documents as they are read: half of registered people, half of strangers, twins, juniors and namesakes of theirs."""
    rng = random.Random(seed)
    names = Names(random.Random(seed + 1))
    strangers = iter(draw_people(count, seed + 2, first=50_000_000))
    for _ in range(count // 2):
        human = rng.choice(people)
        yield Asked(_as_read(rng, human, names, paper), human.mrn, "registered")
    for _ in range(count - count // 2):
        human, kind = _stranger(rng, rng.choice(people), next(strangers), names)
        yield Asked(_as_read(rng, human, names, paper), None, kind)


def _stranger(rng: random.Random, other: Human, new: Human, names: Names) -> tuple[Human, str]:
    """Somebody who is not on the list, and is like somebody who is."""
    roll = rng.random()
    if roll < 0.4:
        return new, "stranger"
    if new.given == other.given:
        new = replace(new, given=names.given(new.sex))  # parents give a name once
    if roll < 0.5:  # a twin who never came here
        return replace(
            new,
            family=other.family,
            born=other.born,
            address=other.address,
            postcode=other.postcode,
            phone=other.phone,
            maiden="",
        ), "twin"
    if roll < 0.65:  # a junior, or a senior
        years = rng.randrange(20, 36) * rng.choice((1, -1))
        born = other.born.replace(year=other.born.year + years, day=min(28, other.born.day))
        return replace(
            new,
            family=other.family,
            given=other.given,
            sex=other.sex,
            suffix=rng.choice(("Jr", "")),
            born=born,
            address=other.address,
            postcode=other.postcode,
            phone=other.phone,
            maiden="",
        ), "junior"
    if roll < 0.8:  # a sister or brother at the same address
        return replace(
            new, family=other.family, address=other.address, postcode=other.postcode, phone=other.phone, maiden=""
        ), "sibling"
    if roll < 0.95:  # a namesake of another birthday
        return replace(new, family=other.family, given=other.given, sex=other.sex, maiden=""), "namesake"
    near = other.born + timedelta(days=rng.choice((-1, 1, 10, 30)))  # a namesake born nearly the same day
    return replace(new, family=other.family, given=other.given, sex=other.sex, born=near, maiden=""), "near namesake"


def _as_read(rng: random.Random, human: Human, names: Names, paper: Paper) -> Query:
    """What the document says and the machine read of it."""
    says = {name: rng.random() < share for name, share in paper.printed.items()}
    family = human.family
    if human.maiden and rng.random() < 0.15:
        family = human.maiden if rng.random() < 0.8 else names.family()  # some names the list never heard
    given = human.given
    if rng.random() < 0.03:
        given = _short(given)
    born = human.born if says["birth_date"] else None
    if born and rng.random() < 0.004:  # typed wrong
        born = born.replace(day=min(28, max(1, born.day + rng.choice((-1, 1, 10)))))
    if born and rng.random() < 0.006:  # one digit misread
        born = born.replace(year=born.year + rng.choice((-1, 1, -10, 10, -5, 3)), day=min(28, born.day))
    mrn = _noisy_number(rng, human.mrn, paper.digit) if says["mrn"] else ""
    if mrn and rng.random() < 0.002:
        mrn = f"{10_000_000 + rng.randrange(1, 1_000_000):08d}"  # a wrong sticker, or a slip of the pen
    return Query(
        family=_noisy_word(rng, family, paper.letter).title(),
        given=_noisy_word(rng, given, paper.letter).title(),
        middle=human.middle.upper() if says["middle"] else "",
        suffix=human.suffix if human.suffix and rng.random() < 0.7 else "",
        birth_date=born,
        sex=human.sex if says["sex"] else "",
        mrn=mrn,
        encounters=tuple(_noisy_number(rng, v, paper.digit) for v, _ in human.visits[-1:]) if says["encounter"] else (),
        member_id=_noisy_number(rng, human.member_id, paper.digit) if says["member_id"] else "",
        phone=_noisy_number(rng, human.phone, paper.digit) if says["phone"] else "",
        ssn4=_noisy_number(rng, human.ssn4, paper.digit) if says["ssn4"] else "",
        address=(human.was_at if human.was_at and rng.random() < 0.5 else human.address) if says["address"] else "",
    )


_NOISE = {"o": "0c", "l": "1i", "i": "l1", "m": "rn", "n": "ri", "e": "c", "c": "e", "h": "b", "b": "h", "s": "5", "a": "o", "u": "v", "t": "f", "r": "n", "g": "q"}  # fmt: skip
_DIGIT_NOISE = {
    "0": "O8",
    "1": "Il7",
    "5": "S6",
    "8": "B3",
    "6": "G5",
    "3": "8",
    "2": "Z7",
    "7": "1",
    "4": "9",
    "9": "4g",
}


def _noisy_word(rng: random.Random, word: str, share: float) -> str:
    """A word as it is misread: so many letters for others that look like them, a fifth of them lost."""
    out = []
    for letter in word:
        roll = rng.random()
        if roll < 0.8 * share:
            swapped = _NOISE.get(letter, letter)
            out.append(swapped if letter == "m" else rng.choice(swapped))
        elif roll >= share:
            out.append(letter)
    return "".join(out)


def _noisy_number(rng: random.Random, number: str, share: float) -> str:
    """A number as it is misread: so many of its characters for others that look like them."""
    return "".join(rng.choice(_DIGIT_NOISE.get(c, c)) if rng.random() < share else c for c in number)


_SHORT = {"robert": "bob", "william": "bill", "james": "jim", "john": "jack", "michael": "mike", "elizabeth": "liz", "katherine": "kate", "thomas": "tom", "patricia": "pat", "joseph": "joe", "richard": "rick", "jennifer": "jen", "susan": "sue", "christopher": "chris", "daniel": "dan"}  # fmt: skip


def _short(given: str) -> str:
    return _SHORT.get(given, given)


# ---- lists of all sizes


@dataclass(slots=True)
class Result:
    """What matching did on one list."""

    people: int
    paper: str
    queries: int = 0
    linked: int = 0
    wrong: int = 0
    registered: int = 0
    linked_right: int = 0
    first: int = 0
    among_three: int = 0
    milliseconds: list[float] = field(default_factory=list)
    chances: list[tuple[float, bool]] = field(default_factory=list)  # of the first candidate, and whether it was right


def measure_lists(sizes: Sequence[int], queries: int, seed: int) -> list[Result]:
    """Load lists of these sizes and ask them; prints a table, each beside its target."""
    results = []
    with tempfile.TemporaryDirectory(prefix="chartroom-matching-") as folder:
        for size in sizes:
            people = list(draw_people(size, seed))
            place = Path(folder) / str(size)
            place.mkdir()
            home = make_home(place / "home", place / "key")
            before, started = _memory(), time.perf_counter()
            loaded = load(home, ((str(h.id), r) for h in people for r in registration_of(h)), "benchmark")
            seconds = time.perf_counter() - started
            rows = loaded.new + loaded.updated + loaded.unchanged
            print(
                f"{size:,} persons: {rows:,} rows loaded in {seconds:.0f} s ({rows / seconds:,.0f} a second), database "
                f"{(place / 'home' / 'chartroom.db').stat().st_size / 1e6:.0f} MB, process grew {_memory() - before:.0f} MB",
                flush=True,
            )
            for paper in (LABELLED, POOR):
                results.append(ask(home, list(draw_queries(people, queries, seed + 7, paper)), size, paper.name))
                tell(results[-1])
            measure_search(home, people, seed)
            home.close()
    _keep(results)
    return results


def measure_search(home: Home, people: Sequence[Human], seed: int, count: int = 400) -> None:
    """The search box for people: beginnings of names, numbers, birthdays, telephones, and names mistyped or spelled by ear."""
    rng = random.Random(seed)
    times: dict[str, list[float]] = {}
    found: Counter[str] = Counter()
    with home.writing() as session:
        for i in range(count):
            human = rng.choice(people)
            slip = rng.randrange(1, max(2, len(human.family) - 1))
            for kind, words in {
                "beginnings of names": f"{human.family[:4]} {human.given[:3]}",
                "name and birthday": f"{human.family} {human.given} {human.born}",
                "MRN": human.mrn,
                "telephone": human.phone.replace(" ", "").replace("(", "").replace(")", ""),
                "mistyped": f"{human.family[:slip]}{human.family[slip + 1 :]} {human.given} {human.born}",
            }.items():
                started = time.perf_counter()
                hits = find_people(session, words, _SEARCHER)
                if i:
                    times.setdefault(kind, []).append(1000 * (time.perf_counter() - started))
                found[kind] += any(person.mrn == human.mrn for person in hits)
    for kind, taken in times.items():
        taken.sort()
        print(
            f"  search by {kind}: p50 {statistics.median(taken):.1f} ms, p99 {taken[int(0.99 * (len(taken) - 1))]:.0f} ms "
            f"(target 100); among the first nine {found[kind] / count:.2f}",
            flush=True,
        )


_SEARCHER = Actor("benchmark", Role.TECHNICIAN)


def _keep(results: Sequence[Result]) -> None:
    """The figures as a table in benchmarks/results."""
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "matching-lists.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["people", "paper", "queries", "linked", "wrong", "precision_lower_95", "registered_linked", "right_first",
             "right_among_three", "median_ms", "p99_ms"]
        )  # fmt: skip
        for r in results:
            times = sorted(r.milliseconds or [0.0])
            rows.writerow(
                [r.people, r.paper, r.queries, r.linked, r.wrong, f"{1 - upper_bound(r.wrong, r.linked):.6f}",
                 f"{r.linked_right / r.registered:.4f}", f"{r.first / r.registered:.4f}",
                 f"{r.among_three / r.registered:.4f}", f"{statistics.median(times):.2f}",
                 f"{times[int(0.99 * (len(times) - 1))]:.2f}"]
            )  # fmt: skip


def ask(home: Home, asked: Sequence[Asked], size: int, paper: str = "", show: int = 0) -> Result:
    """Match all queries, one after another on one core."""
    result = Result(size, paper)
    wrong: Counter[str] = Counter()
    why: Counter[str] = Counter()
    with home.reading() as session:
        roster = StoredRoster(session)
        for one in asked[:200]:  # warm
            match_patient(one.query, roster)
        for one in asked:
            started = time.process_time()
            match = match_patient(one.query, roster)
            result.milliseconds.append(1000 * (time.process_time() - started))
            _count(result, one, match)
            if match.decision == "linked" and match.candidates[0].person.mrn != one.mrn:
                wrong[one.kind] += 1
                if show:
                    print(one, match)
            elif one.mrn and match.decision != "linked":
                why.update(reason.split(":")[0] if "near-twin" in reason else reason for reason in match.reasons[:1])
    if wrong:
        print("  wrong links by kind:", dict(wrong))
    if show:
        for reason, count in why.most_common(14):
            print(f"   {count:5} {reason}")
    return result


def _count(result: Result, one: Asked, match: PatientMatch) -> None:
    result.queries += 1
    mrns = [candidate.person.mrn for candidate in match.candidates]
    if match.candidates:
        result.chances.append((match.candidates[0].score, mrns[0] == one.mrn))
    if match.decision == "linked":
        result.linked += 1
        result.wrong += mrns[0] != one.mrn
    if one.mrn:
        result.registered += 1
        result.linked_right += match.decision == "linked" and mrns[0] == one.mrn
        result.first += mrns[:1] == [one.mrn]
        result.among_three += one.mrn in mrns[:3]


def tell(result: Result) -> None:
    """One list's figures beside their targets."""
    times = sorted(result.milliseconds or [0.0])
    p99 = times[int(0.99 * (len(times) - 1))]
    low = 1 - upper_bound(result.wrong, result.linked)
    print(
        f"  {result.paper}: {result.queries:,} queries ({result.registered:,} of registered people)\n"
        f"  linked {result.linked:,}, wrong {result.wrong}: precision {1 - result.wrong / max(1, result.linked):.6f}, "
        f"lower 95 % bound {low:.6f} (target 0.9999)\n"
        f"  registered people linked {result.linked_right / result.registered:.4f} (target 0.92), right one first "
        f"{result.first / result.registered:.4f}, among three {result.among_three / result.registered:.4f} (target 0.99)\n"
        f"  one query p50 {statistics.median(times):.1f} ms, p99 {p99:.1f} ms (target 25), one core\n"
        f"  probability of the first candidate: said and found {_said_and_found(result)}",
        flush=True,
    )


_BINS = (0.0, 0.2, 0.5, 0.8, 0.99, 1.01)


def _said_and_found(result: Result) -> str:
    """Mean probability and share that was right, in bins, and the expected calibration error over them."""
    parts, error = [], 0.0
    for low, high in itertools.pairwise(_BINS):
        inside = [(chance, is_right) for chance, is_right in result.chances if low <= chance < high]
        if inside:
            said, found = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            error += abs(said - found) * len(inside) / len(result.chances)
            parts.append(f"{said:.2f} {found:.2f} ({len(inside):,})")
    return f"{', '.join(parts)}; expected calibration error {error:.3f}"


def upper_bound(wrong: int, of: int) -> float:
    """The exact (Clopper-Pearson) one-sided upper 95 % bound of a share."""
    if of == 0:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        chance = math.fsum(math.exp(_log_binomial(k, of, middle)) for k in range(wrong + 1))
        low, high = (middle, high) if chance > 0.05 else (low, middle)
    return high


def _log_binomial(k: int, n: int, p: float) -> float:
    p = min(max(p, 1e-15), 1 - 1e-15)
    return (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log(1 - p)
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ---- charts, from pixels


def measure_charts(patients: int, seed: int) -> None:
    """A drawn clinic's scans the whole way: dropped, read, sorted, matched; whom each document is linked to."""
    import subprocess

    with tempfile.TemporaryDirectory(prefix="chartroom-charts-") as folder:
        place = Path(folder)
        environment = {**os.environ, "CHARTROOM_HOME": str(place / "home"), "CHARTROOM_KEY_FILE": str(place / "key")}

        def chartroom(*words: str) -> str:
            command = [sys.executable, "-m", "ingest.cli", *words]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode not in (0, 1):
                raise RuntimeError(done.stderr[-2000:])
            return done.stdout

        chartroom("init")
        scans, _ = draw_scans(patients, seed, place / "drawn")
        chartroom("roster", "load", str(place / "drawn" / "roster.csv"))
        for scan in scans:
            (place / "home" / "hot" / scan.name).write_bytes(scan.data)
        chartroom("run")
        found = [json.loads(line) for line in chartroom("documents", "--json").splitlines()]
    owners = {(s.name, n): page.get("mrn") for s in scans for n, page in enumerate(s.truth["pages"], start=1)}
    decisions: Counter[str] = Counter()
    wrong = offered = 0
    for document in found:
        theirs = {owners.get((document["source"], number)) for number in document["pages"]} - {None}
        said = document["patient"]
        decisions[said["decision"]] += 1
        if said["decision"] == "linked" and theirs != {said["mrn"]}:
            wrong += 1
            print(
                f"  wrong: {document['source']} pages {document['pages']} belong to {theirs}, linked to {said['mrn']}"
            )
        offered += bool(theirs & {c["mrn"] for c in said["candidates"][:3]})
    print(
        f"Drawn charts from pixels: {len(scans)} files, {len(found)} documents; {dict(decisions)}; wrong links {wrong} (target 0); "
        f"right one linked or among three {offered / max(1, len(found)):.3f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("lists", "febrl", "cdc", "charts"), help="one part only")
    parser.add_argument("--people", default="10000,100000,1000000", help="persons on each list [10000,100000,1000000]")
    parser.add_argument("--queries", type=int, default=70_000, help="queries a list [70000]")
    parser.add_argument("--seed", type=int, default=5)
    chosen = parser.parse_args(arguments)
    if chosen.part in (None, "febrl"):
        measure_febrl()
    if chosen.part in (None, "cdc"):
        measure_cdc()
    if chosen.part in (None, "lists"):
        measure_lists([int(size) for size in chosen.people.split(",")], chosen.queries, chosen.seed)
    if chosen.part in (None, "charts"):
        measure_charts(24, chosen.seed + 40)
    return 0


if __name__ == "__main__":
    sys.exit(main())
