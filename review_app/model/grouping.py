"""What the grid of group verification shows and does."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from classify import doctypes
from classify.fields.table import title_of
from classify.profile import Profile
from classify.validation import DATES
from review_app.model.acting import checked
from review_app.model.attempt import attempt
from review_app.model.messages import ConfirmedCell, GroupConfirmRequest
from review_app.model.station import SURE
from storage.desk import drafts, grouping
from storage.desk.grouping import Entry
from storage.foundation.clock import show_day
from storage.foundation.errors import StateRefused, ValueRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can

_USUAL = Profile()


def fields_waiting(home: Home, actor: Actor) -> dict[str, str]:
    """Fields with doubtful values, with how many, as they are offered."""
    with home.reading() as session:
        return {name: f"{title_of(name)} ({count} doubtful)" for name, count in grouping.waiting(session, actor, SURE)}


def take(home: Home, actor: Actor, name: str, type_code: str = "", skip: Iterable[int] = ()) -> dict[str, Any]:
    """Up to fifty doubtful values of a field, leased to this person, in the form that the grid draws."""
    with home.writing() as session:
        cells = grouping.take(session, actor, name, SURE, type_code, skip)
    return {
        "name": name,
        "title": title_of(name),
        "cells": [
            {"id": cell.document_id, "version": cell.version, "value": show_day(cell.value) if name in DATES else cell.value,
             "src": f"/field/{cell.document_id}/{name}.jpg?v={cell.version}"}
            for cell in cells
        ],
    }  # fmt: skip


def confirm(home: Home, actor: Actor, asked: GroupConfirmRequest, *, profile: Profile = _USUAL) -> dict[str, Any]:
    """Keep the grid as it was left, once for its token: what is confirmed or typed; what is marked goes to the desk."""
    token, name = asked.token, asked.name

    def action(session: Session) -> str:
        check_can(actor, Action.VERIFY)
        if answer := drafts.answer_of(session, token, actor):
            return str(answer["sentence"])
        entries = [
            Entry(cell.id, cell.version, _checked(name, cell, profile))
            for cell in asked.cells[: grouping.MOST]
            if not cell.marked
        ]
        sentence = f"{grouping.confirm(session, name, entries, actor)} values are confirmed."
        drafts.note_answer(session, token, {"ok": True, "sentence": sentence}, actor)
        return sentence

    return asdict(attempt(home, action))


def _checked(name: str, cell: ConfirmedCell, profile: Profile) -> str:
    try:
        return checked(name, cell.value, profile).value
    except ValueRefused as error:
        raise StateRefused(f"Document {cell.id}: {error} Or mark it with Delete for the desk.") from error


def types() -> dict[str, str]:
    """Kinds of document that a grid can be narrowed to."""
    return {"": "any", **{row.code: row.name for row in doctypes.table()}}
