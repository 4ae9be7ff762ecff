"""What a PDF holds besides the pictures of its pages: notes and stamps, values of form fields, files inside the file.

Sources: annotations ISO 32000-1 §12.5, form fields §12.7, file attachments §7.11.4 and §12.5.6.15.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ocr.bounds import MOST_MARKS, MOST_NOTE_LETTERS, MOST_NOTES, clean_text
from ocr.formats.pdf_images import content_of
from ocr.page import NoteKind

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top in the units of the page."""

_HIDDEN = 0b10  # annotation flag: shown nowhere
_ONE_MORE = 1
"""Over what is kept, so that the border (ocr/bounds.py) says that something was left out."""

_MOST_TEXT = MOST_NOTE_LETTERS + _ONE_MORE
_MOST_RICH = 20 * MOST_NOTE_LETTERS  # marks and styles around the words

MOST_ATTACHMENTS = 500
"""Files of one PDF that are taken in; a letter has a few, a portfolio some dozens."""

_KINDS = {
    "/Text": NoteKind.NOTE, "/FreeText": NoteKind.TYPED, "/Stamp": NoteKind.STAMP, "/Widget": NoteKind.FIELD,
    "/FileAttachment": NoteKind.ATTACHMENT,
}  # fmt: skip
"""Kinds of annotation; whatever else carries text (highlights, ink, lines) is a note on the page."""

_WITHOUT_TEXT = frozenset({"/Link", "/Popup", "/PrinterMark", "/TrapNet"})

_NOT_ON_PAPER = {
    "/Sound": "sound recording", "/Movie": "film", "/Screen": "film or sound recording",
    "/RichMedia": "film or sound recording", "/3D": "three-dimensional model",
}  # fmt: skip
"""What no page shows: that it is in the file is said in a note."""

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
    notes: list[Extra] = []
    ticks: list[Extra] = []
    corner = _top_left(pikepdf, page)
    for annotation in _array(pikepdf, page.obj.get("/Annots")):
        if not isinstance(annotation, pikepdf.Dictionary):
            continue
        kind = str(annotation.get("/Subtype"))
        if kind in _WITHOUT_TEXT or _flags(annotation) & _HIDDEN:
            continue
        extra = _field(pikepdf, annotation) if kind == "/Widget" else _note(pikepdf, annotation, kind, corner)
        if extra is not None:
            (ticks if is_tick(extra) else notes).append(extra)
        if len(notes) >= MOST_NOTES + _ONE_MORE or len(ticks) >= MOST_MARKS + _ONE_MORE:
            break
    return (*notes, *ticks)


def is_dynamic_form(pikepdf: Any, document: Any) -> bool:
    """Whether the pages are only a notice, and a form (XFA) that one viewer alone can lay out takes their place."""
    form = document.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/XFA" not in form:
        return False
    if document.Root.get("/NeedsRendering", False) is True:
        return True
    if any(_is_field(pikepdf, annotation) for page in document.pages for annotation in _annotations(pikepdf, page)):
        return False
    wanted = _DYNAMIC.search(_xfa_of(pikepdf, form["/XFA"]))
    if wanted is not None:
        return wanted[1] == b"required"
    return not len(_array(pikepdf, form.get("/Fields")))


_DYNAMIC = re.compile(rb"<(?:\w+:)?dynamicRender>\s*(required|forbidden)")
"""XFA 3.3, configuration, `dynamicRender`: whether the viewer must lay the form out anew."""


def _xfa_of(pikepdf: Any, value: Any) -> bytes:
    """The XML of a form, one stream or an array of names and streams (ISO 32000-1 §12.7.8)."""
    parts = [part for part in _array(pikepdf, value) or [value] if isinstance(part, pikepdf.Stream)]
    return b"".join(content_of(pikepdf, part)[0] for part in parts[:20])


def _annotations(pikepdf: Any, page: Any) -> Iterator[Any]:
    for annotation in _array(pikepdf, page.obj.get("/Annots")):
        if isinstance(annotation, pikepdf.Dictionary):
            yield annotation


def _is_field(pikepdf: Any, annotation: Any) -> bool:
    is_widget = str(annotation.get("/Subtype")) == "/Widget"
    return is_widget and str(_inherited(pikepdf, annotation, "/FT")) in ("/Tx", "/Ch", "/Btn")


def attachment_names(pikepdf: Any, document: Any) -> tuple[str, ...]:
    """The names of the files inside a PDF: of the document, of its pages and of annotations, each once.

    At most one more than MOST_ATTACHMENTS.
    """
    return tuple(name for name, _ in _attached(pikepdf, document))


