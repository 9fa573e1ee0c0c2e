"""The Django project: settings, URLs, access control, operations, WSGI."""

# The version of the service. It is written nowhere else.
__version__ = "2.0.0"
