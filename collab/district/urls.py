from django.urls import path

from collab.district import views

urlpatterns = [
    path("district/", views.district_show, name="district-show"),
    path("district/make/", views.district_found, name="district-found"),
    path("district/copy/", views.district_copy, name="district-copy"),
    path("district/<uuid:uuid>/schools/", views.district_school_add, name="district-school-add"),
    path("district/schools/<uuid:uuid>/invite/", views.district_school_invite, name="district-school-invite"),
    path(
        "district/<uuid:uuid>/administrators/",
        views.district_administrator_add,
        name="district-administrator-add",
    ),
    path(
        "district/<uuid:uuid>/administrators/<uuid:person>/remove/",
        views.district_administrator_remove,
        name="district-administrator-remove",
    ),
]
