from django.urls import path

from datareview.freshness import views

urlpatterns = [path("data/freshness/", views.freshness_edit, name="freshness-edit")]
