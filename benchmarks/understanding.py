"""Understanding measured from pixels: where documents begin, which kind they are, their fields, and how sure to be.

    ./dev bench understanding                   everything (a quarter of an hour)
    ./dev bench understanding charts            separation, kinds and fields of drawn charts, read from damaged scans
    ./dev bench understanding written           kinds of pages and headings that were written for it and never fitted on
    ./dev bench understanding notes             kinds of the MTSamples notes, beside paperless-ngx's recipe; cold start

The hospitals of the charts set their forms in ways, and with label words, that no weight was fitted on. Notes are
learned and told in five folds; near-duplicates stay in one fold. Results: benchmarks/results/understanding-*.csv.
"""

import argparse
import csv
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.stacks import ReadStack, read_stacks
from benchmarks.truth import is_same
from classify.fields.find import find_fields
from classify.guess import FieldValue, FileGuess, PersonRecord
from classify.index import index_file, weighed
from classify.kinds import tell_kind
from classify.learn import Example, misread, train
from classify.profile import Profile
from classify.rows import Row, rows_of_text
from classify.wording import Wording
from classify.wordmodel import WordModel

RESULTS = Path(__file__).parent / "results"
NOTES = Path(__file__).parent.parent.parent / "shared" / "data" / "mtsamples" / "mtsamples_dev.jsonl"
_PROFILE = Profile()
_SAID_ELSEWHERE = frozenset({"diagnosis", "procedure", "disposition"})
"""Fields that the drawn body text says too, in other words: what is right there is a matter of opinion."""


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", default=["charts", "written", "notes"])
    parser.add_argument("--hospitals", type=int, default=24)
    parser.add_argument("--seed", type=int, default=3, help="draw other hospitals, patients and damage")
    parser.add_argument("--keep", type=Path, help="a folder for readings, to use again")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    if "charts" in options.part:
        started = time.monotonic()
        stacks = read_stacks(options.hospitals, 5, held_out=True, seed=options.seed, kept=options.keep)
        pages = sum(len(stack.pages) for stack in stacks)
        sys.stderr.write(f"{pages} pages read in {time.monotonic() - started:.0f} s\n")
        measure_stacks(stacks)
        measure_fields(stacks)
    if "written" in options.part:
        measure_written()
    if "notes" in options.part:
        measure_notes()


# ---- separation and kinds of drawn charts


def measure_stacks(stacks: list[ReadStack]) -> None:
    """Every stack through the whole of understanding, without separator sheets and without a patient list."""
    right = missed = invented = whole = documents = mixed = unflagged = doubted = 0
    kinds: list[tuple[bool, float, bool]] = []
    spent = read = 0.0
    pages = 0
    for stack in stacks:
        started = time.process_time()
        guess = index_file(stack.pages, _Nobody(), _PROFILE)
        spent += time.process_time() - started
        read += sum(page.seconds for page in stack.pages)
        pages += len(stack.pages)
        truth = {document.printed_on[0] for document in stack.documents}
        found = {min(document.pages) for document in guess.documents}
        right += len(truth & found) - 1  # the first page of a stack begins a document by nature
        missed += len(truth - found)
        invented += len(found - truth)
        documents += len(stack.documents)
        doubted += sum(any("begin" in flag for flag in document.flags) for document in guess.documents)
        for document in stack.documents:
            match = next((g for g in guess.documents if sorted(g.pages) == document.printed_on), None)
            whole += match is not None
            if match is not None:
                kinds.append((match.type.code == document.kind, match.type.confidence, match.type.is_sure))
        for mixture in _mixtures(stack, guess):
            mixed += 1
            unflagged += not mixture
    f1 = 2 * right / max(1, 2 * right + missed + invented)
    sure = [is_right for is_right, _, is_sure in kinds if is_sure]
    rows = [
        ("separation: boundary F1", f1, ">= 0.97"),
        ("separation: documents with exactly their pages", whole / documents, ""),
        ("separation: documents a person is asked about", doubted / documents, ""),
        ("separation: documents of two patients", mixed, ""),
        ("separation: of these not flagged", unflagged, "0"),
        ("kinds from pixels: accuracy", sum(k[0] for k in kinds) / len(kinds), ">= 0.97"),
        ("kinds from pixels: taken without asking", len(sure) / len(kinds), ">= 0.80"),
        ("kinds from pixels: of these right", sum(sure) / max(1, len(sure)), ">= 0.99"),
        ("latency: milliseconds a page", 1000 * spent / pages, ""),
        ("latency: share of reading", spent / read, "<= 0.05"),
    ]
    _show(f"{documents} documents, {pages} pages, no separator sheets, title rules alone", rows)
    _keep("stacks", [{"what": what, "measured": round(value, 4), "target": target} for what, value, target in rows])


def _mixtures(stack: ReadStack, guess: FileGuess) -> Iterable[bool]:
    """For every found document with pages of two patients, whether anything is flagged on it."""
    owner = {number: document.patient.mrn for document in stack.documents for number in document.printed_on}
    for document in guess.documents:
        if len({owner[number] for number in document.pages}) > 1:
            yield bool(document.flags)


