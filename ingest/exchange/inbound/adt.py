"""HL7 v2 ADT messages: what they say about patients and visits.

Fields by position are those of HL7 v2.5.1 chapter 3; what a message leaves out changes nothing. How a message is parted
into fields stands in segments.py; here stands only what its fields mean to us.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from classify import normal
from classify.demographics import PersonName
from ingest.exchange.inbound import numbers
from ingest.exchange.inbound.account import Tell, Topic, say_nothing
from ingest.exchange.inbound.segments import Message, NotReadable, Segment, Value, read_form, split_messages
from storage.roster.messages import (
    Merge,
    Number,
    PersonUpdate,
    Registration,
    RosterMessage,
    Unmerge,
    VisitMove,
    VisitUpdate,
)

_LEAST_DIGITS_OF_A_PHONE = 7  # a local number of the North American numbering plan

REGISTER = {
    "A01": "admitted", "A02": "", "A03": "", "A04": "admitted", "A05": "", "A06": "", "A07": "", "A08": "", "A10": "",
    "A11": "cancelled", "A13": "discharge cancelled", "A14": "", "A28": "", "A31": "",
}  # fmt: skip
"""Events that register or change a patient or visit, and what happened to the visit."""

_MERGE = frozenset({"A18", "A34", "A40"})
_KNOWN_BUT_NOT_FOR_US = {
    "A09": "a patient on the way changes nothing on the patient list",
    "A15": "a pending transfer changes nothing on the patient list",
    "A16": "a pending discharge changes nothing on the patient list",
    "A25": "a cancelled pending discharge changes nothing on the patient list",
    "A26": "a cancelled pending transfer changes nothing on the patient list",
    "A27": "a cancelled pending admission changes nothing on the patient list",
    "A29": "it deletes a person, and nobody is deleted from this list; send a merge (A40) instead",
    "A41": "it merges accounts of one patient, and accounts are not kept apart from visits here",
    "A60": "allergies are not kept on the patient list",
}


class NotForUs(ValueError):
    """A message that is no use to the patient list, or no message; the sentence says why and holds no chart text."""


@dataclass(frozen=True, slots=True)
class AdtMessage:
    """What one message says, its control id, and what its characters were read as."""

    control_id: str
    event: str
    said: tuple[RosterMessage, ...]
    characters: str = ""
    left_out: tuple[str, ...] = ()


def read_messages(
    data: bytes, own: Sequence[str] = (), tell: Tell = say_nothing
) -> Iterator[tuple[str, RosterMessage | Exception]]:
    """Everything that the messages of a file say, each with the number and control id of its message."""
    messages, strange = split_messages(data)
    if not messages:
        yield "message 1", NotForUs("this is no HL7 message: it does not begin with MSH")
        return
    if strange:
        yield "start of the file", NotForUs("the lines before the first MSH are no message")
    characters, left_out, events = Counter[str](), Counter[str](), Counter[str]()
    for number, text in enumerate(messages, start=1):
        where = f"message {number}"
        try:
            message = read_message(text, own)
        except NotForUs as problem:
            yield where, problem
            continue
        characters[message.characters] += 1
        events[message.event] += 1
        left_out.update(message.left_out)
        for said in message.said:
            yield f"{where} ({message.event}, {message.control_id or 'no control id'})", said
    tell(Topic.READ_AS, f"HL7 v2 messages: {len(messages)} ({_counted(events) or 'none of them for the patient list'})")
    if characters:
        tell(Topic.CHARACTERS, _counted(characters))
    for what, count in left_out.items():
        tell(Topic.LEFT_OUT, f"{what} ({count})")


def read_message(data: bytes, own: Sequence[str] = ()) -> AdtMessage:
    """One message; NotForUs says why it is refused. `own` are the assigning authorities whose numbers are ours."""
    try:
        message = read_form(data)
    except NotReadable as problem:
        raise NotForUs(str(problem)) from problem
    kind = message.first("MSH", 9)
    event = kind.part(2) or message.first("EVN", 1).part(1)
    if kind.part(1) != "ADT":
        what = kind.part(1) if re.fullmatch(r"[A-Z]{3}", kind.part(1)) else "message of another kind"
        raise NotForUs(f"it is a {what}, not an ADT message")
    if not re.fullmatch(r"[A-Z]\d\d", event):
        event = ""
    if event in _KNOWN_BUT_NOT_FOR_US:
        raise NotForUs(f"{event}: {_KNOWN_BUT_NOT_FOR_US[event]}")
    control = _shown(message.first("MSH", 10).text)
    said = tuple(_said(message, event, f"{event} {control}".strip(), numbers.own_authorities(own)))
    return AdtMessage(control, event, said, message.characters, tuple(_left_out(message)))


def _said(message: Message, event: str, source: str, own: frozenset[str]) -> Iterator[RosterMessage]:  # noqa: C901 - one event a branch
    at = _time(message.first("EVN", 2).text) or _time(message.first("MSH", 7).text)
    groups = list(_groups(message))
    if not groups:
        raise NotForUs(f"{event}: it has no PID segment")
    if event in REGISTER:
        for group in groups:
            yield Registration(_person(group, at, own), _visit(group, REGISTER[event]))
    elif event in _MERGE or event == "A47":
        for group in groups:
            losers = _merged_numbers(group, own)
            if not losers:
                raise NotForUs(f"{event}: it names no number that is merged (MRG-1)")
            yield Merge(_person(group, at, own), losers, source, is_renaming=event == "A47")
    elif event == "A45":
        for group in groups:
            visits = tuple(dict.fromkeys(value.part(1) for value in group.all("MRG", 5) if value.part(1)))
            accounts = tuple(dict.fromkeys(value.part(1) for value in group.all("MRG", 3) if value.part(1)))
            yield VisitMove(_person(group, at, own), visits, accounts, _merged_numbers(group, own))
    elif event == "A37":
        if len(groups) < 2:  # noqa: PLR2004 - two patients, as the sentence says
            raise NotForUs("A37: it names one patient, and unlinking takes two")
        one, other = (_record_numbers(group, own)[:1] for group in groups[:2])
        if not one or not other:
            raise NotForUs("A37: a patient without an MRN (PID-3)")
        yield Unmerge(one[0], other[0], source)
    else:
        raise NotForUs(f"{event or 'no event'}: this event is not known here")


def _left_out(message: Message) -> Iterator[str]:
    """What of a message that was taken over was not read as it stands."""
    for group in _groups(message):
        for number, what in ((7, "birthdays"), (29, "days of death")):
            text = group.first("PID", number).part(1)
            if text and not re.match(r"(?:19|20|18)\d\d", text):
                yield f"{what} that are no HL7 date"
    if message.joined:
        yield "line feeds inside a field, read as spaces"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))


def _shown(control: str) -> str:
    """A control id as it is shown: it is the sender's count, and what cannot be one is not repeated."""
    return control if re.fullmatch(r"[\w.:-]{1,60}", control, re.ASCII) else ""


