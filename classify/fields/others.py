"""Who else than the patient a page names: relatives, guarantors, contacts, providers; by their headings, labels and titles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from classify import normal
from classify.fields import attending
from classify.finding.labels import STOPS
from classify.finding.labelwords import in_full
from classify.rows import Row
from ocr.page import Word

RELATIVES = frozenset(
    normal.plain(label)
    for label in (
        "emergency contact", "next of kin", "contact", "contact person", "spouse", "husband", "wife", "mother", "father", "parent", "parents", "guardian",
        "parent guardian", "legal guardian", "child", "son", "daughter", "sibling", "brother", "sister", "caregiver", "insured", "subscriber", "policy holder",
        "policyholder", "name of insured", "witness", "guarantor", "responsible party", "person responsible", "employer", "legal representative",
        "power of attorney", "health care proxy", "agent", "donor", "nearest relative", "relative", "interpreter",
        "in case of emergency", "kin", "contact name", "guarantor name", "subscriber name", "responsible person", "party responsible", "persona responsable", "name organization", "organization", "agency name", "company name", "personal representative", "authorized representative", "requesting provider",
        "en caso de emergencia", "release to", "released to", "disclose to", "policy owner", "asegurado", "probation officer", "case manager", "informant", "caller", "report called to", "pharmacy",
    )
)  # fmt: skip
"""Headings and labels of other people than the patient; what stands beside them is theirs."""

OF_A_HEADING = frozenset(
    "1 2 3 name names information info data details section s relationship or of party emergency kin".split()
)
"""Words that a heading of others may go on with."""

BLOCK_ROWS = 6
"""Rows under such a heading that are theirs, unless one begins with the patient."""

PROVIDERS = frozenset(
    normal.plain(label)
    for label in (
        *attending.FIELD.labels, "dr", "cc", "copies to", "copy to", "distribution", "attn", "attention", "signed", "signed by", "signature",
        "authenticated by", "printed name", "print name", "nurse", "therapist", "technician", "technologist", "referred by", "reviewed by", "verified by",
        "care team", "prepared by", "entered by", "prescriber", "sincerely", "crew", "medic", "paramedic", "clinician", "supervised by", "report to",
        "referring", "ordering", "requesting", "consulting", "treating", "interpreting", "performing", "supervising",
        *(stop for stop in STOPS if stop.endswith(("physician", "provider", "doctor")) or stop in ("pcp", "surgeon", "assistant", "transcribed by")),
    )
)  # fmt: skip
"""Labels and words before the name of somebody who treats, signs, or gets a copy."""

_HEADINGS = frozenset(
    normal.plain(label)
    for label in (
        "insurance", "primary insurance", "secondary insurance", "insurance coverage", "coverage", "payer", "insurance policy", "subscriber information",
        "cc list", "care team", "providers", "treatment team", "family", "family members", "household", "contacts", "emergency contacts", "roommate",
        "family history", "previous patient", "other patient", "practice information", "facility information", "account information",
        "ordering provider information", "ordering physician information", "requesting provider information", "referring provider information",
        "sender", "sender information", "recipient", "recipient information",
    )
)  # fmt: skip
"""Headings of blocks that name others, where no word beside the name does."""

_OF_THE_CLIENT = frozenset({"client", "client information", "client details"})
"""On a laboratory's report the client is the practice that ordered; elsewhere the client is the patient. What tells is a
heading of the patient's own beside it."""

_CLIENT_ROWS = 10
"""Rows of the client's column in the head of a laboratory's report: number, name, practice, address, telephone, fax."""

_OF_THE_PATIENT = frozenset({"patient information", "patient details", "patient data", "patient demographics"})

_KIN_BEFORE_OR_AFTER = frozenset(
    "mom dad mommy daddy grandmother grandfather grandma grandpa aunt uncle niece nephew cousin twin stepmother stepfather roommate neighbor friend "
    "partner fiance fiancee proxy poa maternal paternal mothers fathers spouses".split()
)
"""Relatives in running text, beside those of the table."""

