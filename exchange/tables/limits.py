"""Sizes: what is refused before it is read, and what is prepared by a worker. Pure."""

from __future__ import annotations

TITLE = 600  # characters
TEXT = 10_000
CODE = 20
URL = 2_000
NAME = 200
SHEET = 31  # characters of its name
CELL = 32_767  # more fit in no cell of a spreadsheet: Excel says that such a file is damaged
SEARCH = 200
ROWS = 5_000
WORKBOOK = 10_000  # rows of all its sheets
GRID = 1_000  # rows that are typed into one page
SECONDS = 60.0  # of the processor, to read and plan a file
COLUMNS = 100
UPLOAD = 5 * 1024 * 1024
UNPACKED = 50 * 1024 * 1024
ELEMENTS = 100_000  # of the XML of a workbook, and two more for each of its bytes
LETTERS = 20_000_000  # of all cells of a table together
MEMBERS = 200
EVIDENCE = 25 * 1024 * 1024
ROWS_AT_ONCE = 50_000  # of a file that is written while its reader waits; larger ones are prepared
EVENTS_AT_ONCE = 10_000  # of the trail, which are put into words one by one
BYTES_AT_ONCE = 50 * 1024 * 1024  # of evidence in it
FIELDS = 20_000  # of a form; a work plan of 1,000 rows sends some 9,000
REQUEST = 110 * 1024 * 1024  # four files of evidence at once, and the form around them
FILE_NAME = 150
FILE_UNPACKED = 250 * 1024 * 1024
FILE_MEMBERS = 2_000
RATIO = 100
