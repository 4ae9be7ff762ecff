"""The form of an HL7 v2 message: its characters, its separators, its segments and fields. What they mean stands in adt.py.

HL7 v2.5.1 chapter 2: each message names its own separators (MSH-1, MSH-2) and its own character set (MSH-18).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BEGIN, END = b"\x0b", b"\x1c"
"""What MLLP puts around a message (HL7 MLLP release 1)."""

_MESSAGE = re.compile(rb"(?:\A|(?<=[\r\n]))[ \t]*(?=MSH[^A-Za-z0-9\s])")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_BARE = frozenset("PV1 PV2 PD1 NK1 OBX AL1 DG1 PR1 GT1 IN1 IN2 IN3 UB1 UB2 MRG BTS FTS".split())
"""Segments that senders write without any field; other lone words of three letters are text."""

_AROUND = frozenset({"FHS", "BHS", "BTS", "FTS"})
_USUAL = "^~\\&"


class NotReadable(ValueError):
    """Bytes that are no message, or whose characters cannot be told; the sentence holds no chart text."""


@dataclass(frozen=True, slots=True)
class Separators:
    """The five characters that part a message (MSH-1 and MSH-2); one that is not given is empty."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True)
class Value:
    """One repetition of a field."""

    text: str
    marks: Separators
    codec: str = "utf-8"

    def part(self, number: int) -> str:
        """Component `number`, its first subcomponent, unescaped; empty when it is not there or says nothing ("")."""
        return next(iter(self.subparts(number)), "")

    def subparts(self, number: int) -> tuple[str, ...]:
        """All subcomponents of component `number`, unescaped, those that say nothing as empty."""
        parts = _split(self.text, self.marks.component)
        if number > len(parts):
            return ()
        return tuple(self._plain(text) for text in _split(parts[number - 1], self.marks.subcomponent))

    def _plain(self, text: str) -> str:
        text = text.strip()
        return "" if text == '""' else unescape(text, self.marks, self.codec).strip()


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its name, and its fields as they stand."""

    name: str
    fields: tuple[str, ...]

    def field(self, number: int) -> str:
        """Field `number` as it stands; empty when it is not there. MSH-1 is the separator itself."""
        place = number - (self.name == "MSH")
        return self.fields[place] if 0 <= place < len(self.fields) else ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in its parts; `characters` says in words what its bytes were read as."""

    marks: Separators
    segments: tuple[Segment, ...]
    codec: str
    characters: str
    joined: int = 0  # line feeds inside fields

    def first(self, name: str, number: int) -> Value:
        """The first repetition of a field of the first such segment, empty when there is none."""
        text = next((s.field(number) for s in self.segments if s.name == name), "")
        return self._values(text)[0]

    def values(self, segments: Sequence[Segment], name: str, number: int) -> list[Value]:
        """Every repetition that says something, of a field of every such segment among these."""
        found = [v for s in segments if s.name == name for v in self._values(s.field(number))]
        return [value for value in found if value.text not in ("", '""')]

    def value(self, text: str = "") -> Value:
        """A value with the separators of this message."""
        return Value(text.strip(), self.marks, self.codec)

    def _values(self, text: str) -> list[Value]:
        return [self.value(part) for part in _split(text, self.marks.repetition)]


def split_messages(data: bytes) -> tuple[list[bytes], int]:
    """The messages of a file, a batch or an MLLP capture, and how many lines before the first are none."""
    data = _narrow(data).replace(BEGIN, b"\r").replace(END, b"\r").removeprefix(b"\xef\xbb\xbf")
    data = data.replace(b"\r\xef\xbb\xbf", b"\r").replace(b"\n\xef\xbb\xbf", b"\n")
    before, *messages = _MESSAGE.split(data)
    strange = [
        line for line in re.split(rb"[\r\n]+", before) if line.strip() and line.strip()[:3] not in (b"FHS", b"BHS")
    ]
    return [message.strip(b"\r\n \t\0") for message in messages], len(strange)


