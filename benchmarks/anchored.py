"""Reading anchored in the patient list, measured: drawn pages that name their patient without a label, and pages made to mislead.

    ./dev bench anchored                        5,600 documents over a list of 20,000 persons (about 5 minutes)
    ./dev bench anchored --speed --people 1000000 --documents 20   time on a stored list (10 minutes)
    ./dev bench anchored --documents 50 --show registered    fewer of each kind; what was left to a person, with the reason

Each page is drawn as text (words with boxes), read with labels alone and then with the list, and its decision compared with
whose it is. What counts is a wrong link: a document linked to somebody else than its patient. Half of the kinds are of
people who are not on the list, beside relatives, namesakes and providers who are.
"""

import argparse
import csv
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.matching import _noisy_number, _noisy_word, upper_bound
from benchmarks.people import Human, Names, draw_people, registration_of
from classify.anchored.evidence import SOURCE
from classify.anchored.mentions import find_mentions
from classify.anchored.persons import find_persons
from classify.demographics import PersonName
from classify.gaps import PageFacts
from classify.guess import MOST_CANDIDATES, Decision, DocumentGuess, PersonRecord
from classify.index import SortedFile, find_patients, sort_file
from classify.matching.keys import keys_of_person
from classify.profile import Profile
from classify.split import read_facts
from ocr.page import Box, OcrPage, PageOutcome, Word
from storage.opening import make_home
from storage.roster.loading import load
from storage.roster.lookup import StoredRoster

RESULTS = Path(__file__).parent / "results"


def record_of(human: Human) -> PersonRecord:
    """A human as the patient list has one."""
    return PersonRecord(
        id=human.id, mrn=human.mrn, family=human.family.title(), given=human.given.title(), middle=human.middle.upper(),
        suffix=human.suffix, birth_date=human.born, sex=human.sex, address=human.address, postcode=human.postcode,
        phone=human.phone, ssn4=human.ssn4, member_id=human.member_id, encounters=tuple(visit for visit, _ in human.visits),
        other_names=(PersonName(human.maiden.title(), "", "maiden"),) if human.maiden else (),
    )  # fmt: skip


class DrawnRoster:
    """The Roster protocol in memory, by keys, the rarest first, at most sixty, as the stored one."""

    def __init__(self, people: Sequence[Human]) -> None:
        self._records = {human.id: record_of(human) for human in people}
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        self._names: Counter[tuple[str, str]] = Counter()
        for record in self._records.values():
            for key in keys_of_person(record):
                self._by_key[key].append(record.id)
            self._names["family", record.family.lower()] += 1
            self._names["given", record.given.lower()] += 1

    def find_by_keys(self, keys: tuple[str, ...], most: int = MOST_CANDIDATES) -> list[PersonRecord]:
        """Who shares keys, at most sixty, those with the rarest first."""
        sums: Counter[int] = Counter()
        for key in keys:
            found = self._by_key.get(key, [])[:300]
            for number in found:
                sums[number] += len(self._records) // max(1, len(found)) + 1
        return [self._records[number] for number, _ in sums.most_common(most)]

    def people(self) -> int:
        """How many persons are on the list."""
        return len(self._records)

    def share_of(self, part: str, name: str) -> float | None:
        """How common a name is."""
        return (self._names[part, name] or 1) / len(self._records)


# ---- paper


