"""The Django project: settings, URL map, health, errors to responses, WSGI."""
