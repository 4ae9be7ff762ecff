"""A site's rules tried on what was verified: how many documents each would have called right, and how many not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from classify.rows import Row, rows_of
from classify.typerules import TypeRule, find_hits
from storage.custody import pages
from storage.foundation.tables.documents import Document
from storage.learning.models import VERIFIED


@dataclass(slots=True)
class Trial:
    """What a rule finds among verified documents: how many of its kind, how many in all, and which others by kind and id."""

    rule: TypeRule
    right: int = 0
    of_kind: int = 0
    others: Counter[str] = field(default_factory=Counter)
    other_ids: list[int] = field(default_factory=list)
    contradicted: int = 0  # documents on which a rule of another kind fits as well

    @property
    def fits(self) -> int:
        """Documents on which it finds its pattern."""
        return self.right + self.others.total()


def try_rules(session: Session, rules: Sequence[TypeRule]) -> list[Trial]:
    """Each rule on every document whose kind a person confirmed; nothing is changed."""
    trials = {rule.number: Trial(rule) for rule in rules}
    query = select(Document).where(col(Document.state).in_(VERIFIED), col(Document.verified_by).is_not(None))
    for document in session.exec(query.order_by(col(Document.id))):
        hits = find_hits(_pages_of(session, document.id), rules)
        is_contradicted = len({hit.rule.code for hit in hits}) > 1
        for trial in trials.values():
            trial.of_kind += document.type_code == trial.rule.code
        for hit in hits:
            trial = trials[hit.rule.number]
            trial.contradicted += is_contradicted
            if hit.rule.code == document.type_code:
                trial.right += 1
            else:
                trial.others[document.type_code] += 1
                trial.other_ids.append(document.id)
    return list(trials.values())


def _pages_of(session: Session, document_id: int) -> list[tuple[int, tuple[Row, ...]]]:
    read = [pages.reading_of(session, page) for page in pages.pages_of_document(session, document_id)]
    return [(number, rows_of(page)) for number, page in enumerate(read, start=1) if page is not None]
