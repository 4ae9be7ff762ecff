"""Which names of a hot folder are scans: the one rule that intake and the browser's upload share. Names are bytes."""

OUR_FOLDERS = (b".claim", b".done")

GATHERING = b".gathering"
"""Lies in a claimed folder until all its files are there (ingest/claims.py)."""

_PASSING = (
    b".part", b".partial", b".filepart", b".tmp", b".temp", b".crdownload", b".download", b".opdownload", b".swp", b".swx",
)  # fmt: skip
"""Endings under which programs write before they rename."""

_DROPPINGS = frozenset(
    name.encode()
    for name in (
        "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin", "system volume information",
        ".ds_store", ".localized", ".apdisk", ".trashes", ".spotlight-v100", ".fseventsd", ".temporaryitems",
        ".documentrevisions-v100", "icon\r", "@eadir", "@tmp", "#recycle", "#snapshot", ".snapshot", ".directory",
        "lost+found", ".stfolder", ".stversions", ".gitkeep",
    )
)  # fmt: skip
"""What Windows, macOS, Linux and storage boxes (Synology, QNAP) leave in every folder that they show."""

_DROPPING_STARTS = (
    b"~$", b"._", b".~lock.", b".nfs", b".fuse_hidden", b".smbdelete", b".goutputstream-", b".syncthing.", b".trash-",
)  # fmt: skip
"""Lock files of office programs, AppleDouble (RFC 1740), and files that were deleted while they were open."""


def is_scan(name: bytes) -> bool:
    """Whether something of this name is taken in; anything else is left alone, and nobody is asked to scan it again."""
    plain = name.lower()
    return not (
        name in (*OUR_FOLDERS, GATHERING)
        or plain in _DROPPINGS
        or plain.startswith(_DROPPING_STARTS)
        or plain.endswith(_PASSING)
        or plain.endswith(b".done")  # a completion signal (ingest/hotfolder.py)
    )


def cut_name(name: str, most: int) -> str:
    """The end of a name in so many bytes of UTF-8, never half a character: file systems count bytes (255, POSIX NAME_MAX)."""
    return name.encode(errors="replace")[-most:].decode(errors="ignore")
