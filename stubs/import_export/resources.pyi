from typing import Any

from django.db.models import Model, QuerySet
from import_export.fields import Field

class Options:
    model: type[Model]

class ModelResource:
    fields: dict[str, Field]
    _meta: Options
    def __init__(self, **kwargs: object) -> None: ...
    def export(self, queryset: Any = ...) -> Any: ...
    def import_data(self, dataset: Any, **kwargs: Any) -> Any: ...
    def get_queryset(self) -> QuerySet[Model]: ...
