from django.apps import AppConfig


class WellsConfig(AppConfig):
    name = "wells"

    def ready(self) -> None:
        from web import problems
        from wells.problems import PROBLEMS

        problems.register(PROBLEMS)
