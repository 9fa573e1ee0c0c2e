"""Login pages, and the endpoint by which nginx asks whether a client may write."""

from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import Throttled

from image_processor.access import throttles

# So many addresses may use up their attempts at one account. If it were one, anybody could keep the
# owner of an account from logging in.
ADDRESSES = 10


class LoginView(views.LoginView):
    """``/login/`` and ``/admin/login/``. Attempts are limited for each address and each account."""

    template_name = "image_processor/login.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = UsernameField().to_python(request.POST.get("username", ""))
        hashed = sha256(account.encode(errors="replace")).hexdigest()
        rate = settings.THROTTLE_LOGIN
        by_account = rate._replace(limit=rate.limit * ADDRESSES)
        try:
            throttles.counter("login", throttles.address(request), rate).add()
            throttles.counter("account", hashed, by_account).add()
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
    """Answer 204. nginx asks with the method and the credentials of a client before it reads the
    body; AccessMiddleware refuses a client that may not write.
    """
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
