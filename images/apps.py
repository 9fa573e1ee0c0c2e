from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "images"
    verbose_name = "image logs"

    def ready(self) -> None:
        from images.api.problems import PROBLEMS
        from web import problems

        problems.register(PROBLEMS)
