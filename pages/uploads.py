"""The views of the upload forms. They work without JavaScript.

After a successful upload they redirect to the page of the well. Otherwise they render the page with
the form and the message that the API would answer.
"""

from abc import abstractmethod
from contextlib import ExitStack, closing

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
from pages.refusals import cannot_show_form, refusal_context, to_problem
from pages.views import respond
from photos import editing
from photos.api.serializers import PhotoForm
from photos.api.views import PhotoFormParser
from storage.errors import translated
from wells.models import Well

CSRF_FIELD = "csrfmiddlewaretoken"


@method_decorator(csrf_exempt, name="dispatch")
class UploadView(View):
    """A view of one form. ``kind`` is its name in the template."""

    kind: str

    @abstractmethod
    def take(self, request: HttpRequest, pk: str = "") -> tuple[str, SafeString]:
        """Parse the form and store its file. Returns the well and the message of success."""

    def get(self, request: HttpRequest, pk: str = "") -> HttpResponse:
        """Redirect users who reload the page of a form that was refused."""
        return redirect("home")

    def post(self, request: HttpRequest, pk: str = "") -> HttpResponse:
        try:
            well, message = self.take(request, pk)
        except Exception as error:
            problem = to_problem(error, request, self)
            if cannot_show_form(problem):
                return problem  # without the rest of the form: the server may be busy
            forms.discard_rest(request)
            return self.refused(request, problem, pk)
        messages.success(request, message)
        return redirect("well-page", Well.ensure(well)[0].pk)

    def refused(self, request: HttpRequest, problem: HttpResponse, pk: str = "") -> HttpResponse:
        """Render the page with the form and the reasons."""
        page, wells = catalogue.wells("", "1")
        refused = {self.kind: refusal_context(problem) | {"values": request.POST}}
        context = {"page": page, "wells": wells, "refused": refused}
        return respond(request, "pages/wells.html", problem.status_code, **context)


class NewLogView(UploadView):
    """``POST /new-log``: ingest a file, as POST /logs/ does."""

    kind = "log"

    def take(self, request: HttpRequest, pk: str = "") -> tuple[str, SafeString]:
        upload = forms.parse(request, LogsFormParser())
        with closing(upload):
            forms.check_csrf_token(request, upload.fields)
            filled = {name: text for name, text in request.POST.items() if text}
            filled.pop(CSRF_FIELD, None)
            well, options, _ = log_uploads.read(request.GET, filled)
            result = upload.ingest.publish(well, upload.filename, options)
        log, created = result.logs[0]
        for _, detail in result.warnings:
            messages.warning(request, detail)
        kind = "Image log" if log.kind == ImageLog.Kind.IMAGE else "Curve"
        if len(result.logs) > 1:
            kind = f"{len(result.logs)} logs and curves, the first of them"
            created = any(new for _, new in result.logs)
        link = (kind, LogCard(log).url, log.filename, log.well)
        return log.well, _message(created, *link, f"from {log.top} to {log.base}")


@translated()
def progress(request: HttpRequest, upload_id: str) -> HttpResponse:
    """``GET /new-log/<id>``: the number of rows of an upload that have been read.

    The page chooses the id and sends it to ``/logs/`` in the header ``Upload-ID``. ``rows`` is null
    before the first row and after the end.
    """
    return JsonResponse({"rows": rows_read(upload_id)}, headers={"Cache-Control": "no-store"})


class NewPhotoView(UploadView):
    """``POST /new-photo``: store a core photo, as POST /photos/ does."""

    kind = "photo"

    def take(self, request: HttpRequest, pk: str = "") -> tuple[str, SafeString]:
        form = forms.parse(request, PhotoFormParser())
        with ExitStack() as files:
            for file in form.files.values():
                files.enter_context(file)
            forms.check_csrf_token(request, form.data)
            checked = PhotoForm(data={**form.data.dict(), **form.files.dict()})
            checked.is_valid(raise_exception=True)
            fields = dict(checked.validated_data)
            photo, created = editing.add(fields.pop("photo"), **fields)
        link = ("Core photo", PhotoCard(photo).url, photo.caption or "without caption", photo.well)
        return photo.well, _message(created, *link, f"from {photo.top_depth} to {photo.base_depth}")


def _message(created: bool, kind: str, url: str, name: str, well: str, where: str) -> SafeString:
    """The message of success, with a link to the log or photo."""
    how = "was added to" if created else "was in"
    already = "" if created else " already"
    text = '{} <a href="{}"><bdi>{}</bdi></a> {} well <bdi>{}</bdi>{}, {}.'
    return format_html(text, kind, url, name, how, well, already, where)
