"""Tables as spreadsheets leave them: what is certain is repaired, what is not is refused with what to do."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from classify import normal
from ingest.exchange.inbound.account import Topic
from ingest.exchange.inbound.heads import COLUMNS, match_heads, normal_head
from ingest.exchange.inbound.table import read_table
from storage.foundation.errors import RosterProblem
from storage.roster.messages import PersonUpdate, Registration

HEAD = "mrn,last_name,first_name,dob,sex\n"


class Read:
    """A table that was read: the people, the refusals, what was told."""

    def __init__(self, file: Path, *, day_first: bool = False, is_confirmed: bool = False) -> None:
        self.people: list[PersonUpdate] = []
        self.refused: dict[str, str] = {}
        self.told: list[tuple[Topic, str]] = []
        for where, said in read_table(
            file,
            day_first=day_first,
            is_confirmed=is_confirmed,
            tell=lambda topic, text: self.told.append((topic, text)),
        ):
            if isinstance(said, Registration):
                self.people.append(said.person)
            else:
                self.refused[where] = str(said)

    def notes(self, topic: Topic) -> list[str]:
        return [text for told, text in self.told if told == topic]


def table(
    tmp_path: Path, text: str, *, day_first: bool = False, is_confirmed: bool = False, encoding: str = "utf-8"
) -> Read:
    file = tmp_path / "list.csv"
    file.write_bytes(text.encode(encoding))
    return Read(file, day_first=day_first, is_confirmed=is_confirmed)


# ---- numbers


@pytest.mark.parametrize(
    "changed",
    ["481593.0", "481593.00", "4.81593E+05", "1.0E+11", "1E+11", '"4,81593E+11"', "4.8e05", '"481,593"', '"1,481,593"'],
)
def test_a_list_whose_numbers_a_spreadsheet_changed_is_refused_as_a_whole(tmp_path: Path, changed: str) -> None:
    with pytest.raises(
        RosterProblem, match=r"'mrn'.*as text.*export again.*Nothing of this file was loaded"
    ) as refused:
        table(tmp_path, f"{HEAD}990017,Moss,Ivy,1957-03-14,F\n{changed},Kraus,Dana,1957-03-14,F\n")
    assert "line 3" in str(refused.value)
    assert "481593" not in str(refused.value)


@pytest.mark.parametrize("head", ["encounter", "account", "member_id", "old_mrns"])
def test_other_record_numbers_are_guarded_too(tmp_path: Path, head: str) -> None:
    with pytest.raises(RosterProblem, match=head):
        table(tmp_path, f"mrn,last_name,first_name,{head}\n1,Moss,Ivy,7710482.0\n")


@pytest.mark.parametrize("number", ["00481593", "12-34-56", "A481593", "481593", "1E5", "12.34.56", "7", "481593.1"])
def test_numbers_as_hospitals_write_them_stay_as_they_are(tmp_path: Path, number: str) -> None:
    assert table(tmp_path, f"{HEAD}{number},Moss,Ivy,1957-03-14,F\n").people[0].numbers[0].value == number


@pytest.mark.parametrize(
    "cell",
    [
        '"=""00481593"""',
        '="00481593"',
        "'00481593",
        "’00481593",
        '"=T(""00481593"")"',
        "\u200b00481593\u200b",
        " 00481593 ",
    ],
)
def test_what_marks_a_number_as_text_is_taken_off(tmp_path: Path, cell: str) -> None:
    read = table(tmp_path, f"{HEAD}{cell},'t Hooft,Ivy,'03/14/1957,F\n")
    (person,) = read.people
    assert (person.numbers[0].value, person.family, person.birth_date) == ("00481593", "'t Hooft", date(1957, 3, 14))
    assert read.notes(Topic.REPAIRED)


@pytest.mark.parametrize("cell", ["#N/A", "########", "nan", "#REF!", ""])
def test_an_empty_number_is_no_number(tmp_path: Path, cell: str) -> None:
    read = table(tmp_path, f"{HEAD}{cell},Moss,Ivy,1957-03-14,F\n1,Kraus,Dana,1957-03-14,F\n")
    assert read.refused == {"line 2": "no MRN"}
    assert len(read.people) == 1


def test_a_telephone_and_a_postal_code_lose_their_decimals_and_what_is_lost_is_told(tmp_path: Path) -> None:
    head = "mrn,last_name,first_name,phone,zip,ssn\n"
    read = table(
        tmp_path, head + "1,Moss,Ivy,3305550101.0,1104.0,123456789.0\n2,Kraus,Dana,3.30555E+09,1104,1.23E+08\n"
    )
    ivy, dana = read.people
    assert (ivy.phone, ivy.postcode, ivy.ssn4) == ("3305550101", "01104", "6789")
    assert (dana.phone, dana.postcode, dana.ssn4) == ("", "1104", "")
    assert read.notes(Topic.LEFT_OUT) == [
        "ssn of which a spreadsheet has lost digits (1)",
        "phone of which a spreadsheet has lost digits (1)",
    ]


