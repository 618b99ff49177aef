from django.urls import path

from collab.planning.views import holiday_clashes, meetings, series

urlpatterns = [
    path("meetings/", meetings.meeting_list, name="meeting-list"),
    path("meetings/plan/", meetings.meeting_plan, name="meeting-plan"),
    path("meetings/<uuid:uuid>/cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path("meetings/<uuid:uuid>/give-back/", meetings.meeting_give_back, name="meeting-give-back"),
    path("meetings/<uuid:uuid>/rename/", meetings.meeting_rename, name="meeting-rename"),
    path("meetings/<uuid:uuid>/move/", meetings.meeting_move, name="meeting-move"),
    path("series/new/", series.series_new, name="series-new"),
    path("series/<uuid:uuid>/", series.series_detail, name="series-detail"),
    path("series/<uuid:uuid>/extend/", series.series_extend, name="series-extend"),
    path("strays/cancel/", holiday_clashes.holiday_clashes_cancel, name="strays-cancel"),
]
