"""The admin of access tokens: create, list and revoke them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from image_processor.models import AccessToken


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    """The key is shown once, on the page after the form, and is not stored."""

    fields = ("user",)
    list_display = ("user", "start", "created")
    search_fields = ("user__username",)
    ordering = ("user__username",)

    def has_change_permission(self, request: HttpRequest, obj: AccessToken | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Refuse filters by URL: they would reveal parts of the stored digests."""
        return False

    def save_model(self, request: HttpRequest, obj: AccessToken, form: Any, change: bool) -> None:
        obj.new_key()
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: AccessToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "token": obj, "title": "Token made"}
        return TemplateResponse(request, "image_processor/token_made.html", context)
