"""The whole way at the shell: a scan of somebody unknown, then the list that knows them."""

from pathlib import Path

from tests.given.commands import Chartroom
from tests.given.paper import printed, saved

LINES = [
    "PROGRESS NOTE",
    "Patient Name: Rivera, Ana",
    "MRN: 00123456",
    "DOB: 03/14/1957",
    "The lungs were clear on both sides.",
]
HEADS = "MRN,Last Name,First Name,DOB,Sex\n"


def test_a_scan_of_somebody_unknown_fits_after_the_list_was_loaded(chartroom: Chartroom, tmp_path: Path) -> None:
    chartroom.drop("note.png", saved([printed(LINES)], "PNG"))
    chartroom("run")
    (before,) = chartroom.rows("documents")
    assert (before["patient"]["decision"], before["patient"]["since_list_changed"]) == ("none", None)
    file = tmp_path / "patients.csv"
    file.write_text(f"{HEADS}00123456,Rivera,Ana,1957-03-14,F\n00777777,Okafor,Grace,1980-05-05,F\n")
    assert "Waiting documents that fit otherwise now: 1" in chartroom("roster", "load", file).stdout
    (after,) = chartroom.rows("documents")
    assert (after["patient"]["decision"], after["patient"]["mrn"]) == ("linked", "00123456")
    assert (after["patient"]["since_list_changed"], after["state"]) == ("fits", "to_verify")
    file.write_text(f"{HEADS}00123457,Rivera,Ana,1957-03-14,F\n")  # a namesake born on that day comes afterwards
    chartroom("roster", "load", file)
    chartroom("run")
    assert chartroom.rows("documents")[0]["patient"]["mrn"] == "00123456"  # what is linked is not matched again
    chartroom("verify")
