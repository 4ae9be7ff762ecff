"""Finds labels: which words of a page announce an index field, whatever misread letter they hold.

Labels are data. Every label ends the value of the one before it, those included whose values we do not index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from classify import normal
from classify.finding import composite
from classify.finding.beside import IDENTITY, is_bar, name_behind, value_behind
from classify.finding.field import Field
from classify.finding.labelgrammar import WORDS, meaning
from classify.finding.labelwords import canonical, in_full, without_possessive
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Box, Word, box_of

_LIKE = 50
"""Of 100: the last words of a label and of its misreading; 'Patient/Client De' is no 'Patient/Client Name'."""

_CLOSE = 84
"""Of 100; a label of seven letters may have one misread. Shorter labels must be exact."""


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """A label found on a page: whose it is, and where it begins and ends in its row."""

    field: str
    row: int
    first: int
    last: int
    closeness: float  # 1.0 letter for letter
    is_marked: bool  # a colon or number sign ends it
    words: int  # of the label itself, what stands in brackets left out
    tail: str  # what follows the label inside its last word, as in 'MRN:12345'
    is_beside: bool = False  # only the value right behind it tells that it is a label
    is_numbered: bool = (
        False  # a number sign or 'No.' ends it and no colon, so that its value may stand over it as well
    )
    is_behind: bool = False  # in brackets behind its value: 'RIVERA, ANA M (Patient name)'


STOPS = (
    "city", "state", "zip", "zip code", "city state zip", "work phone", "room", "bed", "room bed", "unit", "location", "ward", "age", "race", "religion",
    "ssn", "social security", "social security number", "soc sec no", "marital status", "language", "employer", "occupation", "relationship", "relation",
    "fax", "email", "e mail", "time", "page", "ordering physician", "ethnicity", "county", "country", "interpreter needed", "preferred language",
    "referring physician", "referring provider", "primary care physician", "primary care provider", "pcp", "family physician", "transcribed", "transcribed by",
    "transcriptionist", "signature", "procedure", "history", "height", "weight", "status", "copay", "effective", "effective date", "plan type",
    "emergency contact", "emergency contact name", "next of kin", "contact", "contact person", "specimen", "collected", "received", "reported", "accession",
    "accession no", "service", "dept", "department", "surgeon", "assistant", "assistant surgeon", "anesthesia", "anesthesiologist", "chief complaint", "impression", "findings",
    "comments", "reason", "reason for visit", "patient type", "patient class", "financial class", "hospital service", "driver license",
    "spouse", "spouse name", "mother", "father", "mother's name", "father's name", "parent", "parent name", "legal guardian",
    "insured", "insured name", "insured's name", "subscriber", "subscriber name", "name of insured", "policy holder", "policyholder name", "insured's date of birth",
    "subscriber dob", "insured dob", "spouse dob", "employer name", "employer phone", "emergency phone", "secondary insurance", "witness", "witness signature",
    "pharmacy", "plan code", "plan id", "eff", "eff date", "rx group", "members call", "customer service", "claims", "cc", "copies to", "d", "t", "job", "job number", "document id", "doc id", "order number", "order no", "study", "exam", "technique", "comparison",
    "test", "result", "results", "units", "reference range", "temp", "pulse", "resp", "bp", "blood pressure", "bmi", "code status", "isolation", "diet",
    "nursing station", "nurse station", "next appointment", "next visit", "previous admission", "prior admission", "last admission", "arrival mode", "mode of arrival",
    "requisition", "requisition no", "last seen", "date last seen", "onset", "onset date", "height weight", "ht wt", "authorization", "authorization no", "auth no",
    "requesting physician", "requesting provider", "accepting physician", "accepting provider", "transferring physician", "primary care", "primary care doctor", "family doctor",
    "statement date", "release to", "released to", "disclose to", "policy owner", "due by", "due date", "scoring date", "entry date of note",
    "secondary diagnosis", "secondary diagnoses", "other diagnoses", "target date", "expiration date", "name alert", "mi", "middle initial", "middle name", "middle", "vis date", "date of injury",
)  # fmt: skip
"""Labels of things we do not index, which still end a value."""

_IN_OTHER_WORDS = 0.98
"""Closeness of a label that is listed in other words (Adm Dt for Admission Date)."""

_ABBREVIATED = frozenset("no. nbr. num. tel. ph. d.o.b. dr. id.".split())
"""Words whose full stop ends a label as a colon does."""

_UNKNOWN_WORDS = 4
"""Words that a label in no list has at most: 'Certified by court order no:' is a sentence."""

_NUMBER = re.compile(r"^\(?(?:\d{1,2}[a-zA-Z]?|[^\w\s])[.)]?$|^[A-Z]\d{4}[A-Z]?\.?$")
"""The number of a box on a form, or what OCR makes of it; A0500A. on assessments (CMS Minimum Data Set)."""

_LETTER = re.compile(r"^[A-Z][.)]$")
"""The letter of a part of a box: B. Middle initial."""

_GLUED = re.compile(r"^\(?\d{1,2}[a-z]?[.)](?=[A-Za-z])")
_AS_LETTERS = str.maketrans("0158", "olsb")


def find_anchors(rows: tuple[Row, ...], fields: tuple[Field, ...], profile: Profile) -> list[FoundLabel]:
    """Every label on a page, the surest and longest at each place, no two over the same word."""
    site = tuple((name, label) for name, labels in sorted(profile.labels.items()) for label in labels)
    known = _Labels(
        _phrases(fields, site), _in_other_words(fields, site), _words_in_full(fields, site),
        {field.name: field for field in fields}, profile,
    )  # fmt: skip
    anchors = []
    for number, row in enumerate(rows):
        texts = [_Label.of(word.text) for word in row.words]
        here = [
            FoundLabel("", number, c.first, c.last, 1.0, c.is_marked, 1, c.tail)
            for c in composite.find(row, known.fields, profile)
        ]
        is_of_one = bool(here)  # DOB/Age/Sex
        taken = {n for label in here for n in range(label.first, label.last + 1)}
        at = after = 0
        while at < len(row.words):
            follows = is_of_one or any(label.field in IDENTITY for label in here)
            labels = (
                _labels_at(row, number, at, after, texts, known, follows_identity=follows) if at not in taken else ()
            )
            found = max(labels, key=_rank, default=None)
            if found is None:
                at += 1
            else:
                here.append(found)
                at = after = found.last + 1
        here += _before_names(row, number, texts, here, known)
        here = _in_two_languages(row, sorted(here, key=lambda label: label.first))
        anchors += [*here, *_unknown_labels(row, number, here, texts)]
    return anchors


def _in_two_languages(row: Row, here: list[FoundLabel]) -> list[FoundLabel]:
    """The labels of a row, those as one that say the same on both sides of a stroke: 'Fecha de nacimiento / Date of birth'."""
    kept: list[FoundLabel] = []
    for label in here:
        before = kept[-1] if kept else None
        between = row.words[before.last + 1 : label.first] if before is not None else ()
        if before is not None and before.field == label.field and [word.text for word in between] == ["/"]:
            wide = label.last - before.first + 1
            kept[-1] = replace(label, first=before.first, words=wide, closeness=min(before.closeness, label.closeness))
        else:
            kept.append(label)
    return kept


def box_of_label(rows: tuple[Row, ...], anchor: FoundLabel) -> Box:
    """The box around a label's words, and the number before them as on claim forms."""
    words = rows[anchor.row].words
    first = anchor.first
    if first and _NUMBER.match(words[first - 1].text):
        gap = words[first].box.left - words[first - 1].box.right
        first -= gap < 1.2 * max(1, words[first].box.height)
    return box_of(words[first : anchor.last + 1])


