"""Which documents need more than the usual protection, and why: labels with the words that speak for them.

Labels are those of HL7 v3-ActCode (confidentiality and sensitivity policies). One plain sign is enough for a label;
a weak sign alone leaves the document *unclear*, and unclear means restricted until a person decides: 45 CFR
164.508(a)(2) for psychotherapy notes, 42 CFR Part 2 for records of substance use programs, state law for the rest.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from classify import doctypes
from classify.rows import Row

UNCLEAR = "UNCLEAR"


class LabelSource(StrEnum):
    """What a label rests on."""

    TEXT = "text"  # words of the pages
    KIND = "kind"  # the kind of document: it goes when a person says that it is another kind
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Label:
    """One sensitivity label, the words of the page that speak for it, where they stand, and what it rests on."""

    code: str
    reason: str
    page: int
    source: LabelSource = LabelSource.TEXT
    by: str = ""  # the person who gave it
    at: str = ""
    via: int | None = None  # the document from which it came along with a page


@dataclass(frozen=True, slots=True)
class Lifted:
    """A label that a person lifted: its own reason, why it was lifted, and the pages that the document had then."""

    code: str
    reason: str
    why: str
    by: str
    at: str
    pages: tuple[int, ...]
    source: LabelSource = LabelSource.TEXT


@dataclass(frozen=True, slots=True)
class Standing:
    """A label that every document of a kind bears, whatever its pages say, and the rule that it follows."""

    kind: str
    code: str
    rule: str


STANDING: tuple[Standing, ...] = (
    Standing("SUD_RECORD", "ETH", "42 CFR 2.11 and 2.12: records of a programme for substance use disorders"),
    Standing(
        "BEHAVIORAL", "BH", "state law on mental health records; psychotherapy notes among them: 45 CFR 164.508(a)(2)"
    ),
)
"""Standing labels of the kinds that come along; a site adds its own (`[types.CODE]` `access` in its profile). None can be
taken away by a profile: they follow from law."""


_DEPRESSION = (
    r"(?<!\bst )(?<!segment )(?<!t wave )(?<!t-wave )(?<!respiratory )(?<!cns )(?<!marrow )(?<!skull )(?<!scapular )(?<!cardiac )(?<!growth )"
    r"\bdepression\b(?! of\b| in (?:leads?|ii|iii|av|v\d))"
)
"""Not the depression of a segment, the breathing, the marrow, a bone: anatomy and physiology have more than one."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A label, its plain signs, and signs that are weak alone.

    `symptoms` are words that any patient's note may hold. They are weak signs where one of `company` or a second symptom
    stands in the same sentence, and none alone: 'some depression after surgery' protects no operative report. In a sentence
    with one of `elsewhere` a sign means something else.
    """

    code: str
    name: str
    plain: tuple[str, ...]
    weak: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


RULES: tuple[_Rule, ...] = (
    _Rule(
        "PSYTHPN", "psychotherapy note",
        (r"psychotherapy notes?", r"therapy session notes?", r"process notes?", r"session content"),
        (r"transference", r"countertransference"),
    ),
    _Rule(
        "ETH", "substance use",
        (r"42 cfr part 2", r"substance (?:use|abuse) (?:disorder )?(?:treatment|program|counsel)", r"chemical dependency", r"\bdetox(?:ification(?! (?:of|by|enzymes?|in the liver)\b))?\b",
         r"methadone (?:clinic|maintenance|program)", r"opioid treatment program", r"suboxone", r"buprenorphine", r"ciwa", r"alcoholics anonymous",
         r"narcotics anonymous", r"(?:alcohol|opioid|cocaine|heroin|drug) (?:use disorder|dependence|abuse|addiction)"),
        (r"alcohol withdrawal", r"drug screen positive", r"\bdisulfiram\b", r"\bantabuse\b", r"\bacamprosate\b"),
        symptoms=(r"intoxicat(?:ed|ion)", r"relapsed?\b"),
        company=(r"alcohol", r"\betoh\b", r"\bdrugs?\b", r"opioid", r"heroin", r"cocaine", r"meth", r"substance", r"\bsob(?:er|riety)", r"drinking", r"rehab"),
    ),
    _Rule(
        "HIV", "HIV or AIDS",
        (r"\bhiv(?:[ /-]?(?:1|2|aids|positive|infection|antibody|viral load))", r"\bhiv\b", r"(?-i:(?<!HEARING )(?<!WALKING )\bAIDS\b)", r"human immunodeficiency", r"antiretroviral",
         r"cd4 (?:count|cells)", r"\bhaart\b",
         r"\b(?:biktarvy|genvoya|stribild|triumeq|dovato|juluca|cabenuva|symtuza|prezcobix|odefsey|complera|atripla|tivicay|isentress|prezista|kaletra|rukobia)\b",
         r"\b(?:dolutegravir|bictegravir|raltegravir|darunavir|atazanavir|efavirenz|rilpivirine|lopinavir|cabotegravir)\b"),
        (r"\btruvada\b", r"\bdescovy\b"),  # for those who have it, and for those who do not want it
    ),
    _Rule(
        "BH", "behavioural health",
        (r"psychiatric (?:evaluation|progress|history|admission|unit)", r"bipolar (?:disorder|i\b|ii\b)", r"schizo(?:phrenia|affective)",
         r"suicid(?:al|e) (?:ideation|attempt)", r"major depressive disorder", r"involuntary (?:hold|commitment)", r"electroconvulsive", r"borderline personality"),
        (r"\bptsd\b", r"self[- ]harm",
         r"(?<!mini-)(?<!mini )mental status exam(?!(?:ination)?\W+(?:score|was \d|alert|oriented|a ?& ?o|aox|awake|intact|normal|grossly))"),
        symptoms=(_DEPRESSION, r"\banxiety\b"),
        company=(r"psych", r"counsel", r"therapist", r"anti-?depress", r"\bssris?\b", r"disorder", r"diagnos", r"\bdx\b", r"history", r"\bp?hx\b", r"\bpmhx?\b",
                 r"problem list", r"chronic", r"recurrent", r"severe", r"treat(?:ed|ment) (?:for|of)", r"suicid", r"sertraline", r"fluoxetine", r"citalopram", r"paroxetine", r"venlafaxine",
                 r"duloxetine", r"bupropion", r"mirtazapine", r"trazodone", r"lithium", r"buspirone"),
    ),
    _Rule(
        "SEX", "sexual and reproductive health",
        (r"(?:elective|therapeutic|induced|medication|medical) abortion", r"termination of pregnancy", r"gender (?:dysphoria|affirming|identity disorder)", r"\bd\s?&\s?c for (?:elective|termination)",
         r"sexual (?:dysfunction|history:? (?!not))", r"erectile dysfunction"),
        (r"contracepti(?:on|ve)", r"\bmifepristone\b", r"infertility", r"vasectomy", r"pregnancy test"),
    ),
    _Rule(
        "STD", "sexually transmitted disease",
        (r"sexually transmitted", r"\bgonorrh(?:o)?ea", r"\bchlamydia(?: trachomatis)?", r"\bsyphilis\b", r"\bgenital herpes", r"\btrichomon(?:as|iasis)", r"\bhpv positive"),
        (r"\brpr\b", r"\bvdrl\b"),
        elsewhere=(r"\blegionella", r"\bmycoplasma pneum", r"\bchlamyd\w+ (?:pneumoniae|psittaci)", r"\bbronch"),  # chlamydiae of the lung
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

LABELS: dict[str, str] = {
    **{rule.code: rule.name for rule in RULES},
    "MINOR": "minor's own consent",
    "CEL": "celebrity or other well-known person",
    "EMP": "employee of this organisation",
    "R": "restricted by this site",
}
"""Every label that a kind of document may bear, as staff read it: HL7 v3 ActCode (sensitivity) and Confidentiality R."""


def name_of(code: str) -> str:
    """A label as staff read it."""
    return LABELS.get(code, "unclear, and protected until somebody decides" if code == UNCLEAR else code)


_DENIED = re.compile(
    r"(?:\bno\b(?! known (?:drug )?allerg)|\bnot\b|denies|denied|negative for|without|\bnon[- ]?|never|history of no|rule[sd]? out|screen(?:ing)? for|risk of)"
    r"(?P<between>(?:\W+\w+){0,4}\W*)$"
)
"""Words before a sign that take it back: 'denies suicidal ideation', 'no history of drug abuse'."""

_DENIED_LIST = re.compile(
    r"(?:\bden(?:y|ies|ied|ying)\b|\bnegative for\b|\bno (?:\w+ ){0,2}(?:history|hx|h/o|evidence|signs?|symptoms?) of\b|\bnever (?:had|used)\b)"
    r"(?P<between>(?:\W+\w+){0,25}\W*)$"
)
"""The same over all that is listed behind it: 'denies any history of smoking, alcohol or drug abuse'."""

_NO_LIST = re.compile(
    r"\b(?:but|except|however|although|though|positive|since|started|takes|taking|has|had|is|was|with|on|who|reports?|states?|admits?|endorses?|diagnos\w+)\b"
    r"|,\s*(?:known |a )?(?:history|hx|h/o)\b"
)
"""What ends a list of denials: from there on something is said of the patient."""

_NEGATIVE_AFTER = re.compile(
    r"(?:ination|ment|s|ing)?(?:[\s,:/=(-]+(?:1|2|1/2|ab|ag|antibod(?:y|ies)|antigens?|tests?|testing|screen(?:ing)?|titers?|serolog\w+|elisa|results?|cultures?|combo|"
    r"done|that|is|was|were|are|both|today|history|(?:and|or) (?:hiv|rpr|vdrl|syphilis|chlamydia|gc|gonorrh\w+)))*"
    r"[\s,:/=(-]+(?:negative|neg|non-?reactive|not detected|unremarkable|none|nothing significant|non-?contributory|denie[sd]|never)\b(?! except| partner)",
)
"""What takes a sign back behind it: 'HIV antibody: nonreactive', 'Psychiatric history: none'. Not RNA that is not detected: that is
a patient under treatment."""

_FAMILY_HISTORY = re.compile(
    r"\W*(?:family (?:medical |health |psychiatric )?(?:history|hx)|fam(?:ily)? hx|fhx?)\b(?! and| ?/)", re.IGNORECASE
)
_HEADING = re.compile(r"(?:^|(?<=\n))\W*[A-Za-z][A-Za-z /&'()-]{1,34}(?::|(?=\n)|$)|(?<=[.;] )[A-Z][A-Za-z ]{2,30}:")
_RELATIVE = re.compile(
    r"\b(?:(?:step|half[- ])?(?:father|brother|sister|son|daughter)|dad|uncle|aunt|cousin|grand\w+|(?:ex-)?(?:husband|wife)|boyfriend|girlfriend)s?\b"
    r"(?:\W+(?:with|has|had|have|having|an?|the|history|hx|of|was|is|who|also|severe|known|died|from|secondary|to|some|mild)\b){1,6}\W*$"
)
"""A relative of whom it is said. Not the mother outside of a family history: in a newborn's chart what she has matters."""

