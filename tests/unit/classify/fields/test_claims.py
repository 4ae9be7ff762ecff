"""The payer in the head of a claim, and what stands there beside it."""

import pytest

from classify.fields.find import find_fields
from classify.profile import Profile
from tests.given.paper import typed

BOXES = """
1a. INSURED'S I.D. NUMBER                2. PATIENT'S NAME (Last, First, Middle)
    K123456789                              RIVERA, ANA M
3. PATIENT'S BIRTH DATE  MM DD YYYY      4. INSURED'S NAME (Last, First, Middle)
    03 14 1957                              RIVERA, TOMAS
5. PATIENT'S ADDRESS                     7. INSURED'S ADDRESS
    12 ELM STREET                           12 ELM STREET
17. NAME OF REFERRING PROVIDER           26. PATIENT'S ACCOUNT NO.
    CHEN, WEI MD                            4410078821
"""


def _payer(head: str, boxes: str = BOXES) -> str | None:
    return next((v.value for v in find_fields(typed(head + boxes), Profile()) if v.name == "payer"), None)


@pytest.mark.parametrize(
    ("head", "payer", "why"),
    [
        ("HEALTH INSURANCE CLAIM FORM                    Harbor Mutual", "Harbor Mutual", "beside the title"),
        (
            "HEALTH INSURANCE CLAIM FORM\n                                               Harbor Mutual",
            "Harbor Mutual",
            "under it",
        ),
        ("HEALTH INSURANCE CLAIM FORM", None, "no carrier"),
        ("HEALTH INSURANCE CLAIM FORM\nHarbor Mutual", None, "on the left, where no carrier stands"),
        ("OFFICE NOTE                                    Harbor Mutual", None, "no claim"),
    ],
)
def test_the_payer_of_a_claim_stands_in_its_head(head: str, payer: str | None, why: str) -> None:
    assert _payer(head) == payer, why


def test_without_boxes_there_is_no_claim() -> None:
    assert _payer("HEALTH INSURANCE CLAIM FORM                    Harbor Mutual", "\nDear Ms. Rivera,\n") is None
