from django.urls import path

from collab.followup.views import actions, decision_log, questions, teaching_changes

urlpatterns = [
    path("actions/<uuid:uuid>/", actions.action_detail, name="action-detail"),
    path("actions/<uuid:uuid>/<slug:state>/", actions.action_finish, name="action-finish"),
    path("changes/<uuid:uuid>/", teaching_changes.change_tick, name="change-tick"),
    path("teams/<uuid:uuid>/decisions/", decision_log.decision_log_show, name="ledger-show"),
    path("questions/", questions.question_list, name="question-list"),
    path("questions/<uuid:uuid>/answer/", questions.question_answer, name="question-answer"),
]
