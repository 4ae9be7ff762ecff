"""Column heads as patient lists are exported with them: written down before the table of heads was changed for them.

From report writers of U.S. systems and from clinics' own spreadsheets; each row is a head and the field it is of.
"""

import pytest

from ingest.exchange.inbound.heads import check_heads, match_heads
from storage.foundation.errors import RosterProblem

HEADS = """
mrn: MRN | Mrn | M.R.N. | MRN # | MRN No. | MRN Number | Med Rec No | Med Rec # | Med. Rec. No. | MedRec# | Medical Rec Num
mrn: Medical Record Number | Medical Record # | Medical Record No. | MedicalRecordNumber | MR # | MR No | MR Number | MRNO
mrn: Patient No. | Patient No | Patient # | Patient Number | PatientNumber | Pt # | Pt. # | Pt No | Pt. No. | Pt Num | PATNO
mrn: Patient ID | PatientID | Pt ID | PATIENT_ID | Pat ID | Patient Id# | Patient MRN | Pat MRN | Pt MRN | PAT_MRN_ID
mrn: Chart Number | Chart # | Chart No. | ChartNum | Chart ID | Unit # | Unit No. | Unit Number | Hospital Number | Hosp No
mrn: Record # | Rec No | EMPI MRN | EMR # | EHR ID | Enterprise MRN | Facility MRN | Person MRN
family: Last Name | LastName | Last | LAST_NAME | Last_Nm | Surname | Family Name | Pt Last Name | Patient Last Name | LName | L Name
family: Patient Surname | PAT_LAST_NAME | Legal Last Name | Last Name (Legal) | Pat Last | PatLastName | Name - Last | Name, Last
given: First Name | FirstName | First | FIRST_NAME | First_Nm | Given Name | Forename | Pt First Name | Patient First Name | FName
given: Legal First Name | PAT_FIRST_NAME | Patient Given Name | First Name (Legal) | Name - First | Name, First | F Name
middle: Middle Name | MI | M.I. | Middle Initial | Mid Name | Middle Init | Middle | Pt MI | Patient Middle Name
suffix: Suffix | Name Suffix | Sfx | Generation | Pt Suffix
birth_date: DOB | D.O.B. | D O B | Date of Birth | Date Of Birth | DateOfBirth | Birthdate | Birth Date | Birth Dt | BirthDate
birth_date: BIRTH_DATE | Pt DOB | Patient DOB | Patient Date of Birth | Pat. DOB | DOB (mm/dd/yyyy) | DOB MM/DD/YYYY | Birthday
birth_date: Birth_Dt | BDATE | B-Date | DoB | Date Birth | Patient Birth Date | BRTHDATE | Born On | PAT_DOB
died: Date of Death | DOD | Death Date | Deceased Date | Date Deceased
sex: Sex | Gender | M/F | Sex (M/F) | Birth Sex | Sex at Birth | Legal Sex | Administrative Sex | Pt Sex | Patient Gender | Sex Assigned at Birth
sex: Gender Code | Sex Cd | SEX_C
address: Address | Address 1 | Addr1 | Address Line 1 | Street | Street Address | Home Address | Patient Address | Mailing Address | ADDR_LINE_1
city: City | Town | Pt City | Home City
region: State | ST | Province | State/Province
postcode: Zip | Zip Code | ZIP | Zipcode | Zip/Postal Code | Postal Code | Zip5 | Home Zip
phone: Phone | Phone # | Phone No. | Phone Number | Home Phone | Cell Phone | Mobile | Mobile Phone | Telephone | Tel. | Home Phone # | Primary Phone
ssn: SSN | Soc Sec # | Social Security # | SS# | SSN Last 4 | Last 4 SSN | S.S.N.
member_id: Member ID | Member # | Subscriber ID | Policy Number | Policy # | Medicare # | MBI
aliases: Alias | AKA | Maiden Name | Former Last Name | Previous Name | Other Names
old_mrns: Old MRN | Previous MRN | Prior MRN | Former MRN | Other MRN | Merged MRN | Alt MRN | Legacy MRN
encounter: Encounter # | Encounter ID | CSN | Visit # | Visit No. | Visit Number | Visit ID | Patient Account | Pt Acct # | Enc # | Encounter CSN | FIN | FIN # | FIN NBR
account: HAR
admitted: Admit Date | Admission Date | Adm Date | Date of Admission | Admit Dt | Admit Date/Time | Admitted | Arrival Date | Admission Dt
discharged: Discharge Date | Disch Date | DC Date | D/C Date | Date of Discharge | Discharge Dt | Discharge Date/Time | Discharged
attending: Attending | Attending Physician | Attending Provider | Attending MD | Attending Dr | Physician | Attending Doctor
kind: Patient Class | Pt Class | Class | Encounter Type | Visit Type | Patient Type | Pt Type
service: Service | Hospital Service | Hosp Service | Med Service
disposition: Discharge Disposition | Disposition | Disch Disp | D/C Disposition
"""

