"""A small roster in memory, full of people who are easily confused."""

from datetime import date

from classify.demographics import PersonName
from classify.guess import MOST_CANDIDATES, PersonRecord
from classify.matching.keys import keys_of_person

ANA = PersonRecord(
    id=1,
    mrn="00123456",
    family="Rivera",
    given="Ana",
    middle="M",
    birth_date=date(1957, 3, 14),
    sex="F",
    phone="3305550101",
    member_id="B123456789",
    encounters=("V2400881",),
)
TWIN = PersonRecord(id=2, mrn="00200001", family="Okafor", given="Grace", birth_date=date(1980, 5, 5), sex="F")
TWIN2 = PersonRecord(id=3, mrn="00200002", family="Okafor", given="Joy", birth_date=date(1980, 5, 5), sex="F")
SENIOR = PersonRecord(
    id=4, mrn="00300001", family="Chen", given="Wei", suffix="Sr", birth_date=date(1950, 1, 2), sex="M"
)
JUNIOR = PersonRecord(
    id=5, mrn="00300002", family="Chen", given="Wei", suffix="Jr", birth_date=date(1976, 8, 9), sex="M"
)
BOB = PersonRecord(
    id=6,
    mrn="00400001",
    family="Kowalczyk",
    given="Robert",
    birth_date=date(1944, 12, 1),
    sex="M",
    other_names=(PersonName("Kowal"),),
)
NAMESAKE = PersonRecord(id=7, mrn="00500001", family="Smith", given="John", birth_date=date(1950, 1, 2), sex="M")
NAMESAKE2 = PersonRecord(id=8, mrn="00500007", family="Smith", given="John", birth_date=date(1981, 6, 7), sex="M")
TIM = PersonRecord(
    id=9, mrn="00600001", family="Brown", given="Tim", birth_date=date(1990, 2, 3), sex="M", encounters=("V7777777",)
)
DOE = PersonRecord(id=10, mrn="00700001", family="Doe", given="John", birth_date=date(1937, 5, 16), sex="M")
BABY = PersonRecord(id=11, mrn="00700002", family="Lopez", given="Baby Girl A", birth_date=date(2024, 5, 5), sex="F")
ALL = (ANA, TWIN, TWIN2, SENIOR, JUNIOR, BOB, NAMESAKE, NAMESAKE2, TIM, DOE, BABY)


class SmallRoster:
    """The Roster protocol over a handful of people."""

    def __init__(self, people: tuple[PersonRecord, ...] = ALL) -> None:
        self._people = people

    def find_by_keys(self, keys: tuple[str, ...], most: int = MOST_CANDIDATES) -> list[PersonRecord]:
        return [person for person in self._people if set(keys) & set(keys_of_person(person))][:most]

    def people(self) -> int:
        return len(self._people)

    def share_of(self, part: str, name: str) -> float | None:
        return None
