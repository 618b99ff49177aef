from django.urls import path

from collab.views import strays

urlpatterns = [path("strays/cancel/", strays.strays_cancel, name="strays-cancel")]