# ---- segments


@dataclass(frozen=True, slots=True)
class _Group:
    """A PID segment and those that belong to it, up to the next PID."""

    message: Message
    segments: tuple[Segment, ...]

    def all(self, name: str, number: int) -> list[Value]:
        """Every repetition of a field, of every such segment."""
        return self.message.values(self.segments, name, number)

    def first(self, name: str, number: int) -> Value:
        """The first repetition of a field, empty when there is none."""
        return next(iter(self.all(name, number)), self.message.value())


def _groups(message: Message) -> Iterator[_Group]:
    begun: list[Segment] = []
    for segment in message.segments:
        if segment.name == "PID":
            if begun:
                yield _Group(message, tuple(begun))
            begun = [segment]
        elif begun:
            begun.append(segment)
    if begun:
        yield _Group(message, tuple(begun))


# ---- what fields mean


def _identifiers(values: Sequence[Value]) -> list[numbers.Identifier]:
    """Numbers (CX): the number, its type (CX-5), and who assigned it by name or universal id (CX-4)."""
    return [
        numbers.Identifier(
            value.part(1),
            numbers.MRN if value.part(5) == "MRN" else value.part(5),
            tuple(part for part in value.subparts(4)[:2] if part),
        )
        for value in values
        if value.part(1) and not _is_social(value)
    ]


