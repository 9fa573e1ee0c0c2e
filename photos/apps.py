from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "photos"
    verbose_name = "core photos"

    def ready(self) -> None:
        from photos.api.problems import PROBLEMS
        from web import problems

        problems.register(PROBLEMS)