def read_form(data: bytes) -> Message:
    """One message in its parts; NotReadable says what is wrong."""
    head = re.split(rb"[\r\n]", data, maxsplit=1)[0].decode("latin-1")
    marks = separators_of(head)
    named = Segment("MSH", tuple(head.split(marks.field))).field(18)
    text, codec, characters = decode(data, (_split(named, marks.repetition) or [""])[0].strip())
    segments, joined = _segments(text, marks)
    return Message(marks, segments, codec, characters, joined)


def separators_of(head: str) -> Separators:
    """The separators that a first segment names; what MSH-2 leaves out is as usual (^~\\&)."""
    if not head.startswith("MSH") or len(head) < 4:  # noqa: PLR2004 - MSH and the field separator
        raise NotReadable("this is no HL7 message: it does not begin with MSH")
    field, given = head[3], head[4:].split(head[3], 1)[0][:4]
    taken = [field, *given]
    for usual in _USUAL[len(given) :]:
        taken.append("" if usual in taken else usual)
    used = [mark for mark in taken if mark]
    if len(set(used)) != len(used) or any(mark.isalnum() or mark.isspace() for mark in used):
        raise NotReadable(
            "its separators (MSH-1 and MSH-2) are not five different signs; ask the sender to correct them"
        )
    return Separators(field, *taken[1:5])


# ---- characters


_ISO_8859 = re.compile(r"(?:ISO)?8859/?(\d{1,2})")
_WINDOWS = re.compile(r"(?:MS|WINDOWS|WIN|CP|CODEPAGE|IBM)?(125[0-8]|874|437|850|852|866|932|936|949|950)")
_CODECS = {
    "UNICODEUTF8": "utf-8",
    "UTF8": "utf-8",
    "LATIN1": "iso8859-1",
    "ISOLATIN1": "iso8859-1",
    "ANSI": "cp1252",
    "GB18030": "gb18030",
    "GB180302000": "gb18030",
    "BIG5": "big5",
    "KSX1001": "euc_kr",
    "SHIFTJIS": "cp932",
    "ISOIR6": "",
    "ISOIR14": "iso2022_jp",
    "ISOIR87": "iso2022_jp",
    "ISOIR159": "iso2022_jp_1",
}
_NOTHING_SAID = frozenset(
    {"", "ASCII", "USASCII", "ISOIR6", "UNICODE", "UNICODEUTF16", "UTF16", "UNICODEUTF32", "UTF32"}
)
"""Nothing, or a name that says nothing of bytes above 127: ASCII is what senders write who never looked. (UTF-16 was
turned before, if it was UTF-16.)"""


def codec_of(named: str) -> str | None:
    """Python's codec for a character set of HL7 table 0211 or a Windows code page; "" says nothing; None is unknown."""
    compact = re.sub(r"[^A-Z0-9/]", "", named.upper())
    if compact in _NOTHING_SAID:
        return ""
    if match := _ISO_8859.fullmatch(compact):
        return f"iso8859-{match[1]}" if match[1] in {str(n) for n in range(1, 17)} - {"12"} else None
    if match := _WINDOWS.fullmatch(compact):
        return f"cp{match[1]}"
    return _CODECS.get(compact.replace("/", ""))


