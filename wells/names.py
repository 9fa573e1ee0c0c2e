"""A well in a request: its name, or its id."""

from bson import ObjectId

from storage.errors import translated
from wells.errors import WellNotFound
from wells.models import Well


@translated()
def resolve(text: str) -> str:
    """The name of the well that ``text`` names or is the id of; other text is a name as it is.

    Raises StorageUnavailable.
    """
    if len(text) == 24 and ObjectId.is_valid(text):
        well = Well.document(_id=ObjectId(text))
        return text if well is None else str(well["name"])
    return text


def well_with_id(text: str) -> Well:
    """The well with this id. Raises WellNotFound."""
    well = Well.objects.filter(pk=text).first() if ObjectId.is_valid(text) else None
    if well is None:
        raise WellNotFound(f"there is no well {text}")
    return well
