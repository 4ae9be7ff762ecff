"""Insurance: payer, member id (with the Medicare MBI pattern as a repair key), group number."""

import re

from classify import normal
from classify.fields.notnames import is_sentence
from classify.finding.field import Field
from classify.profile import Profile

_A, _N, _AN = "AC-HJKMNP-RT-Y", "0-9", "AC-HJKMNP-RT-Y0-9"
MBI = re.compile(rf"[1-9][{_A}][{_AN}]\d[{_A}][{_AN}]\d[{_A}]{{2}}\d{{2}}")
"""Medicare Beneficiary Identifier, CMS format: no S, L, O, I, B, Z."""

_DIGIT_PLACES = (0, 3, 6, 9, 10)


def repair_mbi(text: str) -> str | None:
    """The MBI that a misread text stands for (only digits can be in five places), or None."""
    compact = [c for c in text if normal.number(c)]
    if len(compact) != 11:
        return None
    fixed = "".join(normal.read_as_digits(c) if i in _DIGIT_PLACES else c.upper() for i, c in enumerate(compact))
    return fixed if MBI.fullmatch(fixed) else None


def parse_member(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A member id: at least five letters and digits, some of them digits."""
    words = text.split()
    mbi = repair_mbi("".join(words[:3]))
    if mbi:
        return mbi, True
    first = normal.number(words[0]) if words else ""
    if len(first) >= 5 and sum(c.isdigit() for c in first) >= 3:
        return first, True
    return None


_MEDICARE_PARTS = re.compile(r"(?i)\b(?:medicare )?(?:parts? |(?<=medicare ))[A-D](?: (?:and|&) [A-D])?\b")
"""'Medicare Part A and B' is a name with words of sentences in it."""


def parse_payer(text: str, profile: Profile) -> tuple[str, bool] | None:
    """The name of an insurer, as printed."""
    kept = " ".join(re.sub(r"[^\w&.' -]", " ", text).split())
    if is_sentence(_MEDICARE_PARTS.sub("", kept)) or not kept[:1].isupper():
        return None
    if {"claim", "form"} <= set(normal.plain(kept).split()):
        return None  # the title of a claim
    return (kept, True) if sum(c.isalpha() for c in kept) >= 4 else None


def parse_group(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A group number or code."""
    first = normal.number(text.split()[0]) if text.split() else ""
    return (first, True) if len(first) >= 3 and any(c.isdigit() for c in first) else None


def parse_bin(text: str, profile: Profile) -> tuple[str, bool] | None:
    """Six digits that route a pharmacy claim (ISO/IEC 7812 issuer number)."""
    digits = normal.number(normal.read_as_digits(text.split()[0])) if text.split() else ""
    return (digits, len(digits) == 6) if digits.isdigit() and len(digits) >= 5 else None


def parse_code(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A processor control number or the like: letters and digits."""
    first = normal.number(text.split()[0]) if text.split() else ""
    return (first, True) if len(first) >= 2 else None


def parse_relationship(text: str, profile: Profile) -> tuple[str, bool] | None:
    """Self, spouse, child, parent or other (HL7 table 0063 in words)."""
    word = normal.plain(text.split()[0]) if text.split() else ""
    known = {"self": "self", "spouse": "spouse", "wife": "spouse", "husband": "spouse", "child": "child", "son": "child", "daughter": "child",
             "mother": "parent", "father": "parent", "parent": "parent", "guardian": "guardian", "other": "other"}  # fmt: skip
    return (known[word], True) if word in known else None


PAYER = Field(
    "payer",
    ("payer", "insurance", "insurance company", "primary insurance", "insurance carrier", "insurance plan",
     "health plan", "payor", "insurance name", "plan name", "insurance provider", "insurance plan name or program name", "payer name", "name of insurance",
     "primary payer", "third party payor", "third party payer", "coverage", "primary coverage", "insurance co", "primary insurance company", "insurance company name", "primary carrier", "primary plan", "insurer", "ins 1", "insurance 1", "payer 1", "primary insurer", "primary insurance plan", "financial payer", "third party", "ins name", "ins plan", "ins carrier", "insurance payer", "payer/plan", "payer source", "pay source", "payor source", "extended health plan", "health fund", "fund name", "private health fund",
     "private insurer", "other health insurance", "third party insurance", "insurance co name"),
    parse_payer,
    most_words=6,
    title="Payer",
)  # fmt: skip
PLAN = Field("payer/plan", ("plan",), parse_payer, most_words=6)
"""'PLAN: continue lisinopril' heads a part of a note: classify/fields/ranked.py tells which plans pay."""

CARRIER = Field("payer/carrier", ("carrier",), parse_payer, most_words=6)
"""'Carrier: asymptomatic' is said of a disease."""

MEMBER = Field(
    "member_id",
    ("member id", "member number", "member no", "member #", "subscriber id", "subscriber number", "policy number", "policy no", "policy #",
     "insured id", "insured's i.d. number", "medicare number", "id number", "identification number", "member", "policy id", "subscriber no",
     "insurance id", "mbi", "id #", "insured id number", "id no", "member identification", "member id no", "member id number", "insurance id number", "policy id number",
     "identification no", "subscriber identification", "medicare id", "hic number", "certificate number", "enrollee id", "cert number", "contract number", "identity number", "member card number", "insured identification number", "cardholder id", "contract id", "coverage id", "beneficiary id", "health insurance claim number", "recipient id", "medicaid id", "medicaid number",
     "membership no", "membership number", "fund membership no", "fund member no", "id no on card", "id on card", "number on card", "certificate no", "policy id no", "policy/id no"),
    parse_member,
    most_words=3,
    is_typed=True,
    title="Member id",
)  # fmt: skip
GROUP = Field(
    "group",
    ("group", "group number", "group no", "group #", "grp", "grp #", "group id", "grp no", "policy group", "group policy", "group policy number", "grp number", "group or plan number", "group code"),
    parse_group,
    most_words=2,
    is_typed=True,
    title="Group",
)  # fmt: skip
RX_BIN = Field(
    "rx_bin",
    ("rx bin", "rxbin", "bin", "bin no", "bin number", "bin #"),
    parse_bin,
    most_words=1,
    is_typed=True,
    title="RxBIN",
)
RX_PCN = Field("rx_pcn", ("rx pcn", "rxpcn", "pcn"), parse_code, most_words=1, title="RxPCN")
RELATIONSHIP = Field(
    "relationship",
    ("relationship", "relationship to patient", "relationship to insured", "patient relationship to insured", "patient's relationship to insured",
     "relationship to subscriber", "relation to patient", "relation to insured", "relation"),
    parse_relationship,
    most_words=1,
    title="Relationship",
)  # fmt: skip
