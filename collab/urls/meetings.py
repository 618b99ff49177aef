from django.urls import path

from collab.views import live, meetings

urlpatterns = [
    path("meetings/", meetings.meeting_list, name="meeting-list"),
    path("meetings/plan/", meetings.meeting_plan, name="meeting-plan"),
    path("meetings/<uuid:uuid>/", meetings.meeting_detail, name="meeting-detail"),
    path("meetings/<uuid:uuid>/start/", meetings.meeting_start, name="meeting-start"),
    path("meetings/<uuid:uuid>/close/", meetings.meeting_close, name="meeting-close"),
    path("meetings/<uuid:uuid>/reopen/", meetings.meeting_reopen, name="meeting-reopen"),
    path("meetings/<uuid:uuid>/discard/", meetings.meeting_discard, name="meeting-discard"),
    path("meetings/<uuid:uuid>/cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path("meetings/<uuid:uuid>/give-back/", meetings.meeting_give_back, name="meeting-give-back"),
    path("meetings/<uuid:uuid>/move/", meetings.meeting_move, name="meeting-move"),
    path("meetings/<uuid:uuid>/guests/add/", meetings.guest_add, name="guest-add"),
    path("meetings/<uuid:uuid>/guests/<uuid:staff>/remove/", meetings.guest_remove, name="guest-remove"),
    path("meetings/<uuid:uuid>/stream/", live.meeting_stream, name="meeting-stream"),
]
