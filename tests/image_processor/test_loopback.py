"""An open service is for one machine."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from image_processor.loopback import check_access


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_an_open_service_may_listen_on_loopback(host):
    check_access("open", host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "logs.example", ""])  # noqa: S104
def test_an_open_service_may_listen_nowhere_else(host):
    with pytest.raises(ImproperlyConfigured, match=r"ACCESS=open .*HOST="):
        check_access("open", host)
    check_access("read-open", host)