PAIRS = [
    (line.split(":", 1)[0], head.strip())
    for line in HEADS.strip().splitlines()
    for head in line.split(":", 1)[1].split("|")
]


@pytest.mark.parametrize(("field", "head"), PAIRS, ids=[f"{field}-{head}" for field, head in PAIRS])
def test_a_head_is_known_by_itself(field: str, head: str) -> None:
    assert dict(match_heads(["Row", head, "Remarks"], {}).places) == {field: 1}


MISLEADING = """
Guarantor Last Name | Emergency Contact First Name | Guarantor DOB | Mother's Maiden Name | Insurance Policy Holder Name
Primary Care Physician | Primary Physician | Referring Provider | Birth Place | Place of Birth | Birth Order | Multiple Birth
Insurance Expired Date | Expiration Date | Last Visit | Last Updated | Last Seen Date | First Visit Date | Next of Kin Surname
Sex Offender Flag | Zip Code of Employer | Employer City | Emergency Contact Phone | Insurance ID | Chart Location | Unit
Marital Status | Race | Ethnicity | Language | Religion | Patient Portal Status | Last, First | Patient Name | Deceased
"""


@pytest.mark.parametrize("head", [head.strip() for line in MISLEADING.strip().splitlines() for head in line.split("|")])
def test_a_head_of_somebody_or_something_else_is_nobody_s(head: str) -> None:
    assert dict(match_heads(["Row", head, "Remarks"], {}).places) == {}


def test_of_several_heads_for_a_field_the_plainest_is_taken() -> None:
    heads = ["Cell Phone", "Home Phone", "Sex at Birth", "Sex", "Preferred Name", "Legal First Name", "First Name"]
    assert {field: heads[place] for field, place in match_heads(heads, {}).places.items()} == {
        "phone": "Home Phone",
        "sex": "Sex",
        "given": "First Name",
    }


@pytest.mark.parametrize(
    ("heads", "doubtful"),
    [
        (["Pt. No", "Chart #", "Last Name", "First Name"], ("Pt. No", "Chart #")),
        (["MRN", "Patient ID", "Last Name", "First Name"], ()),  # one of them says itself that it is
        (["ID", "Chart #", "Last Name", "First Name"], ()),  # an id beside it is the export's
        (["Medical Record #", "Chart #", "Last", "First"], ()),
        (["Facility MRN", "Enterprise MRN", "Last", "First"], ("Facility MRN", "Enterprise MRN")),
        (["Patient ID", "EHR ID", "Last", "First"], ()),
    ],
)
def test_two_heads_that_may_each_be_the_record_number_are_asked_about(
    heads: list[str], doubtful: tuple[str, ...]
) -> None:
    found = match_heads(heads, {})
    assert found.numbers == doubtful
    if doubtful:
        with pytest.raises(RosterProblem, match="may each be the medical record number"):
            check_heads("list.csv", found, [])
    assert match_heads(heads, {"mrn": heads[1]}).numbers == ()


@pytest.mark.parametrize("other", ["ID", "Patient ID", "Hospital ID", "Record Number"])
@pytest.mark.parametrize("told", ["Person MRN", "Facility MRN", "Enterprise MRN", "MRNO", "Medical Record ID"])
def test_the_head_that_says_it_is_the_record_number_is_taken_wherever_it_stands(other: str, told: str) -> None:
    assert match_heads([other, told, "Last Name", "First Name"], {}).places["mrn"] == 1
