"""Fields of the forms that change what is known, and what of it was changed."""

from collections.abc import Iterable, Iterator, Mapping
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
    fields: Iterable[Field], known: Any, typed: Mapping[str, str], reasons: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The fields for a template, with what was typed, or else with what is ``known``."""
    return [
        {
            **field._asdict(),
            "value": typed.get(field.name, shown(getattr(known, field.name))),
            "reason": reasons.get(field.name),
        }
        for field in fields
    ]


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