def decode(data: bytes, named: str) -> tuple[str, str, str]:
    """The text of a message, its codec, and what it was read as; NotReadable when the named set is not what it is in.

    Nothing said: UTF-8 if it is, else Windows-1252. ISO 8859-1 with signs that only Windows has is Windows-1252 (WHATWG
    Encoding Standard).
    """
    codec = codec_of(named)
    if codec is None:
        if not data.isascii():
            raise NotReadable(
                "its character set (MSH-18) is none that is known here; ask the sender for UNICODE UTF-8 or 8859/1"
            )
        codec = ""
    if codec == "iso8859-1" and re.search(rb"[\x80-\x9f]", data):
        codec = "cp1252"
    try:
        if codec:
            return data.decode(codec), codec, f"{_spoken(codec)} (MSH-18)"
        if data.isascii():
            return data.decode("ascii"), "utf-8", "ASCII"
        return data.decode("utf-8"), "utf-8", "UTF-8"
    except UnicodeDecodeError as error:
        if codec:
            raise NotReadable(
                f"it says that it is written in {_spoken(codec)} (MSH-18) and is not; ask the sender to name the right set"
            ) from error
    try:
        return data.decode("cp1252"), "cp1252", "Windows-1252"
    except UnicodeDecodeError as error:
        raise NotReadable(
            "its letters are neither UTF-8 nor Windows-1252; ask the sender to name the character set (MSH-18)"
        ) from error


def _spoken(codec: str) -> str:
    return codec.upper().replace("ISO8859-", "ISO 8859-").replace("CP", "Windows-")


def _narrow(data: bytes) -> bytes:
    """UTF-16, as some tools export messages, as UTF-8."""
    start = data[:4]
    for codec, marks in (("utf-16-le", (b"\xff\xfe", b"M\0S\0")), ("utf-16-be", (b"\xfe\xff", b"\0M\0S"))):
        if start.startswith(marks):
            return data.decode(codec, errors="replace").removeprefix("\ufeff").encode()
    return data


# ---- segments


def _segments(text: str, marks: Separators) -> tuple[tuple[Segment, ...], int]:
    """The segments of a message, and how many lines were joined: a line that names no segment goes on with the field before."""
    lines: list[str] = []
    joined = 0
    for line in re.split(r"[\r\n]", text.replace("\0", "")):
        if _begins_segment(line.lstrip(), marks) or not lines:
            lines.append(line.lstrip())
        elif line.strip():
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}"
            joined += 1
    return tuple(
        Segment(fields[0].strip(), tuple(fields)) for fields in (line.split(marks.field) for line in lines)
    ), joined


def _begins_segment(line: str, marks: Separators) -> bool:
    name, after = line[:3], line[3:4]
    if name in _AROUND:
        return not after.isalnum()
    if not after or not line[3:].strip():
        return name in _BARE
    return after == marks.field and _SEGMENT.fullmatch(name) is not None


# ---- escapes


_SHOWN = {".br": " ", ".sp": " ", ".sk": " ", ".ce": " "}
_DROPPED = re.compile(r"[HN]|\.(?:fi|nf|in|ti)[+-]?\d*|[CMZ][0-9A-Za-z]+")


def unescape(text: str, marks: Separators, codec: str = "utf-8") -> str:
    """Text with its escape sequences (chapter 2.7) as what they stand for; what is no sequence stays as it is.

    Line breaks become spaces; highlighting, formatting and changes of the character set are left out.
    """
    sign = marks.escape
    if not sign or sign not in text:
        return text
    named = {"F": marks.field, "S": marks.component, "R": marks.repetition, "T": marks.subcomponent, "E": sign}
    return "".join(_pieces(text, sign, named, codec))


def _pieces(text: str, sign: str, named: dict[str, str], codec: str) -> Iterator[str]:
    plain, *rest = text.split(sign)
    yield plain
    while rest:
        sequence, *after = rest
        meaning = _meaning(sequence, named, codec) if after else None
        if meaning is None:  # a lone sign
            yield sign + sequence
            rest = after
        else:
            yield meaning + after[0]
            rest = after[1:]


def _meaning(sequence: str, named: dict[str, str], codec: str) -> str | None:
    if sequence in named:
        return named[sequence]
    if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", sequence):
        return bytes.fromhex(sequence[1:]).decode(codec, errors="replace")
    if re.fullmatch(r"\.(?:br|sp|sk|ce)\d{0,2}", sequence):
        return _SHOWN[sequence[:3]]
    return "" if _DROPPED.fullmatch(sequence) else None


def _split(text: str, mark: str) -> list[str]:
    return text.split(mark) if mark else [text]