_OF_RELATIVES_TOO = frozenset({"GDIS", "SDV"})
"""Labels that a family history gives as well: it is genetic information itself (29 CFR 1635.3(c)), and violence is told there."""

_UNTICKED = re.compile(r"(?:\[\s*\]|\(\s*\)|[☐□○]|_{2,})\s*$")
"""An empty box or line before a sign: the form names it, and nobody said it of the patient."""

_TICKED_AFTER = re.compile(r"\s*(?:[\[(]\s*[xX✓✔]\s*[\])]|[☑☒])")

_BOILERPLATE = re.compile(
    r"\bi(?:/we)? (?:\w+ly |hereby |also |do |further )*(?:authori[sz]e|consent|understand|agree|acknowledge|allow|permit)\b.{0,120}\b(?:releas|re-?disclos|disclos|obtain|share|receive)|"
    r"\bauthori[sz]ation (?:also )?(?:includes?|covers?|to (?:use|release|disclose)|for (?:the )?(?:use|release|disclosure))\b|"
    r"\b(?:release|re-?disclosure|disclosure) of (?:information|records|any|all|my|such|this|these|medical|health|protected)\b|"
    r"\bmay not (?:be )?(?:re-?)?(?:disclos|releas|share)|\bnotice of privacy|\bconfidentiality (?:notice|statement|laws?)\b|\bprotected by (?:state|federal) law|"
    r"\b(?:state|federal)(?: and (?:state|federal))? (?:laws?|rules|regulations) (?:prohibits?|protects?|restricts?)|"
    r"\b(?:records?|information)\b.{0,60}\b(?:may|could|might) (?:contain|include)|\bif you (?:have|feel|are|experience|notice|think|do not|don't|want|believe)\b|"
    r"\brequires? (?:an? |your |my )?(?:separate |specific |written |signed )*(?:authori[sz]ation|permission)\b|\byour (?:prior |written |express )*(?:permission|authori[sz]ation)\b|"
    r"\bwithout your (?:\w+ )?consent\b|\bwe (?:may|must|are (?:required|permitted|allowed) to) (?:also )?(?:use|disclose|share|release|report)\b|"
    r"\bwe (?:will|do|would) (?:never|not) (?:use|disclose|share|sell|release)\b|\buses? and disclosures?\b|\b(?:special|extra|additional|greater|more) protections?\b|"
    r"\blaws? requires? (?:the|us|hospitals?|all|health ?care|providers?|doctors?|physicians?)\b|\bby signing\b|\bif an? (?:health ?care )?worker\b|"
    r"\bpeople (?:with|who|living)\b|\b(?:every|each) (?:patient|adult|person|pregnant woman)\b|\ball (?:patients|adults|pregnant women)\b|"
    r"\b(?:one|\d+) (?:in|of|out of) (?:\w+) (?:adults|people|women|men|americans|teens|children)\b|^\W*(?:please )?call (?:911|988|your)\b|"
    r"\bside effects? (?:may )?(?:include|are|can)|\brisks? (?:may )?includ|\btests? (?:may|will|can) be (?:performed|done) (?:if|when|in case)|\btest(?:ing)? (?:was|is) ordered",
    re.DOTALL,
)
"""What a form or a leaflet says to everybody: who may be told, notices of law, what to do if, risks and side effects.

Narrow on purpose. 'I consent to the methadone maintenance programme' is said by one patient.
"""

