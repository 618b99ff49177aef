from django.urls import path

from datareview.recipes import views

urlpatterns = [
    path("imports/forms/", views.recipe_list, name="recipe-list"),
    path("imports/forms/<uuid:uuid>/", views.recipe_edit, name="recipe-edit"),
    path("imports/forms/<uuid:uuid>/forget/", views.recipe_forget, name="recipe-forget"),
]