@pytest.mark.parametrize(("mrn", "ssn"), [("123-45-6789", ""), ("123456789", "123-45-6789"), ("123-45-6789", "x")])
def test_a_social_security_number_is_no_mrn(tmp_path: Path, mrn: str, ssn: str) -> None:
    read = table(tmp_path, f"mrn,last_name,first_name,ssn\n{mrn},Moss,Ivy,{ssn}\n")
    assert "never an MRN" in read.refused["line 2"]
    assert "6789" not in read.refused["line 2"]


def test_of_a_social_security_number_the_last_four_are_kept(tmp_path: Path) -> None:
    head = "mrn,last_name,first_name,SSN,member_id,old_mrn\n"
    (person,) = table(tmp_path, f"{head}7,Moss,Ivy,123-45-6789,123456789,123-45-6789\n").people
    assert (person.ssn4, person.member_id, len(person.numbers)) == ("6789", "", 1)
    assert "123456789" not in repr(person)


# ---- dates


@pytest.mark.parametrize(
    ("dates", "profile", "expected", "told"),
    [
        (("14/03/1957", "02/11/1948"), True, (date(1957, 3, 14), date(1948, 11, 2)), "day first (dates that tell it"),
        (
            ("03/14/1957", "02/11/1948"),
            False,
            (date(1957, 3, 14), date(1948, 2, 11)),
            "month first (dates that tell it",
        ),
        (
            ("02/11/1948", "03/04/1950"),
            False,
            (date(1948, 2, 11), date(1950, 3, 4)),
            "month first, as the profile says",
        ),
        (("02/11/1948", "03/04/1950"), True, (date(1948, 11, 2), date(1950, 4, 3)), "day first, as the profile says"),
        (("14.03.1957 00:00", "2.11.1948 0:00:00"), True, (date(1957, 3, 14), date(1948, 11, 2)), "day first"),
        (("3/14/1957 12:00:00 AM", "2/11/1948"), False, (date(1957, 3, 14), date(1948, 2, 11)), "month first"),
        (("1957-03-14T00:00:00Z", "1948-02-11 00:00:00.000"), True, (date(1957, 3, 14), date(1948, 2, 11)), ""),
        (("14-Mar-1957", "19480211"), True, (date(1957, 3, 14), date(1948, 2, 11)), ""),
        (("03/03/1957", "04/04/1948"), True, (date(1957, 3, 3), date(1948, 4, 4)), ""),
    ],
)
def test_a_column_has_one_order_of_day_and_month(
    tmp_path: Path, dates: tuple[str, str], profile: bool, expected: tuple[date, date], told: str
) -> None:
    rows = "".join(f"{i},Moss,Ivy,{day},F\n" for i, day in enumerate(dates))
    read = table(tmp_path, HEAD + rows, day_first=profile)
    assert tuple(person.birth_date for person in read.people) == expected
    notes = read.notes(Topic.DATES)
    assert len(notes) == bool(told)
    assert told in "".join(notes)


def test_a_column_with_both_orders_is_refused_with_what_to_do(tmp_path: Path) -> None:
    rows = "1,Moss,Ivy,14/03/1957,F\n2,Kraus,Dana,03/14/1957,F\n"
    with pytest.raises(
        RosterProblem, match=r"'dob' has both orders.*line 2.*line 3.*YYYY-MM-DD.*Nothing of this file was loaded"
    ):
        table(tmp_path, HEAD + rows)


@pytest.mark.parametrize(
    ("dates", "site", "option"),
    [(("14/03/1957", "02/11/1948"), False, "--day-first"), (("03/14/1957", "02/11/1948"), True, "--month-first")],
)
def test_a_column_in_the_other_order_than_the_sites_is_loaded_when_a_person_has_looked(
    tmp_path: Path, dates: tuple[str, str], site: bool, option: str
) -> None:
    rows = "".join(f"{i},Moss,Ivy,{day},F\n" for i, day in enumerate(dates))
    with pytest.raises(RosterProblem, match=rf"line 2.*1 of its dates can be read either way.*{option}"):
        table(tmp_path, HEAD + rows, day_first=site)
    assert len(table(tmp_path, HEAD + rows, day_first=not site, is_confirmed=True).people) == 2


