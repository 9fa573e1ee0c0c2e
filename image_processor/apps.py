"""Django's own apps, with keys that MongoDB makes and migrations to match; and the project."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig
from django.db.models.signals import post_migrate

OBJECT_ID = "django_mongodb_backend.fields.ObjectIdAutoField"


class MongoAdminConfig(AdminConfig):
    default_auto_field = OBJECT_ID
    default_site = "image_processor.access.middleware.Site"


class MongoAuthConfig(AuthConfig):
    default_auto_field = OBJECT_ID


class MongoContentTypesConfig(ContentTypesConfig):
    default_auto_field = OBJECT_ID


class ProjectConfig(AppConfig):
    """The project itself: who may do what, and the commands that look after all of it."""

    name = "image_processor"
    verbose_name = "access"

    def ready(self) -> None:
        """After each migrate, of the last app, the database has what access needs."""
        from image_processor.access import roles, sessions, throttles

        post_migrate.connect(roles.make_groups, sender=self)
        post_migrate.connect(throttles.make_index, sender=self)
        post_migrate.connect(sessions.expire, sender=self)
