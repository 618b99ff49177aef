from django.urls import path

from datareview.answers import views

urlpatterns = [
    path("assessments/<uuid:uuid>/enter/", views.answer_enter, name="answer-enter"),
    path("assessments/<uuid:uuid>/enter/save/", views.answer_save, name="answer-save"),
    path("assessments/<uuid:uuid>/enter/state/", views.answer_state, name="answer-state"),
    path("assessments/<uuid:uuid>/enter/sheet/", views.answer_sheet, name="answer-sheet"),
]
