"""What the demo's documents say: sections of plausible text for each kind, drawn with a seed."""

import random

_COMPLAINTS = (
    "chest pain",
    "shortness of breath",
    "abdominal pain",
    "fever and cough",
    "left hip pain after a fall",
    "dizziness",
    "syncope",
)
_DIAGNOSES = (
    "Acute on chronic systolic heart failure", "Community acquired pneumonia", "Type 2 diabetes mellitus with hyperglycemia",
    "Acute cholecystitis", "Left femoral neck fracture", "Atrial fibrillation with rapid ventricular response",
    "Urinary tract infection", "Essential hypertension", "Chronic obstructive pulmonary disease exacerbation",
)  # fmt: skip
_PROCEDURES = (
    "Laparoscopic cholecystectomy",
    "Left hip hemiarthroplasty",
    "Diagnostic colonoscopy",
    "Coronary angiography",
    "Appendectomy",
)
_DRUGS = (
    "Lisinopril 10 mg PO daily", "Metformin 500 mg PO BID", "Atorvastatin 40 mg PO nightly", "Furosemide 20 mg PO daily",
    "Ceftriaxone 1 g IV q24h", "Metoprolol 25 mg PO BID", "Acetaminophen 650 mg PO q6h PRN", "Enoxaparin 40 mg SC daily",
)  # fmt: skip
_LABS = (
    ("Sodium", "mmol/L", 128, 147, "135-145"), ("Potassium", "mmol/L", 3, 6, "3.5-5.1"), ("Creatinine", "mg/dL", 1, 3, "0.6-1.2"),
    ("Glucose", "mg/dL", 80, 290, "70-99"), ("Hemoglobin", "g/dL", 8, 16, "12.0-16.0"), ("WBC", "10^3/uL", 4, 19, "4.0-11.0"),
    ("Platelet", "10^3/uL", 110, 410, "150-400"),
)  # fmt: skip
_FILLER = (
    "The patient tolerated this well and there were no complications noted at the time.",
    "Lungs were clear to auscultation bilaterally and the abdomen was soft and non-tender.",
    "Risks, benefits and alternatives were discussed and the patient expressed understanding.",
    "Serial examinations remained reassuring over the following days of the admission.",
    "The family was present at the bedside and their questions were answered in full.",
    "Vital signs were stable and the patient was ambulating with assistance by the second day.",
    "Follow-up imaging showed interval improvement without new focal abnormality.",
    "Home medications were continued with the changes listed in the orders of this admission.",
)

SECTIONS: dict[str, tuple[str, ...]] = {
    "FACE_SHEET": ("Emergency Contact", "Guarantor", "Admitting Diagnosis", "Religion"),
    "REGISTRATION": ("Responsible Party", "Employer", "Emergency Contact"),
    "HP": (
        "Chief Complaint",
        "History of Present Illness",
        "Past Medical History",
        "Review of Systems",
        "Physical Examination",
        "Assessment and Plan",
    ),
    "PROGRESS_NOTE": ("Subjective", "Objective", "Assessment and Plan"),
    "CONSULT": ("Reason for Consultation", "History of Present Illness", "Recommendations"),
    "OPERATIVE_REPORT": (
        "Preoperative Diagnosis",
        "Postoperative Diagnosis",
        "Procedure Performed",
        "Anesthesia",
        "Estimated Blood Loss",
        "Description of Procedure",
    ),
    "PATHOLOGY": ("Specimen Submitted", "Gross Description", "Microscopic Description", "Final Diagnosis"),
    "LAB": ("Results",),
    "IMAGING": ("Exam", "Technique", "Comparison", "Findings", "Impression"),
    "DISCHARGE_SUMMARY": (
        "Admission Diagnosis",
        "Discharge Diagnosis",
        "Hospital Course",
        "Discharge Medications",
        "Disposition",
    ),
    "DISCHARGE_INSTR": ("Your Medications", "Activity", "Diet", "Call Your Doctor If"),
    "CONSENT_PROC": ("Procedure", "Risks and Benefits", "Alternatives", "Witness"),
    "CONSENT_TREAT": ("I Consent", "Financial Responsibility", "Assignment of Benefits"),
    "MAR": ("Scheduled Medications", "PRN Medications", "Initials"),
    "ORDERS": ("Orders", "Read Back", "Noted By"),
    "NURSING_NOTE": ("0700 Note", "1500 Note", "2300 Note"),
    "ED_RECORD": ("Chief Complaint", "Triage", "Medical Decision Making", "Disposition"),
    "INSURANCE_CARD": ("Copay", "Member Services"),
    "NPP_ACK": ("I Have Received", "Good Faith Effort"),
    "EKG": ("Interpretation", "Intervals"),
}

KINDS: tuple[str, ...] = tuple(SECTIONS)
"""The kinds of which a patient's paper is drawn."""

PROTECTED_SECTIONS: dict[str, tuple[str, ...]] = {
    "BEHAVIORAL": ("Mental Status Examination", "Assessment and Plan", "Disposition"),
    "SUD_RECORD": ("Substance Use Disorder Treatment Program", "Attendance", "Assessment and Plan"),
}
"""Kinds that need more than the usual protection: two are drawn for the demo, and none for tests and benchmarks."""


def text_of(heading: str, rng: random.Random) -> list[str]:  # noqa: C901 - one kind of page a branch
    """Lines under a heading."""
    key = heading.lower()
    if "diagnosis" in key:
        return [rng.choice(_DIAGNOSES)]
    if "medications" in key or key == "orders":
        return rng.sample(_DRUGS, rng.randrange(3, 6))
    if "complaint" in key:
        return [rng.choice(_COMPLAINTS).capitalize()]
    if "procedure" in key and "description" not in key:
        return [rng.choice(_PROCEDURES)]
    if key == "results":
        rows = ["Test              Result     Units        Reference Range"]
        for name, units, low, high, reference in _LABS:
            rows.append(f"{name:<18}{rng.uniform(low, high):<11.1f}{units:<13}{reference}")
        return rows
    if key == "intervals":
        return [
            f"PR interval {rng.randrange(120, 210)} ms",
            f"QRS {rng.randrange(80, 130)} ms",
            f"Ventricular rate {rng.randrange(55, 120)} bpm",
        ]
    if "contact" in key or "guarantor" in key or "party" in key:
        return [f"On file, telephone (330) 555-01{rng.randrange(100):02d}"]
    if "blood loss" in key:
        return [f"{rng.randrange(1, 8) * 50} mL"]
    if key in ("copay", "member services", "witness", "initials", "noted by", "religion", "employer"):
        return [rng.choice(("On file", "See reverse", "None stated"))]
    return rng.sample(_FILLER, rng.randrange(2, 4))
