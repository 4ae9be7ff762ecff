"""What the process that workers are made from loads once, so that no worker has to.

An engine that cannot be loaded here is missed, with its sentence, by whoever needs it.
"""

import contextlib

from ocr.errors import OcrError

with contextlib.suppress(OcrError):
    import classify.index  # noqa: F401
    import ocr.read  # noqa: F401
