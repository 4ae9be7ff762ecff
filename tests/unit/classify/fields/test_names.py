"""Names of patients, guarantors and providers: what is one, and what is the text of a form."""

import pytest

from classify.fields import attending, guarantor, name
from classify.fields.notnames import is_form_text, is_sentence
from classify.profile import Profile

P = Profile()


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Rivera, Ana", "RIVERA, ANA", "as forms ask for it"),
        ("Rivera, Ana Maria", "RIVERA, ANA MARIA", "with her middle name"),
        ("Rivera,Ana", "RIVERA, ANA", "without a blank"),
        ("Ana Maria Rivera", "RIVERA, ANA MARIA", "as people say it"),
        ("Rivera Ana M", "RIVERA, ANA M", "the comma was lost"),
        ("Mrs. Ana Rivera", "RIVERA, ANA", "titles are no names"),
        ("Smith, John Q, Jr", "SMITH, JOHN Q JR", "a suffix last"),
        ("Smith Jr., John", "SMITH, JOHN JR", "a suffix with the surname"),
        ("Smith, Jr, John", "SMITH, JOHN JR", "a suffix between"),
        ("John Smith III", "SMITH, JOHN III", "a number is a suffix"),
        ("O'Brien-Lee, Seán", "O'BRIEN-LEE, SEÁN", "accents are kept"),
        ("de la Cruz, Maria", "DE LA CRUZ, MARIA", "a surname of several words"),
        ("Young, Grace", "YOUNG, GRACE", "a surname that is a word"),
        ("Day, Page", "DAY, PAGE", "two of them"),
        ("May White", "WHITE, MAY", "as people say it"),
        ("Rivera, Ana (Baby Boy)", "RIVERA, ANA BABY BOY", "a newborn is told apart"),
        ("Rivera, Ana (alert)", "RIVERA, ANA", "what else stands in brackets is none of it"),
    ],
)
def test_a_name_is_read(text: str, expected: str, why: str) -> None:
    assert name.parse(text, P) == (expected, True), why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        ("Ana", "one word"),
        ("A B", "two letters"),
        ("Rivera, 1957", "a digit"),
        ("Rivera 00123456", "a number"),
        ("B, Ana", "a surname of one letter"),
        ("Date of Birth", "a label"),
        ("Last, First", "what a form asks for"),
        ("Medical Record", "a label"),
        ("was seen", "a sentence"),
        ("of the above", "a sentence"),
        ("Progress Note", "a title"),
        ("Discharge Summary", "a title"),
        ("Signature of patient", "a label"),
        ("Unknown, Male", "what is written where nobody knows"),
        ("____, ____", "a line"),
        ("Mr. Dr.", "titles alone"),
    ],
)
def test_what_is_no_name_is_refused(text: str, why: str) -> None:
    assert name.parse(text, P) is None, why


def test_an_initial_is_read_and_is_no_given_name() -> None:
    assert name.parse("Rivera, A", P) == ("RIVERA, A", False)
    assert name.parse("Rivera, A. Maria", P) == ("RIVERA, A MARIA", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rivera", ("RIVERA", True)),
        ("Garcia-Lopez", ("GARCIA-LOPEZ", True)),
        ("O'Brien", ("O'BRIEN", True)),
        ("de la Cruz", ("DE LA CRUZ", True)),
        ("Ana,", ("ANA", True)),
        ("A", ("A", False)),  # an initial
        ("Rivera 1", None),
        ("de la Cruz Lopez", None),  # four words are more than a part
        ("First", None),  # the next label
        ("", None),
    ],
)
def test_a_part_of_a_name_is_read_by_itself(text: str, expected: tuple[str, bool] | None) -> None:
    assert name.parse_part(text, P) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wei Chen, MD", ("CHEN, WEI", True)),
        ("Chen, Wei Ling", ("CHEN, WEI LING", True)),
        ("Dr. Wei Chen", ("CHEN, WEI", True)),
        ("Dr. Chen", ("CHEN", True)),  # a surname after a title
        ("Dr Chen MD", ("CHEN", True)),
        ("Chen", None),  # without a title any word would do
        ("Dr.", None),
        ("MD", None),
        ("Attending Physician", None),  # a label
        ("was called", None),
        ("Chen, Wei 1234567893", None),  # with a number
        ("", None),
    ],
)
def test_a_provider_s_name_is_read_without_titles(text: str, expected: tuple[str, bool] | None) -> None:
    assert attending.parse(text, P) == expected


def test_a_guarantor_is_read_as_a_name_is() -> None:
    assert guarantor.FIELD.parse("Rivera, Pedro", P) == ("RIVERA, PEDRO", True)
    assert guarantor.FIELD.parse("same as patient", P) is None


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Rivera, Ana", False, "a name"),
        ("Young, Grace", False, "a surname that is a word"),
        ("King, Bill", False, "two of them"),
        ("Signature", True, "a word of forms"),
        ("RIVERA SIGNATURE", True, "in capitals beside a name"),
        ("Rivera, see chart", True, "a word of sentences beside a name"),
        ("co-signature", True, "after a hyphen"),
        ("I", False, "one letter is an initial"),
        ("", False, "nothing"),
    ],
)
def test_a_word_of_forms_makes_a_text_no_name(text: str, expected: bool, why: str) -> None:
    assert is_form_text(text) is expected, why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Blue Cross of Ohio", False),  # one function word
        ("I understand that the plan", True),
        ("to be seen", True),
        ("Rivera, Ana", False),
        ("", False),
    ],
)
def test_two_function_words_make_a_sentence(text: str, expected: bool) -> None:
    assert is_sentence(text) is expected