@dataclass(slots=True)
class Drawer:
    """What is at hand to draw a document: chance, a registered person with family, a stranger, noise."""

    rng: random.Random
    names: Names
    people: Sequence[Human]
    households: dict[str, list[Human]]
    strangers: Iterator[Human]
    noise: float
    day: date = date(2024, 3, 4)
    _name_of: dict[str, str] = field(default_factory=dict)

    def person(self) -> Human:
        """Somebody registered, mostly with a visit."""
        return self.rng.choice(self.people)

    def adult(self) -> Human:
        """Somebody registered, born before 1990."""
        while (human := self.person()).born.year >= 1990:
            pass
        return human

    def stranger(self) -> Human:
        """Somebody who is not on the list."""
        return next(self.strangers)

    def child_of(self, parent: Human) -> Human:
        """An unregistered child with the parent's surname, house and telephone."""
        new = self.stranger()
        born = date(self.rng.randrange(2008, 2023), self.rng.randrange(1, 13), self.rng.randrange(1, 28))
        return self._beside(new, parent, born)

    def relative_of(self, other: Human) -> Human:
        """An unregistered spouse, sister or brother of the same house."""
        return self._beside(self.stranger(), other, self.stranger().born)

    def _beside(self, new: Human, other: Human, born: date) -> Human:
        given = new.given if new.given != other.given else self.names.given(new.sex)
        while given == other.given:
            given = self.names.given(new.sex)
        return replace(new, family=other.family, given=given, born=born, address=other.address, postcode=other.postcode, phone=other.phone, maiden="")  # fmt: skip

    def number(self, number: str) -> str:
        """A number as read."""
        return _noisy_number(self.rng, number, self.noise)

    def word(self, word: str) -> str:
        """A word of a name as read."""
        said = _noisy_word(self.rng, word, self.noise)
        return said[:1].upper() + said[1:] if said else word

    def listed(self, human: Human) -> str:
        """RIVERA, ANA M or Rivera, Ana M."""
        middle = f" {human.middle.upper()}" if human.middle and self.rng.random() < 0.6 else ""
        suffix = f" {human.suffix.upper()}" if human.suffix else ""
        text = f"{self.word(human.family.title())}, {self.word(human.given.title())}{middle}{suffix}"
        return text.upper() if self.rng.random() < 0.6 else text

    def spoken(self, human: Human) -> str:
        """Ana M Rivera."""
        middle = f" {human.middle.upper()}." if human.middle and self.rng.random() < 0.4 else ""
        suffix = f" {human.suffix}" if human.suffix else ""
        return f"{self.word(human.given.title())}{middle} {self.word(human.family.title())}{suffix}"

    def born(self, human: Human) -> str:
        """A birthday in one of the ways of U.S. paper."""
        ways = ("%m/%d/%Y", "%m/%d/%Y", "%m/%d/%Y", "%m-%d-%Y", "%B %d, %Y", "%d %b %Y", "%m/%d/%y")
        return self.number(human.born.strftime(self.rng.choice(ways)))

    def mrn(self, human: Human) -> str:
        """An MRN as printed: plain, or in groups."""
        number = self.number(human.mrn)
        roll = self.rng.random()
        return (
            number
            if roll < 0.7
            else f"{number[:2]}-{number[2:5]}-{number[5:]}"
            if roll < 0.85
            else f"{number[:3]} {number[3:6]} {number[6:]}"
        )

    def visit(self, human: Human) -> str:
        """The last visit's number, or nothing."""
        return self.number(human.visits[-1][0]) if human.visits else ""

    def seen(self) -> str:
        """A day of the last months before the document, as printed."""
        return (self.day - timedelta(days=self.rng.randrange(0, 20))).strftime("%m/%d/%Y")

    def provider(self) -> str:
        """Somebody who treats, with a degree."""
        return f"{self.names.given('F').title()} {self.names.family().title()}, {self.rng.choice(('MD', 'DO', 'RN', 'NP', 'M.D.'))}"


_LETTERHEADS = (
    "LAKESIDE GENERAL HOSPITAL",
    "Cardiology Associates of Ohio",
    "Harbor Point Medical Center",
    "SAINT MARY HOSPITAL",
    "",
    "",
)
_TITLES = (
    "PROGRESS NOTE",
    "DISCHARGE INSTRUCTIONS",
    "CONSULTATION",
    "NURSING NOTE",
    "Operative Report",
    "LABORATORY REPORT",
    "",
)
_BODY = (
    "The wound is clean and dry. Continue with dressing changes twice a day.",
    "Blood pressure 132/84, pulse 76, temperature 98.4. No acute distress.",
    "Metoprolol Tartrate 25 mg twice a day, Lisinopril 10 mg daily.",
    "Chest X-ray shows no infiltrate. Follow up in two weeks.",
    "History of appendectomy in 1998 and of hypertension since 2011.",
    "Hemoglobin 13.2   White Count 7.8   Platelets 244",
    "Discussed the risks and benefits, questions were answered.",
    "Physical Therapy evaluated gait and balance.",
    "Sodium 138, potassium 4.1, creatinine 0.9, glucose 104.",
    "Return to the Emergency Department for fever or bleeding.",
)


def page_with(d: Drawer, block: Sequence[str], *, at: int = 0, tail: Sequence[str] = ()) -> str:
    """A page: letterhead, title, the block at its place, body, signature."""
    rng = d.rng
    head = [line for line in (rng.choice(_LETTERHEADS), rng.choice(_TITLES)) if line]
    if rng.random() < 0.5:
        head.append(f"Date: {d.seen()}")
    body = rng.sample(_BODY, rng.randrange(3, 8))
    block = [" " * rng.choice((0, 0, 4, 30)) + line for line in block]
    lines = (
        [*head, *block, *body]
        if at == 0
        else [*block, "", *head, *body]
        if at == 1
        else [*head, *body, "", *block, *body[:2]]
    )
    return "\n".join([*lines, *tail, f"Electronically signed by {d.provider()} {d.seen()}"])