_CONDITIONAL = re.compile(r"\b(?:may|might|could|if|any|unless|whether)\b")

_QUESTION = re.compile(
    r"\b(?:circle|check|tick|mark) (?:all|any|each|if|those|the ones)\b|\bhave you (?:ever )?|\bdo you (?:have|feel|use)|\bare you\b|\byes\W+no\b|\?"
)
"""What a form asks: the answer may be a mark that nothing reads, so that it is unclear, and no more."""

_SENTENCE = re.compile(r"[.;!](?=\s|$)|\n(?=\W*(?:[A-Za-z][\w /&'()-]{0,34}:|\d{1,2}[.)]\s))|\n\s*\n")
"""Where a sentence ends: at its stop, or before a row that begins with a label or a number of a list."""

_MINOR_SIGNS = re.compile(r"(?i)minor consent|emancipated minor|confidential adolescent|mature minor")
_MINOR = 18


def labels_of(
    pages: list[tuple[int, tuple[Row, ...]]], kind: str, born: date | None, served: date | None
) -> tuple[Label, ...]:
    """The labels of a document: one row a label with its reason, or UNCLEAR with what is doubtful; none when nothing speaks."""
    return labels_from(signs_of(pages), kind, born, served, pages[0][0] if pages else 1)


def signs_of(pages: list[tuple[int, tuple[Row, ...]]]) -> tuple[Label, ...]:
    """What speaks for protection, page by page: one row a label, and UNCLEAR for each that only weak signs speak for."""
    found: list[Label] = []
    for number, rows in pages:
        text = "\n".join(row.text for row in rows)
        for rule in RULES:
            if sign := next(_signs(rule, rule.plain, text), None):
                found.append(Label(rule.code, f"{rule.name}: “{sign}”", number))
            elif sign := next(_weak_signs(rule, text), None):
                found.append(Label(UNCLEAR, f"may be {rule.name}: “{sign}”", number))
        if match := _MINOR_SIGNS.search(text):
            found.append(Label("MINOR", f"minor's own consent: “{match[0]}”", number))
    return tuple(found)


