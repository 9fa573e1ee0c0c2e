"""Logging in with a browser, and the question of a proxy whether a client may write."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import Throttled

from image_processor.access import throttles


class LoginView(views.LoginView):
    """``/login/``, where also the admin site sends people; so many attempts an address."""

    template_name = "image_processor/login.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attempts = throttles.counter("login", throttles.address(request), settings.THROTTLE_LOGIN)
        try:
            attempts.add()
        except Throttled as error:
            page = self.render_to_response(
                self.get_context_data(form=self.form_class(), wait=error.wait),
                status=HTTPStatus.TOO_MANY_REQUESTS,
            )
            page["Retry-After"] = str(error.wait)
            return page
        return super().post(request, *args, **kwargs)


@csrf_exempt
def authorize(request: HttpRequest) -> HttpResponse:
    """Answer 204 to a proxy that asks, with a client's method and credentials, before it reads
    the body; the middleware refuses who may not."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
