"""What a PDF holds besides the pictures of its pages: notes and stamps, values of form fields, files inside the file.

Sources: annotations ISO 32000-1 §12.5, form fields §12.7, file attachments §7.11.4 and §12.5.6.15.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ocr.page import NoteKind

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top in the units of the page."""

_HIDDEN = 0b10  # annotation flag: shown nowhere
_MOST_TEXT = 20_000
_MOST_NOTES = 2_000
_MOST_ATTACHMENTS = 500

_KINDS = {
    "/Text": NoteKind.NOTE, "/FreeText": NoteKind.TYPED, "/Stamp": NoteKind.STAMP, "/Widget": NoteKind.FIELD,
    "/FileAttachment": NoteKind.ATTACHMENT,
}  # fmt: skip
"""Kinds of annotation; whatever else carries text (highlights, ink, lines) is a note on the page."""

_WITHOUT_TEXT = frozenset({"/Link", "/Popup", "/PrinterMark", "/TrapNet", "/Watermark", "/3D", "/Screen", "/Movie", "/Sound"})  # fmt: skip

_TICKED = "ticked"


@dataclass(frozen=True, slots=True)
class Extra:
    """Text that belongs to a page and is no part of its picture; `name` is the field's or the author's."""

    kind: NoteKind
    text: str
    rect: Rect
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a PDF: its name as the PDF says it, and its bytes unpacked."""

    name: str
    data: bytes


def extras_of(pikepdf: Any, page: Any) -> tuple[Extra, ...]:
    """Notes and field values of a page, in the order of the file; what is hidden from everybody is left out."""
    found: list[Extra] = []
    for annotation in _array(pikepdf, page.obj.get("/Annots")):
        if not isinstance(annotation, pikepdf.Dictionary) or len(found) >= _MOST_NOTES:
            continue
        kind = str(annotation.get("/Subtype"))
        if kind in _WITHOUT_TEXT or _flags(annotation) & _HIDDEN:
            continue
        extra = _field(pikepdf, annotation) if kind == "/Widget" else _note(pikepdf, annotation, kind)
        if extra is not None:
            found.append(extra)
    return tuple(found)


def is_dynamic_form(pikepdf: Any, document: Any) -> bool:
    """Whether the pages are only a notice, and a form (XFA) that one viewer alone can lay out takes their place."""
    form = document.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/XFA" not in form:
        return False
    return bool(document.Root.get("/NeedsRendering", False)) or not len(_array(pikepdf, form.get("/Fields")))


def attachment_names(pikepdf: Any, document: Any) -> tuple[str, ...]:
    """The names of the files inside a PDF: of the document, of its pages and of annotations, each once."""
    return tuple(name for name, _ in _attached(pikepdf, document))


def read_attachment(pikepdf: Any, document: Any, number: int) -> Attachment:
    """The file with this place (0-based) in `attachment_names`; LookupError when there is none, pikepdf.PdfError when it does not unpack."""
    for at, (name, stream) in enumerate(_attached(pikepdf, document)):
        if at == number:
            return Attachment(name, bytes(stream.read_bytes()))
    raise LookupError(number)


def has_hidden_layers(pikepdf: Any, document: Any) -> bool:
    """Whether a layer of the document may be switched off (ISO 32000-1 §8.11): its words are in the file and not on the page."""
    layers = document.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return False
    first = layers.get("/D")
    if not isinstance(first, pikepdf.Dictionary):
        return False
    return str(first.get("/BaseState", "/ON")) != "/ON" or len(_array(pikepdf, first.get("/OFF"))) > 0 or "/AS" in first


def _note(pikepdf: Any, annotation: Any, kind: str) -> Extra | None:
    rect = _rect(pikepdf, annotation.get("/Rect"))
    text = _text(annotation.get("/Contents")) or _plain(_text(annotation.get("/RC")))
    if kind == "/FileAttachment":
        name = _file_name(annotation.get("/FS"))
        text = f"{name}: {text}" if text and text != name else name
    if not text and kind == "/Stamp" and "/Name" in annotation:
        text = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", str(annotation["/Name"]).lstrip("/#")))
    if not text or rect is None:
        return None
    return Extra(_KINDS.get(kind, NoteKind.NOTE), text, rect, _text(annotation.get("/T")))


def _field(pikepdf: Any, widget: Any) -> Extra | None:
    kind = str(_inherited(pikepdf, widget, "/FT"))
    value = _inherited(pikepdf, widget, "/V")
    rect = _rect(pikepdf, widget.get("/Rect"))
    if value is None or rect is None:
        return None
    name = _text(_inherited(pikepdf, widget, "/T"))
    if kind == "/Btn":
        state = str(widget.get("/AS", value))
        is_on = state not in ("/Off", "None", "")
        return Extra(NoteKind.FIELD, _TICKED, rect, name) if is_on else None
    if kind not in ("/Tx", "/Ch"):
        return None
    parts = [_text(v) for v in value] if isinstance(value, pikepdf.Array) else [_text(value)]
    text = ", ".join(part for part in parts if part.strip())
    return Extra(NoteKind.FIELD, text, rect, name) if text.strip() else None


def is_tick(extra: Extra) -> bool:
    """Whether this is a box that is ticked, not a text."""
    return extra.kind is NoteKind.FIELD and extra.text == _TICKED


def _inherited(pikepdf: Any, field: Any, key: str) -> Any:
    for _ in range(32):
        if key in field:
            return field[key]
        parent = field.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return None
        field = parent
    return None


def _attached(pikepdf: Any, document: Any) -> Iterator[tuple[str, Any]]:
    seen: set[tuple[int, int]] = set()
    for spec in _specifications(pikepdf, document):
        files = spec.get("/EF") if isinstance(spec, pikepdf.Dictionary) else None
        if not isinstance(files, pikepdf.Dictionary):
            continue
        stream = next((files[key] for key in ("/UF", "/F", "/DOS", "/Mac", "/Unix") if key in files), None)
        if not isinstance(stream, pikepdf.Stream) or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        if len(seen) > _MOST_ATTACHMENTS:
            return
        yield _file_name(spec) or "attachment", stream


def _specifications(pikepdf: Any, document: Any) -> Iterator[Any]:
    names = document.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        yield from _named(pikepdf, names.get("/EmbeddedFiles"), 0)
    yield from _array(pikepdf, document.Root.get("/AF"))
    for page in document.pages:
        yield from _array(pikepdf, page.obj.get("/AF"))
        for annotation in _array(pikepdf, page.obj.get("/Annots")):
            if isinstance(annotation, pikepdf.Dictionary):
                yield annotation.get("/FS")
                yield from _array(pikepdf, annotation.get("/AF"))


def _named(pikepdf: Any, node: Any, depth: int) -> Iterator[Any]:
    """The values of a name tree (§7.9.6)."""
    if not isinstance(node, pikepdf.Dictionary) or depth > 20:
        return
    yield from _array(pikepdf, node.get("/Names"))[1::2]
    for kid in _array(pikepdf, node.get("/Kids")):
        yield from _named(pikepdf, kid, depth + 1)


def _array(pikepdf: Any, value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else []


def _file_name(spec: Any) -> str:
    try:
        return _text(spec.get("/UF")) or _text(spec.get("/F"))
    except AttributeError:
        return _text(spec)


def _flags(annotation: Any) -> int:
    try:
        return int(annotation.get("/F", 0))
    except (TypeError, ValueError):
        return 0


def _rect(pikepdf: Any, value: Any) -> Rect | None:
    try:
        a, b, c, d = (float(v) for v in value)
    except (TypeError, ValueError):
        return None
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _text(value: Any) -> str:
    """A text string as Unicode, without what no eye can see; long ones are kept to what a page may hold."""
    if value is None:
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c == "\n" or c.isprintable()).strip()[:_MOST_TEXT]


def _plain(rich: str) -> str:
    """The words of rich text (XHTML)."""
    return " ".join(re.sub(r"<[^>]*>", " ", rich).split())
