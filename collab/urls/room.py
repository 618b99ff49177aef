from django.urls import path

from collab.views import room

urlpatterns = [
    path(
        "meetings/<uuid:uuid>/items/<uuid:item>/contribute/", room.contribution_add, name="contribution-add"
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/agree/",
        room.contribution_agree,
        name="contribution-agree",
    ),
    path("meetings/<uuid:uuid>/items/<uuid:item>/decide/", room.decision_add, name="decision-add"),
    path(
        "meetings/<uuid:uuid>/decisions/<uuid:decision>/fingers/<int:fingers>/",
        room.decision_vote,
        name="decision-vote",
    ),
    path("meetings/<uuid:uuid>/items/<uuid:item>/promise/", room.action_add, name="action-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/go/", room.item_go, name="item-go"),
    path("meetings/<uuid:uuid>/more-time/", room.clock_add, name="clock-add"),
    path(
        "meetings/<uuid:uuid>/people/<uuid:staff>/<slug:mark>/", room.attendance_mark, name="attendance-mark"
    ),
]
