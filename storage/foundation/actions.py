"""What the audit log tells: every action, what its line means, and the keys of its detail.

`audit.record` takes nothing else, so that an auditor who reads docs/audit.md has read all there can be.
"""

from dataclasses import dataclass
from enum import StrEnum

from storage.foundation.states import BATCH_MOVES, DOCUMENT_MOVES


class AuditAction(StrEnum):
    """Actions beside the moves of batches and documents, which are told by the names of their events."""

    ADD_ACCOUNT = "add_account"
    ADD_LABEL = "add_label"
    ASSIGN = "assign"
    BACK_UP = "back_up"
    BREAK_GLASS = "break_glass"
    CHANGE_ROLE = "change_role"
    CHECK_BACKUPS = "check_backups"
    CHOOSE_PATIENT = "choose_patient"
    CONFIRM = "confirm"
    CONFIRM_BLANK = "confirm_blank"
    CONFIRM_PATIENT = "confirm_patient"
    CORRECT = "correct"
    DECIDE_LOT = "decide_lot"
    DECIDE_REPEAT = "decide_repeat"
    DECLINE_MERGE = "decline_merge"
    DISABLE_ACCOUNT = "disable_account"
    DOUBT_MERGE = "doubt_merge"
    DRILL_BACKUP = "drill_backup"
    ENABLE_ACCOUNT = "enable_account"
    END_LOT = "end_lot"
    EXPORT_LIST = "export_list"
    FOLLOW_PATIENT = "follow_patient"
    FORGET = "forget"
    GET_ORIGINAL = "get_original"
    HAND_OVER = "hand_over"
    INDEX = "index"
    LET_GO = "let_go"
    LIFT_LABEL = "lift_label"
    LIST_DOCUMENTS = "list_documents"
    LOAD_ROSTER = "load_roster"
    MAKE_BACKUP_KEY = "make_backup_key"
    MAKE_ONE_TIME_LOGIN = "make_one_time_login"
    MERGE_PERSON = "merge_person"
    MOVE_VISIT = "move_visit"
    NOT_BLANK = "not_blank"
    PRINT_RECOVERY_SHEET = "print_recovery_sheet"
    PRIORITISE = "prioritise"
    PROPOSE_MISFILE = "propose_misfile"
    READ_AGAIN = "read_again"
    REARRANGE = "rearrange"
    RECEIVE = "receive"
    RECEIVE_FOLDER = "receive_folder"
    REFUSE = "refuse"
    REMATCH = "rematch"
    RESCAN_PAGE = "rescan_page"
    RESTORE = "restore"
    RETYPE = "retype"
    REVIEW_BREAK_GLASS = "review_break_glass"
    SEARCH = "search"
    SEARCH_PATIENT = "search_patient"
    SECOND_KEY = "second_key"
    SECOND_LOOK = "second_look"
    SET_APART = "set_apart"
    SET_PASSWORD = "set_password"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SPLIT_OFF = "split_off"
    TAKE = "take"
    TRAIN = "train"
    TURN_DOWN_PATIENT = "turn_down_patient"
    UNMERGE_PERSON = "unmerge_person"
    UPDATE_PERSON = "update_person"
    USE_MODEL = "use_model"
    VIEW_AS_DROPPED = "view_as_dropped"
    VIEW_BLANK_SIDES = "view_blank_sides"
    VIEW_CHART = "view_chart"
    VIEW_FIELD = "view_field"
    VIEW_FILED = "view_filed"
    VIEW_HISTORY = "view_history"
    VIEW_LIST = "view_list"
    VIEW_PAGE = "view_page"
    VIEW_VERSIONS = "view_versions"
    VIEW_WORDS = "view_words"
    WITHDRAW_MISFILE = "withdraw_misfile"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of the log means, and which keys its detail may have."""

    meaning: str
    keys: tuple[str, ...] = ()


_A = AuditAction

LINES: dict[AuditAction, Line] = {
    _A.ADD_ACCOUNT: Line(
        "an account was made (`must_change`: its password is changed at the first sign-in)", ("granted", "must_change")
    ),
    _A.ADD_LABEL: Line("a person put a label of protection on a document", ("label", "person", "reason")),
    _A.ASSIGN: Line("a waiting document was given to somebody, or to nobody again", ("assignee", "was")),
    _A.BACK_UP: Line(
        "a backup was made, or failed (`copied`: stored files written; `mended`: damaged ones replaced; `missing`: damaged "
        "in the vault already)",
        ("copied", "files", "mended", "missing"),
    ),
    _A.BREAK_GLASS: Line("emergency access to a protected document", ("purpose",)),
    _A.CHANGE_ROLE: Line(
        "an account got another role (`documents`: those that lay on its desk, where it verifies no more)",
        ("documents", "granted", "was"),
    ),
    _A.CHECK_BACKUPS: Line("a folder of backups was checked (`damaged`: files)", ("backups", "damaged", "files")),
    _A.CHOOSE_PATIENT: Line("a person said whose a document is", ("agrees", "person", "retyped")),
    _A.CONFIRM: Line("a value was confirmed (keyed hashes of the value)", ("after", "before", "field", "off_mask")),
    _A.CONFIRM_BLANK: Line("a person saw that these sides are blank", ("pages",)),
    _A.CONFIRM_PATIENT: Line("a question about a document whose patient was merged or moved was answered", ("answer",)),
    _A.CORRECT: Line("a value was corrected (keyed hashes of both)", ("after", "before", "field", "off_mask")),
    _A.DECIDE_LOT: Line("a QA batch was accepted or rejected", ("critical", "inspect", "looked_at", "major", "minor")),
    _A.DECIDE_REPEAT: Line(
        "a person decided about a document whose sheets came before (`earlier`: as which document)",
        ("answer", "earlier"),
    ),
    _A.DECLINE_MERGE: Line("a merge that was asked for was not made: two people", ("doubt",)),
    _A.DISABLE_ACCOUNT: Line("an account was disabled (`documents`: those that lay on its desk)", ("documents",)),
    _A.DOUBT_MERGE: Line("a merge was asked for and waits for a person", ("differs", "into", "source")),
    _A.DRILL_BACKUP: Line(
        "a backup was restored into a scratch folder and compared (`lines`: of the audit log)",
        ("documents", "lines", "pages", "problems"),
    ),
    _A.ENABLE_ACCOUNT: Line("a disabled account was enabled again"),
    _A.END_LOT: Line("a QA batch takes no more documents", ("sample", "size")),
    _A.EXPORT_LIST: Line("a list of a screen was saved as a file", ("documents", "list", "rows")),
    _A.FOLLOW_PATIENT: Line(
        "a document went along with a merge, unmerge or visit move", ("before_person", "person", "version")
    ),
    _A.FORGET: Line("what the machine made of a batch was forgotten, to be made anew", ("after",)),
    _A.GET_ORIGINAL: Line("a file was given out as it was dropped", ("claim", "sha256")),
    _A.HAND_OVER: Line("pages of a wrong chart became a document of the right patient", ("outof", "person", "version")),
    _A.INDEX: Line("the machine made a document", ("after", "batch", "decision", "pages", "person", "type")),
    _A.LET_GO: Line("a document was filed without its quality review, with a reason", ("item",)),
    _A.LIFT_LABEL: Line(
        "a person lifted a label of protection (`source`: what it rested on)", ("label", "person", "reason", "source")
    ),
    _A.LIST_DOCUMENTS: Line("all documents were listed at the shell", ("documents",)),
    _A.LOAD_ROSTER: Line(
        "a patient list or messages were loaded",
        ("encounters", "merged", "moved", "new", "problems", "rows", "source", "updated"),
    ),
    _A.MAKE_BACKUP_KEY: Line(
        "a key pair for backups was made; the home keeps its public half (`recipient`)", ("recipient", "was")
    ),
    _A.MAKE_ONE_TIME_LOGIN: Line("a link that signs one person in once was made"),
    _A.MERGE_PERSON: Line("two patients became one", ("into", "source")),
    _A.MOVE_VISIT: Line("a visit went to another patient", ("before", "person")),
    _A.NOT_BLANK: Line("a side that was taken for blank became a document", ("after", "batch", "pages")),
    _A.PRINT_RECOVERY_SHEET: Line("the recovery sheet of the key was printed"),
    _A.PRIORITISE: Line("a waiting document got another priority", ("priority",)),
    _A.PROPOSE_MISFILE: Line("a correction of a wrong chart was proposed", ("cause", "pages", "proposal", "to")),
    _A.READ_AGAIN: Line(
        "a page that a person turned was read in its new direction", ("counts", "page", "person", "turn", "version")
    ),
    _A.REARRANGE: Line(
        "pages were turned, split, joined, moved, hidden or put back", ("change", "pages", "person", "version")
    ),
    _A.RECEIVE: Line("a file was taken in", ("after", "blob", "claim", "parent", "sha256", "size")),
    _A.RECEIVE_FOLDER: Line(
        "a folder is taken in as one batch (`files`: all of them are here)", ("after", "claim", "files")
    ),
    _A.REFUSE: Line("something in a hot folder that is never opened", ("kind",)),
    _A.REMATCH: Line(
        "a document was matched again because the patient list changed, and it says something else now",
        ("decision", "person", "version", "was"),
    ),
    _A.RESCAN_PAGE: Line("a page that was scanned again took its place", ("new", "old", "person", "request")),
    _A.RESTORE: Line(
        "this data home was restored from a backup (`problems`: of `verify` after it)", ("made_at", "problems")
    ),
    _A.RETYPE: Line("the type of a document was changed", ("after", "before", "labelled", "unlabelled")),
    _A.REVIEW_BREAK_GLASS: Line("an emergency access was reviewed", ("glass",)),
    _A.SEARCH: Line("pages were searched (keyed hash of the words)", ("documents", "hits", "query")),
    _A.SEARCH_PATIENT: Line("patients were searched (keyed hash of the words)", ("hits", "query")),
    _A.SECOND_KEY: Line("a second person keyed what the pages say, blind", ("differs", "item")),
    _A.SECOND_LOOK: Line("a quality review was decided", ("errors", "item", "passed", "slips")),
    _A.SET_APART: Line("a file of a folder could not be opened and became a batch of its own", ("batch", "claim")),
    _A.SET_PASSWORD: Line("a password was set (`must_change`: by somebody else)", ("must_change",)),
    _A.SIGN_IN: Line("somebody signed in, or tried to", ("address", "name")),
    _A.SIGN_OUT: Line("somebody signed out, or was away too long"),
    _A.SPLIT_OFF: Line("pages became a document of their own", ("after", "batch", "outof", "pages")),
    _A.TAKE: Line("a document with its values was put on a desk", ("person",)),
    _A.TRAIN: Line("a version of the document-type model was trained", ("before", "examples", "frozen", "right")),
    _A.TURN_DOWN_PATIENT: Line(
        "a person said that a document is of none of the patients it was asked about",
        ("before_person", "person", "version"),
    ),
    _A.UNMERGE_PERSON: Line("a merge was undone", ("outof", "source")),
    _A.UPDATE_PERSON: Line("a patient's row was changed (names of the fields)", ("fields",)),
    _A.USE_MODEL: Line("another version of the document-type model is used"),
    _A.VIEW_AS_DROPPED: Line(
        "a page of a filed document was looked at as it was dropped", ("filed_version", "page", "person")
    ),
    _A.VIEW_BLANK_SIDES: Line("the contact sheet of blank sides was shown", ("pages",)),
    _A.VIEW_CHART: Line("a patient's chart was listed", ("documents",)),
    _A.VIEW_FIELD: Line(
        "the piece of a page on which a value stands was shown", ("field", "filed_version", "page", "person")
    ),
    _A.VIEW_FILED: Line(
        "a filed PDF was opened (`filed_version`: the version of the document)", ("filed_version", "person")
    ),
    _A.VIEW_HISTORY: Line("every value that a field had was shown", ("field", "person")),
    _A.VIEW_LIST: Line("documents were listed with values that were read on them", ("documents", "list")),
    _A.VIEW_WORDS: Line("the words that were read on a page were given to a desk", ("page", "person")),
    _A.VIEW_PAGE: Line(
        "a page was shown (`filed_version`: of a version that was filed, else as the document is at the desk)",
        ("filed_version", "page", "person"),
    ),
    _A.VIEW_VERSIONS: Line("the versions of a filed document, and who saw each, were listed", ("person",)),
    _A.WITHDRAW_MISFILE: Line("a proposed correction was withdrawn", ("proposal",)),
}

_OF_DOCUMENTS = ("after", "override_mismatch", "before", "blob", "filed_version", "person", "reason", "version")
_OF_BATCHES = ("after", "before", "reason")


def keys_of(action: str) -> tuple[str, ...] | None:
    """The keys that the detail of this action may have; None when there is no such action."""
    if action in LINES:
        listed = LINES[AuditAction(action)].keys
        return (*listed, *_keys_of_move(action))
    return _keys_of_move(action) or None


def _keys_of_move(event: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    if any(move.event == event for move in DOCUMENT_MOVES):
        found += _OF_DOCUMENTS
    if any(move.event == event for move in BATCH_MOVES):
        found += _OF_BATCHES
    return found


def draw_actions() -> str:
    """All actions as Markdown; docs/audit.md holds this text and a test compares."""
    rows = [f"| `{action}` | {line.meaning} | {_shown(line.keys)} |" for action, line in sorted(LINES.items())]
    moves = sorted({move.event for move in (*BATCH_MOVES, *DOCUMENT_MOVES)})
    return "\n".join(
        [
            "# The audit log",
            "",
            "Generated from `storage/foundation/actions.py` by `./dev docs`; a test compares.",
            "",
            "Every line has a number, the time (UTC), who, their role, the action, what it is about, whether it was allowed, "
            "a detail with the keys below, and an HMAC over itself and the line before. The log is append-only; "
            "`chartroom verify` replays it against the tables. The detail holds ids and keyed hashes, never chart text.",
            "",
            "| action | means | detail |",
            "|---|---|---|",
            *rows,
            "",
            "## Moves",
            "",
            f"A move of a batch or document ([states](states.md)) is told by the name of its event: {', '.join(f'`{m}`' for m in moves)}. "
            f"Detail of a document's move: {_shown(_OF_DOCUMENTS)}; of a batch's: {_shown(_OF_BATCHES)}.",
            "",
        ]
    )


def _shown(keys: tuple[str, ...]) -> str:
    return ", ".join(f"`{key}`" for key in keys) or "–"
