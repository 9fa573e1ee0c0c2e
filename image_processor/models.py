"""Access tokens for programs. Only the SHA-256 of a key is stored."""

import secrets
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import models

SHOWN_CHARACTERS = 4


class AccessToken(models.Model):
    """The token of a user. Its key has 160 random bits, so an unsalted SHA-256 is safe."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_token"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    start = models.CharField("begins with", max_length=SHOWN_CHARACTERS, editable=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "token"

    def __str__(self) -> str:
        return f"token of {self.user}"

    def new_key(self) -> None:
        """Set a new random ``key``, and its digest. The key is not stored."""
        self.key = secrets.token_hex(20)
        self.digest, self.start = digest_of(self.key), self.key[:SHOWN_CHARACTERS]

    @classmethod
    def make(cls, user: Any) -> Self:
        """Create the token of ``user`` and return it with its ``key``.

        Raises IntegrityError if the user has a token already.
        """
        token = cls(user=user)
        token.new_key()
        token.save(force_insert=True)
        return token


def digest_of(key: str) -> str:
    """The SHA-256 of ``key`` as 64 hexadecimal digits."""
    return sha256(key.encode()).hexdigest()
