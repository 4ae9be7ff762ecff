"""Kinds of document measured on text: pages and headings that were written for it, and the MTSamples notes.

Run by `./dev bench understanding written` and `./dev bench understanding notes`. Notes are learned and told in five folds;
near-duplicates stay in one fold.
"""

import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import calibration, keep
from classify.kinds import tell_kind
from classify.learn import Example, misread, train
from classify.profile import Profile
from classify.rows import Row, rows_of_text
from classify.wording import Wording
from classify.wordmodel import WordModel

NOTES = Path(__file__).parent.parent.parent / "shared" / "data" / "mtsamples" / "mtsamples_dev.jsonl"
_PROFILE = Profile()


def measure_written() -> None:
    """Every kind of the table by pages and headings that somebody wrote who knew neither our table nor our weights."""
    from benchmarks.train_wording import AUTHORED, read_pages

    filler = "The undersigned entered the information above as shown in the table.\n" * 12
    titles = json.loads((AUTHORED / "blind_titles.json").read_text(encoding="utf-8"))
    headed = [
        (code, rows_of_text(f"MERCY GENERAL HOSPITAL\n{title}\nPatient Name: Doe, Jane  MRN: 12345678\n{filler}"))
        for code, own in titles.items()
        for title in own
    ]
    pages = read_pages("blind_pages.jsonl")
    rows = []
    for name, cases in (
        ("pages with their heading", [(p.with_title.code, p.with_title.rows) for p in pages]),
        ("pages without a heading", [(p.without_title.code, p.without_title.rows) for p in pages]),
        ("headings alone", headed),
    ):
        told = [(code, tell_kind(text, _PROFILE)) for code, text in cases]
        sure = [best[0].code == code for code, best in told if best[0].is_sure]
        rows.append(
            {
                "what": name, "cases": len(told),
                "right": round(sum(best[0].code == code for code, best in told) / len(told), 4),
                "among_three": round(sum(code in [g.code for g in best] for code, best in told) / len(told), 4),
                "taken": round(len(sure) / len(told), 4),
                "taken_wrong": sure.count(False),
            }
        )  # fmt: skip
    print()
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    keep("written", rows)


# ---- kinds of notes

KINDS = {
    "operative_report": "OPERATIVE_REPORT", "consult_hp": "CONSULT", "radiology_report": "IMAGING", "progress_note": "PROGRESS_NOTE",
    "discharge_summary": "DISCHARGE_SUMMARY", "er_report": "ED_RECORD", "letter": "CORRESPONDENCE", "autopsy": "AUTOPSY",
    "pathology_report": "PATHOLOGY", "ime_workcomp": "WORK_COMP", "office_note": "TELEPHONE",
}  # fmt: skip
"""Work types of MTSamples in our codes; office notes borrow a code of their own, as the set keeps them apart."""

_SAME = {"HP": "CONSULT", "BRIEF_OP_NOTE": "OPERATIVE_REPORT", "PROCEDURE_NOTE": "OPERATIVE_REPORT"}
_CONDITIONS: tuple[tuple[str, float, int | None], ...] = (
    ("clean", 0.0, None), ("5 % misread", 0.05, None), ("15 % misread", 0.15, None), ("first page only", 0.0, 2500),
)  # fmt: skip


def measure_notes() -> None:
    """Five folds over MTSamples: what comes along, our model, paperless-ngx's recipe; then with few examples.

    What comes along knows the wording of such notes: here of the other folds. The model is judged beside words that
    know none of the notes, for it is learned from the same ones.
    """
    if not NOTES.exists():
        sys.stderr.write("MTSamples is not here: notes left out.\n")
        return
    from benchmarks.train_wording import fit_words

    notes = read_notes()
    fold_of = _folds(notes)
    rows: list[dict[str, Any]] = []
    answers: dict[tuple[str, str], list[tuple[str, str, float, bool]]] = defaultdict(list)
    strange = fit_words([])
    for fold in range(5):
        learned = [note for note in notes if fold_of[note.group] != fold]
        told = [note for note in notes if fold_of[note.group] == fold]
        words = fit_words(_without_office(learned))
        model, other = train(learned, words=strange), _Paperless(learned)
        for condition, share, most in _CONDITIONS:
            rng = random.Random(fold)
            for note in told:
                text = _as_seen(note.rows, share, most, rng)
                answers["as it comes", condition].append((note.code, *_by_rules(text, words)))
                answers["learned", condition].append((note.code, *_by_model(text, model, strange)))
                answers["paperless-ngx recipe", condition].append((note.code, *other.tell(text)))
        sys.stderr.write(f"fold {fold + 1} of 5\n")
    for (voice, condition), told_all in answers.items():
        rows.append({"voice": voice, "pages": condition, **_scored(told_all)})
    rows += _cold_start(notes, fold_of)
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    keep("notes", rows)


