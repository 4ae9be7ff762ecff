"""A site's policy of second looks, and presets to begin from."""

from dataclasses import dataclass, field
from typing import Any

from classify import doctypes
from storage.foundation.errors import StateRefused
from storage.quality.plans import AQLS, LEVELS


@dataclass(frozen=True, slots=True)
class Quality:
    """Second looks at verified documents; nothing is drawn until a site asks for it."""

    lot: int = 0  # documents of one person that are judged together; 0: no samples
    level: str = "II"  # general inspection level of ANSI/ASQ Z1.4
    major_aql: float = 0.65  # percent
    minor_aql: float = 2.5
    by_type: bool = False  # a lot for each kind of document, too
    double_key: list[str] = field(default_factory=list)  # kinds whose MRN and birthday a second person keys blind
    double_key_share: float = 0.0  # share of all others that are keyed twice


PRESETS: dict[str, dict[str, Any]] = {
    "start": {"lot": 90, "level": "III", "major_aql": 0.65, "minor_aql": 2.5, "double_key_share": 0.1},
    "ordinary": {"lot": 150, "level": "II", "major_aql": 0.65, "minor_aql": 2.5, "double_key_share": 0.02},
    "large": {"lot": 1200, "level": "II", "major_aql": 1.0, "minor_aql": 4.0, "double_key_share": 0.0},
}
"""Quality policies to begin from: new people or a new project; ordinary work; a large back-file with a good record."""

_SMALLEST = 2


def check_quality(quality: Quality) -> None:
    """StateRefused with a sentence when the site's quality policy asks for something that there is not."""
    if quality.lot and quality.lot < _SMALLEST:
        raise StateRefused("profile.toml, [quality]: lot is 2 documents or more; 0 draws no samples.")
    if quality.level not in LEVELS:
        raise StateRefused(f"profile.toml, [quality]: level is one of {', '.join(LEVELS)}.")
    for name in ("major_aql", "minor_aql"):
        if getattr(quality, name) not in AQLS:
            raise StateRefused(f"profile.toml, [quality]: {name} is one of {', '.join(map(str, AQLS))} (percent).")
    if not 0 <= quality.double_key_share <= 1:
        raise StateRefused("profile.toml, [quality]: double_key_share is a share, 0.0 to 1.0.")
    if unknown := set(quality.double_key) - doctypes.chart_order().keys():
        raise StateRefused(f"profile.toml, [quality]: double_key names no document type {min(unknown)!r}.")
