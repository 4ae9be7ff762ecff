"""The document type, from two classifiers: title rules from the first day, a trained model once there is one.

The best three are given with their probabilities. An answer is *sure* only where its kind earned that: the model's own
threshold, or the site's `sure_type` for the rules; and never where the two classifiers contradict each other.
"""

from classify.doctypes import OTHER
from classify.guess import TypeGuess
from classify.identify import count_votes, rule_chances
from classify.profile import Profile
from classify.rows import Row
from classify.wording import Wording, plain_words, shipped
from classify.wordmodel import WordModel, features_of
from ocr.page import Box

_CONTRADICTS = 0.8
"""A rule this sure of another kind stops the model from being taken alone: kinds it never learned look like those it did."""


_ALIKE = 0.5
"""For a type whose threshold the model has not reached, its probability must be at least this for the rules' answer to count as sure."""

_FAINT = 0.15
"""Below this chance the likeliest kind is no answer: the document is none that is known."""


def tell_kind(
    rows: tuple[Row, ...],
    profile: Profile,
    model: WordModel | None = None,
    page: int | None = None,
    words: Wording | None = None,
) -> tuple[TypeGuess, ...]:
    """The likeliest three kinds of a document, best first; OTHER alone when nothing speaks."""
    votes = count_votes(rows, words)
    rules = rule_chances(votes, words)
    chances, sure_from = rules, dict.fromkeys(rules, profile.sure_type)
    if model is not None:
        chances = model.chances(model.scores(features_of(rows, votes)), rules)
        sure_from |= dict(zip(model.codes, map(float, model.sure_from), strict=True))
    ranked = sorted(chances, key=lambda code: -chances[code])[:3]
    told = {vote.code: vote for vote in votes}
    loudest = max(rules, key=lambda code: rules[code], default="")
    contradicted = bool(loudest) and rules[loudest] >= _CONTRADICTS and loudest != ranked[0]
    named = {vote.code for vote in votes if vote.names_it}
    if ranked and named and (ranked[0] not in named or len(named) > 1):  # the page is called something else
        contradicted = True
    guesses = []
    none = max(0.0, 1 - sum(chances.values()))
    if not ranked or chances[ranked[0]] < max(none, _FAINT):
        guesses.append(TypeGuess(OTHER, round(none, 4) if chances else 0.0))
    for code in ranked:
        vote = told.get(code)
        evidence, box = (
            (vote.evidence, vote.box) if vote and vote.evidence else _wording_of(rows, code, words or shipped())
        )
        is_sure = not guesses and not contradicted and chances[code] >= sure_from.get(code, 2.0)
        if model is not None and code == ranked[0] and sure_from.get(code, 2.0) > 1:  # the model never earned it here
            is_sure = not guesses and rules.get(code, 0.0) >= profile.sure_type and chances[code] >= _ALIKE
        guesses.append(TypeGuess(code, round(chances[code], 4), evidence, page, box, is_sure=is_sure))
    return tuple(guesses[:3])


def _wording_of(rows: tuple[Row, ...], code: str, words: Wording) -> tuple[str, Box | None]:
    """The phrases that speak most for a kind whose heading says nothing, and where the first of them stands."""
    plain = [plain_words(row.text) for row in rows]
    phrases = words.telling(" ".join(plain), code)
    if not phrases:
        return "wording", None
    place = next((row.box for row, text in zip(rows, plain, strict=True) if f" {phrases[0]} " in f" {text} "), None)
    return ", ".join(phrases), place
