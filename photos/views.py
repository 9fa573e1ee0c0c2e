"""HTTP to the shelf and back: each view validates, calls one service, and answers."""

import io
from collections.abc import Mapping
from functools import partial
from threading import Lock
from typing import IO, Any

from bson import ObjectId
from cachetools import cached
from django.conf import settings
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from images.api.uploads import FORM_BYTES, check_has_length
from photos import api_docs, shelf
from photos.errors import PhotoNotFound
from photos.models import CorePhoto
from photos.parameters import PHOTO_LIST, WIDTH
from photos.responses import Image, respond
from photos.serializers import PhotoForm, PhotoSerializer, uploaded
from photos.served import served
from photos.thumbnails import thumbnail
from storage.names import plain_name
from web import caching, parameters
from web.errors import UploadTooLarge
from web.parsers import FormParser, JSONParser
from web.views import FileView

# Of photos that are kept; larger ones are sent while they are read.
SMALL_BYTES = 1024**2
_CHANGEABLE = {"top_depth", "base_depth", "caption"}


class PhotoFormParser(MultiPartParser):
    """A form with a photo, refused before it is read where it is too large anyway."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        meta: Mapping[str, str] = parser_context["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > settings.MAX_PHOTO_BYTES + FORM_BYTES:
            raise UploadTooLarge(settings.MAX_PHOTO_BYTES)
        return super().parse(stream, media_type, parser_context)


@api_docs.PHOTOS
class PhotoListView(ListAPIView):
    """``GET /photos/``: those that overlap a depth range; ``POST``: a new one."""

    serializer_class = PhotoSerializer
    parser_classes = (PhotoFormParser,)

    def get_queryset(self) -> Any:
        query = self.request.query_params
        asked = parameters.read(query, PHOTO_LIST)
        photos = CorePhoto.objects.all()
        if "well" in asked:
            photos = photos.filter(well=asked["well"])
        if "min" in asked and "max" in asked:
            parameters.depth_range(query["min"], query["max"])
        if "min" in asked:
            photos = photos.filter(base_depth__gte=asked["min"])
        if "max" in asked:
            photos = photos.filter(top_depth__lte=asked["max"])
        return photos

    def post(self, request: Request) -> Response:
        check_has_length(request.META)
        fields = _validated(PhotoForm(data=request.data))
        photo, created = shelf.add(fields.pop("photo"), **fields)
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(uploaded(photo, created), code)


@api_docs.PHOTO
class PhotoView(APIView):
    """``GET``, ``PUT`` (another image), ``PATCH`` (depths, caption), ``DELETE /photos/<id>/``."""

    parser_classes = (JSONParser, PhotoFormParser, FormParser)

    def get(self, request: Request, photo_id: str) -> Response:
        return Response(PhotoSerializer(_photo(photo_id)).data)

    def put(self, request: Request, photo_id: str) -> Response:
        check_has_length(request.META)
        photo = _photo(photo_id)
        fields = _validated(PhotoForm(photo, data=request.data, partial=True))
        if "photo" not in fields:
            raise ValidationError({"photo": ["No file was submitted."]})
        shelf.replace(photo, fields.pop("photo"), **fields)
        return Response(PhotoSerializer(photo).data)

    def patch(self, request: Request, photo_id: str) -> Response:
        photo = _photo(photo_id)
        fields = _validated(PhotoForm(photo, data=request.data, partial=True))
        sent = {_text(name): _text(value) for name, value in request.data.items()}
        parameters.only(sent, _CHANGEABLE)
        shelf.change(photo, **fields)
        return Response(PhotoSerializer(photo).data)

    def delete(self, request: Request, photo_id: str) -> Response:
        _photo(photo_id).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


@api_docs.IMAGE
class PhotoImageView(FileView):
    """``GET /photos/<id>/image``: the bytes as they came, or with ``width`` a thumbnail."""

    def get(self, request: Request, photo_id: str) -> HttpResponseBase:
        asked = parameters.read(request.query_params, (WIDTH,))
        photo = served(_id(photo_id))
        name = plain_name(photo.photo.name)
        if "width" not in asked:
            whole = request.method == "GET" and "HTTP_RANGE" not in request.META
            return respond(
                request, Image(f'"{photo.sha256}"', name, partial(_original, photo, whole))
            )
        width = asked["width"]
        small = Image(f'"{photo.sha256}-{width}"', name, partial(_small, photo, width))
        return respond(request, small)


def _original(photo: CorePhoto, whole: bool) -> tuple[IO[bytes], int, str]:
    """``whole`` is whether all of it will be read, and can be kept where it is small."""
    kept = (photo.photo.name, None) in _made.cache
    if kept or (whole and photo.size_bytes <= SMALL_BYTES):
        return _opened(_made(photo, None))
    file = photo.opened()
    return file, file.size, file.info.content_type


def _small(photo: CorePhoto, width: int) -> tuple[IO[bytes], int, str]:
    return _opened(_made(photo, width))


# By the name of the photo's file, which never changes. Whether there is such a photo is asked all
# the same.
@cached(
    caching.lately_made(8 * 1024**2, lambda image: len(image[0])),
    key=lambda photo, width: (photo.photo.name, width),
    lock=Lock(),
)
def _made(photo: CorePhoto, width: int | None) -> tuple[bytes, str]:
    """The bytes of a small photo, or of a thumbnail, and their media type."""
    file = photo.opened()
    return (file.read(), file.info.content_type) if width is None else thumbnail(file, width)


def _opened(data: tuple[bytes, str]) -> tuple[IO[bytes], int, str]:
    return io.BytesIO(data[0]), len(data[0]), data[1]


def _validated(form: PhotoForm) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _text(value: object) -> str:
    """What was sent, files and halves of characters included, as an answer can show it."""
    return str(value).encode(errors="replace").decode()


def _photo(text: str) -> CorePhoto:
    photo = CorePhoto.objects.filter(pk=_id(text)).first()
    if photo is None:
        raise PhotoNotFound(f"there is no photo {text}")
    return photo


def _id(text: str) -> ObjectId:
    if not ObjectId.is_valid(text):
        raise PhotoNotFound(f"there is no photo {text}")
    return ObjectId(text)
