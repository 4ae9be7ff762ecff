"""What can be wrong with a scan, each with a code and a sentence that tells staff what to do.

OcrError
├── UnsupportedFile   not a kind of file that is read here
├── EncryptedFile     needs a password
├── DamagedFile       cannot be opened
├── IncompleteFile    the end is missing
├── TooLarge          over a limit, which the sentence names
├── ImagingMissing    OpenCV cannot start on this machine
└── EngineMissing     no Tesseract on this machine
"""


class OcrError(Exception):
    """Base; `code` is stable for machines, the message is a sentence for staff."""

    code = "unreadable"


class UnsupportedFile(OcrError):
    """Not a kind of file that is read here."""

    code = "unsupported"


class EncryptedFile(OcrError):
    """The file needs a password."""

    code = "encrypted"


class DamagedFile(OcrError):
    """The file cannot be opened."""

    code = "damaged"


class IncompleteFile(OcrError):
    """The end of the file is missing."""

    code = "incomplete"


class TooLarge(OcrError):
    """Over a limit, which the sentence names."""

    code = "too_large"


class ImagingMissing(OcrError):
    """OpenCV cannot start on this machine."""

    code = "imaging_missing"


class EngineMissing(OcrError):
    """No Tesseract on this machine."""

    code = "engine_missing"
