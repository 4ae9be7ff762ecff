"""Which documents need more than the usual protection: signs, what takes them back, and doubt."""

from datetime import date

import pytest

from classify import doctypes
from classify.doctypes import TYPES, DocumentType
from classify.rows import rows_of_text
from classify.sensitivity import LABELS, STANDING, UNCLEAR, Label, LabelSource, labels_of, relabelled

ADULT, SERVED = date(1960, 1, 1), date(2024, 1, 1)


def _codes(text: str, kind: str = "PROGRESS_NOTE", born: date = ADULT) -> set[str]:
    return {label.code for label in labels_of([(1, rows_of_text(text))], kind, born, SERVED)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Psychotherapy note. Session content follows.", {"PSYTHPN"}),
        ("Enrolled in an opioid treatment program, methadone maintenance.", {"ETH"}),
        ("HIV-1 antibody reactive, CD4 count 310.", {"HIV"}),
        ("Major depressive disorder with suicidal ideation.", {"BH"}),
        ("Gender dysphoria, seeks hormone therapy.", {"SEX"}),
        ("Chlamydia trachomatis detected.", {"STD"}),
        ("Seen after sexual assault.", {"SDV"}),
        ("BRCA1 mutation found on genetic testing.", {"GDIS"}),
        ("Lungs clear, afebrile.", set()),
        ("Denies suicidal ideation. No history of drug abuse.", set()),
        ("Negative for HIV.", set()),
        ("No known drug allergies. HIV positive since 2009.", {"HIV"}),  # a denial ends with its sentence
        ("Not in distress.\nSuicidal ideation with a plan.", {"BH"}),
        ("The device aids walking.", set()),
        ("Long-standing anxiety about the procedure.", set()),  # a symptom, and nothing beside it
        ("VDRL drawn.", {UNCLEAR}),
    ],
)
def test_signs_make_labels(text: str, codes: set[str]) -> None:
    assert _codes(text) == codes


def test_some_kinds_of_document_always_bear_a_label() -> None:
    assert _codes("Intake.", kind="SUD_RECORD") == {"ETH"}
    assert _codes("Intake.", kind="BEHAVIORAL") == {"BH"}


def test_what_a_minor_may_consent_to_is_the_minors() -> None:
    text = "Gonorrhea treated."
    assert _codes(text) == {"STD"}
    assert _codes(text, born=date(2008, 6, 1)) == {"STD", "MINOR"}


def test_a_label_says_its_reason_and_page() -> None:
    pages = [(1, rows_of_text("Lungs clear.")), (2, rows_of_text("Started on Suboxone."))]
    label = labels_of(pages, "PROGRESS_NOTE", ADULT, SERVED)[0]
    assert (label.code, label.page) == ("ETH", 2)
    assert "suboxone" in label.reason


@pytest.mark.parametrize(
    "text",
    [
        "The patient had some depression after surgery.",
        "1 mm ST depression in V4.",
        "ST segment depression and T wave changes.",
        "Respiratory depression after morphine.",
        "Depression of the left hemidiaphragm.",
        "Bone marrow depression from chemotherapy.",
        "Some anxiety before induction, midazolam given.",
        "Relapsed lymphoma, third cycle.",
        "Relapse of the fever on day three.",
    ],
)
def test_a_symptom_or_a_word_of_anatomy_protects_nothing(text: str) -> None:
    assert _codes(text, kind="OPERATIVE_REPORT") == set()


@pytest.mark.parametrize(
    "text",
    [
        "PMH: depression, hypertension.",
        "Depression, on sertraline.",
        "Complains of depression and anxiety.",
        "DIAGNOSIS: Anxiety",
        "Recurrent depression.",
        "Alcohol intoxication, fell at home.",
        "Relapsed after two years sober.",
    ],
)
def test_a_symptom_in_company_is_unclear_and_restricted(text: str) -> None:
    assert _codes(text) == {UNCLEAR}