def test_a_semicolon_list_with_the_day_first_is_a_european_one(tmp_path: Path) -> None:
    rows = "mrn;last_name;first_name;dob;sex\n1;Moss;Ivy;14/03/1957;F\n2;Kraus;Dana;02/11/1948;F\n"
    assert table(tmp_path, rows).people[1].birth_date == date(1948, 11, 2)


def test_dates_that_can_only_be_read_one_way_need_nobody(tmp_path: Path) -> None:
    rows = "1,Moss,Ivy,14/03/1957,F\n2,Kraus,Dana,25/12/1950,F\n"
    assert table(tmp_path, HEAD + rows).people[1].birth_date == date(1950, 12, 25)


def test_a_column_that_tells_nothing_is_read_as_the_one_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("mrn,last_name,first_name,dob,visit,admit_date\n1,Moss,Ivy,14/03/1957,V1,02/11/2021\n")
    ((_, said),) = read_table(file, day_first=True)
    assert isinstance(said, Registration)
    assert said.visit is not None
    assert said.visit.admitted == date(2021, 11, 2)


def _two_digits(day: date) -> str:
    return f"{day:%m/%d/%y}"


def test_a_two_digit_year_of_a_birthday_never_lies_in_the_future(tmp_path: Path) -> None:
    today = normal.today()
    days = (today, today + timedelta(days=1), today - timedelta(days=1))
    rows = "".join(f"{i},Moss,Ivy,{_two_digits(day)},F\n" for i, day in enumerate(days))
    born = [person.birth_date for person in table(tmp_path, HEAD + rows).people]
    assert born[0] == today
    assert born[2] == days[2]
    assert born[1] is not None
    assert born[1].year in (days[1].year - 100, days[1].year - 99)  # February 29 has no hundred years before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("29384", "day number"), ("29384.0", "day number"), ("20893.5", "day number"), ("1957", "day number"),
        ("2099-01-01", "future"), ("31/31/1990", "no real date"), ("02/30/1957", "no real date"), ("soon", "no real date"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_what_to_do_and_the_rest_loads(tmp_path: Path, text: str, why: str) -> None:
    read = table(tmp_path, f"{HEAD}1,Moss,Ivy,{text},F\n2,Kraus,Dana,1957-03-14,F\n")
    assert why in read.refused["line 2"]
    assert text not in read.refused["line 2"]
    assert len(read.people) == 1


# ---- the file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"{HEAD}00481593,Muñoz,José,1957-03-14,M\n".replace(",", delimiter)
    read = table(tmp_path, text, encoding=encoding)
    assert [(p.family, p.given, p.numbers[0].value) for p in read.people] == [("Muñoz", "José", "00481593")]
    spoken = {"cp1252": "Windows-1252"}.get(encoding, "UTF-16" if "16" in encoding else "UTF-8")
    assert read.notes(Topic.CHARACTERS) == [spoken]


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_the_line_for_the_spreadsheet_is_obeyed(tmp_path: Path, first: str) -> None:
    text = f"{first}mrn;last_name, as in passport;last_name;first_name;dob\n7;a,b;Moss;Ivy;14.03.1957\n7;;Moss\n"
    read = table(tmp_path, text)
    assert [p.family for p in read.people] == ["Moss"]
    assert read.refused == {"line 4": "no name"}  # lines as an editor counts them


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"PK\x03\x04...", "Excel workbook"), (b"\xd0\xcf\x11\xe0..", "Excel workbook"), (b"\0\0\0\0x", "no text")],
)
def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path, data: bytes, why: str) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(data)
    with pytest.raises(RosterProblem, match=why):
        list(read_table(file))


def test_a_letter_that_cannot_be_read_is_no_name(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"mrn,last_name,first_name,city\n1,Mu\x96oz\x8d,Ivy,Dover\n2,Moss,Ivy,Do\x8dver\n")
    read = Read(file)
    assert "cannot be read" in read.refused["line 2"]
    assert [(p.family, p.city) for p in read.people] == [("Moss", "")]
    assert read.notes(Topic.LEFT_OUT) == ["cells with letters that cannot be read (1)"]


# ---- heads


@pytest.mark.parametrize(
    "head",
    ["MRN", "mrn#", "MRN No.", "M.R.N.", "Patient No.", "Patient Number", "PatientNumber", "Pt #", "Pt. No", "Pt ID", "Hosp. No",
     "Hospital Number", "Unit number", "Unit No.", "Unit #", "Chart #", "Chart No", "CHART NUMBER", "Med Rec No", "Medical Record #",
     "MR #", "MR No.", "Medical Record Nbr", "Health Record No", "Patient ID", "PatientID", "Patient's MRN", "Record #", "ID"],
)  # fmt: skip
def test_heads_of_record_numbers_in_the_spellings_of_other_systems(tmp_path: Path, head: str) -> None:
    read = table(tmp_path, f'"{head}",Pt Last Name,Patient First Name,D.O.B.\n007,Moss,Ivy,1957-03-14\n')
    (person,) = read.people
    assert (person.numbers[0].value, person.birth_date) == ("007", date(1957, 3, 14))
    assert read.notes(Topic.COLUMNS)[0].startswith(f"{head} → mrn, Pt Last Name → family")


