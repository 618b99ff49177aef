from django.urls import path

from teams.account.views import demo, preferences, school_switch, second_factor

urlpatterns = [
    path("demo/sign-in/<slug:person>/", demo.demo_sign_in, name="demo-sign-in"),
    path("second-step/", second_factor.second_step_show, name="second-step-show"),
    path("school/sign-in/", second_factor.sign_in_edit, name="sign-in-edit"),
    path("schools/switch/", school_switch.school_switch, name="school-switch"),
    path("users/me/language/", preferences.language_switch, name="language-switch"),
]
