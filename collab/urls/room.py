from django.urls import path

from collab.views import room, withdrawals

urlpatterns = [
    path(
        "meetings/<uuid:uuid>/items/<uuid:item>/contribute/", room.contribution_add, name="contribution-add"
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/agree/",
        room.contribution_agree,
        name="contribution-agree",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/menu/",
        room.contribution_menu,
        name="contribution-menu",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/edit/",
        room.contribution_edit,
        name="contribution-edit",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/remove/",
        room.contribution_remove,
        name="contribution-remove",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/vote/",
        room.contribution_vote,
        name="contribution-vote",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/group/",
        room.contribution_group,
        name="contribution-group",
    ),
    path("meetings/<uuid:uuid>/clusters/<uuid:cluster>/vote/", room.cluster_vote, name="cluster-vote"),
    path(
        "meetings/<uuid:uuid>/items/<uuid:item>/writing/<slug:way>/", room.item_writing, name="item-writing"
    ),
    path("meetings/<uuid:uuid>/exhibits/<uuid:exhibit>/predict/", room.prediction_add, name="prediction-add"),
    path("meetings/<uuid:uuid>/exhibits/<uuid:exhibit>/lift/", room.exhibit_lift, name="exhibit-lift"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/causes/", room.cause_add, name="cause-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/teaching/", room.teaching_add, name="teaching-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/ask/", room.question_ask, name="question-ask"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/park/", room.item_park, name="item-park"),
    path("meetings/<uuid:uuid>/roles/<slug:role>/", room.role_set, name="role-set"),
    path(
        "meetings/<uuid:uuid>/<slug:what>/<uuid:word>/withdraw/",
        withdrawals.word_withdraw,
        name="word-withdraw",
    ),
    path("meetings/<uuid:uuid>/pulse/", room.pulse_add, name="pulse-add"),
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
