from django.urls import path

from collab.publishing import views

urlpatterns = [
    path("meetings/<uuid:uuid>/publish/", views.agenda_publish, name="agenda-publish"),
]
