from django.urls import path

from datareview.regrouping import views

urlpatterns = [
    path("assessments/<uuid:uuid>/groups/", views.regrouping_form, name="regrouping-form"),
    path("groups/<uuid:uuid>/", views.regrouping_detail, name="regrouping-detail"),
    path("groups/<uuid:uuid>/add/", views.regrouping_extend, name="regrouping-extend"),
    path("groups/<uuid:uuid>/lists/", views.regrouping_lists, name="regrouping-lists"),
    path("groups/<uuid:uuid>/remove/", views.regrouping_remove, name="regrouping-remove"),
    path("groups/<uuid:uuid>/<int:pk>/note/", views.group_note, name="group-note"),
    path("groups/<uuid:uuid>/<int:pk>/remove/", views.group_remove, name="group-remove"),
]
