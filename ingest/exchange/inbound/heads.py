"""Which column of a patient list is which field of ours: told by its head, in the spellings that other systems use."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classify import normal
from storage.foundation.errors import RosterProblem

_LONGEST_SHOWN = 40

COLUMNS: dict[str, tuple[str, ...]] = {
    "mrn": (
        "mrn", "mrn_number", "mrn_id", "medical_record_number", "medical_record_id", "medical_record", "mr_number", "mr", "mr_id",
        "hospital_number", "hospital_id", "unit_number", "unit_record_number", "health_record_number", "chart_number",
        "chart_id", "patient_number", "patient_id", "patient_identifier", "patient_mrn", "id", "chart", "record_number",
        "mrno", "patno", "patient_id_number", "patient_mrn_id", "person_mrn", "facility_mrn", "enterprise_mrn", "empi_mrn",
        "emr_number", "emr_id", "ehr_number", "ehr_id",
    ),
    "old_mrns": (
        "old_mrn", "old_mrns", "former_mrn", "former_mrns", "previous_mrn", "prior_mrn", "other_mrn", "other_mrns",
        "alternate_mrn", "merged_mrn", "legacy_mrn",
    ),
    "family": ("family", "last", "last_name", "lastname", "surname", "family_name", "name_last", "l_name"),
    "given": ("given", "first", "first_name", "firstname", "given_name", "forename", "name_first", "f_name"),
    "middle": ("middle", "middle_name", "middlename", "mi", "middle_initial", "name_middle", "mid_name"),
    "suffix": ("suffix", "name_suffix", "sfx", "generation"),
    "birth_date": (
        "birth_date", "birthdate", "dob", "do_b", "d_o_b", "date_of_birth", "birth", "birthday", "born", "born_on", "date_birth",
        "bdate", "b_date", "brthdate",
    ),
    "died": ("died", "death_date", "deceased_date", "date_of_death", "date_deceased", "dod"),
    "sex": (
        "sex", "gender", "administrative_sex", "birth_sex", "sex_at_birth", "sex_assigned_at_birth", "sex_code", "gender_code",
        "sex_c", "m_f",
    ),
    "address": ("address", "street", "address_1", "address1", "street_address", "address_line_1", "mailing_address"),
    "city": ("city", "town"),
    "region": ("state", "region", "province", "state_province", "st"),
    "postcode": ("postcode", "zip", "zipcode", "zip_code", "postal_code", "zip_postal_code", "zip5"),
    "phone": (
        "phone", "telephone", "phone_number", "telephone_number", "home_phone", "home_phone_number", "primary_phone",
        "mobile_phone", "mobile", "cell_phone",
    ),
    "ssn": (
        "ssn", "ssn4", "soc_sec_id", "social_security_number", "ssn_number", "social_security", "soc_sec_number", "ss_number",
        "ssn_last_4", "last_4_ssn",
    ),
    "member_id": (
        "member_id", "member", "member_number", "subscriber_id", "mbi", "policy_number", "medicare_number",
    ),
    "aliases": (
        "aliases", "alias", "maiden", "maiden_name", "former_name", "former_last_name", "previous_name", "other_names", "aka",
    ),
    "encounter": (
        "encounter", "encounter_number", "encounter_id", "visit", "visit_number", "visit_id", "account", "account_number",
        "encounter_csn", "csn", "fin", "fin_number",
    ),
    "account": ("account", "account_number", "patient_account", "patient_account_number", "har"),
    "kind": ("class", "patient_class", "visit_type", "encounter_class", "encounter_type", "patient_type"),
    "admitted": ("admitted", "admit_date", "admission_date", "date_of_admission", "admit_date_time", "arrival_date"),
    "discharged": ("discharged", "discharge_date", "date_of_discharge", "discharge_date_time"),
    "attending": (
        "attending", "attending_physician", "attending_provider", "attending_doctor", "attending_md", "physician",
    ),
    "service": ("service", "hospital_service", "medical_service"),
    "disposition": ("disposition", "discharge_disposition"),
}  # fmt: skip
"""Our field and the column heads under which other systems export it."""

_WORDS = {
    "no": "number", "nr": "number", "nbr": "number", "num": "number", "#": "number",
    "pt": "patient", "pat": "patient", "patients": "patient", "hosp": "hospital", "acct": "account", "med": "medical",
    "rec": "record", "tel": "telephone", "addr": "address", "addr1": "address_1", "fname": "first_name", "lname": "last_name",
    "nm": "name", "dt": "date", "cd": "code", "init": "initial", "enc": "encounter", "adm": "admission", "alt": "alternate",
    "disch": "discharge", "dc": "discharge", "disp": "disposition", "dr": "doctor",
}  # fmt: skip
"""Words that heads are shortened to."""

_BESIDES = frozenset({"patient", "legal", "home", "mm", "dd", "yyyy", "yy"})
"""Words that say nothing of which field it is: whose it is (the patient's, as everything), and how a date is written."""

_NEEDED = {"mrn": "mrn", "family": "last_name", "given": "first_name"}


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a table: the place of each field of ours, the heads nobody reads, those that stand twice, and those that
    the profile names and that are not there."""

    names: tuple[str, ...]
    places: Mapping[str, int]
    unused: tuple[str, ...]
    twice: tuple[str, ...]
    missing: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # heads each of which may be the record number, where none says it is

    def of(self, field: str) -> str:
        """The head of a field of ours, as it stands in the table."""
        return shown(self.names[self.places[field]])


def normal_head(head: str) -> str:
    """A head as it is compared: lower case, words spelled out and joined by underscores ("Pt #" is patient_number)."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head.replace("\ufeff", "").strip())
    text = re.sub(r"\b(\w)\.(?=\w\b|\s|$)", r"\1", text.lower().replace("'", "").replace("’", "").replace("d/c", "dc"))
    words = re.sub(r"[-_.,:/\\()\s]+", " ", text.replace("#", " # ")).split()
    return "_".join(_WORDS.get(word, word) for word in words)


def _plain(normal: str) -> str:
    """A head without the words that say nothing of its field ("patient_dob_mm_dd_yyyy" is dob, "sex_m_f" is sex)."""
    words = [word for word in normal.split("_") if word not in _BESIDES]
    return "_".join(words).removesuffix("_m_f")


def shown(head: str) -> str:
    """A head as it is printed: one line, not too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in head).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def match_heads(names: Sequence[str], columns: Mapping[str, str]) -> Heads:
    """Our fields and their columns in this table: what the profile says first, then the usual heads."""
    normals = [normal_head(name) for name in names]
    plain = [_plain(name) for name in normals]
    places: dict[str, int] = {}
    for field, head in columns.items():
        if (place := _first((head.strip(),), [name.strip() for name in names], ())) is not None:
            places[field] = place
    missing = tuple(shown(head) for field, head in columns.items() if field not in places)
    for field, spellings in COLUMNS.items():
        if field in places:
            continue
        taken = tuple(places.values())
        if field == "mrn":  # who says it is comes before what may be
            spellings = tuple(sorted(spellings, key=lambda head: not _says_mrn(head)))
        place = _first(spellings, normals, taken)
        place = place if place is not None or field == "mrn" else _first(spellings, plain, taken)
        if place is not None:
            places[field] = place
    used = set(places.values())
    twice = tuple(dict.fromkeys(shown(n) for i, n in enumerate(names) if normals[i] and normals[i] in normals[:i]))
    unused = tuple(shown(name) for i, name in enumerate(names) if i not in used and name.strip())
    return Heads(tuple(names), places, unused, twice, missing, () if "mrn" in columns else _may_be_mrn(names, normals))


_IS_NO_NUMBER = frozenset(
    {"id", "chart", "chart_id", "record_number", "mr", "emr_number", "emr_id", "ehr_number", "ehr_id"}
)
"""Spellings that are taken for the record number where no other head is there, and are often something else beside one."""


_PLAINLY_MRN = frozenset({"mrn", "mrn_number", "medical_record_number", "patient_mrn"})
"""The hospital's own number, where others (of a facility, of an enterprise) stand beside it."""


def _says_mrn(head: str) -> bool:
    return "mrn" in head or "medical_record" in head or head.startswith("mr_")


def _may_be_mrn(names: Sequence[str], normals: Sequence[str]) -> tuple[str, ...]:
    """Two heads or more each of which may be the medical record number, where no head says so itself, or two do."""
    found = [(name, head) for name, head in zip(names, normals, strict=True) if head in COLUMNS["mrn"]]
    told = [shown(name) for name, head in found if _says_mrn(head)]
    if any(head in _PLAINLY_MRN for _, head in found) or len(told) == 1:
        return ()
    if told:
        return tuple(told)
    likely = [shown(name) for name, head in found if head not in _IS_NO_NUMBER]
    return tuple(likely) if len(likely) > 1 else ()


def check_heads(file: str, heads: Heads, second: Sequence[str]) -> None:
    """RosterProblem when a column that is needed is missing: it names the heads that are there and what would be right.

    `second` is the row after the heads; a first line that looks like a patient's is not repeated.
    """
    if heads.numbers:
        named = " and ".join(f"'{name}'" for name in heads.numbers)
        raise RosterProblem(
            f"{file}: {named} may each be the medical record number, and a wrong one files to the wrong chart. Say which it is "
            f'in profile.toml: [roster_columns] and below mrn = "{heads.numbers[0]}".'
        )
    missing = [named for field, named in _NEEDED.items() if field not in heads.places]
    if not missing:
        return
    names = ", ".join(f"'{shown(name)}'" for name in heads.names if name.strip())
    if _are_heads(heads, second):
        there = f"Its heads are {names}."
    else:
        there = "Its first line looks like a patient's and not like column heads."
    if any(_plain(normal_head(name)) in _WHOLE_NAMES for name in heads.names):
        there += " A column with the whole name cannot be read: export surname and first name in two columns."
    raise RosterProblem(
        f"{file} has no column for {', '.join(missing)}. {there} Expected heads are such as mrn (or Patient No., Chart #, "
        "Unit number), last_name, first_name, dob, sex. A list that loads begins so: mrn,last_name,first_name,dob,sex and "
        "below 00123456,Sample,Ada,1957-03-14,F. Where your head is another, name it in profile.toml: "
        f'[roster_columns] and below {_FIELD_OF[missing[0]]} = "your head".'
    )


_WHOLE_NAMES = frozenset({"name", "full_name"})
_FIELD_OF = {named: field for field, named in _NEEDED.items()}


def _are_heads(heads: Heads, second: Sequence[str]) -> bool:
    """Whether the first line holds heads: nothing in it looks like a value, and it has two heads we know, or a number or date
    stands below a word."""
    for name in heads.names:
        if re.search(r"\d{2}", name) or normal.parse_date(name) or name.strip().upper() in ("M", "F", "U"):
            return False
    known = {spelling for spellings in COLUMNS.values() for spelling in spellings}
    if len(known & {normal_head(name) for name in heads.names}) > 1:
        return True
    return any(
        name.strip() and not re.search(r"\d", name) and re.fullmatch(r"[\d./: -]*\d[\d./: -]*", cell.strip())
        for name, cell in zip(heads.names, second, strict=False)
    )


def _first(spellings: Iterable[str], among: Sequence[str], taken: tuple[int, ...]) -> int | None:
    for spelling in spellings:
        place = among.index(spelling) if spelling in among else None
        if place is not None and place not in taken:
            return place
    return None
