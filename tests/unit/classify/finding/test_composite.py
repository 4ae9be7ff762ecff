"""Labels of several values at once."""

import pytest

from classify.fields.table import FIELDS
from classify.finding import composite
from classify.profile import Profile
from classify.rows import rows_of
from tests.given.paper import typed

P = Profile()
BY_NAME = {field.name: field for field in FIELDS}


def _values(line: str) -> dict[str, str]:
    (row,) = rows_of(typed(line))
    return {part.field: part.value for part in composite.values_of([row], 0, BY_NAME, P)}


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("DOB/Age/Sex: 03/14/1957 / 66 / F", {"dob": "1957-03-14", "sex": "F"}),
        ("DOB/Age: 11/02/1941 /82Y", {"dob": "1941-11-02"}),
        ("Age/Sex: 82/M", {"sex": "M"}),
        ("AGE/SEX 66 F", {"sex": "F"}),
        ("Sex/Age: Female/66", {"sex": "F"}),
        ("Sex / DOB: F / 14 Mar 1957", {"sex": "F", "dob": "1957-03-14"}),
        ("Race/Sex: W/F", {"sex": "F"}),
        ("Age/Sex:82/M", {"sex": "M"}),
        (
            "Patient / DOB / MRN: Rivera, Ana (F, 67 y) / 03/14/1957 / 00123456",
            {"name": "RIVERA, ANA", "dob": "1957-03-14", "mrn": "00123456"},
        ),
        ("Rel. to Pt / DOB / Tel #: Father / 03/14/1957 / 330-555-0101", {}),
        ("Age/Sex: 68F", {"sex": "F"}),
        ("Date of Birth / Sex: 03/14/1957 / F", {"dob": "1957-03-14", "sex": "F"}),
        ("Client DOB / Sex (legal) : 14-Mar-1957 / F", {"dob": "1957-03-14", "sex": "F"}),
        # a part that is not there
        ("DOB/Age/Sex:", {}),
        ("DOB/Sex: 03/14/1957", {"dob": "1957-03-14"}),
        # nothing of the kind
        ("Height/Weight: 170/65", {}),
        ("and/or sex", {}),
        ("03/14/1957", {}),
        ("DOB/Age: 31/31/1957 / 66", {}),
    ],
)
def test_each_value_behind_such_a_label_is_found(line: str, values: dict[str, str]) -> None:
    assert _values(line) == values


def test_a_value_has_its_own_words_and_is_no_surer_than_they_were_read() -> None:
    (row,) = rows_of(typed("DOB/Age/Sex: 03/14/1957 / 66 / F", confidence=0.8))
    born, sex = composite.values_of([row], 0, BY_NAME, P)
    assert [word.text for word in born.words] == ["03/14/1957"]
    assert [word.text for word in sex.words] == ["F"]
    assert born.confidence < 0.8


def test_the_name_before_it_ends_there() -> None:
    (row,) = rows_of(typed("Name: Rivera, Ana Age/Sex: 66/F"))
    (label,) = composite.find(row, BY_NAME, P)
    assert (label.first, label.last, label.is_marked) == (3, 3, True)


@pytest.mark.parametrize(
    ("page", "values", "why"),
    [
        ("AGE/SX        TEL\n53 / F        (672) 833-7877", {"sex": "F"}, "under the label"),
        ("03/14/1957 / 66 / F\nDOB/AGE/SEX", {"dob": "1957-03-14", "sex": "F"}, "over the label"),
        ("Visit: V4410078                    Age/Sex -\n66 / F", {"sex": "F"}, "no room in the row"),
        ("DOB/Age/Sex: 19570314 / 66 / F", {"dob": "1957-03-14", "sex": "F"}, "a day without separators"),
        ("Age/Sx ........ 66 / F", {"sex": "F"}, "leaders"),
        ("DOB/AGE/SEX\n05/16/2023          CHEN, WEI", {}, "the next row is another label's"),
        (
            "Visit: V4410078                    Age/Sex -\nOrder for 66 F tubes of blood and a long line",
            {},
            "a row of text",
        ),
    ],
)
def test_values_stand_under_or_over_such_a_label_too(page: str, values: dict[str, str], why: str) -> None:
    rows = rows_of(typed(page))
    found = {part.field: part.value for n in range(len(rows)) for part in composite.values_of(rows, n, BY_NAME, P)}
    assert found == values, why
