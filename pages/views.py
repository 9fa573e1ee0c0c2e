"""The pages for people: the list of wells, and one well with all that is in it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views import View

from images.models import ImageLog
from pages import catalogue
from wells import listing
from wells.models import well_with_id


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
        return respond(request, "pages/well.html", well=facts, lists=lists)


def respond(
    request: HttpRequest, template: str, status: int = 200, **context: object
) -> HttpResponse:
    """A page that is asked for again each time."""
    limits = {"max_upload": settings.MAX_UPLOAD_BYTES, "max_photo": settings.MAX_PHOTO_BYTES}
    page = render(request, template, {**limits, **context}, status=status)
    add_never_cache_headers(page)
    return page
