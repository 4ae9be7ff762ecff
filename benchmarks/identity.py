"""Whose paper it is, on any hospital's paper: what is read off it, and whom it is linked to.

    ./dev bench identity                        fields and links of 24 hospitals (two minutes, without recognition)
    ./dev bench identity fields --hospitals 60  the values that say whose it is, by field, habit and kind of page
    ./dev bench identity links --seed 9         whom documents are linked to, by what they could be mistaken for
    ./dev bench identity --author third         hospitals of another author: other label words, layouts, ways of writing
    ./dev bench identity --pixels               the same from pictures, read as in production (hours)

Rules were made while looking at other draws of the first author (docs/understanding.md says which); of the others,
the first run was seen by nobody before. What nobody has seen measures more. Results:
benchmarks/results/identity-*.csv, of another author identity-<author>-*.csv, of pictures identity-*-pixels.csv.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.adversaries import Case, World, draw_world
from benchmarks.authors import AUTHORS, FIRST, Author
from benchmarks.display import Sheet
from benchmarks.figures import RESULTS, keep, show
from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import LABELS, draw_subject, with_rare_name
from benchmarks.people import draw_people, registration_of
from benchmarks.truth import is_same
from classify.doubts import DoubtCode
from classify.fields.find import find_fields
from classify.guess import Decision, DocumentGuess, FieldValue, FileGuess, Roster
from classify.index import index_file
from ocr.page import OcrPage

_SURE = 0.95
"""From here on a value counts as sure (benchmarks/understanding.py)."""

_GROWN = 1985
"""Patients of the measure of fields are born before: grown up at every stay, and no birth year of two digits is unclear."""

_STAY_NUMBERS = {"account": "encounter", "encounter": "account"}
"""What one hospital calls its visit another calls its account; matching asks for both alike."""

Read = Callable[[Sheet, int], OcrPage]


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of one page: whether it is printed, whether what was found is right (None: nothing found), how sure."""

    field: str
    is_printed: bool
    is_right: bool | None
    confidence: float = 0.0
    groups: tuple[tuple[str, str], ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.is_right is not None and self.confidence >= _SURE


@dataclass(frozen=True, slots=True)
class Link:
    """One page: whether its patient is on the list, whom it was linked to, and the first three candidates."""

    kind: str
    owner: str | None
    linked: str | None
    candidates: tuple[str, ...] = ()
    decision: Decision | None = None
    is_enough: bool = True

    @property
    def is_wrong(self) -> bool:
        return self.linked is not None and self.linked != self.owner


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", default=["fields", "links"])
    parser.add_argument("--hospitals", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1, help="draw other hospitals and people")
    parser.add_argument("--author", choices=AUTHORS, default=FIRST.name, help="who draws the hospitals")
    parser.add_argument("--pixels", action="store_true", help="draw pictures and read them")
    options = parser.parse_args(arguments)
    read, after = (read_picture, "-pixels") if options.pixels else (read_drawing, "")
    author = AUTHORS[options.author]
    measure = "identity" if author is FIRST else f"identity-{author.name}"
    if "fields" in options.part:
        measure_fields(draw_pages(options.hospitals, options.seed, author), read, after, measure)
    if "links" in options.part:
        measure_links(draw_world(options.hospitals, options.seed, author), read, after, measure)


def read_drawing(sheet: Sheet, number: int) -> OcrPage:
    """The page as it was drawn, every word right."""
    return sheet.page(number)


def read_picture(sheet: Sheet, number: int) -> OcrPage:
    """The page as it is read from its picture."""
    from ocr.read import WORDS_ONLY, read_page
    from ocr.signature import Kind

    return replace(read_page(sheet.png(), Kind.PNG, 1, WORDS_ONLY).page, number=number)


# ---- fields


def draw_pages(hospitals: int, seed: int, author: Author = FIRST) -> Iterator[DrawnPage]:
    """Every kind of page of each hospital, each about another patient."""
    people = [human for human in draw_people(hospitals * 60, seed) if human.born.year < _GROWN]
    for number in range(hospitals):
        hospital = author.draw_hospital(seed * 1000 + number)
        for index, kind in enumerate(author.pages):
            at = number * len(author.pages) + index
            human = author.register(hospital, replace(people[at], visits=()), 100_000 + 7919 * at % 800_000)
            rng = hospital.rng(f"{kind} {seed}")
            subject = draw_subject(with_rare_name(human, rng), people[at + 1], rng)
            yield author.draw_page(hospital, kind, subject, seed)


def measure_fields(pages: Iterator[DrawnPage], read: Read, after: str = "", measure: str = "identity") -> None:
    """The best value of each field of each page against what is printed on it."""
    started = time.monotonic()
    answers = [
        answer
        for page in pages
        for answer in answers_of(page, best_values(find_fields(read(page.sheet, 1), page.hospital.profile)))
    ]
    sys.stderr.write(f"{len(answers)} values in {time.monotonic() - started:.0f} s\n")
    fields = [{"field": name, **counted(group)} for name, group in _grouped(answers, lambda a: [a.field])]
    fields.append({"field": "all", **counted(answers)})
    habits = [
        {"by": by, "habit": habit, **counted(group)}
        for (by, habit), group in _grouped([a for a in answers if a.is_printed], lambda a: a.groups)
    ]
    print(f"\n{'field':28} printed   found  recall  precision   sure  sure and wrong")
    for row in fields:
        _print_row(row["field"], row)
    for row in habits:
        _print_row(f"{row['by']}: {row['habit']}", row)
    keep(f"fields{after}", fields, measure)
    keep(f"habits{after}", habits, measure)


def best_values(values: Sequence[FieldValue]) -> dict[str, FieldValue]:
    """The first value of each field; they come best first."""
    best: dict[str, FieldValue] = {}
    for value in values:
        best.setdefault(value.name, value)
    return best


def answers_of(page: DrawnPage, best: Mapping[str, FieldValue]) -> Iterator[Answer]:
    """For each field that is printed or was found: whether it is right. What the page leaves open is left out."""
    for name in LABELS:
        printed, told = page.truth.get(name), best.get(name)
        if printed is None and (told is None or name in page.open or _is_other_number(page, name, told)):
            continue
        is_right = None if told is None else printed is not None and is_same(name, told.value, printed)
        yield Answer(name, printed is not None, is_right, told.confidence if told else 0.0, _groups(page, name))


def _is_other_number(page: DrawnPage, name: str, told: FieldValue) -> bool:
    """Whether the number of the account was taken for that of the visit, or the other way round."""
    other = page.truth.get(_STAY_NUMBERS.get(name, ""))
    return other is not None and is_same(name, told.value, other)


def _groups(page: DrawnPage, name: str) -> tuple[tuple[str, str], ...]:
    """What a value is counted under: the habits of its places, the kind of its page, the style of what it is."""
    groups = [("habit", habit) for habit in dict.fromkeys(page.habits.get(name, ()))] + [("page", page.kind)]
    if page.kind not in ("line print", "narrative", "claim"):  # these have styles of their own
        style = {"name": "name_style", "mrn": "mrn_style", "dob": "date", "sex": "sex_style"}.get(name)
        groups += [(name, getattr(page.hospital, style))] if style else []
    return tuple(groups)


def _grouped(answers: Sequence[Answer], keys: Callable[[Answer], Sequence[Any]]) -> list[tuple[Any, list[Answer]]]:
    groups: defaultdict[Any, list[Answer]] = defaultdict(list)
    for answer in answers:
        for key in keys(answer):
            groups[key].append(answer)
    return sorted(groups.items(), key=lambda item: str(item[0]))


def counted(answers: Sequence[Answer]) -> dict[str, Any]:
    """How many are printed and found, recall, precision, the share of printed ones that is sure, how many sure are wrong."""
    printed = sum(a.is_printed for a in answers)
    told = [a for a in answers if a.is_right is not None]
    right = sum(a.is_right is True for a in told)
    sure = [a for a in told if a.is_sure]
    return {
        "printed": printed,
        "found": len(told),
        "recall": round(right / max(1, printed), 4),
        "precision": round(right / max(1, len(told)), 4),
        "sure": round(len(sure) / max(1, printed), 4),
        "sure_wrong": sum(not a.is_right for a in sure),
    }


def _print_row(name: str, row: Mapping[str, Any]) -> None:
    print(
        f"{name:28} {row['printed']:7} {row['found']:7}  {row['recall']:.3f}   {row['precision']:.3f}     {row['sure']:.2f}  {row['sure_wrong']:4}"
    )


# ---- links


def measure_links(world: World, read: Read, after: str = "", measure: str = "identity") -> None:
    """Every document through understanding and matching with the list of all hospitals."""
    from storage.opening import make_home
    from storage.roster.loading import load
    from storage.roster.lookup import StoredRoster

    links: list[Link] = []
    with tempfile.TemporaryDirectory(prefix="chartroom-identity-") as folder:
        home = make_home(Path(folder) / "home", Path(folder) / "key")
        load(home, ((h.mrn, r) for h in world.people for r in registration_of(h)), "benchmark")
        started = time.monotonic()
        with home.reading() as session:
            roster = StoredRoster(session)
            for case in world.cases:
                links += links_of(case, guess_of(case, roster, read))
        home.close()
    sys.stderr.write(f"{len(links)} pages in {time.monotonic() - started:.0f} s\n")
    by_kind: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_kind[link.kind].append(link)
    enough = [link for link in by_kind["registered"] if link.is_enough]
    groups = [("registered, enough printed", enough), *by_kind.items(), ("all", links)]
    rows = [{"kind": kind, **counted_links(group)} for kind, group in groups]
    print(f"\n{'kind':26} pages  listed  linked right  asked  nobody  among three  WRONG")
    for row in rows:
        print(
            f"{row['kind']:26} {row['pages']:5} {row['listed']:7} {row['linked_right']:13} {row['asked']:6} {row['nobody']:7} {row['among_three']:12} {row['wrong']:6}"
        )
    keep(f"links{after}", rows, measure)
    _show_whole(rows[-1])


def _show_whole(row: Mapping[str, Any]) -> None:
    listed = max(1, row["listed"])
    show(
        f"links: {row['pages']} pages, {row['listed']} of them of people on the list",
        [
            ("linked right without a person, of listed", row["linked_right"] / listed, ""),
            ("asked or nobody, of listed", 1 - row["linked_right"] / listed - row["wrong_listed"] / listed, ""),
            ("right one linked or among three, of listed", row["among_three"] / listed, ""),
            ("WRONG links", row["wrong"], "0"),
            ("of these where nobody was right", row["wrong"] - row["wrong_listed"], "0"),
        ],
    )


def guess_of(case: Case, roster: Roster, read: Read) -> FileGuess:
    """What the product makes of the pages of a case as one file."""
    pages = [read(sheet, number) for number, sheet in enumerate(case.sheets, start=1)]
    return index_file(pages, roster, case.hospital.profile)


def links_of(case: Case, guess: FileGuess) -> Iterator[Link]:
    """Where each page of a case went; one that is in no document went nowhere."""
    for number, owner in enumerate(case.owners, start=1):
        document = next((d for d in guess.documents if number in d.pages), None)
        if document is None:
            yield Link(case.kind, owner, None, is_enough=case.is_enough)
            continue
        candidates = tuple(candidate.person.mrn for candidate in document.match.candidates[:3])
        linked = candidates[0] if _is_decided(document) else None
        yield Link(case.kind, owner, linked, candidates, document.match.decision, case.is_enough)


def _is_decided(document: DocumentGuess) -> bool:
    """Whether it is decided whose a document is: linked, or asked about only because the paper says 'Page 1 of 3' and the
    other pages are not in the file. That asks for pages, not for a patient; an author draws one page of each."""
    match = document.match
    missing = {doubt.sentence for doubt in document.doubts if doubt.code is DoubtCode.PAGES_MISSING}
    is_gap = match.decision is Decision.ASK and bool(match.candidates) and set(match.reasons) <= missing
    return match.decision is Decision.LINKED or is_gap


def counted_links(links: Sequence[Link]) -> dict[str, int]:
    """Pages by what became of them; wrong: linked to another than the owner, or though nobody was right."""
    listed = [link for link in links if link.owner is not None]
    return {
        "pages": len(links),
        "listed": len(listed),
        "linked_right": sum(link.linked == link.owner for link in listed),
        "asked": sum(link.decision is Decision.ASK for link in links),
        "nobody": sum(link.linked is None and link.decision is not Decision.ASK for link in links),
        "among_three": sum(link.owner in link.candidates for link in listed),
        "wrong": sum(link.is_wrong for link in links),
        "wrong_listed": sum(link.is_wrong for link in listed),
    }


if __name__ == "__main__":
    RESULTS.mkdir(exist_ok=True)
    main()
