"""Kinds of document: one row each, with codes, place in the chart, title phrases and body cues.

Codes: LOINC document codes from the FHIR R4 value set c80-doc-typecodes and US Core; HL7 v2 table
0270 where it has a value. Titles are what such a page is headed with; cues are words that such a
page holds somewhere. A new kind is a new row and a golden page, tests/golden/types/CODE.txt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

OTHER = "OTHER"

CHART_ORDER = (
    "identity", "legal", "discharge", "history", "notes", "surgery",
    "results", "orders", "nursing", "outside", "business",
)  # fmt: skip
"""Sections of a paper chart, front to back (common U.S. universal chart order)."""


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of document. `access` are labels that a site puts on all documents of the kind (classify/sensitivity.py),
    `forms` the numbers of the site's forms that are of it (classify/codes/formids.py)."""

    code: str
    name: str
    loinc: str
    hl7_0270: str
    section: str
    titles: tuple[str, ...]
    cues: tuple[str, ...]
    access: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


def _row(code: str, name: str, loinc: str, hl7: str, section: str, titles: str, cues: str = "") -> DocumentType:
    def split(text: str) -> tuple[str, ...]:
        return tuple(part.strip().lower() for part in text.split(";") if part.strip())

    return DocumentType(code, name, loinc, hl7, section, split(titles), split(cues))


