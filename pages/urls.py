"""The pages for people, and where their forms are sent."""

from django.urls import path

from pages import editing, uploads, views
from pages.viewer import ViewerView

urlpatterns = [
    path("", views.WellsView.as_view(), name="home"),
    path("well/<str:well_id>/", views.WellView.as_view(), name="well-page"),
    path("log/<str:log_id>/", editing.EditLogView.as_view(), name="edit-log"),
    path("log/<str:log_id>/delete", editing.DeleteLogView.as_view(), name="delete-log"),
    path("new-log", uploads.NewLogView.as_view(), name="new-log"),
    path("new-photo", uploads.NewPhotoView.as_view(), name="new-photo"),
    path("view/<path:well>/", ViewerView.as_view(), name="view"),
]
