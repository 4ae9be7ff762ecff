"""Names that attack the shell, the screen, the export or the file system, and hostile text."""

from tests.reliability.hostile.item import BEACON, Item, accept
from tests.reliability.hostile.writing import good_pdf, page, pdf, text

RAN = "PWNED"
"""A name that is run as a command leaves a file of this name."""

NAMES = (
    "-rf.pdf", "--help.pdf", "-o out.pdf", f"$(touch {RAN}).pdf", f"`touch {RAN}`.pdf", f"a;touch {RAN};.pdf", "a|b&c.pdf",
    "a b  c.pdf", " lead.pdf", "trail .pdf ", "new\nline.pdf", "ret\rurn.pdf", "tab\t.pdf", "esc\x1b[31m.pdf",
    "quote'\".pdf", "back\\slash.pdf", "..%2f..%2fetc%2fpasswd.pdf", "..\\..\\win.pdf", "...pdf", "con.pdf", "NUL.pdf",
    "<img src=x onerror=alert(1)>.pdf", "=1+1.pdf", "'; DROP TABLE documents;--.pdf", "%s%n%x.pdf", "{0.__class__}.pdf",
    "\u202efdp.exe.pdf", "caf\u00e9.pdf", "cafe\u0301.pdf", "\U0001f480.pdf", "\u0130I.pdf", "a" * 251 + ".pdf",
    "\u00e9" * 125 + ".pdf", "#frag?.pdf", "*.pdf", "~.pdf", "\ufeffbom.pdf", "zero\u200bwidth.pdf",
)  # fmt: skip

_NOT_UTF8 = (b"not-utf8-\xff\xfe.pdf", b"surrogate-\xed\xa0\x80.pdf")

_TEXT = (
    b'=HYPERLINK("%s","x")' % BEACON, b"=cmd|' /C calc'!A0", b"+1+1", b"@SUM(1)", b"-2+3", b"\t=1",
    b'<iframe srcdoc="<script>parent.XSS=1</script>"></iframe>', b"<script>alert(1)</script>", b"![x](%sleak)" % BEACON,
    b"[c](javascript:alert(1))", b"'; DROP TABLE documents; --", b"Robert'); DELETE FROM audit;--",
    b"{{7*7}} ${7*7} %s%s%n {0.__class__}", b"line1\\nERROR forged log line user=admin", b"\x1b[31mred",
    b"$$\\href{javascript:alert(1)}{x}$$", b"Patient Name: =1+1", b"MRN: 1' OR '1'='1", b"DOB: 31/02/1899", b"../../../etc/passwd",
)  # fmt: skip


def draw_names() -> list[Item]:
    """Good scans under hostile names."""
    names = [*(name.encode() for name in NAMES), *_NOT_UTF8]
    return [
        accept(name, good_pdf(b"name test %d" % number), "a hostile name, the content is good")
        for number, name in enumerate(names)
    ]


def draw_texts() -> list[Item]:
    """Text that attacks what shows, exports or keeps it."""
    info = {6: b"<</Title(=1+1<script>alert\\(1\\)</script>)/Author(../../x)>>"}
    return [
        accept("text.pdf", pdf(page(text(_TEXT))), "formulas, markup, SQL and forged log lines on the page"),
        accept("title.pdf", pdf(page(text([b"hi"])) | info, b"/Info 6 0 R"), "the same in its title"),
    ]
