from django.urls import path

from datareview.anecdotes import views

urlpatterns = [
    path("students/<uuid:uuid>/seen/", views.anecdote_write, name="anecdote-write"),
    path("seen/<uuid:uuid>/", views.anecdote_edit, name="anecdote-edit"),
    path("seen/<uuid:uuid>/read/", views.anecdote_read, name="anecdote-read"),
    path("seen/<uuid:uuid>/remove/", views.anecdote_remove, name="anecdote-remove"),
    path("seen/<uuid:uuid>/restore/", views.anecdote_restore, name="anecdote-restore"),
    path("skills/", views.skill_list, name="skill-list"),
    path("skills/<uuid:uuid>/", views.skill_edit, name="skill-edit"),
    path("skills/<uuid:uuid>/retire/", views.skill_retire, name="skill-retire"),
]
