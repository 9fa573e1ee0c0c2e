"""Tokens in the admin: to make, to list, to revoke."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from image_processor.models import AccessToken


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    """The key is shown once, on the page that answers the form; it is never kept."""

    fields = ("user",)
    list_display = ("user", "start", "created")
    search_fields = ("user__username",)
    ordering = ("user__username",)

    def has_change_permission(self, request: HttpRequest, obj: AccessToken | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """No filter tells anything of a digest."""
        return False

    def save_model(self, request: HttpRequest, obj: AccessToken, form: Any, change: bool) -> None:
        obj.new_key()
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: AccessToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "token": obj, "title": "Token made"}
        return TemplateResponse(request, "image_processor/token_made.html", context)
