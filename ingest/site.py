"""What a hospital writes into `profile.toml` of its data home: how its charts look, and how it wants to work."""

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from classify import doctypes
from classify.codes.checkdigits import CHECK_DIGITS
from classify.codes.formids import SHORTEST, key_of
from classify.doctypes import CHART_ORDER, OTHER, TYPES, DocumentType, loinc_is_valid
from classify.form import Form, FormProblem, load_forms, shipped_forms
from classify.profile import Profile
from classify.sensitivity import LABELS
from ingest.entries import check_looks
from ingest.foldersettings import FolderWays, read_folder_ways
from ingest.problems import ProfileProblem
from ingest.rulecheck import read_rules
from storage.foundation.clock import use_order
from storage.quality.policy import PRESETS, Quality


@dataclass(frozen=True, slots=True)
class Site:
    """One hospital's ways. Every entry has a default that suits most U.S. hospitals."""

    profile: Profile = field(default_factory=Profile)
    quality: Quality = field(default_factory=Quality)
    keys: dict[str, str] = field(default_factory=dict)  # keys of the verification station: action to key, "Alt+P"
    roster_columns: dict[str, str] = field(default_factory=dict)  # our field to the head of the site's patient list
    mrn_authorities: list[str] = field(default_factory=list)  # who gives our MRNs; empty: whoever is named gives ours
    self_filing: list[str] = field(default_factory=list)  # classes that may file themselves once they have earned it
    self_filing_risk: float = 0.001  # upper 95 % bound of the share of wrong ones that this site accepts
    hot_folders: dict[Path, FolderWays] = field(default_factory=dict)  # how each is used
    names_order_of_dates: bool = False  # whether the file says `day_first`: no entry of its own


NO_ENTRIES = frozenset({"profile", "names_order_of_dates"})
"""What a Site knows besides the entries of its file."""


def load_site(folder: Path) -> Site:
    """What `profile.toml` in this data home says, or the defaults; ProfileProblem names a bad entry.

    The site's own kinds of document are known to this process from then on, and days are shown in its order.
    """
    site = read_site(folder / "profile.toml")
    use_order(day_first=site.profile.day_first)
    doctypes.use_site_types(site.profile.types)
    return site


