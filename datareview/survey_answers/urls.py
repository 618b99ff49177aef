from django.urls import path

from datareview.survey_answers.views import answering, surveys, talks

urlpatterns = [
    path("surveys/", surveys.survey_list, name="survey-list"),
    path("surveys/<uuid:uuid>/", surveys.survey_detail, name="survey-detail"),
    path("surveys/<uuid:uuid>/consents/", talks.survey_consents, name="survey-consents"),
    path("surveys/<uuid:uuid>/students/", answering.survey_students, name="survey-students"),
    path("surveys/<uuid:uuid>/slips/", answering.survey_slips, name="survey-slips"),
    path("surveys/<uuid:uuid>/students/<uuid:student>/", answering.survey_fill, name="survey-fill"),
    path("surveys/answers/<uuid:uuid>/", talks.survey_answer_read, name="survey-answer-read"),
    path("surveys/talks/<uuid:uuid>/done/", talks.survey_talk_done, name="survey-talk-done"),
    path("surveys/talks/<uuid:uuid>/again/", talks.survey_talk_again, name="survey-talk-again"),
    path("answer/", answering.survey_code, name="survey-code"),
    path("answer/<str:code>/", answering.survey_answer, name="survey-answer"),
    path("answer/<str:code>/no/", answering.survey_decline, name="survey-decline"),
]