def read_attachment(pikepdf: Any, document: Any, number: int) -> Attachment:
    """The file with this place (0-based) in `attachment_names`; LookupError when there is none, pikepdf.PdfError when it does not unpack."""
    for at, (name, stream) in enumerate(_attached(pikepdf, document)):
        if at == number and stream is not None:
            return Attachment(name, bytes(stream.read_bytes()))
    raise LookupError(number)


def has_hidden_layers(pikepdf: Any, document: Any, page: Any) -> bool:
    """Whether something of a page may be switched off (ISO 32000-1 §8.11): its words are in the file and not on the page.

    A header that an editor put into a layer that is on and stays on is on the page.
    """
    layers = document.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return False
    first = layers.get("/D")
    if not isinstance(first, pikepdf.Dictionary):
        return False
    every = {layer.objgen for layer in _array(pikepdf, layers.get("/OCGs"))}
    shown = {layer.objgen for layer in _array(pikepdf, first.get("/ON"))}
    if len(_array(pikepdf, first.get("/OFF"))) or (str(first.get("/BaseState", "/ON")) != "/ON" and every - shown):
        return True
    if any(_may_switch(pikepdf, rule) for rule in _array(pikepdf, first.get("/AS"))):
        return True
    resources = page.obj.get("/Resources")
    named = resources.get("/Properties") if isinstance(resources, pikepdf.Dictionary) else None
    return isinstance(named, pikepdf.Dictionary) and any(_is_of_rule(pikepdf, one) for one in named.values())


def _may_switch(pikepdf: Any, rule: Any) -> bool:
    """Whether a usage rule (table 103) switches a layer off in view or in print."""
    if not isinstance(rule, pikepdf.Dictionary):
        return False
    usages = [
        layer.get("/Usage") for layer in _array(pikepdf, rule.get("/OCGs")) if isinstance(layer, pikepdf.Dictionary)
    ]
    return any(
        isinstance(state, pikepdf.Dictionary) and str(state.get(key)) == "/OFF"
        for usage in usages
        if isinstance(usage, pikepdf.Dictionary)
        for state, key in ((usage.get("/View"), "/ViewState"), (usage.get("/Print"), "/PrintState"))
    )


def _is_of_rule(pikepdf: Any, membership: Any) -> bool:
    """Whether content is shown when layers are off, or by an expression (table 99)."""
    if not isinstance(membership, pikepdf.Dictionary) or str(membership.get("/Type")) != "/OCMD":
        return False
    return "/VE" in membership or str(membership.get("/P", "/AnyOn")) in ("/AllOff", "/AnyOff")


def _note(pikepdf: Any, annotation: Any, kind: str, corner: Rect) -> Extra | None:
    rect = _rect(pikepdf, annotation.get("/Rect")) or corner  # a note without a place is a note all the same
    text = _text(pikepdf, annotation.get("/Contents")) or _plain(_text(pikepdf, annotation.get("/RC"), _MOST_RICH))
    if kind == "/FileAttachment":
        name = _file_name(pikepdf, annotation.get("/FS"))
        text = f"{name}: {text}" if text and text != name else name
    if kind in _NOT_ON_PAPER:
        text = f"{_NOT_ON_PAPER[kind]} in the file: {text}" if text else f"{_NOT_ON_PAPER[kind]} in the file"
    if not text and kind == "/Stamp" and "/Name" in annotation:
        text = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", str(annotation["/Name"]).lstrip("/#")))
    if not text:
        return None
    return Extra(_KINDS.get(kind, NoteKind.NOTE), text, rect, _text(pikepdf, annotation.get("/T")))


_LEAST_BOX = 1.0
"""1/72 inch; the value of a field whose box is smaller is in the file and on nobody's page: a note, no evidence."""


def _field(pikepdf: Any, widget: Any) -> Extra | None:
    kind = str(_inherited(pikepdf, widget, "/FT"))
    rect = _rect(pikepdf, widget.get("/Rect"))
    if rect is None:
        return None
    name = _text(pikepdf, _inherited(pikepdf, widget, "/T"))
    value = _inherited(pikepdf, widget, "/V")
    if kind == "/Btn":
        return Extra(NoteKind.FIELD, _TICKED, rect, name) if _is_on(pikepdf, widget, value) else None
    if kind not in ("/Tx", "/Ch"):
        return None
    parts = [_text(pikepdf, one) for one in (value if isinstance(value, pikepdf.Array) else [value])]
    if kind == "/Ch":
        labels = _labels(pikepdf, _inherited(pikepdf, widget, "/Opt"))
        parts = [labels.get(part, part) for part in parts]
    text = ", ".join(part for part in parts if part.strip())
    text = text or _plain(_text(pikepdf, _inherited(pikepdf, widget, "/RV"), _MOST_RICH))
    if not text.strip():
        return None
    is_seen = rect[2] - rect[0] >= _LEAST_BOX and rect[3] - rect[1] >= _LEAST_BOX
    return Extra(NoteKind.FIELD if is_seen else NoteKind.NOTE, text, rect, name)


