"""Which words of a page are about another person than the patient."""

import pytest

from classify.fields.others import Claims
from classify.rows import rows_of
from tests.given.paper import typed


def _is_of_another(text: str, word: str) -> bool:
    rows = rows_of(typed(text))
    row, at = next((r, w) for r, row in enumerate(rows) for w, one in enumerate(row.words) if word in one.text)
    return Claims(rows).is_of_another(row, at, at)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mother: Rivera", "a label of theirs"),
        ("Guarantor: Ana Rivera   DOB 03/14/1957   Phone 330", "all of the row"),
        ("GUARANTOR INFORMATION\nRivera, Ana   03/14/1957", "under a heading"),
        ("Insured\n330-555-0101\n927 Juniper Ln\nRivera, Ana", "further under it"),
        ("Primary Insurance\nBlue Cross\nRivera, Ana", "the subscriber under the insurance"),
        ("Patient                Guarantor\nTommy Smith            Rivera Ana", "under a heading of a column"),
        (
            "FATHER'S NAME            11. MOTHER'S NAME PRIOR TO MARRIAGE\nLewis Abramson           Rivera Ana",
            "under a label",
        ),
        ("Patient: Tommy Smith   Mother: Rivera", "after the patient in the row"),
        ("Rivera (mother) gave the history", "the role behind the name"),
        ("Rivera, MD", "a degree behind the name"),
        ("Rivera M.D. saw him", "with full stops"),
        ("Attending: Ana Rivera", "a provider"),
        ("Dr. Rivera saw him", "a title"),
        ("cc: Ana Rivera", "who gets a copy"),
        ("accompanied by her mother,\nRivera, who says", "the role at the end of the line before"),
        ("B/O Rivera", "her newborn's paper"),
        ("Newborn of Rivera", "the same in words"),
        ("Electronically signed by Ana Rivera", "who signs"),
        ("Roommate Rivera reports a fall", "the roommate"),
        ("Also present: Rivera, 330-555-0101", "who came along"),
        ("I saw him with Ana Rivera today", "the same in a letter"),
        ("Signed in: Rivera (proxy)", "who looks at the record for another"),
        ("came to the visit, Ana Rivera\n(daughter) is here today", "the role at the beginning of the next line"),
        ("Returned to Wei Rivera, MD's office", "a degree of whose office it is"),
        ("Returned to Chen, Rivera's office", "whose office it is"),
        ("FAX COVER\nTO: Ana Rivera   FROM: Ann Ellison", "to whom a fax goes"),
        ("Referring\nRivera, Ana\nAccession", "the referring doctor under a label"),
        (
            "Drug                   Prescriber\nsertraline             Chen, Wei\nlisinopril             Rivera, Ana",
            "further down its column",
        ),
        (
            "\n4111222           Rivera, Ana\nIncident          Crew 1\n\n\n03/12/2024        14:02\nDate              Dispatched",
            "over a label, nearer than the one above",
        ),
    ],
)
def test_what_a_role_claims_is_anothers(text: str, why: str) -> None:
    assert _is_of_another(text, "Rivera"), why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Rivera, Ana   03/14/1957", "no role at all"),
        ("Mother: Smith, Mary   Patient: Rivera, Ana", "the patient after the mother"),
        ("Rivera, Ana   Mother: Mary Smith", "a label behind announces what follows it"),
        ("Attending: Wei Chen, MD\nRivera, Ana", "the doctor's row is over"),
        ("Guarantor                Patient\nMary Smith               Rivera, Ana", "the other column"),
        ("Mother: Mary Smith 330-555-0101\nRivera, Ana", "the label above has its value beside it"),
        ("Child's name: Rivera, Ana   Mother: Mary Smith", "on a child's form the child is the patient"),
        ("CHILD INFORMATION\nRivera, Ana", "under such a heading too"),
        ("GUARANTOR\nMary Smith\nPatient Rivera, Ana", "the patient ends the block"),
        ("TO: the chart\nRivera, Ana", "no fax says from whom it is"),
        ("Referring Dr Chen 330-555-0101\nRivera, Ana", "the label above has its value beside it, no column"),
    ],
)
def test_what_no_role_claims_is_the_patients(text: str, why: str) -> None:
    assert not _is_of_another(text, "Rivera"), why


def test_the_one_whose_document_it_is_is_announced() -> None:
    rows = rows_of(typed("RE: Ana Rivera\nSeen with Ana Rivera"))
    claims = Claims(rows)
    assert claims.is_subject(0, 1)
    assert not claims.is_subject(1, 2)
