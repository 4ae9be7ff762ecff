"""The step that matches documents again after the patient list changed; the watch and the loading commands take it."""

import logging
from dataclasses import dataclass
from functools import partial

from ingest.context import alone
from storage.documents.rematching import match_again
from storage.foundation.home import Home
from storage.roster import openmatches

log = logging.getLogger("chartroom.rematching")

AT_ONCE = 100
"""Documents matched between two looks at other work: two seconds (20 ms each, the commit with them; measured)."""

AFTER_A_LOAD = 2000
"""Documents matched at the end of a load or merge, less than a minute; the watch, or the next run, does the others."""


@dataclass(frozen=True, slots=True)
class Rematched:
    """How many documents were matched again, and of how many the list says something else now."""

    documents: int = 0
    otherwise: int = 0
    left: bool = False  # more are due than were done in one go


def match_due(home: Home, most: int = AT_ONCE) -> Rematched:
    """Match documents that are due, each in a transaction of its own. Over one that fails the others go on."""
    with home.reading() as session:
        waiting = openmatches.due(session, most + 1)
    otherwise = 0
    for document_id in waiting[:most]:
        with alone(f"document {document_id}", partial(_put_off, home, document_id)), home.writing() as session:
            otherwise += match_again(session, document_id) is not None
    if otherwise:
        log.info("the patient list changed: %s documents fit otherwise", otherwise)
    return Rematched(len(waiting[:most]), otherwise, len(waiting) > most)


def _put_off(home: Home, document_id: int, _: str) -> None:
    with home.writing() as session:
        openmatches.put_off(session, document_id)
