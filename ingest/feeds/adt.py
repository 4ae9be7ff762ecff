"""HL7 v2 ADT messages: what they say about patients and visits.

Fields by position are those of HL7 v2.5.1 chapter 3; what a message leaves out changes nothing. The library parses the
message; here stands only what its fields mean to us.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import hl7

from classify import normal
from classify.guess import PersonName
from storage.roster.said import Merge, Number, PersonSaid, Registration, Said, Unmerge, VisitMove, VisitSaid

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


logging.getLogger("hl7").disabled = True  # it logs what it cannot read, and that is somebody's name


class NotForUs(ValueError):
    """A message that is no use to the patient list, or no message; the sentence says why and holds no chart text."""


@dataclass(frozen=True, slots=True)
class AdtMessage:
    """What one message says, and its control id."""

    control_id: str
    event: str
    said: tuple[Said, ...]


def read_messages(data: bytes, own: Sequence[str] = ()) -> Iterator[tuple[str, Said | Exception]]:
    """Everything that the messages of a file say, each with the number and control id of its message."""
    texts = split_messages(data)
    if not texts:
        yield "message 1", NotForUs("this is no HL7 message: it does not begin with MSH")
    for number, text in enumerate(texts, start=1):
        where = f"message {number}"
        try:
            message = read_message(text, own)
        except NotForUs as problem:
            yield where, problem
            continue
        for said in message.said:
            yield f"{where} ({message.event}, {message.control_id or 'no control id'})", said


def split_messages(data: bytes) -> list[str]:
    """The messages of a file, batch or MLLP capture, one string each with CR between segments."""
    text = _decoded(data).replace("\r\n", "\r").replace("\n", "\r").replace("\x0b", "\r").replace("\x1c", "\r")
    parts = re.split(r"(?:^|\r)\s*(?=MSH\W)", text)
    return [kept for part in parts if (kept := part.strip("\r \t\ufeff")).startswith("MSH")]


def read_message(text: str, own: Sequence[str] = ()) -> AdtMessage:
    """One message; NotForUs says why it is refused. `own` are the assigning authorities whose numbers are ours."""
    try:
        message = hl7.parse(text if text.endswith("\r") else text + "\r")
        kind = _Field(message, "MSH", 9)
    except (hl7.HL7Exception, AssertionError, IndexError, KeyError, ValueError) as error:
        raise NotForUs("this is no HL7 message that can be read") from error
    event = kind.part(2) or _Field(message, "EVN", 1).part(1)
    control = _Field(message, "MSH", 10).text
    if kind.part(1) != "ADT":
        what = kind.part(1) if re.fullmatch(r"[A-Z]{3}", kind.part(1)) else "message of another kind"
        raise NotForUs(f"it is a {what}, not an ADT message")
    if not re.fullmatch(r"[A-Z]\d\d", event):
        event = ""
    if event in _KNOWN_BUT_NOT_FOR_US:
        raise NotForUs(f"{event}: {_KNOWN_BUT_NOT_FOR_US[event]}")
    source = f"{event} {control}".strip()
    try:
        said = tuple(_said(message, event, source, frozenset(own)))
    except (hl7.HL7Exception, IndexError) as error:
        raise NotForUs(f"{event}: a segment is broken") from error
    return AdtMessage(control, event, said)


def _said(message: hl7.Message, event: str, source: str, own: frozenset[str]) -> Iterator[Said]:
    at = _time(_Field(message, "EVN", 2).text) or _time(_Field(message, "MSH", 7).text)
    groups = list(_groups(message))
    if not groups:
        raise NotForUs(f"{event}: it has no PID segment")
    if event in REGISTER:
        for group in groups:
            yield Registration(_person(group, at, own), _visit(group, REGISTER[event]))
    elif event in _MERGE or event == "A47":
        for group in groups:
            losers = _mrns(group.all("MRG", 1), own)
            if not losers:
                raise NotForUs(f"{event}: it names no number that is merged (MRG-1)")
            yield Merge(_person(group, at, own), tuple(losers), source, is_renaming=event == "A47")
    elif event == "A45":
        for group in groups:
            visits = tuple(dict.fromkeys(field.part(1) for field in group.all("MRG", 5) if field.part(1)))
            accounts = tuple(dict.fromkeys(field.part(1) for field in group.all("MRG", 3) if field.part(1)))
            before = tuple(_mrns(group.all("MRG", 1), own))
            yield VisitMove(_person(group, at, own), visits, accounts, before)
    elif event == "A37":
        if len(groups) < 2:
            raise NotForUs("A37: it names one patient, and unlinking takes two")
        one, other = (_mrns(group.all("PID", 3), own)[:1] for group in groups[:2])
        if not one or not other:
            raise NotForUs("A37: a patient without an MRN (PID-3)")
        yield Unmerge(one[0], other[0], source)
    else:
        raise NotForUs(f"{event or 'no event'}: this event is not known here")


# ---- segments


class _Group:
    """A PID segment and those that belong to it, up to the next PID."""

    def __init__(self, message: hl7.Message, segments: Sequence[hl7.Segment]) -> None:
        self._message, self._segments = message, segments

    def all(self, name: str, number: int) -> list["_Repetition"]:
        """Every repetition of a field, of every such segment."""
        found = []
        for segment in self._segments:
            if str(segment[0]) == name and len(segment) > number:
                found += [_Repetition(self._message, text) for text in str(segment[number]).split("~")]
        return [repetition for repetition in found if repetition.text not in ("", '""')]

    def first(self, name: str, number: int) -> "_Repetition":
        """The first repetition of a field, empty when there is none."""
        return next(iter(self.all(name, number)), _Repetition(self._message, ""))


class _Repetition:
    """One value of a field: its components and their first subcomponents, unescaped."""

    def __init__(self, message: hl7.Message, text: str) -> None:
        self._message, self.text = message, text.strip()

    def part(self, number: int) -> str:
        """Component `number`, its first subcomponent; empty when it is not there."""
        parts = self.text.split("^")
        text = parts[number - 1].split("&")[0].strip() if number <= len(parts) else ""
        return "" if text == '""' else str(self._message.unescape(text)) if "\\" in text else text


class _Field(_Repetition):
    """The first value of a field of the first such segment."""

    def __init__(self, message: hl7.Message, name: str, number: int) -> None:
        segments = [segment for segment in message if str(segment[0]) == name]
        text = str(segments[0][number]) if segments and len(segments[0]) > number else ""
        super().__init__(message, text.split("~")[0])


def _groups(message: hl7.Message) -> Iterator[_Group]:
    begun: list[hl7.Segment] = []
    for segment in message:
        if str(segment[0]) == "PID":
            if begun:
                yield _Group(message, begun)
            begun = [segment]
        elif begun:
            begun.append(segment)
    if begun:
        yield _Group(message, begun)


# ---- what fields mean


_NOT_MRNS = frozenset("SS AN VN DL PPN MC MA MB NI XX BC PN NPI MCR MCD SSN".split())
"""Types of a number (HL7 table 0203) that are none of a medical record."""


def _mrns(repetitions: Sequence[_Repetition], own: frozenset[str]) -> list[Number]:
    """Medical record numbers, those called so first; a number with no type is taken for one."""
    called = [r for r in repetitions if r.part(1) and r.part(5) in ("MR", "MRN")]
    others = [r for r in repetitions if r.part(1) and r.part(5) not in ("MR", "MRN") and not _is_no_mrn(r)]
    found = [Number(r.part(1), _authority(r.part(4), own)) for r in (called or others[:1])]
    return list(dict.fromkeys(found))


def _is_no_mrn(repetition: _Repetition) -> bool:
    return repetition.part(5) in _NOT_MRNS or "SSA" in repetition.text.split("^", 3)[-1]


def _authority(said: str, own: frozenset[str]) -> str:
    """Empty for ours; without a list of our own authorities every number is ours."""
    return "" if not own or said in own or not said else said


def _person(group: _Group, at: str, own: frozenset[str]) -> PersonSaid:
    numbers = _mrns(group.all("PID", 3), own) or _mrns(group.all("PID", 2), own)
    names = group.all("PID", 5)
    legal = next(
        (n for n in names if n.part(7) in ("L", "D", "")), names[0] if names else _Repetition(group._message, "")
    )
    others = [n for n in (*names, *group.all("PID", 9)) if n is not legal and n.part(1)]
    address = group.first("PID", 11)
    social = group.first("PID", 19).part(1) or next(
        (r.part(1) for r in group.all("PID", 3) if r.part(5) in ("SS", "SSN") or _is_social(r)), ""
    )
    digits = re.sub(r"\D", "", social)
    return PersonSaid(
        numbers=tuple(numbers),
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
        ssn4=digits[-4:] if len(digits) >= 4 else "",
        member_id=group.first("IN1", 36).part(1),
        names=tuple(PersonName(n.part(1), n.part(2), _NAME_KINDS.get(n.part(7), "alias")) for n in others),
        at=at,
        may_correct=True,
    )


_NAME_KINDS = {"M": "maiden", "B": "birth", "A": "alias", "N": "nickname", "L": "former"}


def _is_social(repetition: _Repetition) -> bool:
    return "USSSA" in repetition.text and bool(re.fullmatch(r"\d{9}", repetition.part(1)))


def _visit(group: _Group, event: str) -> VisitSaid | None:
    account = group.first("PID", 18).part(1)
    number = group.first("PV1", 19).part(1) or (account if group.all("PV1", 2) else "")
    if not number:
        return None
    doctor = group.first("PV1", 7)
    return VisitSaid(
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


def _phone(repetitions: Sequence[_Repetition]) -> str:
    """The first telephone number: as written (XTN-1), by area code and number (XTN-6, 7), or unformatted (XTN-12)."""
    for repetition in repetitions:
        for text in (repetition.part(1), repetition.part(6) + repetition.part(7), repetition.part(12)):
            if sum(c.isdigit() for c in text) >= 7:
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


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
