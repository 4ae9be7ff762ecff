"""Which numbers are MRNs, whose they are, and that a Social Security number is never one."""

import pytest

from ingest.exchange.inbound.numbers import (
    Identifier,
    every_number,
    is_social,
    kind_of_words,
    last_four,
    own_authorities,
    record_numbers,
    without_social,
)
from storage.roster.messages import Number, PersonUpdate

OWN = own_authorities(["LAKE", "urn:oid:1.2.3"])


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        ([Identifier("1", "", ("OTHER",)), Identifier("2", "", ("LAKE",))], ["2", "OTHER:1"]),
        ([Identifier("1", "MR", ("OTHER",)), Identifier("2", "", ("LAKE",))], ["2", "OTHER:1"]),
        ([Identifier("1", "PI", ("EPI",)), Identifier("2", "MR", ("Lake",))], ["2", "EPI:1"]),
        ([Identifier("1", "PI", ("LAKE",)), Identifier("2", "MR", ("LAKE",))], ["2", "1"]),
        ([Identifier("1", "MR", ("Ward 3", "1.2.3"))], ["1"]),  # by its universal id
        ([Identifier("1"), Identifier("2", "", ("LAKE",))], ["2"]),
        ([Identifier("1")], ["1"]),
        ([Identifier("1", "MR", ("OTHER",))], ["OTHER:1"]),
        ([Identifier("1", "MR", ("LAKE",), is_former=True), Identifier("2", "MR", ("LAKE",))], ["2", "1"]),
        ([Identifier("1", "AN", ("LAKE",)), Identifier("2", "DL", ("OH",))], []),
        ([Identifier("123456789", "SS", ("LAKE",)), Identifier("2", "", ("USSSA",))], []),
    ],
)
def test_our_authority_is_ours_wherever_it_stands(identifiers: list[Identifier], expected: list[str]) -> None:
    found = record_numbers(identifiers, OWN)
    assert [f"{n.authority}:{n.value}".lstrip(":") for n in found] == expected


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        ([Identifier("1", "MR", ("A",)), Identifier("2", "MR", ("B",))], ["1", "2"]),
        ([Identifier("1", "", ("A",)), Identifier("2", "", ("B",))], ["1", "B:2"]),
        ([Identifier("1", "PI", ("A",)), Identifier("2", "MR", ("B",))], ["2", "A:1"]),
        ([Identifier("1"), Identifier("2")], ["1"]),
    ],
)
def test_without_a_list_of_our_authorities_what_is_called_mrn_is_ours_or_the_first(
    identifiers: list[Identifier], expected: list[str]
) -> None:
    found = record_numbers(identifiers, frozenset())
    assert [f"{n.authority}:{n.value}".lstrip(":") for n in found] == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        (Identifier("123456789", "SS"), True), (Identifier("123456789", "SSN"), True), (Identifier("1", "", ("USSSA",)), True),
        (Identifier("1", "", ("SSA",)), True), (Identifier("1", "", ("http://hl7.org/fhir/sid/us-ssn",)), True),
        (Identifier("1", "", ("urn:oid:2.16.840.1.113883.4.1",)), True), (Identifier("123-45-6789"), True),
        (Identifier("123-45-6789", "MR", ("LAKE",)), True), (Identifier("XXX-XX-6789"), True),
        (Identifier("123456789"), False), (Identifier("12-34-56"), False), (Identifier("1", "", ("MESSA",)), False),
    ],
)  # fmt: skip
def test_what_is_a_social_security_number(identifier: Identifier, expected: bool) -> None:
    assert is_social(identifier) is expected


def test_a_number_that_is_the_persons_social_security_number_is_no_mrn_and_no_member_id() -> None:
    listed = [Identifier("123456789", "MR", ("LAKE",)), Identifier("7", "MR", ("LAKE",))]
    assert record_numbers(listed, OWN, "123-45-6789") == (Number("7"),)
    assert every_number(listed, OWN, "123-45-6789") == (Number("7"),)
    for member in ("123456789", "123-45-6789"):
        assert without_social(PersonUpdate(numbers=(), member_id=member), "123456789").member_id == ""
    assert without_social(PersonUpdate(numbers=(), member_id="NWH123"), "123456789").member_id == "NWH123"


def test_every_number_of_a_merge_is_one_that_is_merged() -> None:
    listed = [Identifier("1"), Identifier("2", "", ("LAKE",)), Identifier("3", "MR", ("OTHER",)), Identifier("4", "AN")]
    assert every_number(listed, OWN) == (Number("1"), Number("2"), Number("3", "OTHER"))
    assert every_number(listed, frozenset()) == (Number("1"), Number("2"), Number("3"))


@pytest.mark.parametrize(
    ("text", "kept"), [("123-45-6789", "6789"), ("XXX-XX-6789", "6789"), ("6789", "6789"), ("78", ""), ("", "")]
)
def test_no_more_than_the_last_four_is_kept(text: str, kept: str) -> None:
    assert last_four(text) == kept


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("MRN", "MR"), ("Medical Record Number", "MR"), ("Hospital number", "MR"), ("Unit No", "MR"), ("SSN", "SS"),
        ("Social Security number", "SS"), ("Soc Sec No", "SS"), ("SS#", "SS"), ("Driver's License", "AN"), ("Visit number", "AN"), ("EPI", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_type_may_be_told_in_words_only(words: str, kind: str) -> None:
    assert kind_of_words(words) == kind
