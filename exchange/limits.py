"""Sizes above which input is refused before it is read, for columns, forms and imports."""

from __future__ import annotations

TITLE = 600  # characters; the longest result of the first project has 375
TEXT = 10_000
CODE = 20
URL = 2_000
NAME = 200
SEARCH = 200
ROWS = 5_000
COLUMNS = 100
UPLOAD = 5 * 1024 * 1024
UNPACKED = 50 * 1024 * 1024
MEMBERS = 200
