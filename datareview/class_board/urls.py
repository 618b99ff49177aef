from django.urls import path

from datareview.class_board import views

urlpatterns = [
    path("classes/", views.class_list, name="class-list"),
    path("classes/<uuid:uuid>/", views.class_show, name="class-show"),
    path("missing-work/<uuid:uuid>/", views.missing_work_set, name="missing-work-set"),
]
