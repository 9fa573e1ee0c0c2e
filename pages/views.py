"""The list of wells, the page of a well, and the base class of pages with a form."""

from abc import abstractmethod

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views import View

from image_processor.access.middleware import NO_RIGHT, for_templates
from images.models import ImageLog
from pages import catalogue
from pages.refusals import cannot_show_form, to_problem
from tables.units import DEPTH_UNITS
from web import parameters
from wells import listing
from wells.errors import AddressedByName
from wells.models import well_with_id


class WellsView(View):
    """``GET /``: list the wells. Parameters: ``search`` and ``page``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        search = request.GET.get("search", "").strip()
        if search:
            search = parameters.printable("search", search)
        page, wells = catalogue.wells(search, request.GET.get("page", "1"))
        return respond(request, "pages/wells.html", search=search, page=page, wells=wells)


class WellView(View):
    """``GET /well/<id>/``: a well. Parameters: the pages of ``logs``, ``curves``, ``photos``.

    ``/well/<name>/`` leads there: the name is what people know and type.
    """

    def get(self, request: HttpRequest, well_id: str) -> HttpResponse:
        try:
            well = well_with_id(well_id)
        except AddressedByName as named:
            return redirect("well-page", named.well_id)
        [facts] = listing.described([well])
        kinds = {"logs": ImageLog.Kind.IMAGE, "curves": ImageLog.Kind.CURVE}
        lists: dict[str, object] = {
            name: catalogue.logs(well.name, kind, request.GET.get(name, "1"))
            for name, kind in kinds.items()
        }
        lists["photos"] = catalogue.photos(well.name, request.GET.get("photos", "1"))
        survey = catalogue.survey(well)
        return respond(request, "pages/well.html", well=facts, lists=lists, survey=survey)


class EditorView(View):
    """A page with a form, for users who may write.

    ``show`` renders the page and ``change`` applies the form. ``refused`` answers a form that was
    refused: with the problem, or with the page and the reasons. The field ``seen`` is the ETag of
    the item when the page was rendered. It is used as If-Match, so the form does not overwrite
    changes that others made meanwhile.
    """

    @abstractmethod
    def show(self, request: HttpRequest, pk: str) -> HttpResponse: ...

    @abstractmethod
    def change(self, request: HttpRequest, pk: str) -> HttpResponse: ...

    def refused(self, request: HttpRequest, problem: HttpResponse, pk: str) -> HttpResponse:
        return problem

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        if for_templates(request)["may_write"]():
            return self.show(request, pk)
        if request.user.is_authenticated:
            raise PermissionDenied(NO_RIGHT)
        return redirect_to_login(request.get_full_path())

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        try:
            request.META["HTTP_IF_MATCH"] = request.POST.get("seen", "*")
            return self.change(request, pk)
        except Exception as error:
            problem = to_problem(error, request, self)
            return problem if cannot_show_form(problem) else self.refused(request, problem, pk)


def respond(
    request: HttpRequest, template: str, status: int = 200, **context: object
) -> HttpResponse:
    """Render a page that is not cached. ``context`` is added to the limits and depth units."""
    limits = {"max_upload": settings.MAX_UPLOAD_BYTES, "max_photo": settings.MAX_PHOTO_BYTES}
    units = {"depth_units": {"": "as the file says"} | {unit: unit for unit in DEPTH_UNITS}}
    page = render(request, template, {**limits, **units, **context}, status=status)
    add_never_cache_headers(page)
    return page
