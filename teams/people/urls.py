from django.urls import path

from teams.people.views import adding, people, person

urlpatterns = [
    path("people/", people.person_list, name="person-list"),
    path("people/list.csv", people.person_export, name="person-export"),
    path("people/several/", people.people_change, name="people-change"),
    path("people/roles/", people.role_list, name="role-list"),
    path("people/add/", adding.person_add, name="person-add"),
    path("people/paste/", adding.people_paste, name="people-paste"),
    path("people/<uuid:uuid>/", person.person_detail, name="person-detail"),
    path("people/<uuid:uuid>/edit/", person.person_edit, name="person-edit"),
    path("people/<uuid:uuid>/role/", person.role_change, name="role-change"),
    path("people/<uuid:uuid>/leave/", person.person_leave, name="person-leave"),
    path("people/<uuid:uuid>/hand-over/", person.work_handover, name="work-handover"),
    path("people/<uuid:uuid>/return/", person.person_return, name="person-return"),
    path("people/<uuid:uuid>/second-step/", person.second_step_reset, name="second-step-reset"),
    path("people/<uuid:uuid>/password-link/", person.password_link, name="password-link"),
    path("people/<uuid:uuid>/invite/", person.person_invite, name="person-invite"),
    path("people/<uuid:uuid>/withdraw/", person.invitation_withdraw, name="invitation-withdraw"),
]
