"""What can go wrong in the record store, each with a sentence for staff.

StorageError
├── HomeNotReady        the data home has no database yet
├── KeyMissing          the key file is not where it should be
├── KeyWrong            the key does not open this database
├── StateRefused        the table of states does not allow this move
│   ├── NeedsRetype     a patient is chosen who agrees in less than two identifiers with the page
│   ├── NeedsInsisting  the page names somebody else, or nobody
│   └── ValueRefused    what was typed cannot be the value of its field
├── StaleSave           someone saved this document first
├── NotAllowed          this person may not do this
├── SignInRefused       wrong name or password, or locked for now
├── BlobMissing         a stored file is not there
├── BlobDamaged         a stored file is not what was written
│   └── SourceChanged   a file changed while it was being copied
├── BackupRefused       a backup, restore or upgrade that cannot be made here
├── BackupDamaged       something in a backup is not what was written
├── NothingToFile       a document has no page that can be filed
└── RosterProblem       a patient list that cannot be read
"""


class StorageError(Exception):
    """Base of everything the record store refuses; the message is a sentence for staff."""


class HomeNotReady(StorageError):
    """The data home has no database yet."""


class KeyMissing(StorageError):
    """The key file is not where it should be."""


class KeyWrong(StorageError):
    """The key does not open this database."""


class StateRefused(StorageError):
    """The table of states does not allow this move."""


class NeedsRetype(StateRefused):
    """A patient was chosen who agrees in less than two identifiers with the page; a number typed again confirms it."""


class NeedsInsisting(StateRefused):
    """The page names somebody else, or nobody; a person may insist, with a reason. `field` is the one it is about, where there
    is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ValueRefused(StateRefused):
    """What was typed cannot be the value of `field`, or (`may_stand`) only when a person says why it stands so on the paper."""

    def __init__(self, message: str, field: str, *, may_stand: bool = False) -> None:
        super().__init__(message)
        self.field, self.may_stand = field, may_stand


class StaleSave(StorageError):
    """Someone saved this document first; nothing was overwritten."""


class NotAllowed(StorageError):
    """This person may not do this."""


class SignInRefused(StorageError):
    """Wrong name or password, or locked for now; `locked` tells which."""

    def __init__(self, message: str, *, locked: bool = False) -> None:
        super().__init__(message)
        self.locked = locked


class BlobMissing(StorageError):
    """A stored file is not there."""


class BlobDamaged(StorageError):
    """A stored file is not what was written."""


class SourceChanged(BlobDamaged):
    """A file changed while it was being copied; nothing of it is kept, and it is copied again when it is calm."""


class BackupRefused(StorageError):
    """A backup, restore or upgrade cannot be made here and now; nothing was changed."""


class BackupDamaged(StorageError):
    """Something in a backup is not what was written."""


class NothingToFile(StorageError):
    """A document has no page that can be filed."""


class RosterProblem(StorageError):
    """A patient list that cannot be read."""