class _Nobody:
    """A patient list without anybody: nothing is linked."""

    def find_by_keys(self, keys: tuple[str, ...]) -> list[PersonRecord]:
        """Nobody."""
        return []

    def people(self) -> int:
        """None."""
        return 0

    def share_of(self, part: str, name: str) -> float | None:
        """Not known."""
        return None


# ---- kinds of pages that were written for it


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
    _keep("written", rows)


# ---- fields


def measure_fields(stacks: list[ReadStack]) -> None:
    """The best value of each field of each document against what is printed on it."""
    answers: list[dict[str, Any]] = []
    for stack in stacks:
        pages = {page.number: page for page in stack.pages}
        for document, damage in zip(stack.documents, stack.damages, strict=True):
            found = [v for n in document.printed_on for v in find_fields(pages[n], _PROFILE)]
            best: dict[str, FieldValue] = {}
            for one in weighed(tuple(found)):
                best.setdefault(one.name, one)
            for name in document.hospital.labels:
                if name in _SAID_ELSEWHERE or (name == "allergies" and name not in document.fields):
                    continue
                printed, told = document.fields.get(name), best.get(name)
                if printed is None and told is None:
                    continue
                is_right = None if told is None else printed is not None and is_same(name, told.value, printed)
                answers.append(
                    {
                        "field": name, "form": document.hospital.header, "damage": damage, "printed": printed is not None,
                        "right": is_right, "confidence": told.confidence if told else 0.0,
                    }
                )  # fmt: skip
    rows = []
    for by in ("field", "form", "damage"):
        groups = defaultdict(list)
        for answer in answers:
            groups[answer[by]].append(answer)
        rows += [{"by": by, "name": name, **_counted(group)} for name, group in sorted(groups.items())]
    rows.append({"by": "all", "name": "all", **_counted(answers)})
    _keep("fields", rows)
    for row in rows:
        print(
            f"{row['by']:7} {row['name']:15} {row['printed']:4}  recall {row['recall']:.3f}  precision {row['precision']:.3f}"
            f"  sure {row['sure']:.2f}  sure and wrong {row['sure_wrong']}"
        )
    given = [answer for answer in answers if answer["right"] is not None]
    error, steps = calibration([a["confidence"] for a in given], [a["right"] for a in given])
    sure = sum(a["confidence"] >= 0.95 for a in given)
    wrong = sum(a["confidence"] >= 0.95 and not a["right"] for a in given)
    _show(
        "fields: how sure",
        [
            ("expected calibration error", error, "<= 0.03"),
            ("wrong among those with confidence >= 0.95", wrong / max(1, sure), "<= 0.005"),
            ("with confidence >= 0.95, of all printed", sure / sum(a["printed"] for a in answers), ""),
        ],
    )
    _plot_reliability(steps)


def _counted(answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    printed = sum(a["printed"] for a in answers)
    told = [a for a in answers if a["right"] is not None]
    right = sum(a["right"] for a in told)
    sure = [a for a in told if a["confidence"] >= 0.95]
    return {
        "printed": printed,
        "recall": round(right / max(1, printed), 4),
        "precision": round(right / max(1, len(told)), 4),
        "sure": round(len(sure) / max(1, printed), 4),
        "sure_wrong": sum(not a["right"] for a in sure),
    }


def calibration(
    said: Sequence[float], right: Sequence[bool], steps: int = 10
) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over equal steps of confidence, and for each step what was said, what was right, how many."""
    place = np.minimum((np.array(said) * steps).astype(int), steps - 1)
    table = [
        (
            float(np.mean(np.array(said)[place == k])),
            float(np.mean(np.array(right)[place == k])),
            int((place == k).sum()),
        )
        for k in range(steps)
        if (place == k).any()
    ]
    return sum(abs(a - b) * n for a, b, n in table) / len(said), table


def _plot_reliability(steps: list[tuple[float, float, int]]) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "chartroom"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="#b9b9b9", linewidth=1)
    axes.scatter(
        [a for a, _, _ in steps],
        [b for _, b, _ in steps],
        s=[20 + 3 * n**0.5 * 4 for _, _, n in steps],
        color="#1f77b4",
    )
    for said, right, count in steps:
        axes.annotate(str(count), (said, right), textcoords="offset points", xytext=(8, -10), fontsize=8)
    axes.set_xlabel("confidence said")
    axes.set_ylabel("share that is right")
    axes.set_title("Field values on hospitals that were not fitted on", fontsize=10)
    figure.tight_layout()
    figure.savefig(RESULTS / "understanding-fields.svg", metadata={"Date": None})


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
    _keep("notes", rows)


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


# ---- results


def _show(title: str, rows: list[tuple[str, float, str]]) -> None:
    print(f"\n{title}")
    for what, value, target in rows:
        print(f"  {what:50} {value:8.4f}  {'target ' + target if target else ''}")


def _keep(name: str, rows: list[dict[str, Any]]) -> None:
    today = datetime.now(UTC).date().isoformat()
    with (RESULTS / f"understanding-{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["date", *rows[0]])
        writer.writeheader()
        writer.writerows({"date": today, **row} for row in rows)


if __name__ == "__main__":
    main()
