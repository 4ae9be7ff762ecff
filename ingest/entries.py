"""Whether an entry of a profile looks as it should; the sentence that says how otherwise."""

import json
from typing import Any

from ingest.problems import ProfileProblem


def check_looks(file: str, name: str, value: object, example: Any) -> None:
    """ProfileProblem when an entry is of another kind than its example."""
    if _is_like(value, example):
        return
    if isinstance(example, dict):
        key, of_it = next(iter(example.items()))
        raise ProfileProblem(f"{file}: {name} is a table, [{name}], of entries like {key} = {json.dumps(of_it)}.")
    raise ProfileProblem(f"{file}: {name} should look like {json.dumps(example)}.")


def _is_like(value: object, example: Any) -> bool:
    match example:
        case float():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case dict():
            of_it = next(iter(example.values()))
            return isinstance(value, dict) and all(_is_like(one, of_it) for one in value.values())
        case list():
            return isinstance(value, list) and all(_is_like(one, example[0]) for one in value)
    return type(value) is type(example)
