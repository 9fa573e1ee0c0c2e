"""The URLs of the pages and of their forms."""

from django.urls import path

from pages import editing, uploads, views, well_editing
from pages.viewer import ViewerView

urlpatterns = [
    path("", views.WellsView.as_view(), name="home"),
    path("well/<str:well_id>/", views.WellView.as_view(), name="well-page"),
    path("well/<str:pk>/edit", well_editing.EditWellView.as_view(), name="edit-well"),
    path("well/<str:pk>/survey", well_editing.NewSurveyView.as_view(), name="new-survey"),
    path(
        "well/<str:pk>/survey/delete",
        well_editing.DeleteSurveyView.as_view(),
        name="delete-survey",
    ),
    path("log/<str:pk>/", editing.EditLogView.as_view(), name="edit-log"),
    path("log/<str:pk>/delete", editing.DeleteLogView.as_view(), name="delete-log"),
    path("new-log", uploads.NewLogView.as_view(), name="new-log"),
    path("new-log/<str:upload_id>", uploads.progress, name="new-log-progress"),
    path("new-photo", uploads.NewPhotoView.as_view(), name="new-photo"),
    path("view/<path:well>/", ViewerView.as_view(), name="view"),
]
