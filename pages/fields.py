"""The fields of the forms that change logs and wells."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple

from django.http import HttpResponse

from pages.refusals import refusal_context

UNKNOWN = {"": "not known"}
BOOLEANS = MappingProxyType({"true": True, "false": False})


class Field(NamedTuple):
    """A field of a form. ``hint`` is shown below it. ``choices`` are labels by value."""

    name: str
    label: str
    type: str = "text"
    optional: bool = True
    hint: str = ""
    choices: Mapping[str, str] | None = None


def form_context(
    fields: Iterable[Field],
    known: Any,
    form: Mapping[str, str],
    problem: HttpResponse | None,
) -> dict[str, Any]:
    """Return the context of a template with a form: fields, refusal, and whether it is outdated.

    ``known`` is the model instance whose values the fields show. If the ``form`` was refused with a
    ``problem``, they show what the user typed. If that was because somebody else has changed the
    instance meanwhile (status 412), they show the new values.
    """
    refused = refusal_context(problem) if problem else None
    outdated = problem is not None and problem.status_code == HTTPStatus.PRECONDITION_FAILED
    typed = form if refused and not outdated else {}
    reasons = refused["reasons"] if refused else {}
    shown_fields = [
        {
            **field._asdict(),
            "value": typed.get(field.name, to_text(getattr(known, field.name))),
            "reason": reasons.get(field.name),
        }
        for field in fields
    ]
    return {"fields": shown_fields, "refused": refused, "outdated": outdated}


def changed_values(
    fields: Iterable[Field], known: Any, form: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """Yield the fields of the form that differ from the instance ``known``, as the API takes them.

    An empty optional field is None.
    """
    for field in fields:
        text = form.get(field.name, "").strip(" ")
        if field.name in form and text != to_text(getattr(known, field.name)):
            yield field.name, None if field.optional and not text else BOOLEANS.get(text, text)


def to_text(value: Any) -> str:
    """Return a value as the text of a form field; None is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
