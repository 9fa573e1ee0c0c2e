"""The URLs of the API of image logs. Each works with and without the trailing slash."""

from django.urls import re_path

from images.api import views
from images.api.zarr import ZarrView

urlpatterns = [
    re_path(
        r"^get-images/(?P<top>[^/]+)/(?P<base>[^/]+)/?$",
        views.GetImagesView.as_view(),
        name="get-images",
    ),
    re_path(r"^upload-csv/?$", views.UploadCsvView.as_view(), name="upload-csv"),
    re_path(r"^colormaps/?$", views.ColormapListView.as_view(), name="colormap-list"),
    re_path(
        r"^colormaps/(?P<name>[^/]+)\.png$",
        views.ColormapLegendView.as_view(),
        name="colormap-legend",
    ),
    re_path(r"^logs/?$", views.LogListView.as_view(), name="log-list"),
    # The path is empty or follows a slash.
    re_path(
        r"^logs/(?P<log_id>[^/]+)\.zarr/?(?P<path>(?<=/).*|)$", ZarrView.as_view(), name="log-zarr"
    ),
    re_path(r"^logs/(?P<log_id>[^/]+)/?$", views.LogView.as_view(), name="log"),
]
