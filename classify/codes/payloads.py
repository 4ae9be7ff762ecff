"""What a code of several values says: patient and specimen labels, wristbands, GS1 element strings, driver's licences.

A label of name, birthday and number says whose page it stands on. A licence is its holder's, who may be the guarantor.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from classify import normal
from classify.codes.checkdigits import gs1_is_right
from classify.codes.numbers import GS1, bare_number
from classify.profile import Profile
from classify.separators import read_payload
from ocr.page import Barcode


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a code: its field, empty for a number that does not say what it is; and its chance to be that."""

    field: str
    value: str
    chance: float


@dataclass(frozen=True, slots=True)
class Payload:
    """What one code says: the kind of label, and its values."""

    kind: str  # key and value, label, HL7, GS1 or licence
    parts: tuple[Part, ...]

    @property
    def names_somebody(self) -> bool:
        """Whether it holds a name and a birthday, as labels of patients do."""
        return {"name", "dob"} <= {part.field for part in self.parts}


_KEYED = 0.995
"""Codes correct or check what they say, and a key says what it is. None of 60 codes of the shared set was read wrong."""

_BY_FORM = 0.98
"""A value known by its form alone (a name with ^, a birthday), in a code that holds both."""


def read_code(code: Barcode, profile: Profile) -> Payload | None:
    """The values of a code, or None for a bare number, a separator sheet and what is none of these."""
    text = code.text
    if read_payload(text) is not None or len(text) < 4:
        return None
    kinds = {
        "licence": _licence(text, profile),
        "GS1": _gs1(code, profile),
        "HL7": _hl7(text, profile),
        "key and value": _keyed(text, profile),
        "label": _delimited(code, profile),
    }
    return next((Payload(kind, parts) for kind, said in kinds.items() if (parts := tuple(said))), None)


# ---- licences

_ELEMENT = re.compile(r"^(?:.*?DL)?(D[A-Z]{2})(.*)$")


def _licence(text: str, profile: Profile) -> Iterator[Part]:
    """AAMVA DL/ID Card Design Standard, annex D: `@`, header with ANSI, then a line an element."""
    if not text.lstrip().startswith("@") or ("ANSI " not in text[:60] and "AAMVA" not in text[:60]):
        return
    said: dict[str, str] = {}
    for line in re.split(r"[\n\r\x1e]+", text):
        if match := _ELEMENT.match(line):
            said.setdefault(match[1], match[2].strip())
    family, given = said.get("DCS", said.get("DAB", "")), said.get("DAC", said.get("DCT", ""))
    if family and given:
        middle = "" if said.get("DAD", "NONE").upper() == "NONE" else said["DAD"]
        yield from _known("name", "^".join(filter(None, (family, given.replace(",", " "), middle))), profile)
    if born := _day_of_licence(said.get("DBB", "")):
        yield Part("dob", born.isoformat(), _KEYED)
    if sex := {"1": "M", "2": "F", "M": "M", "F": "F"}.get(said.get("DBC", "")):
        yield Part("sex", sex, _KEYED)
    if street := said.get("DAG", ""):
        rest = ", ".join(filter(None, (said.get("DAI", ""), said.get("DAJ", ""))))
        yield Part("address", " ".join(filter(None, (street, rest, said.get("DAK", "")[:5]))), _KEYED)


def _day_of_licence(digits: str) -> date | None:
    """MMDDCCYY of the United States, CCYYMMDD of Canada."""
    if not re.fullmatch(r"\d{8}", digits):
        return None
    return normal.parse_date(f"{digits[4:]}-{digits[:2]}-{digits[2:4]}") or normal.parse_date(digits)


# ---- GS1

_LENGTHS = {
    **dict.fromkeys(("00",), 18), **dict.fromkeys(("01", "02"), 14), **{f"1{n}": 6 for n in "1235679"}, "20": 2,
    "7250": 8, "7251": 12, "7252": 1, "8017": 18, "8018": 18,
}  # fmt: skip
"""Application identifiers whose values have one length, so that no separator follows those of the first row."""

