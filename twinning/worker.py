"""What the workers of `manage.py serve` load: the application, and an end with their server."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from twinning.management.commands.serve import end_with_parent

end_with_parent()
application = get_wsgi_application()
