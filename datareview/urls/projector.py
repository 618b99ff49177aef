from django.urls import path

from datareview.views import projector

urlpatterns = [path("projector/", projector.projector_switch, name="projector-switch")]
