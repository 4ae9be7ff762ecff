"""What was asked when a document was put aside, as a sentence for whoever has it next."""

from sqlmodel import Session

from storage.desk import waiting
from storage.documents import amendments, versions
from storage.foundation.clock import show_time
from storage.foundation.tables.desk import RemarkKind
from storage.foundation.tables.documents import Document

_ASKED: dict[str, str] = {
    RemarkKind.PEND: "pended it",
    RemarkKind.QUERY: "asked the provider",
    RemarkKind.ESCALATE: "asked a supervisor",
    RemarkKind.REGISTER: "asked registration",
}


def amended_sentence(session: Session, document: Document) -> str:
    """That a filed document is being amended: who opened the amendment, when and why; empty for any other."""
    row = amendments.open_of(session, document.id) if versions.is_amended(document) else None
    if row is None:
        return ""
    return (
        f"{row.opened_by} is amending the filed document since {show_time(row.opened_at, zone=True)}: {amendments.said(row)}. "
        f"Version {row.of_number} stays in the chart until this is filed."
    )


def asked_sentence(session: Session, document: Document) -> str:
    """Who asked what and when, while it is not settled; else empty."""
    remark = waiting.asked_of(session, document)
    if remark is None:
        return ""
    return f"{remark.said_by} {_ASKED[remark.kind]}, {show_time(remark.said_at, zone=True)}: {waiting.said(remark)}"