def _without_office(notes: list[Example]) -> list[Example]:
    """Office notes borrow the code of another kind here (KINDS): no wording is learned from them."""
    return [note for note in notes if note.code != KINDS["office_note"]]


def read_notes() -> list[Example]:
    """The MTSamples notes of one work type, in our codes."""
    with NOTES.open(encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return [
        Example(rows_of_text(r["text"]), KINDS[r["work_types"][0]], str(r["group"]))
        for r in records
        if len(r["work_types"]) == 1
    ]


def _folds(notes: list[Example]) -> dict[str, int]:
    groups = sorted({note.group for note in notes})
    random.Random(5).shuffle(groups)
    return {group: number % 5 for number, group in enumerate(groups)}


def _as_seen(rows: tuple[Row, ...], share: float, most: int | None, rng: random.Random) -> tuple[Row, ...]:
    seen = misread(rows, share, rng) if share else rows
    if most is None:
        return seen
    kept, letters = [], 0
    for row in seen:
        letters += len(row.text)
        kept.append(row)
        if letters > most:
            break
    return tuple(kept)


def _by_rules(rows: tuple[Row, ...], words: Wording) -> tuple[str, float, bool]:
    best = tell_kind(rows, _PROFILE, words=words)[0]
    return _SAME.get(best.code, best.code), best.confidence, best.is_sure


def _by_model(rows: tuple[Row, ...], model: WordModel, words: Wording) -> tuple[str, float, bool]:
    best = tell_kind(rows, _PROFILE, model, words=words)[0]
    return _SAME.get(best.code, best.code), best.confidence, best.is_sure


class _Paperless:
    """The recipe of paperless-ngx as its documentation and behaviour state it: counts of words and pairs, a perceptron."""

    def __init__(self, learned: list[Example]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.neural_network import MLPClassifier

        self._counts = CountVectorizer(ngram_range=(1, 2), min_df=0.01)
        table = self._counts.fit_transform([_text(note.rows) for note in learned])
        self._network = MLPClassifier(tol=0.01, random_state=1).fit(table, [note.code for note in learned])

    def tell(self, rows: tuple[Row, ...]) -> tuple[str, float, bool]:
        """The kind, its probability, and that it is always taken."""
        chances = self._network.predict_proba(self._counts.transform([_text(rows)]))[0]
        best = int(np.argmax(chances))
        return str(self._network.classes_[best]), float(chances[best]), True


def _text(rows: tuple[Row, ...]) -> str:
    return "\n".join(row.text for row in rows)


def _scored(answers: list[tuple[str, str, float, bool]]) -> dict[str, Any]:
    right = [truth == told for truth, told, _, _ in answers]
    order = sorted(range(len(answers)), key=lambda i: -answers[i][2])
    wrong = covered = 0
    for count, index in enumerate(order, start=1):
        wrong += not right[index]
        if wrong / count <= 0.02:
            covered = count
    sure = [ok for ok, answer in zip(right, answers, strict=True) if answer[3]]
    error, _ = calibration([answer[2] for answer in answers], right)
    return {
        "accuracy": round(sum(right) / len(right), 4),
        "macro_f1": round(_macro_f1(answers, 1), 4),
        "macro_f1_kinds_of_20": round(_macro_f1(answers, 20), 4),
        "coverage_at_98": round(covered / len(answers), 4),
        "taken": round(len(sure) / len(answers), 4),
        "taken_right": round(sum(sure) / max(1, len(sure)), 4),
        "calibration_error": round(error, 4),
    }


def _macro_f1(answers: list[tuple[str, str, float, bool]], fewest: int) -> float:
    """Mean F1 over the kinds with at least so many documents."""
    counts = Counter(truth for truth, *_ in answers)
    scores = []
    for kind in (kind for kind, count in counts.items() if count >= fewest):
        hits = sum(truth == told == kind for truth, told, *_ in answers)
        told_so = sum(told == kind for _, told, *_ in answers)
        scores.append(2 * hits / max(1, counts[kind] + told_so))
    return float(np.mean(scores))


def _cold_start(notes: list[Example], fold_of: dict[str, int]) -> list[dict[str, Any]]:
    """What a site has after so many verified documents of each kind; the wording of all other notes comes along."""
    from benchmarks.train_wording import fit_words

    told = [note for note in notes if fold_of[note.group] == 0]
    rows = []
    for most in (0, 5, 20, 100):
        counts: Counter[str] = Counter()
        learned: list[Example] = []
        others: list[Example] = []
        for note in notes:
            if fold_of[note.group] == 0:
                continue
            counts[note.code] += 1
            (learned if counts[note.code] <= most else others).append(note)
        words = fit_words(_without_office(others))
        model = train(learned, words=words) if most else None
        answers = [
            (note.code, *(_by_model(note.rows, model, words) if model else _by_rules(note.rows, words)))
            for note in told
        ]
        rows.append({"voice": f"{most} examples a kind", "pages": "clean", **_scored(answers)})
    return rows
