"""`chartroom train`: learn the kinds of documents from what was verified, judge, and use what is not worse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classify.kinds import tell_kind
from classify.learn import Example, train
from classify.profile import Profile
from classify.wordmodel import ModelUnusable, WordModel
from storage.foundation.home import Home
from storage.foundation.permissions import Actor
from storage.learning import models

_LEAST_FROZEN = 5
"""Frozen documents under which two versions cannot be told apart; the new one is then used, as it knows more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a training: its version, on how much, how many form numbers say a kind, and whether it is used now."""

    model_id: int
    examples: int
    kinds: int
    new: models.Judged
    before: models.Judged
    is_used: bool
    forms: int = 0


def learn_kinds(
    home: Home,
    profile: Profile,
    actor: Actor,
    more: Sequence[Example] = (),
    tell: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Train on all verified documents and `more` labelled texts; ValueError when there are too few of them."""
    with home.reading() as session:
        examples = [*models.verified_examples(session, profile, frozen=False), *more]
        frozen = list(models.verified_examples(session, profile, frozen=True))
        try:
            _, before_model = models.current(session, home.vault)
        except ModelUnusable:  # learned for an older type table: the rules are what is used now
            before_model = None
    model = train(examples, tell=tell)
    new, before = judge(model, frozen, profile), judge(before_model, frozen, profile)
    if len(frozen) < _LEAST_FROZEN:
        before = models.Judged(min(before.right, new.right), before.of)
    sealed = home.vault.seal_bytes("model", model.to_bytes())
    with home.writing() as session:
        row = models.keep(session, home.vault, sealed, actor, examples=len(examples), new=new, before=before)
        return Outcome(row.id, len(examples), len(model.codes), new, before, row.is_used, len(model.forms))


def judge(model: WordModel | None, frozen: Sequence[Example], profile: Profile) -> models.Judged:
    """How many of these documents a model (or the rules alone) classifies right."""
    right = sum(tell_kind(example.rows, profile, model)[0].code == example.code for example in frozen)
    return models.Judged(right, len(frozen))