def labels_from(
    signs: Sequence[Label], kind: str, born: date | None, served: date | None, page: int = 1
) -> tuple[Label, ...]:
    """The labels that signs give a document of this kind: the first of each, or the first that is unclear where nothing is plain."""
    plain: dict[str, Label] = {}
    for sign in signs:
        if sign.code != UNCLEAR:
            plain.setdefault(sign.code, sign)
    said = tuple(plain.values()) or tuple(signs[:1])
    return with_minor((*said, *_standing(kind, said, page)), born, served)


def without_lifted(labels: Sequence[Label], lifted: Sequence[Lifted]) -> tuple[Label, ...]:
    """The signs or labels that no person lifted. What stands on a page that was not in the document then was not seen."""
    return tuple(label for label in labels if not any(_is_lifted(label, lift) for lift in lifted))


def _is_lifted(label: Label, lift: Lifted) -> bool:
    if label.source is LabelSource.PERSON or label.code != lift.code:
        return False
    if label.code == UNCLEAR and label.reason.partition(":")[0] != lift.reason.partition(":")[0]:
        return False
    return label.source is LabelSource.KIND or label.code == "MINOR" or label.page in lift.pages


def relabelled(labels: Sequence[Label], kind: str, born: date | None, served: date | None) -> tuple[Label, ...]:
    """The labels of a document of which a person says that it is of this kind.

    What words or a person gave stays. What the kind before brought goes, and what this one brings comes.
    """
    kept = tuple(label for label in labels if label.source is not LabelSource.KIND)
    return with_minor((*kept, *_standing(kind, kept, 1)), born, served)


