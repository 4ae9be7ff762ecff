"""How this hospital's charts look: record numbers, date order, its own labels, thresholds (TOML)."""

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from classify.forms.form import Form, FormProblem, load_forms, shipped_forms


class ProfileProblem(Exception):
    """The profile file has a mistake; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One site's ways. Every entry has a default that suits most U.S. hospitals.

    `labels` adds site labels to a field, for instance {"mrn": ["Unit No"]}.
    """

    mrn_pattern: str = r"[A-Z]{0,4}-?\d{4,12}"
    encounter_pattern: str = r"[A-Z]{0,3}-?\d[\d-]{3,13}"
    day_first: bool = False
    labels: dict[str, list[str]] = field(default_factory=dict)
    sure_type: float = 0.85  # below it a person chooses the kind of document
    self_filing: list[str] = field(default_factory=list)  # classes that may file themselves once they have earned it
    self_filing_risk: float = 0.001  # upper 95 % bound of the share of wrong ones that this site accepts
    forms: tuple[Form, ...] = field(default_factory=shipped_forms)  # taught forms: those that come along and the site's


def load_profile(path: Path) -> Profile:
    """The profile in this file, or the default when there is none; ProfileProblem names a bad entry."""
    if not path.exists():
        return Profile(forms=_forms_beside(path))
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProfileProblem(f"{path.name} is not valid TOML: {error}") from error
    known = {f.name for f in fields(Profile)} - {"forms"}
    for name in raw:
        if name not in known:
            raise ProfileProblem(f"{path.name}: there is no entry '{name}'. Known: {', '.join(sorted(known))}.")
    profile = Profile(**raw, forms=_forms_beside(path))
    for name in ("mrn_pattern", "encounter_pattern"):
        try:
            re.compile(getattr(profile, name))
        except re.error as error:
            raise ProfileProblem(f"{path.name}: {name} is not a valid pattern: {error}") from error
    return profile


def _forms_beside(path: Path) -> tuple[Form, ...]:
    """The shipped forms and those that this site taught, in the folder `forms` beside the profile."""
    try:
        own = load_forms(path.parent / "forms")
    except FormProblem as problem:
        raise ProfileProblem(str(problem)) from problem
    names = {form.name for form in own}
    return (*own, *(form for form in shipped_forms() if form.name not in names))
