"""People leaving the system as a sheet."""

import csv
import io

from openpyxl import load_workbook

from brigades.schedule.states import State
from brigades.sheets import attachment, sheet_title
from tests.builders import HOUR, NOON, a_participation, a_person, a_section, a_shift
from tests.people.desks import a_desk

BAD = '=HYPERLINK("http://evil.example","x")'


def rows_of(response):
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


def test_what_people_typed_never_becomes_a_formula(app):  # EXP-01
    section = a_section()
    desk = a_desk(app, section)
    person = a_person(
        section,
        given_name=BAD,
        family_name="",
        phone="+970599123456",
        availability_note="@SUM(1)",
    )
    shift = a_shift(section)
    a_participation(shift, person, State.ATTENDED, came_at=NOON, left_at=NOON + 5 * HOUR)
    head, *rows = rows_of(desk.get("/people.csv"))
    row = dict(zip(head, next(row for row in rows if "HYPERLINK" in row[0]), strict=True))
    assert row["Name"] == "'" + BAD
    assert row["About the availability"] == "'@SUM(1)"
    assert row["Phone"] == "+970599123456"
    assert float(row["Hours served"]) == 5.0

    book = load_workbook(io.BytesIO(desk.get("/people.xlsx").data))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    phone = next(cell for cell in cells if cell.value == "+970599123456")
    assert (phone.data_type, phone.number_format) == ("s", "@")
    assert [cell.data_type for cell in cells if cell.value == 5] == ["n"]
    assert BAD in [cell.value for cell in cells]


def test_sections_of_any_name_get_a_sheet_of_their_own(app):  # EXP-03
    top = a_section(name="Top")
    desk = a_desk(app, top)
    names = [
        "Bau/Technik",
        "Bau: Team [1]",
        "A name that has exactly forty letters, yes",
        "A name that has exactly forty letters, too",
        "فلسطين",
        "'quoted'",
        "*?\\",
    ]
    for name in names:
        a_person(a_section(top, name=name))
    response = desk.get("/people.xlsx")
    assert response.status_code == 200
    titles = load_workbook(io.BytesIO(response.data)).sheetnames
    assert len({title.casefold() for title in titles}) == len(names) + 1
    assert all(0 < len(title) <= 31 for title in titles)
    assert not any(letter in title for title in titles for letter in "[]:*?/\\")


def test_file_names_of_any_script_stay_one_header_line():  # EXP-03
    header = attachment("Köln فلسطين\r\nX: y", "xlsx")
    assert "filename*=UTF-8''K%C3%B6ln%20" in header
    assert not any(letter in header for letter in "\r\n")
    header.encode("latin-1")


def test_a_sheet_without_a_name_still_has_one():
    taken: set[str] = set()
    assert sheet_title("", taken) == "1"
    assert sheet_title("///", taken) == "1 2"
