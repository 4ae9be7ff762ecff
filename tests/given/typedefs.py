"""The types that JavaScript is written against, read from its JSDoc: enough of it for what goes to and from Python."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TYPEDEF = re.compile(r"/\*\*\s*(?:\*\s*)?@typedef (.*?)\*/", re.DOTALL)
_PROPERTY = re.compile(r"@property \{(.+)\} (\[?)([\w-]+)\]?")
_PLAIN = {"string": (str,), "number": (int, float), "boolean": (bool,), "null": (type(None),), "false": (bool,)}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an object: the type of each, and which may be left out."""

    types: Mapping[str, str]
    optional: frozenset[str] = field(default_factory=frozenset)


def read_typedefs(*paths: Path) -> dict[str, Keys | str]:
    """Every typedef of these files by name: its keys, or the expression that it stands for."""
    found: dict[str, Keys | str] = {}
    for path in paths:
        for match in _TYPEDEF.finditer(path.read_text(encoding="utf-8")):
            text = re.sub(r"\n \* ?", "\n", match[1])
            expression, rest = _braced(text)
            name = rest.split()[0]
            if expression == "object":
                listed = _PROPERTY.findall(rest)
                optional = frozenset(key for _, bracket, key in listed if bracket)
                found[name] = Keys({key: kind for kind, _, key in listed}, optional)
            elif expression.startswith("{") and "=>" not in expression and "(" not in expression:
                found[name] = _inline(expression)
            else:
                found[name] = " ".join(expression.split())
    return found


def keys_of(name: str, types: Mapping[str, Keys | str]) -> Keys:
    """The keys of a typedef, those of its parts together where it is made of several (A & B)."""
    found = types[name]
    if isinstance(found, Keys):
        return found
    parts = [keys_of(part, types) for part in _split(found, "&")]
    return Keys(
        {key: kind for part in parts for key, kind in part.types.items()},
        frozenset().union(*(part.optional for part in parts)),
    )


def misfits(value: Any, expression: str, types: Mapping[str, Keys | str], where: str = "") -> list[str]:
    """Where a value is not what the expression says: a key too many or too few, a value of another kind."""
    choices = _split(expression, "|")
    if len(choices) > 1:
        tried = [misfits(value, choice, types, where) for choice in choices]
        return min(tried, key=len)
    if expression.endswith("[]"):
        if not isinstance(value, list | tuple):
            return [f"{where} is no {expression}"]
        return [
            line for at, item in enumerate(value) for line in misfits(item, expression[:-2], types, f"{where}[{at}]")
        ]
    if expression.startswith("["):
        kinds = _split(expression[1:-1], ",")
        if not isinstance(value, list | tuple) or len(value) != len(kinds):
            return [f"{where} is no {expression}"]
        return [line for at, kind in enumerate(kinds) for line in misfits(value[at], kind, types, f"{where}[{at}]")]
    if record := re.fullmatch(r"Record<string, (.+)>", expression):
        return [line for key, item in value.items() for line in misfits(item, record[1], types, f"{where}.{key}")]
    if expression.startswith('"'):
        return [] if value == expression.strip('"') else [f"{where} is {value!r}, not {expression}"]
    if expression in _PLAIN:
        return [] if type(value) in _PLAIN[expression] else [f"{where} is no {expression}"]
    found = types[expression]
    if isinstance(found, str) and "&" not in found:
        return misfits(value, found, types, where)
    return _misfits_of_keys(value, keys_of(expression, types), types, where)


def _misfits_of_keys(value: Any, keys: Keys, types: Mapping[str, Keys | str], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    lines = [f"{where}.{key} is not known to the script" for key in value.keys() - keys.types.keys()]
    lines += [f"{where}.{key} is missing" for key in keys.types.keys() - value.keys() - keys.optional]
    for key in value.keys() & keys.types.keys():
        lines += misfits(value[key], keys.types[key], types, f"{where}.{key}")
    return lines


def _inline(expression: str) -> Keys:
    parts = [part.partition(":") for part in _split(expression[1:-1], ",")]
    optional = frozenset(key.strip("? ") for key, _, _ in parts if key.strip().endswith("?"))
    return Keys({key.strip("? "): kind.strip() for key, _, kind in parts}, optional)


def _braced(text: str) -> tuple[str, str]:
    """What stands in the braces at the beginning, and what comes after them."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if depth == 0:
            return text[1:at].strip(), text[at + 1 :]
    raise ValueError(f"braces are not closed: {text[:60]}")


def _split(expression: str, mark: str) -> list[str]:
    """The parts between marks that stand in no bracket of their own."""
    parts, depth = [""], 0
    for letter in expression:
        depth += (letter in "[{<(") - (letter in "]}>)")
        if letter == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]
