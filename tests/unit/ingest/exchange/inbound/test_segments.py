"""Fields of HL7 messages: components, subcomponents, repetitions, and what is not there."""

import pytest

from ingest.exchange.inbound.segments import Message, Segment, read_form

HEAD = "MSH|^~\\&|REG|LAKE|CHART|LAKE|20210512140000||ADT^A04|M1|P|2.5.1"


def form(*lines: str) -> Message:
    return read_form("\r".join((HEAD, *lines)).encode())


@pytest.mark.parametrize(
    ("field", "number", "parts"),
    [
        ("Moss^Ivy", 1, ("Moss",)),
        ("Moss^Ivy", 2, ("Ivy",)),
        ("Moss^Ivy", 3, ()),
        ("Moss&Van&Der^Ivy", 1, ("Moss", "Van", "Der")),
        ("Moss^&Ivy", 2, ("", "Ivy")),
        ('""^Ivy', 1, ("",)),  # said to be nothing
        ('Moss^""&x', 2, ("", "x")),
        (" Moss ^ Ivy ", 1, ("Moss",)),
        (r"O\S\Moss\T\Co^Ivy", 1, ("O^Moss&Co",)),  # an escaped separator parts nothing
        ("", 1, ("",)),
    ],
)
def test_a_value_is_parted_into_components_and_subcomponents(field: str, number: int, parts: tuple[str, ...]) -> None:
    value = form(f"PID|1||7||{field}").first("PID", 5)
    assert value.subparts(number) == parts
    assert value.part(number) == (parts[0] if parts else "")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("7^^^A~8^^^B", ["7", "8"]),
        ('7~""~~8', ["7", "8"]),
        ("", []),
        ('""', []),
        (r"7\R\8", ["7~8"]),
    ],
)
def test_repetitions_that_say_nothing_are_left_out(field: str, values: list[str]) -> None:
    message = form(f"PID|1||{field}||Moss^Ivy")
    assert [value.part(1) for value in message.values(message.segments, "PID", 3)] == values


def test_values_are_those_of_every_segment_of_the_name_and_the_first_is_that_of_the_first() -> None:
    message = form("PID|1||7", "NK1|1|Ash", "NK1|2|Elm~Oak")
    assert [value.part(1) for value in message.values(message.segments, "NK1", 2)] == ["Ash", "Elm", "Oak"]
    assert message.first("NK1", 2).part(1) == "Ash"
    assert message.first("ZZZ", 2).text == ""
    assert message.values(message.segments, "ZZZ", 2) == []


@pytest.mark.parametrize(
    ("segment", "number", "text"),
    [
        (Segment("MSH", ("MSH", "^~\\&", "REG")), 2, "^~\\&"),
        (Segment("MSH", ("MSH", "^~\\&", "REG")), 3, "REG"),
        (Segment("PID", ("PID", "1", "x")), 1, "1"),
        (Segment("PID", ("PID", "1", "x")), 2, "x"),
        (Segment("PID", ("PID", "1", "x")), 3, ""),
        (Segment("PID", ("PID",)), 40, ""),
    ],
)
def test_fields_are_counted_as_the_standard_counts_them(segment: Segment, number: int, text: str) -> None:
    """MSH-1 is the separator itself, so that MSH-2 is the second and not the first after the name."""
    assert segment.field(number) == text
