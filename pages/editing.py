"""The forms that change or delete a log. They work without JavaScript."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from images.api import changes
from images.api.parameters import ready_log
from images.errors import LogNotFound
from images.models import ImageLog
from images.store import journal
from pages.cards import LogCard
from pages.fields import UNKNOWN, Field, changed_values, form_context
from pages.views import EditorView, respond
from wells.models import Well

FIELDS = (
    Field("name", "Name", optional=False),
    Field("well", "Well", optional=False, hint="Another name moves the log to that well."),
    Field("unit", "Unit of the values"),
    Field("depth_unit", "Unit of the depths", hint="m or ft. Depths are not converted."),
    Field("first_azimuth", "Azimuth of the first column", "number", hint="Degrees, 0 to 360."),
    Field(
        "clockwise",
        "Direction of the columns, looking down the hole",
        choices={**UNKNOWN, "true": "clockwise", "false": "counter-clockwise"},
    ),
    Field(
        "azimuth_reference",
        "Reference of the azimuths",
        choices={**UNKNOWN, **{value: value for value in ImageLog.Reference.values}},
    ),
)


class EditLogView(EditorView):
    """``/log/<id>/``: the form of a log. It changes what PATCH /logs/<id>/ changes."""

    def show(self, request: HttpRequest, pk: str) -> HttpResponse:
        return _page(request, ready_log(pk))

    def change(self, request: HttpRequest, pk: str) -> HttpResponse:
        log = ready_log(pk)
        fields = changes.read(dict(changed_values(FIELDS, log, request.POST)))
        log = changes.change(log, fields, request)
        message = format_html("<bdi>{}</bdi> was changed.", log.name)
        messages.success(request, message)
        return redirect("well-page", Well.ensure(log.well)[0].pk)

    def refused(self, request: HttpRequest, problem: HttpResponse, pk: str) -> HttpResponse:
        return _page(request, ready_log(pk), problem)


class DeleteLogView(EditorView):
    """``POST /log/<id>/delete``: delete a log if the box of the form is ticked."""

    def show(self, request: HttpRequest, pk: str) -> HttpResponse:
        return redirect("edit-log", pk)

    def change(self, request: HttpRequest, pk: str) -> HttpResponse:
        log = ready_log(pk)
        if request.POST.get("sure") != "yes":
            return _page(request, log, unsure=True)
        if not journal.retire(log):
            raise LogNotFound(f"there is no image log {pk}")
        text = "<bdi>{}</bdi> was deleted from well <bdi>{}</bdi>."
        messages.success(request, format_html(text, log.name, log.well))
        return redirect("well-page", Well.ensure(log.well)[0].pk)


def _page(
    request: HttpRequest,
    log: ImageLog,
    problem: HttpResponse | None = None,
    unsure: bool = False,
) -> HttpResponse:
    """Render the form. A form that was refused keeps what the user typed."""
    context = {
        **form_context(FIELDS, log, request.POST, problem),
        "card": LogCard(log),
        "log": log,
        "well": Well.ensure(log.well)[0],
        "seen": changes.etag(log),
        "unsure": unsure,
    }
    status = problem.status_code if problem else 400 if unsure else 200
    return respond(request, "pages/log_edit.html", status, **context)
