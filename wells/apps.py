from django.apps import AppConfig


class WellsConfig(AppConfig):
    name = "wells"

    def ready(self) -> None:
        from web import parameters, problems
        from wells.api.problems import PROBLEMS
        from wells.models import resolve

        problems.register(PROBLEMS)
        parameters.well_resolvers.append(resolve)
