"""Normal forms: dates, sexes, names and numbers as they are compared, whatever the paper looks like."""

import re
import unicodedata
from datetime import UTC, date, datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero janv janvier", "feb february febrero fev fevr fevrier", "mar march marzo mars",
            "apr april abr abril avr avril", "may mayo mai", "jun june junio juin", "jul july julio juil juillet",
            "aug august ago agosto aout", "sep sept september septiembre septembre", "oct october octubre octobre",
            "nov november noviembre novembre", "dec december dic diciembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""Months in English, Spanish and French, in plain letters."""

MONTH = "(?i:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
"""The name of a month as a pattern."""

_OCR_DIGITS = str.maketrans({"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "!": "1",
                             "S": "5", "s": "5", "B": "8", "Z": "2", "z": "2", "G": "6"})  # fmt: skip
PARTICLES = frozenset(
    "mc mac la le de del della di da do dos du van von der den ter ten st san santa el al bin ibn".split()
)
"""Words that begin a surname: Ana De La Cruz, William Mc Nair."""

NEWBORN = frozenset("baby boy girl bb bg nb newborn infant twin".split())
"""What stands for the name of a child that has none yet, beside the mother's name."""

SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
DEGREES = frozenset(
    "md do rn np pa phd rhit rhia ccs cpc lpcc lmhc msw bsn msn rrt crnp rpsgt m.d d.o r.n n.p p.a ph.d pa-c fnp aprn arnp crna cnm dnp lpn cma pt dpt otr slp lcsw lmft pharmd dds dmd dpm facs facp "
    "mbbs mbchb frcs frcp frcpc frcsc mrcs mrcp mrcgp fracs fracp franzcr facem".split()
)
"""Degrees and licences beside the name of who treats."""

TITLES = DEGREES | frozenset("mr mrs ms miss dr prof professor".split())
"""What stands beside a name and is none."""


_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_NUMERIC = re.compile(r"^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})$|^(\d{2}) (\d{2}) (\d{4}|\d{2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|er)?[\s\-./]*([^\W\d_]{3,10})\.?[\s,\-./]*(\d{4}|\d{2})$")
_YEAR_FIRST = re.compile(r"^(\d{4})[\s\-./,]*([^\W\d_]{3,10})\.?[\s\-./,]*(\d{1,2})$")
_MONTH_FIRST = re.compile(r"^([^\W\d_]{3,10})[\s.,/-]*(\d{1,2})(?:st|nd|rd|th)?[\s.,/-]*(\d{4})$")


_OF = re.compile(r"(?i)\s+(?:de|del|of)\s+")
"""What stands between the parts of a day in words: 4 de marzo de 1957, 4th of March 1957."""


def parse_date(text: str, *, day_first: bool = False, not_after: date | None = None) -> date | None:
    """A calendar date, or None for anything that is not surely one.

    Strict on purpose: lenient parsers turn '12' into a day of this month and 04/05/50 into 2050.
    A two-digit year is the latest one not after `not_after` (default: this century only when it
    has happened).
    """
    text = _OF.sub(" ", text.strip().strip(".,;:").strip())
    if match := _ISO.match(text):
        return _date(match[1], match[2], match[3])
    if match := _NUMERIC.match(text):
        one, two, year = (
            match.groups()[:3] if match[1] else match.groups()[3:]
        )  # 03/14/57, or 03 14 57 in the boxes of a form
        first, second = (two, one) if day_first else (one, two)
        if int(first) > 12 >= int(second):
            first, second = second, first
        return _date(_full_year(year, not_after), first, second)
    if match := _COMPACT.match(text):
        return _date(match[1], match[2], match[3])
    if match := _DAY_FIRST.match(text):
        return _named(match[2], match[1], match[3], not_after)
    if match := _MONTH_FIRST.match(text):
        return _named(match[1], match[2], match[3], not_after)
    if match := _YEAR_FIRST.match(text):  # 1957-Mar-14
        return _named(match[2], match[3], match[1], not_after)
    return None


def read_as_digits(text: str) -> str:
    """Letters that OCR gives for digits (O, l, S, B, Z …) turned back; for places where only digits can be."""
    return text.translate(_OCR_DIGITS)


_ICD10 = re.compile(r"[A-TV-Z]\d[0-9AB](?:[0-9A-Z]{1,4})?")
_AS_LETTER, _AS_DIGIT = str.maketrans("1058", "IOSB"), str.maketrans("IO", "10")


def icd10(text: str) -> str | None:
    """An ICD-10-CM code with its point, or None for what is none: a letter, a digit, a digit or A or B, up to four more.

    A letter is where only a letter can be and a digit where only a digit can be (15023 is I50.23, RO602 is R06.02);
    I and O stand in the first place only.
    """
    code = re.sub(r"[^A-Z0-9]", "", text.upper())
    code = code[:1].translate(_AS_LETTER) + read_as_digits(code[1:2]) + code[2:].translate(_AS_DIGIT)
    if _ICD10.fullmatch(code) is None:
        return None
    return code if len(code) == 3 else f"{code[:3]}.{code[3:]}"


def today() -> date:
    """The calendar day now, UTC: a chart does not change meaning by the time zone of a server."""
    return datetime.now(UTC).date()


