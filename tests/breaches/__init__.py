"""Every rule of the database, and the row that breaks it and nothing else: one table a room."""
