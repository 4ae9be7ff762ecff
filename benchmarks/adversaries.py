"""Whose paper is it: documents of listed and unlisted people, each beside somebody it could be mistaken for.

The right answer is what a careful clerk with this paper and this list would decide. `owners` has the record number of the
patient of each page, or None where the page must not be linked: its patient is not on the list, it names several, or it
leaves open which of two it is.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

from benchmarks.authors import FIRST, Author
from benchmarks.display import HEIGHT, WIDTH, Sheet
from benchmarks.hospital_paper import MARGIN, DrawnPage, Paper, stick
from benchmarks.hospitals import (
    RARE_SURNAMES,
    Doctor,
    Hospital,
    Subject,
    draw_subject,
)
from benchmarks.people import Human, draw_people

_PER_HOSPITAL = 250
_APART = 10
"""Record numbers of the list are so far apart: between them lie those of twins and of people who are not on it."""


@dataclass(frozen=True, slots=True)
class Case:
    """Pages in one file, and whose each is."""

    kind: str
    hospital: Hospital
    sheets: tuple[Sheet, ...]
    owners: tuple[str | None, ...]
    is_enough: bool = True  # its page prints what the guards ask for: MRN, or birthday and another identifier


@dataclass(frozen=True, slots=True)
class World:
    """A patient list and the documents to be linked with it."""

    people: tuple[Human, ...]
    cases: tuple[Case, ...]


@dataclass(slots=True)
class Scene:
    """What a case is drawn from: a listed person, a listed relative of the household, somebody listed, a stranger, and
    a dozen listed people."""

    hospital: Hospital
    person: Human
    relative: Human
    other: Human
    stranger: Human
    crowd: tuple[Human, ...]
    rng: random.Random
    author: Author = FIRST
    added: list[Human] = field(default_factory=list)

    def subject(self, human: Human | None = None, relative: Human | None = None) -> Subject:
        """A stay of the person or of somebody else."""
        return draw_subject(human or self.person, relative or self.relative, self.rng)

    def listed(self, human: Human, near: int) -> Human:
        """Put somebody on the list, so many numbers after the person."""
        human = self.unlisted(human, near)
        self.added.append(human)
        return human

    def unlisted(self, human: Human, near: int) -> Human:
        """Somebody with a number so near the person's, not on the list."""
        return replace(self.author.register(self.hospital, human, _number(self.person) + near), visits=())

    def page(self, subject: Subject, kind: str = "") -> Sheet:
        """A page about this stay."""
        return self.drawn(subject, kind).sheet

    def drawn(self, subject: Subject, kind: str = "") -> DrawnPage:
        """The same with what is printed on it."""
        return self.author.draw_page(
            self.hospital, kind or self.rng.choice(self.author.full), subject, self.rng.randrange(10**6)
        )


def draw_world(hospitals: int, seed: int, author: Author = FIRST) -> World:
    """Hospitals with one list, and documents of all kinds for each; the same seed draws the same."""
    rng = random.Random(f"world {seed}")
    everybody = _people(hospitals * _PER_HOSPITAL, seed)
    strangers = draw_people(120 * hospitals, seed + 1, first=9_000_000)  # drawn one by one: more change nobody
    people: list[Human] = []
    cases: list[Case] = []
    for number in range(hospitals):
        hospital = author.draw_hospital(seed * 1000 + number)
        local = [author.register(hospital, h, _number(h)) for h in everybody[number * _PER_HOSPITAL :][:_PER_HOSPITAL]]
        homes = {address: list(group) for address, group in groupby(local, key=lambda h: h.address)}
        adults = [h for h in local if h.born.year < 1995 and not h.suffix]
        for draw in (*[registered] * len(author.pages), *CASES):
            person, other = adults.pop(rng.randrange(len(adults))), rng.choice(adults)
            relatives = [h for h in homes[person.address] if h.id != person.id] or [other]
            stranger = author.register(hospital, next(h for h in strangers if h.born.year < 1995), 900_000 + len(cases))
            scene = Scene(
                hospital,
                person,
                rng.choice(relatives),
                other,
                replace(stranger, visits=()),
                tuple(rng.sample(local, 12)),
                rng,
                author,
            )
            kind = list(author.pages)[len(cases) % len(author.pages)]
            cases.append(draw(scene) if draw is not registered else registered(scene, kind))
            people += scene.added
        people += local
    return World(tuple(people), tuple(cases))


def _people(count: int, seed: int) -> list[Human]:
    """The population of benchmarks/people.py, one household in eight with a surname of two parts or an apostrophe."""
    people: list[Human] = []
    for address, household in groupby(draw_people(count, seed), key=lambda h: h.address):
        rng = random.Random(f"{seed} {address}")
        rare = rng.choice(RARE_SURNAMES) if rng.random() < 1 / 8 else ""
        people += [replace(human, family=rare or human.family) for human in household]
    return people


