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
        for named in ("images.ImageLog", "photos.CorePhoto"):
            pre_save.connect(_make_well, sender=named)


def _make_well(instance: Any, **kwargs: Any) -> None:
    """Make the well that an upload names, before the upload itself is saved."""
    from wells.models import Well
    from wells.units import DEPTH_UNITS, length_unit

    if instance._state.adding:
        unit = length_unit(getattr(instance, "depth_unit", None))
        Well.ensure(instance.well, unit if unit in DEPTH_UNITS else None)
