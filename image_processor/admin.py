"""Tokens in the admin: to make, to list, to revoke."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from rest_framework.authtoken.admin import TokenAdmin
from rest_framework.authtoken.models import TokenProxy

from image_processor.models import AccessToken

SHOWN_CHARACTERS = 4

admin.site.unregister(TokenProxy)


@admin.register(AccessToken)
class AccessTokenAdmin(TokenAdmin):
    """The key is shown once, when it has been made."""

    list_display = ("user", "start", "created")

    def has_change_permission(self, request: HttpRequest, obj: AccessToken | None = None) -> bool:
        return False

    @admin.display(description="begins with")
    def start(self, token: AccessToken) -> str:
        return token.key[:SHOWN_CHARACTERS] + "…"

    def save_model(self, request: HttpRequest, obj: AccessToken, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        messages.warning(request, f"The token, shown only now: {obj.key}")
