// @ts-check
// What the station receives, sends and remembers, for tsc alone: not sent to the browser. The names of what goes
// between the browser and Python are compared by tests/unit/review_app/test_javascript.py.

/** @typedef {HTMLInputElement | HTMLSelectElement} Input what a field is typed or chosen in */
/** @typedef {"auto" | "check" | "missing" | "empty" | "other" | "done" | "refused"} Band */
/** @typedef {[number, number, number, number]} Box left, top, right, bottom as shares of the page */
/** @typedef {[number, number, number, number, string]} Word its box, and what was read */

// ---- received: review_app/model/station.py

/**
 * @typedef {object} Catalog
 * @property {KindOfDocument[]} types
 * @property {Record<string, string>} titles
 * @property {string[]} identity
 * @property {string[]} dates fields that hold a day
 * @property {boolean} dayFirst whether this site writes the day before the month
 * @property {Key[]} keys
 * @property {Record<string, string>} rescanReasons
 * @property {Record<string, Record<string, string>>} waitReasons why a document is put aside, by what it waits for
 * @property {Record<string, string>} hideReasons
 * @property {Record<string, string>} labels of protection, by code
 * @property {string} user
 * @property {boolean} isSupervisor
 * @property {number} idleMinutes
 */
/** @typedef {{code: string, name: string, fields: string[], everyPage: boolean}} KindOfDocument */
/** @typedef {{action: string, key: string, what: string}} Key */

/**
 * @typedef {object} StationDocument
 * @property {number} id
 * @property {number} version
 * @property {string} type
 * @property {boolean} typeIsSure
 * @property {TypeGuess[]} typeGuesses
 * @property {DocumentLabel[]} labels of protection
 * @property {StationPage[]} pages
 * @property {OtherPage[]} others
 * @property {Target[]} targets the other documents of the scan that pages may be moved to
 * @property {Origin} origin
 * @property {Record<string, IndexField>} fields
 * @property {string} decision
 * @property {string[]} reasons
 * @property {string[]} flags
 * @property {number | null} person
 * @property {Candidate[]} candidates
 * @property {Objection[]} objections why it would not be approved as it is
 * @property {Remark[]} remarks
 * @property {SavedDraft | null} draft
 */
/** @typedef {{code: string, name: string, evidence: string, share: number}} TypeGuess */
/** @typedef {{code: string, reason: string, mayLift: boolean}} DocumentLabel */

/**
 * @typedef {object} PageAtStation what the station knows of a page beside what every viewer draws
 * @property {number} id
 * @property {string} full
 * @property {number} number
 * @property {number} paperTurn degrees clockwise from how it was scanned, whichever way the picture was made
 * @property {string} outcome
 * @property {string} reason
 * @property {boolean} isBestPossible
 * @property {boolean} isReplacement
 * @property {number} words how many were read
 * @property {string} reading waits: it is read as it was turned; as_before: it reads no better so
 */
/** @typedef {{src: string, turn: number, boxes: Box[], notes: PageNote[]}} ViewerPage */
/** @typedef {ViewerPage & PageAtStation} StationPage */
/** @typedef {{kind: string, name: string, text: string}} PageNote */
/** @typedef {{id: number, number: number, disposition: string, document: number | null}} OtherPage */
/** @typedef {{id: number, name: string, pages: number[], holder: string}} Target `holder` has it on the desk now */
/** @typedef {{batch: number, file: string}} Origin */

/**
 * @typedef {object} IndexField
 * @property {string} title
 * @property {string} value
 * @property {string} raw
 * @property {number} confidence
 * @property {number | null} page
 * @property {Box | null} box
 * @property {Band} band
 * @property {string} source
 * @property {boolean} isHandwritten
 */

/** @typedef {{id: number, mrn: string, name: string, dob: string, sex: string}} Person */
/**
 * @typedef {object} Matching
 * @property {number} score
 * @property {string[]} agrees
 * @property {string[]} differs
 * @property {Evidence[]} evidence
 */
/** @typedef {Person & Matching} Candidate */
/** @typedef {{what: string, how: string, bits: number, why: string}} Evidence */
/** @typedef {{sentence: string, field: string}} Objection why approving is refused; `field` is empty where it is about no single one */
/** @typedef {{kind: string, text: string, by: string, at: string, due: string}} Remark */
/** @typedef {{values: Record<string, string>, type: string, person: number | null, by: string}} SavedDraft */

// ---- answers of /desk/…

/** @typedef {{documents: StationDocument[], waiting: number, assigned: number, free: number}} Queue */
/** @typedef {{waits: boolean, document: StationDocument | null}} Reread */
/** @typedef {{value: string, by: string, at: string, isCurrent: boolean}} PastValue */
/** @typedef {{id: number, name: string, at: string}} RecentApproval */
/** @typedef {{ok: boolean, sentence: string}} Outcome */
/** @typedef {{value: string, sentence: string, mayStand: boolean}} Checked a value as it would be kept, or why not */
/**
 * @typedef {object} Refusal what any request may get instead
 * @property {false} ok
 * @property {boolean} left
 * @property {string} sentence
 */