@pytest.mark.parametrize(
    "text",
    [
        "I authorize the release of my records, including HIV/AIDS, substance abuse treatment\nand psychiatric evaluation, unless I object.",
        "This authorization includes HIV test results, genetic testing and drug abuse treatment.",
        "We may not disclose psychotherapy notes or HIV status without your written permission.",
        "NOTICE OF PRIVACY PRACTICES: substance abuse treatment and HIV records have more protection.",
        "These records may contain information protected by 42 CFR Part 2.",
        "An HIV test may be done if a health care worker is exposed to your blood.",
        "Call 988 at any hour in case of suicidal ideation.",
        "If you have suicidal ideation, go to the nearest emergency room.",
        "Side effects include suicidal ideation.",
        "Risks include erectile dysfunction.",
        "[ ] HIV   [ ] Syphilis   [ ] Bipolar disorder",
        "State law prohibits telling others of HIV infection.",
    ],
)
def test_what_a_form_says_to_everybody_protects_nothing(text: str) -> None:
    assert _codes(text, kind="CONSENT_TREAT") == set()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I consent to take part in the methadone maintenance program.", {"ETH"}),
        ("I authorize Dr. Chen to perform an elective abortion.", {"SEX"}),
        ("I authorize the release of my records.\nDIAGNOSIS: HIV disease", {"HIV"}),
        ("Release of information signed. HIV positive since 2009.", {"HIV"}),
        ("The patient disclosed sexual abuse by an uncle.", {"SDV"}),
        ("Sexual assault, reported to the police as state law requires.", {"SDV"}),
        ("Will call 988 if suicidal ideation comes back.", {"BH"}),
        ("Reports side effects of Suboxone.", {"ETH"}),
        ("Prior authorization for buprenorphine.", {"ETH"}),
        ("These records are protected by 42 CFR part 2, which prohibits further disclosure.", {"ETH"}),
        ("[x] HIV   [ ] Syphilis", {"HIV"}),
        ("Syphilis [ ]   HIV [x]", {"HIV", "STD"}),  # whose box is whose is not told: a person looks
        ("Patient may have bipolar disorder.", {"BH"}),
        ("Have you ever been treated for bipolar disorder?  Yes  No", {UNCLEAR}),  # the answer may be a mark
        ("Circle all that apply: asthma, chlamydia, gout", {UNCLEAR}),
    ],
)
def test_what_is_said_of_the_patient_is_heard_beside_what_the_form_says(text: str, codes: set[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "I specifically authorize the release of: substance abuse treatment records, HIV/AIDS test results, psychotherapy notes. Initial ____",
        "Information to be released: ___ Alcohol/drug treatment ___ HIV/AIDS ___ Mental health ___ Genetic testing",
        "This form does not authorize disclosure of psychotherapy notes.",
        "HIPAA AUTHORIZATION. The information may include HIV status, mental health and chemical dependency.",
        "I understand that my health information may include records about HIV or AIDS, drug abuse or psychiatric evaluation.",
        "Psychotherapy notes require a separate authorization under 45 CFR 164.508.",
        "We will never share substance abuse treatment records or psychotherapy notes unless you give us written permission.",
        "Uses and disclosures that require your authorization: psychotherapy notes, marketing, sale of health information.",
        "Special protections apply to HIV, mental health and substance use disorder treatment records.",
        "If you do not want HIV test results sent, initial here: ____",
        "State law requires the hospital to report child abuse, elder abuse and domestic violence.",
        "We may disclose health information to a government authority if we believe you are a victim of domestic violence.",
        "Your records of HIV testing will not be released without your consent.",
        "I consent to testing of my blood for HIV if a health care worker is exposed.",
        "By signing, I allow my insurer to receive records on drug abuse, HIV and psychiatric evaluation.",
        "PSYCHIATRIC: Denies depression, anxiety, hallucinations, suicidal ideation or homicidal ideation.",
        "She denied any history of drug use, alcohol abuse, tattoos, or blood transfusion.",
        "No history of any smoking, alcohol or drug abuse.",
        "No history of exogenous substance abuse, alcohol abuse, or caffeine abuse.",
        "Denies any current or past history of illegal, recreational or prescription drug abuse or addiction.",
        "HIV nonreactive, RPR nonreactive, hepatitis B surface antigen negative.",
        "HIV 1 titer was negative.",
        "VDRL and HIV testing was unremarkable.",
        "HIV: Negative   Syphilis: Non-reactive   Chlamydia: Not detected",
        "Urine pregnancy test was negative.",
        "PSYCHIATRIC HISTORY: None.",
        "PAST PSYCHIATRIC HISTORY: Nothing significant.",
        "Mini-Mental Status Exam score was 26/30.",
        "Mental status examination: alert and oriented to person, place and time.",
        "PHQ-2 negative. No suicidal ideation, no homicidal ideation.",
        "Domestic violence screen: negative.",
        "Patient feels safe at home and denies intimate partner violence.",
        "Screened negative for alcohol use disorder.",
        "Chlamydia pneumoniae and Legionella serologies sent with the sputum.",
        "Relapse of gastritis after stopping omeprazole.",
        "Relapse of stomach ulcer; continue pantoprazole.",
        "Relapsing-remitting multiple sclerosis, last relapse in May.",
        "Peptic ulcer disease in relapse. No alcohol.",
        "Crohn's disease relapse, on prednisone; drug level pending.",
        "Relapse of nephrotic syndrome; drugs reviewed.",
        "Hearing aids in both ears.",
        "Steroid withdrawal and detoxification of ammonia by the liver are impaired.",
        "ST segment depression in the inferior leads.",
        "Pupils react. Respiratory depression from opioids in the recovery room, given naloxone.",
        "FAMILY HISTORY: Father with alcohol abuse and diabetes, uncle died of stroke.",
        "Family history: mother has bipolar disorder.",
        "FHx: brother with schizophrenia. Sister well.",
        "One in five adults has a substance use disorder. Ask us about treatment.",
        "People with HIV live long lives when they take medicine every day.",
        "Every patient is offered an HIV test once in their life.",
        "Opioid safety: naloxone can reverse an overdose. Addiction can happen to anyone.",
        "National Suicide Prevention Lifeline: call 988.",
        "MEDICATIONS: amitriptyline 10 mg at bedtime for migraine, trazodone 50 mg for sleep.",
        "Bupropion 150 mg to stop smoking.",
    ],
)
def test_forms_notices_negatives_relatives_and_statistics_protect_nothing(text: str) -> None:
    assert _codes(text) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Federal rules (42 CFR Part 2) restrict any use of the information to criminally investigate any alcohol or drug abuse patient.",
            "ETH",
        ),
        ("42 CFR PART 2 PROHIBITS UNAUTHORIZED DISCLOSURE OF THESE RECORDS.", "ETH"),
        (
            "This record which has been disclosed to you is protected by federal confidentiality rules (42 CFR part 2).",
            "ETH",
        ),
        ("Client attended 12 of 14 group sessions at the opioid treatment program.", "ETH"),
        ("Suboxone 8/2 mg film daily, induction day 2.", "ETH"),
        ("CIWA score 14, lorazepam given.", "ETH"),
        ("PMH: cocaine abuse, hypertension.", "ETH"),
        ("He denies chest pain. Alcohol use disorder, severe.", "ETH"),
        ("No known allergies, history of heroin addiction.", "ETH"),
        ("Relapse: drinking a pint of vodka daily, seeks rehab.", UNCLEAR),
        ("Admitted to the substance use disorder treatment program on 3/1.", "ETH"),
        ("Discharged from residential treatment for opioid dependence.", "ETH"),
        ("HIV positive since 2009, on antiretroviral therapy.", "HIV"),
        ("CD4 count 310, HIV viral load undetectable.", "HIV"),
        ("HIV-1 RNA 45,000 copies/mL.", "HIV"),
        ("HIV antibody: REACTIVE", "HIV"),
        ("HIV negative partner; patient is HIV positive.", "HIV"),
        ("Hepatitis C negative. HIV on Biktarvy.", "HIV"),
        ("He and his wife both have HIV.", "HIV"),
        ("Biktarvy one tablet daily.", "HIV"),
        ("Patient's mother reports that the patient has had suicidal ideation for a week.", "BH"),
        ("Psychotherapy note: session 14, transference discussed.", "PSYTHPN"),
        ("Session content: patient spoke of her childhood.", "PSYTHPN"),
        ("Past psychiatric history: three admissions for mania.", "BH"),
        ("Schizoaffective disorder, bipolar type.", "BH"),
        ("Placed on a 5150 involuntary hold.", "BH"),
        ("Denies alcohol use. Bipolar disorder, on lithium.", "BH"),
        ("Denies suicidal ideation today but had a suicide attempt last month.", "BH"),
        ("Generalized anxiety disorder and PTSD, sees a therapist weekly.", UNCLEAR),
        ("BRCA2 pathogenic variant detected.", "GDIS"),
        ("Carrier of Huntington disease, 42 CAG repeats.", "GDIS"),
        ("FAMILY HISTORY: mother died of Huntington disease.", "GDIS"),
        ("Karyotype 47,XXY.", "GDIS"),
        ("Elective abortion at 9 weeks, uncomplicated.", "SEX"),
        ("Medication abortion with mifepristone and misoprostol.", "SEX"),
        ("Here for gender affirming hormone therapy.", "SEX"),
        ("Syphilis, RPR 1:64, treated with benzathine penicillin.", "STD"),
        ("Gonorrhea culture positive.", "STD"),
        ("SANE exam completed after assault.", "SDV"),
        ("Husband hits her; intimate partner violence disclosed.", "SDV"),
        ("Sexual abuse by her father at age 5.", "SDV"),
    ],
)
def test_what_is_true_of_the_patient_is_protected(text: str, code: str) -> None:
    assert code in _codes(text)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FAMILY HISTORY\nMother deceased at 68 of cirrhosis. She had a history of alcohol abuse.", set()),
        ("FAMILY HISTORY: Father with alcohol abuse.\nSOCIAL HISTORY: He is in a methadone program.", {"ETH"}),
        ("FAMILY HISTORY: none known. The patient has bipolar disorder.", {"BH"}),
        ("Denies tobacco, illicit drugs,\nalcohol abuse or drug abuse.", set()),  # a list goes on in the next row
        ("Denies tobacco use\nHIV positive since 2009", {"HIV"}),  # a row with a capital begins anew
        ("HIV, hepatitis B surface antigen negative.", {"HIV"}),  # what is negative is the other: a person looks
        ("Psychiatric history: negative except for an admission with bipolar disorder.", {"BH"}),
        ("Mother uses heroin; newborn. Mother with opioid use disorder.", {"ETH"}),  # in a newborn's chart it matters
        ("Detox completed on Monday.", {"ETH"}),
        ("Mental status exam: tearful, thoughts racing.", {UNCLEAR}),
    ],
)
def test_where_a_denial_a_family_history_and_a_negative_end(text: str, codes: set[str]) -> None:
    assert _codes(text) == codes


