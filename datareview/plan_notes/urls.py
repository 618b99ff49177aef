from django.urls import path

from datareview.plan_notes import views

urlpatterns = [path("plans/<uuid:uuid>/notes/new/", views.plan_note_write, name="plan-note-write")]
