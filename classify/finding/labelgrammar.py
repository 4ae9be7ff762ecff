"""What a label means that no list has, by the words it is made of: 'Administrative Gender', 'Hosp. Chart No.', 'Vet. Birth Date'.

A label of an index field is its word (record, birth, gender), whose it is (patient, client, resident) and small change
(number, date, legal). The rules name these by their words in full (labelwords.py); one word of another kind, and the label
means something else: 'Subscriber birth date' is no patient's. Lists (the fields' own labels, what only ends a value) go first.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Rule:
    """A field, and the words of its labels: one of each of `needs`, and for the rest only words of `may`."""

    field: str
    needs: tuple[frozenset[str], ...]
    may: frozenset[str] = frozenset()

    def fits(self, words: frozenset[str]) -> bool:
        """Whether these words are such a label."""
        return all(not need.isdisjoint(words) for need in self.needs) and words <= self.may.union(*self.needs)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSON = _words(
    "patient resident client veteran vet individual consumer person served recipient participant enrollee user claimant injured "
    "worker applicant inmate detainee offender prisoner px member decedent deceased"
)
"""Words for the one whose record it is."""

_PLACE = _words("hospital facility clinic local unit health medical our infirmary office agency enterprise")
_NUMBER = _words("number id")
_DAY = _words("date day")
_HOUR = _words("time d t dt tm")

RULES: tuple[Rule, ...] = (
    Rule("name", (_words("name"), PERSON | _words("legal")), _words("last first middle initial mi full print printed family given surname forename forenames capitals block letters")),
    Rule("name", (_words("name"), _words("child student pupil minor")), _words("full legal last first middle initial mi")),
    Rule("name", (_words("last surname"), _words("first forename forenames given")), PERSON | _words("name middle initial mi")),
    Rule("name", (_words("family"), _words("given")), PERSON | _words("name middle")),
    Rule("dob", (_words("birth dob"),), PERSON | _DAY | _words("dob d legal mm dd yyyy yy month year")),
    Rule("sex", (_words("sex gender"),), PERSON | _words("administrative legal birth assigned registered as at recorded code on file")),
    Rule("encounter", (_words("encounter visit episode stay csn financial inpatient outpatient spell ip ipd opd attendance"), _NUMBER | _words("reference referring serial ien")), PERSON | _PLACE | _words("contact admission treatment surgical")),
    Rule("encounter", (_words("admission"), _NUMBER | _words("reference referring")), PERSON | _words("hospital inpatient")),
    Rule("encounter", (_words("contact"), _words("serial"), _NUMBER)),
    Rule("account", (_words("account ledger debtor"), _NUMBER | _words("hospital billing bill hb pb")), PERSON | _PLACE | _words("financial")),
    Rule("account", (_words("account"), PERSON | _words("a")), _words("number r c")),
    Rule("account", (_words("account billing"), _NUMBER | _words("reference referring"), PERSON), _NUMBER),
    Rule("account", (_words("billing"), _NUMBER), _words("hospital")),
    Rule("account", (_words("account"), _words("provider")), _NUMBER | _words("reference patient")),
    Rule("account", (_words("control"), _words("number"), PERSON), frozenset()),
    Rule("mrn", (_words("record chart mr mrn emr emrn umrn casenote medrec medicalrecord"), _NUMBER), PERSON | _PLACE | _words("note case r m")),
    Rule("mrn", (_words("mrn emrn umrn"),), PERSON | _PLACE),
    Rule("mrn", (_words("uhid umr cmrn mpi cr folder trust"),), PERSON | _PLACE | _NUMBER),
    Rule("mrn", (_words("hospital"), _words("registration"), _NUMBER)),
    Rule("mrn", (PERSON - {"client", "member"} | _words("hospital unit board pas"), _NUMBER), _words("file")),  # a laboratory's client is a practice
    Rule("mrn", (_words("case"), _words("note notes"), _NUMBER)),
    Rule("mrn", (_words("m"), _words("r"), _NUMBER)),
    Rule("admit_date", (_words("admission entry"), _DAY | _HOUR), PERSON | _PLACE | _words("inpatient original to")),
    Rule("admit_date", (_words("start"), _words("stay")), _DAY),
    Rule("admit_date", (_words("inpatient"), _words("since"))),
    Rule("admit_date", (_words("date"), _words("in"))),
    Rule("admit_date", (_words("admission"), _words("infirmary"))),
    Rule("admit_date", (_words("admission"), _words("to"), _PLACE), _DAY),
    Rule("discharge_date", (_words("discharge separation exit"), _DAY | _HOUR), PERSON | _PLACE | _words("inpatient from home")),
    Rule("discharge_date", (_words("released"), _words("from"), _PLACE), _DAY),
    Rule("discharge_date", (_words("end"), _words("stay")), _DAY),
    Rule("discharge_date", (_words("date"), _words("out"))),
    Rule("discharge_date", (_words("discharge"), _words("infirmary"))),
    Rule("discharge_date", (_words("discharge"), _words("from"), _PLACE), _DAY),
    Rule("service_date", (_words("service visit session anesthesia anaesthesia anesthetic evaluation eval study exam examination encounter treatment consultation consult attendance attended seen appointment contact care"), _DAY | _HOUR), PERSON | _PLACE | _words("office this")),
    Rule("payer", (_words("payer insurer funder carrier"),), _words("primary name insurance company source 1 1st first number health")),
    Rule("payer", (_words("insurance"), _words("name company carrier 1 1st first primary plan fund")), _words("primary number name health payer")),
    Rule("payer", (_words("insurance"), _words("medical")), _words("primary name company")),
    Rule("payer", (_words("plan"), _words("primary health medical")), _words("name insurance 1 doctor")),
    Rule("payer", (_words("insured"), _words("by with"))),
    Rule("payer", (_words("coverage"), _words("primary")), _words("name insurance plan")),
    Rule("payer", (_words("insurance insurer"), _words("outside third party tpa any")), _words("if")),
    Rule("payer", (_words("medical"), _words("aid")), _words("name")),
    Rule("payer", (_words("funding"), _words("source")), _words("primary")),
    Rule("member_id", (_words("insured insurance"), _words("unique"), _NUMBER)),
    Rule("member_id", (_words("subscriber member enrollee policy certificate beneficiary insured insurance contract fund"), _NUMBER), _words("reference referring insurer payer health primary")),
    Rule("member_id", (_words("plan scheme aid card membership"), _NUMBER, _words("member insurance medical membership scheme tpa policy card")), _words("from plan id aid health")),
    Rule("member_id", (_words("scheme"), _NUMBER)),
    Rule("member_id", (_words("insurer payer"), _NUMBER, _words("reference referring client member"))),
    Rule("phone", (_words("telephone cell mobile"),), PERSON | _words("home day daytime evening preferred primary residence residential number h best main 1 first before custody or telephone cell mobile")),
    Rule("phone", (_words("home"), _words("number")), _words("cell or")),
    Rule("phone", (_words("reach contact"), _words("number"), PERSON), _words("best to")),
    Rule("attending", (_words("attending"),), _words("physician provider doctor md do dr staff name consultant surgeon medical charge np site mrp")),
    Rule("attending", (_words("consultant cons"), _words("named responsible treating charge lead name doctor")), _words("in")),
    Rule("attending", (_words("doctor physician provider"), _words("treating charge")), _words("in name")),
)  # fmt: skip
"""By the commonest first where two fit: 'Patient account number' is an account's, 'Patient visit number' a visit's."""

WORDS = frozenset(word for rule in RULES for word in rule.may.union(*rule.needs))
"""Every word of the rules."""

_KEPT = 4096


@lru_cache(_KEPT)
def meaning(label: str) -> str | None:
    """The field that a label in full words (`labelwords.canonical`) announces, or None."""
    words = frozenset(label.split())
    if not words or not words <= WORDS:
        return None
    return next((rule.field for rule in RULES if rule.fits(words)), None)