def test_a_standing_label_leaves_what_the_words_say_in_its_place() -> None:
    by_words = labels_of([(2, rows_of_text("Major depressive disorder."))], "BEHAVIORAL", ADULT, SERVED)
    assert [(label.code, label.source, label.page) for label in by_words] == [("BH", LabelSource.TEXT, 2)]
    weak = labels_of([(1, rows_of_text("VDRL drawn."))], "BEHAVIORAL", ADULT, SERVED)
    assert {label.code for label in weak} == {UNCLEAR, "BH"}


HIV_BY_WORDS = Label("HIV", "HIV or AIDS: “hiv”", 2)
BY_A_PERSON = Label("VIP", "asked by the privacy officer", 1, LabelSource.PERSON)


@pytest.mark.parametrize(
    ("labels", "kind", "codes", "why"),
    [
        ((), "SUD_RECORD", {"ETH"}, "gets the label of its kind"),
        ((Label("BH", "x", 1, LabelSource.KIND),), "LAB", set(), "loses that of the kind before"),
        ((Label("BH", "x", 1, LabelSource.KIND),), "SUD_RECORD", {"ETH"}, "one for another"),
        ((HIV_BY_WORDS,), "LAB", {"HIV"}, "what the words say stays"),
        ((BY_A_PERSON,), "LAB", {"VIP"}, "and what a person gave"),
        ((Label("BH", "bipolar", 1),), "BEHAVIORAL", {"BH"}, "no label twice"),
        ((Label(UNCLEAR, "vdrl", 1),), "SUD_RECORD", {UNCLEAR, "ETH"}, "what is unclear stays unclear"),
    ],
)
def test_a_corrected_kind_changes_the_standing_labels_alone(
    labels: tuple[Label, ...], kind: str, codes: set[str], why: str
) -> None:
    assert {label.code for label in relabelled(labels, kind, ADULT, SERVED)} == codes, why


def test_a_minors_label_goes_with_the_kind_that_brought_it() -> None:
    minor = date(2010, 1, 1)
    bears = relabelled((), "BEHAVIORAL", minor, SERVED)
    assert {label.code for label in bears} == {"BH", "MINOR"}
    assert relabelled(bears, "LAB", minor, SERVED) == ()


def test_every_standing_label_names_its_kind_its_label_and_its_rule() -> None:
    codes = {row.code for row in TYPES}
    assert all(row.kind in codes and row.code in LABELS and row.rule for row in STANDING)


def test_a_site_puts_a_label_on_a_kind() -> None:
    own = DocumentType("EAP_NOTE", "Employee assistance note", "", "", "notes", (), (), access=("EMP", "PSYTHPN"))
    doctypes.use_site_types((own,))
    try:
        assert _codes("Seen today.", kind="EAP_NOTE") == {"EMP", "PSYTHPN"}
        assert _codes("Seen today.") == set()
    finally:
        doctypes.use_site_types(())
