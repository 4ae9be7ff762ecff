"""Payer and member of an insurance card."""

import pytest

from classify.fields import cards
from classify.fields.table import FIELDS
from classify.finding.labels import find_anchors
from classify.profile import Profile
from classify.rows import rows_of
from tests.given.paper import typed

P = Profile()
CARD = "Cobalt Ridge Health\nPPO PLUS\nMember: Ana Rivera\nID: CRH448120937\nGrp: 70015\nRxBIN 004336   RxPCN ADV"


def _told(text: str) -> dict[str, str]:
    rows = rows_of(typed(text))
    return {told.field: told.value for told in cards.find(rows, find_anchors(rows, FIELDS, P), P)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CARD, {"payer": "Cobalt Ridge Health", "name": "RIVERA, ANA"}),
        (CARD.replace("Member: Ana Rivera", "MEMBER\nAna Rivera"), {"payer": "Cobalt Ridge Health", "name": "RIVERA, ANA"}),
        (CARD.replace("Member: Ana Rivera", "Insured. ANA M RIVERA"), {"payer": "Cobalt Ridge Health", "name": "RIVERA, ANA M"}),
        (CARD.replace("Health\n", "Health" + " " * 20 + "Members call 868-555-8950\n"), {"payer": "Cobalt Ridge Health", "name": "RIVERA, ANA"}),
        (CARD.replace("Member: ", "Member Name: "), {"payer": "Cobalt Ridge Health"}),  # a label says it already
        (CARD.replace("Cobalt", "Payer: Cobalt"), {"name": "RIVERA, ANA"}),
        (CARD.replace("Cobalt Ridge Health\n", ""), {"name": "RIVERA, ANA"}),  # a plan's name is no brand
        ("Cobalt Ridge Health\nMember: Ana Rivera", {}),  # no card
        (CARD + "\nline" * 50, {}),  # a form with all that on it
    ],
)  # fmt: skip
def test_a_card_tells_payer_and_member(text: str, expected: dict[str, str]) -> None:
    assert _told(text) == expected
