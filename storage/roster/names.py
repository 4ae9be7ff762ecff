"""What a person is called, and which numbers are theirs: said once, for every screen and every comparison."""

from classify import normal
from storage.foundation.clock import show_day
from storage.foundation.tables.roster import Person


def full_name(person: Person) -> str:
    """The name as a list shows it: 'Rivera, Ana Maria Jr'."""
    return " ".join(part for part in (f"{person.family},", person.given, person.middle, person.suffix) if part)


def short_name(person: Person) -> str:
    """Surname and first name alone: 'Rivera, Ana'."""
    return f"{person.family}, {person.given}"


def names_of(person: Person) -> list[str]:
    """Every name a person has or had, the present one first; a former surname goes with the present first name."""
    return [short_name(person), *(f"{name['family']}, {name['given'] or person.given}" for name in person.names)]


def has_mrn(person: Person, mrn: str) -> bool:
    """Whether this is the person's medical record number, or was before; spaces, dashes and case do not count."""
    return normal.number(mrn) in map(normal.number, (person.mrn, *person.other_mrns))


def picker_line(person: Person) -> str:
    """A person in one line of a list to choose from: name, date of birth, sex, MRN."""
    born = show_day(person.birth_date) or "no date of birth"
    return " · ".join(part for part in (full_name(person), born, person.sex, f"MRN {person.mrn}") if part)
