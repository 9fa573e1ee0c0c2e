from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_save


class WellsConfig(AppConfig):
    name = "wells"

    def ready(self) -> None:
        from web import parameters, problems
        from wells.api.problems import PROBLEMS
        from wells.models import resolve

        problems.register(PROBLEMS)
        parameters.well_resolvers.append(resolve)
        pre_save.connect(_make_well, sender="photos.CorePhoto")


def _make_well(instance: Any, **kwargs: Any) -> None:
    """Make the well that a photo names, before the photo itself is saved."""
    from wells.models import Well

    if instance._state.adding:
        Well.ensure(instance.well)
