"""What form numbers and a site's rules say of the kind of a document, weighed with what its words say.

Precedence, highest first: a document separator sheet, a taught form, rules of the site, then words and form numbers together.
Rules of two kinds on one document decide nothing, and neither does a rule against a title that it does not explain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from classify import doctypes
from classify.codes.formids import FormId, site_forms, standard_forms
from classify.doctypes import OTHER
from classify.guess import TypeGuess
from classify.profile import Profile
from classify.typerules import Hit, Where

STANDARD, OF_SITE = 0.95, 0.98
"""Chance that a document whose first page bears a public form's number, or one that the site names, is of its kind. Given,
not fitted: what is left is a misread number and a form stapled to something else."""

_PLACES = {"first": 1.0, "middle": 0.4, "last": 0.6}
"""Share of that weight (log odds) by the page: the first page says what a document is; a page within may be an enclosure, and
the last is often a signature sheet that several kinds share. Given."""

RULED = 0.97
"""Confidence of what a rule of the site decides. A rule is tried on verified documents first (`chartroom rules test`)."""

_NOTHING_ELSE, _FAINT = 0.5, 0.02
"""What a kind is held to be before its form number speaks: where the words say nothing, and where they say something else."""

_CONTRADICTS = 0.8
"""Words this sure of another kind make a question, as in classify/kinds.py."""


@dataclass(frozen=True, slots=True)
class FormEvidence:
    """A form number that says a kind: the chance that it is right, and where it stands."""

    code: str
    chance: float
    form: FormId
    page: int
    title: str = ""

    @property
    def sentence(self) -> str:
        """The form number as the desk shows why a document is of its kind."""
        return f"form number {self.form.number}" + (f" ({self.title})" if self.title else "")


def evidence_of_forms(
    pages: Sequence[tuple[int, Iterable[FormId]]], profile: Profile, learned: Mapping[str, tuple[str, float]]
) -> tuple[FormEvidence, ...]:
    """What the form numbers on the pages of a document say of its kind, the strongest first, each number once.

    `learned` are type codes and their chances by key, from verified documents (classify/codes/learnedforms.py). A site's own
    entry counts before what was learned, and that before the public table.
    """
    best: dict[str, FormEvidence] = {}
    for at, (number, forms) in enumerate(pages):
        place = "first" if at == 0 else "last" if at == len(pages) - 1 else "middle"
        for form in forms:
            known = _known(form, profile, learned)
            if known is None:
                continue
            code, chance, title = known
            weighed = _with_odds(_odds(chance) ** _PLACES[place])
            if form.key not in best or best[form.key].chance < weighed:
                best[form.key] = FormEvidence(code, weighed, form, number, title)
    return tuple(sorted(best.values(), key=lambda one: -one.chance))


def _known(form: FormId, profile: Profile, learned: Mapping[str, tuple[str, float]]) -> tuple[str, float, str] | None:
    if code := site_forms(profile).get(form.key):
        return code, OF_SITE, ""
    if form.key in learned:
        code, chance = learned[form.key]
        return code, chance, "learned from verified documents"
    if form.key in standard_forms() and form.source != "barcode":
        code, title = standard_forms()[form.key]
        return code, STANDARD, title
    return None


def with_forms(
    guesses: tuple[TypeGuess, ...], found: Sequence[FormEvidence], sure_from: float
) -> tuple[TypeGuess, ...]:
    """The kinds with what form numbers say of them: each multiplies the odds of its kind (Bayes' rule).

    Numbers of two kinds on one document, and a number against words that are sure of another kind, make nobody sure.
    """
    if not found or not guesses:
        return guesses
    chances = {guess.code: guess.confidence for guess in guesses}
    is_silent = guesses[0].code == OTHER
    best = found[0]
    held = max(chances.get(best.code, 0.0), _NOTHING_ELSE if is_silent else _FAINT)
    after = _with_odds(_odds(min(held, 0.99)) * _odds(best.chance))
    others = sum(chance for code, chance in chances.items() if code != best.code)
    scale = min(1.0, (1 - after) / others) if others else 1.0
    chances = {code: chance * scale for code, chance in chances.items()} | {best.code: after}
    is_other = not is_silent and guesses[0].code != best.code and guesses[0].confidence >= _CONTRADICTS
    contradicts = is_other or len({one.code for one in found}) > 1
    told = {guess.code: guess for guess in guesses}
    made: list[TypeGuess] = []
    for code in sorted(chances, key=lambda c: -chances[c])[:3]:
        guess = told.get(code, TypeGuess(code, 0.0))
        if code == best.code:
            guess = _told_by_form(guess, best, is_new=code not in told)
        is_sure = not made and not contradicts and code != OTHER and chances[code] >= sure_from
        made.append(
            replace(guess, confidence=round(chances[code], 4), is_sure=is_sure and (guess.is_sure or code == best.code))
        )
    return tuple(made)


def _told_by_form(guess: TypeGuess, found: FormEvidence, *, is_new: bool) -> TypeGuess:
    evidence = "; ".join(filter(None, (guess.evidence, found.sentence)))
    box, page = (found.form.box, found.page) if is_new or guess.box is None else (guess.box, guess.page)
    return replace(guess, evidence=evidence, box=box, page=page)


def with_rules(guesses: tuple[TypeGuess, ...], hits: Sequence[Hit]) -> tuple[TypeGuess, ...]:
    """The kinds with what the rules of the site decide: the kind of a lone rule first; of rules of two kinds neither is sure."""
    hits = [hit for hit in hits if _is_known(hit.rule.code)]
    codes = list(dict.fromkeys(hit.rule.code for hit in hits))
    if not codes:
        return guesses
    others = [replace(guess, is_sure=False) for guess in guesses if guess.code not in (*codes, OTHER)]
    if len(codes) > 1:
        numbers = " and ".join(str(hit.rule.number) for hit in hits)
        told = [next(hit for hit in hits if hit.rule.code == code) for code in codes]
        asked = [
            TypeGuess(hit.rule.code, round(1 / len(codes), 4), f"rules {numbers} of the profile contradict each other; {hit.sentence}", hit.page, hit.box)
            for hit in told
        ]  # fmt: skip
        return tuple((*asked, *others)[:3])
    hit = hits[0]
    first = guesses[0] if guesses else None
    is_contradicted = (
        first is not None
        and first.code not in (hit.rule.code, OTHER)
        and first.confidence >= _CONTRADICTS
        and not _explains(hit, first)
    )
    decided = TypeGuess(hit.rule.code, RULED, hit.sentence, hit.page, hit.box, is_sure=not is_contradicted)
    left = sum(guess.confidence for guess in others) or 1.0
    scaled = [replace(guess, confidence=round(guess.confidence / left * (1 - RULED), 4)) for guess in others]
    return (decided, *scaled[:2])


def _explains(hit: Hit, title: TypeGuess) -> bool:
    """Whether a rule of the head found its words in the very row that is the title of another kind: the site says more."""
    return hit.rule.where is Where.HEAD and title.box is not None and hit.box.holds_middle_of(title.box)


def _is_known(code: str) -> bool:
    return code in doctypes.chart_order()


def _odds(chance: float) -> float:
    return chance / (1 - chance)


def _with_odds(odds: float) -> float:
    return odds / (1 + odds)