_SOURCES = frozenset(
    normal.plain(label)
    for label in (
        "taken from", "obtained from", "provided by", "given by", "reported by", "supplied by", "accompanied by", "brought in by", "brought by", "signed by",
        "explained to", "discussed with", "spoke with", "spoke to", "reached", "notified", "historian", "source of history", "history source",
        "also present", "present today", "also attending", "saw him with", "saw her with", "saw them with", "seen with", "seen together with", "seen along with",
        "here with", "attended with", "came with", "comes with", "came in with", "lives with", "living with", "message from", "signed in", "logged in as", "viewed by",
    )
)  # fmt: skip
"""What stands before the name of who gave a history, came along or signed, in running text (a note's informant: CMS, 1997
Documentation Guidelines for Evaluation and Management, 'the nature and source of the history')."""

_CHILD_OF = frozenset(
    "b o|baby of|baby boy of|baby girl of|bb of|bg of|newborn of|newborn son of|newborn daughter of|infant of|infant son of|infant daughter of|"
    "child of|son of|daughter of|boy of|girl of".split("|")
)
"""What stands before the mother's name on the paper of her child."""

_CREDENTIALS = normal.TITLES - {"mr", "mrs", "ms", "miss", "dr", "pt"}

_SUBJECT = frozenset(
    "patient|patients|pt|re|regarding|resident|client|decedent|member name|patient name|child|child s name|childs name|name of child|minor|"
    "student|student name|infant|infant s name".split("|")
)
"""Words before the name of the one whose document it is. 'Child' is one of them: on the forms of a child doctor the child is
the patient, and in a mother's note another name than hers is a reason to ask."""


def rows_of_others(rows: tuple[Row, ...]) -> dict[int, bool]:
    """Rows about somebody who is not the patient: True for a whole row under or in a heading, False for one that
    begins with a label of theirs."""
    found: dict[int, bool] = {}
    left = 0
    for number, row in enumerate(rows):
        words = _words_of(row)
        behind = _BEHIND.search(row.text) if len(row.words) <= _MOST_BEHIND else None
        if behind and _is_of_another(behind[1]):
            found[number], left = True, ROWS_BEHIND
            continue
        if behind and normal.plain(behind[1]).startswith(("patient", "pt ", "resident")):
            left = 0
        named = _named(words)
        if _is_a_question(row):
            left = 0
        if _is_headed(row, words):
            found[number], left = True, BLOCK_ROWS
        elif words[:1] in (["patient"], ["pt"]):
            left = 0
        elif named:
            found[number] = False
            tells_how = not _RELATION.isdisjoint(words)  # Insured's name, if other: … Relationship: …
            left = ROWS_OF_A_RELATION if tells_how else left
        elif left:
            found[number], left = True, left - 1
        elif found.get(number - 1) is False and words[:1] and words[0] in _RELATION:
            found[number], left = True, ROWS_OF_A_RELATION  # Resp party: …, and under it how they are related
    return found


_LONGEST_QUESTION = 8


def _is_a_question(row: Row) -> bool:
    """Whether a row is a heading that asks: 'Who is this claim for?'."""
    return row.text.endswith("?") and len(row.words) <= _LONGEST_QUESTION and not any(c.isdigit() for c in row.text)


def _words_of(row: Row) -> list[str]:
    """The words of a row in full, without the number of a box before them."""
    words = in_full(normal.plain(row.text).split())
    first = next((n for n, word in enumerate(words) if not word.isdigit()), len(words))
    return words[first:]


def _is_headed(row: Row, words: list[str]) -> bool:
    """Whether a row is a heading of others, in one language or in one of two."""
    sides = [in_full(normal.plain(side).split()) for side in row.text.split("/")]
    return _heads(words) or any(_heads(side) for side in sides if len(sides) > 1)


def _named(words: list[str]) -> int:
    """How many words of a row's beginning name another person, 0 for none: 'Subscriber ID' is a number that the patient has."""
    named = max((n for n in (1, 2, 3, 4) if " ".join(words[:n]) in RELATIVES), default=0)
    return 0 if words[named : named + 1] in (["id"], ["number"]) else named


def _heads(words: list[str]) -> bool:
    """Whether these words are a heading of others and nothing else."""
    named = _named(words)
    return bool(named) and all(word in OF_A_HEADING or word in RELATIVES for word in words[named:])


_BEHIND = re.compile(r"\w \(([A-Za-z][^()]{2,40})\)$")
"""A label in brackets at the end of a row, behind its value."""

