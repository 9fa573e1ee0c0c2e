"""The views of photos: each validates, calls one service, and answers."""

from collections.abc import Collection, Mapping
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from photos import editing, rows
from photos.api import docs, images
from photos.api.images import Image, respond
from photos.api.parameters import PHOTO_LIST, WIDTH
from photos.api.serializers import PhotoForm, PhotoSerializer
from photos.errors import PhotoNotFound
from photos.models import CorePhoto
from storage.errors import FileMissing
from web import conditions, parameters
from web.parsers import FormParser, JSONParser, check_length
from web.views import FileView, PageView, StrictView

_FIELDS = tuple(PhotoForm().fields)
_CHANGEABLE = {"top_depth", "base_depth", "caption"}


class PhotoFormParser(MultiPartParser):
    """A form with a photo, refused before it is read where it is too large anyway."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        check_length(parser_context["request"].META, settings.MAX_PHOTO_BYTES)
        try:
            return super().parse(stream, media_type, parser_context)
        except BaseException:
            for handler in parser_context["request"].upload_handlers:
                handler.upload_interrupted()  # closes its file, which Django leaves open
            raise


@docs.PHOTOS
class PhotoListView(StrictView, PageView):
    """``GET /photos/``: those that overlap a depth range; ``POST``: a new one."""

    items = "photos"
    serializer_class = PhotoSerializer
    parser_classes = (PhotoFormParser,)
    with_query = ("GET", "HEAD")

    def get_queryset(self) -> Any:
        query = self.request.query_params
        asked = parameters.read(query, PHOTO_LIST)
        photos = CorePhoto.objects.all()
        if "well" in asked:
            photos = photos.filter(well=asked["well"])
        parameters.ordered(query)
        if "min" in asked:
            photos = photos.filter(base_depth__gte=asked["min"])
        if "max" in asked:
            photos = photos.filter(top_depth__lte=asked["max"])
        return photos

    def post(self, request: Request) -> Response:
        fields = _validated(PhotoForm(data=request.data), _FIELDS)
        photo, created = editing.add(fields.pop("photo"), **fields)
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response({**PhotoSerializer(photo).data, "created": created}, code)


@docs.PHOTO
class PhotoView(StrictView):
    """``GET``, ``PUT`` (another image), ``PATCH`` (depths, caption), ``DELETE /photos/<id>/``."""

    parser_classes = (JSONParser, PhotoFormParser, FormParser)

    def get(self, request: Request, photo_id: str) -> Response:
        return _tagged(rows.read(_id(photo_id)))

    def put(self, request: Request, photo_id: str) -> Response:
        photo, where, fields = _change(request, photo_id, _FIELDS)
        if "photo" not in fields:
            raise ValidationError({"photo": ["No file was submitted."]})
        return _tagged(editing.replace(photo, fields.pop("photo"), where, **fields))

    def patch(self, request: Request, photo_id: str) -> Response:
        photo, where, fields = _change(request, photo_id, _CHANGEABLE)
        return _tagged(editing.change(photo, where, **fields))

    def delete(self, request: Request, photo_id: str) -> Response:
        photo = rows.read(_id(photo_id))
        editing.delete(photo.pk, _required(photo, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@docs.IMAGE
class PhotoImageView(FileView):
    """``GET /photos/<id>/image``: the bytes as they came, or with ``width`` a thumbnail."""

    def get(self, request: Request, photo_id: str) -> HttpResponseBase:
        width = parameters.read(request.query_params, (WIDTH,)).get("width")
        photo = rows.read(_id(photo_id), images.FIELDS)
        try:
            return respond(request, _image(request, photo, width))
        except FileMissing:
            now = rows.read(photo.pk, images.FIELDS)
            if now.photo.name == photo.photo.name:
                raise
            # It was replaced after the first look.
            return respond(request, _image(request, now, width))


def _image(request: Request, photo: CorePhoto, width: int | None) -> Image:
    if width is None:
        return images.original(photo, request.method == "GET" and "HTTP_RANGE" not in request.META)
    return images.small(photo, width)


def _etag(photo: CorePhoto) -> str:
    return conditions.etag(str(photo.pk), repr(rows.facts(photo)))


def _required(photo: CorePhoto, request: Request) -> Mapping[str, Any]:
    return conditions.required(request._request, _etag(photo), rows.facts(photo))


def _tagged(photo: CorePhoto) -> Response:
    return Response(PhotoSerializer(photo).data, headers={"ETag": _etag(photo)})


def _change(
    request: Request, photo_id: str, allowed: Collection[str]
) -> tuple[CorePhoto, Mapping[str, Any], dict[str, Any]]:
    """The photo that a request changes, the condition of the change, and the new fields."""
    photo = rows.read(_id(photo_id))
    where = _required(photo, request)
    return photo, where, _validated(PhotoForm(photo, data=request.data, partial=True), allowed)


def _validated(form: PhotoForm, allowed: Collection[str]) -> dict[str, Any]:
    """The fields of a form. Raises InvalidParameter for one that is not ``allowed`` or is given
    twice."""
    form.is_valid(raise_exception=True)
    data = form.initial_data
    parameters.only({_text(name): _text(value) for name, value in data.items()}, allowed)
    parameters.pairs(data)
    return dict(form.validated_data)


def _text(value: object) -> str:
    """A value of a form, a file included, as text that an answer can show."""
    return str(value).encode(errors="replace").decode()


def _id(text: str) -> ObjectId:
    return parameters.object_id(text, PhotoNotFound(f"there is no photo {text}"))
