"""Add, change and delete picks: each by one write on condition of the version that was read."""

from collections.abc import Collection, Mapping
from typing import Any

from bson import ObjectId

from dips.errors import DipChanged, DipNotFound
from dips.models import Dip, PastDip
from dips.picks import history, holes
from dips.picks.shown import one_shown, revision
from dips.planes import fitting, geometry
from dips.terms import Basis, Source
from storage.documents import collection, now
from storage.errors import translated
from web.errors import InvalidParameter
from wells.hole import Hole

MAX_ATTEMPTS = 20
# The fields of a pick besides its plane that people may set, with their defaults.
DEFAULTS: Mapping[str, Any] = {
    "log": None,
    "type": "other",
    "reference": None,
    "diameter": None,
    "diameter_unit": None,
    "quality": None,
    "comment": "",
}
_NO_PLANE = dict.fromkeys(
    ("height", "azimuth", "plane_dip", "plane_azimuth", "points", "residual", "covariance")
)


def plane(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The stored fields of a plane that was given by ``points``, or by ``depth``, ``height`` and
    ``azimuth``, or by ``depth``, ``true_dip`` and ``true_azimuth``. Raises PointsInsufficient."""
    own: dict[str, Any]
    if fields.get("points") is not None:
        points = [[point["depth"], _wrapped(point["azimuth"])] for point in fields["points"]]
        fit = fitting.fit([depth for depth, _ in points], [azimuth for _, azimuth in points])
        flat = fit.height < geometry.NO_DIRECTION
        own = {
            "basis": Basis.POINTS,
            "points": points,
            "depth": fit.depth,
            "height": fit.height,
            "azimuth": None if flat else fit.azimuth,
            "residual": fit.residual,
            "covariance": None if fit.covariance is None else fit.covariance.tolist(),
        }
    elif fields.get("height") is not None:
        azimuth = _wrapped(fields["azimuth"])
        own = {"basis": Basis.SINUSOID, "height": fields["height"], "azimuth": azimuth}
    else:
        azimuth = _wrapped(fields.get("true_azimuth"))
        own = {"basis": Basis.PLANE, "plane_dip": fields["true_dip"], "plane_azimuth": azimuth}
    return {**_NO_PLANE, "depth": fields.get("depth"), **own}


def _wrapped(azimuth: float | None) -> float | None:
    """In [0, 360): ``survey.wrapped`` for one number, which is ten times as quick."""
    angle = None if azimuth is None else azimuth % 360
    return 0.0 if angle == 360 else angle


def draft(hole: Hole, fields: Mapping[str, Any], author: str, source: Source) -> dict[str, Any]:
    """The document of a new pick, not kept yet. Raises PointsInsufficient."""
    time = now()
    return {
        "_id": ObjectId(),
        "well": hole.name,
        **DEFAULTS,
        **{name: value for name, value in fields.items() if name in DEFAULTS},
        **plane(fields),
        "author": author,
        "editor": author,
        "source": source,
        "batch": None,
        "import_number": 0,
        "created_at": time,
        "changed_at": time,
        "edits": 0,
        "born": hole.generation,
        "edited": hole.generation,
    }


@translated()
def add(hole: Hole, fields: Mapping[str, Any], author: str) -> dict[str, Any]:
    """Keep a pick and return it as the API shows it.

    Raises PointsInsufficient, StorageUnavailable.
    """
    pick = draft(hole, fields, author, Source.HUMAN)
    collection(Dip).insert_one(pick)
    return one_shown(pick, hole)


@translated()
def found(dip_id: ObjectId) -> tuple[dict[str, Any], Hole]:
    """A pick and the hole it is in. Raises DipNotFound, StorageUnavailable."""
    pick = collection(Dip).find_one({"_id": dip_id, **Dip.visible()})
    if pick is None:
        raise DipNotFound(f"there is no pick {dip_id}")
    return pick, holes.hole(pick["well"])


@translated()
def change(
    dip_id: ObjectId, fields: Mapping[str, Any], if_revisions: Collection[int] | None, editor: str
) -> dict[str, Any]:
    """Change fields of a pick and return it as the API shows it.

    Raises DipNotFound, DipChanged where its revision is none of ``if_revisions``,
    PointsInsufficient, InvalidParameter, StorageUnavailable.
    """
    for _ in range(MAX_ATTEMPTS):
        pick, hole = found(dip_id)
        _check_revision(pick, hole, if_revisions)
        new = {name: value for name, value in fields.items() if name in DEFAULTS}
        if fields.keys() - DEFAULTS.keys():
            planes = {name: value for name, value in fields.items() if name not in DEFAULTS}
            new |= plane(_planned(pick, planes))
        new = {name: value for name, value in new.items() if pick.get(name) != value}
        if not new:
            return one_shown(pick, hole)
        PastDip.keep(pick)
        about = {"changed_at": now(), "editor": editor, "edited": hole.generation}
        new |= {**about, "edits": pick["edits"] + 1}
        # ``born`` stays, so that generations between edits stay counted in the revision.
        unchanged = {"_id": dip_id, "edits": pick["edits"]}
        if collection(Dip).update_one(unchanged, {"$set": new}).matched_count:
            return one_shown({**pick, **new}, hole)
    raise DipChanged(None, one_shown(*found(dip_id)))


@translated()
def delete(dip_id: ObjectId, if_revisions: Collection[int] | None, editor: str) -> None:
    """Delete a pick but keep its history. Raises as ``change`` does."""
    for _ in range(MAX_ATTEMPTS):
        pick, hole = found(dip_id)
        _check_revision(pick, hole, if_revisions)
        PastDip.keep(pick)
        gone = {"_id": dip_id, "edits": pick["edits"]}
        if collection(Dip).delete_one(gone).deleted_count:
            end = {"deleted_at": now(), "deleted_by": editor, "generation": hole.generation}
            collection(PastDip).update_one(
                {"dip": dip_id, "edits": pick["edits"]}, {"$set": {"was.end": end}}
            )
            return
    raise DipChanged(None, one_shown(*found(dip_id)))


def _check_revision(pick: Mapping[str, Any], hole: Hole, wanted: Collection[int] | None) -> None:
    if wanted is None or revision(pick, hole.generation) in wanted:
        return
    yours = next((history.version(pick, hole, number) for number in wanted), None)
    raise DipChanged(yours, one_shown(pick, hole))


def _planned(pick: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields for ``plane`` of a pick of which some are changed.

    Raises InvalidParameter if the plane is given in another way than before and a part is missing.
    """
    if "points" in fields:
        return dict(fields)
    of_plane = "true_dip" in fields or "true_azimuth" in fields
    of_wall = "height" in fields or "azimuth" in fields
    if of_plane or (pick["basis"] == Basis.PLANE and not of_wall):
        needed, stored = ("true_dip", "true_azimuth"), ("plane_dip", "plane_azimuth")
    else:
        needed = stored = ("height", "azimuth")
    known = {name: pick[of] for name, of in zip(needed, stored, strict=True)}
    planned = {"depth": pick["depth"], **known, **fields}
    for name in needed:
        if planned[name] is None and planned[needed[0]] != 0:
            raise InvalidParameter(name, "", f"it is needed with {' and '.join(fields)}")
    return {**planned, "azimuth": planned.get("azimuth") or 0.0}
