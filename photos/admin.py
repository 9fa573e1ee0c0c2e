"""Photos in the admin. They are examined like all uploads."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.html import format_html

from photos import editing
from photos.models import CorePhoto
from web.errors import RequestError


class PhotoAdminForm(forms.ModelForm):
    """The fields that people fill in; the file's facts come from the file."""

    class Meta:
        model = CorePhoto
        fields: ClassVar = ["well", "top_depth", "base_depth", "caption", "photo"]
        # Django's own widget would link to the name of the file, which is no address here.
        widgets: ClassVar = {"photo": forms.FileInput}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean()
        top, base, photo = (values.get(name) for name in ("top_depth", "base_depth", "photo"))
        if top is not None and base is not None and top > base:
            raise ValidationError({"top_depth": f"the top is deeper than the base, {base}"})
        if isinstance(photo, UploadedFile):
            try:
                editing.take_facts(self.instance, photo)
            except RequestError as error:
                raise ValidationError({"photo": str(error)}) from error
        return values


@admin.register(CorePhoto)
class CorePhotoAdmin(admin.ModelAdmin):
    form = PhotoAdminForm
    list_display = ("well", "top_depth", "base_depth", "caption", "format", "size_bytes", "image")
    list_filter = ("well", "format")
    search_fields = ("well", "caption", "sha256")
    readonly_fields = ("image", "format", "width", "height", "size_bytes", "sha256", "uploaded_at")

    def save_model(self, request: HttpRequest, obj: CorePhoto, form: Any, change: bool) -> None:
        """Store the photo as the API does, with its well."""
        fields = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "photo"}
        file = form.cleaned_data["photo"]
        if not change:
            obj.pk = editing.add(file, **fields)[0].pk
        elif isinstance(file, UploadedFile):
            editing.replace(obj, file, **fields)
        else:
            editing.change(obj, **fields)

    @admin.display(description="image")
    def image(self, photo: CorePhoto) -> str:
        if photo.pk is None:
            return ""
        return format_html('<img src="/photos/{}/image?width=240" alt="{}">', photo.pk, photo)