# fmt: off
TYPES: tuple[DocumentType, ...] = (
    _row("FACE_SHEET", "Face sheet", "64289-2", "", "identity", "face sheet; patient facesheet; facesheet; admission record; inpatient admission record; patient demographics; summary sheet; admission face sheet", "emergency contact; guarantor; next of kin; religion; admitting diagnosis; marital status"),
    _row("REGISTRATION", "Patient registration", "64289-2", "", "identity", "patient registration; new patient information; patient information form; registration form; new patient registration; patient information", "responsible party; employer; emergency contact; marital status; home phone; how did you hear"),
    _row("INTAKE_HISTORY", "Health history questionnaire", "64285-0", "", "identity", "health history questionnaire; medical history form; patient intake; medical history questionnaire; patient intake form; health history; medical history", "have you ever had; do you smoke; please check; list any medications; check all that apply"),
    _row("ADMISSION_ORDER", "Admission order", "57830-2", "", "orders", "admission orders; admission order; request for admission; bed request; admit orders", "admit to; condition; level of care; code status; activity; diet"),
    _row("HP", "History and physical", "34117-2", "HP", "history", "history and physical; h&p; admission h and p; admission history; history and physical examination; admission history and physical; initial history and physical", "chief complaint; history of present illness; past medical history; family history; social history; review of systems; physical examination; past surgical history; general appearance"),
    _row("HP_UPDATE", "History and physical update", "34117-2", "HP", "history", "interval h&p; h&p update; interval history and physical; history and physical update", "no change since; re-examined the patient; no interval change"),
    _row("PROGRESS_NOTE", "Progress note", "11506-3", "PN", "notes", "progress note; progress notes; physician progress notes; soap note; office visit; follow-up note; follow up visit; office note; daily progress note; medical progress tracker; clinic note", "subjective; objective; assessment and plan; interval history; continue current; returns today; here for follow; here today for; followup; interim history; since last visit; no new complaints; doing well; seen in follow; recheck"),
    _row("CONSULT", "Consultation", "11488-4", "CN", "history", "consultation; consultation report; consult note; consultation note; initial consultation; consult report", "reason for consultation; thank you for asking; requesting physician; recommendations; i was asked to see; reason for consult; consulted for; i was consulted; asked to evaluate; thank you for this consultation; thank you for allowing; in consultation; presents for evaluation; referred by; referred for"),
    _row("OPERATIVE_REPORT", "Operative report", "11504-8", "OP", "surgery", "operative report; operation report; op note; report of operation; operative note; operative procedure report; record of operation", "preoperative diagnosis; postoperative diagnosis; estimated blood loss; anesthesia; description of procedure; procedure performed; surgeon; specimens; complications; preoperative diagnoses; postoperative diagnoses; operation performed; title of operation; procedure in detail; prepped and draped; taken to the operating room; brought to the operating room; usual sterile fashion; needle counts; tolerated the procedure well; hemostasis; incision was made"),
    _row("BRIEF_OP_NOTE", "Brief operative note", "11504-8", "OP", "surgery", "brief operative note; immediate post-op note; post procedure note; immediate postoperative note; brief op note", "estimated blood loss; specimens; complications; findings; surgeon"),
    _row("PROCEDURE_NOTE", "Procedure note", "28570-0", "PC", "surgery", "procedure note; endoscopy report; colonoscopy report; cardiac catheterization; procedure report; bronchoscopy report; cardiac catheterization report; upper endoscopy; colonoscopy", "indications; scope was advanced; cecum; sedation; consent was obtained"),
    _row("ANESTHESIA_RECORD", "Anesthesia record", "11485-0", "", "surgery", "anesthesia record; anesthetic record; anesthesia report; intraoperative anesthesia record", "asa class; airway; induction; anesthesiologist; agents; end tidal"),
    _row("ANESTHESIA_EVAL", "Anesthesia evaluation", "34751-8", "", "surgery", "pre-anesthesia evaluation; pacu record; post-anesthesia evaluation; preanesthesia evaluation; preanesthetic evaluation; postanesthesia care unit record", "asa class; mallampati; npo since; aldrete"),
    _row("PATHOLOGY", "Pathology report", "11526-1", "SP", "surgery", "surgical pathology report; pathology report; cytology report; surgical pathology; cytopathology report; tissue examination report", "gross description; microscopic description; final diagnosis; specimen submitted; sections show"),
    _row("LAB", "Laboratory report", "11502-2", "", "results", "laboratory report; laboratory results; lab report; lab results; chemistry report; hematology report; clinical laboratory report; laboratory data", "reference range; specimen; collected; hemoglobin; hematocrit; wbc; glucose; creatinine; potassium; cbc; platelet; flag"),
    _row("IMAGING", "Imaging report", "18748-4", "DI", "results", "radiology report; x-ray report; imaging report; ct scan; mri report; ultrasound report; diagnostic imaging report; radiology consultation; chest x-ray; computed tomography; mammogram report; nuclear medicine report", "exam; impression; technique; comparison; findings; contrast; radiologist; views of; reason for exam; axial images; no evidence of; unremarkable; radiographic; signal intensity; pleural effusion; no fracture; clinical history; sonographic; tracer; soft tissues"),
    _row("EKG", "Electrocardiogram", "11524-6", "CD", "results", "electrocardiogram; ecg; ekg; ecg report; ekg report; 12-lead ecg; electrocardiogram report; 12 lead ekg", "pr interval; qrs; vent. rate; sinus rhythm; axis; qtc; ventricular rate"),
    _row("DISCHARGE_SUMMARY", "Discharge summary", "18842-5", "DS", "discharge", "discharge summary; discharge note; final summary; summary of hospitalization; hospital discharge summary; inpatient discharge summary", "hospital course; discharge diagnosis; discharge medications; condition on discharge; discharge instructions; disposition; admission diagnosis; date of discharge; date of admission; discharged home; discharge diagnoses; reason for admission; was discharged; brief history; condition at discharge; discharge disposition"),
    _row("DISCHARGE_INSTR", "Discharge instructions", "74213-0", "", "discharge", "discharge instructions; patient instructions; after visit summary; home care instructions; patient discharge instructions; going home instructions", "call your doctor; follow up with; return to the emergency; activity; diet; your medications"),
    _row("AMA_FORM", "Against medical advice form", "86449-6", "", "legal", "against medical advice; release from responsibility for discharge; refusal of treatment; leaving against medical advice; discharge against medical advice", "i am leaving; release the hospital; risks have been explained; witness"),
    _row("CONSENT_TREAT", "Consent to treat", "59284-0", "", "legal", "consent to treat; conditions of admission; general consent; consent for treatment; general consent for treatment; consent to treatment; authorization for treatment; consent for medical treatment", "i consent; financial responsibility; assignment of benefits; personal valuables; i hereby"),
    _row("CONSENT_PROC", "Procedure consent", "64293-4", "", "legal", "consent for surgery; informed consent; consent to operation; consent for anesthesia; consent for transfusion; consent for procedure; surgical consent; consent to surgery or special procedure; informed consent for procedure; informed consent for operation", "risks and benefits; alternatives; i authorize dr; the procedure has been explained; witness"),
    _row("ADVANCE_DIRECTIVE", "Advance directive", "42348-3", "", "legal", "advance directive; living will; durable power of attorney for health care; health care proxy; do not resuscitate; dnr order; polst; molst; advance health care directive", "my agent; life-sustaining; artificial nutrition; if i become unable"),
    _row("MAR", "Medication administration record", "29549-3", "", "orders", "medication administration record; medication administration; mar; scheduled medications", "prn medications; dose; route; frequency; time given; initials; scheduled; q6h; po; bid"),
    _row("ORDERS", "Physician orders", "46209-3", "", "orders", "physician orders; doctor's orders; order sheet; verbal order; telephone order; physician's orders; physician order sheet; provider orders", "v.o.; t.o.; read back; noted by; order date; nurse signature; discontinue"),
    _row("NURSING_NOTE", "Nursing note", "34746-8", "", "nursing", "nursing notes; nurses' notes; nursing progress; nursing note; nurse's notes; nursing progress notes; nursing narrative", "call light within reach; patient resting; side rails; will continue to monitor; rn"),
    _row("NURSING_ASSESS", "Nursing assessment", "34744-3", "", "nursing", "nursing admission assessment; nursing assessment; admission nursing assessment; nursing admission history", "braden; fall risk; skin integrity; orientation; mobility; pain scale"),
    _row("VITALS_FLOWSHEET", "Vital signs flow sheet", "8716-3", "", "nursing", "vital signs; graphic sheet; graphic record; flow sheet; flowsheet; intake and output; vital signs flow sheet; vital signs flowsheet; tpr record", "temp; pulse; resp; blood pressure; spo2; intake; output; shift total"),
    _row("ED_RECORD", "Emergency department record", "34111-5", "ED", "history", "emergency department record; emergency room record; emergency department report; emergency department note; ed physician note; emergency physician record; emergency room report; ed record; emergency department", "triage; chief complaint; arrival; mode of arrival; acuity; medical decision making; emergency department course; ed course; medical decision-making; to the emergency department; to the emergency room; by ambulance; discharged from the ed; emergency room course"),
    _row("IMMUNIZATION", "Immunization record", "82593-5", "", "nursing", "immunization record; vaccine administration record; vaccination record; immunization history; record of immunizations", "lot; vis date; vaccine; site; manufacturer; dose; mmr; dtap; influenza; hepatitis b"),
    _row("REFERRAL", "Referral", "57133-1", "", "outside", "referral; referral form; physician referral; request for consultation; referral request", "referred to; referred by; reason for referral; number of visits"),
    _row("TRANSFER", "Transfer summary", "18761-7", "TS", "discharge", "transfer summary; interfacility transfer; patient transfer form; transfer form; emtala transfer form; inter-facility transfer", "receiving facility; accepting physician; mode of transport; emtala; reason for transfer"),
    _row("CORRESPONDENCE", "Correspondence", "52033-8", "", "outside", "to whom it may concern", "dear dr; dear doctor; thank you for referring; sincerely; kind regards; re:; sincerely yours; pleasure of seeing; warm regards; enclosed please; regarding your patient; re patient"),
    _row("INSURANCE_CARD", "Insurance card", "64290-0", "", "identity", "insurance card; medicare health insurance; health insurance card; copy of insurance card", "member id; subscriber; rxbin; rxpcn; rxgrp; group no; copay; rx bin; payer id; member services; office visit"),
    _row("PHOTO_ID", "Photo identification", "53245-7", "", "identity", "driver license; driver's license; identification card; operator license", "class; exp; endorsements; restrictions; hgt; wgt; eyes; donor; iss"),
    _row("PRIOR_AUTH", "Prior authorization", "64291-8", "", "business", "prior authorization; precertification; prior authorization request; preauthorization request; precertification request", "authorization number; certified days; requested service; medical necessity; approved from"),
    _row("ROI_AUTH", "Release of information authorization", "64292-6", "", "legal", "authorization for release of information; authorization for release of protected health information; authorization to disclose; release of records; authorization to release medical records; hipaa release form; release of medical records; authorization for use and disclosure; authorization to disclose health information; hipaa authorization; medical records release", "i authorize; purpose of disclosure; expires; revoke; redisclosure; disclose"),
    _row("NPP_ACK", "Privacy notice acknowledgement", "53244-0", "", "legal", "acknowledgement of receipt of notice of privacy practices; hipaa acknowledgment; notice of privacy practices; acknowledgment of receipt of privacy notice; acknowledgement of privacy practices", "i have received; notice of privacy practices; good faith effort"),
    _row("PROBLEM_LIST", "Problem list", "11450-4", "", "nursing", "problem list; active problems; master problem list", "onset; resolved; date entered"),
    _row("MED_LIST", "Medication list", "56445-0", "", "orders", "medication list; current medications; home medications; medication reconciliation; medication reconciliation form; home medication list", "last taken; continue; dose; frequency; reconciled"),
    _row("ALLERGY_LIST", "Allergy list", "48765-2", "", "nursing", "allergy list; allergies/adverse reactions; allergy record; allergies and adverse reactions; allergy and adverse reaction record", "reaction; severity; nkda; nka; allergen"),
    _row("GROWTH_CHART", "Growth chart", "", "", "nursing", "growth chart; birth to 36 months; 2 to 20 years; growth charts", "stature-for-age; percentiles; weight-for-age; head circumference; length-for-age"),
    _row("PRENATAL", "Prenatal record", "57055-6", "PR", "notes", "prenatal record; antepartum record; prenatal flow sheet; labor and delivery; prenatal flow record; labor and delivery record", "edd; lmp; gravida; para; fundal height; fetal heart; acog; weeks gestation"),
    _row("DEATH_CERT", "Death certificate", "64297-5", "", "discharge", "certificate of death; death certificate; u.s. standard certificate of death", "cause of death; manner of death; decedent; certifier; time of death"),
    _row("AUTOPSY", "Autopsy report", "18743-5", "AR", "discharge", "autopsy report; postmortem examination; necropsy; autopsy; report of autopsy", "external examination; internal examination; cause of death; the body is that of; decedent"),
    _row("CLAIM_CMS1500", "Claim form CMS-1500", "64291-8", "", "business", "health insurance claim form; form 1500; cms-1500; approved by national uniform claim committee", "nucc; pica; insured's i.d. number; rendering provider; patient's relationship to insured; federal tax i.d. number"),
    _row("CLAIM_UB04", "Claim form UB-04", "64291-8", "", "business", "ub-04; cms-1450; ub-04 cms-1450", "nubc; rev. cd.; type of bill; statement covers period; hcpcs; total charges"),
    _row("EOB", "Explanation of benefits", "52030-4", "", "business", "explanation of benefits; remittance advice; this is not a bill", "amount billed; plan paid; you may owe; claim number; allowed amount; deductible"),
    _row("ITEMIZED_BILL", "Itemized bill", "64291-8", "", "business", "itemized statement; patient statement; account summary; superbill; advance beneficiary notice; itemized bill; billing statement; invoice; statement of account", "balance due; amount due; charges; payments; pay this amount; total due"),
    _row("CARE_PLAN", "Care plan", "18776-5", "", "nursing", "care plan; plan of care; interdisciplinary plan; interdisciplinary care plan; nursing care plan; interdisciplinary plan of care", "goal; intervention; expected outcome; target date; evaluation"),
    _row("THERAPY", "Therapy note", "11508-9", "", "notes", "physical therapy; occupational therapy; speech therapy; physical therapy evaluation; occupational therapy evaluation; speech language pathology; physical therapy note; therapy progress note", "plan of treatment; range of motion; gait; therapeutic exercise; rehab potential; short term goals"),
    _row("BEHAVIORAL", "Behavioral health record", "34904-3", "PH", "notes", "psychiatric evaluation; mental status exam; psychotherapy note; psychiatric progress note; behavioral health assessment; psychological evaluation; mental health progress note", "mood; affect; suicidal ideation; judgment; insight; axis i; thought process"),
    _row("SUD_RECORD", "Substance use record", "34857-3", "", "notes", "detox record; chemical dependency; methadone; substance abuse assessment; chemical dependency assessment; substance use treatment; detoxification record; substance use disorder assessment", "42 cfr part 2; ciwa; cows; sobriety; withdrawal; last use"),
    _row("TELEPHONE", "Telephone encounter", "34748-4", "", "notes", "telephone encounter; phone message; telephone call; telephone message; telephone note", "caller; call back; returned call; message taken by"),
    _row("LEGAL", "Legal document", "64299-1", "", "legal", "subpoena; subpoena duces tecum; court order; guardianship; power of attorney; letters of guardianship", "plaintiff; defendant; you are commanded; case no; court; clerk"),
    _row("OUTSIDE_RECORD", "Outside record", "11503-0", "", "outside", "outside records; records from; medical records from; outside medical records", "fax; records requested; number of pages; cover sheet"),
    _row("CLINICAL_PHOTO", "Clinical photograph", "72170-4", "", "results", "wound photo; clinical photograph; photo documentation; wound photograph; wound photo documentation", "photographed by; ruler; cm; wound"),
    _row("WORK_COMP", "Workers' compensation or work form", "52070-0", "", "business", "workers' compensation; first report of injury; return to work; disability; workers compensation; employer's first report of injury; work status report; return to school; disability certificate", "date of injury; employer; claim number; work restrictions; light duty; independent medical evaluation; maximum medical improvement; date of injury; work restrictions; impairment rating; injured worker"),
    _row("ADDENDUM", "Addendum", "55107-7", "", "notes", "addendum; late entry; correction to record; addendum to report", "original report; addended; this addendum"),
    _row("PROVIDER_QUERY", "Provider query", "", "", "business", "physician query; clarification request; cdi query; provider query; documentation clarification; clinical documentation query", "clinical indicators; please clarify; unable to determine; clinically undetermined"),
    _row("DIALYSIS", "Dialysis treatment record", "", "", "nursing", "hemodialysis treatment record; dialysis treatment record; hemodialysis flow sheet; dialysis run sheet; hemodialysis record", "dry weight; dialyzer; dialysate; blood flow rate; ultrafiltration; heparin; access site; pre weight; post weight"),
    _row(OTHER, "Not recognised", "11503-0", "", "outside", ""),
)
# fmt: on


