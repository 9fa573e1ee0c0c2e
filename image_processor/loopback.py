"""Refuse to serve other machines without access control."""

from ipaddress import ip_address

from django.core.exceptions import ImproperlyConfigured


def check_access(access: str, host: str) -> None:
    """Raise ImproperlyConfigured if ``ACCESS=open`` and ``host`` is not a loopback address."""
    if access == "open" and not _is_loopback(host):
        raise ImproperlyConfigured(
            f"ACCESS=open lets anybody do anything, and HOST={host} lets other machines in: set"
            " ACCESS to closed or read-open (manage.py token makes tokens), or HOST to 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
