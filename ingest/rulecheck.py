"""The rules of a profile, checked: each pattern is valid, and never slow, however the paper reads."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from classify.typerules import CPU_SECONDS, TypeRule, Where, Which, compiled, stress_texts
from ingest.entries import check_looks
from ingest.problems import ProfileProblem

_RULE: dict[str, Any] = {
    "type": "DIALYSIS",
    "pattern": "(?i)treatment run sheet",
    "where": Where.HEAD.value,
    "page": Which.FIRST.value,
    "not": "(?i)education",
}
"""The entries of a rule, each with an example."""


def read_rules(file: str, entries: object, codes: set[str]) -> Iterator[TypeRule]:
    """The tables [[rules]]; ProfileProblem names the rule by its place in the file, and what is wrong with it.

    `codes` are the document types that there are.
    """
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ProfileProblem(f"{file}: a rule is written as a table, [[rules]].")
    for number, entry in enumerate(entries, start=1):
        where = f"{file}: rule {number}"
        _check_entries(file, number, entry)
        if entry["type"] not in codes:
            raise ProfileProblem(f"{where}: there is no document type {entry['type']!r}. Add [types.{entry['type']}].")
        for name in ("pattern", "not"):
            if name in entry and (problem := problem_of(entry[name])):
                raise ProfileProblem(f"{where}: {name} {problem}.")
        part, page = entry.get("where", Where.ANYWHERE), entry.get("page", Which.FIRST)
        yield TypeRule(number, entry["type"], entry["pattern"], Where(part), Which(page), entry.get("not", ""))


def _check_entries(file: str, number: int, entry: dict[str, Any]) -> None:
    where = f"{file}: rule {number}"
    if unknown := entry.keys() - _RULE.keys():
        raise ProfileProblem(f"{where}: there is no entry {min(unknown)!r}. Known: {', '.join(_RULE)}.")
    for name, value in entry.items():
        check_looks(file, f"rule {number}: {name}", value, _RULE[name])
    if missing := {"type", "pattern"} - entry.keys():
        raise ProfileProblem(f"{where} has no {min(missing)}.")
    for name, known in (("where", Where), ("page", Which)):
        if name in entry and entry[name] not in set(known):
            raise ProfileProblem(f"{where}: {name} is one of {', '.join(known)}.")


_WALL_SECONDS = 60.0
"""How long the trial of a pattern may take by the clock on a busy machine; it is judged by its own CPU time."""

_TRIAL = """
import json, re, resource, sys
pattern, texts, seconds = json.load(sys.stdin)
tried = re.compile(pattern, re.MULTILINE)
for text in texts:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    tried.search(text)
    after = resource.getrusage(resource.RUSAGE_SELF)
    if after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime > seconds:
        sys.exit(1)
"""


def problem_of(pattern: str) -> str:
    """What is wrong with a pattern, as the end of a sentence; empty when nothing is."""
    if not pattern.strip():
        return "is empty, so that every page would fit"
    try:
        found = compiled(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is not a valid pattern: {error}"
    if found.search("") is not None:
        return "fits an empty page, so that every page would fit"
    return "" if _is_fast(pattern) else _SLOW


_SLOW = (
    "takes too long on some pages: its repeats can share one text in many ways, as those of (a+)+ or .*.*.* can. "
    "Write it so that each part can be read in one way only"
)


@lru_cache(maxsize=256)
def _is_fast(pattern: str) -> bool:
    """Whether a pattern ends soon on texts made to make it slow, tried in a process of its own that is stopped by its CPU time.

    Python's `re` cannot be stopped from within. A pattern without a repeat is never slow.
    """
    if not re.search(r"[*+{]", pattern):
        return True
    asked = json.dumps([pattern, list(stress_texts(pattern)), CPU_SECONDS])
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _TRIAL],
            input=asked,
            text=True,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
