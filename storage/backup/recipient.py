"""The key pair of backups: the home keeps the public half, the secret half lies on paper and where the administrator keeps it."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.backup import age
from storage.foundation import audit, keys
from storage.foundation.actions import AuditAction
from storage.foundation.errors import BackupRefused, KeyWrong
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.installation import Fact

_FACT = "backup_recipient"


@dataclass(frozen=True, slots=True)
class Pair:
    """A new pair: the public half age1…, and the 32 secret bytes, which are kept nowhere in the home."""

    recipient: str
    secret: bytes


def make_pair(home: Home, actor: Actor, *, replaces: bool = False) -> Pair:
    """A new pair, whose public half the home keeps from now on; BackupRefused when there is one and it is not replaced.

    Backups that were made before stay readable with the key that they were made for.
    """
    check_can(actor, Action.KEEP_BACKUPS)
    secret = age.new_secret()
    pair = Pair(age.recipient_of(secret), secret)
    with home.writing() as session:
        was = find_recipient(session)
        if was is not None and not replaces:
            raise BackupRefused(
                f"Backups are encrypted to the key {was} already. Make another with --replace; keep the key you have as long "
                "as you keep backups that were made for it."
            )
        session.merge(Fact(name=_FACT, value=pair.recipient))
        audit.record(session, actor, AuditAction.MAKE_BACKUP_KEY, "backup key", recipient=pair.recipient, was=was)
    return pair


def find_recipient(session: Session) -> str | None:
    """The public half that backups of this home are encrypted to."""
    fact = session.get(Fact, _FACT)
    return fact.value if fact else None


def read_secrets(text: str) -> tuple[bytes, ...]:
    """The secret halves that a written key can mean; KeyWrong says what to look at.

    It is a backup key (AGE-SECRET-KEY-1…), a master key file, or the recovery sheet of either one, whose lines look the same.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        if line.upper().startswith("AGE-SECRET-KEY-"):
            return (age.read_identity(line),)
    if len(lines) == 1 and len(lines[0]) == 2 * keys.KEY_BYTES:
        try:
            return (keys.backup_secret(bytes.fromhex(lines[0])),)
        except ValueError as error:
            raise KeyWrong("This is neither a backup key nor a master key.") from error
    written = keys.master_from_recovery(lines)
    return written, keys.backup_secret(written)
