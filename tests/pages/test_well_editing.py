"""Changing what is known of a well, and its survey, by the forms of its page."""

import pytest

from pages.well_editing import FIELDS
from tests.pages.visitor import Page
from wells.api.serializers import WellForm
from wells.models import Well

SURVEY = b"MD[m],INC[deg],AZI[deg]\n0,0,0\n100,10,90\n200,20.5,95\n"


@pytest.fixture
def well(server):
    return Well.ensure("15/9-F-4")[0]


def send_survey(visitor, well, data=SURVEY, **fields):
    token = visitor.page(f"/well/{well.pk}/edit").form(f"/well/{well.pk}/survey")
    return visitor.send_as_is(
        f"/well/{well.pk}/survey", {"file": ("s.csv", data)}, **token | fields
    )


def now(well):
    return Well.objects.get(pk=well.pk)


def test_an_editor_sets_the_depth_unit_bit_size_and_declination_of_a_well(visitor, well):
    fields = {
        "depth_unit": "ft",
        "bit_size": "8.5",
        "bit_size_unit": "in",
        "declination": "-1.25",
        "grid_convergence": "0.5",
    }
    page = visitor.follow(visitor.fill_in(f"/well/{well.pk}/edit", **fields))
    assert "Well 15/9-F-4 was changed." in page.text
    assert "Bit size 8.5 in Declination -1.25°" in page.text
    found = {name: getattr(now(well), name) for name in fields}
    assert found == {**fields, "bit_size": 8.5, "declination": -1.25, "grid_convergence": 0.5}
    visitor.follow(visitor.fill_in(f"/well/{well.pk}/edit", declination=""))
    assert (now(well).declination, now(well).bit_size) == (None, 8.5)


def test_each_field_that_the_api_changes_is_in_the_form_of_the_well():
    assert {field.name for field in FIELDS} == set(WellForm().fields)


@pytest.mark.parametrize(
    ("field", "value"), [("bit_size", "8.5"), ("declination", "east"), ("declination", "400")]
)
def test_a_wrong_field_is_marked_and_the_well_stays_as_it_is(visitor, well, field, value):
    answer = visitor.fill_in(f"/well/{well.pk}/edit", **{"depth_unit": "m", field: value})
    assert answer.status == 400
    page = Page(answer.body.decode())
    assert "Nothing was changed" in page.text
    marked = [e for tag in ("input", "select") for e in page.all(tag) if e.get("aria-invalid")]
    assert [e["name"] for e in marked] == [field if field != "bit_size" else "bit_size_unit"]
    assert page.form(f"/well/{well.pk}/edit")[field] == value
    assert now(well).depth_unit is None


def test_a_form_of_a_well_that_others_have_overtaken_changes_nothing(visitor, well):
    page = visitor.page(f"/well/{well.pk}/edit")
    visitor.follow(visitor.fill_in(f"/well/{well.pk}/edit", declination="2"))
    answer = visitor.fill_in(f"/well/{well.pk}/edit", page=page, declination="3")
    assert answer.status == 412
    refused = Page(answer.body.decode())
    assert "Somebody else has changed it" in refused.text
    assert refused.form(f"/well/{well.pk}/edit")["declination"] == "2.0"
    assert now(well).declination == 2


@pytest.mark.parametrize("seen", ["", "1", "9" * 5000, "٣", '"0"'])
def test_a_form_of_a_well_that_names_another_version_changes_nothing(visitor, well, seen):
    answer = visitor.fill_in(f"/well/{well.pk}/edit", seen=seen, declination="3")
    assert answer.status == 412
    assert now(well).declination is None


def test_a_survey_is_uploaded_shown_replaced_and_deleted_after_a_question(visitor, well):
    page = visitor.follow(send_survey(visitor, well))
    assert "Well 15/9-F-4 has a survey of 3 stations, from 0.0 to 200.0." in page.text
    assert "3 stations, up to 20.5° from vertical" in page.text
    assert "Depth Inclination Azimuth Vertical North East 0 0° 0° 0.0 0.0 0.0 100 10°" in page.text
    assert now(well).depth_unit == "m"
    shorter = SURVEY.rsplit(b"\n", 2)[0]
    assert "a survey of 2 stations" in visitor.follow(send_survey(visitor, well, shorter)).text
    path = f"/well/{well.pk}/survey/delete"
    answer = visitor.fill_in(path)
    assert answer.status == 400
    assert "Nothing was deleted: the box was not ticked." in Page(answer.body.decode()).text
    assert now(well).survey is not None
    page = visitor.follow(visitor.fill_in(path, sure="yes"))
    assert "The survey of well 15/9-F-4 was deleted." in page.text
    assert now(well).survey is None


def test_the_depths_of_a_survey_are_converted_where_that_is_asked_for(visitor, well):
    visitor.follow(visitor.fill_in(f"/well/{well.pk}/edit", depth_unit="ft"))
    answer = send_survey(visitor, well)
    assert answer.status == 409
    assert "The depths of the survey are in m, those of the well in ft" in (
        Page(answer.body.decode()).text
    )
    page = visitor.follow(send_survey(visitor, well, depth_unit="ft"))
    assert "Depths were converted to ft." in page.text
    assert now(well).survey["depth"][1] == pytest.approx(328.084)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no column for the depth"),
        (b"MD,INC,AZI\n0,0,0\n100,x,0\n", "'x' is no finite decimal number"),
        (b"MD,INC\n0,0\n", "no column for the azimuth"),
        (b"7" * 1_200_000, "The survey is larger than 1048576 bytes"),
    ],
)
def test_what_is_no_survey_is_refused_with_a_sentence(visitor, well, data, sentence):
    answer = send_survey(visitor, well, data)
    assert answer.status in (400, 413)
    page = Page(answer.body.decode())
    assert "The survey was not added" in page.text
    assert sentence in page.text
    assert now(well).survey is None


@pytest.mark.parametrize("unit", ["m", None])
def test_a_text_that_is_no_unit_of_depth_is_refused_with_a_survey(visitor, unit):
    well, _ = Well.ensure("A-2", unit)
    data = b"MD,INC,AZI\n0,0,0\n100,5,0\n"
    answer = send_survey(visitor, well, data, depth_unit="furlong")
    assert answer.status == 400
    assert "allowed: m, ft" in Page(answer.body.decode()).text
    assert (now(well).survey, now(well).depth_unit) == (None, unit)


def test_a_survey_without_the_token_of_the_page_or_without_a_file_is_refused(visitor, well):
    path = f"/well/{well.pk}/survey"
    assert visitor.send_as_is(path, {"file": ("s.csv", SURVEY)}).status == 403
    answer = visitor.send(path, {})
    assert answer.status == 400
    assert "No file was submitted." in Page(answer.body.decode()).text
    assert now(well).survey is None


def test_a_well_that_is_not_there_has_no_form(visitor):
    for path in ("edit", "survey", "survey/delete"):
        answer = visitor.open(f"/well/{'0' * 24}/{path}")
        while answer.status == 302:
            answer = visitor.open(answer.headers["Location"])
        assert answer.status == 404
