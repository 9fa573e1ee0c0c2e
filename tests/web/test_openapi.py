"""One declaration of a parameter or a problem reads, answers and documents."""

from dataclasses import replace

from django.test import RequestFactory
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from web import parameters
from web.openapi.operations import (
    EXAMPLE_TAG,
    answer,
    body,
    by_id,
    deleted,
    fails,
    file_in_parts,
    form,
    if_match,
    made_or_found,
    operation,
    page,
    tagged,
)
from web.parameters import Parameter
from web.problems import BY_NAME

GRAIN = Parameter.whole("grain", "The size of a grain in micrometres.", "?grain=63", 1, 2000)


class GrainSerializer(serializers.Serializer):
    """A grain."""

    id = serializers.CharField()
    size = serializers.IntegerField()


class GrainView(APIView):
    """A view that says no more of a parameter than its declaration."""

    authentication_classes = ()

    @operation("grains", "Find grains. All.", GRAIN, page(GrainSerializer, {"id": "a"}))
    def get(self, request):
        return Response(parameters.read(request.query_params, (GRAIN,)))


def schema_of(view, address="grains/"):
    """The operations of a view, by method."""
    patterns = [path(address, view.as_view())]
    return SchemaGenerator(patterns=patterns).get_schema(public=True)["paths"][f"/{address}"]


def described(*parts, **options):
    """The description of an operation that is made of these parts."""

    class View(APIView):
        @operation("one", "One. More.", *parts, **options)
        def post(self, request, **kept):
            return Response()

    return schema_of(View, "grains/{grain_id}/")["post"]


def problems_of(operation):
    return {
        name
        for found in operation["responses"].values()
        for name in BY_NAME
        if f"`urn:problem-type:{name}`" in found.get("description", "")
    }


def headers_of(operation, status):
    return {*operation["responses"][status].get("headers", {})}


def parameter(operation, name):
    [found] = [each for each in operation["parameters"] if each["name"] == name]
    return found


def asked(query):
    request = RequestFactory().get(f"/grains/{query}")
    return GrainView.as_view()(request)


def test_a_declared_parameter_is_read_and_checked():
    assert asked("?grain=63").data == {"grain": 63}


def test_a_declared_parameter_refuses_with_a_problem_that_names_it():
    answer = asked("?grain=0")
    assert answer.status_code == 400
    assert b'"parameter":"grain","value":"0"' in answer.content
    assert b"a whole number from 1 to 2000 is needed" in answer.content


def test_a_declared_parameter_is_documented():
    operation = schema_of(GrainView)["get"]
    found = parameter(operation, "grain")
    assert found["in"] == "query"
    assert found["schema"] == {"type": "integer", "minimum": 1, "maximum": 2000}
    assert found["description"].startswith("The size of a grain in micrometres.")
    assert found["x-example-query"] == "?grain=63"
    assert "invalid-parameter" in problems_of(operation)


def test_a_needed_parameter_is_documented_as_needed():
    needed = replace(GRAIN, needed=True)
    assert parameter(described(needed, deleted()), "grain")["required"]


def test_the_first_sentence_is_the_summary():
    found = described(deleted())
    assert (found["summary"], found["description"]) == ("One", "More.")


def test_every_operation_tells_of_access_and_of_a_storage_that_is_away():
    found = described(deleted())
    assert {"unauthorized", "forbidden", "too-many-requests"} <= problems_of(found)
    assert {"bad-request", "overloaded", "storage-unavailable"} <= problems_of(found)
    assert "unsupported-media-type" not in problems_of(found)
    assert headers_of(found, "503") == {"Cache-Control", "Retry-After"}
    assert headers_of(found, "401") == {"Cache-Control", "WWW-Authenticate"}
    assert problems_of(described(deleted(), always=())) == set()


def test_a_problem_is_documented_from_its_row():
    found = described(fails("busy", precondition_failed=("/grains/a/", "it is b now")))
    content = found["responses"]["412"]["content"]["application/problem+json"]
    [example] = content["examples"].values()
    assert example["summary"] == "GET /grains/a/"
    assert example["value"] == {
        "type": "urn:problem-type:precondition-failed",
        "title": "Precondition failed",
        "status": 412,
        "detail": "it is b now",
    }
    assert BY_NAME["busy"].meaning in found["responses"]["503"]["description"]


def test_the_example_of_a_problem_stays_whatever_parts_come_after_it():
    wrong = fails(invalid_parameter=("/grains/?grain=0", "too small"))
    content = described(wrong, GRAIN)["responses"]["400"]["content"]["application/problem+json"]
    details = {example["value"]["detail"] for example in content["examples"].values()}
    assert "too small" in details


def test_a_body_brings_the_problems_of_bodies():
    found = described(body("application/json", GrainSerializer, {"size": 1}), deleted())
    bodies = {"form-too-large", "incomplete-body", "body-too-slow", "unsupported-media-type"}
    assert bodies <= problems_of(found)
    [example] = found["requestBody"]["content"]["application/json"]["examples"].values()
    assert example["value"] == {"size": 1}


def test_where_bytes_are_taken_no_415_is_documented():
    found = described(body("application/octet-stream", {"type": "string"}, "a"), deleted())
    assert "unsupported-media-type" not in problems_of(found)


def test_a_form_has_its_fields_and_the_media_types_of_its_files():
    fields = {"photo": {"type": "string", "format": "binary"}, "well": {"type": "string"}}
    found = described(form(fields, {"well": "A"}, "photo", photo="image/png"), deleted())
    content = found["requestBody"]["content"]["multipart/form-data"]
    assert content["schema"]["required"] == ["photo"]
    assert content["encoding"] == {"photo": {"contentType": "image/png"}}


def test_a_page_is_a_list_of_items():
    found = schema_of(GrainView)["get"]["responses"]["200"]
    assert found["content"]["application/json"]["schema"]["type"] == "array"


def test_what_is_made_or_found_tells_which():
    found = described(made_or_found(GrainSerializer, "grain", {"id": "a"}))["responses"]
    for status, created in (("201", True), ("200", False)):
        [example] = found[status]["content"]["application/json"]["examples"].values()
        assert example["value"] == {"id": "a", "created": created}


def test_an_item_is_found_by_its_id_or_missing():
    found = described(by_id("photo-not-found", "photo", "5f", "/grains/{}/"), deleted())
    assert parameter(found, "photo_id")["in"] == "path"
    assert "photo-not-found" in problems_of(found)


def test_an_item_with_an_etag_is_changed_on_condition():
    found = described(
        answer(GrainSerializer, "The grain."), tagged("Strong."), if_match("precondition-failed")
    )
    assert headers_of(found, "200") == {"ETag"}
    assert parameter(found, "If-Match")["x-example-header"] == "*"
    assert "precondition-failed" in problems_of(found)


def test_a_file_in_parts_tells_of_range_if_range_and_304():
    found = described(file_in_parts({"image/png": "/grains/a.png"}, "Strong.", "`no-cache`."))
    assert {"Range", "If-Range", "If-None-Match"} <= {p["name"] for p in found["parameters"]}
    assert parameter(found, "If-Range")["x-example-header"] == EXAMPLE_TAG
    assert headers_of(found, "200") == {"ETag", "Cache-Control", "Accept-Ranges"}
    assert headers_of(found, "206") == headers_of(found, "200") | {"Content-Range"}
    assert headers_of(found, "304") == {"ETag", "Cache-Control"}
    assert headers_of(found, "416") >= {"Content-Range"}
    assert {"file-corrupt", "range-not-satisfiable"} <= problems_of(found)
    assert found["responses"]["206"]["content"].keys() == {"image/png"}
