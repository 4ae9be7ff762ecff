"""Loading what other systems say: in chunks of one transaction each, so that a million rows keep nobody waiting."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor
from storage.roster import doubts, merging
from storage.roster.messages import Loaded, Merge, Registration, RosterMessage, Unmerge, VisitMove
from storage.roster.registering import RosterUpdate, UpdateRefused

_CHUNK = 5000
_LARGE_CACHE, _USUAL_CACHE = "PRAGMA cache_size = -262144", "PRAGMA cache_size = -32768"
"""Keys land all over their index: with 256 MB of it at hand a million persons load in half the time."""


def load(
    home: Home,
    told: Iterable[tuple[str, RosterMessage | Exception]],
    source: str,
    actor: Actor = MACHINE,
    progress: Callable[[int], None] = lambda done: None,
) -> Loaded:
    """Take over a stream of what is said, each with where it stands; loading again changes nothing.

    A row that cannot be read comes as the exception that says why. What is bad is reported and the rest is loaded; a
    kill in between leaves whole chunks, and loading again completes them. `source` goes into the audit log.
    """
    loaded = Loaded()
    done = 0
    stream = iter(told)
    while chunk := list(islice(stream, _CHUNK)):
        with home.writing() as session:
            session.connection().exec_driver_sql(_LARGE_CACHE)
            asked = len(loaded.doubts)
            apply(session, chunk, actor, loaded)
            doubts.keep(session, actor, loaded.doubts[asked:])
        done += len(chunk)
        progress(done)
    with home.writing() as session:
        session.connection().exec_driver_sql(_USUAL_CACHE)
        audit.record(
            session, actor, AuditAction.LOAD_ROSTER, "roster", source=source, rows=done, new=loaded.new, updated=loaded.updated,
            encounters=loaded.encounters, merged=loaded.merged, moved=loaded.moved, problems=len(loaded.problems),
        )  # fmt: skip
    return loaded


def apply(
    session: Session, told: Iterable[tuple[str, RosterMessage | Exception]], actor: Actor, loaded: Loaded
) -> None:
    """Take over what is said, in the order in which it was said, in the caller's transaction.

    `loaded.doubts` are merges to be kept for a person, by the caller: they outlive what is rolled back.
    """
    for registrations in _together(told):
        if isinstance(registrations, list):
            _enter(session, registrations, actor, loaded)
            continue
        where, said = registrations
        _attempt(session, where, loaded, lambda counts, said=said: _apply_one(session, said, actor, counts))  # type: ignore[misc]


def _enter(session: Session, registrations: list[tuple[str, Registration]], actor: Actor, loaded: Loaded) -> None:
    """All at once; when the database refuses something, one by one, so that one row does not take the others with it."""
    counts = Loaded()
    try:
        with session.begin_nested():
            RosterUpdate(session, actor, counts).enter(registrations)
        loaded.add(counts)
    except (SQLAlchemyError, ValueError):
        for where, one in registrations:
            _attempt(session, where, loaded, partial(_enter_one, session, actor, one))


def _enter_one(session: Session, actor: Actor, registration: Registration, loaded: Loaded) -> None:
    RosterUpdate(session, actor, loaded).enter([("", registration)])


def _attempt(session: Session, where: str, loaded: Loaded, step: Callable[[Loaded], None]) -> None:
    """One step that leaves no trace when it is refused half way."""
    counts = Loaded()
    try:
        with session.begin_nested():
            step(counts)
    except UpdateRefused as problem:
        loaded.refuse(where, str(problem))
        if isinstance(problem, doubts.MergeDoubted):
            loaded.doubts.append(problem.doubt)
    except (SQLAlchemyError, ValueError) as error:
        loaded.refuse(where, f"it cannot be kept ({type(error).__name__})")
    else:
        counts.problems = [f"{where}{problem}" for problem in counts.problems]
        loaded.add(counts)


def _apply_one(session: Session, said: RosterMessage | Exception, actor: Actor, loaded: Loaded) -> None:
    match said:
        case Merge():
            merging.merge(session, said, actor, loaded)
        case Unmerge():
            merging.unmerge(session, said, actor, loaded)
        case VisitMove():
            merging.move_visit(session, said, actor, loaded)
        case Exception():
            raise UpdateRefused(str(said)) from said
        case Registration():
            RosterUpdate(session, actor, loaded).enter([("", said)])


def _together(
    told: Iterable[tuple[str, RosterMessage | Exception]],
) -> Iterator[list[tuple[str, Registration]] | tuple[str, RosterMessage | Exception]]:
    """Registrations that follow each other as one list, everything else by itself."""
    run: list[tuple[str, Registration]] = []
    for where, said in told:
        if isinstance(said, Registration):
            run.append((where, said))
            continue
        if run:
            yield run
            run = []
        yield where, said
    if run:
        yield run
