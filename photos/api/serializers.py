"""The forms and the JSON of photos."""

from typing import Any, ClassVar

from rest_framework import serializers

from photos.models import MAX_CAPTION_CHARACTERS, CorePhoto
from web import parameters
from web.errors import InvalidParameter
from web.fields import NumberField, TextField
from web.text import MAX_NAME_CHARACTERS


class PhotoForm(serializers.Serializer):
    """The fields of an upload. In a change, those that are not there stay as they are."""

    well = serializers.CharField(max_length=MAX_NAME_CHARACTERS)
    top_depth = NumberField()
    base_depth = NumberField()
    caption = TextField(max_length=MAX_CAPTION_CHARACTERS, allow_blank=True, required=False)
    photo = serializers.FileField()

    def validate_well(self, well: str) -> str:
        try:
            return parameters.well(well)
        except InvalidParameter as error:
            raise serializers.ValidationError(error.reason) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        top = attrs.get("top_depth", getattr(self.instance, "top_depth", None))
        base = attrs.get("base_depth", getattr(self.instance, "base_depth", None))
        if top is not None and base is not None and top > base:
            raise serializers.ValidationError(
                {"top_depth": f"the top, {top}, is deeper than the base, {base}"}
            )
        return attrs


class PhotoSerializer(serializers.ModelSerializer):
    """A photo as the API shows it; the bytes are at ``image_url``."""

    id = serializers.CharField(source="pk")
    image_url = serializers.SerializerMethodField()

    class Meta:
        model = CorePhoto
        fields: ClassVar = [
            *("id", "well", "top_depth", "base_depth", "caption"),
            *("format", "width", "height", "size_bytes", "sha256", "uploaded_at", "image_url"),
        ]

    def get_image_url(self, photo: CorePhoto) -> str:
        return f"/photos/{photo.pk}/image"
