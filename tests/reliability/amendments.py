"""A fault at each durable call of an amendment: the chart has the one version or the other, each once, and the work goes on."""

import random
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import select

from storage.custody import integrity, pages
from storage.documents import filing, search, versions
from storage.foundation.home import Home
from storage.foundation.tables.documents import Document
from storage.foundation.tables.versions import Amendment, FiledVersion
from storage.opening import open_home
from tests.given.commands import Chartroom
from tests.given.records import SAM
from tests.reliability import product
from tests.reliability.amendwork import FILED, LATE
from tests.reliability.bench import Bench, Fault, was_killed
from tests.reliability.calls import NotClean, choose
from tests.reliability.filled import fill
from tests.reliability.verdict import Try, Verdict

_MODULE = "tests.reliability.amendwork"
_PAGES = 5
"""Pages of a filled home."""


def try_amendment(
    bench: Bench, fault: Fault, ends: str, sample: int | None = None, rng: random.Random | None = None
) -> Iterator[Try]:
    """This fault at every durable call of an amendment that is filed, or cancelled (`ends`), or a sample of them."""
    _make_filled(bench)
    chartroom = _fresh(bench, "undisturbed")
    ended, calls = _disturbed(bench, chartroom, ends)
    verdict = _judge(chartroom, ends)
    if ended.code != 0 or not verdict.is_sound:
        raise NotClean(f"{ended} {verdict}")
    shutil.rmtree(chartroom.home)
    tried = choose(calls, sample, rng)
    for number, call in enumerate(tried, start=1):
        chartroom = _fresh(bench, f"amendment-{call}")
        ended, _ = _disturbed(bench, chartroom, ends, fault, call)
        also = _misbehaved(fault, ended)
        verdict = _judge(chartroom, ends, also)
        shutil.rmtree(chartroom.home)
        yield Try(f"{fault} at call {call} of {calls} of an amendment ({ends})", number, len(tried), verdict)


def _make_filled(bench: Bench) -> None:
    home = open_home(bench.work / "made", bench.key_file)
    with home.reading() as session:
        is_filled = session.exec(select(Document.id)).first() is not None
    if not is_filled:
        fill(home)
    home.close()


def _fresh(bench: Bench, name: str) -> Chartroom:
    chartroom = Chartroom(bench.work / name, bench.key_file)
    shutil.copytree(bench.work / "made", chartroom.home)
    return chartroom


def _misbehaved(fault: Fault, ended: product.Ended) -> tuple[str, ...]:
    if fault is Fault.KILL and not was_killed(ended):
        return (f"should have been killed and ended with {ended.code}: {ended.output}",)
    return ("hung",) if ended.code is None else ()


def _judge(chartroom: Chartroom, ends: str, also: tuple[str, ...] = ()) -> Verdict:
    """What is left is sound as it lies; the work is then done to its end, and everything is there once."""
    problems = [*also, *_looked_at(chartroom)]
    ended = product.run(chartroom, ends, module=_MODULE)
    if ended.code != 0:
        return Verdict(0, 0, (*problems, f"the next try ends with {ended.code}: {ended.output}"))
    problems += _looked_at(chartroom)
    home = open_home(chartroom.home, chartroom.key_file)
    try:
        return _counted(home, ends, problems)
    finally:
        home.close()


def _looked_at(chartroom: Chartroom) -> list[str]:
    home = open_home(chartroom.home, chartroom.key_file)
    try:
        return list(_problems(home))
    finally:
        home.close()


def _problems(home: Home) -> Iterator[str]:
    """The archive agrees with itself, and the chart has the document, whatever happened."""
    with home.writing() as session:
        yield from integrity.verify(session, home.vault).problems
        ledger = pages.ledger(session)
        if not ledger.balances or ledger.found != _PAGES:
            yield f"pages: {ledger}"
        lines = {line.document_id: line for line in filing.chart_of(session, 1, SAM)}
        if FILED not in lines:
            yield "the document is not in the chart"
        if not search.find_pages(session, "one", SAM):
            yield "the document is not found"
        if not filing.filed_pdf(session, home.vault, FILED, SAM).startswith(b"%PDF"):
            yield "the document cannot be opened"


def _counted(home: Home, ends: str, problems: list[str]) -> Verdict:
    """Versions and pages that are lacking, and those that are there twice."""
    with home.reading() as session:
        numbers = [row.number for row in versions.of_document(session, FILED)]
        wanted = [1, 2] if ends == "file" else [1]
        outcomes = [row.outcome for row in session.exec(select(Amendment))]
        if outcomes != ["filed" if ends == "file" else "cancelled"]:
            problems.append(f"amendments: {outcomes}")
        here = [page.id for page in pages.pages_of_document(session, FILED)]
        late = [page.id for page in pages.pages_of_document(session, LATE)]
        if (len(here), len(late)) != ((3, 0) if ends == "file" else (2, 1)):
            problems.append(f"pages of the document: {len(here)}, of the one that came later: {len(late)}")
        last = session.exec(select(FiledVersion).where(FiledVersion.document_id == FILED)).all()[-1]
        if [page["page"] for page in last.pages] != here:
            problems.append("the version in the chart has other pages")
    lost, doubled = len(set(wanted) - set(numbers)), len(numbers) - len(set(numbers)) + len(set(numbers) - set(wanted))
    return Verdict(lost, doubled, tuple(problems))


def _disturbed(
    bench: Bench, chartroom: Chartroom, ends: str, fault: Fault | None = None, at: int = 0
) -> tuple[product.Ended, int]:
    counter: Path = bench.work / "counter"
    counter.write_bytes(bytes(64))
    more = {
        "LD_PRELOAD": str(bench.library),
        "FAULT_ROOT": str(chartroom.home.resolve()),
        "FAULT_STATE": str(counter),
        "FAULT_AT": str(at),
        "FAULT_DO": fault or "",
        "FAULT_STICKY": "1" if fault is Fault.DISK_FULL else "0",
    }
    ended = product.run(chartroom, ends, more, module=_MODULE)
    return ended, int(struct.unpack_from("q", counter.read_bytes(), 8)[0])
