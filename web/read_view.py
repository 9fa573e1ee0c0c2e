"""Views that read, past what DRF does for forms, users and versions of the API."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from rest_framework.views import APIView

METHODS = ("get", "head")
# Queries of less than ten kilobytes, which are asked for again and again.
_query = lru_cache(256)(QueryDict)


class ReadView(APIView):
    """A view whose ``get`` is given Django's own request; what it raises is answered as by DRF.

    To make DRF's request and to ask its parsers, users and versions takes longer than to find a
    picture that is kept.
    """

    http_method_names = METHODS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        read = request.method in {"GET", "HEAD"}
        handler = self.get if read else self.http_method_not_allowed
        try:
            request.GET = _query(request.META.get("QUERY_STRING", ""))
            response: HttpResponseBase = handler(request, *args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
            for name, value in self.default_response_headers.items():
                response[name] = value
        return response
