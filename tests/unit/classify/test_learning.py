"""The trained classifier: what it learns, what it does not, and when it is not believed alone."""

import io
import json
import random
from dataclasses import replace

import numpy as np
import pytest

from classify.codes.learnedforms import LearnedForm
from classify.index import kinds_of
from classify.kinds import tell_kind
from classify.learn import Example, least_sure, misread, train
from classify.profile import Profile
from classify.risk import upper_bound
from classify.rows import rows_of_text
from classify.wordmodel import SIZE, ModelUnusable, WordModel, features_of
from tests.given.paper import typed

WORDS = {
    "PROGRESS_NOTE": "gorvane tulmick braddle ondrift pelsow quaymer vintrop sarnell dovekin hulbray wexford",
    "OPERATIVE_REPORT": "kalvine mordrake tisplow fennock ruggate zelbourn cradwick yonder plimsoll buskin",
    "IMAGING": "harlequin dromond sprocket velloway mizzen tarnbeck quillon farthing oxbow lanyard",
}
"""Words that neither rules nor the wording that comes along know."""


def _examples(each: int, kinds: tuple[str, ...] = tuple(WORDS)) -> list[Example]:
    rng = random.Random(3)
    return [
        Example(rows_of_text(" ".join(rng.choices(WORDS[kind].split(), k=40))), kind, f"{kind}-{number}")
        for kind in kinds
        for number in range(each)
    ]


@pytest.fixture(scope="module")
def model() -> WordModel:
    """A model of three kinds, forty examples each."""
    return train(_examples(40))


def test_wording_alone_tells_the_kind(model: WordModel) -> None:
    for kind, words in WORDS.items():
        rows = rows_of_text(" ".join(random.Random(9).choices(words.split(), k=40)))
        assert not tell_kind(rows, Profile())[0].is_sure  # the rules alone cannot say
        best = tell_kind(rows, Profile(), model)[0]
        assert best.code == kind
        assert best.confidence > 0.8


def test_misread_letters_do_not_hide_the_kind(model: WordModel) -> None:
    rng = random.Random(4)
    right = 0
    for kind, words in WORDS.items():
        for _ in range(10):
            rows = misread(rows_of_text(" ".join(rng.choices(words.split(), k=40))), 0.15, rng)
            right += tell_kind(rows, Profile(), model)[0].code == kind
    assert right >= 28


def test_a_model_comes_back_as_it_was_kept_and_is_no_pickle(model: WordModel) -> None:
    data = model.to_bytes()
    again = WordModel.from_bytes(data)
    rows = rows_of_text("kalvine mordrake tisplow fennock")
    assert tell_kind(rows, Profile(), again) == tell_kind(rows, Profile(), model)
    assert data[:2] == b"PK"
    assert again.examples == dict.fromkeys(WORDS, 40)


def test_form_numbers_on_verified_documents_of_one_kind_are_learned_and_kept() -> None:
    examples = [
        replace(
            example,
            form_keys=frozenset({"HH1032", "00123456"}) if example.code == "IMAGING" else frozenset(),
            person=str(n % 7),
        )
        for n, example in enumerate(_examples(8))
    ]
    alike = [replace(example, person="1") if "00123456" in example.form_keys else example for example in examples]
    assert train(alike).forms == {}  # all of one patient
    learned = train(examples)
    assert learned.forms["HH1032"] == LearnedForm("IMAGING", 8, 8)
    assert WordModel.from_bytes(learned.to_bytes()).forms == learned.forms
    foot = typed("seen today" + "\n" * 49 + "Form HH-1032 (Rev. 7/18)")
    best = kinds_of([foot], Profile(), learned)[0]
    assert (best.code, "form number HH-1032 (learned from verified documents)" in best.evidence) == ("IMAGING", True)


def test_a_model_of_an_earlier_version_knows_no_forms(model: WordModel) -> None:
    with np.load(io.BytesIO(model.to_bytes())) as kept:
        arrays = dict(kept)
    head = json.loads(arrays["head"].tobytes())
    del head["forms"]
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    assert WordModel.from_bytes(out.getvalue()).forms == {}


def test_a_model_for_another_type_table_is_refused(model: WordModel, monkeypatch: pytest.MonkeyPatch) -> None:
    data = model.to_bytes()
    monkeypatch.setattr("classify.wordmodel.SIZE", SIZE + 2)
    with pytest.raises(ModelUnusable, match="Train it again"):
        WordModel.from_bytes(data)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04 and then nothing"])
def test_damaged_models_are_refused_and_nothing_else_is_raised(data: bytes) -> None:
    with pytest.raises(ModelUnusable):
        WordModel.from_bytes(data)


def test_a_kind_that_was_never_learned_still_has_its_title(model: WordModel) -> None:
    rows = rows_of_text("MEDICATION ADMINISTRATION RECORD\nprn medications dose route frequency time given initials")
    best = tell_kind(rows, Profile(), model)[0]
    assert best.code == "MAR"


def test_two_voices_that_contradict_each_other_are_not_sure(model: WordModel) -> None:
    title = "INFORMED CONSENT\nrisks benefits alternatives witness i authorize\n"
    rows = rows_of_text(title + "\n".join(WORDS["OPERATIVE_REPORT"].split() * 5))
    best = tell_kind(rows, Profile(), model)[0]
    assert not best.is_sure


def test_too_few_examples_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="verify more first"):
        train(_examples(2))


def test_progress_is_told_to_the_end() -> None:
    heard: list[tuple[int, int]] = []
    train(_examples(6), tell=lambda done, of: heard.append((done, of)))
    assert heard[-1][0] == heard[-1][1]
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


def test_features_are_the_same_everywhere() -> None:
    """They are kept in models: a hash that changed between processes or machines would make them nonsense."""
    features = features_of(rows_of_text("Chest pain on exertion."), ())
    assert len(features.places) == len(np.unique(features.places))
    assert int(features.places.sum()) == int(features_of(rows_of_text("Chest pain  on exertion"), ()).places.sum())
    assert features.places[:4].tolist() == sorted(features.places[:4].tolist())


@pytest.mark.parametrize(
    ("wrong", "count", "bound"),
    [(0, 0, 1.0), (0, 100, 0.0263), (0, 3000, 0.0009), (1, 10, 0.3476), (10, 10, 1.0)],
)
def test_the_upper_bound_of_a_share(wrong: int, count: int, bound: float) -> None:
    assert upper_bound(wrong, count) == pytest.approx(bound, abs=0.0002)


def test_the_least_chance_is_found_from_the_errors_below_it() -> None:
    answers = [(0.95, True)] * 400 + [(0.6, True)] * 20 + [(0.6, False)] * 20
    assert least_sure(answers) == 0.95
    assert least_sure([(0.99, True)] * 20) == 2.0  # too few to show it
