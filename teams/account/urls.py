from django.urls import path

from teams.account.views import demo, preferences, school_switch

urlpatterns = [
    path("demo/sign-in/<slug:person>/", demo.demo_sign_in, name="demo-sign-in"),
    path("schools/switch/", school_switch.school_switch, name="school-switch"),
    path("users/me/language/", preferences.language_switch, name="language-switch"),
]
