"""The `profile.toml` that a new data home begins with: every entry as a comment, with its default and what it does."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from classify.profile import Profile
from ingest.site import Site
from storage.quality.policy import PRESETS, Quality

ENTRIES = {
    "mrn_pattern": "regular expression of your medical record numbers",
    "encounter_pattern": "regular expression of your visit numbers",
    "mrn_check_digit": "how the last digits of your medical record numbers check the others: `luhn`, `mod11`, `mod97-10` or `gs1`; without it none is checked",
    "encounter_check_digit": "the same of your visit numbers",
    "gs1_company_prefix": "your GS1 company prefix: service relation numbers (AI 8018) on wristbands that begin with it hold the medical record number",
    "day_first": "`true` where 03/04/2025 is the 3rd of April, on paper, in lists and at the desk",
    "labels": 'your own words before a value: `[labels]` `mrn = ["Unit No"]`',
    "types": 'your own document types, or changes of ours: `[types.CODE]` with name, loinc, hl7_0270, section, titles, cues, forms (form numbers at head or foot, or in a form-id barcode), access (labels that every document of the kind bears: `access = ["PSYTHPN"]`)',
    "rules": "kinds of document by regular expression: `[[rules]]` type, pattern, where (head, foot, anywhere), page (first, last, any), not (what must not be there). Rules decide before titles and words; where rules of two kinds fit, or the title says something else, a person decides. `chartroom rules test` tries them",
    "sure_type": "confidence from which a document type needs no person (from .85 on 97, from .92 on 98 in 100 are right)",
    "quality": "quality review: `[quality]` preset, lot, level, major_aql, minor_aql, by_type, double_key, double_key_share",
    "keys": 'keys of the verification station: `[keys]` `pend = "Alt+P"`',
    "roster_columns": 'your heads of a patient list: `[roster_columns]` `mrn = "Pat-Nr"`',
    "mrn_authorities": "who gives your MRNs (HL7 CX-4); without it whoever is named gives yours",
    "hot_folders": "how a hot folder is used: `[[hot_folders]]` path, completion (quiet: nobody writes it, its end is there and it has been still; signal: only `name.done` or an index file whose files are all there; rename: its writers rename what is whole), station, scanner, operator (they stay with the scan)",
    "self_filing": "document types that may be filed without a person once their measured risk allows it",
    "self_filing_risk": "upper 95 % bound of the share of wrong ones that you accept for them",
}
"""What each entry of profile.toml is; a test compares with ingest/site.py."""

QUALITY_ENTRIES = {
    "lot": "documents of one person that are judged together; 0 draws no samples",
    "level": "general inspection level of ANSI/ASQ Z1.4: I, II or III",
    "major_aql": "percent of documents with a major error that you accept",
    "minor_aql": "percent of documents with a minor error that you accept",
    "by_type": "a QA batch for each kind of document, too",
    "double_key": 'kinds whose MRN and birthday a second person keys, blind: ["DEATH_CERT"]',
    "double_key_share": "share of all others that are keyed twice, 0.0 to 1.0",
}
"""What each entry of the table [quality] is; a test compares with storage/quality/policy.py."""

_HEAD = """\
# How this hospital's charts look, and how it wants to work. Written by 'chartroom init'; yours to change.
#
# "# " begins an explanation. "#" without a space stands before an entry with its default: take the # away to change it.
# What begins with "#[" is a table: take the # before its name away too. Entries that are no default say "Example".
# An entry that is unknown or does not fit is named when a command starts. All of it: docs/profile.md."""

_EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "labels": ("[labels]", 'mrn = ["Unit No"]'),
    "keys": ("[keys]", 'pend = "Alt+P"'),
    "roster_columns": ("[roster_columns]", 'mrn = "Unit number"', 'family = "Name of family"'),
    "types": (
        "[types.DIALYSIS]", 'name = "Dialysis run sheet"', 'section = "notes"', 'titles = ["dialysis treatment record"]',
    ),
    "hot_folders": ("[[hot_folders]]", 'path = "/srv/scans/ward-3"', 'completion = "signal"', 'station = "Ward 3"'),
    "rules": ("[[rules]]", 'type = "LAB"', "pattern = '(?i)our own laboratory'", 'where = "head"'),
}  # fmt: skip
"""Entries that are tables, each with an example: their default is that there is none."""


def defaults_of_profile() -> dict[str, Any]:
    """Every entry of a profile with its default."""
    defaults: dict[str, Any] = {}
    for value in (Profile(forms=()), Site(Profile(forms=()))):
        defaults |= {f.name: getattr(value, f.name) for f in fields(value)}
    return defaults


def draw_new_profile() -> str:
    """The text of a new profile.toml. TOML asks that plain entries stand before tables."""
    defaults = defaults_of_profile()
    parts = [_HEAD]
    parts += [_entry(name, what, defaults[name]) for name, what in ENTRIES.items() if name not in _TABLES]
    parts += [_quality()]
    parts += ["\n".join((*_told(ENTRIES[name]), "# Example:", *_off(_EXAMPLES[name]))) for name in _EXAMPLES]
    return "\n\n".join(parts) + "\n"


_TABLES = {*_EXAMPLES, "quality"}


def _entry(name: str, what: str, default: Any) -> str:
    return "\n".join((*_told(what), *_off((f"{name} = {_toml(default)}",))))


def _quality() -> str:
    lines = [*_told(ENTRIES["quality"]), *_off(("[quality]",))]
    lines += [*_told(f"a policy to begin from: {', '.join(PRESETS)}. Example:"), *_off(('preset = "ordinary"',))]
    for name, what in QUALITY_ENTRIES.items():
        lines += [*_told(what), *_off((f"{name} = {_toml(getattr(Quality(), name))}",))]
    return "\n".join(lines)


def _told(what: str) -> Iterator[str]:
    yield f"# {what[0].upper()}{what[1:]}".replace("`", "")


def _off(lines: tuple[str, ...]) -> Iterator[str]:
    return (f"#{line}" for line in lines)


def _toml(value: Any) -> str:
    """A value as TOML writes it; a pattern stands in single quotation marks, where a backslash is a backslash."""
    return f"'{value}'" if isinstance(value, str) and "\\" in value else json.dumps(value)
