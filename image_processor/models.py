"""Tokens as the admin site shows them."""

from rest_framework.authtoken.models import TokenProxy


class AccessToken(TokenProxy):
    """A token that is called by its user: lists and the history of the admin hold no keys."""

    class Meta:
        proxy = True
        verbose_name = "token"

    def __str__(self) -> str:
        return f"token of {self.user}"
