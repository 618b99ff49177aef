from django.urls import path

from datareview.standards import views

urlpatterns = [
    path("standards/", views.standard_list, name="standard-list"),
    path("standards/add/", views.standard_add, name="standard-add"),
    path("standards/<uuid:uuid>/edit/", views.standard_edit, name="standard-edit"),
    path("standards/<uuid:uuid>/retire/", views.standard_retire, name="standard-retire"),
    path("teams/<uuid:uuid>/standards/", views.essential_list, name="essential-list"),
    path("teams/<uuid:uuid>/standards/add/", views.essential_add, name="essential-add"),
    path("essential-standards/<uuid:uuid>/edit/", views.essential_edit, name="essential-edit"),
    path("essential-standards/<uuid:uuid>/remove/", views.essential_remove, name="essential-remove"),
]