def _number(human: Human) -> int:
    return 100_000 + _APART * human.id


def _like(scene: Scene, **same: object) -> Human:
    """Another human being that shares these with the person; the first name is never the person's by chance."""
    new = scene.stranger
    if new.given == scene.person.given:
        new = replace(new, given="merle")
    return replace(new, maiden="", was_at="", suffix="", **same)  # type: ignore[arg-type]


def _home(human: Human) -> dict[str, object]:
    return {"family": human.family, "address": human.address, "postcode": human.postcode, "phone": human.phone}


# ---- listed people

_SECOND = frozenset({"encounter", "member_id", "phone"})
"""Identifiers of which one beside name and birthday is enough for the guards (docs/patients.md)."""


def registered(scene: Scene, kind: str = "") -> Case:
    """An ordinary page about a listed person; a listed relative stands on it where the form has a place for one."""
    page = scene.drawn(scene.subject(), kind)
    is_enough = "mrn" in page.truth or ("dob" in page.truth and bool(_SECOND & set(page.truth)))
    return replace(_one("registered", scene, page.sheet, scene.person.mrn), is_enough=is_enough)


def listed_twin(scene: Scene) -> Case:
    """Both twins are listed, with neighbouring numbers."""
    twin = scene.listed(_like(scene, **_home(scene.person), born=scene.person.born), 1)
    return _one("twin listed", scene, scene.page(scene.subject(twin, scene.person)), twin.mrn)


def listed_junior(scene: Scene) -> Case:
    """Father and son of one name are listed; the page is the son's, and says so."""
    born = scene.person.born.replace(year=scene.person.born.year + 23, day=min(28, scene.person.born.day))
    son = _like(scene, **_home(scene.person), sex=scene.person.sex, born=born)
    son = scene.listed(replace(son, given=scene.person.given, suffix="Jr"), 2)
    return _one("junior listed", scene, scene.page(scene.subject(son, scene.person)), son.mrn)


def listed_namesake(scene: Scene) -> Case:
    """Two of one name are listed; birthday and number on the page are those of one."""
    namesake = scene.listed(_namesake(scene), 3)
    return _one("namesake listed", scene, scene.page(scene.subject(namesake)), namesake.mrn)


def former_name(scene: Scene) -> Case:
    """Paper from before a marriage: the list knows the maiden name."""
    person = scene.listed(replace(scene.stranger, sex="F", maiden=scene.other.family), 4)
    return _one("former name", scene, scene.page(scene.subject(replace(person, family=person.maiden))), person.mrn)


def wrong_digit(scene: Scene) -> Case:
    """One digit of the number is wrong on the paper; nobody has that number, all else is the person's."""
    mistyped = scene.author.register(scene.hospital, scene.person, _number(scene.person) + 7)
    return _one("one digit wrong", scene, scene.page(scene.subject(mistyped)), scene.person.mrn)


def month_first(scene: Scene) -> Case:
    """The site's own order of day and month decides between two of one name."""
    one, _ = _mirrored(scene)
    return _one("day and month swapped", scene, _slip(scene, scene.hospital, one, ("name", "dob", "sex")), one.mrn)


def day_first_abroad(scene: Scene) -> Case:
    """Paper from abroad whose other days show that the day stands first; the birthday read otherwise is a namesake's."""
    abroad = replace(scene.hospital, name="St. Hilda's Infirmary, Leeds, England", date="%d/%m/%Y", pair="")
    one, _ = _mirrored(scene)
    sheet = _slip(scene, abroad, one, ("name", "dob", "sex"), "Seen 25/11/2019, 28/11/2019 and 19/12/2019.")
    return _one("day first abroad", scene, sheet, one.mrn)


def century_told(scene: Scene) -> Case:
    """A birth year of two digits on paper written before the younger namesake was born."""
    old, _ = _century_apart(scene)
    hospital = replace(scene.hospital, date="%m/%d/%y", pair="")
    subject = replace(scene.subject(old), served=date(2012, 3, 14), admitted=date(2012, 3, 13))
    return _one("century told", scene, _slip_of(scene, hospital, subject, ("name", "dob", "sex", "service_date")), old.mrn)  # fmt: skip


# ---- nobody on the list, or nobody to say


def century_open(scene: Scene) -> Case:
    """The same without any day or age beside it: either may be meant."""
    old, _ = _century_apart(scene)
    hospital = replace(scene.hospital, date="%m/%d/%y", pair="")
    subject = replace(scene.subject(old), admitted=date(2025, 3, 14))
    return _one("century open", scene, _slip_of(scene, hospital, subject, ("name", "dob", "sex")), None)


