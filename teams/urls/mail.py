from django.urls import path

from teams.views import mail

urlpatterns = [
    path("account/mail/", mail.mail_preferences, name="mail-preferences"),
    path("mail/", mail.mail_list, name="mail-list"),
    path("mail/<uuid:uuid>/retry/", mail.mail_retry, name="mail-retry"),
]
