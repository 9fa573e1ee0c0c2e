"""The database backend: django-mongodb-backend with migrations that can be run again."""