def laid_out(text: str, number: int = 1, confidence: float = 0.97) -> OcrPage:
    """A page of typed lines at 300 dpi: 20 pixels a character, 60 a line; what follows a bar is a label stuck on sideways."""
    upright, _, sideways = text.partition("\n|\n")
    words = list(_words(upright, confidence))
    for word in _words(sideways, confidence):
        words.append(replace(word, box=word.box.turned(270, 3300, 2550), turn=90))
    return OcrPage(number, PageOutcome.OK, 2550, 3300, 300, words=tuple(words))


def _words(text: str, confidence: float) -> Iterator[Word]:
    for line_number, line in enumerate(text.splitlines()):
        at, top = 0, 150 + 60 * line_number
        for part in line.split(" "):
            if part:
                yield Word(
                    part, Box(150 + at * 20, top, 150 + (at + len(part)) * 20, top + 40), confidence, line_number
                )
            at += len(part) + 1


# ---- kinds: each gives pages and whose they are (None: nobody's on the list)

Made = tuple[list[str], Human | None]


def _sticker(d: Drawer, human: Human) -> list[str]:
    sex = human.sex
    age = f"{2024 - human.born.year}Y"
    visit = d.visit(human) if d.rng.random() < 0.7 else ""
    return d.rng.choice(
        (
            [f"{d.listed(human)}", f"{d.born(human)}  {sex}  {age}", f"{d.mrn(human)}   {visit}"],
            [f"{d.mrn(human)}   {d.listed(human)}", f"{d.born(human)}   {sex}   {visit}"],
            [
                f"{d.listed(human)}   {sex}   {d.born(human)}",
                f"{visit}   {d.mrn(human)}",
                f"Dr. {d.names.family().title()}",
            ],
        )
    )


def _registered_sticker(d: Drawer) -> Made:
    human = d.person()
    return [page_with(d, _sticker(d, human), at=d.rng.choice((0, 1, 2)))], human


def _running_head(d: Drawer) -> Made:
    human = d.person()
    pages = d.rng.choice((1, 2))
    rows = [
        f"{d.listed(human)}   {d.mrn(human)}   {d.born(human) if d.rng.random() < 0.7 else ''}   {n}"
        for n in range(1, pages + 1)
    ]
    return [page_with(d, [row], at=1) for row in rows], human


def _re_line(d: Drawer) -> Made:
    human = d.person()
    block = [d.provider(), "100 Main Street, Akron, OH 44308", "", f"RE: {d.spoken(human)}", d.born(human)]
    block += [f"Our number {d.mrn(human)}"] if d.rng.random() < 0.6 else [human.address, d.number(human.phone)]
    return [page_with(d, [*block, f"Dear Dr. {d.names.family().title()}:"])], human


def _narrative(d: Drawer) -> Made:
    human = d.person()
    said = d.rng.choice(
        (
            f"I saw {d.spoken(human)} ({d.mrn(human)}), born {d.born(human)}, in clinic today.",
            f"Thank you for sending me {d.spoken(human)}, date of birth {d.born(human)}, number {d.mrn(human)}.",
            f"{d.spoken(human)} ({d.born(human)}, {d.visit(human) or d.mrn(human)}) was admitted with chest pain.",
        )
    )
    return [page_with(d, [said], at=d.rng.choice((0, 2)))], human


def _cells(d: Drawer) -> Made:
    human = d.person()
    row = f"{d.word(human.family.title())}      {d.word(human.given.title())}      {human.middle.upper()}"
    return [page_with(d, [row, f"{d.born(human)}      {human.sex}      {d.mrn(human)}"])], human


def _labelled(d: Drawer, human: Human) -> list[str]:
    rows = [
        f"Patient Name: {d.listed(human)}",
        f"MRN: {d.number(human.mrn)}   DOB: {d.number(human.born.strftime('%m/%d/%Y'))}   Sex: {human.sex}",
    ]
    return rows + ([f"Visit No: {d.visit(human)}"] if human.visits else [])


def _registered_labelled(d: Drawer) -> Made:
    human = d.person()
    return [page_with(d, _labelled(d, human))], human


def _odd_labels(d: Drawer) -> Made:
    human = d.person()
    rows = [
        f"Individual served: {d.listed(human)}",
        f"Hist. {d.mrn(human)}    B-day {d.born(human)}",
        f"Ref {d.visit(human)}",
    ]
    return [page_with(d, rows)], human


