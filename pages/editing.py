"""Changing what is known of a log, and deleting it, by forms that work without scripts."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views import View
from rest_framework.settings import api_settings

from images.api import changes
from images.api.views import ready_log
from images.errors import LogNotFound
from images.models import ImageLog
from images.store import journal
from pages.uploads import refusal
from pages.views import respond
from wells.models import Well


class Field(NamedTuple):
    """A field of the form: how it is labelled, and what is said below it."""

    name: str
    label: str
    type: str = "text"
    optional: bool = True
    hint: str = ""


class Choice(NamedTuple):
    """A field of the form with a list of choices, each a word of the form and its label."""

    name: str
    label: str
    choices: Mapping[str, str]


FIELDS = (
    Field("name", "Name", optional=False),
    Field("well", "Well", optional=False, hint="Another name moves the log to that well."),
    Field("unit", "Unit of the values"),
    Field("depth_unit", "Unit of the depths", hint="m or ft; the numbers stay."),
    Field("first_azimuth", "Azimuth of the first column", "number", hint="Degrees, 0 to 360."),
)
UNKNOWN = {"": "not known"}
CHOICES = (
    Choice(
        "clockwise",
        "The columns go around, looking down the hole,",
        {**UNKNOWN, "true": "clockwise", "false": "counter-clockwise"},
    ),
    Choice(
        "azimuth_reference",
        "Azimuths are measured from",
        {**UNKNOWN, **{value: value for value in ImageLog.Reference.values}},
    ),
)
BOOLEANS = {"true": True, "false": False}


class EditLogView(View):
    """``/log/<id>/``: the form of a log; what differs is changed as by ``PATCH /logs/<id>/``."""

    def get(self, request: HttpRequest, log_id: str) -> HttpResponse:
        return _page(request, ready_log(log_id))

    def post(self, request: HttpRequest, log_id: str) -> HttpResponse:
        log = ready_log(log_id)
        try:
            changes.change(log, changes.read(dict(_changed(log, request.POST))), request)
        except Exception as error:
            problem = api_settings.EXCEPTION_HANDLER(error, {"request": request, "view": self})
            if problem is None:
                raise
            if problem.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                return problem
            return _page(request, log, refusal(problem), problem.status_code)
        log = ready_log(log_id)
        said = format_html("What is known of <bdi>{}</bdi> was changed.", log.name)
        messages.success(request, said)
        return redirect("well-page", Well.ensure(log.well)[0].pk)


class DeleteLogView(View):
    """``POST /log/<id>/delete``: delete a log, if the box was ticked that asks for it."""

    def get(self, request: HttpRequest, log_id: str) -> HttpResponse:
        return redirect("edit-log", log_id)

    def post(self, request: HttpRequest, log_id: str) -> HttpResponse:
        log = ready_log(log_id)
        if request.POST.get("sure") != "yes":
            return _page(request, log, unsure=True, status=HTTPStatus.BAD_REQUEST)
        if not journal.retire(log):
            raise LogNotFound(f"there is no image log {log_id}")
        said = format_html("<bdi>{}</bdi> was deleted from well <bdi>{}</bdi>.", log.name, log.well)
        messages.success(request, said)
        return redirect("well-page", Well.ensure(log.well)[0].pk)


def _changed(log: ImageLog, form: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """The fields of the form that differ from the log, as the API takes them."""
    for name in changes.EDITABLE:
        if name in form and form[name].strip(" ") != _shown(getattr(log, name)):
            text = form[name].strip(" ")
            optional = name not in {"well", "name"}
            yield name, None if optional and not text else BOOLEANS.get(text, text)


def _shown(value: Any) -> str:
    """A value as the form holds it; nothing for None."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _page(
    request: HttpRequest,
    log: ImageLog,
    refused: Mapping[str, Any] | None = None,
    status: int = 200,
    unsure: bool = False,
) -> HttpResponse:
    """The form, with what was typed where it was refused."""
    typed = request.POST if refused else {}
    reasons = refused["reasons"] if refused else {}

    def filled(field: Field | Choice) -> dict[str, Any]:
        value = typed.get(field.name, _shown(getattr(log, field.name)))
        return {**field._asdict(), "value": value, "reason": reasons.get(field.name)}

    context = {
        "log": log,
        "well": Well.ensure(log.well)[0],
        "fields": [filled(field) for field in FIELDS],
        "choices": [filled(choice) for choice in CHOICES],
        "refused": refused,
        "unsure": unsure,
    }
    return respond(request, "pages/log_edit.html", status, **context)