_site: tuple[DocumentType, ...] = ()


def use_site_types(rows: Iterable[DocumentType]) -> None:
    """This hospital's own kinds, and its changes of ours (same code), in place of those of an earlier call.

    One process serves one hospital; the data home announces its profile's kinds when it is opened.
    """
    global _site
    rows = tuple(rows)
    if rows == _site:
        return
    _site = rows
    for cached in (table, _index, chart_order, site_titles):
        cached.cache_clear()


@cache
def table() -> tuple[DocumentType, ...]:
    """Every kind that is known here: ours as this hospital changed them, then its own, OTHER last."""
    changed = {row.code: row for row in _site}
    ours = [changed.pop(row.code, row) for row in TYPES]
    return (*ours[:-1], *changed.values(), ours[-1])


@cache
def _index() -> dict[str, DocumentType]:
    return {row.code: row for row in table()}


@cache
def site_titles() -> frozenset[tuple[str, str]]:
    """Code and title of everything that this hospital added: its own kinds, and titles of ours."""
    ours = {(row.code, title) for row in TYPES for title in row.titles}
    return frozenset((row.code, title) for row in table() for title in row.titles) - ours


def by_code(code: str) -> DocumentType:
    """The row of a code; KeyError for a code that is not in the table."""
    return _index()[code]


