"""The Django project: settings, URL map, who may do what, health, WSGI."""

# The version of the service: the only place that it is changed in.
__version__ = "2.0.0"
