from django.urls import path

from collab.views import changes

urlpatterns = [path("changes/<uuid:uuid>/", changes.change_tick, name="change-tick")]