@pytest.mark.parametrize(
    "head", ["No.", "Phone #", "Account #", "Visit No", "Room", "Guarantor ID", "Physician No", "SSN"]
)
def test_other_numbers_are_no_record_numbers(tmp_path: Path, head: str) -> None:
    with pytest.raises(RosterProblem, match="no column for mrn") as refused:
        table(tmp_path, f"{head},last_name,first_name\n7,Moss,Ivy\n")
    assert f"'{head}', 'last_name', 'first_name'" in str(refused.value)
    assert "Patient No." in str(refused.value)


def test_every_spelling_is_one_that_can_be_met() -> None:
    assert [s for spellings in COLUMNS.values() for s in spellings if normal_head(s.replace("_", " ")) != s] == []


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("00481593,Holloway,Marissa,1957-03-14,F\n00990017,Moss,Ivy,1948-11-02,F\n", False),
        ("Holloway,Marissa,F\nMoss,Ivy,F\n", False),
        ("Holloway,Marissa\nMoss,Ivy\n", False),
        ("Holloway,Marissa\n", False),
        (",Holloway,Marissa\n00990017,Moss,Ivy\n", False),  # no number in the first row
        ("Holloway,Marissa,female,Dover\nMoss,Ivy,female,7 Oak\n", False),
        ("Mr,Holloway,Marissa\nMr,Moss,Ivy\n", False),
        ("Kennung,Nachname\n7,Moss\n", True),
        ("surname,forename\nMoss,Ivy\n", True),
    ],
)
def test_a_first_line_that_may_be_a_patient_is_not_repeated(tmp_path: Path, text: str, is_named: bool) -> None:
    with pytest.raises(RosterProblem, match="no column for") as refused:
        table(tmp_path, text)
    first = next(filter(None, text.split("\n")[0].removeprefix("Mr").split(",")))
    assert (first in str(refused.value)) is is_named
    assert ("looks like a patient's" in str(refused.value)) is not is_named


def test_heads_that_stand_twice_and_columns_that_nobody_reads_are_told(tmp_path: Path) -> None:
    read = table(tmp_path, "MRN,mrn,last_name,first_name,Race,dob,DOB\n7,8,Moss,Ivy,x,1957-03-14,1950-01-01\n")
    assert read.people[0].numbers[0].value == "7"
    assert read.people[0].birth_date == date(1957, 3, 14)
    assert read.notes(Topic.NOT_USED) == [
        "mrn, Race, DOB",
        "the head 'mrn' stands twice; the first of them is read",
        "the head 'DOB' stands twice; the first of them is read",
    ]


def test_the_site_s_own_heads_go_before_the_usual_ones() -> None:
    heads = match_heads(["mrn", "Kennung", "last", "first"], {"mrn": "Kennung"})
    assert heads.places["mrn"] == 1
    assert heads.unused == ("mrn",)
    assert match_heads(["mrn", "last", "first"], {"mrn": "Kennung"}).missing == ("Kennung",)


def test_a_head_over_two_lines_and_a_sex_that_is_none(tmp_path: Path) -> None:
    read = table(tmp_path, '"Patient\nNo.","Last\nName",first_name,sex\n7,Moss,Ivy,Q\n')
    assert read.people[0].numbers[0].value == "7"
    assert read.notes(Topic.LEFT_OUT) == ["sex that is none of M, F, O and U (1)"]


# ---- nobody in it


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("\n \n", "it is empty"),
        ("\ufeff", "it is empty"),
        (HEAD, "nothing stands below its heads"),
        (HEAD.strip(), "nothing stands below its heads"),
        (f"{HEAD}\n,,,,\n \n", "nothing stands below its heads"),
    ],
)
def test_a_list_that_holds_nobody_is_refused_with_what_to_do(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(RosterProblem) as refusal:
        table(tmp_path, text)
    assert str(refusal.value) == (
        f"list.csv holds no patients: {why}. Nothing was loaded, and the list as loaded before stays. See whether the export "
        "ran to its end, export the list again and load that."
    )


def test_a_list_whose_rows_are_all_refused_says_why_of_each(tmp_path: Path) -> None:
    read = table(tmp_path, f"{HEAD},Rivera,Ana,,\n")
    assert (read.people, list(read.refused.values())) == ([], ["no MRN"])