_MOST_BEHIND = 10
"""Words of such a row; running text has more."""

_RELATION = frozenset({"relation", "relationship", "parentesco"})

ROWS_OF_A_RELATION = 2
"""Rows under how somebody is related that are theirs: a birthday, a telephone."""

ROWS_BEHIND = 3
"""Rows under 'Rivera, Rosa (Guarantor)' that are hers: how she is related, born and called."""


def _is_of_another(label: str) -> bool:
    words = normal.plain(label).split()
    return words[0].startswith("relation") or any(" ".join(words[:n]) in RELATIVES for n in (1, 2, 3, 4))


@dataclass(frozen=True, slots=True)
class Role:
    """A word or phrase that says of whom a row goes on to speak: its words in the row, and whether of another, or kin."""

    first: int
    last: int
    is_of_another: bool
    is_kin: bool


class Claims:
    """Which words of a page are about another person than the patient, by place and role words (docs/patients.md)."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows
        self._plain = [tuple(_plain(word.text) for word in row.words) for row in rows]
        self._roles = [tuple(_roles(words)) for words in self._plain]
        if self._is_sent():
            self._roles = [self._with_ends(number) for number in range(len(rows))]
        self._headed = self._under_headings()

    def _is_sent(self) -> bool:
        """Whether the page says from whom and to whom it goes, as the cover of a fax does."""
        ends = {word.text.lower() for row in self._rows for word in row.words if word.text.endswith(":")}
        return ends >= _ENDS

    def _with_ends(self, number: int) -> tuple[Role, ...]:
        """The roles of a row, with those of whom the page is from and to."""
        ends = [
            Role(at, at, is_of_another=True, is_kin=True)
            for at, word in enumerate(self._rows[number].words)
            if word.text.lower() in _ENDS
        ]
        return tuple(sorted((*self._roles[number], *ends), key=lambda role: role.first))

    def is_subject(self, row: int, first: int) -> bool:
        """Whether the word before says that this is the one whose document it is: Re:, Patient:."""
        return any(not role.is_of_another and role.last == first - 1 for role in self._roles[row])

    def is_of_another(self, row: int, first: int, last: int) -> bool:
        """Whether these words of a row are said of another: a role before them in the row, just after them, or above."""
        before = [role for role in self._roles[row] if role.last < first]
        if any(first <= role.last and role.first <= last and role.is_of_another for role in self._roles[row]):
            return True
        if self._is_named_after(row, last) or self._holds_a_degree(row, first, last):
            return True
        if before:
            return before[-1].is_of_another
        return self.is_headed(row, first) or self._is_of_the_row_above(row, first) or self._is_of_a_column(row, first)

    def _is_named_after(self, row: int, last: int) -> bool:
        """'Wei Chen, MD', 'Mary Smith (mother)' and 'Wei Chen's office'; a word with a colon announces what follows it."""
        words = self._rows[row].words
        if last + 1 == len(words) and row + 1 < len(self._rows) and self._goes_on(row):
            return self._plain[row + 1][0] in _kin() and self._rows[row + 1].words[0].text.startswith("(")
        for index in range(last + 1, min(last + 3, len(words))):
            if words[index].text.endswith(":"):
                return False
            plain = self._plain[row][index]
            if _is_degree(plain) or plain in _kin():
                return True
            if index == last + 1 and plain in _WORKPLACES and self._plain[row][last].endswith(" s"):
                return True
        return False

    def _goes_on(self, row: int) -> bool:
        """Whether the next row follows as lines of a paragraph do."""
        above, below = self._rows[row].box, self._rows[row + 1].box
        return below.top - above.bottom <= 1.5 * max(below.height, 12)

    def _holds_a_degree(self, row: int, first: int, last: int) -> bool:
        """Whether a name ends with a degree in letters with full stops: Paul Iyer, M.D."""
        return any(_is_degree(plain) for plain in self._plain[row][first + 1 : last + 1])

    def _is_of_the_row_above(self, row: int, first: int) -> bool:
        """A relative named at the end of the line before, or a label of theirs right above, which has no value beside it."""
        if row == 0:
            return False
        above, words = self._rows[row - 1], self._rows[row].words
        if words[0].box.top - above.box.bottom > 2.2 * max(above.box.height, 12):
            return False
        kin = [role for role in self._roles[row - 1] if role.is_kin and role.is_of_another]
        is_born = self._plain[row - 1][-1] == "born" and bool(kin) and kin[-1] is self._roles[row - 1][-1]
        if (is_born or any(role.last >= len(above.words) - 3 for role in kin)) and first <= max(
            1, self._end_of_sentence(row)
        ):
            return True
        high = max(words[first].box.height, 12)
        left = words[first].box.left + 1.5 * high
        over = [role for role in self._roles[row - 1] if above.words[role.first].box.left <= left]
        return bool(over) and over[-1] in kin and self._has_no_value(row - 1, over[-1])

    def _is_of_a_column(self, row: int, first: int) -> bool:
        """Whether the cell that begins with this word stands in the column of a role that is a whole label: 'Referring' over
        the name, 'Crew 1' under it, 'Prescriber' over many. Of labels over and under it the nearer one is the cell's."""
        words = self._rows[row].words
        if not any(first == begins for begins, _ in _pieces(words)):
            return False
        top, bottom, high = words[first].box.top, words[first].box.bottom, max(words[first].box.height, 12)
        over = self._rows[row - 1].box.bottom if row else None
        under = self._rows[row + 1].box.top if row + 1 < len(self._rows) else None
        gap_over = top - over if over is not None else _FAR * high
        gap_under = under - bottom if under is not None else _FAR * high
        if gap_under < gap_over:
            return gap_under <= 2 * high and self._has_role_at(row + 1, words[first])
        below = top
        for number in range(row - 1, max(-1, row - 1 - _MOST_OF_A_COLUMN), -1):
            box = self._rows[number].box
            if below - box.bottom > 2 * high:
                return False
            if self._has_role_at(number, words[first]):
                return True
            below = min(below, box.top)
        return False

    def _has_role_at(self, number: int, word: Word) -> bool:
        """Whether a row of labels has one of another over or under this word, and nothing but the role in it."""
        words, roles = self._rows[number].words, self._roles[number]
        if any(sum(map(str.isdigit, other.text)) > _DIGITS_OF_A_LABEL for other in words):
            return False
        for begins, ends in _pieces(words):
            is_aligned = abs(words[begins].box.left - word.box.left) <= max(word.box.height, 12)
            if is_aligned and any(
                r.is_of_another and begins <= r.first and r.last <= ends and ends - begins <= r.last - r.first + 1
                for r in roles
            ):
                return True
        return False

    def _end_of_sentence(self, row: int) -> int:
        """The last word of the sentence that goes on from the row before; 0 where a comma or a gap shows none."""
        words = self._rows[row].words
        for index, word in enumerate(words):
            if index and word.box.left - words[index - 1].box.right > _PIECE_GAP * max(word.box.height, 12):
                return 0
            if word.text.endswith((".", ";")) and len(word.text) > _LONGEST_ABBREVIATION:
                return index
        return 0

    def _has_no_value(self, row: int, role: Role) -> bool:
        words = self._rows[row].words
        following = [r.first for r in self._roles[row] if r.first > role.last]
        values = words[role.last + 1 : min(following, default=len(words))]
        return len(values) <= _MOST_OF_A_LABEL and not any(sum(map(str.isdigit, word.text)) > 2 for word in values)

    def is_headed(self, row: int, first: int) -> bool:
        """Whether a word stands under a heading of others, in its column."""
        at = self._rows[row].words[first].box.left
        return any(left <= at < right for left, right in self._headed[row])

    def _under_headings(self) -> list[list[tuple[float, float]]]:
        """For each row, from where to where it lies under a heading of others: six rows, in the column of the heading."""
        headed: list[list[tuple[float, float]]] = [[] for _ in self._rows]
        has_own = any(_OF_THE_PATIENT & set(_phrases_of(words)) for words in self._plain)
        for number, row in enumerate(self._rows):
            pieces = _pieces(row.words)
            for place, (first, last) in enumerate(pieces):
                words = " ".join(self._plain[number][first : last + 1]).split()
                is_client = has_own and " ".join(words) in _OF_THE_CLIENT
                if not is_client and not _is_heading(words):
                    continue
                height = max(row.box.height, 12)
                left = row.words[first].box.left - 2 * height
                right = row.words[pieces[place + 1][0]].box.left - height if place + 1 < len(pieces) else float("inf")
                rows = _CLIENT_ROWS if is_client else BLOCK_ROWS
                for below in range(number + 1, min(number + 1 + rows, len(self._rows))):
                    if self._plain[below][0] in ("patient", "pt") and self._rows[below].words[0].box.left >= left:
                        break
                    headed[below].append((left, right))
        return headed


