"""Understanding measured from pixels: where documents begin, which kind they are, their fields, and how sure to be.

    ./dev bench understanding                   everything (a quarter of an hour)
    ./dev bench understanding charts            separation, kinds and fields of drawn charts, read from damaged scans
    ./dev bench understanding written           kinds of pages and headings that were written for it and never fitted on
    ./dev bench understanding notes             kinds of the MTSamples notes, beside paperless-ngx's recipe; cold start

The hospitals of the charts set their forms in ways, and with label words, that no weight was fitted on. Notes are
learned and told in five folds; near-duplicates stay in one fold. Results: benchmarks/results/understanding-*.csv.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import kinds
from benchmarks.figures import RESULTS, calibration, keep, show
from benchmarks.stacks import ReadStack, read_stacks
from benchmarks.truth import is_same
from classify.doubts import DoubtCode
from classify.fields.find import find_fields
from classify.guess import MOST_CANDIDATES, FieldValue, FileGuess, PersonRecord
from classify.index import index_file, weighed
from classify.profile import Profile

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
        kinds.measure_written()
    if "notes" in options.part:
        kinds.measure_notes()


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
        doubted += sum(
            any(doubt.code in (DoubtCode.MAY_BEGIN, DoubtCode.MAY_NOT_BEGIN) for doubt in document.doubts)
            for document in guess.documents
        )
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
    show(f"{documents} documents, {pages} pages, no separator sheets, title rules alone", rows)
    keep("stacks", [{"what": what, "measured": round(value, 4), "target": target} for what, value, target in rows])


def _mixtures(stack: ReadStack, guess: FileGuess) -> Iterable[bool]:
    """For every found document with pages of two patients, whether anything is flagged on it."""
    owner = {number: document.patient.mrn for document in stack.documents for number in document.printed_on}
    for document in guess.documents:
        if len({owner[number] for number in document.pages}) > 1:
            yield bool(document.doubts)


class _Nobody:
    """A patient list without anybody: nothing is linked."""

    def find_by_keys(self, keys: tuple[str, ...], most: int = MOST_CANDIDATES) -> list[PersonRecord]:
        """Nobody."""
        return []

    def people(self) -> int:
        """None."""
        return 0

    def share_of(self, part: str, name: str) -> float | None:
        """Not known."""
        return None


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
    keep("fields", rows)
    for row in rows:
        print(
            f"{row['by']:7} {row['name']:15} {row['printed']:4}  recall {row['recall']:.3f}  precision {row['precision']:.3f}"
            f"  sure {row['sure']:.2f}  sure and wrong {row['sure_wrong']}"
        )
    given = [answer for answer in answers if answer["right"] is not None]
    error, steps = calibration([a["confidence"] for a in given], [a["right"] for a in given])
    sure = sum(a["confidence"] >= 0.95 for a in given)
    wrong = sum(a["confidence"] >= 0.95 and not a["right"] for a in given)
    show(
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


if __name__ == "__main__":
    main()
