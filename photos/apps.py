from django.apps import AppConfig
from PIL import Image


class PhotosConfig(AppConfig):
    name = "photos"
    verbose_name = "core photos"

    def ready(self) -> None:
        from photos.problems import PROBLEMS
        from web import problems

        problems.register(PROBLEMS)
        # Pillow's own limit would warn below ours, which says its number and is checked first.
        Image.MAX_IMAGE_PIXELS = None
