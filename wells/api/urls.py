"""The URLs of wells; each works with and without the last slash."""

from django.urls import re_path

from wells.api import views

urlpatterns = [
    re_path(r"^wells/?$", views.WellListView.as_view(), name="wells"),
    re_path(r"^wells/(?P<well_id>[^/]+)/?$", views.WellView.as_view(), name="well"),
    re_path(r"^wells/(?P<well_id>[^/]+)/survey/?$", views.SurveyView.as_view(), name="survey"),
]
