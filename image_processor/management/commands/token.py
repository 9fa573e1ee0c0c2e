"""``manage.py token``: create, list and revoke the tokens of users."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from image_processor.access.roles import GROUPS
from image_processor.models import AccessToken


class Command(BaseCommand):
    help = "Create, list and revoke the tokens with which programs use the service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="create a token and print it, only once")
        create.add_argument("user", help="the name of the user")
        create.add_argument(
            "--group", choices=GROUPS, help="add the user to this group; create the user if needed"
        )
        verbs.add_parser("list", help="list the users with a token, and how each token begins")
        verbs.add_parser("revoke", help="revoke the token of a user").add_argument(
            "user", help="the name of the user"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        match options["verb"]:
            case "create":
                self._create(options["user"], options["group"])
            case "list":
                self._list()
            case "revoke":
                self._revoke(options["user"])

    def _create(self, name: str, group: str | None) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            if group is None:
                raise CommandError(f"there is no user {name}; --group makes one in that group")
            user = _new_user(name)
        if group is not None:
            user.groups.add(Group.objects.get(name=group))
        try:
            token = AccessToken.make(user)
        except IntegrityError:
            raise CommandError(f"{name} has a token already; revoke it to make another") from None
        self.stdout.write(token.key)

    def _list(self) -> None:
        for token in AccessToken.objects.select_related("user").order_by("user__username"):
            groups = ",".join(token.user.groups.values_list("name", flat=True)) or "no group"
            self.stdout.write(f"{token.user}\t{groups}\t{token.start}…\t{token.created:%Y-%m-%d}")

    def _revoke(self, name: str) -> None:
        token = AccessToken.objects.filter(user__username=name).first()
        if token is None:
            raise CommandError(f"there is no token of a user {name}")
        token.delete()
        self.stdout.write(f"the token of {name} is void")


def _new_user(name: str) -> User:
    """Create a user without a password. Raises CommandError if ``name`` is not allowed."""
    user = User(username=name)
    user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        raise CommandError("; ".join(error.messages)) from error
    user.save()
    return user
