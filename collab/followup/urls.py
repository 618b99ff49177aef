from django.urls import path

from collab.followup.views import questions, teaching_changes

urlpatterns = [
    path("changes/<uuid:uuid>/", teaching_changes.change_tick, name="change-tick"),
    path("questions/", questions.question_list, name="question-list"),
    path("questions/<uuid:uuid>/answer/", questions.question_answer, name="question-answer"),
]