def type_or_placeholder(code: str) -> DocumentType:
    """The row of a code that a document bears; a kind that the site has dropped since keeps its code as its name."""
    return _index().get(code) or DocumentType(
        code, code.replace("_", " ").capitalize(), "", "", CHART_ORDER[-1], (), ()
    )


@cache
def chart_order() -> dict[str, int]:
    """Where each kind stands in a chart: section first, then the order of the table."""
    ordered = sorted(table(), key=lambda row: CHART_ORDER.index(row.section))
    return {row.code: place for place, row in enumerate(ordered)}


def draw_types() -> str:
    """The table as Markdown; docs/document-types.md holds this text and a test compares."""
    lines = [
        "# Document types",
        "",
        "Generated from `classify/doctypes.py` by `./dev docs`; a test compares. Codes go on separator",
        "sheets (`chartroom separators --kind document --type CODE`).",
        "",
        "| code | name | LOINC | HL7 0270 | section | titles |",
        "|---|---|---|---|---|---|",
    ]
    for row in sorted(TYPES, key=lambda kind: chart_order()[kind.code]):
        titles = "; ".join(row.titles[:4])
        lines.append(f"| {row.code} | {row.name} | {row.loinc} | {row.hl7_0270} | {row.section} | {titles} |")
    return "\n".join(lines) + "\n"


def loinc_is_valid(code: str) -> bool:
    """LOINC's mod-10 check digit (LOINC Users' Guide, appendix C: the Luhn scheme)."""
    number, _, check = code.partition("-")
    if not number.isdigit() or not check.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return (10 - total % 10) % 10 == int(check)
