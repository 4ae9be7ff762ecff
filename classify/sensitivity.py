"""Which documents need more than the usual protection, and why: labels with the words that speak for them.

Labels are those of HL7 v3-ActCode (confidentiality and sensitivity policies). One plain sign is enough for a label;
a weak sign alone leaves the document *unclear*, and unclear means restricted until a person decides: 45 CFR
164.508(a)(2) for psychotherapy notes, 42 CFR Part 2 for records of substance use programs, state law for the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from classify.rows import Row

UNCLEAR = "UNCLEAR"


@dataclass(frozen=True, slots=True)
class Label:
    """One sensitivity label, the words of the page that speak for it, and where they stand."""

    code: str
    reason: str
    page: int


@dataclass(frozen=True, slots=True)
class _Rule:
    """A label, its plain signs, signs that are weak alone, kinds of document that always bear it."""

    code: str
    name: str
    plain: tuple[str, ...]
    weak: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


RULES: tuple[_Rule, ...] = (
    _Rule(
        "PSYTHPN", "psychotherapy note",
        (r"psychotherapy notes?", r"therapy session notes?", r"process notes?", r"session content"),
        (r"transference", r"countertransference"),
    ),
    _Rule(
        "ETH", "substance use",
        (r"42 cfr part 2", r"substance (?:use|abuse) (?:disorder )?(?:treatment|program|counsel)", r"chemical dependency", r"detox(?:ification)?",
         r"methadone (?:clinic|maintenance|program)", r"opioid treatment program", r"suboxone", r"buprenorphine", r"ciwa", r"alcoholics anonymous",
         r"narcotics anonymous", r"(?:alcohol|opioid|cocaine|heroin|drug) (?:use disorder|dependence|abuse|addiction)"),
        (r"alcohol withdrawal", r"drug screen positive", r"intoxicat(?:ed|ion)", r"relapsed?"),
        kinds=("SUD_RECORD",),
    ),
    _Rule(
        "HIV", "HIV or AIDS",
        (r"\bhiv(?:[ /-]?(?:1|2|aids|positive|infection|antibody|viral load))", r"\bhiv\b", r"(?-i:(?<!HEARING )(?<!WALKING )\bAIDS\b)", r"human immunodeficiency", r"antiretroviral",
         r"cd4 (?:count|cells)", r"\bhaart\b"),
    ),
    _Rule(
        "BH", "behavioural health",
        (r"psychiatric (?:evaluation|progress|history|admission|unit)", r"mental status exam", r"bipolar (?:disorder|i\b|ii\b)", r"schizo(?:phrenia|affective)",
         r"suicid(?:al|e) (?:ideation|attempt)", r"major depressive disorder", r"involuntary (?:hold|commitment)", r"electroconvulsive", r"borderline personality"),
        (r"\bdepression\b", r"\banxiety\b", r"\bptsd\b", r"self[- ]harm"),
        kinds=("BEHAVIORAL",),
    ),
    _Rule(
        "SEX", "sexual and reproductive health",
        (r"(?:elective|therapeutic|induced) abortion", r"termination of pregnancy", r"gender (?:dysphoria|affirming|identity disorder)", r"\bd\s?&\s?c for (?:elective|termination)",
         r"sexual (?:dysfunction|history:? (?!not))", r"erectile dysfunction"),
        (r"contracepti(?:on|ve)", r"infertility", r"vasectomy", r"pregnancy test"),
    ),
    _Rule(
        "STD", "sexually transmitted disease",
        (r"sexually transmitted", r"\bgonorrh(?:o)?ea", r"\bchlamydia(?: trachomatis)?", r"\bsyphilis\b", r"\bgenital herpes", r"\btrichomon(?:as|iasis)", r"\bhpv positive"),
        (r"\brpr\b", r"\bvdrl\b"),
    ),
    _Rule(
        "SDV", "sexual assault or domestic violence",
        (r"sexual assault", r"\brape\b", r"domestic violence", r"intimate partner violence", r"child abuse", r"elder abuse", r"\bsane exam", r"sexual abuse"),
        (r"feels unsafe at home", r"restraining order"),
    ),
    _Rule(
        "GDIS", "genetic information",
        (r"genetic (?:test|counsel|screen|disorder|mutation|carrier)", r"\bbrca ?[12]\b", r"carrier (?:status|screen)", r"huntington'?s? disease", r"karyotype",
         r"exome sequenc", r"lynch syndrome", r"cystic fibrosis carrier"),
    ),
)  # fmt: skip

_DENIED = re.compile(
    r"(?:\bno\b|\bnot\b|denies|denied|negative for|without|\bnon[- ]?|never|history of no|rule[sd]? out|screen(?:ing)? for|risk of)(?:\W+\w+){0,4}\W*$"
)
"""Words before a sign that take it back: 'denies suicidal ideation', 'no history of drug abuse'."""

_MINOR_SIGNS = re.compile(r"(?i)minor consent|emancipated minor|confidential adolescent|mature minor")
_MINOR = 18


def labels_of(
    pages: list[tuple[int, tuple[Row, ...]]], kind: str, born: date | None, served: date | None
) -> tuple[Label, ...]:
    """The labels of a document: one row a label with its reason, or UNCLEAR with what is doubtful; none when nothing speaks."""
    found: dict[str, Label] = {}
    weak: list[Label] = []
    for rule in RULES:
        if kind in rule.kinds:
            found[rule.code] = Label(rule.code, f"{rule.name}: this kind of document", pages[0][0] if pages else 1)
    for number, rows in pages:
        text = "\n".join(row.text for row in rows)
        for rule in RULES:
            if rule.code not in found and (sign := next(_signs(_pattern(rule.plain), text), None)):
                found[rule.code] = Label(rule.code, f"{rule.name}: “{sign}”", number)
            if rule.weak and (sign := next(_signs(_pattern(rule.weak), text), None)):
                weak.append(Label(UNCLEAR, f"may be {rule.name}: “{sign}”", number))
        if match := _MINOR_SIGNS.search(text):
            found["MINOR"] = Label("MINOR", f"minor's own consent: “{match[0]}”", number)
    if not found:
        return tuple(weak[:1])
    return with_minor(tuple(found.values()), born, served)


def with_minor(labels: tuple[Label, ...], born: date | None, served: date | None) -> tuple[Label, ...]:
    """The labels, and that of a minor when the patient was one and the care is such as a minor may consent to."""
    codes = {label.code for label in labels}
    is_minor = born is not None and served is not None and (served - born).days < _MINOR * 365.25
    if not is_minor or "MINOR" in codes or not codes & {"SEX", "STD", "ETH", "BH", "PSYTHPN"}:
        return labels
    reason = "the patient was a minor, and the document is about care a minor may consent to"
    return (*labels, Label("MINOR", reason, 1))


@cache
def _pattern(signs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{sign})" for sign in signs).replace(" ", r"\s"), re.IGNORECASE)


def _signs(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Signs that the words before them do not take back."""
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 60) : match.start()].lower()
        if not _DENIED.search(re.split(r"[.;:!?\n]", before)[-1]):  # a denial ends with its sentence
            yield " ".join(match[0].lower().split())
