from django.urls import path

from teams.people.views import adding, people

urlpatterns = [
    path("people/", people.person_list, name="person-list"),
    path("people/list.csv", people.person_export, name="person-export"),
    path("people/roles/", people.role_list, name="role-list"),
    path("people/add/", adding.person_add, name="person-add"),
    path("people/paste/", adding.people_paste, name="people-paste"),
]
