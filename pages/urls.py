"""The page, and where its forms are sent."""

from django.urls import path

from pages import views
from pages.viewer import ViewerView

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("new-log", views.NewLogView.as_view(), name="new-log"),
    path("new-photo", views.NewPhotoView.as_view(), name="new-photo"),
    path("view/<path:well>/", ViewerView.as_view(), name="view"),
]
