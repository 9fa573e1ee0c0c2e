from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ImagesConfig(AppConfig):
    name = "images"
    verbose_name = "image logs"

    def ready(self) -> None:
        from images.api.problems import PROBLEMS
        from images.store import progress
        from web import problems

        problems.register(PROBLEMS)
        post_migrate.connect(progress.make_index, sender=self)
