"""The form of HL7 v2 messages: separators, characters, lines and escapes as senders really write them."""

import pytest

from ingest.exchange.inbound import segments

HEAD = "MSH|^~\\&|REG|LAKE|CHART|LAKE|20210512140000||ADT^A04|M1|P|2.5.1"
PID = "PID|1||00700105^^^LAKE^MR||{name}||19600101|F"


def form(*lines: str, named: str = "", codec: str = "utf-8", end: str = "\r") -> segments.Message:
    """A message of these segments whose MSH-18 names a character set."""
    head = f"{HEAD}||||||{named}" if named else HEAD
    return segments.read_form(end.join((head, *lines)).encode(codec))


@pytest.mark.parametrize(
    ("named", "codec", "name"),
    [
        ("", "utf-8", "Dvořák^Łukasz"),
        ("", "cp1252", "Muñoz^José"),
        ("ASCII", "ascii", "Moss^Ivy"),
        ("ASCII", "utf-8", "Muñoz^José"),  # nobody looked at MSH-18
        ("ASCII", "cp1252", "Muñoz^José"),
        ("UNICODE UTF-8", "utf-8", "Dvořák^Łukasz"),
        ("UTF-8", "utf-8", "Dvořák^Łukasz"),
        ("8859/1", "latin-1", "Muñoz^José"),
        ("8859/1", "cp1252", "D’Souza^Ida"),  # a Windows apostrophe under a Latin-1 name
        ("8859/2", "iso8859-2", "Dvořák^Łukasz"),
        ("ISO-8859-5", "iso8859-5", "Иванова^Анна"),
        ("8859/7", "iso8859-7", "Ελένη^Μαρία"),
        ("8859/9", "iso8859-9", "Çelik^Işıl"),
        ("8859/15", "iso8859-15", "Œuvrard^Zoë"),
        ("WINDOWS-1250", "cp1250", "Dvořák^Łukasz"),
        ("cp1251", "cp1251", "Иванова^Анна"),
        ("GB 18030-2000", "gb18030", "王^小明"),
        ("8859/2~UNICODE UTF-8", "iso8859-2", "Dvořák^Łukasz"),  # the first repetition is the one in use
    ],
)
def test_letters_are_read_by_the_message_s_own_character_set(named: str, codec: str, name: str) -> None:
    message = form(PID.format(name=name), named=named, codec=codec)
    family, given = name.split("^")
    value = message.first("PID", 5)
    assert (value.part(1), value.part(2)) == (family, given)


@pytest.mark.parametrize(
    ("named", "codec"),
    [
        ("UNICODE UTF-8", "cp1252"),
        ("", "mac-roman"),
        ("8859/99", "latin-1"),
        ("KLINGON", "utf-8"),
        ("8859/12", "latin-1"),
    ],
)
def test_letters_that_cannot_be_told_are_refused_and_never_guessed(named: str, codec: str) -> None:
    with pytest.raises(segments.NotReadable, match=r"character set|right set"):
        form(PID.format(name="Muñoz^Joséçé"), named=named, codec=codec)


def test_an_unknown_character_set_matters_only_where_letters_need_one() -> None:
    assert form(PID.format(name="Moss^Ivy"), named="KLINGON").first("PID", 5).part(1) == "Moss"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_messages_exported_as_utf_16_are_messages(codec: str) -> None:
    (data,), strange = segments.split_messages(f"{HEAD}\r{PID.format(name='Muñoz^José')}\r".encode(codec))
    assert strange == 0
    assert segments.read_form(data).first("PID", 5).part(2) == "José"


@pytest.mark.parametrize("marks", ["|^~\\&", "|:~\\&", "#*+!%", "^~|\\&", "|^~\\&#", "$@!?;"])
def test_each_message_is_parted_by_its_own_separators(marks: str) -> None:
    field, component, repetition, _, sub, *_ = list(marks)
    name = component.join(("Okafor", "Ada"))
    number = component.join(("1", "", "", sub.join(("LAKE", "1.2.3", "ISO")), "MR"))
    text = f"MSH{marks}{field}REG\rPID{field}1{field}{field}{number}{repetition}2{field}{field}{name}\r"
    message = segments.read_form(text.encode())
    assert message.first("PID", 5).part(2) == "Ada"
    assert message.first("PID", 3).subparts(4) == ("LAKE", "1.2.3", "ISO")
    assert [v.part(1) for v in message.values(message.segments, "PID", 3)] == ["1", "2"]
    assert message.first("MSH", 3).text == "REG"


