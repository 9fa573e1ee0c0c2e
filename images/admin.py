"""Image logs in Django's admin: read-only, except that logs can be deleted with their files."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from images.models import ImageLog
from images.store import journal


@admin.register(ImageLog)
class ImageLogAdmin(admin.ModelAdmin):
    list_display = ("well", "filename", "top", "base", "rows", "state", "created_at")
    list_filter = ("well", "state")
    search_fields = ("well", "filename", "sha256")
    fields = (
        *("id", "well", "filename", "sha256", "state", "created_at"),
        *("rows", "rows_skipped", "duplicate_depths", "top", "base", "sampling_interval"),
        *("width", "source_width", "file_ids"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImageLog | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ImageLog) -> None:
        journal.retire(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for log in queryset:
            journal.retire(log)