def stranger(scene: Scene) -> Case:
    """Somebody like nobody."""
    return _one("stranger", scene, scene.page(scene.subject(scene.stranger, scene.stranger)), None)


def namesake(scene: Scene) -> Case:
    """A listed person's name, another birthday and number."""
    return _one("namesake", scene, scene.page(scene.subject(scene.unlisted(_namesake(scene), 3))), None)


def relative(scene: Scene) -> Case:
    """A brother or sister at the same address and telephone."""
    sibling = scene.unlisted(_like(scene, **_home(scene.person)), 2)
    return _one("relative", scene, scene.page(scene.subject(sibling, scene.person)), None)


def twin(scene: Scene) -> Case:
    """A twin who is not listed, with a neighbouring number."""
    other = scene.unlisted(_like(scene, **_home(scene.person), born=scene.person.born), 1)
    return _one("twin", scene, scene.page(scene.subject(other, scene.person)), None)


def junior(scene: Scene) -> Case:
    """The father of a listed person: the same name, address and telephone, born a generation before."""
    born = scene.person.born.replace(year=scene.person.born.year - 24, day=min(28, scene.person.born.day))
    father = replace(_like(scene, **_home(scene.person), sex=scene.person.sex, born=born), given=scene.person.given)
    return _one("senior", scene, scene.page(scene.subject(scene.unlisted(father, 4))), None)


def number_taken(scene: Scene) -> Case:
    """A stranger whose record number, from elsewhere, is a listed person's."""
    other = replace(scene.stranger, mrn=scene.person.mrn)
    return _one("number taken", scene, scene.page(scene.subject(other, scene.stranger)), None)


def guarantor_listed(scene: Scene) -> Case:
    """A child who is not listed; the parent who pays is, and stands on the page with birthday and telephone."""
    child = replace(_like(scene, **_home(scene.person)), born=date(2009, 5, 3))
    sheet = scene.page(scene.subject(scene.unlisted(child, 5), scene.person), scene.rng.choice(scene.author.payers))
    return _one("guarantor listed", scene, sheet, None)


def newborn(scene: Scene) -> Case:
    """A child without a first name; number and birthday of the listed parent stand on its page."""
    sex = scene.rng.choice("MF")
    born = date(2024, 1, 1) + timedelta(days=scene.rng.randrange(300))
    child = replace(_like(scene, **_home(scene.person)), given="baby", middle="", sex=sex, born=born)
    child = scene.unlisted(replace(child, given="baby boy" if sex == "M" else "baby girl"), 6)
    parent = scene.person
    told = f"{'Mother' if parent.sex == 'F' else 'Father'} {scene.author.name_text(parent, scene.hospital.name_style)}, born {scene.author.date_text(parent.born, scene.hospital.date)}, {scene.hospital.labels['mrn']} {parent.mrn}."
    subject = replace(scene.subject(child), admitted=born, served=born + timedelta(days=1))
    return _one("newborn", scene, _slip_of(scene, scene.hospital, subject, ("name", "dob", "sex", "mrn"), told), None)


def provider_listed(scene: Scene) -> Case:
    """The attending of a stranger is a listed patient himself."""
    doctor = Doctor(scene.person.family.title(), scene.person.given.title())
    subject = replace(scene.subject(scene.stranger, scene.stranger), attending=doctor, doctors=(doctor,) * 4)
    return _one("provider listed", scene, scene.page(subject), None)


def census(scene: Scene) -> Case:
    """Many listed people on one page, with room, number, birthday and doctor."""
    return _many("census", scene, "MIDNIGHT CENSUS", ("Bed", "Service / Dr"), 12)


def schedule(scene: Scene) -> Case:
    """Appointments of a day."""
    return _many("schedule", scene, "APPOINTMENT SCHEDULE", ("Slot", "With"), 6)


def operating_list(scene: Scene) -> Case:
    """Operations of a day; two of them."""
    return _many("OR list", scene, "OPERATING ROOM LIST", ("Room", "Surgeon"), 2)


def wrong_sticker(scene: Scene) -> Case:
    """The form says one listed person, the sticker on it another."""
    hospital, other = scene.hospital, scene.rng.choice((scene.other, scene.relative))
    paper = _slip_paper(scene, hospital, scene.subject(), ("name", "mrn", "dob", "sex"))
    lines = (
        scene.author.name_text(other, hospital.name_style),
        f"{other.mrn}  {other.sex}",
        scene.author.date_text(other.born, hospital.date),
    )
    stick(paper, lines, 0, left=390, top=HEIGHT - 220)
    return _one("wrong sticker", scene, paper.sheet, None)


