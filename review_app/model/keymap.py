"""The keys of the verification station: what each does, and what this site made of them (`[keys]` in the profile)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.problems import ProfileProblem


@dataclass(frozen=True, slots=True)
class Key:
    """One action of the station and the key that does it."""

    action: str
    key: str
    what: str


KEYS: tuple[Key, ...] = (
    Key("confirm", "Enter", "confirm, go to the next doubtful field"),
    Key("back", "Shift+Enter", "back to the field before"),
    Key("approve", "Ctrl+Enter", "approve, take the next document"),
    Key("insist", "Ctrl+Shift+Enter", "approve despite a mismatch, with a reason"),
    Key("all-fields", "Alt+A", "show all fields, or the doubtful ones only"),
    Key("none", "Alt+0", "no candidate is right (Alt+1 to Alt+9 choose one; outside a field the digit alone)"),
    Key("find", "Alt+F", "find a patient"),
    Key("kind", "Alt+Y", "choose the document type"),
    Key("history", "Alt+H", "history of this field"),
    Key("comment", "Alt+C", "comments"),
    Key("labels", "Alt+L", "labels of protection: add one, or lift one that is wrong"),
    Key("register", "Alt+N", "not on the patient list: ask registration"),
    Key("pend", "Alt+P", "pend, with a reason and a follow-up date"),
    Key("query", "Alt+Q", "pend for a provider's answer"),
    Key("escalate", "Alt+E", "pend for a supervisor"),
    Key("rescan", "Alt+R", "request a rescan of this page"),
    Key("skip", "Alt+K", "skip"),
    Key("recent", "Alt+B", "take back one of the last ten approvals"),
    Key("page-back", "PageUp", "page before"),
    Key("page-on", "PageDown", "next page"),
    Key("first-page", "Ctrl+Home", "first page (outside a field also Home)"),
    Key("last-page", "Ctrl+End", "last page (outside a field also End)"),
    Key("go-to-page", "Alt+G", "go to a page by its number"),
    Key("zoom-in", "Alt+ArrowUp", "zoom in"),
    Key("zoom-out", "Alt+ArrowDown", "zoom out"),
    Key("fit", "Alt+Z", "fit the width"),
    Key("fit-page", "Alt+Shift+Z", "fit the whole page"),
    Key("turn-view", "Alt+T", "turn the view only"),
    Key("turn", "Alt+O", "rotate clockwise and save; the page is read again"),
    Key("turn-back", "Alt+Shift+O", "rotate counter-clockwise and save; the page is read again"),
    Key("select", "Alt+J", "select this page, or not: to move, turn or hide several"),
    Key("split", "Alt+S", "split here: this page starts a document"),
    Key("join", "Alt+M", "join to the document before"),
    Key("move", "Alt+V", "move this page, or those selected, to another document"),
    Key("earlier", "Alt+ArrowLeft", "this page one place earlier"),
    Key("later", "Alt+ArrowRight", "this page one place later"),
    Key("hide", "Alt+X", "hide this page, or those selected"),
    Key("restore", "Alt+W", "restore a hidden page of this scan"),
    Key("best-possible", "Alt+I", 'mark "best available copy"'),
    Key("undo", "Alt+U", "undo the last change of pages"),
    Key("keys", "F1", "these keys (outside a field also ?)"),
)

_KEY = re.compile(
    r"(?:(?:Ctrl|Alt|Shift)\+)*(?:[A-Z0-9]|F\d{1,2}|Enter|PageUp|PageDown|Home|End|Insert|Arrow(?:Up|Down|Left|Right))"
)


def keymap(site: Mapping[str, str]) -> tuple[Key, ...]:
    """The keys as this site has them; ProfileProblem names an unknown action, a key that is none, or one used twice."""
    if unknown := site.keys() - {key.action for key in KEYS}:
        raise ProfileProblem(f"profile.toml: keys: there is no action {min(unknown)!r}.")
    mapped = tuple(Key(key.action, site.get(key.action, key.key), key.what) for key in KEYS)
    for key in mapped:
        if not _KEY.fullmatch(key.key):
            raise ProfileProblem(f"profile.toml: keys: {key.key!r} is no key. Write it like 'Alt+P' or 'Ctrl+Enter'.")
        if twice := next((other for other in mapped if other.key == key.key and other.action != key.action), None):
            raise ProfileProblem(f"profile.toml: keys: {key.key} is both {key.action!r} and {twice.action!r}.")
    return mapped