def read_site(path: Path) -> Site:
    """What a profile says, or the defaults where there is none; ProfileProblem names a bad entry. Its own kinds of document
    are not yet known to this process."""
    if not path.exists():
        return Site(Profile(forms=_forms_beside(path)))
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ProfileProblem(f"{path.name} is not written in UTF-8. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileProblem(f"{path.name} is not valid TOML: {error}") from error
    return _read_entries(path.name, raw, _forms_beside(path))


def _read_entries(file: str, raw: dict[str, Any], forms: tuple[Form, ...]) -> Site:
    """A profile out of its TOML; ProfileProblem names a bad entry of `file`."""
    of_site = {f.name for f in fields(Site)} - NO_ENTRIES
    known = of_site | {f.name for f in fields(Profile)} - {"forms"}
    for name in raw:
        if name not in known:
            raise ProfileProblem(f"{file}: there is no entry '{name}'. Known: {', '.join(sorted(known))}.")
    quality = _quality(file, raw.pop("quality", {}))
    own = raw.pop("types", {})
    if not isinstance(own, dict) or not all(isinstance(entry, dict) for entry in own.values()):
        raise ProfileProblem(f"{file}: a kind of document is written as a table, [types.CODE].")
    types = tuple(_site_type(file, code, entry) for code, entry in own.items())
    _check_forms(file, types)
    rules = tuple(read_rules(file, raw.pop("rules", []), {row.code for row in (*TYPES, *types)} - {OTHER}))
    hot_folders = read_folder_ways(file, raw.pop("hot_folders", []))
    for name, value in raw.items():
        check_looks(file, name, value, _EXAMPLES[name])
    is_named = "day_first" in raw
    ways = {name: raw.pop(name) for name in of_site & raw.keys()}
    profile = Profile(**raw, types=types, forms=forms, rules=rules)
    _check_numbers(file, profile)
    return Site(profile, quality, **ways, hot_folders=hot_folders, names_order_of_dates=is_named)


def _check_numbers(file: str, profile: Profile) -> None:
    """ProfileProblem for a mask that is no pattern, a check digit that is not known, a company prefix that is no number."""
    for name in ("mrn_pattern", "encounter_pattern"):
        try:
            re.compile(getattr(profile, name))
        except re.error as error:
            raise ProfileProblem(f"{file}: {name} is not a valid pattern: {error}") from error
    for name in ("mrn_check_digit", "encounter_check_digit"):
        scheme = getattr(profile, name)
        if scheme and scheme not in CHECK_DIGITS:
            raise ProfileProblem(f"{file}: {name} is one of {', '.join(CHECK_DIGITS)}, not {scheme!r}.")
    if profile.gs1_company_prefix and not re.fullmatch(r"\d{4,12}", profile.gs1_company_prefix):
        raise ProfileProblem(f"{file}: gs1_company_prefix is 4 to 12 digits, as GS1 gave it to you.")


def _check_forms(file: str, types: tuple[DocumentType, ...]) -> None:
    """ProfileProblem for a form number that two kinds name, or that has no digit."""
    codes: dict[str, str] = {}
    for kind in types:
        for number in kind.forms:
            if len(key_of(number)) < SHORTEST or not any(c.isdigit() for c in number):
                raise ProfileProblem(f"{file}: types.{kind.code}.forms: {number!r} is no form number; it needs digits.")
            if codes.setdefault(key_of(number), kind.code) != kind.code:
                raise ProfileProblem(
                    f"{file}: the form {number!r} is named by {codes[key_of(number)]} and by {kind.code}. It is of one kind."
                )


def _quality(file: str, entries: object) -> Quality:
    """The table [quality]; ProfileProblem names an entry that is unknown or of another kind than ours."""
    known = {f.name: getattr(Quality(), f.name) for f in fields(Quality)} | {"double_key": ["DEATH_CERT"]}
    if not isinstance(entries, dict):
        raise ProfileProblem(f"{file}: quality is a table, [quality].")
    entries = dict(entries)
    preset = entries.pop("preset", None)
    if preset is not None and (not isinstance(preset, str) or preset not in PRESETS):
        raise ProfileProblem(f"{file}: quality.preset is one of {', '.join(PRESETS)}.")
    for name, value in entries.items():
        if name not in known:
            raise ProfileProblem(
                f"{file}: quality has no entry '{name}'. Known: {', '.join(sorted((*known, 'preset')))}."
            )
        check_looks(file, f"quality.{name}", value, known[name])
    return Quality(**{**PRESETS.get(str(preset), {}), **entries})


_USUAL = Profile(forms=())

_EXAMPLES: dict[str, Any] = {
    "mrn_pattern": _USUAL.mrn_pattern,
    "encounter_pattern": _USUAL.encounter_pattern,
    "mrn_check_digit": "luhn",
    "encounter_check_digit": "mod11",
    "gs1_company_prefix": "0614141",
    "day_first": _USUAL.day_first,
    "labels": {"mrn": ["Unit No"]},
    "sure_type": _USUAL.sure_type,
    "keys": {"pend": "Alt+P"},
    "roster_columns": {"mrn": "Unit number"},
    "mrn_authorities": ["LAKE"],
    "self_filing": ["LAB"],
    "self_filing_risk": Site(_USUAL).self_filing_risk,
}
"""What each entry of the profile looks like: its kind is checked against this, and it stands in the refusal."""


_TYPE_ENTRIES: dict[str, Any] = {
    "name": "Dialysis run sheet",
    "loinc": "55108-5",
    "hl7_0270": "PN",
    "section": "notes",
    "titles": ["dialysis treatment record"],
    "cues": ["dialyzer"],
    "access": ["BH"],
    "forms": ["MR 104-7"],
}


def _site_type(file: str, code: str, entry: dict[str, Any]) -> DocumentType:
    """A kind as the profile has it: a new one, or one of ours with other codes and more titles and cues."""
    where = f"{file}: types.{code}"
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,39}", code) or code == OTHER:
        raise ProfileProblem(f"{where}: a code is capitals, digits and underscores, and not {OTHER}.")
    if unknown := entry.keys() - _TYPE_ENTRIES.keys():
        raise ProfileProblem(f"{where}: there is no entry {min(unknown)!r}. Known: {', '.join(sorted(_TYPE_ENTRIES))}.")
    for name, value in entry.items():
        check_looks(file, f"types.{code}.{name}", value, _TYPE_ENTRIES[name])
    ours = next((row for row in TYPES if row.code == code), None)
    titles, cues = (tuple(str(text).lower() for text in entry.get(name, ())) for name in ("titles", "cues"))
    row = DocumentType(
        code,
        str(entry.get("name", ours.name if ours else code.replace("_", " ").capitalize())),
        str(entry.get("loinc", ours.loinc if ours else "")),
        str(entry.get("hl7_0270", ours.hl7_0270 if ours else "")),
        str(entry.get("section", ours.section if ours else "notes")),
        tuple(dict.fromkeys((*(ours.titles if ours else ()), *titles))),
        tuple(dict.fromkeys((*(ours.cues if ours else ()), *cues))),
        tuple(map(str, entry.get("access", ()))),
        tuple(map(str, entry.get("forms", ()))),
    )
    if unknown := set(row.access) - LABELS.keys():
        raise ProfileProblem(f"{where}: there is no label {min(unknown)!r}. Known: {', '.join(LABELS)}.")
    if row.loinc and not loinc_is_valid(row.loinc):
        raise ProfileProblem(f"{where}: {row.loinc} is no LOINC code (its check digit is wrong).")
    if row.section not in CHART_ORDER:
        raise ProfileProblem(f"{where}: there is no section {row.section!r}. Known: {', '.join(CHART_ORDER)}.")
    return row


def _forms_beside(path: Path) -> tuple[Form, ...]:
    """The shipped forms and those that this site taught, in the folder `forms` beside the profile."""
    try:
        own = load_forms(path.parent / "forms")
    except FormProblem as problem:
        raise ProfileProblem(str(problem)) from problem
    names = {form.name for form in own}
    return (*own, *(form for form in shipped_forms() if form.name not in names))
