from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "pages"
    verbose_name = "home page"