def _standing(kind: str, said: Sequence[Label], page: int) -> Iterator[Label]:
    """The labels that a kind of document brings, those left out that are there already."""
    codes = [row.code for row in STANDING if row.kind == kind] + [*doctypes.type_or_placeholder(kind).access]
    for code in dict.fromkeys(codes):
        if code not in {label.code for label in said}:
            yield Label(code, f"{LABELS.get(code, code)}: this kind of document", page, LabelSource.KIND)


def with_minor(labels: tuple[Label, ...], born: date | None, served: date | None) -> tuple[Label, ...]:
    """The labels, and that of a minor when the patient was one and the care is such as a minor may consent to."""
    causes = minors_own(labels)
    is_minor = born is not None and served is not None and (served - born).days < _MINOR * 365.25
    if not is_minor or not causes or any(label.code == "MINOR" for label in labels):
        return labels
    reason = "the patient was a minor, and the document is about care a minor may consent to"
    is_by_kind = all(label.source is LabelSource.KIND for label in causes)
    return (*labels, Label("MINOR", reason, 1, LabelSource.KIND if is_by_kind else LabelSource.TEXT))


def minors_own(labels: Sequence[Label]) -> list[Label]:
    """Labels of care that a minor may consent to."""
    return [label for label in labels if label.code in _MINORS_OWN]


_MINORS_OWN = frozenset({"SEX", "STD", "ETH", "BH", "PSYTHPN"})
"""Care that a minor may consent to in most states."""


