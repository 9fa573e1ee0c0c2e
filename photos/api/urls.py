"""The URLs of the photos; each works with and without the last slash."""

from django.urls import re_path

from photos.api import views

urlpatterns = [
    re_path(r"^photos/?$", views.PhotoListView.as_view(), name="photos"),
    re_path(r"^photos/(?P<photo_id>[^/]+)/?$", views.PhotoView.as_view(), name="photo"),
    re_path(
        r"^photos/(?P<photo_id>[^/]+)/image/?$",
        views.PhotoImageView.as_view(),
        name="photo-image",
    ),
]
