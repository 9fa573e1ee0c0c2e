from django.apps import AppConfig


class DipsConfig(AppConfig):
    name = "dips"

    def ready(self) -> None:
        from dips.api.problems import PROBLEMS
        from web import problems

        problems.register(PROBLEMS)
