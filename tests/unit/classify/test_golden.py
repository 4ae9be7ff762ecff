"""Golden documents: a page as it was read beside what must be found on it, one for every misfire that was seen.

tests/golden/*.txt: a line `expect {json}`, a line of dashes, the page. A new kind of document is a row in the table
and a page here.
"""

import json
from pathlib import Path

import pytest

from classify.index import weighed
from classify.kinds import tell_kind
from classify.profile import Profile
from classify.split import read_facts
from tests.given.paper import typed

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*.txt"))
_SURE = 0.9


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_golden_document_is_understood(file: Path) -> None:
    head, _, text = file.read_text(encoding="utf-8").partition("\n---\n")
    expected = json.loads(head.removeprefix("expect "))
    facts = read_facts(typed(text), Profile())
    values = weighed(facts.fields)
    kind = tell_kind(facts.rows, Profile())[0].code
    for name, wanted in expected.items():
        if name == "type":
            assert kind == wanted
        elif name == "type_is_not":
            assert kind != wanted
        elif name == "npi_valid":
            assert [v.is_valid for v in values if v.name == "npi"] == [wanted]
        else:
            found = next((v for v in values if v.name == name), None)
            if wanted is None:
                assert found is None or found.confidence < _SURE, (name, found)
            else:
                assert found is not None, name
                assert found.value == wanted


def test_there_are_golden_documents() -> None:
    assert len(GOLDEN) >= 14
