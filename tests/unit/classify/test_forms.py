"""Forms taught from one sample: recognised when skewed, smaller, or half read; their zones read as fields."""

import random
from dataclasses import replace

import numpy as np
import pytest

from classify.form import Form, FormProblem, Zone, learn_form, shipped_forms
from classify.forms.recognise import read_zones, recognise_form
from classify.index import index_file
from classify.profile import Profile
from classify.split import read_facts
from ingest.problems import ProfileProblem
from ingest.site import load_site
from ocr.page import Box, Mark, MarkKind, MarkState, OcrPage, PageOutcome, Word
from tests.given.paper import typed

PRINTED = """COUNTY ALLERGY CLINIC SKIN TESTING WORKSHEET
Applicant                      Enrolment code

Favourite pharmacy             Household smokers        yes      no

Grass birch ragweed timothy plantain mugwort cockroach feathers
mould penicillium aspergillus cladosporium alternaria histamine saline
Interpretation follows national guidance; wheal diameters are recorded in millimetres
Return completed worksheet before leaving reception desk"""
ZONES = (
    Zone("name", (0.4, 0.95, 2.4, 1.15)),
    Zone("mrn", (2.5, 0.95, 4.5, 1.15)),
    Zone("smokers", (3.85, 0.98, 4.25, 1.38), "yes"),
)


def _worksheet() -> OcrPage:
    return typed(PRINTED)


def _form() -> Form:
    return learn_form("Skin test", "INTAKE_HISTORY", _worksheet(), ZONES)


def _filled(name: str = "Rivera, Ana", mrn: str = "00123456") -> OcrPage:
    page = _worksheet()
    words = [
        *(Word(part, Box(150 + 200 * i, 290, 330 + 200 * i, 330), 0.95) for i, part in enumerate(name.split())),
        Word(mrn, Box(800, 290, 980, 330), 0.95),
    ]
    return replace(page, words=(*page.words, *words))


def _moved(page: OcrPage, degrees: float, scale: float) -> OcrPage:
    """The page turned a little and made smaller, as another scanner would give it."""
    turn = np.deg2rad(degrees)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale

    def moved(box: Box) -> Box:
        x, y = rotation @ ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        wide, high = box.width * scale / 2, box.height * scale / 2
        return Box(*(round(v) for v in (x - wide + 40, y - high + 25, x + wide + 40, y + high + 25)))

    words = tuple(replace(word, box=moved(word.box)) for word in page.words)
    return replace(page, words=words, marks=tuple(replace(m, box=moved(m.box)) for m in page.marks))


@pytest.mark.parametrize(("degrees", "scale"), [(0.0, 1.0), (2.0, 1.0), (-3.0, 0.95), (0.5, 1.06)])
def test_a_form_is_recognised_and_read_however_it_lies(degrees: float, scale: float) -> None:
    page = _moved(_filled(), degrees, scale)
    found = recognise_form(page, [*shipped_forms(), _form()])
    assert found is not None
    assert found.form.name == "Skin test"
    values = {value.name: value for value in read_zones(page, found, Profile())}
    assert (values["name"].value, values["mrn"].value) == ("RIVERA, ANA", "00123456")
    assert values["mrn"].source == "form"
    assert values["mrn"].confidence > 0.8


def test_half_of_the_words_are_enough() -> None:
    page = _filled()
    rng = random.Random(1)
    kept = tuple(word for word in page.words if rng.random() < 0.6 or word.text == "00123456")
    assert recognise_form(replace(page, words=kept), [_form()]) is not None


def test_another_page_is_no_form() -> None:
    assert (
        recognise_form(typed("PROGRESS NOTE\nPatient Name: Rivera, Ana\nThe patient rested well."), [_form()]) is None
    )


def test_a_ticked_box_gives_its_value() -> None:
    tick = Mark(MarkKind.TICK_BOX, Box(1170, 310, 1230, 370), MarkState.TICKED)
    page = replace(_filled(), marks=(tick,))
    found = recognise_form(page, [_form()])
    assert found is not None
    assert {v.name: v.value for v in read_zones(page, found, Profile())}["smokers"] == "yes"
    empty = replace(page, marks=(replace(tick, state=MarkState.EMPTY),))
    assert "smokers" not in {v.name for v in read_zones(empty, found, Profile())}


def test_a_recognised_form_names_the_kind_and_its_zones_go_before_labels() -> None:
    profile = Profile(forms=(_form(),))
    facts = read_facts(_filled(), profile)
    assert facts.form is not None
    assert facts.sure("mrn") == "00123456"

    class Nobody:
        def find_by_keys(self, keys: tuple[str, ...], most: int = 60) -> list[object]:
            return []

        def people(self) -> int:
            return 0

        def share_of(self, part: str, name: str) -> float | None:
            return None

    document = index_file([_filled()], Nobody(), profile).documents[0]  # type: ignore[arg-type]
    assert document.type.code == "INTAKE_HISTORY"
    assert document.type.is_sure


