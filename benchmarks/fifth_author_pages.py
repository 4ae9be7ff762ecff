"""All kinds of pages of the fifth author, and how one is drawn."""

from collections.abc import Callable

from benchmarks.fifth_author import vary
from benchmarks.fifth_author_claims import CLAIMS
from benchmarks.fifth_author_forms import FORMS
from benchmarks.fifth_author_paper import Page, start
from benchmarks.fifth_author_prints import PRINTS
from benchmarks.hospital_paper import DrawnPage
from benchmarks.hospitals import Hospital, Subject
from benchmarks.third_author_paper import finish

PAGES: dict[str, Callable[[Page], None]] = {**PRINTS, **FORMS, **CLAIMS}
"""How each kind of page is drawn."""


def draw_sheet(hospital: Hospital, kind: str, subject: Subject, seed: int) -> DrawnPage:
    """A page of this kind about this patient, with habits of its own; the same seed draws the same page."""
    page = start(vary(hospital, hospital.rng(f"habits {kind} {seed}")), subject, f"fifth {hospital.seed} {kind} {seed}")
    PAGES[kind](page)
    return finish(page, kind)
