"""The URLs of picks; each works with and without the last slash."""

from django.urls import re_path

from dips.api import diagrams, views

FORMAT = r"\.(?P<format_>svg|png)/?$"

urlpatterns = [
    re_path(r"^dips/?$", views.DipListView.as_view(), name="dips"),
    re_path(r"^dips/fit/?$", views.FitView.as_view(), name="fit"),
    re_path(r"^dips/import/?$", views.ImportView.as_view(), name="dips-import"),
    re_path(r"^dips/statistics/?$", views.StatisticsView.as_view(), name="dips-statistics"),
    re_path(rf"^dips/rose{FORMAT}", diagrams.RoseView.as_view(), name="rose"),
    re_path(rf"^dips/stereonet{FORMAT}", diagrams.StereonetView.as_view(), name="stereonet"),
    re_path(rf"^dips/tadpoles{FORMAT}", diagrams.TadpolesView.as_view(), name="tadpoles"),
    re_path(r"^dips/(?P<dip_id>[^/]+)/?$", views.DipView.as_view(), name="dip"),
    re_path(r"^dips/(?P<dip_id>[^/]+)/history/?$", views.HistoryView.as_view(), name="dip-history"),
]