def _half_labelled(d: Drawer) -> Made:
    human = d.person()
    rows = d.rng.choice(
        (
            [f"Patient: {d.spoken(human)}", f"{d.born(human)}   {d.mrn(human)}"],
            [f"{d.spoken(human)}", f"DOB: {d.born(human)}", f"MRN: {d.mrn(human)}"],
            [f"{d.listed(human)}   {d.born(human)}", f"Acct: {d.visit(human) or d.mrn(human)}"],
        )
    )
    return [page_with(d, rows)], human


def _sideways(d: Drawer) -> Made:
    human = d.person()
    return [page_with(d, []) + "\n|\n" + "\n".join(_sticker(d, human))], human


def _with_guarantor(d: Drawer) -> Made:
    human, other = d.person(), d.person()
    family = d.households[human.address]
    other = next((h for h in family if h.id != human.id), other)
    tail = _guarantor(d, d.rng.choice((human, other)))
    return [page_with(d, _sticker(d, human), tail=tail)], human


def _guarantor(d: Drawer, human: Human) -> list[str]:
    name, born = d.listed(human), d.born(human)
    return d.rng.choice(
        (
            ["GUARANTOR INFORMATION", f"{name}   {born}", f"{human.address}   {human.phone}", f"{d.mrn(human)}"],
            [f"Guarantor: {name}   DOB {born}   Phone {human.phone}", f"Guarantor MRN {d.mrn(human)}"],
            [f"Responsible Party: {d.spoken(human)}", f"{born}   {human.address}"],
            [f"Mother's Name: {d.spoken(human)}   Mother's DOB: {born}", f"Phone: {human.phone}"],
            ["Insured", f"{name}", f"{born}   {human.member_id}", f"{human.address}"],
            ["EMERGENCY CONTACT", f"{d.spoken(human)}   {human.phone}", f"{born}"],
        )
    )


def _child_and_guarantor(d: Drawer) -> Made:
    parent = d.adult()
    child = d.child_of(parent)
    head = d.rng.choice((_sticker, _labelled))(d, child)
    return [page_with(d, head, tail=_guarantor(d, parent))], None


def _child_and_subscriber(d: Drawer) -> Made:
    """The insurance block names the subscriber with no word beside the name."""
    parent = d.adult()
    child = d.child_of(parent)
    head = d.rng.choice((_sticker(d, child), [f"{d.spoken(child)}", f"{d.born(child)}"], [f"RE: {d.spoken(child)}"]))
    block = [
        "",
        "Blue Cross of Ohio",
        f"{d.listed(parent)}   {d.born(parent)}",
        f"{parent.member_id}   {parent.phone}",
        parent.address,
    ]
    return [page_with(d, head, tail=block)], None


def _childs_form(d: Drawer) -> Made:
    """A form of a child doctor: the child by its own labels, the parent's name, birthday and number beside."""
    parent = d.adult()
    child = d.child_of(parent)
    if d.rng.random() < 0.3:
        child = replace(child, given=d.rng.choice(("will", "grace", "april", "ray", "mark")))
    family = child.family if d.rng.random() < 0.6 else d.names.family()
    child = replace(child, family=family)
    head = d.rng.choice(
        (
            [f"Child's name: {d.spoken(child)}   {d.born(child)}"],
            [f"Child: {d.listed(child)}", f"Born {d.born(child)}"],
            [f"Student: {d.spoken(child)}   Grade 3"],
            ["CHILD INFORMATION", f"{d.listed(child)}   {d.born(child)}   {child.sex}"],
            [f"{d.listed(child)}   {d.born(child)}"],
        )
    )
    tail = d.rng.choice(
        (
            ["", f"{d.listed(parent)}   {d.born(parent)}   {d.mrn(parent)}"],
            [f"Form completed for {d.spoken(parent)}, {d.born(parent)}, {parent.phone}"],
            _guarantor(d, parent),
        )
    )
    return [page_with(d, head, tail=tail)], None


def _narrative_mother(d: Drawer) -> Made:
    parent = d.adult()
    child = d.child_of(parent)
    said = d.rng.choice(
        (
            f"Brought in by mother {d.spoken(parent)} ({d.mrn(parent)}), born {d.born(parent)}.",
            f"{d.spoken(parent)} (mother), {d.born(parent)}, {parent.phone}, gave the history.",
            f"Accompanied by her father,\n{d.spoken(parent)}, date of birth {d.born(parent)}, number {d.mrn(parent)}.",
            f"His wife {d.spoken(parent)} {d.born(parent)} {parent.phone} agrees with the plan.",
        )
    )
    head = d.rng.choice((_sticker(d, child), [f"{d.listed(child)}   {d.born(child)}"], _labelled(d, child)))
    return [page_with(d, head, tail=said.splitlines())], None


