"""What the demo draws beside its patients' paper: protected documents, files that go wrong, messages about merges."""

import random
from pathlib import Path

import pytest

from ingest.demo.clinic import draw_clinic
from ingest.demo.draw import Scan, draw_protected, merges_hl7, odd_files, roster_csv
from ingest.exchange.inbound.files import read_files
from ingest.exchange.inbound.table import read_table
from ingest.site import Site
from ocr.errors import UnsupportedFile
from ocr.signature import find_kind
from storage.foundation.home import Home
from storage.roster import doubts
from storage.roster.loading import load
from tests.given.records import SAM

CLINIC = draw_clinic(8, random.Random(1))


def test_the_registration_system_merges_one_patient_and_asks_about_another(home: Home, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(roster_csv(CLINIC))
    (tmp_path / "merges.hl7").write_text(merges_hl7(CLINIC))
    load(home, read_table(tmp_path / "roster.csv"), "demo")
    loaded = load(home, read_files([tmp_path / "merges.hl7"], Site()), "demo")
    assert (loaded.new, loaded.merged, len(loaded.doubts)) == (1, 1, 1)
    with home.reading() as session:
        assert len(doubts.waiting(session, SAM)) == 1


def test_a_clinic_of_few_has_no_merges() -> None:
    assert merges_hl7(CLINIC[:4]) == ""


def test_two_kinds_that_are_protected_are_drawn_of_people_on_the_list() -> None:
    scans = draw_protected(CLINIC, 1)
    assert [scan.truth["pages"][0]["type"] for scan in scans] == ["BEHAVIORAL", "SUD_RECORD"]
    assert {scan.truth["pages"][0]["mrn"] for scan in scans} == {CLINIC[0].mrn, CLINIC[1].mrn}
    assert [scan.data for scan in scans] == [scan.data for scan in draw_protected(CLINIC, 1)]
    assert len(draw_protected((), 1)) == 0


def test_the_odd_files_are_a_second_copy_a_torn_one_and_none_at_all() -> None:
    scans = [Scan("a.tif", b"II*\0picture", {}), Scan("b.pdf", b"%PDF-1.4 " + b"x" * 90 + b"%%EOF", {})]
    again, torn, letter = odd_files(scans)
    assert again.data == scans[0].data
    assert scans[1].data.startswith(torn.data[:30])
    assert len(torn.data) < len(scans[1].data)
    with pytest.raises(UnsupportedFile, match="ZIP or Office file"):
        find_kind(letter.data[:4096])
    assert odd_files([]) == []