def _is_social(value: Value) -> bool:
    """Whether a number is a Social Security number by its type, who assigned it (CX-4, 6, 9, 10), or its shape."""
    assigned = tuple(part for number in (4, 6, 9, 10) for part in value.subparts(number) if part)
    return numbers.is_social(numbers.Identifier(value.part(1), value.part(5), assigned))


def _social(group: _Group) -> str:
    named = group.first("PID", 19).part(1)
    return named or next((value.part(1) for value in group.all("PID", 3) if _is_social(value)), "")


def _record_numbers(group: _Group, own: frozenset[str]) -> tuple[Number, ...]:
    social = _social(group)
    return next(
        (
            found
            for field in (3, 2)
            if (found := numbers.record_numbers(_identifiers(group.all("PID", field)), own, social))
        ),
        (),
    )


def _merged_numbers(group: _Group, own: frozenset[str]) -> tuple[Number, ...]:
    """Every number of every MRG segment: each repetition of MRG-1 is one that is merged (chapter 3.4.10)."""
    return numbers.every_number(_identifiers(group.all("MRG", 1)), own, _social(group))


def _person(group: _Group, at: str, own: frozenset[str]) -> PersonUpdate:
    found = _record_numbers(group, own)
    social = _social(group)
    if not found and social:
        raise NotForUs("no MRN: its only number is a Social Security number, and that is never an MRN")
    names = group.all("PID", 5)
    legal = next((n for n in names if n.part(7) in ("L", "D", "")), names[0] if names else group.message.value())
    others = [n for n in (*names, *group.all("PID", 9)) if n is not legal and n.part(1)]
    address = group.first("PID", 11)
    said = PersonUpdate(
        numbers=found,
        family=legal.part(1),
        given=legal.part(2),
        middle=legal.part(3),
        suffix=legal.part(4),
        birth_date=_day(group.first("PID", 7).text),
        died=_day(group.first("PID", 29).text),
        sex=normal.parse_sex(group.first("PID", 8).part(1)) or "",
        address=address.part(1),
        city=address.part(3),
        region=address.part(4),
        postcode=address.part(5),
        phone=_phone(group.all("PID", 13)),
        ssn4=numbers.last_four(social),
        member_id=group.first("IN1", 36).part(1),
        names=tuple(PersonName(n.part(1), n.part(2), _NAME_KINDS.get(n.part(7), "alias")) for n in others),
        at=at,
        may_correct=True,
    )
    return numbers.without_social(said, social)


_NAME_KINDS = {"M": "maiden", "B": "birth", "A": "alias", "N": "nickname", "L": "former"}


def _visit(group: _Group, event: str) -> VisitUpdate | None:
    account = group.first("PID", 18).part(1)
    number = group.first("PV1", 19).part(1) or (account if group.all("PV1", 2) else "")
    if not number:
        return None
    doctor = group.first("PV1", 7)
    return VisitUpdate(
        number=number,
        account=account,
        kind=group.first("PV1", 2).part(1),
        admitted=_day(group.first("PV1", 44).text),
        discharged=_day(group.first("PV1", 45).text),
        attending=" ".join(part for part in (doctor.part(3), doctor.part(2)) if part),
        service=group.first("PV1", 10).part(1),
        disposition=group.first("PV1", 36).part(1),
        event=event,
    )


def _phone(repetitions: Sequence[Value]) -> str:
    """The first telephone number: as written (XTN-1), by area code and number (XTN-6, 7), or unformatted (XTN-12)."""
    for repetition in repetitions:
        for text in (repetition.part(1), repetition.part(6) + repetition.part(7), repetition.part(12)):
            if sum(c.isdigit() for c in text) >= _LEAST_DIGITS_OF_A_PHONE:
                return text
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:8]) if re.match(r"\d{8}", text) else None
    except ValueError:
        return None


def _time(text: str) -> str:
    """A time stamp as ISO in UTC, to be compared; empty when there is none."""
    found = re.match(r"(\d{8})(\d{2})?(\d{2})?(\d{2})?(?:\.\d+)?([+-]\d{4})?", text)
    if found is None:
        return ""
    day, hour, minute, second, zone = found.groups()
    try:
        stamp = datetime.strptime(
            f"{day}{hour or '00'}{minute or '00'}{second or '00'}{zone or '+0000'}", "%Y%m%d%H%M%S%z"
        )
    except ValueError:
        return ""
    return stamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
