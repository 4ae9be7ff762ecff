"""A small roster in memory, full of people who are easily confused."""

from datetime import date

from classify.guess import PersonName, PersonRecord
from classify.matching.keys import keys_of_person

ANA = PersonRecord(
    1,
    "00123456",
    "Rivera",
    "Ana",
    "M",
    "",
    date(1957, 3, 14),
    "F",
    phone="3305550101",
    member_id="B123456789",
    encounters=("V2400881",),
)
TWIN = PersonRecord(2, "00200001", "Okafor", "Grace", "", "", date(1980, 5, 5), "F")
TWIN2 = PersonRecord(3, "00200002", "Okafor", "Joy", "", "", date(1980, 5, 5), "F")
SENIOR = PersonRecord(4, "00300001", "Chen", "Wei", "", "Sr", date(1950, 1, 2), "M")
JUNIOR = PersonRecord(5, "00300002", "Chen", "Wei", "", "Jr", date(1976, 8, 9), "M")
BOB = PersonRecord(
    6, "00400001", "Kowalczyk", "Robert", "", "", date(1944, 12, 1), "M", other_names=(PersonName("Kowal"),)
)
NAMESAKE = PersonRecord(7, "00500001", "Smith", "John", "", "", date(1950, 1, 2), "M")
NAMESAKE2 = PersonRecord(8, "00500007", "Smith", "John", "", "", date(1981, 6, 7), "M")
TIM = PersonRecord(9, "00600001", "Brown", "Tim", "", "", date(1990, 2, 3), "M", encounters=("V7777777",))
DOE = PersonRecord(10, "00700001", "Doe", "John", "", "", date(1937, 5, 16), "M")
BABY = PersonRecord(11, "00700002", "Lopez", "Baby Girl A", "", "", date(2024, 5, 5), "F")
ALL = (ANA, TWIN, TWIN2, SENIOR, JUNIOR, BOB, NAMESAKE, NAMESAKE2, TIM, DOE, BABY)


class SmallRoster:
    """The Roster protocol over a handful of people."""

    def __init__(self, people: tuple[PersonRecord, ...] = ALL) -> None:
        self._people = people

    def find_by_keys(self, keys: tuple[str, ...]) -> list[PersonRecord]:
        return [person for person in self._people if set(keys) & set(keys_of_person(person))]

    def people(self) -> int:
        return len(self._people)

    def share_of(self, part: str, name: str) -> float | None:
        return None