def _is_on(pikepdf: Any, widget: Any, value: Any) -> bool:
    """Whether a box is ticked: its own state, or the value of its field when that is a state of this box (§12.7.4.2.3)."""
    if "/AS" in widget:
        return str(widget["/AS"]) not in _OFF
    looks = widget.get("/AP")
    states = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
    if isinstance(states, pikepdf.Dictionary) and not isinstance(states, pikepdf.Stream):
        return str(value) not in _OFF and str(value) in states
    return value is not None and str(value) not in _OFF


_OFF = ("/Off", "")


def _labels(pikepdf: Any, options: Any) -> dict[str, str]:
    """What a list shows for each value that it keeps (§12.7.4.4): pairs of value and label."""
    pairs = [one for one in _array(pikepdf, options) if isinstance(one, pikepdf.Array) and len(one) == 2]
    return {_text(pikepdf, value): _text(pikepdf, label) for value, label in pairs if _text(pikepdf, label)}


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
    """Name and stream of each file; None for the stream of one that is promised and not there."""
    seen: set[tuple[int, int]] = set()
    stream: Any
    for spec in _specifications(pikepdf, document):
        files = spec.get("/EF") if isinstance(spec, pikepdf.Dictionary) else None
        if not isinstance(files, pikepdf.Dictionary):
            continue
        stream = next((files[key] for key in ("/UF", "/F", "/DOS", "/Mac", "/Unix") if key in files), None)
        is_there = isinstance(stream, pikepdf.Stream)
        where = stream.objgen if is_there else spec.objgen
        if where in seen:
            continue
        seen.add(where)
        if len(seen) > MOST_ATTACHMENTS + _ONE_MORE:
            return
        yield _file_name(pikepdf, spec) or "attachment", stream if is_there else None


def _specifications(pikepdf: Any, document: Any) -> Iterator[Any]:
    names = document.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        yield from _named(pikepdf, names.get("/EmbeddedFiles"), 0)
    yield from _array(pikepdf, document.Root.get("/AF"))
    for page in document.pages:
        yield from _array(pikepdf, page.obj.get("/AF"))
        for annotation in _annotations(pikepdf, page):
            yield annotation.get("/FS")
            yield from _array(pikepdf, annotation.get("/AF"))
            media = annotation.get("/RichMediaContent")
            if isinstance(media, pikepdf.Dictionary):
                yield from _named(pikepdf, media.get("/Assets"), 0)


def _named(pikepdf: Any, node: Any, depth: int) -> Iterator[Any]:
    """The values of a name tree (§7.9.6)."""
    if not isinstance(node, pikepdf.Dictionary) or depth > 20:
        return
    yield from _array(pikepdf, node.get("/Names"))[1::2]
    for kid in _array(pikepdf, node.get("/Kids")):
        yield from _named(pikepdf, kid, depth + 1)


def _array(pikepdf: Any, value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else []


def _file_name(pikepdf: Any, spec: Any) -> str:
    if isinstance(spec, pikepdf.Dictionary):
        return _text(pikepdf, spec.get("/UF")) or _text(pikepdf, spec.get("/F"))
    return _text(pikepdf, spec)


def _flags(annotation: Any) -> int:
    try:
        return int(annotation.get("/F", 0))
    except (TypeError, ValueError):
        return 0


def _rect(pikepdf: Any, value: Any) -> Rect | None:
    try:
        a, b, c, d = (float(v) for v in _array(pikepdf, value))
    except (TypeError, ValueError):
        return None
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _top_left(pikepdf: Any, page: Any) -> Rect:
    left, _, _, top = _rect(pikepdf, page.cropbox) or (0.0, 0.0, 0.0, 0.0)
    return left, top, left, top


def _text(pikepdf: Any, value: Any, most: int = _MOST_TEXT) -> str:
    """A text string or text stream as Unicode, without what no eye can see; nothing for what is no text."""
    if isinstance(value, pikepdf.Stream):
        value = pikepdf.String(content_of(pikepdf, value)[0][: 4 * most])
    if isinstance(value, pikepdf.Name):
        value = str(value)[1:]
    if value is None or isinstance(value, pikepdf.Dictionary | pikepdf.Array):
        return ""
    text = str(value)[: 2 * most].replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return "\n".join(clean_text(line) for line in text.split("\n")).strip()[:most]


def _plain(rich: str) -> str:
    """The words of rich text (XHTML)."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", rich)).split())[:_MOST_TEXT]
