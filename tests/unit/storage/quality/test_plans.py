"""ANSI/ASQ Z1.4: every code letter and every normal, tightened and reduced plan, written out as the standard prints them."""

import pytest

from storage.quality.plans import AQLS, LEVELS, Plan, Severity, next_severity, plan_for

# Table I, general inspection levels
CODE_LETTERS = """
      2  A A B
      8  A A B
      9  A B C
     15  A B C
     16  B C D
     25  B C D
     26  C D E
     50  C D E
     51  C E F
     90  C E F
     91  D F G
    150  D F G
    151  E G H
    280  E G H
    281  F H J
    500  F H J
    501  G J K
   1200  G J K
   1201  H K L
   3200  H K L
   3201  J L M
  10000  J L M
  10001  K M N
  35000  K M N
  35001  L N P
 150000  L N P
 150001  M P Q
 500000  M P Q
 500001  N Q R
"""
NORMAL_SIZES = dict(
    zip("ABCDEFGHJKLMNPQR", (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000), strict=True)
)

# Table II-A, columns AQL 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10: acceptance numbers, v and ^ where an arrow points
NORMAL = """
A  v  v  v  v  v  0  v
B  v  v  v  v  0  ^  v
C  v  v  v  0  ^  v  1
D  v  v  0  ^  v  1  2
E  v  0  ^  v  1  2  3
F  0  ^  v  1  2  3  5
G  ^  v  1  2  3  5  7
H  v  1  2  3  5  7 10
J  1  2  3  5  7 10 14
K  2  3  5  7 10 14 21
L  3  5  7 10 14 21  ^
M  5  7 10 14 21  ^  ^
N  7 10 14 21  ^  ^  ^
P 10 14 21  ^  ^  ^  ^
Q 14 21  ^  ^  ^  ^  ^
"""
# Table II-B, the same columns
TIGHTENED = """
A  v  v  v  v  v  v  0
B  v  v  v  v  v  0  v
C  v  v  v  v  0  v  v
D  v  v  v  0  v  v  1
E  v  v  0  v  v  1  2
F  v  0  v  v  1  2  3
G  0  v  v  1  2  3  5
H  v  v  1  2  3  5  8
J  v  1  2  3  5  8 12
K  1  2  3  5  8 12 18
L  2  3  5  8 12 18  ^
M  3  5  8 12 18  ^  ^
N  5  8 12 18  ^  ^  ^
P  8 12 18  ^  ^  ^  ^
Q 12 18  ^  ^  ^  ^  ^
"""
_COLUMNS = (0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0)
_LOT_OF = {letter: lot for lot, letter in zip(
    (8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000, 500_001),
    "ABCDEFGHJKLMNPQ", strict=True)}  # fmt: skip
"""A lot whose letter this is at level II."""


def _published(table: str) -> dict[tuple[str, float], Plan]:
    """Each cell's plan, its arrow followed to the letter that it points to."""
    rows = {line.split()[0]: line.split()[1:] for line in table.strip().splitlines()}
    letters = list(rows)
    found = {}
    for letter in letters:
        for column, aql in enumerate(_COLUMNS):
            at = letters.index(letter)
            while (cell := rows[letters[at]][column]) in "v^":
                at += 1 if cell == "v" else -1
            found[letter, aql] = Plan(NORMAL_SIZES[letters[at]], int(cell), int(cell) + 1)
    return found


@pytest.mark.parametrize("line", CODE_LETTERS.strip().splitlines())
def test_the_letter_of_a_lot_is_that_of_table_one(line: str) -> None:
    """Read off the sample size at an AQL whose column has a plan, and no arrow, for the letter."""
    lot, *letters = line.split()
    for level, letter in zip(LEVELS, letters, strict=True):
        own = {(s, aql): p for (s, aql), p in _published(NORMAL).items() if p.size == NORMAL_SIZES[s]}
        aql = next((aql for (at, aql), plan in own.items() if at == letter), 0.4)
        assert plan_for(int(lot), aql, level).size == min(int(lot), NORMAL_SIZES[letter]), (level, letter)


