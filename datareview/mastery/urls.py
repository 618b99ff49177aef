from django.urls import path

from datareview.mastery import views

urlpatterns = [
    path("data/standards/", views.mastery_list, name="mastery-list"),
]
