from django.urls import path

from teams.views import schools

urlpatterns = [
    path("schools/switch/", schools.school_switch, name="school-switch"),
]
