"""A synthetic clinic: patients, encounters, providers. Names are drawn, nobody is real."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

_FAMILIES = [
    "Abernathy",
    "Alvarez",
    "Baptiste",
    "Becker",
    "Bergstrom",
    "Calloway",
    "Castellanos",
    "Chen",
    "Delgado",
    "Donnelly",
    "Eriksen",
    "Fairbanks",
    "Fitzgerald",
    "Gallagher",
    "Goldberg",
    "Hargrove",
    "Hernandez",
    "Ibrahim",
    "Ivanova",
    "Jankowski",
    "Kapoor",
    "Kowalczyk",
    "Lindqvist",
    "Lombardi",
    "Mbeki",
    "McAllister",
    "Montgomery",
    "Nakamura",
    "Nguyen",
    "O'Sullivan",
    "Okafor",
    "Pemberton",
    "Petrov",
    "Quintero",
    "Ramirez",
    "Rasmussen",
    "Rosenthal",
    "Sandoval",
    "Schneider",
    "Takahashi",
    "Thibodeaux",
    "Underwood",
    "Vandenberg",
    "Villanueva",
    "Wainwright",
    "Westbrook",
    "Yamamoto",
    "Zielinski",
]
_GIVEN_F = [
    "Adele",
    "Beatrice",
    "Camila",
    "Deborah",
    "Elena",
    "Fatima",
    "Grace",
    "Hannah",
    "Ingrid",
    "Joanna",
    "Kavita",
    "Lucia",
    "Margaret",
    "Naomi",
    "Olivia",
    "Priya",
    "Rosa",
    "Sylvia",
    "Teresa",
    "Yvonne",
]
_GIVEN_M = [
    "Albert",
    "Benjamin",
    "Carlos",
    "Dmitri",
    "Edward",
    "Frederick",
    "Gustavo",
    "Harold",
    "Isaac",
    "Jerome",
    "Kenneth",
    "Leonard",
    "Marcus",
    "Nathan",
    "Oscar",
    "Patrick",
    "Rafael",
    "Samuel",
    "Theodore",
    "Walter",
]
_STREETS = [
    "Maple Ave",
    "Harbor St",
    "Old Mill Rd",
    "Prospect Blvd",
    "Juniper Ln",
    "Chapel Hill Rd",
    "Lakeview Dr",
    "Second St",
]
_TOWNS = (("Port Alder", "OH", "44051"), ("Glen Harbor", "OH", "44089"), ("Stonebridge", "PA", "16335"))
_PAYERS = ("Blue Harbor Health Plan", "Great Lakes Mutual", "Medicare", "Keystone Community Care")
PROVIDERS = ("Wei Chen", "Amara Okonkwo", "Luis Herrera", "Sarah Whitfield", "Pavel Novak", "Grace Adeyemi")
_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"


@dataclass(frozen=True, slots=True)
class Encounter:
    """One stay or visit."""

    number: str
    admitted: date
    discharged: date
    attending: str


@dataclass(frozen=True, slots=True)
class Patient:
    """One synthetic patient with coverage and encounters."""

    mrn: str
    family: str
    given: str
    middle: str
    birth_date: date
    sex: str
    address: str
    town: str
    postcode: str
    phone: str
    payer: str
    member_id: str
    group: str
    encounters: tuple[Encounter, ...]

    @property
    def last_first(self) -> str:
        return f"{self.family}, {self.given} {self.middle}"

    @property
    def first_last(self) -> str:
        return f"{self.given} {self.middle}. {self.family}"


def draw_clinic(patients: int, rng: random.Random) -> tuple[Patient, ...]:
    """That many patients; every eighth has a near-twin (same surname and birthday, another first name)."""
    drawn: list[Patient] = []
    numbers = rng.sample(range(100_000, 999_999), patients * 2)
    for i in range(patients):
        twin = drawn[-1] if i % 8 == 7 else None
        drawn.append(_draw_patient(f"{numbers[i]:08d}", i, rng, twin))
    return tuple(drawn)


def _draw_patient(mrn: str, i: int, rng: random.Random, twin: Patient | None) -> Patient:
    sex = rng.choice("FM")
    given = rng.choice([g for g in (_GIVEN_F if sex == "F" else _GIVEN_M) if twin is None or g != twin.given])
    town, state, postcode = rng.choice(_TOWNS)
    payer = rng.choice(_PAYERS)
    return Patient(
        mrn=mrn,
        family=twin.family if twin else rng.choice(_FAMILIES),
        given=given,
        middle=rng.choice("ABCDEFGHJKLMNPRSTW"),
        birth_date=twin.birth_date if twin else date(1932, 1, 1) + timedelta(days=rng.randrange(28_000)),
        sex=sex,
        address=twin.address if twin else f"{rng.randrange(10, 2900)} {rng.choice(_STREETS)}",
        town=f"{town}, {state}",
        postcode=postcode,
        phone=f"({rng.randrange(220, 880)}) 555-01{rng.randrange(100):02d}",
        payer=payer,
        member_id=_mbi(rng) if payer == "Medicare" else f"{rng.choice('BGKX')}{rng.randrange(10**8, 10**9)}",
        group="" if payer == "Medicare" else f"GRP{rng.randrange(1000, 9999)}",
        encounters=tuple(_draw_encounter(i, n, rng) for n in range(rng.choice((1, 1, 2)))),
    )


def _draw_encounter(i: int, n: int, rng: random.Random) -> Encounter:
    admitted = date(2019, 1, 5) + timedelta(days=rng.randrange(2200))
    return Encounter(
        number=f"V{admitted:%y}{rng.randrange(10_000, 99_999)}{(i * 3 + n) % 10}",
        admitted=admitted,
        discharged=admitted + timedelta(days=rng.randrange(1, 9)),
        attending=rng.choice(PROVIDERS),
    )


def _mbi(rng: random.Random) -> str:
    """A Medicare Beneficiary Identifier of the CMS format."""
    kinds = {"C": "123456789", "A": _MBI_LETTERS, "N": "0123456789"}
    return "".join(rng.choice(kinds[place]) for place in "CAANANNAANN")
