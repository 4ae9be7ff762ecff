"""Index files as scanning programs write them, and how a folder differs from them."""

import pytest

from ingest.manifest import UnreadableIndex, read_index, read_indexes
from storage.custody.declared import Declared, DeclaredDocument, Files, FoundFile, differences, said
from storage.custody.receiving import Origin

CAPTURE = b"""\xef\xbb\xbfBatch name;Box 17
Operator;olga
Total files;2

Image File;Page Count;Patient ID;Doc Type
SCANS\\0001.TIF;3;00123456;LAB
0002.tif;1;00777777;Progress note
TOTAL;4
"""


def test_a_table_with_a_head_a_box_and_totals_is_read() -> None:
    declared, origin = read_index("index.csv", CAPTURE)
    assert declared.documents == (
        DeclaredDocument("SCANS\\0001.TIF", pages=3, mrn="00123456", kind="LAB"),
        DeclaredDocument("0002.tif", pages=1, mrn="00777777", kind="PROGRESS_NOTE"),
    )
    assert (declared.files, declared.pages) == (2, 4)
    assert origin == Origin(operator="olga")


JSON = b"""{"batch": {"files": 1, "pages": 2, "box": "B-7", "station": "A"},
 "documents": [{"file": "a.pdf", "firstPage": 1, "last_page": 2, "mrn": "00123456", "checksum": "%s"}]}""" % (
    b"ab" * 32
)
XML = b"""<?xml version="1.0"?><Batch Station="A" xmlns="urn:x"><FileCount>1</FileCount><Box>B-7</Box><TotalPages>2</TotalPages>
<Document><FileName>a.pdf</FileName><StartPage>1</StartPage><EndPage>2</EndPage><MRN>00123456</MRN>
<Hash>%s</Hash></Document></Batch>""" % (b"ab" * 32)


@pytest.mark.parametrize(("name", "content"), [("x.json", JSON), ("x.XML", XML)])
def test_json_and_xml_say_the_same(name: str, content: bytes) -> None:
    declared, origin = read_index(name, content)
    assert declared.documents == (DeclaredDocument("a.pdf", first=1, last=2, mrn="00123456", sha256="ab" * 32),)
    assert (declared.files, declared.pages, declared.box, origin.station) == (1, 2, "B-7", "A")
    assert Declared.from_json(declared.to_json()) == declared


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.json", b"{", "it is no valid JSON"),
        ("x.xml", b"<a>", "it is no valid XML"),
        ("x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a f="&b;"/>', "it is no valid XML"),
        ("x.json", b"[" * 100_000, "it is no valid JSON"),
        ("x.csv", b"hello\n", "no line of it names a file"),
        ("x.csv", b"a;b\n" * 10, "no line of it names a file"),
        ("x.csv", b"", "no line of it names a file"),
        ("x.csv", b"\0\0\xff", "no line of it names a file"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, says: str) -> None:
    with pytest.raises(UnreadableIndex, match=says):
        read_index(name, content)
    declared, _ = read_indexes({name: content, "good.csv": b"file\na.tif\n"})
    assert declared is not None
    assert [(bad, reason.startswith(says)) for bad, reason in declared.unreadable] == [(name, True)]
    assert [document.file for document in declared.documents] == ["a.tif"]


@pytest.mark.parametrize(
    "content",
    [
        "File,Pages\nä.tif,2\n".encode(),
        "File,Pages\nä.tif,2\n".encode("utf-16"),
        "File,Pages\nä.tif,2\n".encode("cp1252"),
        "File\tPages\nä.tif\t2\n".encode(),
        "File|Pages\nä.tif|2\n".encode(),
        "#box,12\nFile,Pages\n#station,A\nä.tif,2\n".encode(),
    ],
)
def test_encodings_and_separators(content: bytes) -> None:
    declared, _ = read_index("x.csv", content)
    assert declared.documents == (DeclaredDocument("ä.tif", pages=2),)


def _found(**pages: int | None) -> list[FoundFile]:
    return [FoundFile(f"{name}.tif", count, "ab" * 32, 100) for name, count in pages.items()]


def test_the_six_ways_to_differ_and_an_index_that_cannot_be_read_are_told_by_name() -> None:
    declared = Declared(
        ("index.csv",),
        (
            DeclaredDocument("A.TIF", pages=2),
            DeclaredDocument("gone.tif", pages=1),
            DeclaredDocument("b.tif", sha256="cd" * 32, size=100),
        ),
        files=4,
        pages=9,
        unreadable=(("bad.xml", "it is no valid XML"),),
    )
    assert [said(one) for one in differences(declared, _found(a=3, b=1, extra=1))] == [
        "The index file bad.xml cannot be read: it is no valid XML",
        "a.tif: 2 pages are declared, 3 were found",
        "gone.tif is in the index file and was not there",
        "b.tif is not the file that the index file means: its checksum or size is another",
        "extra.tif was there and is not in the index file",
        "4 files are declared, 3 were there",
        "9 pages are declared, 5 were found",
    ]


def test_what_agrees_is_not_told() -> None:
    declared = Declared(
        ("i.csv",), (DeclaredDocument("a.tif", first=1, last=2), DeclaredDocument("a.tif", first=3, last=3))
    )
    assert differences(declared, _found(a=3)) == []
    assert differences(Declared(("i.csv",), files=1, pages=3), _found(a=3)) == []
    assert differences(Declared(("i.csv",), (DeclaredDocument("a.tif", pages=2),)), _found(a=None)) == []


def test_a_file_is_found_as_index_files_name_it() -> None:
    files = Files(
        [FoundFile("Sub/One.tif", 1, "", 1), FoundFile("x/two.tif", 1, "", 1), FoundFile("y/two.tif", 1, "", 1)]
    )
    assert [bool(files.find(name)) for name in ("sub\\one.TIF", "./Sub/One.tif", "D:\\scans\\one.tif", "two.tif")] == [
        True, True, True, False,
    ]  # fmt: skip