_ENDS = frozenset({"to:", "from:"})

_WORKPLACES = frozenset("office clinic practice service team list rounds surgery rooms".split())
"""What stands behind the name of who treats there: Rivera, Ana's office."""

_LONGEST_ABBREVIATION = 3
"""Letters of an initial or 'Mr.', which end no sentence."""

_MOST_OF_A_LABEL = 6
"""Words of a form's label after the role: MOTHER'S NAME PRIOR TO FIRST MARRIAGE; numbers of boxes have two digits."""

_FAR, _MOST_OF_A_COLUMN, _DIGITS_OF_A_LABEL = 100, 12, 2
"""Line heights that are no neighbourhood; rows under the head of a column; digits of a label, which boxes are numbered with."""

_PIECE_GAP = 4
"""Line heights between two columns of a row; no space inside a value is as wide (finding/places.py)."""


def _pieces(words: tuple[Word, ...]) -> list[tuple[int, int]]:
    """First and last word of each piece of a row that stands by itself."""
    pieces, first = [], 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index].box.left - words[index - 1].box.right > _PIECE_GAP * max(
            words[index].box.height, 12
        ):
            pieces.append((first, index - 1))
            first = index
    return pieces


def _phrases_of(words: tuple[str, ...]) -> Iterator[str]:
    """Two words after each other."""
    return (" ".join(pair) for pair in pairwise(words))


