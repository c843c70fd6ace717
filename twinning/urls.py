"""All addresses: public pages by language, the back office, and the live preview."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter

from audit.views import heads_atom, heads_json, heads_tsr
from office import preview
from twinning import views


class LanguageConverter:
    regex = "|".join(code for code, _name in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("public.machines.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("admin/reminders/<str:token>/", views.reminders_off, name="reminders_off"),
    path("admin/language/", views.choose_language, name="language"),
    path("admin/account/", include("accounts.urls")),
    path("admin/preview/<language:lang>/", include((preview.urlpatterns, "public"), "preview")),
    path("admin/", admin.site.urls),
    path("audit/heads.json", heads_json, name="heads_json"),
    path("audit/heads/<int:number>.tsr", heads_tsr, name="heads_tsr"),
    path("<language:lang>/audit/heads.atom", heads_atom, name="heads_atom"),
    path("<language:lang>/", include("public.urls")),
]

handler400 = "twinning.views.bad_request"
handler403 = "twinning.views.forbidden"
handler404 = "public.views.not_found"
handler500 = "twinning.views.server_error"
