"""Words that are printed on forms and are no names: a value made of them is a label or a sentence."""

from functools import cache

from classify import normal
from classify.doctypes import TYPES

_FUNCTION = frozenset(
    "a an and are as at be been but by can do does for from has have he her his how i if in into is it its "
    "may me must my no not of on or our shall she should so than that the their them then there these they "
    "this those to under up upon us was we were what when where which who will with you your yes about after "
    "before during other any all each every per please also only such".split()
)

_FORM = frozenset(
    "address age admission attached authorization authorized birth box card case cell check child city claim class code company complete "
    "contact copy county coverage current date day days dept department diagnosis discharge doctor dosage dose email emergency "
    "employer encounter enter exam facility fax female field file first form full gender given group guarantor health history home hospital "
    "id identification information initial initials insurance insured label last legal list male marital medical member middle minor "
    "month name names national none notes number office official operation order page parent patient patients payer phone physician "
    "plan policy practice prefix preferred primary print printed procedure progress provider reason record records relationship "
    "religion report representative required requested room score secondary section see sex signature signed single social "
    "specimen spouse ssn state status street subscriber suffix summary surgery system telephone time title today total treatment type "
    "unit unknown update vaccine visit week work year zip denies reports states presents".split()
)

_ALSO_SURNAMES = frozenset("may day page case young law white black brown green king price bill".split())


@cache
def _vocabulary() -> frozenset[str]:
    titles = {word for kind in TYPES for title in kind.titles for word in normal.plain(title).split()}
    return (_FUNCTION | _FORM | titles) - _ALSO_SURNAMES


def is_form_text(text: str) -> bool:
    """Whether this text holds a word of forms or sentences, so that it cannot be a person's name."""
    words = normal.plain(text.replace("-", " ")).split()
    return any(len(word) > 1 and word in _vocabulary() for word in words)


def is_sentence(text: str) -> bool:
    """Whether this reads like running text: two or more function words."""
    return sum(word in _FUNCTION for word in normal.plain(text).split()) >= 2