def _unnamed_child(d: Drawer) -> Made:
    """The child is named by a first name alone."""
    parent = d.adult()
    child = d.child_of(parent)
    said = f"{child.given.title()} was seen with mother, {d.spoken(parent)}, {d.born(parent)}, {d.mrn(parent)}."
    return [page_with(d, [said])], None


def _newborn(d: Drawer) -> Made:
    mother = d.adult()
    child = d.child_of(mother)
    head = d.rng.choice(
        (
            [
                f"{mother.family.upper()}, BABY BOY",
                f"{d.seen()}   {child.mrn}",
                f"{d.listed(mother)}   {d.mrn(mother)}",
            ],
            [
                f"Baby Girl {mother.family.title()}",
                f"{child.mrn}",
                f"Mother {d.spoken(mother)} {d.mrn(mother)} {d.born(mother)}",
            ],
            [f"{d.listed(mother)} (BB)", f"{d.mrn(mother)}   {d.seen()}"],
            [f"Newborn of {d.spoken(mother)}", f"{d.mrn(mother)}   {d.born(mother)}"],
            [f"B/O {d.listed(mother)}", f"{d.mrn(mother)}   {d.born(mother)}"],
        )
    )
    return [page_with(d, head)], None


def _twin(d: Drawer) -> Made:
    other = d.person()
    twin = replace(d.relative_of(other), born=other.born)
    tail = d.rng.choice(
        (
            [],
            [f"Twin sister {d.spoken(other)} {d.mrn(other)} is well."],
            [f"Sibling: {d.listed(other)} {d.born(other)}"],
        )
    )
    block = [*_sticker(d, twin), twin.address, twin.phone]
    return [page_with(d, block, tail=tail)], None


def _junior(d: Drawer) -> Made:
    other = d.adult()
    years = d.rng.choice((-28, -24, 25, 31))
    born = other.born.replace(year=other.born.year + years, day=min(28, other.born.day))
    new = d.stranger()
    junior = replace(new, family=other.family, given=other.given, sex=other.sex, suffix=d.rng.choice(("Jr", "Sr", "")), born=born, address=other.address, phone=other.phone, maiden="")  # fmt: skip
    return [page_with(d, [*_sticker(d, junior), junior.address, junior.phone])], None


def _namesake(d: Drawer) -> Made:
    other = d.person()
    new = replace(d.stranger(), family=other.family, given=other.given, sex=other.sex, maiden="")
    return [page_with(d, _sticker(d, new), at=d.rng.choice((0, 1)))], None


def _colliding(d: Drawer) -> Made:
    """The number of another hospital is somebody's MRN here; now and then the name is the same too."""
    other = d.person()
    new = replace(d.stranger(), mrn=other.mrn)
    if d.rng.random() < 0.2:
        new = replace(new, family=other.family, given=other.given, sex=other.sex)
    return [page_with(d, _sticker(d, new))], None


def _collides_and_named(d: Drawer) -> Made:
    """The stranger's number is the MRN of the doctor, of the guarantor or of whom a copy goes to."""
    other = d.adult()
    new = replace(d.stranger(), mrn=other.mrn)
    tail = d.rng.choice(
        (
            [f"Attending: {d.spoken(other)}, MD"],
            [f"cc: {d.spoken(other)}"],
            [f"Referring physician {d.spoken(other)}"],
            [f"Seen with {d.spoken(other)}, RN"],
        )
    )
    return [page_with(d, [*_sticker(d, new), *tail])], None


def _provider(d: Drawer) -> Made:
    """The attending is a patient here too, and the page has the private telephone and house."""
    other, new = d.adult(), d.stranger()
    line = d.rng.choice(
        (
            f"Attending: {d.spoken(other)}, MD   {other.phone}",
            f"Dr. {d.spoken(other)}  {other.phone}",
            f"PCP {d.spoken(other)} {other.address}",
        )
    )
    return [page_with(d, [*_sticker(d, new), line], tail=[f"Signed {d.spoken(other)}, MD {d.seen()}"])], None


def _copies(d: Drawer) -> Made:
    human, other, third = d.person(), d.adult(), d.adult()
    is_ours = d.rng.random() < 0.5
    owner = human if is_ours else d.stranger()
    tail = [f"cc: {d.spoken(other)}   {other.address}   {other.phone}", f"    {d.spoken(third)}, MD   {third.phone}"]
    return [page_with(d, _sticker(d, owner), tail=tail)], human if is_ours else None


