"""The one place where errors become a code and a sentence for staff, and where is decided what ends a round."""

import contextlib
import errno
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from ocr.errors import EngineMissing, ImagingMissing, OcrError
from storage.foundation.errors import BlobDamaged, BlobMissing, StorageError

log = logging.getLogger("chartroom.problems")
logging.getLogger("chartroom").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Problem:
    """What happened, for machines and for people."""

    code: str
    sentence: str


class UsageProblem(Exception):
    """A command was called with something that cannot be; the message says what would be right."""


class ProfileProblem(Exception):
    """The profile of a site has a mistake; the message names the entry."""


class CannotGoOn(Exception):
    """Work stops with a sentence for staff; nothing is lost and it goes on once the cause is gone."""


def explain(error: BaseException) -> Problem:
    """What a caught error means. Anything unknown is raised again: an unknown bug stops the worker, loudly."""
    if isinstance(error, EngineMissing | ImagingMissing):
        return Problem(error.code, str(error))
    if isinstance(error, OcrError):
        return Problem(error.code, str(error))
    if isinstance(error, BlobMissing | BlobDamaged):
        return Problem("stored_file", f"{error}. Restore it from the backup.")
    if isinstance(error, StorageError):
        return Problem("refused", str(error))
    if isinstance(error, CannotGoOn | UsageProblem | ProfileProblem):
        return Problem("cannot_go_on", str(error))
    if isinstance(error, OSError):
        return Problem("disk", _disk_sentence(error))
    if _is_of_database(error):
        return Problem("database", _database_sentence(error))
    raise error


@contextlib.contextmanager
def cli_errors() -> Iterator[None]:
    """Every foreseen error ends the command with its sentence and exit code 1; a bug shows itself."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one place; explain() raises again what it does not know
        problem = explain(error)
        log.error("ended: %s", problem.code)
        sys.stderr.write(f"chartroom: {problem.sentence}\n")
        sys.exit(1)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

_PASSING = _FULL | {
    errno.EAGAIN, errno.EINTR, errno.EBUSY, errno.ETXTBSY, errno.ENOENT, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN,
    errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN,
    errno.ENETUNREACH, errno.ENOLCK, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
}  # fmt: skip
"""Errors that go away by themselves: in use, gone for now, a network folder that is away, a full disk (errno(3)).

EIO is none of them: after a failed fsync the kernel may have dropped the data, so it is never tried again.
"""

_OF_ONE_ROW = frozenset(
    {"IntegrityError", "DataError", "InterfaceError", "ProgrammingError", "StatementError", "NoResultFound"}
)
"""Database errors that say something of the values of one file, not of the database (PEP 249)."""


def is_passing(error: BaseException) -> bool:
    """Whether trying again later may help without anybody doing anything but free space or plug a cable in."""
    if isinstance(error, OSError):
        return error.errno in _PASSING
    if not _is_of_database(error):
        return False
    text = str(getattr(error, "orig", error)).lower()
    return any(word in text for word in ("locked", "busy", "full"))


def is_full(error: BaseException) -> bool:
    """Whether this error goes away by itself once somebody frees space."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return _is_of_database(error) and "full" in str(getattr(error, "orig", error)).lower()


def concerns_everything(error: BaseException) -> bool:
    """Whether an error met over one file would be met over every other one: disk, database, engine, installation."""
    if isinstance(error, EngineMissing | ImagingMissing | CannotGoOn | ProfileProblem | OSError):
        return True
    return _is_of_database(error) and type(error).__name__ not in _OF_ONE_ROW


def _is_of_database(error: BaseException) -> bool:
    return type(error).__module__.split(".")[0] in ("sqlalchemy", "sqlcipher3")


def _disk_sentence(error: OSError) -> str:
    if error.errno in _FULL:
        return "The disk is full. Free space and start again; nothing was lost, the scans wait in the hot folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "A folder cannot be written (rights or read-only disk). Put the rights right and start again."
    if error.errno in _PASSING:
        return f"A folder or file cannot be reached now ({errno.errorcode[error.errno or 0]}). Check that its disk or network folder is connected."
    return f"The disk reported an error ({errno.errorcode.get(error.errno or 0, 'unknown')}). Check the disk; nothing was lost."


def _database_sentence(error: BaseException) -> str:
    if type(error).__name__ == "NoResultFound":
        return "There is nothing with that number. 'chartroom sources' and 'chartroom documents' show the numbers."
    text = str(getattr(error, "orig", error)).lower()
    if "locked" in text or "busy" in text:
        return "The database is busy. Try again in a minute."
    if "full" in text:
        return "The disk is full: the database cannot grow. Free space and start again; nothing was lost."
    return "The database reported an error. Run 'chartroom verify'; nothing was lost."
