"""Random messages of somebody with a valid sign-in: each is answered in a sentence, none by an error of ours.

`CHARTROOM_RANDOM_MESSAGES` tries more of them than a test run does.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from review_app.web.protocol import REQUESTS
from storage.custody import integrity
from storage.foundation.permissions import Role
from tests.given.web import ask
from tests.unit.review_app.web.conftest import Room, made_room

MESSAGES = int(os.environ.get("CHARTROOM_RANDOM_MESSAGES", "600"))
OURS = (("x-chartroom-desk", "1"), ("sec-fetch-site", "same-origin"))

IDS = (0, 1, 2, 3, 7, -1, 2**31, 2**63 - 1, -(2**63), 2**64, 10**30)
WORDS = (
    "", " ", "rivera", "00123456", "03/14/1957", "99/99/2099", "1957-02-30", "a" * 600, "\x00", "\ud800", "\u202e", "é" * 40,
    "' OR 1=1 --", "<script>", "%s{0}{x}", "NEAR(", '"', "*", "\n\n", "2026-13-45", "🗎", "pend/other", "-", "1e309",
)  # fmt: skip
NAMES = ("mrn", "dob", "name", "sex", "service_date", "npi", "type", "no such field", "__class__", "")
ACTIONS = (
    "approve", "pend", "query", "escalate", "register", "rescan", "skip", "comment", "take_back", "rearrange", "undo", "forget", "",
)  # fmt: skip
CODES = ("missing_page", "other", "not_listed", "no_signature", "cut_off", "page_missing", "", "x")
KINDS = ("turn", "split", "join", "move", "reorder", "hide", "restore", "best_possible", "shred", "")


def _anything(rng: random.Random, depth: int = 0) -> Any:
    kinds: list[Any] = [
        None, True, False, 0.5, float("inf"), float("nan"), -0.0, rng.choice(IDS), rng.choice(WORDS), rng.choice(NAMES),
    ]  # fmt: skip
    if depth < 2:
        kinds += [
            [_anything(rng, depth + 1) for _ in range(rng.randrange(4))],
            {rng.choice(WORDS): _anything(rng, depth + 1) for _ in range(rng.randrange(4))},
        ]
    return rng.choice(kinds)


def _likely(rng: random.Random, key: str) -> Any:
    """A value of about the kind that belongs under this key."""
    made: dict[str, Callable[[], Any]] = {
        "action": lambda: rng.choice(ACTIONS),
        "code": lambda: rng.choice(CODES),
        "change": lambda: {
            "kind": rng.choice(KINDS), "pages": [rng.choice(IDS)], "named": [rng.choice((1, 2))], "degrees": rng.choice((90, -90, 180, 45, 10**9)),
            "to": rng.choice((None, *IDS)), "position": rng.choice(IDS), "why": rng.choice(("blank", *WORDS)),
        },
        "values": lambda: {rng.choice(NAMES): rng.choice(WORDS) for _ in range(rng.randrange(4))},
        "cells": lambda: [
            {"id": rng.choice(IDS), "version": rng.choice((1, 2, 3)), "value": rng.choice(WORDS), "marked": rng.random() < 0.3}
        ],
        "token": lambda: f"t{rng.random()}",
        "version": lambda: rng.choice((0, 1, 2, 3)),
        "override_mismatch": lambda: rng.random() < 0.5,
        "person": lambda: rng.choice((None, *IDS)),
    }  # fmt: skip
    if key in made:
        return made[key]()
    if key in ("id", "position"):
        return rng.choice(IDS)
    if key in ("ids", "pages", "have", "skip", "confirmed", "marked"):
        return [rng.choice(IDS) for _ in range(rng.randrange(3))]
    if key in ("seen", "as_printed"):
        return [rng.choice(NAMES) for _ in range(rng.randrange(3))]
    return rng.choice((*WORDS, *NAMES))


def _messages(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    names = sorted(REQUESTS)
    while True:
        name = rng.choice(names)
        keys = list(REQUESTS[name].message.__dataclass_fields__)
        sent = {key: _likely(rng, key) for key in keys if rng.random() < 0.9}
        for _ in range(rng.choice((0, 0, 1, 2))):
            sent[rng.choice((*keys, "more", "")) if keys else "more"] = _anything(rng)
        body = json.dumps(sent).encode()
        if rng.random() < 0.05:
            body = body[: rng.randrange(len(body) + 1)]
        if rng.random() < 0.05 and body:
            at = rng.randrange(len(body))
            body = body[:at] + bytes([rng.randrange(256)]) + body[at + 1 :]
        yield name, body


@pytest.fixture(scope="module")
def own_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room for these messages alone: some of them are carried out."""
    with made_room(tmp_path_factory.mktemp("random")) as made:
        yield made


def test_no_random_message_of_somebody_signed_in_ends_in_an_error(own_room: Room) -> None:
    rng = random.Random(17)
    app, _ = own_room.app()
    told: Counter[int] = Counter()
    for number, (name, body) in enumerate(_messages(rng)):
        if number == MESSAGES:
            break
        role = rng.choice((Role.TECHNICIAN, Role.TECHNICIAN, Role.SUPERVISOR, Role.OPERATOR, Role.AUDITOR))
        answer = ask(app, "POST", f"/desk/{name}", headers=OURS, cookie=own_room.tokens[role], body=body)
        told[answer.status] += 1
        assert answer.status < 500, (name, body)
        said = answer.json()
        if answer.status != 200:
            assert said["sentence"], (name, body)
    assert told[200] > MESSAGES / 20, "too few were understood to say much"
    with own_room.home.reading() as session:
        assert integrity.verify(session, own_room.home.vault).problems == ()
