"""What a hospital writes into `profile.toml` of its data home: how its charts look, and how it wants to work."""

import json
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from classify import doctypes
from classify.doctypes import CHART_ORDER, OTHER, TYPES, DocumentType, loinc_is_valid
from classify.form import Form, FormProblem, load_forms, shipped_forms
from classify.profile import Profile
from ingest.problems import ProfileProblem
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


def load_site(folder: Path) -> Site:
    """What `profile.toml` in this data home says, or the defaults; ProfileProblem names a bad entry.

    The site's own kinds of document are known to this process from then on.
    """
    site = _read(folder / "profile.toml")
    doctypes.use_site_types(site.profile.types)
    return site


def _read(path: Path) -> Site:
    if not path.exists():
        return Site(Profile(forms=_forms_beside(path)))
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ProfileProblem(f"{path.name} is not written in UTF-8. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileProblem(f"{path.name} is not valid TOML: {error}") from error
    of_site = {f.name for f in fields(Site)} - {"profile"}
    known = of_site | {f.name for f in fields(Profile)} - {"forms"}
    for name in raw:
        if name not in known:
            raise ProfileProblem(f"{path.name}: there is no entry '{name}'. Known: {', '.join(sorted(known))}.")
    quality = _quality(path.name, raw.pop("quality", {}))
    own = raw.pop("types", {})
    if not isinstance(own, dict) or not all(isinstance(entry, dict) for entry in own.values()):
        raise ProfileProblem(f"{path.name}: a kind of document is written as a table, [types.CODE].")
    types = tuple(_site_type(path.name, code, entry) for code, entry in own.items())
    for name, value in raw.items():
        _check_looks(path.name, name, value, _EXAMPLES[name])
    ways = {name: raw.pop(name) for name in of_site & raw.keys()}
    profile = Profile(**raw, types=types, forms=_forms_beside(path))
    for name in ("mrn_pattern", "encounter_pattern"):
        try:
            re.compile(getattr(profile, name))
        except re.error as error:
            raise ProfileProblem(f"{path.name}: {name} is not a valid pattern: {error}") from error
    return Site(profile, quality, **ways)


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
        _check_looks(file, f"quality.{name}", value, known[name])
    return Quality(**{**PRESETS.get(str(preset), {}), **entries})


_USUAL = Profile(forms=())

_EXAMPLES: dict[str, Any] = {
    "mrn_pattern": _USUAL.mrn_pattern,
    "encounter_pattern": _USUAL.encounter_pattern,
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


def _check_looks(file: str, name: str, value: object, example: Any) -> None:
    """ProfileProblem when an entry is of another kind than its example."""
    if _is_like(value, example):
        return
    if isinstance(example, dict):
        key, of_it = next(iter(example.items()))
        raise ProfileProblem(f"{file}: {name} is a table, [{name}], of entries like {key} = {json.dumps(of_it)}.")
    raise ProfileProblem(f"{file}: {name} should look like {json.dumps(example)}.")


def _is_like(value: object, example: Any) -> bool:
    match example:
        case float():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case dict():
            of_it = next(iter(example.values()))
            return isinstance(value, dict) and all(_is_like(one, of_it) for one in value.values())
        case list():
            return isinstance(value, list) and all(_is_like(one, example[0]) for one in value)
    return type(value) is type(example)


_TYPE_ENTRIES: dict[str, Any] = {
    "name": "Dialysis run sheet",
    "loinc": "55108-5",
    "hl7_0270": "PN",
    "section": "notes",
    "titles": ["dialysis treatment record"],
    "cues": ["dialyzer"],
}


def _site_type(file: str, code: str, entry: dict[str, Any]) -> DocumentType:
    """A kind as the profile has it: a new one, or one of ours with other codes and more titles and cues."""
    where = f"{file}: types.{code}"
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,39}", code) or code == OTHER:
        raise ProfileProblem(f"{where}: a code is capitals, digits and underscores, and not {OTHER}.")
    if unknown := entry.keys() - _TYPE_ENTRIES.keys():
        raise ProfileProblem(f"{where}: there is no entry {min(unknown)!r}. Known: {', '.join(sorted(_TYPE_ENTRIES))}.")
    for name, value in entry.items():
        _check_looks(file, f"types.{code}.{name}", value, _TYPE_ENTRIES[name])
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
    )
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