@dataclass(frozen=True, slots=True)
class _Label:
    """A word as part of a label: plain text up to a colon, what follows the colon, and how it ends."""

    whole: str
    head: str
    tail: str
    is_marked: bool

    @classmethod
    def of(cls, text: str) -> "_Label":
        text = _GLUED.sub("", text)
        head, colon, tail = text.partition(":")
        is_marked = bool(colon) or text.endswith(("#", "#.")) or text.lower() in _ABBREVIATED
        return cls(normal.plain(text), normal.plain(head), tail, is_marked)


@dataclass(frozen=True, slots=True)
class _Known:
    """All labels of so many words: each with its field ('' for labels that only end a value), and by length."""

    exact: dict[str, str]
    by_length: dict[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Labels:
    """What labels are told by: all of them by their number of words, the fields that they announce, the site's profile."""

    by_size: dict[int, _Known]
    canonical: dict[str, str]
    words: frozenset[str]
    fields: dict[str, Field]
    profile: Profile

    def meaning(self, in_full: str) -> str | None:
        """The field that a label in full words announces: as it is listed ('' where it only ends a value), else by its words."""
        listed = self.canonical.get(in_full)
        return meaning(in_full) if listed is None else listed

    def listed_in_full(self, row: Row, at: int, last: int, end: int) -> str | None:
        """The field of the words from `at` to `last`, with what stands in brackets behind them up to `end`, or without:
        Pt Name (L, F, MI)."""
        first = in_full(normal.plain(without_possessive(row.words[at].text)).split()[:1])
        if first and first[0] not in self.words and first[0] not in WORDS and first[0] not in _MARKS:
            return None
        found = self.meaning(_in_full(row.words[at : end + 1]))
        return self.meaning(_in_full(row.words[at : last + 1])) if found is None and end > last else found


Site = tuple[tuple[str, str], ...]


def _listed(fields: tuple[Field, ...], site: Site) -> list[tuple[str, str]]:
    """Every label with its field."""
    said = [(stop, "") for stop in STOPS]
    said += [(label, field.name) for field in fields for label in field.labels]
    return said + [(label, name) for name, label in site]


@cache
def _in_other_words(fields: tuple[Field, ...], site: Site) -> dict[str, str]:
    """The field of each label, by its words in full; of labels with the same words one that we index counts."""
    found: dict[str, str] = {}
    for label, name in _listed(fields, site):
        found[canonical(label)] = name or found.get(canonical(label), "")
    found.pop("", None)
    return found


@cache
def _words_in_full(fields: tuple[Field, ...], site: Site) -> frozenset[str]:
    """Every word that labels have in full."""
    return frozenset(word for label in _in_other_words(fields, site) for word in label.split())


_MARKS = frozenset("a c d e f m o r b p".split())
"""Letters that stand for words of labels: D.O.B., M/R, A/C, D/T, E-mail, Ph."""


@cache
def _phrases(fields: tuple[Field, ...], site: Site) -> dict[int, _Known]:
    said = _listed(fields, site)
    by_size: dict[int, dict[str, str]] = {}
    for label, name in said:
        phrase = normal.plain(label)
        sizes = {len(label.split())} if "/" in label else {len(phrase.split()), len(label.split())}
        for size in sizes:  # D.O.B. is three words or one, M/F is one
            by_size.setdefault(size, {})[phrase] = name
    return {
        size: _Known(
            exact,
            {
                length: tuple(p for p in exact if len(p) > 6 and abs(len(p) - length) <= 3)
                for length in range(4, 3 + max(map(len, exact)) + 1)
            },
        )
        for size, exact in by_size.items()
    }


def _rank(anchor: FoundLabel) -> tuple[bool, int, float, bool]:
    """An exact label before a misread one, then the longer one, then one that we index."""
    return anchor.closeness > 0.9, anchor.last - anchor.first, anchor.closeness, anchor.field != ""


def _labels_at(
    row: Row, number: int, at: int, after: int, texts: list[_Label], known: _Labels, *, follows_identity: bool
) -> Iterator[FoundLabel]:
    """Labels that begin with this word; `after` is where the last one of this row ended, `follows_identity` whether one before
    says whose the row is."""
    if _NUMBER.match(row.words[at].text):
        return
    for size, labels in known.by_size.items():
        last = at + size - 1
        if last >= len(texts) or not texts[last].head or not _stand_together(row, at, last):
            continue
        said = " ".join([*(label.whole for label in texts[at:last]), texts[last].head]).strip()
        if (len(said) < 2 or row.words[at].text in _TITLES) and not texts[last].is_marked:
            continue
        end, is_marked = _with_brackets(row, texts, last)
        whole = known.listed_in_full(row, at, last, end)
        sign = row.words[end].text.partition(":")[0].rstrip(".")
        is_numbered = sign.endswith("#") and bool(whole)  # Unit # is no unit
        listed = whole if is_numbered else labels.exact.get(said, whole)
        is_behind = _stands_behind(row, at, end)
        is_label = is_marked or is_behind or _stands_as_label(row, at, end, follows=0 < after == at)
        if not is_marked and (_tells_of_something(row, at, end) or _is_of_a_case(row, end, said)):
            continue
        if not (is_label or _stands_before_value(row, at, end, listed, known, follows_identity=follows_identity)):
            continue
        is_other = _is_of_another(row, at, after, said) or (not is_marked and _goes_on(row, end))
        matches = [] if is_numbered else _matches(said, labels, known.by_size.get(size - 1))
        if listed is not None and not any(closeness > _IN_OTHER_WORDS for _, closeness in matches):
            matches = [(listed, _IN_OTHER_WORDS)]
        for name, closeness in matches:
            if closeness:
                field, tail = "" if is_other else name, texts[end].tail
                ends = is_marked and ":" not in row.words[end].text
                to = _with_hints(row, end) if name == "name" and not tail else end
                yield FoundLabel(
                    field, number, at, to, closeness, is_marked, size, tail, is_beside=not is_label, is_numbered=ends,
                    is_behind=is_behind,
                )  # fmt: skip


def _stands_behind(row: Row, first: int, last: int) -> bool:
    """Whether a label stands in brackets of its own behind something, and nothing goes on behind it."""
    text = " ".join(word.text for word in row.words[first : last + 1]).rstrip(".,;")
    if first == 0 or not (text.startswith("(") and text.endswith(")")):
        return False
    if all(normal.plain(word) in _HINTS for word in text.split()):
        return False  # 'Legal name (First, Middle, Last)': how to write it
    if last + 1 == len(row.words):
        return True
    word, after = row.words[last], row.words[last + 1]
    return after.box.left - word.box.right > 1.2 * row.wide * max(1, word.box.height)


_GOES_ON = frozenset("was is were are has had will should".split())


def _tells_of_something(row: Row, first: int, last: int) -> bool:
    """Whether a row is a sentence about a number and no field: 'Case number 1234567 was opened with the carrier'."""
    rest = row.words[last + 1 : last + 3]
    has_number = len(rest) > 1 and any(c.isdigit() for c in rest[0].text) and not rest[0].text.endswith((".", ";"))
    return first == 0 and has_number and rest[1].text in _GOES_ON


_CASES = frozenset({"case number", "case no"})
"""What carriers, courts and agencies number too; only a colon or a gap makes a visit's label of it."""


def _is_of_a_case(row: Row, last: int, said: str) -> bool:
    """Whether a case is numbered in running text."""
    if said not in _CASES or last + 1 >= len(row.words):
        return False
    gap = row.words[last + 1].box.left - row.words[last].box.right
    return gap <= 0.8 * row.wide * max(1, row.words[last].box.height)


def _stands_before_value(
    row: Row, first: int, last: int, name: str | None, known: _Labels, *, follows_identity: bool
) -> bool:
    field = known.fields.get(name or "")
    if field is None:
        return False
    found = value_behind(row, first, last, field, known.profile, follows_identity=follows_identity)
    return found is not None


_LONGEST_NAME = 6
"""Words that a name, and signs before it, have at most."""


def _before_names(
    row: Row, number: int, texts: list[_Label], here: list[FoundLabel], known: _Labels
) -> Iterator[FoundLabel]:
    """Labels that only the label behind their name tells: 'Patient Beatrice Okafor Record No 00418273'; those of several words
    at the end of a row as well: 'Att. MD Okafor, Beatrice'."""
    if not here:
        return
    firsts = sorted(label.first for label in here)
    taken = {n for label in here for n in range(label.first, label.last + 1)}
    for size, labels in known.by_size.items():
        for at in range(len(texts) - size):
            last = at + size - 1
            behind = next((first for first in firsts if first > last), len(texts) if size > 1 else None)
            if behind is None or not 1 <= behind - last - 1 <= _LONGEST_NAME:
                continue
            said = " ".join(label.whole for label in texts[at : last + 1])
            in_full = known.meaning(_in_full(row.words[at : last + 1]))
            field = known.fields.get(labels.exact.get(said) or in_full or "")
            if field is None or not taken.isdisjoint(range(at, last + 1)):
                continue
            if name_behind(row, at, last, behind, field, known.profile):
                yield FoundLabel(
                    field.name, number, at, last, 1.0, is_marked=False, words=size, tail="", is_beside=True
                )


_OF_A_NAME = re.compile(r"(?i)name|first|last|middle|surname|initial|patient|pt|legal|full|resident|client|\bmi\b")
"""Words of a label that asks for the parts of a name, with commas between them: Patient Last, First Name."""


def _in_full(words: Sequence[Word]) -> str:
    """The words of a label in full; none where a sign parts them."""
    if any(sign in word.text for word in words[:-1] for sign in ":;"):
        return ""
    if any("," in word.text for word in words[:-1]) and not all(_OF_A_NAME.search(word.text) for word in words):
        return ""
    whole = canonical(" ".join(word.text for word in words).partition(":")[0])
    is_word = any(c.isalnum() for c in words[-1].text)
    is_value = is_word and len(words) > 1 and whole == canonical(" ".join(word.text for word in words[:-1]))
    return "" if is_value else whole  # 'Sx (M/F) M': the last word says nothing new of the label


def _matches(said: str, labels: _Known, shorter: _Known | None) -> list[tuple[str, float]]:
    """Fields whose label these words are, letter for letter or misread, each with its closeness."""
    if said not in labels.exact:
        said = said.translate(_AS_LETTERS)
    if said in labels.exact:
        return [(labels.exact[said], 1.0)]
    if _begins_with_a_value(said, shorter):
        return []
    near = process.extract(
        said, labels.by_length.get(len(said), ()), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=None
    )
    return [(labels.exact[wanted], score / 100) for wanted, score, _ in near if _ends_alike(said, wanted)]


def _unknown_labels(row: Row, number: int, here: list[FoundLabel], texts: list[_Label]) -> list[FoundLabel]:
    """Labels in no list: after a gap a few words that a colon ends. They end the value before them as all others do."""
    known = {i for anchor in here for i in range(anchor.first, anchor.last + 1)}
    unknown = []
    for last in range(1, len(row.words)):
        if not row.words[last].text.endswith(":"):
            continue
        first = last
        while first > 0 and last - first < _UNKNOWN_WORDS and not _gap_before(row, first):
            first -= 1
        is_of_letters = all(text.whole.replace(" ", "").isalpha() for text in texts[first : last + 1])
        if first and is_of_letters and _gap_before(row, first) and known.isdisjoint(range(first, last + 1)):
            wide = last - first + 1
            unknown.append(FoundLabel("", number, first, last, 1.0, is_marked=True, words=wide, tail=""))
    return unknown


def _gap_before(row: Row, at: int) -> bool:
    word, before = row.words[at], row.words[at - 1]
    return is_bar(before.text) or word.box.left - before.box.right > 1.2 * row.wide * max(1, word.box.height)


def _stand_together(row: Row, first: int, last: int) -> bool:
    """Words of one label have a blank between them, not the gap between two columns.

    A colon inside stands only in a label torn apart, which another one ends: 'Mother: Name:' is one, 'Attending: Lena' none.
    """
    is_torn = row.words[last].text.endswith(":") or normal.plain(row.words[last].text) in _ENDS_OF_SPANS
    if any(word.text.endswith(":") for word in row.words[first:last]) and not is_torn:
        return False
    return all(
        after.box.left - before.box.right <= 1.5 * row.wide * max(before.box.height, 12)
        for before, after in pairwise(row.words[first : last + 1])
    )


_ENDS_OF_SPANS = frozenset({"from", "to", "through", "thru"})
"""What follows the colon of a label with two days: 'Hospitalization dates: From', 'Hospitalization dates: To'."""

_OTHERS = frozenset(
    "guardian mother mothers mom father fathers dad child childs donor donors spouse spouses husband husbands wife wifes nurse nurses interpreter caller maiden "
    "sibling relative parent parents insured insureds subscriber subscribers employer employers emergency contact guarantor guarantors physician physicians "
    "provider doctor doctors referring pharmacy company school ord ordering auth authorizing ref req pcp prev previous prior subscr subscribers ins insd representative agent proxy witness sister brother son daughter previous former alias other group "
    "plan letter statement office holder policyholder payer payor pcp carrier claim claims tax friend kin case attorney carrier facility hospital clinic department state local federal county".split()
)  # fmt: skip
"""Words before a label that make it somebody else's, or something else's: mother's MRN, maiden name, guardian DOB."""

_OF_ANYTHING = frozenset({"name", "names", "id"})
"""Labels that any word before them makes those of something else: 'Company name'."""

_OF_A_PERSON = frozenset({"patient", "pt", "resident", "client"})
"""Labels that a word before them makes part of a sentence: 'If signed by other than the patient:'."""

_TITLES = frozenset({"Mr", "Mr.", "MR."})
"""A title, and no short form of a medical record."""

_OWN = frozenset("patient patients pt pts resident client full legal s the".split())


def _is_of_another(row: Row, first: int, after: int, said: str) -> bool:
    """Whether the word just before a label belongs to it and makes it another's; before 'name' any unknown word does."""
    if first == 0 or first == after:
        return False
    before, word = row.words[first - 1], row.words[first]
    if word.box.left - before.box.right > 0.8 * row.wide * max(word.box.height, 12) or before.text.endswith(
        (":", ",", ";", ")")
    ):
        return False
    plain = normal.plain(before.text.replace("'", "").replace("’", ""))
    if not plain.isalpha() or (plain in _OWN and not (said in _OF_A_PERSON and plain == "the")):
        return False
    return plain in _OTHERS or said in _OF_ANYTHING or said in _OF_A_PERSON


def _goes_on(row: Row, last: int) -> bool:
    """Whether the words of a label go on: 'Name of referring provider' is nobody's name that we look for."""
    if last + 1 >= len(row.words):
        return False
    label, after = row.words[last], row.words[last + 1]
    is_close = after.box.left - label.box.right <= 0.8 * row.wide * max(label.box.height, 12)
    return is_close and normal.plain(after.text) in ("of", "for", "and", "or")


def _begins_with_a_value(said: str, shorter: _Known | None) -> bool:
    """Whether these words are no misread label but the end of a value and a whole label: 'Sex: M Date of Service:'."""
    first, _, rest = said.partition(" ")
    return shorter is not None and len(first) <= 2 and rest in shorter.exact


def _ends_alike(said: str, wanted: str) -> bool:
    """A short last word tells labels apart: 'record no' is not 'reason for', 'history no' not 'history of'."""
    ending = wanted.rsplit(" ", 1)[-1]
    if len(ending) <= 3:
        return said.endswith(ending)
    is_torn = said.count(" ") != wanted.count(" ")
    return is_torn or fuzz.ratio(said.rsplit(" ", 1)[-1], ending) >= _LIKE


def _with_brackets(row: Row, texts: list[_Label], last: int) -> tuple[int, bool]:
    """Where a label ends that goes on in brackets, as in 'Name (Last, First):'; and whether a colon ends it."""
    is_marked = texts[last].is_marked
    sign = row.words[last + 1].text if last + 1 < len(row.words) else ""
    if sign in (":", "#", "#:", "#.", "#)") or sign.startswith("#:"):  # Visit #:V123456
        return last + 1, True
    if is_marked or last + 1 >= len(row.words):
        return last, is_marked
    if not row.words[last + 1].text.startswith("("):
        return last, is_marked
    for end in range(last + 1, min(last + 9, len(row.words))):
        if sum(c.isdigit() for c in row.words[end].text) > _DIGITS_OF_A_HINT:
            return last, is_marked  # the area code of a telephone number
        if ")" in row.words[end].text:
            return end, row.words[end].text.endswith(":")
    return last, is_marked


_HINTS = frozenset(
    "last first middle initial initials mi title print printed please surname forename given and".split()
)
"""Words behind the label of a name that say how to write it: 'Patient: Last, First', 'Full Name & Title'."""


def _with_hints(row: Row, last: int) -> int:
    """Where the label of a name ends that goes on with how to write it, before a gap or the end of its row."""
    end = last
    while end + 1 < len(row.words) and not _gap_before(row, end + 1):
        word = row.words[end + 1].text
        if word != "&" and normal.plain(word) not in _HINTS:
            return last
        end += 1
    return end


_DIGITS_OF_A_HINT = 2
"""Digits of a word in the brackets of a label at most: '(For Program in Item 1)'."""


def _stands_as_label(row: Row, first: int, last: int, *, follows: bool) -> bool:
    """Without a colon a label starts its row or follows a gap or a number, and a gap or the row's end comes after it.

    Where it follows another label, as in the head of a table, a smaller gap will do.
    """
    height = max(1, row.words[first].box.height) * row.wide
    least = 0.4 if follows else 1.2
    starts = first == 0 or is_bar(row.words[first - 1].text)
    starts = starts or row.words[first].box.left - row.words[first - 1].box.right > least * height
    if not starts and (_NUMBER.match(row.words[first - 1].text) or _LETTER.match(row.words[first - 1].text)):
        starts = first == 1 or row.words[first - 1].box.left - row.words[first - 2].box.right > 1.2 * height
    if last + 1 < len(row.words):
        follower = row.words[last + 1]
        is_leader = not any(c.isalnum() for c in follower.text)
        ends = is_leader or follower.box.left - row.words[last].box.right > 0.8 * height
    else:
        ends = True
    return starts and (ends or (first == 0 and last > first))  # one bare word may begin any sentence