def test_a_form_comes_back_as_it_was_kept() -> None:
    assert Form.from_json(_form().to_json()) == _form()


@pytest.mark.parametrize(
    ("code", "text", "zones", "sentence"),
    [
        ("NO_SUCH", PRINTED, ZONES, "no document type"),
        ("INTAKE_HISTORY", PRINTED, (), "at least one zone"),
        ("INTAKE_HISTORY", "three short words", ZONES, "Too few printed words"),
    ],
)
def test_a_bad_lesson_is_refused_with_a_sentence(code: str, text: str, zones: tuple[Zone, ...], sentence: str) -> None:
    with pytest.raises(FormProblem, match=sentence):
        learn_form("x", code, typed(text), zones)


def test_the_sites_forms_lie_beside_its_profile(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "skin.json").write_text(_form().to_json())
    names = [form.name for form in load_site(tmp_path).profile.forms]
    assert names == ["Skin test", *(form.name for form in shipped_forms())]
    (tmp_path / "forms" / "skin.json").write_text("{}")
    with pytest.raises(ProfileProblem, match=r"skin\.json"):
        load_site(tmp_path)


def test_the_claim_form_comes_along() -> None:
    claim = next(form for form in shipped_forms() if form.code == "CLAIM_CMS1500")
    assert {"name", "dob", "member_id", "npi", "diagnosis"} <= {zone.field for zone in claim.zones}


def _claim(**values: str) -> OcrPage:
    """A page with the printed words of the UB-04 and values in its zones, at 300 dpi."""
    form = next(form for form in shipped_forms() if form.code == "CLAIM_UB04")
    words = [
        Word(a.text, Box(*(round(300 * v) for v in (a.x - 0.1, a.y - 0.02, a.x + 0.1, a.y + 0.02))), 0.9)
        for a in form.anchors
    ]
    said = {zone.field: 0 for zone in form.zones}
    for zone in form.zones:
        left, top, _, bottom = (round(300 * edge) for edge in zone.box)
        parts = values.get(zone.field, "").split("|")
        if said[zone.field] >= len(parts):
            continue
        for i, text in enumerate(parts[said[zone.field]].split()):
            words.append(Word(text, Box(left + 10 + 40 * i, top + 5, left + 45 + 40 * i, bottom - 5), 0.95))
        said[zone.field] += 1
    return OcrPage(1, PageOutcome.OK, width=2550, height=3300, dpi=300, words=tuple(words))


def test_the_hospital_claim_is_read_as_it_asks_for_its_values() -> None:
    page = _claim(
        name="MONTGOMERY CAMILA H",
        mrn="[00731942",
        dob="02231964",
        admit_date="O62522",
        diagnosis="J189",
        diagnosis_b="15023",
        admitting_diagnosis="RO6O2",
        attending="CHEN|WEI",
        npi="1234567893",
        statement_through="999999",
    )
    found = recognise_form(page, shipped_forms())
    assert found is not None
    assert found.form.code == "CLAIM_UB04"
    values = {value.name: value for value in read_zones(page, found, Profile())}
    said = {name: value.value for name, value in values.items()}
    assert said == {
        "name": "MONTGOMERY, CAMILA H",
        "mrn": "00731942",
        "dob": "1964-02-23",
        "admit_date": "2022-06-25",
        "diagnosis": "J18.9",
        "diagnosis_b": "I50.23",
        "admitting_diagnosis": "R06.02",
        "attending": "CHEN, WEI",
        "npi": "1234567893",
        "statement_through": "999999",
    }
    assert not values["statement_through"].is_valid  # the 99th of the 99th month
    assert values["mrn"].confidence > 0.9


def test_what_was_hardly_read_beside_a_value_is_a_line_of_the_box() -> None:
    page = _claim(mrn="[00731942")
    junk = Word("he", Box(1980, 125, 2000, 160), 0.05)
    found = recognise_form(page, shipped_forms())
    assert found is not None
    values = [v.value for v in read_zones(replace(page, words=(*page.words, junk)), found, Profile())]
    assert values == ["00731942"]


def test_a_number_beside_a_label_that_contradicts_a_zone_is_still_heard() -> None:
    page = _filled()
    label = (Word("MRN:", Box(150, 700, 230, 740), 0.95), Word("00999999", Box(250, 700, 410, 740), 0.95))
    facts = read_facts(replace(page, words=(*page.words, *label)), Profile(forms=(_form(),)))
    assert facts.form is not None
    assert {value.value for value in facts.fields if value.name == "mrn"} == {"00123456", "00999999"}
