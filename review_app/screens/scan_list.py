"""Scans: every dropped file, where its pages are, and the page account."""

import streamlit as st

from review_app.model import scans as model
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import listing, moment, opener
from review_app.widgets.papers import paper
from storage.foundation.clock import zone_name
from storage.foundation.permissions import Action, can
from storage.foundation.states import BatchState


def draw() -> None:
    """Draw every dropped file with its page account."""
    actor = current_actor()
    st.subheader("Scans")
    words, states = st.columns([2, 3])
    name = words.text_input("File name", key="scans_words")
    chosen = states.multiselect(
        "State",
        [str(state) for state in BatchState],
        format_func=lambda s: model.TITLES[BatchState(s)],
        key="scans_states",
    )
    found, account = model.look(home(), actor, name, tuple(chosen))
    names = ("found", "filed", "to_verify", "blank", "separator", "held", "refused", "waiting")
    for column, part in zip(st.columns(len(names)), names, strict=True):
        column.metric(part.replace("_", " ").capitalize(), getattr(account, part))
    if account.balances:
        st.text(
            "Every page is accounted for: pages in = filed + to verify + blank + separator + held + refused + waiting."
        )
    else:
        st.error("The pages do not add up. Run 'chartroom verify' and tell your administrator.")
    _arriving()
    pressed = listing(
        ["Scan", "File", "State", "Pages", "Remarks", f"Received ({zone_name()})"],
        [
            [
                opener(str(scan.batch_id), str(scan.batch_id)),
                scan.file if scan.files is None else f"{scan.file} (folder of {scan.files})",
                model.TITLES[BatchState(scan.state)],
                scan.pages if scan.pages is not None else "",
                "; ".join(part for part in (scan.reason, ", ".join(scan.flags), scan.origin) if part),
                moment(scan.received),
            ]
            for scan in found
        ],
        key="scans_list",
        none="No scan of that name and state." if name or chosen else "Nothing was scanned yet.",
    )
    if pressed:
        st.session_state.scans_open = int(pressed)
    if opened := st.session_state.get("scans_open"):
        _one(opened)


def _arriving() -> None:
    """What still waits in the hot folders, and why; without a file only how old that knowledge is."""
    found = model.arriving(home(), current_actor())
    if found.rows:
        st.text("Still waiting in the hot folder")
        listing(
            ["File", "Folder", f"Since ({zone_name()})", "Why"],
            [[name, folder, moment(since, seconds=True), why] for name, folder, since, why in found.rows],
            key="scans_arriving",
        )
        st.text(found.sentence)
    else:
        st.text(f"Nothing waits in the hot folder. {found.sentence}")


def _one(batch_id: int) -> None:
    actor = current_actor()
    scan, account, lines = model.page_lines(home(), actor, batch_id)
    sees = can(actor, Action.SEE_PAGES)
    st.text(f"Scan {batch_id}: {scan.file}")
    st.text(str(account))
    if scan.origin:
        st.text(f"Where it came from: {scan.origin}")
    if scan.differs:
        st.warning(
            "The folder is not what its index file says. Look for what is missing before the paper goes.", icon="⚠️"
        )
        for differs in scan.differs:
            st.text(f"• {differs}")
    paper("Page account as PDF", f"/papers/scan-{batch_id}.pdf", f"scan-{batch_id}.pdf", key=f"scan_paper_{batch_id}")
    _files(batch_id)
    if can(actor, Action.GET_ORIGINAL):
        _original(batch_id)
    is_folder = scan.files is not None
    pressed = listing(
        ["Page", *(["File", "Page there"] if is_folder else []), "Where it is", "Read", "Dpi", "Skew", "Remark"],
        [
            [
                line.page,
                *((line.file.rpartition("/")[2], line.file_page) if is_folder else ()),
                opener(line.place, f"{line.document}-{line.position}") if sees and line.document else line.place,
                line.outcome,
                line.dpi or "",
                line.skew,
                line.reason,
            ]
            for line in lines
        ],
        key=f"scan_pages_{batch_id}",
        none="Its pages are not counted yet.",
    )
    if pressed:
        st.session_state.scan_page_open = pressed
    if (opened := st.session_state.get("scan_page_open")) in {f"{line.document}-{line.position}" for line in lines}:
        document_id, position = map(int, opened.split("-"))
        show_document(actor, document_id, key="scans", page=position)


def _files(batch_id: int) -> None:
    """The files of a folder, in order, with those that could not be opened."""
    files = model.file_lines(home(), current_actor(), batch_id)
    if not files:
        return
    with st.expander(f"{len(files)} files"):
        listing(
            ["File", "Pages", "Remark"],
            [
                [
                    line.file,
                    line.pages if line.pages is not None else "",
                    f"could not be opened: on hold as scan {line.set_apart}" if line.set_apart else "",
                ]
                for line in files
            ],
            key=f"scan_files_{batch_id}",
            none="",
        )


def _original(batch_id: int) -> None:
    """The file as it was dropped, to be kept by the browser; of a folder the one that is chosen."""
    files = model.originals(home(), current_actor(), batch_id)
    if not files:
        return
    chosen = files[0]
    if len(files) > 1:
        names = {file.name: file for file in files}
        chosen = names[st.selectbox("File as it was dropped", list(names), key=f"scan_original_{batch_id}")]
    paper(
        "Download the file as it was dropped",
        f"/papers/original/{chosen.claim_id}",
        chosen.name.rpartition("/")[2],
        key=f"scan_original_paper_{batch_id}_{chosen.claim_id}",
    )
    st.text(f"{chosen.size:,} bytes, SHA-256 {chosen.sha256}")
