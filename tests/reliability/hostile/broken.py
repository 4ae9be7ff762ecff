"""Files with too little in them, cut files, files that are not what their name says, and good files with bytes changed."""

import io
import random

import pikepdf
from PIL import Image as Pillow

from tests.given.paper import printed, saved
from tests.reliability.hostile.item import BEACON, Item, accept, either, refuse, tell
from tests.reliability.hostile.writing import Directory, good_pdf, good_png, pdf, png, tiff, white

_HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
_JPEG_HEAD = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
_EXIF_ORIENTATION, _TURNED_RIGHT = 274, 6


def draw_cut() -> list[Item]:
    """Nothing, too little, cut off."""
    good = good_pdf()
    page = Directory(800, 800, white(800, 800))
    return [
        refuse("zero.pdf", b"", "zero bytes"),
        refuse("zero.tif", b"", "zero bytes"),
        refuse("one.pdf", b"%", "one byte"),
        refuse("head-only.pdf", b"%PDF-1.7\n", "a head and nothing else"),
        refuse("nul.pdf", bytes(1 << 20), "all zero bytes: a network copy that lost its data"),
        either("cut.pdf", good[: len(good) * 6 // 10], "cut off; a repair is told", must_warn=True),
        either("tail.pdf", good + random.Random(1).randbytes(3000), "random bytes behind the end"),
        either("page-behind-html.pdf", b"<html>" + b"x" * 600 + good, "two kinds of file in one; what is filed is written anew"),
        refuse("no-pages.pdf", pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}), "no page"),
        either("no-root.pdf", good.replace(b"/Root 1 0 R", b"/Rooo 9 0 R"), "no catalogue"),
        refuse("tables.jpg", _JPEG_HEAD + b"\xff\xdb\0\x43\0" + bytes(range(1, 65)), "cut within its tables"),
        refuse("cut.png", good_png()[:120], "cut"),
        refuse("cut.tif", tiff(page)[:5000], "cut before its directory"),
        tell("beyond.tif", tiff(Directory(800, 800, offset=10_000_000, count=640_000)), "its data lies behind the end"),
        tell("empty.tif", tiff(Directory(50, 50, count=0)), "no picture data"),
        *_halves(),
    ]  # fmt: skip


def _halves() -> list[Item]:
    picture = printed([f"line {number} MRN 10023456" for number in range(20)], (1275, 1650), 1.0)
    kinds = {
        "half.jpg": saved([picture], "JPEG"),
        "half-progressive.jpg": saved([picture], "JPEG", progressive=True),
        "half.png": saved([picture], "PNG"),
        "half.tif": saved([picture], "TIFF"),
        "half.bmp": saved([picture], "BMP"),
    }
    pages = saved([picture] * 5, "TIFF", compression="tiff_lzw")
    return [
        *(tell(name, data[: len(data) // 2], "a copy that broke off") for name, data in kinds.items()),
        tell("five-pages-cut.tif", pages[: len(pages) * 9 // 10], "the last of five pages is cut; OpenCV reads four"),
        accept("five-pages.tif", pages, "five good pages"),
    ]


def draw_disguised() -> list[Item]:
    """Files that are not what their name says."""
    noise = random.Random(2).randbytes(2000)
    return [
        either("png.pdf", good_png(), "a PNG called .pdf"),
        either("pdf.tif", good_pdf(), "a PDF called .tif"),
        refuse("text.pdf", b"not a PDF at all\n" * 50, "text called .pdf"),
        refuse("program.pdf", b"MZ" + noise, "a program called .pdf"),
        refuse("program.png", b"\x7fELF" + noise, "a program called .png"),
        refuse("archive.pdf", b"PK\x03\x04" + noise, "an archive called .pdf"),
        refuse("page.html", b"<html><script>fetch('%s')</script></html>" % BEACON, "a web page"),
        refuse("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><image href='%s'/></svg>" % BEACON, "SVG"),
        refuse("photo.heic", _HEIC + noise, "HEIC: not supported, and told so"),
        refuse("photo.jpg", _HEIC + noise, "a phone's photo renamed"),
        refuse("note.txt", b"hello", "a kind that is not taken"),
        either("no-extension", good_pdf(b"no extension"), "no extension"),
        accept("upper.PDF", good_pdf(b"upper case"), "upper-case extension"),
        either("double.pdf.exe", good_pdf(b"double"), "two extensions"),
    ]


def draw_odd_pictures() -> list[Item]:
    """Pictures of odd kinds and sizes."""
    picture = Pillow.fromarray(printed(["line MRN 10023456"] * 10, (1275, 1650), 1.0))
    turned = Pillow.Exif()
    turned[_EXIF_ORIENTATION] = _TURNED_RIGHT
    good = good_png()
    return [
        accept("cmyk.jpg", _saved(picture.convert("CMYK"), "JPEG"), "CMYK"),
        accept("turned.jpg", _saved(picture, "JPEG", exif=turned), "turned by its EXIF only"),
        accept("blank.png", good, "a blank page: counted, never dropped"),
        either("animated.gif", _saved(picture, "GIF", save_all=True, append_images=[picture] * 50), "a film"),
        either("crc.png", good[:40] + b"\xff\xff" + good[42:], "a wrong checksum"),
        refuse("none.png", png(0, 0, b""), "0 by 0"),
        either("pixel.png", png(1, 1, b"\0\xff"), "one pixel"),
        either("strip.png", png(60_000, 1, b"\0" + b"\xff" * 60_000), "60,000 by 1"),
        either("deep.png", png(100, 100, bytes(201 * 100), depth=16), "16 bits a sample"),
    ]


def _saved(picture: Pillow.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def draw_encrypted() -> list[Item]:
    """PDFs that need a password, and one that does not."""
    return [
        refuse("user-password.pdf", _locked(pikepdf.Encryption(owner="o", user="u")), "needs a password"),
        accept("owner-password.pdf", _locked(pikepdf.Encryption(owner="o", user="")), "opens without one"),
        refuse("old.pdf", _locked(pikepdf.Encryption(owner="o", user="u", R=3, aes=False, metadata=False)), "RC4"),
    ]


def _locked(encryption: pikepdf.Encryption) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(good_pdf(b"locked"))) as opened:
        opened.save(out, encryption=encryption)
    return out.getvalue()


def draw_mutated() -> list[Item]:
    """Good files with one to twelve bytes changed."""
    good = ((".pdf", good_pdf()), (".png", good_png()), (".tif", tiff(Directory(60, 60, white(60, 60)))))
    items = []
    for seed in range(40):
        rng = random.Random(seed)
        kind, content = good[seed % 3]
        changed = bytearray(content)
        for _ in range(rng.randint(1, 12)):
            changed[rng.randrange(8, len(changed))] = rng.choice((0, 255, 127, rng.randrange(256)))
        items.append(either(f"changed-{seed:02d}{kind}", bytes(changed), "bytes changed"))
    return items
