from django.urls import path

from collab.room.views import actions, decisions, lifecycle, results, stream, subjects, withdrawals

urlpatterns = [
    path("meetings/<uuid:uuid>/start/", lifecycle.meeting_start, name="meeting-start"),
    path("meetings/<uuid:uuid>/close/", lifecycle.meeting_close, name="meeting-close"),
    path("meetings/<uuid:uuid>/reopen/", lifecycle.meeting_reopen, name="meeting-reopen"),
    path("meetings/<uuid:uuid>/discard/", lifecycle.meeting_discard, name="meeting-discard"),
    path("meetings/<uuid:uuid>/stream/", stream.meeting_stream, name="meeting-stream"),
    path(
        "meetings/<uuid:uuid>/items/<uuid:item>/contribute/",
        actions.contribution_add,
        name="contribution-add",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/agree/",
        actions.contribution_agree,
        name="contribution-agree",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/menu/",
        actions.contribution_menu,
        name="contribution-menu",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/edit/",
        actions.contribution_edit,
        name="contribution-edit",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/remove/",
        actions.contribution_remove,
        name="contribution-remove",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/vote/",
        actions.contribution_vote,
        name="contribution-vote",
    ),
    path(
        "meetings/<uuid:uuid>/contributions/<uuid:contribution>/group/",
        actions.contribution_group,
        name="contribution-group",
    ),
    path("meetings/<uuid:uuid>/clusters/<uuid:cluster>/vote/", actions.cluster_vote, name="cluster-vote"),
    path(
        "meetings/<uuid:uuid>/items/<uuid:item>/writing/<slug:way>/",
        actions.item_writing,
        name="item-writing",
    ),
    path(
        "meetings/<uuid:uuid>/exhibits/<uuid:exhibit>/predict/", actions.prediction_add, name="prediction-add"
    ),
    path("meetings/<uuid:uuid>/exhibits/<uuid:exhibit>/lift/", actions.exhibit_lift, name="exhibit-lift"),
    path(
        "meetings/<uuid:uuid>/items/<uuid:item>/results/predict/",
        results.results_predict,
        name="results-predict",
    ),
    path(
        "meetings/<uuid:uuid>/items/<uuid:item>/results/reveal/",
        results.results_reveal,
        name="results-reveal",
    ),
    path("meetings/<uuid:uuid>/items/<uuid:item>/causes/", actions.cause_add, name="cause-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/teaching/", actions.teaching_add, name="teaching-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/ask/", actions.question_ask, name="question-ask"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/park/", actions.item_park, name="item-park"),
    path("meetings/<uuid:uuid>/roles/<slug:role>/", actions.role_set, name="role-set"),
    path(
        "meetings/<uuid:uuid>/<slug:what>/<uuid:word>/withdraw/",
        withdrawals.note_withdraw,
        name="word-withdraw",
    ),
    path("meetings/<uuid:uuid>/pulse/", actions.pulse_add, name="pulse-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/decide/", decisions.decision_add, name="decision-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/keep/", decisions.decision_keep, name="decision-keep"),
    path(
        "meetings/<uuid:uuid>/decisions/<uuid:decision>/fingers/<int:fingers>/",
        decisions.decision_vote,
        name="decision-vote",
    ),
    path(
        "meetings/<uuid:uuid>/decisions/<uuid:decision>/check/",
        decisions.decision_check,
        name="decision-check",
    ),
    path("meetings/<uuid:uuid>/actions/<uuid:action>/move/", subjects.action_move, name="action-move"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/review/", subjects.review_decide, name="review-decide"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/promise/", actions.action_add, name="action-add"),
    path("meetings/<uuid:uuid>/items/<uuid:item>/go/", actions.item_go, name="item-go"),
    path("meetings/<uuid:uuid>/more-time/", actions.clock_add, name="clock-add"),
    path(
        "meetings/<uuid:uuid>/people/<uuid:staff>/<slug:mark>/",
        actions.attendance_mark,
        name="attendance-mark",
    ),
]