@pytest.mark.parametrize(
    ("severity", "table"), [(Severity.NORMAL, NORMAL), (Severity.TIGHTENED, TIGHTENED)], ids=["II-A", "II-B"]
)
@pytest.mark.parametrize("aql", _COLUMNS)
@pytest.mark.parametrize("letter", "ABCDEFGHJKLMNPQ")
def test_every_plan_is_that_of_the_published_table(severity: Severity, table: str, aql: float, letter: str) -> None:
    plan = _published(table)[letter, aql]
    lot = _LOT_OF[letter]
    assert plan_for(lot, aql, "II", severity) == Plan(min(lot, plan.size), plan.accept, plan.reject)


# Table II-C, letters D to Q at AQLs whose column has a plan: sample, accept, reject
@pytest.mark.parametrize(
    ("letter", "aql", "plan"),
    [
        ("F", 0.65, (8, 0, 1)),
        ("J", 0.65, (32, 0, 2)),
        ("K", 0.65, (50, 1, 3)),
        ("L", 0.65, (80, 1, 4)),
        ("M", 0.65, (125, 2, 5)),
        ("N", 0.65, (200, 3, 6)),
        ("P", 0.65, (315, 5, 8)),
        ("Q", 0.65, (500, 7, 10)),
        ("D", 1.5, (3, 0, 1)),
        ("G", 1.5, (13, 0, 2)),
        ("L", 2.5, (80, 5, 8)),
        ("M", 2.5, (125, 7, 10)),
        ("N", 2.5, (200, 10, 13)),
        ("H", 6.5, (20, 3, 6)),
        ("H", 10.0, (20, 5, 8)),
    ],
)
def test_reduced_plans_are_those_of_the_published_table(letter: str, aql: float, plan: tuple[int, int, int]) -> None:
    assert plan_for(_LOT_OF[letter], aql, "II", Severity.REDUCED) == Plan(*plan)


@pytest.mark.parametrize("aql", AQLS)
@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("level", LEVELS)
def test_a_plan_never_asks_for_more_than_there_is_and_never_accepts_what_it_rejects(
    aql: float, severity: Severity, level: str
) -> None:
    for lot in (2, 3, 8, 9, 90, 91, 500, 1_200, 35_000, 500_001, 3_000_000):
        plan = plan_for(lot, aql, level, severity)
        assert 0 < plan.size <= lot
        assert 0 <= plan.accept < plan.reject
        if severity is not Severity.REDUCED:
            assert plan.reject == plan.accept + 1


@pytest.mark.parametrize("aql", _COLUMNS)
@pytest.mark.parametrize("lot", _LOT_OF.values())
def test_tightened_inspection_is_never_the_milder_one(lot: int, aql: float) -> None:
    normal, tightened = (plan_for(lot, aql, "II", s) for s in (Severity.NORMAL, Severity.TIGHTENED))
    assert tightened.accept * normal.size <= normal.accept * tightened.size


@pytest.mark.parametrize(
    ("aql", "level"), [(0.7, "II"), (0.0, "II"), (15.0, "II"), (1.0, "S-1"), (1.0, "2"), (1.0, "")]
)
def test_what_the_standard_does_not_have_is_refused(aql: float, level: str) -> None:
    with pytest.raises(ValueError, match=r"^Z1\.4 has AQLs 0\.01 to 10\.0 and levels I, II, III\.$"):
        plan_for(100, aql, level)


N, T, R = Severity.NORMAL, Severity.TIGHTENED, Severity.REDUCED


@pytest.mark.parametrize(
    ("now", "decided", "then"),
    [
        (N, "", N),
        (N, "-", N),
        (N, "--", T),
        (N, "-+++-", T),
        (N, "-++++-", N),  # not two of five
        (N, "--+++++", N),  # long ago
        (N, "+++++++++", N),
        (N, "++++++++++", R),
        (N, "-++++++++++", R),
        (N, "+++++-+++++", N),
        (T, "", T),
        (T, "++++", T),
        (T, "+++++", N),
        (T, "-+++++", N),
        (T, "++++-", T),
        (T, "-----", T),
        (R, "", R),
        (R, "+", R),
        (R, "-", N),
        (R, "-+", R),
    ],
)
def test_how_hard_is_looked_follows_the_last_lots(now: Severity, decided: str, then: Severity) -> None:
    assert next_severity(now, [sign == "+" for sign in decided]) is then