/**
 * @typedef {object} Answer
 * @property {boolean} ok
 * @property {boolean} left the document is off the desk
 * @property {string} sentence
 * @property {string} [token]
 * @property {"retype" | "insist" | "value" | "as_printed" | null} [needs]
 * @property {string} [field] whose value is refused
 * @property {Stale} [stale]
 * @property {number[]} [changed] documents by number
 * @property {number[]} [gone] those that are void now
 * @property {StationDocument[]} [documents] those that changed and are on this desk
 * @property {number} [stayOn]
 */
/** @typedef {{document: StationDocument | null, differences: Difference[], sentence?: string}} Stale */
/** @typedef {{title: string, name: string, mine: string, theirs: string, by: string}} Difference */

// ---- sent: review_app/model/messages.py

/**
 * @typedef {"approve" | "pend" | "query" | "escalate" | "register" | "rescan" | "skip" | "comment" | "take_back" | "rearrange"
 *   | "undo" | "add_label" | "lift_label"} DeskAction
 */

/**
 * @typedef {object} DeskMessage what /desk/act carries out, once for its token
 * @property {DeskAction} action
 * @property {string} token
 * @property {number} id
 * @property {number} [version]
 * @property {Record<string, string>} [values]
 * @property {string} [type]
 * @property {number | null} [person]
 * @property {string} [retyped]
 * @property {string[]} [seen] fields at which the cursor stood
 * @property {string[]} [as_printed] fields whose value stands so on the paper
 * @property {boolean} [override_mismatch]
 * @property {string} [reason]
 * @property {string} [due]
 * @property {string} [code]
 * @property {number[]} [pages]
 * @property {number[]} [named] the places of these pages as the person was told, from 1
 * @property {PageChange} [change]
 */
/**
 * @typedef {object} PageChange
 * @property {string} kind
 * @property {number[]} pages by id
 * @property {number[]} named their places as the person was told, from 1; of a hidden page its number in the scan
 * @property {number} [degrees]
 * @property {number} [to]
 * @property {number} [position]
 * @property {string} [why]
 */
/** @typedef {{pages: number[], named: number[]}} NamedPages what a command acts on: pages by id, and as the person was told */
/** @typedef {{id: number, version: number}} ReadingRequest */
/** @typedef {{name: string, value: string}} CheckRequest */
/**
 * @typedef {object} ObjectionsRequest
 * @property {number} id
 * @property {Record<string, string>} values
 * @property {number | null} person
 * @property {string} retyped
 * @property {string[]} as_printed
 */
/** @typedef {{have: number[], skip: number[], begin?: boolean}} QueueRequest */
/** @typedef {{id: number, values: Record<string, string>, type: string, person: number | null}} DraftRequest */
/** @typedef {{words: string}} SearchRequest */
/** @typedef {{id: number, position: number}} WordsRequest */
/** @typedef {{id: number, name: string}} HistoryRequest */
/** @typedef {{}} EmptyRequest */
/** @typedef {{ids: number[]}} EndLeasesRequest */

/**
 * @typedef {object} Requests what is sent under each name, and what comes back
 * @property {[DeskMessage, Answer]} act
 * @property {[ReadingRequest, Reread]} reading
 * @property {[CheckRequest, Checked]} check
 * @property {[ObjectionsRequest, Objection[]]} objections
 * @property {[DraftRequest, Outcome]} draft
 * @property {[QueueRequest, Queue]} queue
 * @property {[SearchRequest, Person[]]} search
 * @property {[WordsRequest, Word[]]} words
 * @property {[HistoryRequest, PastValue[]]} history
 * @property {[EmptyRequest, RecentApproval[]]} recent
 * @property {[EndLeasesRequest, {}]} end_leases
 */

// ---- remembered

