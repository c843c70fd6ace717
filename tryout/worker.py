"""What the workers of `manage.py serve` load: the application, and an end with their server."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from tryout.management.commands.serve import THREADS, end_with_parent
from tryout.threads import OnThreads

end_with_parent()
application = OnThreads(get_wsgi_application(), THREADS)