def strayed_page(scene: Scene) -> Case:
    """Two listed people's pages in one file, one after the other."""
    second = scene.page(scene.subject(scene.other), scene.rng.choice(scene.author.headed))
    sheets = (scene.page(scene.subject(), scene.author.headed[-1]), second)
    return Case("strayed page", scene.hospital, sheets, (scene.person.mrn, scene.other.mrn))


CASES: tuple[Callable[[Scene], Case], ...] = (
    listed_twin, listed_junior, listed_namesake, former_name, wrong_digit, month_first, day_first_abroad, century_told,
    century_open, stranger, namesake, relative, twin, junior, number_taken, guarantor_listed, newborn, provider_listed,
    census, schedule, operating_list, wrong_sticker, strayed_page,
)  # fmt: skip
"""One document of each for every hospital."""


def _one(kind: str, scene: Scene, sheet: Sheet, owner: str | None) -> Case:
    return Case(kind, scene.hospital, (sheet,), (owner,))


def _namesake(scene: Scene) -> Human:
    """The person's name and sex, born some years and days off."""
    born = scene.person.born + timedelta(days=scene.rng.choice((-1, 1)) * scene.rng.randrange(400, 3000))
    new = _like(scene, family=scene.person.family, sex=scene.person.sex, born=born, middle=scene.person.middle)
    return replace(new, given=scene.person.given)


def _mirrored(scene: Scene) -> tuple[Human, Human]:
    """Two listed people of one name, day and month of whose birthdays are each other's."""
    rng = scene.rng
    month, day = rng.sample(range(1, 13), 2)
    one = scene.listed(replace(scene.stranger, born=date(scene.stranger.born.year, month, day)), 8)
    new = replace(one, born=date(one.born.year, day, month), phone=scene.other.phone[:-1] + "0", ssn4="0412")
    return one, scene.listed(replace(new, member_id=f"Z{rng.randrange(10**9):09d}"), 9)


def _century_apart(scene: Scene) -> tuple[Human, Human]:
    """Two listed people of one name, the second born a hundred years later to the day."""
    born = date(scene.rng.randrange(1918, 1925), scene.rng.randrange(1, 13), scene.rng.randrange(13, 29))
    old = scene.listed(replace(scene.stranger, born=born), 8)
    young = replace(old, born=born.replace(year=born.year + 100), ssn4="0711", phone=scene.other.phone[:-1] + "3")
    return old, scene.listed(replace(young, member_id=f"Y{scene.rng.randrange(10**9):09d}"), 9)


def _slip(scene: Scene, hospital: Hospital, human: Human, fields: tuple[str, ...], told: str = "") -> Sheet:
    return _slip_of(scene, hospital, scene.subject(human), fields, told)


def _slip_of(scene: Scene, hospital: Hospital, subject: Subject, fields: tuple[str, ...], told: str = "") -> Sheet:
    return _slip_paper(scene, hospital, subject, fields, told).sheet


def _slip_paper(scene: Scene, hospital: Hospital, subject: Subject, fields: tuple[str, ...], told: str = "") -> Paper:
    """A page with these fields alone, a sentence and a body that names no day of the patient's."""
    paper = scene.author.start(hospital, subject, f"slip {scene.rng.randrange(10**9)}")
    y = paper.letterhead("OFFICE NOTE") + 8
    y = paper.block(paper.cells(fields), y) + 8
    paper.prose(f"{told} Resting comfortably, lungs clear, abdomen soft. No known drug allergies.", y)
    return paper


def _many(kind: str, scene: Scene, title: str, heads: tuple[str, str], count: int) -> Case:
    """A page with a row for each of several listed people."""
    paper = scene.author.start(scene.hospital, scene.subject(), f"{kind} {scene.rng.randrange(10**9)}")
    y = paper.letterhead(title) + 4
    places = (MARGIN, 90, 270, 360, 440, 466)
    labels = paper.hospital.labels
    head = (heads[0], labels["name"], labels["mrn"], labels["dob"], "Sex", heads[1])
    for x, after, text in zip(places, (*places[1:], WIDTH - MARGIN), head, strict=True):
        paper.sheet.write(x, y, text, 9, bold=True, fit=after - x - 6)
    for number, human in enumerate(scene.crowd[:count]):
        y += 18
        texts = (f"{401 + number}", scene.author.name_text(human, paper.hospital.name_style), human.mrn, scene.author.date_text(human.born, paper.hospital.date), human.sex, paper.doctor(number % 4))  # fmt: skip
        for x, after, text in zip(places, (*places[1:], WIDTH - MARGIN), texts, strict=True):
            paper.sheet.write(x, y, text, 9, fit=after - x - 6)
    return _one(kind, scene, paper.sheet, None)