@cache
def _pattern(signs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{sign})" for sign in signs).replace(" ", r"\s"), re.IGNORECASE)


def _signs(rule: _Rule, signs: tuple[str, ...], text: str, *, asked: bool = False) -> Iterator[str]:
    """Signs that nothing takes back: no denial before or behind them, no empty box, no sentence that is said to everybody or
    of a relative.

    `asked`: those in what a form asks, and no others.
    """
    for match in _pattern(signs).finditer(text):
        if _is_denied(text, match.start(), match.end()):
            continue
        sentence = _sentence_at(text, match.start()).lower()
        before = text[max(0, match.start() - 60) : match.start()]
        is_empty = _UNTICKED.search(before) and not _TICKED_AFTER.match(text, match.end())
        if is_empty or _is_said_to_everybody(sentence, match[0].lower()) or _means_something_else(rule, sentence):
            continue
        if rule.code not in _OF_RELATIVES_TOO and _is_of_a_relative(rule, text, match.start(), sentence):
            continue
        if bool(_QUESTION.search(sentence)) is asked:
            yield " ".join(match[0].lower().split())


def _is_denied(text: str, start: int, end: int) -> bool:
    """Whether a denial stands before a sign in its sentence, or behind it. A row that begins with a capital begins anew."""
    before = re.split(r"[.;:!?]|\n(?=\W*[A-Z])", text[max(0, start - 200) : start + 1])[-1][:-1].lower()
    near = _DENIED.search(before.rsplit("\n", 1)[-1])
    lists = _DENIED_LIST.search(before)
    if any(found and not _NO_LIST.search(found["between"]) for found in (near, lists)):
        return True
    return bool(_NEGATIVE_AFTER.match(text[end : end + 90].lower()))


def _means_something_else(rule: _Rule, sentence: str) -> bool:
    return bool(rule.elsewhere and _pattern(rule.elsewhere).search(sentence))


def _is_of_a_relative(rule: _Rule, text: str, at: int, sentence: str) -> bool:
    """Whether a sign is said of a relative: in the family history, or behind a relative's name in the same sentence."""
    if "patient" in sentence:
        return False
    headings = list(_HEADING.finditer(text, max(0, at - 600), at))
    if headings and _FAMILY_HISTORY.match(headings[-1][0]):
        return True
    if rule.code not in ("ETH", "BH"):
        return False
    before = re.split(r"[.;:!?]", text[max(0, at - 120) : at])[-1].lower()
    return bool(_RELATIVE.search(before))


def _weak_signs(rule: _Rule, text: str) -> Iterator[str]:
    """Signs that are weak alone, symptoms in company, and plain signs in what a form asks."""
    if rule.weak:
        yield from _signs(rule, rule.weak, text)
    yield from _signs(rule, rule.plain, text, asked=True)
    for symptom in rule.symptoms:
        for match in _pattern((symptom,)).finditer(text):
            sentence = _sentence_at(text, match.start())
            others = tuple(other for other in rule.symptoms if other != symptom)
            in_company = _pattern((*rule.company, *others)).search(sentence)
            if in_company and next(_signs(rule, (symptom,), sentence), None):
                yield " ".join(match[0].lower().split())


def _is_said_to_everybody(sentence: str, sign: str) -> bool:
    """Whether a sentence is one of a form or leaflet. The notice of 42 CFR 2.32 goes with records of a programme, and speaks
    for them unless it only says what there may be."""
    if sign.startswith("42"):
        return bool(_CONDITIONAL.search(sentence))
    return bool(_BOILERPLATE.search(sentence))


def _sentence_at(text: str, at: int) -> str:
    """The sentence around a place, over the ends of rows; at most some lines of it."""
    begin = max((m.end() for m in _SENTENCE.finditer(text, max(0, at - 500), at)), default=max(0, at - 500))
    end = _SENTENCE.search(text, at, at + 300)
    return text[begin : end.start() if end else at + 300]