/**
 * @typedef {object} Station everything that the station knows while it is on the screen
 * @property {HTMLElement | ShadowRoot} root
 * @property {Find} find
 * @property {Catalog} catalog
 * @property {Map<string, KindOfDocument>} types
 * @property {StationDocument[]} queue the first is on the desk
 * @property {StationDocument | null} doc the one on the desk
 * @property {number} page the page that is shown, from 1
 * @property {number} waiting how many wait in all
 * @property {number} assigned how many of them are this person's
 * @property {number} shownAt when the document on the desk came there, by performance.now()
 * @property {number} free documents that would come onto this desk by asking for them
 * @property {boolean} hasBegun documents are claimed from the first press of Start on
 * @property {Set<number>} skipped
 * @property {Map<number, Work>} works by document
 * @property {Map<string, Promise<HTMLImageElement | null>>} images by their address
 * @property {Map<string, Word[]>} words by the address of the page's image
 * @property {Posted[]} outbox
 * @property {Promise<void>} changes of pages: the last one given, after all before it
 * @property {boolean} isChanging a change of pages waits for its answer
 * @property {boolean} isLeaving what ends the work on the document waits for its answer
 * @property {boolean} isDelivering
 * @property {boolean} isRefilling
 * @property {boolean} isLocked
 * @property {Question | null} question the one that is open
 * @property {HTMLInputElement | null} lastInput the field that the cursor is in, or was in last
 * @property {string | null} litName the field whose place is lit
 * @property {boolean} isQuiet the cursor is put back: the page stays
 * @property {Set<number>} selected pages by id
 * @property {number[]} dragged pages by id
 * @property {View} view
 * @property {Presence} presence
 * @property {Timers} timers
 * @property {IntersectionObserver} seen draws the small pages that come into sight
 * @property {Unbind[]} listeners what takes each of them off again
 */
/**
 * @typedef {object} View how the page lies in the pane
 * @property {number} turned degrees, beside those of the page itself
 * @property {number} zoom
 * @property {number} x
 * @property {number} y
 * @property {[number, number]} natural width and height of the image
 * @property {boolean} fitsPage all of a page is shown, not only its width
 * @property {boolean} isFull the image that was scanned is shown, not the one of 150 dpi
 * @property {Drag | null} drag
 */
/**
 * @typedef {object} Drag
 * @property {boolean} takes words are taken; otherwise the page moves
 * @property {[number, number]} from on the page
 * @property {[number, number]} at on the screen
 * @property {[number, number]} was where the page lay
 * @property {Word[]} words
 */
/**
 * @typedef {object} Layout the page on the screen before zoom
 * @property {number} w its width before it is turned
 * @property {number} h
 * @property {number} a the angle: 0, 90, 180 or 270 degrees
 * @property {number} tx what brings it back into the pane when it is turned
 * @property {number} ty
 * @property {number} base what makes it as wide as the pane
 */
/**
 * @typedef {object} Look what somebody looks at on a page, to be looked at again when it is drawn anew
 * @property {number} page its id
 * @property {number} angle how the paper lies on the screen
 * @property {number} u the middle of the pane, as shares of the page as it lies
 * @property {number} v
 * @property {number} wide pixels of the page on the screen as it lies
 * @property {number} high
 */
/** @typedef {{lastSeen: number, ticks: number}} Presence */
/** @typedef {{draft?: number, search?: number, sharp?: number, clock?: number, check?: number, judge?: number, look?: number, reading?: number}} Timers */
/** @typedef {() => void} Unbind */
/** @typedef {{name: string | null, from: number, to: number}} Place the field with the cursor, and what is selected there */
/** @typedef {{message: DeskMessage, answered: (answer: Answer) => void}} Posted */
/**
 * @typedef {object} Work what a person did to a document and has not sent
 * @property {Record<string, string>} values
 * @property {string} type
 * @property {number | null} person
 * @property {boolean} isChosen by hand
 * @property {Set<string>} confirmed
 * @property {Set<string>} seen fields at which the cursor stood
 * @property {Set<number>} pagesSeen from 1
 * @property {Record<string, string>} plain typed values as they would be kept
 * @property {Record<string, Checked>} refused what is wrong with typed values
 * @property {Objection[]} objections why approving would be refused, by the server
 * @property {string} judged what it stood like when the server said so
 * @property {Record<string, Filled>} filled what was filled into questions whose answer was refused, by action
 * @property {Set<string>} asPrinted fields that a person says the paper shows so
 * @property {string} reason why
 * @property {boolean} showsAll
 * @property {Person[]} found by the search
 * @property {string} retyped
 */
/** @typedef {{answer: () => void, leave: () => void, refresh: () => void}} Question */
/** @typedef {Record<string, string>} Filled the fields of a question by name */
/**
 * @typedef {object} Asked
 * @property {string} title
 * @property {string} [ok]
 * @property {string} [cancel]
 * @property {string[] | (() => string[])} [lines]
 * @property {AskedField[]} [fields]
 * @property {Filled} [filled] what stands in the fields when it opens
 */
/**
 * @typedef {object} AskedField
 * @property {string} name
 * @property {string} label
 * @property {string} [type]
 * @property {boolean} [isOptional]
 * @property {[string, string][]} [options] value and text of each
 */

/**
 * @typedef {{
 *   (what: `.${string} a`): HTMLAnchorElement,
 *   (what: `.${string}`): HTMLElement,
 *   <K extends keyof HTMLElementTagNameMap>(what: K | `${K}.${string}` | `${K}[${string}`): HTMLElementTagNameMap[K],
 * }} Find an element that is always there, by its class, or by its tag with a class or an attribute
 */