@pytest.mark.parametrize(("head", "taken"), [("MSH|", "|^~\\&"), ("MSH|^|REG", "|^~\\&"), ("MSH|^~|REG", "|^~\\&")])
def test_separators_that_are_left_out_are_the_usual_ones(head: str, taken: str) -> None:
    marks = segments.separators_of(head)
    assert (marks.field, marks.component, marks.repetition, marks.escape, marks.subcomponent) == tuple(taken)


@pytest.mark.parametrize("head", ["MSH", "PID|1", "MSH|^^~&|", "MSH|AB\\&|", "MSH|^ \\&|", "MSHX^~\\&X"])
def test_separators_that_part_nothing_are_refused(head: str) -> None:
    with pytest.raises(segments.NotReadable):
        segments.separators_of(head)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("inside", ["\n", "\r\n", "\n\n", "\r"])
def test_a_line_feed_inside_a_field_breaks_no_segment(end: str, inside: str) -> None:
    address = f"PID|1||7||Lindgren^Astrid||19560606|F|||17 Birch Rd{inside}Apt 4^^Dover^OH^44622||3305550199"
    message = form(address, "PV1|1|O", end=end)
    value = message.first("PID", 11)
    assert (value.part(1), value.part(3)) == ("17 Birch Rd Apt 4", "Dover")
    assert [s.name for s in message.segments] == ["MSH", "PID", "PV1"]
    assert message.joined == 1


@pytest.mark.parametrize(
    ("line", "is_segment"),
    [
        ("PV1|1|O", True), ("ZPI|x", True), ("PV2", True), ("BTS|3", True), ("BTS", True), ("  PV1|1", True),
        ("APT", False), ("Apt 4|x", False), ("RR 2", False), ("P.O. BOX|7", False), ("PV1^1", False), ("7 Elm|x", False),
    ],
)  # fmt: skip
def test_what_begins_a_segment(line: str, is_segment: bool) -> None:
    assert (form("PID|1||7||Moss^Ivy|||||||5 Oak", line).joined == 0) is is_segment


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"O\T\Hara", "O&Hara"), (r"A\F\B\S\C\R\D\E\E", "A|B^C~D\\E"), (r"Mu\XF1\oz", "Muñoz"), (r"Mu\XC3B1\oz", "Muñoz"),
        (r"5 Oak\.br\Apt 4", "5 Oak Apt 4"), (r"5 Oak\.sp2\Apt", "5 Oak Apt"), (r"\H\Moss\N\ ", "Moss"), (r"\.in+4\Moss", "Moss"),
        (r"C:\temp", r"C:\temp"), ("Moss\\", "Moss\\"), (r"a\b\F\c", r"a\b|c"), (r"\Z12\Moss", "Moss"), (r"\C2842\Moss", "Moss"),
        (r"\\Moss", r"\\Moss"), (r"\XZZ\Moss", r"\XZZ\Moss"),
    ],
)  # fmt: skip
def test_escapes_are_what_they_stand_for_and_others_stay(written: str, meant: str) -> None:
    codec = "cp1252" if "F1" in written else "utf-8"
    marks = segments.separators_of("MSH|^~\\&|")
    assert segments.unescape(written, marks, codec).strip() == meant


def test_messages_of_a_batch_and_lines_that_are_none() -> None:
    one = f"{HEAD}\rPID|1||7\r"
    data = f"\ufeffFHS|^~\\&\rBHS|^~\\&\r\x0b{one}\x1c\r{one}BTS|2\rFTS|1\r".encode()
    messages, strange = segments.split_messages(data)
    assert (len(messages), strange) == (2, 0)
    assert segments.split_messages(b"hello\nthere\n" + one.encode())[1] == 2
    assert segments.split_messages(b"hello") == ([], 1)
