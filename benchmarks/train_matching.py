"""Counts the weights of classify/matching/weights.py on a drawn list and documents of its people, beside a fit without labels.

./dev bench train_matching
"""

import json
import random
import sys

from benchmarks.matching import LABELLED, POOR, draw_queries
from benchmarks.matching_peers import ListInMemory, pattern
from benchmarks.people import Human, draw_people
from classify.demographics import PersonName
from classify.guess import PersonRecord
from classify.matching.decide import rank
from classify.matching.estimate import count, estimate
from classify.matching.weights import WEIGHTS

_PEOPLE, _QUERIES, _AT_RANDOM = 20_000, 8_000, 400_000


def main() -> int:
    """Print the table, estimated beside shipped."""
    people = list(draw_people(_PEOPLE, seed=101))
    records = [record_of(human) for human in people]
    roster = ListInMemory(records)
    by_mrn = {record.mrn: record for record in records}
    asked = [q for paper in (LABELLED, POOR) for q in draw_queries(people, _QUERIES, 202, paper)]
    rng = random.Random(303)
    at_random = [pattern(rng.choice(asked).query, rng.choice(records)) for _ in range(_AT_RANDOM)]
    counted = count((pattern(q.query, by_mrn[q.mrn]) for q in asked if q.mrn), at_random)
    fitted = estimate((pattern(q.query, person) for q in asked for person, _ in rank(q.query, roster)[:12]), at_random)
    print("identifier level         counted  without labels  shipped")
    for identifier, levels in counted.items():
        for level, bits in levels.items():
            shipped = WEIGHTS[identifier][level]
            print(f"{identifier:10} {level:12} {bits:8.1f} {fitted[identifier][level]:15.1f} {shipped:8.1f}")
    print(json.dumps({i: {k: round(b, 1) for k, b in v.items()} for i, v in counted.items()}))
    return 0


def record_of(human: Human) -> PersonRecord:
    """A human as the patient list has them."""
    return PersonRecord(
        id=human.id, mrn=human.mrn, family=human.family, given=human.given, middle=human.middle, suffix=human.suffix, birth_date=human.born, sex=human.sex, address=human.address,
        city=human.postcode, postcode=human.phone, phone=human.ssn4, ssn4=human.member_id,
        other_names=(PersonName(human.maiden, "", "maiden"),) if human.maiden else (),
        encounters=tuple(visit for visit, _ in human.visits),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
