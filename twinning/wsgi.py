"""The WSGI application by itself, for `runserver`; `manage.py serve` runs it on threads of ours."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
application = get_wsgi_application()