def _census(d: Drawer) -> Made:
    ours = d.rng.randrange(0, 6)
    rows = [d.person() for _ in range(ours)] + [d.stranger() for _ in range(d.rng.randrange(max(2 - ours, 0), 7))]
    d.rng.shuffle(rows)
    form = d.rng.randrange(3)
    lines = [_census_row(d, form, human, number) for number, human in enumerate(rows)]
    return [page_with(d, lines)], None if len(rows) > 1 else rows[0] if ours else None


def _census_row(d: Drawer, form: int, human: Human, number: int) -> str:
    return (
        f"{number + 101}   {d.listed(human)}   {d.mrn(human)}   {d.born(human)}",
        f"{8 + number}:30   {d.spoken(human)}   {d.born(human)}   {human.phone}",
        f"{d.mrn(human)}   {d.spoken(human)}   {human.sex}   follow up",
    )[form]


def _wrong_label(d: Drawer) -> Made:
    """The label of a registered patient stuck on another's page: registered or not, labelled or not."""
    other = d.person()
    owner = d.person() if d.rng.random() < 0.5 else d.stranger()
    head = d.rng.choice((_labelled, _sticker))(d, owner)
    label = _sticker(d, other)
    page = (
        page_with(d, head, tail=["", *label])
        if d.rng.random() < 0.6
        else page_with(d, head) + "\n|\n" + "\n".join(label)
    )
    return [page], None


def _relative_in_text(d: Drawer) -> Made:
    """A spouse or sister of the same house is registered, the patient is not."""
    other = d.adult()
    new = d.relative_of(other)
    said = d.rng.choice(
        (
            f"Lives with {d.spoken(other)} ({d.born(other)}), telephone {other.phone}, {other.address}.",
            f"Spoke to {d.spoken(other)}, spouse, {d.born(other)}, {other.phone}.",
            f"Sister {d.spoken(other)} is followed here under {d.mrn(other)}.",
            f"Roommate {d.spoken(other)} ({d.mrn(other)}) reports a fall.",
        )
    )
    head = d.rng.choice(
        (_sticker(d, new), [f"{d.spoken(new)}   {d.born(new)}"], [f"RE: {d.spoken(new)}"], _labelled(d, new))
    )
    return [page_with(d, head, tail=[said])], None


def _by_chance(d: Drawer) -> Made:
    """A lot, order or serial number is somebody's MRN."""
    other, new = d.person(), d.stranger()
    tail = [f"Pump serial {other.mrn}   Lot {d.person().mrn}", f"Order {d.person().mrn} placed {d.seen()}"]
    return [page_with(d, _sticker(d, new), tail=tail)], None


def _two_pages(d: Drawer) -> Made:
    """Page 2 of 2 bears the label of another registered patient."""
    owner, other = d.person(), d.person()
    first = page_with(d, _labelled(d, owner)) + "\nPage 1 of 2"
    second = page_with(d, ["continued", *_sticker(d, other)]) + "\nPage 2 of 2"
    return [first, second], None


REGISTERED: dict[str, Callable[[Drawer], Made]] = {
    "registered: label without label words": _registered_sticker,
    "registered: running head": _running_head,
    "registered: RE line of a letter": _re_line,
    "registered: running text": _narrative,
    "registered: cells of a form": _cells,
    "registered: words that are no known labels": _odd_labels,
    "registered: half of the labels": _half_labelled,
    "registered: label stuck on sideways": _sideways,
    "registered: beside a guarantor or contact": _with_guarantor,
    "registered: all labels (control)": _registered_labelled,
}
MISLEADING: dict[str, Callable[[Drawer], Made]] = {
    "child, parent in the guarantor block": _child_and_guarantor,
    "child, parent is the subscriber": _child_and_subscriber,
    "child, parent in running text": _narrative_mother,
    "child on a form of its own": _childs_form,
    "child without surname, parent in full": _unnamed_child,
    "newborn under the mother's name": _newborn,
    "twin": _twin,
    "junior or senior": _junior,
    "namesake": _namesake,
    "number of another hospital": _colliding,
    "such a number, its owner here a provider": _collides_and_named,
    "provider who is a patient": _provider,
    "copies go to patients": _copies,
    "census, schedule, log": _census,
    "another patient's label on the page": _wrong_label,
    "relative in running text": _relative_in_text,
    "lot and order numbers": _by_chance,
    "page 2 has another's label": _two_pages,
}


