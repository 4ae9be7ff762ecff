"""What pages mention, kept as bytes: the same comes back, and nothing is kept of nothing."""

from classify.index import sort_file
from classify.profile import Profile
from storage.roster.mentions import pack, unpack
from tests.given.paper import typed


def test_what_is_kept_comes_back_the_same() -> None:
    page = "RIVERA, ANA F 66Y\n00123456  03/14/57  (330) 555-0101\n12 Elm Street\nMother: Eva Rivera, 02/30/1931\nSSN xxx-xx-2081"
    (draft,) = sort_file([typed(page)], Profile()).drafts
    assert {mention.kind.value for part in draft.mentions for mention in part.found} >= {
        "name",
        "number",
        "date",
        "house",
    }
    packed = pack(draft.mentions)
    assert packed is not None
    assert unpack(packed) == draft.mentions
    assert len(packed) < 4000


def test_nothing_is_kept_of_nothing() -> None:
    assert pack(()) is None
    assert unpack(None) == ()
