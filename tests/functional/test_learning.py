"""Learning through the command line: labelled texts, versions, the accuracy report, a taught form."""

import json
from pathlib import Path

import numpy as np

from ocr.imaging import cv2
from tests.given.commands import Chartroom
from tests.given.paper import printed, saved

_CAST = "Cast applied, neurovascular status intact, elevate the limb, return in two weeks, weight bearing as tolerated."
_MEAL = "Ate half of the tray, fluids encouraged, swallowing precautions kept, dentures in place, supplements given."


def _examples(folder: Path) -> Path:
    file = folder / "archive.jsonl"
    rows = [
        {"text": f"{text} Sheet {number}.", "type": code}
        for number in range(12)
        for text, code in ((_CAST, "ORDERS"), (_MEAL, "NURSING_NOTE"))
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def test_a_site_learns_from_labelled_texts_and_goes_back(chartroom: Chartroom, tmp_path: Path) -> None:
    chartroom("init")
    assert "verify more first" in chartroom("train", expect=1).stderr
    said = chartroom("train", "--examples", _examples(tmp_path)).stdout
    assert "learned 2 kinds from 24 documents" in said
    assert "used from now on" in said
    chartroom("train", "--examples", _examples(tmp_path))
    assert [row["used"] for row in chartroom.rows("train", "--list")] == [False, True]
    chartroom("train", "--use", "1")
    assert [row["used"] for row in chartroom.rows("train", "--list")] == [True, False]
    assert "no model 7" in chartroom("train", "--use", "7", expect=1).stderr
    chartroom("verify")


def test_what_was_learned_is_heard_when_a_scan_is_indexed(chartroom: Chartroom, tmp_path: Path) -> None:
    page = printed([_CAST[:40], _CAST[40:80], _CAST[80:]] * 3)
    chartroom.drop("before.png", saved([page], "PNG"))
    chartroom("run")
    chartroom("train", "--examples", _examples(tmp_path))
    again = page.copy()
    again[-40:, -40:] = 0
    chartroom.drop("after.png", saved([again], "PNG"))
    chartroom("run")
    before, after = chartroom.rows("documents")
    assert before["type"]["code"] == "OTHER"
    assert after["type"]["code"] == "ORDERS"
    assert after["type"]["candidates"][0]["code"] == "ORDERS"


def test_bad_examples_are_refused_with_their_line(chartroom: Chartroom, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    for text, sentence in (('{"text": "x"}', "Line 1"), ('{"text": "x", "type": "NOPE"}', "no document type NOPE")):
        file.write_text(text)
        assert sentence in chartroom("train", "--examples", file, expect=1).stderr


def test_the_accuracy_report_of_a_new_site_is_empty_and_says_so_quietly(chartroom: Chartroom) -> None:
    chartroom("init")
    assert chartroom.rows("report", "accuracy") == []


def test_a_form_is_taught_from_one_scan_and_read_on_the_next(chartroom: Chartroom, tmp_path: Path) -> None:
    blank = printed(
        [
            "COUNTY ALLERGY CLINIC WORKSHEET", "Grass birch ragweed timothy", "plantain mugwort feathers", "",
            "penicillium aspergillus histamine", "saline interpretation national", "guidance millimetres reception",
        ]
    )  # fmt: skip
    zones = tmp_path / "zones.csv"
    zones.write_text("field,left,top,right,bottom,value\nmrn,0.5,2.05,6.0,2.45,\n")
    (tmp_path / "blank.png").write_bytes(saved([blank], "PNG"))
    said = chartroom(
        "form", "teach", tmp_path / "blank.png", "--name", "Allergy sheet", "--type", "INTAKE_HISTORY", "--zones", zones
    )
    assert "1 zones" in said.stdout
    filled = blank.copy()
    cv2.putText(filled, "00123456", (200, 475), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 3, cv2.LINE_AA)
    chartroom.drop("filled.png", saved([np.ascontiguousarray(filled)], "PNG"))
    chartroom("run")
    document = chartroom.rows("documents")[0]
    assert document["type"]["code"] == "INTAKE_HISTORY"
    assert document["fields"]["mrn"]["value"] == "00123456"
    assert document["fields"]["mrn"]["source"] == "form"
    assert {"Allergy sheet", "CMS-1500 (02/12)"} <= {row["name"] for row in chartroom.rows("form", "list")}
    zones.write_text("field,left,top,right,bottom\nmrn,3,2,1,2.5\n")
    refused = chartroom(
        "form", "teach", tmp_path / "blank.png", "--name", "x", "--type", "LAB", "--zones", zones, expect=1
    )
    assert "no size" in refused.stderr
