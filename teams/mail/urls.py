from django.urls import path

from teams.mail import views

urlpatterns = [
    path("account/mail/", views.mail_preferences, name="mail-preferences"),
    path("mail/", views.mail_list, name="mail-list"),
    path("mail/test/", views.mail_test, name="mail-test"),
    path("mail/<uuid:uuid>/retry/", views.mail_retry, name="mail-retry"),
]
