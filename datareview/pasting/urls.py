from django.urls import path

from datareview.pasting import views

urlpatterns = [
    path("assessments/<uuid:uuid>/enter/paste/", views.answer_paste, name="answer-paste"),
]
