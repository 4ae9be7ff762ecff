"""Sex: M, F, O, U (HL7 table 0001)."""

from classify import normal
from classify.finding.field import Field
from classify.profile import Profile


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """The first word when it names a sex."""
    found = normal.parse_sex(text.split()[0]) if text.split() else None
    return (found, True) if found else None


FIELD = Field(
    "sex",
    (
        "sex",
        "gender",
        "birth sex",
        "patient sex",
        "sex at birth",
        "legal sex",
        "administrative sex",
        "pt sex",
        "gender m f",
        "sex m f",
        "m/f",
        "f/m",
        "sx m f",
        "sex (m/f)",
        "sx",
        "admin sex",
        "patient gender",
        "assigned sex",
        "sex assigned at birth",
        "gender assigned at birth",
        "m or f",
        "f or m",
        "admin gender",
        "administrative gender",
    ),
    parse,
    most_words=1,
    is_typed=True,
    title="Sex",
)
