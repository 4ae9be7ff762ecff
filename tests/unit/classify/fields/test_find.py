"""All fields of a page together: whose rows are whose, parts of a name made one, barcodes, the order of candidates."""

import pytest

from classify.fields.find import find_fields
from classify.fields.others import rows_of_others
from classify.guess import BARE, FieldValue
from classify.profile import Profile
from classify.rows import rows_of
from tests.given.paper import typed

P = Profile()


def _all(text: str, barcodes: tuple[str, ...] = ()) -> tuple[FieldValue, ...]:
    return find_fields(typed(text, barcodes=barcodes), P)


def _believed(text: str) -> dict[str, str]:
    """What is more likely right than wrong, the surest of each field."""
    return {value.name: value.value for value in reversed(_all(text)) if value.confidence >= 0.5}


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("GUARANTOR\nName: x\nDOB: y", {0: True, 1: True, 2: True}, "a heading and what follows"),
        ("EMERGENCY CONTACT INFORMATION\nName: x", {0: True, 1: True}, "a heading of several words"),
        ("Next of kin 1\nName: x", {0: True, 1: True}, "a numbered one"),
        ("Mother's Name: x\nName: y", {0: False}, "her name: that row, and not the next"),
        ("Spouse: Pedro   DOB: 01/02/1960\nMRN: x", {0: False}, "a row that begins with them is theirs, and no other"),
        ("GUARANTOR\nName: x\nPatient Name: y\nDOB: z", {0: True, 1: True}, "until the patient comes again"),
        ("\n".join(["GUARANTOR", *["x"] * 8]), dict.fromkeys(range(7), True), "six rows and no more"),
        ("Name: x\nDOB: y", {}, "nobody else"),
        ("IN CASE OF EMERGENCY\nName: x", {0: True, 1: True}, "a heading of four words"),
        ("Probation officer: Dee   Phone: x", {0: False}, "an officer's"),
        ("Contact the nurse for help\nName: x", {0: False}, "a sentence: its own row only"),
    ],
)  # fmt: skip
def test_rows_about_others_are_known(text: str, expected: dict[int, bool], why: str) -> None:
    assert rows_of_others(rows_of(typed(text))) == expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Patient Name: Rivera, Ana\nSpouse: Rivera, Pedro   DOB: 01/02/1960", {"name": "RIVERA, ANA"}, "his birthday"),
        ("Patient Name: Rivera, Ana\nDOB: 03/14/1957", {"name": "RIVERA, ANA", "dob": "1957-03-14"}, "hers"),
        ("NEXT OF KIN\nName: Rivera, Pedro\nPatient Name: Rivera, Ana\nDOB: 03/14/1957", {"name": "RIVERA, ANA", "dob": "1957-03-14"}, "hers again"),
        ("GUARDIAN\nMRN: 00999999\nSex: M", {}, "neither number nor sex of others"),
    ],
)  # fmt: skip
def test_what_stands_in_a_row_of_others_is_not_believed(text: str, expected: dict[str, str], why: str) -> None:
    identity = {name: value for name, value in _believed(text).items() if name in ("name", "dob", "mrn", "sex")}
    assert identity == expected, why


@pytest.mark.parametrize(
    ("text", "phone", "why"),
    [
        ("Phone: 330-555-0101", "3305550101", "the patient's"),
        ("Phone: 330-555-0101   Fax: 330-555-0102", None, "a letterhead"),
        ("Facsimile 330-555-0102   Phone: 330-555-0101", None, "in the other order"),
        ("Fax: 330-555-0102\nPhone: 330-555-0101", "3305550101", "in another row it may be anybody's"),
    ],
)
def test_a_telephone_beside_a_fax_is_an_offices(text: str, phone: str | None, why: str) -> None:
    assert _believed(text).get("phone") == phone, why


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Last Name: Rivera\nFirst Name: Ana", "RIVERA, ANA"),
        ("Surname: Rivera     Given Name: Ana", "RIVERA, ANA"),
        ("Last Name          First Name\nRivera             Ana", "RIVERA, ANA"),
        ("Last Name: Rivera", None),  # half a name is none
        ("First Name: Ana", None),
    ],
)
def test_surname_and_first_name_from_their_own_labels_are_one_name(text: str, name: str | None) -> None:
    values = _all(text)
    assert [value.value for value in values if value.name == "name"] == ([name] if name else [])
    assert not any(value.name in ("family_name", "given_name") for value in values)


