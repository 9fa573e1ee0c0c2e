"""App configurations: Django's own apps with ObjectId primary keys, and the project itself."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig
from django.db import connection
from django.db.models.signals import post_migrate

OBJECT_ID = "django_mongodb_backend.fields.ObjectIdAutoField"


class MongoAdminConfig(AdminConfig):
    default_auto_field = OBJECT_ID
    default_site = "image_processor.access.middleware.AccessAdminSite"


class MongoAuthConfig(AuthConfig):
    default_auto_field = OBJECT_ID


class MongoContentTypesConfig(ContentTypesConfig):
    default_auto_field = OBJECT_ID


class ProjectConfig(AppConfig):
    """The project as an app: access tokens and the management commands for the whole service."""

    name = "image_processor"
    verbose_name = "access"

    def ready(self) -> None:
        """Create the groups and indexes of access control after every ``migrate``."""
        from image_processor.access import roles, throttles

        post_migrate.connect(roles.make_groups, sender=self)
        post_migrate.connect(throttles.make_index, sender=self)
        post_migrate.connect(expire_sessions, sender=self)


def expire_sessions(**kwargs: Any) -> None:
    """Make Django's index on ``expire_date`` a TTL index: MongoDB then deletes expired sessions."""
    from django.contrib.sessions.models import Session

    index = {"keyPattern": {"expire_date": 1}, "expireAfterSeconds": 0}
    connection.database.command("collMod", Session._meta.db_table, index=index)
