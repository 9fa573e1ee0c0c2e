"""Fields of the forms that change what is known, and what of it was changed."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple

UNKNOWN = {"": "not known"}
BOOLEANS = MappingProxyType({"true": True, "false": False})


class Field(NamedTuple):
    """A field of a form: how it is labelled, and what is said below it.

    ``choices`` are the values that can be chosen, each with its label.
    """

    name: str
    label: str
    type: str = "text"
    optional: bool = True
    hint: str = ""
    choices: Mapping[str, str] | None = None


def filled(
    fields: Iterable[Field],
    known: Any,
    form: Mapping[str, str],
    refused: Mapping[str, Any] | None,
    status: int,
) -> dict[str, Any]:
    """What a template shows of a form: its fields, what was refused, and whether it is outdated.

    The fields hold what is ``known``. Where the form was refused, they hold what was typed, unless
    others have changed what is known meanwhile.
    """
    outdated = status == HTTPStatus.PRECONDITION_FAILED
    typed = form if refused and not outdated else {}
    reasons = refused["reasons"] if refused else {}
    shown_fields = [
        {
            **field._asdict(),
            "value": typed.get(field.name, shown(getattr(known, field.name))),
            "reason": reasons.get(field.name),
        }
        for field in fields
    ]
    return {"fields": shown_fields, "refused": refused, "outdated": outdated}


def changed(
    fields: Iterable[Field], known: Any, form: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """The fields of the form that differ from what is ``known``, as the API takes them."""
    for field in fields:
        text = form.get(field.name, "").strip(" ")
        if field.name in form and text != shown(getattr(known, field.name)):
            yield field.name, None if field.optional and not text else BOOLEANS.get(text, text)


def shown(value: Any) -> str:
    """A value as a form holds it; nothing for None."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
