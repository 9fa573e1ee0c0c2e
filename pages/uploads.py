"""Where the forms of the pages are sent: each takes one, calls a service, and says how it went.

They work without scripts: a form that is refused is answered with the list of wells, on which the
problem stands that the API would have answered; one that is taken, with a redirect to its well.
"""

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack, closing
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from images.api import log_uploads
from images.api.log_uploads import LogsFormParser
from images.models import ImageLog
from images.store.progress import rows_read
from pages import catalogue, forms
from pages.cards import LogCard, PhotoCard
from pages.refusals import has_no_page, problem_of, refusal
from pages.views import respond
from photos import shelf
from photos.api.serializers import PhotoForm
from photos.api.views import PhotoFormParser
from storage.errors import translated
from wells.models import Well

# The field of Django's forms against forgery.
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - its name


@method_decorator(csrf_exempt, name="dispatch")
class UploadView(View):
    """Where one kind of form is sent. ``kind`` names it in the template."""

    kind: str

    @abstractmethod
    def take(self, request: HttpRequest, pk: str = "") -> tuple[str, SafeString]:
        """Read the form and keep what it holds; return the well, and what is to be said."""

    def get(self, request: HttpRequest, pk: str = "") -> HttpResponse:
        """For whoever goes to the address of a page on which a form was refused."""
        return redirect("home")

    def post(self, request: HttpRequest, pk: str = "") -> HttpResponse:
        try:
            well, done = self.take(request, pk)
        except Exception as error:
            problem = problem_of(error, request, self)
            if has_no_page(problem):
                return problem  # nor is there a thread to read the form with
            forms.read_to_the_end(request)
            said = refusal(problem) | {"values": request.POST}
            return self.refused(request, said, problem.status_code, pk)
        messages.success(request, done)
        return redirect("well-page", Well.ensure(well)[0].pk)

    def refused(
        self, request: HttpRequest, said: Mapping[str, Any], status: int, pk: str = ""
    ) -> HttpResponse:
        """The page with the form, and what was wrong."""
        page, wells = catalogue.wells("", "1")
        context = {"page": page, "wells": wells, "refused": {self.kind: said}}
        return respond(request, "pages/wells.html", status, **context)


class NewLogView(UploadView):
    """``POST /new-log``: a file in, its logs out, as at ``/logs/``."""

    kind = "log"

    def take(self, request: HttpRequest, pk: str = "") -> tuple[str, SafeString]:
        upload = forms.parse(request, LogsFormParser())
        with closing(upload.ingest) as ingest:
            forms.check_is_from_the_page(request, upload.fields)
            filled = {name: text for name, text in request.POST.items() if text}
            filled.pop(TOKEN, None)
            well, options, _ = log_uploads.read(request.GET, filled)
            result = ingest.publish(well, upload.filename, options)
        log, created = result.logs[0]
        for _, detail in result.warnings:
            messages.warning(request, detail)
        what = "Image log" if log.kind == ImageLog.Kind.IMAGE else "Curve"
        if len(result.logs) > 1:
            what = f"{len(result.logs)} logs and curves, the first of them"
            created = any(new for _, new in result.logs)
        link = (what, LogCard(log).url, log.filename, log.well)
        return log.well, _said(created, *link, f"from {log.top} to {log.base}")


@translated()
def progress(request: HttpRequest, upload_id: str) -> HttpResponse:
    """``GET /new-log/<id>``: the rows that have been read of an upload which the page follows; it
    chose the id, and sent it to ``/logs/`` as ``Upload-ID``. Null before the first and at the end.
    """
    return JsonResponse({"rows": rows_read(upload_id)}, headers={"Cache-Control": "no-store"})


class NewPhotoView(UploadView):
    """``POST /new-photo``: a core photo in, as at ``/photos/``."""

    kind = "photo"

    def take(self, request: HttpRequest, pk: str = "") -> tuple[str, SafeString]:
        form = forms.parse(request, PhotoFormParser())
        with ExitStack() as files:
            for file in form.files.values():
                files.enter_context(file)
            forms.check_is_from_the_page(request, form.data)
            checked = PhotoForm(data={**form.data.dict(), **form.files.dict()})
            checked.is_valid(raise_exception=True)
            fields = dict(checked.validated_data)
            photo, created = shelf.add(fields.pop("photo"), **fields)
        link = ("Core photo", PhotoCard(photo).url, photo.caption or "without caption", photo.well)
        return photo.well, _said(created, *link, f"from {photo.top_depth} to {photo.base_depth}")


def _said(created: bool, kind: str, url: str, name: str, well: str, where: str) -> SafeString:
    """The sentence that tells of success, with a link to what was made."""
    how = "was added to" if created else "was in"
    already = "" if created else " already"
    text = '{} <a href="{}"><bdi>{}</bdi></a> {} well <bdi>{}</bdi>{}, {}.'
    return format_html(text, kind, url, name, how, well, already, where)