def _is_heading(words: list[str]) -> bool:
    if " ".join(words) in _HEADINGS:
        return True
    others = RELATIVES - _SUBJECT
    named = max((n for n in (1, 2, 3, 4) if " ".join(words[:n]) in others | _HEADINGS), default=0)
    return bool(named) and all(word in OF_A_HEADING or word in RELATIVES for word in words[named:])


def _is_degree(plain: str) -> bool:
    """Whether a word is a degree or licence: MD, M.D., and of somebody's office or list MD's."""
    return plain.removesuffix(" s").replace(" ", "") in _CREDENTIALS


def _plain(text: str) -> str:
    return text.lower() if text.isascii() and text.isalpha() else normal.plain(text)


@cache
def _phrases() -> dict[str, tuple[bool, bool]]:
    """Each phrase with whether it means another than the patient, and whether a relative or payer."""
    found = dict.fromkeys(PROVIDERS, (True, False))
    found.update(dict.fromkeys(RELATIVES | _KIN_BEFORE_OR_AFTER | _CHILD_OF | _SOURCES, (True, True)))
    found.update(dict.fromkeys(_SUBJECT, (False, False)))
    return found


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _phrases())


@cache
def _kin() -> frozenset[str]:
    return frozenset(phrase for phrase in (RELATIVES | _KIN_BEFORE_OR_AFTER) - _SUBJECT if " " not in phrase)


@cache
def role_words() -> frozenset[str]:
    """Single words that say who somebody is and are no part of a name."""
    phrases = _phrases().keys() - _CHILD_OF - _SOURCES
    words = {word for phrase in phrases for word in phrase.split()} - normal.PARTICLES  # 'en caso de emergencia'
    return frozenset(words) | _CREDENTIALS | normal.TITLES


def _roles(words: tuple[str, ...]) -> Iterator[Role]:
    """The roles of a row, left to right, the longest phrase at each place; a possessive counts: Mother's DOB."""
    at = 0
    while at < len(words):
        head = words[at].split()
        if not head or head[0] not in _first_words():
            at += 1
            continue
        for size in (4, 3, 2, 1):
            phrase = " ".join(words[at : at + size]).removesuffix(" s")
            if at + size <= len(words) and (
                kind := _phrases().get(phrase) or _phrases().get(head[0] if size == 1 else "")
            ):
                yield Role(at, at + size - 1, *kind)
                at += size
                break
        else:
            at += 1
