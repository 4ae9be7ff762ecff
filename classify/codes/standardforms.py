"""Public standard forms by the number at their foot, and the kind of document that each is.

Only forms whose number and purpose are certain; each with who issues it. A number that two issuers use stands with its issuer.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandardForm:
    """A form by its number, the kind of document that it is, and its issuer and title."""

    number: str
    code: str
    title: str


STANDARD_FORMS: tuple[StandardForm, ...] = tuple(
    StandardForm(number.strip(), code, title)
    for numbers, code, title in (
        ("CMS-1500; HCFA-1500; Form 1500", "CLAIM_CMS1500", "NUCC, health insurance claim form"),
        ("UB-04; UB-92; CMS-1450; HCFA-1450", "CLAIM_UB04", "NUBC, uniform bill"),
        ("CMS-485; HCFA-485", "CARE_PLAN", "CMS, home health certification and plan of care"),
        ("CMS-R-131", "ITEMIZED_BILL", "CMS, advance beneficiary notice"),
        ("VA 10-5345; VA 10-5345a", "ROI_AUTH", "VA, request for and authorization to release health information"),
        ("VA 10-10EZ; VA 10-10EZR", "REGISTRATION", "VA, application for health benefits and its update"),
        ("VA 10-0137", "ADVANCE_DIRECTIVE", "VA, advance directive"),
        ("SSA-827", "ROI_AUTH", "SSA, authorization to disclose information"),
        ("OCA 960", "ROI_AUTH", "New York courts, HIPAA authorization"),
        ("DD 2870", "ROI_AUTH", "DoD, authorization for disclosure of medical or dental information"),
        ("DD 2807-1; SF 93", "INTAKE_HISTORY", "DoD and GSA, report of medical history"),
        ("DD 2808; SF 88", "HP", "DoD and GSA, report of medical examination"),
        ("DOH-5003", "ADVANCE_DIRECTIVE", "New York State, MOLST"),
        ("SF 502", "DISCHARGE_SUMMARY", "GSA, narrative summary"),
        ("SF 503", "AUTOPSY", "GSA, autopsy protocol"),
        ("SF 504; SF 506", "HP", "GSA, history and physical examination"),
        ("SF 508", "ORDERS", "GSA, doctor's orders"),
        ("SF 509; SF 600", "PROGRESS_NOTE", "GSA, progress notes and chronological record of medical care"),
        ("SF 510", "NURSING_NOTE", "GSA, nursing notes"),
        ("SF 511", "VITALS_FLOWSHEET", "GSA, vital signs record"),
        ("SF 513", "CONSULT", "GSA, consultation sheet"),
        ("SF 515", "PATHOLOGY", "GSA, tissue examination"),
        ("SF 516", "OPERATIVE_REPORT", "GSA, operation report"),
        ("SF 517", "ANESTHESIA_RECORD", "GSA, anesthesia"),
        ("SF 522", "CONSENT_PROC", "GSA, request for anesthesia, operations and other procedures"),
        ("SF 558", "ED_RECORD", "GSA, emergency care and treatment"),
        ("SF 601", "IMMUNIZATION", "GSA, immunization record"),
        ("DWC 1", "WORK_COMP", "California, workers' compensation claim form"),
    )
    for number in numbers.split(";")
)
