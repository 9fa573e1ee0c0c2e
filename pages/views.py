"""The pages for people: the list of wells, and one well with all that is in it."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views import View

from image_processor.access.middleware import NO_RIGHT, for_templates
from images.models import ImageLog
from pages import catalogue
from pages.refusals import has_no_page, problem_of, refusal
from wells import listing
from wells.models import well_with_id
from wells.units import DEPTH_UNITS


class WellsView(View):
    """``GET /``: the wells; ``search=`` narrows them, ``page=`` turns the page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        search = request.GET.get("search", "").strip()
        page, wells = catalogue.wells(search, request.GET.get("page", "1"))
        return respond(request, "pages/wells.html", search=search, page=page, wells=wells)


class WellView(View):
    """``GET /well/<id>/``: a well; ``logs=``, ``curves=`` and ``photos=`` turn pages."""

    def get(self, request: HttpRequest, well_id: str) -> HttpResponse:
        well = well_with_id(well_id)
        [facts] = listing.described([well])
        kinds = {"logs": ImageLog.Kind.IMAGE, "curves": ImageLog.Kind.CURVE}
        lists: dict[str, object] = {
            name: catalogue.logs(well.name, kind, request.GET.get(name, "1"))
            for name, kind in kinds.items()
        }
        lists["photos"] = catalogue.photos(well.name, request.GET.get("photos", "1"))
        survey = catalogue.survey(well)
        return respond(request, "pages/well.html", well=facts, lists=lists, survey=survey)


class EditorsView(View):
    """A page with a form, for those who may change things.

    ``show`` answers with the page, ``change`` does what the form asks for, and ``refused`` shows
    the page again with what was wrong. The field ``seen`` of a form is the ETag of what the form
    was filled with, and so the condition of the change: nobody undoes others' changes.
    """

    @abstractmethod
    def show(self, request: HttpRequest, pk: str) -> HttpResponse: ...

    @abstractmethod
    def change(self, request: HttpRequest, pk: str) -> HttpResponse: ...

    @abstractmethod
    def refused(
        self, request: HttpRequest, said: Mapping[str, Any], status: int, pk: str
    ) -> HttpResponse: ...

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
            problem = problem_of(error, request, self)
            if has_no_page(problem):
                return problem
            return self.refused(request, refusal(problem), problem.status_code, pk)


def respond(
    request: HttpRequest, template: str, status: int = 200, **context: object
) -> HttpResponse:
    """A page that is asked for again each time."""
    limits = {"max_upload": settings.MAX_UPLOAD_BYTES, "max_photo": settings.MAX_PHOTO_BYTES}
    units = {"depth_units": [("", "as the file says"), *((unit, unit) for unit in DEPTH_UNITS)]}
    page = render(request, template, {**limits, **units, **context}, status=status)
    add_never_cache_headers(page)
    return page