@dataclass(slots=True)
class Tally:
    """What became of the documents of one kind."""

    documents: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)


def measure(people_count: int, documents: int, seed: int, noise: float, show: str) -> int:
    """Draw, read and decide; prints a table and gives the number of wrong links with the list."""
    people = list(draw_people(people_count, seed))
    roster = DrawnRoster(people)
    households: dict[str, list[Human]] = {}
    for human in people:
        households.setdefault(human.address, []).append(human)
    rng = random.Random(seed + 1)
    count = documents * (len(REGISTERED) + len(MISLEADING))
    drawer = Drawer(
        rng,
        Names(random.Random(seed + 2)),
        people,
        households,
        draw_people(4 * count, seed + 3, first=50_000_000),
        noise,
    )
    tallies: dict[str, Tally] = {}
    said: list[tuple[float, bool]] = []
    spent = {"worker": 0.0, "list": 0.0}
    pages = 0
    for kind, make in {**REGISTERED, **MISLEADING}.items():
        tally = tallies[kind] = Tally()
        for _ in range(documents):
            texts, owner = make(drawer)
            file = sort_file([laid_out(text, n) for n, text in enumerate(texts, start=1)], Profile())
            plain = SortedFile(
                tuple(replace(draft, mentions=()) for draft in file.drafts), file.separators, file.blanks
            )
            before = find_patients(plain, roster).documents
            started = time.process_time()
            after = find_patients(file, roster).documents
            spent["list"] += time.process_time() - started
            pages += len(texts)
            tally.documents += 1
            tally.before[_outcome(before, owner)] += 1
            outcome = _outcome(after, owner)
            tally.after[outcome] += 1
            said += _said(after, owner)
            if outcome == "WRONG" or (show and show in kind and outcome != "right"):
                _show(kind, outcome, texts, after)
    _tell(tallies, said, pages, spent["list"])
    return sum(tally.after["WRONG"] for tally in tallies.values())


def _timed(
    facts: Sequence[PageFacts], file: SortedFile, plain: SortedFile, roster: StoredRoster
) -> Iterator[tuple[str, float]]:
    """Milliseconds of CPU of each part for one file."""
    steps: dict[str, Callable[[], object]] = {
        "mentions (worker)": lambda: [find_mentions(f.page, f.rows, f.fields, Profile()) for f in facts],
        "lookup": lambda: [find_persons(draft.mentions, roster) for draft in file.drafts],
        "matching with list": lambda: find_patients(file, roster),
        "matching without": lambda: find_patients(plain, roster),
    }
    for what, step in steps.items():
        started = time.process_time()
        step()
        yield what, 1000 * (time.process_time() - started)


def measure_speed(people_count: int, documents: int, seed: int) -> None:
    """CPU and wall time a page that the step adds, on a stored patient list: mentions in the worker, lookup and matching."""
    people = list(draw_people(people_count, seed))
    households: dict[str, list[Human]] = {}
    for human in people[:50_000]:
        households.setdefault(human.address, []).append(human)
    strangers = draw_people(400 * documents, seed + 3, first=50_000_000)
    drawer = Drawer(
        random.Random(seed + 1), Names(random.Random(seed + 2)), people[:50_000], households, strangers, 0.003
    )
    with tempfile.TemporaryDirectory(prefix="chartroom-anchored-") as folder:
        home = make_home(Path(folder) / "home", Path(folder) / "key")
        load(home, ((str(h.id), r) for h in people for r in registration_of(h)), "benchmark")
        del people
        spent: defaultdict[str, list[float]] = defaultdict(list)
        with home.reading() as session:
            roster = StoredRoster(session)
            for make in (*REGISTERED.values(), *MISLEADING.values()):
                for _ in range(documents):
                    texts, _ = make(drawer)
                    facts = [read_facts(laid_out(text, n), Profile()) for n, text in enumerate(texts, start=1)]
                    file = sort_file([fact.page for fact in facts], Profile())
                    plain = SortedFile(tuple(replace(draft, mentions=()) for draft in file.drafts))
                    for what, milliseconds in _timed(facts, file, plain, roster):
                        spent[what].append(milliseconds / len(texts))
        home.close()
    for what, times in spent.items():
        times.sort()
        print(f"{people_count:,} persons, {what}: mean {statistics.mean(times):.2f} ms of CPU a page, p50 {statistics.median(times):.2f}, p99 {times[int(0.99 * (len(times) - 1))]:.2f}", flush=True)  # fmt: skip