def test_a_name_made_of_two_is_as_sure_as_both() -> None:
    (whole,) = [value for value in _all("Last Name: Rivera\nFirst Name: Ana") if value.name == "name"]
    (half,) = [value for value in _all("Patient Name: Rivera, Ana") if value.name == "name"]
    assert 0 < whole.confidence < half.confidence


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("MRN:00123456", [("mrn", "00123456")]),
        ("mr:00123456", [("mrn", "00123456")]),
        ("VN:A998", [("encounter", "A998")]),
        ("FIN:a-998", [("encounter", "A-998")]),
        ("ACCT:5512", [("account", "5512")]),
        ("MRN: 00123456 ", [("mrn", "00123456")]),
        ("MRN:12", []),  # not of our pattern
        ("VN:", []),
        ("00123456", []),  # a number that does not say what it is
        ("LOT:00123456", []),
        ("https://example.org", []),
        ("", []),
    ],
)
def test_a_label_barcode_says_what_its_letters_announce(code: str, expected: list[tuple[str, str]]) -> None:
    values = [value for value in _all("", (code,)) if value.source != BARE]
    assert [(value.name, value.value) for value in values] == expected
    assert all(value.confidence == 0.995 and value.source == "barcode" for value in values)


def test_all_candidates_are_kept_the_surest_first() -> None:
    values = [
        value
        for value in _all("MRN: 00123456\nMRN: 00999999\nDOB: 03/14/2090", ("MRN:00777777",))
        if value.name in ("mrn", "dob")
    ]
    assert {value.value for value in values} == {"00123456", "00999999", "00777777", "2090-03-14"}
    confidences = [value.confidence for value in values]
    assert confidences == sorted(confidences, reverse=True)
    assert values[0].source == "barcode"
    assert not values[-1].is_valid


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [
        ("Patient Name: Rivera, Ana\nContact Phone: 614-555-0142\n", True),
        ("Patient Name: Rivera, Ana\nEmergency Contact: Rivera, Jose\nRelationship: Brother\nContact Phone: 614-555-0142\n", False),
        ("Contact Person: Jose Rivera\nReviewed by the desk\nAllergies: None\nContact Number: 614-555-0142\n", False),
        ("Emergency Contact: Rivera, Jose\nSeen today\nAllergies: None\nSee overleaf\nHome Phone: 614-555-0142\n", True),
    ],
)  # fmt: skip
def test_a_contact_phone_is_the_contacts_where_the_page_names_one(text: str, is_sure: bool) -> None:
    phones = [value for value in find_fields(typed(text), Profile()) if value.name == "phone"]
    assert [value.value for value in phones] == ["6145550142"]
    assert (phones[0].confidence >= 0.9) is is_sure


LAB = (
    "Patient Information          Specimen Information          Client Information\n"
    "KING, BRENDA B               Specimen: W185552B            Client #: 23106774\n"
    "DOB: 02/15/1969              Requisition: 92714176         OYELARAN, OWEN\n"
    "Phone: 706-648-2375          Received: 03/22/2015          Phone: 418-680-1441\n"
)

FAX = (
    "FACSIMILE TRANSMITTAL SHEET\n"
    "TO: Novak, Marcus            FROM: Jessica Ellison\n"
    "PHONE NUMBER: 906-347-3678   PAGES: 20\n"
    "RE: Ana Rivera               DOB: 03/14/1957\n"
)


@pytest.mark.parametrize(
    ("text", "phone", "why"),
    [
        (LAB, "7066482375", "the client of a laboratory is who ordered"),
        (LAB.replace("Patient Information   ", "Report               "), "7066482375", "the first column is the patient's all the same"),
        (FAX, None, "both ends of a fax are offices"),
        (FAX + "Pt Phone: 706-648-2375", "7066482375", "the patient's own stands under the name"),
        (FAX.replace("TO: Novak, Marcus  ", "Name: Ana Rivera   ").replace("FROM:", "Lives:"), "9063473678", "no fax cover"),
        ("CLIENT INFORMATION\nName: Ana Rivera\nPhone: 706-648-2375", "7066482375", "elsewhere the client is the patient"),
    ],
)  # fmt: skip
def test_telephones_of_who_orders_sends_and_receives_are_not_the_patients(
    text: str, phone: str | None, why: str
) -> None:
    assert _believed(text).get("phone") == phone, why


@pytest.mark.parametrize(
    ("text", "attending"),
    [
        ("Attending: Ibarra, Guillermo, MD\nOrdering Provider: Voss, Greta, MD\nDictated by: Simone Adler, PA-C", "IBARRA, GUILLERMO"),
        ("Ordering Provider: Voss, Greta, MD\nMost Responsible Physician: Ibarra, Guillermo, MD", "IBARRA, GUILLERMO"),
        ("Ordering Provider: Voss, Greta, MD", "VOSS, GRETA"),
    ],
)  # fmt: skip
def test_who_attends_comes_before_who_ordered_or_dictated(text: str, attending: str) -> None:
    assert _believed(text)["attending"] == attending
    sure = [value.value for value in _all(text) if value.name == "attending" and value.confidence > 0.9]
    assert sure == [attending]


