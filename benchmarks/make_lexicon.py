"""Makes ocr/words.xz, the words that readings are compared with.

    python -m benchmarks.make_lexicon        needs combine_tessdata and dawg2wordlist (Debian: tesseract-ocr)

From the word list inside Tesseract's English model (Apache-2.0), and words that at least five of the MTSamples notes in
../shared/data use: single words, no sentence of any note. Without the notes it says so and makes nothing.
"""

import json
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from ocr.lexicon import LIST
from ocr.tesseract import data_folder

NOTES = Path(__file__).parent.parent.parent / "shared" / "data" / "mtsamples" / "mtsamples_dev.jsonl"
_LEAST_NOTES = 5
_WORD = re.compile(r"[a-z]{3,24}")
_NO_WORD = re.compile(r"(.)\1\1|[^aeiouy]{6}|^[^aeiouy]{3}$")
"""What the model's list holds of abbreviations and of misspellings; those that notes use stay."""
_SHORT = 3
"""Letters of words of which the model lists any that was ever typed; those of a note are kept."""


def main() -> None:
    """Write the list."""
    folder = data_folder()
    if not NOTES.exists() or folder is None or not all(map(shutil.which, ("combine_tessdata", "dawg2wordlist"))):
        sys.exit("The notes, the English model, or Tesseract's tools are not here. Nothing was made.")
    words = {word for word in words_of_model(folder / "eng.traineddata") if _WORD.fullmatch(word)}
    notes = counts_of_notes()
    medical = {word for word, count in notes.items() if count >= _LEAST_NOTES}
    plain = {word for word in words if not _NO_WORD.search(word) and (len(word) > _SHORT or word in notes)}
    everything = sorted(medical | plain)
    LIST.write_bytes(lzma.compress("\n".join(everything).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(words):,} words of the model, {len(medical - words):,} more of notes; {LIST.stat().st_size:,} bytes")


def words_of_model(model: Path) -> set[str]:
    """The words of a model of Tesseract, in small letters."""
    with tempfile.TemporaryDirectory() as folder:
        part, out = f"{folder}/eng.", Path(folder) / "words"
        subprocess.run(["combine_tessdata", "-u", str(model), part], check=True, capture_output=True)
        subprocess.run(
            ["dawg2wordlist", f"{part}lstm-unicharset", f"{part}lstm-word-dawg", str(out)],
            check=True,
            capture_output=True,
        )
        return {re.sub(r"['’]s?$", "", word.strip().lower()) for word in out.read_text(encoding="utf-8").splitlines()}


def counts_of_notes() -> Counter[str]:
    """In how many notes each word stands."""
    counts: Counter[str] = Counter()
    for line in NOTES.read_text(encoding="utf-8").splitlines():
        counts.update(set(_WORD.findall(json.dumps(json.loads(line)).lower())))
    return counts


if __name__ == "__main__":
    main()
