"""The page, and where its forms are sent."""

from django.urls import path

from pages import views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("new-log", views.NewLogView.as_view(), name="new-log"),
    path("new-photo", views.NewPhotoView.as_view(), name="new-photo"),
]
