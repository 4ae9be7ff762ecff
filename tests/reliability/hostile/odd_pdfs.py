"""PDFs that do something when they are opened, that lie about themselves, and that lead in circles."""

from tests.reliability.hostile.item import BEACON, Item, accept, either, refuse
from tests.reliability.hostile.writing import (
    Directory,
    Objects,
    good_pdf,
    page,
    pdf,
    raw_stream,
    stream,
    text,
    tiff,
    white,
)

_DEPTH = 50_000
_XML = b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>%s<x:xmpmeta xmlns:x='adobe:ns:meta/'>%s</x:xmpmeta><?xpacket end='r'?>"
_READS_A_FILE = _XML % (b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", b"<r>&a;</r>")
_BILLION_LAUGHS = _XML % (
    b"<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + i, (b"&%c;" % (97 + i)) * 10) for i in range(8))
    + b"]>",
    b"<r>&i;</r>",
)


def _hi(of_page: bytes = b"", of_catalogue: bytes = b"", **more: bytes) -> bytes:
    objects = page(text([b"hi"]), of_page=of_page, of_catalogue=of_catalogue)
    return pdf(objects | {int(number[1:]): body for number, body in more.items()})


def draw_active() -> list[Item]:
    """PDFs that do something when they are opened: taken in and flagged, or refused, and nothing is done."""
    on_open = b"/OpenAction 6 0 R"
    files = b"/Names<</EmbeddedFiles<</Names[(a.exe) 6 0 R]>>>>"
    return [
        accept("script.pdf", _hi(of_catalogue=on_open, _6=b"<</S/JavaScript/JS(app.alert\\(1\\))>>"), "JavaScript", must_warn=True),
        accept("launch.pdf", _hi(of_catalogue=on_open, _6=b"<</S/Launch/F(calc.exe)>>"), "starts a program", must_warn=True),
        accept("calls.pdf", _hi(of_page=b"/AA<</O 6 0 R>>", _6=b"<</S/URI/URI(%s)>>" % BEACON), "calls an address", must_warn=True),
        accept("carries.pdf", _hi(of_catalogue=files, _6=b"<</Type/Filespec/F(a.exe)/EF<</F 7 0 R>>>>",
                                  _7=stream(b"MZ" + b"x" * 500, b"/Type/EmbeddedFile")), "a program inside", must_warn=True),
        refuse("xfa.pdf", _hi(of_catalogue=b"/AcroForm<</Fields[]/XFA 6 0 R>>",
                              _6=stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")), "an XFA form without pages: print it"),
        either("reads-a-file.pdf", _hi(of_catalogue=b"/Metadata 6 0 R", _6=raw_stream(_READS_A_FILE, b"/Type/Metadata/Subtype/XML")), "XML that reads a file"),
        either("laughs.pdf", _hi(of_catalogue=b"/Metadata 6 0 R", _6=raw_stream(_BILLION_LAUGHS, b"/Type/Metadata/Subtype/XML")), "XML that grows for ever"),
    ]  # fmt: skip


def draw_loops_and_lies() -> list[Item]:
    """Structures that lead in circles, nest without end, or say what is not so."""
    good, hi = good_pdf(), page(text([b"hi"]))
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
    draws_itself: Objects = page(b"/X Do", b"/XObject<</X 6 0 R>>") | {6: stream(b"/X Do", form)}
    parent = b"<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1>>"
    small = white(50, 50)
    return [
        either("tree-loop.pdf", pdf(hi | {2: b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>"}), "the page tree holds itself"),
        either("parent-loop.pdf", pdf(hi | {2: parent, 3: b"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>"}), "inherits from itself"),
        either("table-loop.pdf", good.replace(b"/Root 1 0 R ", b"/Root 1 0 R/Prev %d " % good.rindex(b"xref\n0")), "its table leads to itself"),
        either("count.pdf", pdf(hi | {2: b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"}), "says two billion pages"),
        either("draws-itself.pdf", pdf(draws_itself), "a form draws itself"),
        either("nested.pdf", pdf(hi | {6: b"[" * _DEPTH + b"]" * _DEPTH}), "50,000 arrays in each other"),
        either("length.pdf", good.replace(b"/Length ", b"/Length 99999999"), "a wrong length"),
        either("objects.pdf", pdf(hi | dict.fromkeys(range(6, 120_000), b"<<>>")), "120,000 empty objects"),
        either("no-area.pdf", pdf(page(text([b"hi"]), box=b"0 0 0 0")), "a page without area"),
        either("loop.tif", tiff(Directory(50, 50, small), Directory(50, 50, small, leads_back=True)), "page 2 leads back to page 1"),
        either("self-loop.tif", tiff(Directory(50, 50, small, leads_back=True)), "a page leads to itself"),
        either("sub-pages.tif", tiff(Directory(50, 50, small, tags=((330, 4, 0x7FFFFFFF, 8),))), "says two billion sub-pages"),
        either("next.tif", tiff(Directory(50, 50, small, next_at=0xFFFFFFF0)), "the next page lies behind the end", must_warn=True),
    ]  # fmt: skip
