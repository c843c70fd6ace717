from import_export.widgets import Widget

class Field:
    attribute: str
    column_name: str
    widget: Widget
    def __init__(
        self, attribute: str, column_name: str, widget: Widget, *, readonly: bool = ...
    ) -> None: ...
