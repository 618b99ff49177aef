from django.urls import path

from datareview.surveys import views

urlpatterns = [
    path("surveys/new/", views.survey_new, name="survey-new"),
    path("surveys/<uuid:uuid>/edit/", views.survey_edit, name="survey-edit"),
    path("surveys/<uuid:uuid>/questions/", views.survey_question_add, name="survey-question-add"),
    path("surveys/questions/<uuid:uuid>/", views.survey_question_edit, name="survey-question-edit"),
    path(
        "surveys/questions/<uuid:uuid>/remove/", views.survey_question_remove, name="survey-question-remove"
    ),
    path("surveys/<uuid:uuid>/open/", views.survey_open, name="survey-open"),
    path("surveys/<uuid:uuid>/close/", views.survey_close, name="survey-close"),
    path("surveys/<uuid:uuid>/again/", views.survey_again, name="survey-again"),
    path("surveys/<uuid:uuid>/remove/", views.survey_remove, name="survey-remove"),
]
