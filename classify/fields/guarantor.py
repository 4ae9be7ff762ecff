"""Who pays what the insurer does not: the guarantor's name."""

from classify.fields import name
from classify.finding.field import Field

FIELD = Field(
    "guarantor",
    ("guarantor", "guarantor name", "responsible party", "responsible party name", "person responsible for bill", "person responsible", "guarantor's name",
     "person responsible for account", "bill to", "responsible person", "financially responsible party", "name of guarantor", "party responsible for payment"),
    name.parse,
    most_words=5,
    title="Guarantor",
)  # fmt: skip
