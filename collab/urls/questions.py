from django.urls import path

from collab.views import questions

urlpatterns = [
    path("questions/", questions.question_list, name="question-list"),
    path("questions/<uuid:uuid>/answer/", questions.question_answer, name="question-answer"),
]
