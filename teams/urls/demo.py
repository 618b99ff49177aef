from django.urls import path

from teams.views import demo

urlpatterns = [
    path("demo/sign-in/<slug:person>/", demo.demo_sign_in, name="demo-sign-in"),
]