def _outcome(guesses: Sequence[DocumentGuess], owner: Human | None) -> str:
    """right, WRONG, ask or none; the worst of the documents that were made of the pages."""
    linked = [g.match.candidates[0].person.mrn for g in guesses if g.match.decision == Decision.LINKED]
    if any(owner is None or mrn != owner.mrn for mrn in linked):
        return "WRONG"
    if len(linked) == len(guesses):
        return "right"
    return "ask" if any(g.match.decision == Decision.ASK for g in guesses) else "none"


def _said(guesses: Sequence[DocumentGuess], owner: Human | None) -> Iterator[tuple[float, bool]]:
    """Confidence of every value that the list gave, and whether it is the owner's."""
    if owner is None:
        return
    true = {"mrn": {owner.mrn}, "dob": {owner.born.isoformat()}, "encounter": {v for v, _ in owner.visits}}
    for value in (value for guess in guesses for value in guess.fields if value.source == SOURCE):
        if value.name in true:
            yield (
                value.confidence,
                "".join(filter(str.isalnum, value.value))
                in {"".join(filter(str.isalnum, t)) for t in true[value.name]},
            )


def _show(kind: str, outcome: str, texts: Sequence[str], guesses: Sequence[DocumentGuess]) -> None:
    """A drawn page (nobody's) and what was decided of it."""
    print(f"---- {outcome}: {kind}")
    print("\n".join(texts))
    for guess in guesses:
        print(
            "  >",
            guess.match.decision,
            guess.match.reasons,
            tuple(map(str, guess.doubts)),
            [c.person.mrn for c in guess.match.candidates[:2]],
        )


def _tell(tallies: dict[str, Tally], said: list[tuple[float, bool]], pages: int, seconds: float) -> None:
    columns = ("right", "ask", "none", "WRONG")
    print(
        f"{'':45s} {'documents':>9s}   before: {' '.join(f'{c:>5s}' for c in columns)}   after: {' '.join(f'{c:>5s}' for c in columns)}"
    )
    rows = []
    for kind, tally in tallies.items():
        numbers = [[counts[c] for c in columns] for counts in (tally.before, tally.after)]
        print(
            f"{kind:45s} {tally.documents:9d}   {'':8s}{' '.join(f'{n:5d}' for n in numbers[0])}   {'':7s}{' '.join(f'{n:5d}' for n in numbers[1])}"
        )
        rows.append([kind, tally.documents, *numbers[0], *numbers[1]])
    for name, kinds in (("registered", REGISTERED), ("misleading", MISLEADING)):
        part = [tallies[kind] for kind in kinds]
        print(
            f"{name}: {sum(t.documents for t in part)} documents, linked right {sum(t.before['right'] for t in part)} before, "
            f"{sum(t.after['right'] for t in part)} after; wrong {sum(t.before['WRONG'] for t in part)} before, {sum(t.after['WRONG'] for t in part)} after"
        )
    linked = sum(t.after["right"] + t.after["WRONG"] for t in tallies.values())
    wrong = sum(t.after["WRONG"] for t in tallies.values())
    print(f"{linked} linked, {wrong} wrong: at most {upper_bound(wrong, linked):.5f} (95 %)")
    for low, high in ((0.0, 0.85), (0.85, 0.93), (0.93, 0.97), (0.97, 1.01)):
        inside = [(sure, is_right) for sure, is_right in said if low <= sure < high]
        if inside:
            print(
                f"  values of the list said {sum(s for s, _ in inside) / len(inside):.3f}, right {sum(r for _, r in inside) / len(inside):.4f} of {len(inside)}"
            )
    print(f"list step with matching: {1000 * seconds / pages:.2f} ms of CPU a page (list in memory)")
    with (RESULTS / "anchored.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["kind", "documents", *(f"{when}_{c.lower()}" for when in ("before", "after") for c in columns)])
        table.writerows(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000, help="persons on the list [20000]")
    parser.add_argument("--documents", type=int, default=200, help="documents of each kind [200]")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--noise", type=float, default=0.003, help="share of letters and digits of identifiers misread [0.003]"
    )
    parser.add_argument(
        "--show", default="", help="print drawn pages of kinds with this in their name that were not linked right"
    )
    parser.add_argument(
        "--speed", action="store_true", help="time of the step on a stored list of --people persons instead"
    )
    chosen = parser.parse_args(arguments)
    if chosen.speed:
        measure_speed(chosen.people, chosen.documents, chosen.seed)
        return 0
    return int(measure(chosen.people, chosen.documents, chosen.seed, chosen.noise, chosen.show) > 0)


if __name__ == "__main__":
    sys.exit(main())