_TWO = frozenset({"00", "01", "02", "10", "11", "12", "13", "15", "16", "17", "20", "21", "22", "37", *(f"9{n}" for n in range(10))})  # fmt: skip
_FOUR = ("31", "32", "33", "34", "35", "36", "39", "43", "70", "71", "72", "80", "81", "82")
_FNC1 = "\x1d"
_SEX = {"1": "M", "2": "F", "0": "U", "9": "U"}  # ISO/IEC 5218


def _gs1(code: Barcode, profile: Profile) -> Iterator[Part]:
    """The patient's elements of a GS1 string: 8018 (service relation number), 7250 to 7256 (who it is), 9x (the site's own).

    8017 is the caregiver's. What has a GTIN (01, 02) is a product, and its serial number (21) is the product's.
    """
    is_marked = code.symbology in GS1 or code.text.startswith(_FNC1)
    said = dict(_elements(code.text.lstrip(_FNC1))) if is_marked else {}
    if not said or {"00", "01", "02"} & said.keys():
        return
    prefix, gsrn = profile.gs1_company_prefix, said.get("8018", "")
    if prefix and gsrn.startswith(prefix) and gsrn.isdecimal() and gs1_is_right(gsrn):
        yield Part("mrn", gsrn[len(prefix) : -1], _KEYED)
    if born := normal.parse_date(said.get("7250", said.get("7251", ""))[:8]):
        yield Part("dob", born.isoformat(), _KEYED)
    if sex := _SEX.get(said.get("7252", "")):
        yield Part("sex", sex, _KEYED)
    family, given = (unquote(said.get(ai, "").replace("+", " ")) for ai in ("7253", "7254"))
    if family and given:
        yield from _known("name", f"{family}^{given}", profile)
    for ai in ("21", *(f"9{n}" for n in range(10))):
        if bare_number(Barcode(code.kind, said.get(ai, ""), code.box)):
            yield Part("", said[ai].upper(), 0.0)


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Application identifier and value, up to the first that is not known or too short (GS1 General Specifications 7.8)."""
    while text:
        size = 2 if text[:2] in _TWO else 4 if text.startswith(_FOUR) else 3
        ai, rest = text[:size], text[size:]
        if not ai.isdecimal() or len(ai) < size:
            return
        length = _LENGTHS.get(ai)
        value, _, after = rest.partition(_FNC1) if length is None else (rest[:length], "", rest[length:])
        if not value or (length is not None and len(value) < length):
            return
        yield ai, value
        text = after.lstrip(_FNC1)


# ---- HL7


def _hl7(text: str, profile: Profile) -> Iterator[Part]:
    """A PID segment, and a PV1 behind it: PID-3 number, 5 name, 7 birth, 8 sex, 18 account; PV1-19 visit (HL7 v2.5.1)."""
    for segment in re.split(r"[\r\n]+", text):
        values = ["", *segment.split("|")[1:]]
        values += [""] * (20 - len(values))
        if segment.startswith("PID|"):
            yield from _known("mrn", values[3].split("~")[0].split("^")[0], profile)
            yield from _known("name", values[5].split("~")[0], profile)
            yield from _known("dob", values[7][:8], profile)
            yield from _known("sex", values[8], profile)
            yield from _known("account", values[18].split("^")[0], profile)
        elif segment.startswith("PV1|"):
            yield from _known("encounter", values[19].split("^")[0], profile)


# ---- keys and values

_KEYS = {
    **dict.fromkeys(("mrn", "mr", "mr#", "mrno", "pid", "patientid", "medrec", "unit"), "mrn"),
    **dict.fromkeys(("vn", "fin", "csn", "enc", "encounter", "visit", "visitno", "visitid", "har"), "encounter"),
    **dict.fromkeys(("acct", "account", "acctno", "acc"), "account"),
    **dict.fromkeys(("name", "pt", "patient", "ptname", "patientname", "nm"), "name"),
    **dict.fromkeys(("dob", "birthdate", "dateofbirth", "bd", "born"), "dob"),
    **dict.fromkeys(("sex", "gender", "sx"), "sex"),
}
_PAIR = re.compile(r"([A-Za-z #.]{2,16})\s*[:=]\s*(.+)", re.DOTALL)
_BETWEEN = re.compile(r"[|;\n\r\t\x1d\x1e]+")


def _keyed(text: str, profile: Profile) -> Iterator[Part]:
    """`MRN:00123`, `MRN=00123;NAME=RIVERA^ANA`: what a key says, each value as its field is read."""
    for piece in _BETWEEN.split(text):
        if match := _PAIR.fullmatch(piece.strip()):
            field = _KEYS.get(re.sub(r"[ .]", "", match[1].lower()), "")
            if field:
                yield from _known(field, match[2].strip(), profile)


def _known(field: str, said: str, profile: Profile) -> Iterator[Part]:
    """A value that is called by its name, in the form that its field has; nothing where it has none."""
    value = said.strip().upper()
    if field == "name":
        value = _name_of("^".join(filter(None, value.split("^")[:4])))
    elif field == "dob":
        born = _birthday(value, profile)
        value = born.isoformat() if born else ""
    elif field == "sex":
        value = normal.parse_sex(value) or ""
    elif field == "mrn":
        value = value if re.fullmatch(profile.mrn_pattern, value) else ""
    elif not any(c.isdigit() for c in value):
        value = ""
    if value:
        yield Part(field, value, _KEYED)


# ---- labels with nothing but values

_DELIMITERS = ("|", ";", "\t", "\x1d", "\x1e", "\n", "~")
_PART = r"[^\W\d_](?:[^\W\d_]|['’. -])*"
_NAME = re.compile(rf"{_PART}(?:[\^,]\s*{_PART}){{1,3}}")
_LONGEST_NAME = 80


def _delimited(code: Barcode, profile: Profile) -> Iterator[Part]:
    """`00123456|RIVERA^ANA^M|19570314|F|V240088`: values in any order, each known by its form, name and birthday among them."""
    pieces = _pieces(code.text)
    names = [piece for piece in pieces if _name_of(piece)]
    births = [piece for piece in pieces if _birthday(piece, profile)]
    if len(names) != 1 or len(births) != 1:
        return
    yield Part("name", _name_of(names[0]), _BY_FORM)
    yield from (Part("dob", born.isoformat(), _BY_FORM) for piece in births if (born := _birthday(piece, profile)))
    sexes = [piece for piece in pieces if piece.upper() in ("M", "F", "U", "MALE", "FEMALE")]
    yield from (Part("sex", normal.parse_sex(piece) or "", _BY_FORM) for piece in sexes[:1])
    for piece in pieces:
        if piece not in births and bare_number(Barcode(code.kind, piece, code.box)):
            yield Part("", piece.upper(), 0.0)


def _pieces(text: str) -> list[str]:
    """The values between delimiters; ^ or a comma delimit where nothing else does."""
    for delimiter in _DELIMITERS:
        if delimiter in text:
            return [piece.strip() for piece in text.split(delimiter)]
    values = [piece.strip() for piece in re.split(r"[\^,]", text)]
    words = [at for at, piece in enumerate(values) if piece.isalpha() and len(piece) > 1]
    if len(words) >= 2 and words[1] == words[0] + 1:  # RIVERA^ANA between numbers
        first, last = words[0], words[1]
        return [*values[:first], f"{values[first]}^{values[last]}", *values[last + 1 :]]
    return values


def _name_of(text: str) -> str:
    """LAST^FIRST^MIDDLE or LAST, FIRST as FAMILY, GIVEN MIDDLE; empty when a part is missing."""
    if len(text) > _LONGEST_NAME or not _NAME.fullmatch(text):
        return ""
    parts = [part.strip() for part in re.split(r"\^|,", text)]
    return f"{parts[0]}, {' '.join(filter(None, parts[1:4]))}".upper()


def _birthday(text: str, profile: Profile) -> date | None:
    """A day in the past, written in any of the usual ways or as MMDDYYYY."""
    text = text.strip()
    day = normal.parse_date(text, day_first=profile.day_first)
    if day is None and re.fullmatch(r"\d{8}", text):
        day = normal.parse_date(f"{text[4:]}-{text[:2]}-{text[2:4]}")
    return day if day is not None and day <= normal.today() else None