def age_on(born: date, day: date) -> int:
    """Whole years from one day to the other."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def parse_sex(text: str) -> str | None:
    """M, F, O or U (HL7 table 0001), or None."""
    word = re.sub(r"[^a-z]", "", text.lower())
    if word in ("m", "male", "man", "boy", "masculino", "masculin"):
        return "M"
    if word in ("f", "fem", "female", "woman", "girl", "femenino", "feminin"):
        return "F"
    if word in ("other", "x", "nonbinary"):  # a lone O is a circle to be marked
        return "O"
    return "U" if word in ("u", "unknown", "unk") else None


def plain(text: str) -> str:
    """Lower case letters, digits and single spaces, accents removed."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", decomposed.encode("ascii", "ignore").decode().lower()).split())


def letters(text: str) -> str:
    """Only the letters, lower case: O'Brien, OBRIEN and O Brien are one."""
    return plain(text).replace(" ", "") or "".join(c for c in text.casefold() if c.isalpha())


def number(text: str) -> str:
    """A record number as compared: letters and digits only, upper case; leading zeros stay."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


_SEPARATORS = re.compile(r"(?<=[^\W\d_])[\^/](?=[^\W\d_])")
"""What old systems and messages set between surname and first name (HL7 version 2): RIVERA^ANA^M, RIVERA/ANA/M."""

_LEAST_OF_CAPITALS = 3
"""Letters of a surname in capitals before a first name that is not: 'AJ Rivera' has two initials."""


def _leading_capitals(text: str) -> str:
    """The surname in capitals that begins a name whose first name is in small letters: 'DE LA CRUZ Joseph', or nothing."""
    words = text.split()
    if words and words[0].lower().strip(".") in TITLES:
        return ""
    many = next(
        (n for n, word in enumerate(words) if not (word.strip(".").isupper() and len(letters(word)) > 1)), len(words)
    )
    rest = [word for word in words[many:] if len(word.strip(".()")) > 1 and not word.isupper()]
    surname = " ".join(words[:many])
    is_whole = many > 1 or len(letters(surname)) >= _LEAST_OF_CAPITALS
    is_surname = bool(rest) and is_whole and rest[0][:1].isupper() and text.startswith(surname)
    return surname if is_surname else ""


def split_name(text: str) -> tuple[str, str, str, str] | None:
    """Family, given, middle, suffix from 'LAST, First M Jr' or 'First M Last', or None if too little."""
    text = re.sub(r"\((.*?)\)", lambda m: f" {m[1]} " if NEWBORN & set(plain(m[1]).split()) else " ", text).strip()
    text = _SEPARATORS.sub(", ", text, count=1)
    text = _SEPARATORS.sub(" ", text)
    if "," not in text and (capitals := _leading_capitals(text)):
        text = f"{capitals}, {text[len(capitals) :]}"
    family, comma, rest = text.partition(",")
    if comma and not _name_words(rest):  # 'Wei Chen, MD'
        text, comma = family, ""
    elif comma and len(_name_words(family)) > 1 and all(word.lower() in SUFFIXES for word in _name_words(rest)):
        text, comma = f"{family} {rest}", ""  # 'Ana Rivera, Jr'
    if comma:
        family_words, rest_words = _name_words(family), _name_words(rest)
        if rest_words and rest_words[0].lower() in SUFFIXES and "," in rest:
            rest_words = [*rest_words[1:], rest_words[0]]
    else:
        words = _name_words(text)
        suffix = [words.pop()] if len(words) > 2 and words[-1].lower() in SUFFIXES else []
        if len(words) < 2:
            return None
        if len(words[-1].strip(".")) == 1:  # 'Rivera Ana M', 'Rivera A': the comma was lost
            family_words, rest_words = [words[0]], [*words[1:], *suffix]
        else:
            first = next(
                (n for n in range(len(words) - 1, 1, -1) if words[n - 1].lower().strip(".") not in PARTICLES), 1
            )
            family_words, rest_words = words[first:], [*words[:first], *suffix]
    suffixes = [w for w in (*family_words, *rest_words) if w.lower() in SUFFIXES]
    family_words = [w for w in family_words if w.lower() not in SUFFIXES]
    rest_words = [w for w in rest_words if w.lower() not in SUFFIXES]
    if not family_words or not rest_words:
        return None
    return (" ".join(family_words), rest_words[0], " ".join(rest_words[1:]), suffixes[0] if suffixes else "")


def luhn_is_right(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, mod 10): every single misread digit is noticed."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return total % 10 == 0


def shape_of(text: str) -> str:
    """The shape of a value without its content (9 for digits, x for letters), fit for a message or log."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", text[:20]))


def _name_words(text: str) -> list[str]:
    words = [w.strip(".'-") for w in re.findall(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?", text)]
    return [w for w in words if w and w.lower() not in TITLES]


def _named(month: str, day: str, year: str, not_after: date | None) -> date | None:
    number = _MONTHS.get(plain(month))
    return _date(_full_year(year, not_after), str(number), day) if number else None


def _full_year(year: str, not_after: date | None) -> str:
    if len(year) == 4:
        return year
    latest = (not_after or today()).year
    century = latest - latest % 100
    full = century + int(year)
    return str(full if full <= latest else full - 100)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1880 <= found.year <= 2100 else None