MASKED = Profile(mrn_pattern=r"J\d{9}")


def test_a_number_that_is_not_as_the_site_writes_its_own_is_never_sure() -> None:
    def of(text: str) -> list[tuple[str, float]]:
        found = find_fields(typed(text), MASKED)
        return [(value.value, value.confidence) for value in found if value.name == "mrn"]

    assert of("URN      U8628-4") == [], "a vessel of urine: neither a colon nor a number of ours"
    assert [value for value, sure in of("MRN: J00012345") if sure > 0.5] == []
    assert of("MRN: J000123456")[0][1] > 0.9


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        ("ID: J000123456", "mrn", "written as the site's record numbers are"),
        ("Payer: Harbor Mutual   ID: J000123456", "mrn", "beside an insurance too"),
        ("Payer: Harbor Mutual   ID: C987654321", "member_id", "otherwise, beside an insurance"),
    ],
)
def test_a_bare_id_is_what_it_is_written_as(text: str, field: str, why: str) -> None:
    told = {v.name for v in find_fields(typed(text), MASKED) if v.name in ("mrn", "member_id") and v.confidence > 0.5}
    assert told == {field}, why


def test_a_bare_id_that_is_neither_is_not_believed() -> None:
    assert not [v for v in find_fields(typed("ID: C987654321"), MASKED) if v.name == "member_id" and v.confidence > 0.5]


def test_words_that_go_on_as_a_hospital_are_no_patient() -> None:
    assert "name" not in _believed("Patient: Pinebrook Teaching Hospital")
    assert _believed("Patient: Ana Rivera   Hospital")["name"] == "RIVERA, ANA"


def test_the_telephone_under_a_relationship_is_the_relatives() -> None:
    text = (
        "Patient: Rivera, Ana\nPhone: 330-555-0101\nResp party: Rivera, Luis\nRel. to Pt: Spouse\nPhone: 330-555-0199"
    )
    assert _believed(text)["phone"] == "3305550101"
    numbered = "1. Patient name: Rivera, Ana\n7. Insured's name, if other      8. Rel. to Pt      9. DOB\nRivera, Luis      Spouse      02/08/1984"
    assert "dob" not in _believed(numbered)
    two = "NAME: Rivera, Ana\nPERSONA RESPONSABLE / RESPONSIBLE PARTY\nNombre / Name: Rivera, Luis"
    assert _believed(two)["name"] == "RIVERA, ANA"


def test_a_name_ends_before_a_semicolon() -> None:
    assert _believed("Name in full: Ana Rivera; UNKNOWN 12")["name"] == "RIVERA, ANA"


def test_released_is_a_discharge_beside_an_admission_only() -> None:
    assert _believed("Admitted: 03/04/2024   Released: 03/06/2024")["discharge_date"] == "2024-03-06"
    assert "discharge_date" not in _believed("Results released: 03/06/2024\nReleased: 03/06/2024")


def test_what_a_label_says_of_a_payer_is_no_second_patient() -> None:
    text = "Patient name: Rivera, Ana   MRN: 00123456\n\nHealth plan            Insured ID\nSILVERLINE MEDIGAP F   G3232672"
    assert [v.value for v in _all(text) if v.name == "name" and v.confidence >= 0.3] == ["RIVERA, ANA"]


LOG = """
Patient: RIVERA,ANA   MRN: 00123456
01/18/2023 0538 NA 139 WHITCO 33658701
01/18/2023 1013 VITALS TAKEN WHITCO 28545103
01/20/2023 1015 AMBULATED WHITCO 51178712
"""


def test_the_rows_of_a_log_name_no_patients() -> None:
    assert [v.value for v in _all(LOG) if v.name == "name" and v.confidence >= 0.3] == ["RIVERA, ANA"]


HEADS = "Room     Patient name          Unit number      DOB"
ROWS = (
    "401      Rivera, Ana M         00123456         03/14/1957",
    "402      Luis R. Ward          00148070         07/01/1976",
)


def test_a_column_with_two_record_numbers_is_a_list_of_patients() -> None:
    both = find_fields(typed("\n".join((HEADS, *ROWS))), P)
    assert all(value.confidence < 0.5 for value in both if value.name in ("mrn", "name", "dob"))
    one = find_fields(typed("\n".join((HEADS, ROWS[0]))), P)
    assert any(value.confidence > 0.5 for value in one if value.name == "mrn"), "one row is the patient's own"
