"""The forms that change a well and its survey. They work without JavaScript."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser

from pages import catalogue, forms
from pages.fields import UNKNOWN, Field, changed_values, form_context
from pages.refusals import refusal_context
from pages.uploads import UploadView
from pages.views import EditorView, respond
from tables.units import DEPTH_UNITS, METRES
from web.budget import budget
from web.parsers import FORM_BYTES, MAX_TEXT_BYTES
from web.views import author
from wells import survey_files, surveys
from wells.api.conditions import etag, required
from wells.api.parameters import DEPTH_UNIT
from wells.api.serializers import WellForm
from wells.models import Well, change, well_with_id

FIELDS = (
    Field(
        "depth_unit",
        "Unit of the depths",
        hint="Depths are not converted.",
        choices={**UNKNOWN, **{unit: unit for unit in DEPTH_UNITS}},
    ),
    Field("bit_size", "Bit size", "number", hint="The hole diameter if there is no caliper curve."),
    Field(
        "bit_size_unit",
        "Unit of the bit size",
        choices={**UNKNOWN, **{unit: unit for unit in METRES}},
    ),
    Field("declination", "Magnetic declination", "number", hint="Degrees, east positive."),
    Field("grid_convergence", "Grid convergence", "number", hint="Degrees, east positive."),
)


class EditWellView(EditorView):
    """``/well/<id>/edit``: the form of a well, like PATCH /wells/<id>/, and of its survey."""

    def show(self, request: HttpRequest, pk: str) -> HttpResponse:
        return _page(request, well_with_id(pk))

    def change(self, request: HttpRequest, pk: str) -> HttpResponse:
        well = well_with_id(pk)
        where = required(well, request)
        form = WellForm(well, data=dict(changed_values(FIELDS, well, request.POST)), partial=True)
        form.is_valid(raise_exception=True)
        change(well.pk, form.validated_data, author(request), where=where)
        message = format_html("Well <bdi>{}</bdi> was changed.", well.name)
        messages.success(request, message)
        return redirect("well-page", well.pk)

    def refused(self, request: HttpRequest, problem: HttpResponse, pk: str) -> HttpResponse:
        return _page(request, well_with_id(pk), problem)


class SurveyFormParser(MultiPartParser):
    """Parses a form with a survey. A form that is too large is refused before it is read."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        meta: Mapping[str, str] = parser_context["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > MAX_TEXT_BYTES + FORM_BYTES:
            raise RequestDataTooBig(f"the survey is larger than {MAX_TEXT_BYTES} bytes")
        return super().parse(stream, media_type, parser_context)


class NewSurveyView(UploadView):
    """``POST /well/<id>/survey``: store a survey, as PUT /wells/<id>/survey does."""

    kind = "survey"

    def get(self, request: HttpRequest, pk: str = "") -> HttpResponse:
        return redirect("edit-well", pk)

    def take(self, request: HttpRequest, pk: str = "") -> tuple[str, SafeString]:
        form = forms.parse(request, SurveyFormParser())
        forms.check_csrf_token(request, form.data)
        well = well_with_id(pk)
        if "file" not in form.files:
            raise ValidationError({"file": ["No file was submitted."]})
        body, unit = form.files["file"].read(), form.data.get("depth_unit")
        unit = DEPTH_UNIT.read("depth_unit", unit) if unit else None
        with budget.reserve(surveys.memory_to_put(body), "the survey"):
            found = surveys.put(well, survey_files.read_text(body), unit, author(request))
        for warning in found["warnings"]:
            messages.warning(request, f"{warning[0].upper()}{warning[1:]}.")
        text = "Well <bdi>{}</bdi> has a survey of {} stations, from {} to {}."
        return well.name, format_html(text, well.name, found["count"], found["top"], found["base"])

    def refused(self, request: HttpRequest, problem: HttpResponse, pk: str = "") -> HttpResponse:
        return _page(request, well_with_id(pk), survey_problem=problem)


class DeleteSurveyView(EditorView):
    """``POST /well/<id>/survey/delete``: delete the survey if the box of the form is ticked."""

    def show(self, request: HttpRequest, pk: str) -> HttpResponse:
        return redirect("edit-well", pk)

    def change(self, request: HttpRequest, pk: str) -> HttpResponse:
        well = well_with_id(pk)
        if request.POST.get("sure") != "yes":
            return _page(request, well, unsure=True)
        surveys.remove(well, author(request))
        message = format_html("The survey of well <bdi>{}</bdi> was deleted.", well.name)
        messages.success(request, message)
        return redirect("well-page", well.pk)


def _page(
    request: HttpRequest,
    well: Well,
    problem: HttpResponse | None = None,
    survey_problem: HttpResponse | None = None,
    unsure: bool = False,
) -> HttpResponse:
    """Render both forms. A form that was refused keeps what the user typed."""
    context = {
        **form_context(FIELDS, well, request.POST, problem),
        "well": well,
        "seen": etag(well),
        "survey": catalogue.survey(well),
        "survey_refused": survey_problem and refusal_context(survey_problem),
        "unsure": unsure,
    }
    refusal = problem or survey_problem
    status = refusal.status_code if refusal else 400 if unsure else 200
    return respond(request, "pages/well_edit.html", status, **context)
