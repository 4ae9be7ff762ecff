"""Who draws the hospitals of benchmarks/identity.py: five authors who did not see the product's rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks import (
    fifth_author,
    fifth_author_pages,
    fifth_author_paper,
    fourth_author,
    fourth_author_pages,
    hospital_forms,
    hospital_pages,
    hospitals,
    second_author,
    second_author_forms,
    second_author_paper,
    third_author,
    third_author_forms,
    third_author_paper,
)
from benchmarks.hospital_paper import DrawnPage, Paper
from benchmarks.hospitals import Hospital, Subject
from benchmarks.people import Human


@dataclass(frozen=True, slots=True)
class Author:
    """How hospitals and their pages are drawn. The kinds of pages: all, those that say name, number, birthday and sex,
    those with a payer who is not the patient, and those of one patient with a head of their own."""

    name: str
    pages: Mapping[str, Any]
    full: tuple[str, ...]
    payers: tuple[str, ...]
    headed: tuple[str, ...]
    draw_hospital: Callable[[int], Hospital]
    draw_page: Callable[[Hospital, str, Subject, int], DrawnPage]
    start: Callable[[Hospital, Subject, str], Paper]
    register: Callable[[Hospital, Human, int], Human]
    name_text: Callable[[Human, str], str]
    date_text: Callable[[date, str], str]


FIRST = Author(
    "first",
    hospital_forms.PAGES,
    full=("face sheet", "lab report", "transfer", "visit slip", "sticker", "line print"),
    payers=("face sheet", "claim"),
    headed=("transfer", "lab report", "visit slip"),
    draw_hospital=hospitals.draw_hospital,
    draw_page=hospital_forms.draw_page,
    start=hospital_pages.start,
    register=hospitals.register,
    name_text=hospitals.name_text,
    date_text=hospitals.date_text,
)
SECOND = Author(
    "second",
    second_author_forms.PAGES,
    full=("demographics", "system print", "reference lab", "ed record", "records footer", "nursing home"),
    payers=("demographics", "registration"),
    headed=("reference lab", "system print", "ed record"),
    draw_hospital=second_author.draw_house,
    draw_page=second_author_forms.draw_leaf,
    start=second_author_paper.start,
    register=second_author.enroll,
    name_text=second_author.person_text,
    date_text=second_author.day_text,
)
THIRD = Author(
    "third",
    third_author_forms.PAGES,
    full=("snapshot", "mainframe", "lab print", "tracing", "sleep study", "resident assessment", "label sheet"),
    payers=("snapshot", "bilingual"),
    headed=("lab print", "mainframe", "sleep study"),
    draw_hospital=third_author.draw_site,
    draw_page=third_author_forms.draw_form,
    start=third_author_paper.start,
    register=third_author.enter,
    name_text=third_author.name_words,
    date_text=third_author.date_words,
)
FOURTH = Author(
    "fourth",
    fourth_author_pages.PAGES,
    full=("preop checklist", "dialysis run", "plate sheet", "lab slip", "prior authorization"),
    payers=("lab slip", "prior authorization"),
    headed=("preop checklist", "dialysis run", "prior authorization"),
    draw_hospital=fourth_author.draw_institution,
    draw_page=fourth_author_pages.draw_chart,
    start=fourth_author_pages.start,
    register=fourth_author.admit,
    name_text=fourth_author.name_line,
    date_text=fourth_author.date_line,
)
FIFTH = Author(
    "fifth",
    fifth_author_pages.PAGES,
    full=("face sheet", "demographics", "lab report", "ed record", "transfer", "labels"),
    payers=("face sheet", "registration"),
    headed=("ed record", "lab report", "discharge summary"),
    draw_hospital=fifth_author.draw_facility,
    draw_page=fifth_author_pages.draw_sheet,
    start=fifth_author_paper.start,
    register=fifth_author.enroll,
    name_text=fifth_author.name_words,
    date_text=fifth_author.day_words,
)
AUTHORS = {author.name: author for author in (FIRST, SECOND, THIRD, FOURTH, FIFTH)}
