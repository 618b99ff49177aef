from django.urls import path

from teams.substitutes import views

urlpatterns = [
    path("people/<uuid:uuid>/substitute/", views.substitute_name, name="substitute-name"),
    path("people/substitutions/<uuid:uuid>/end/", views.substitution_end, name="substitution-end"),
]
