# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""Golden. Every construct once."""

from .client import AsyncClient, Client
from .fields import F
from .models import (
    Avatar,
    Base,
    BaseKind,
    Count,
    DeleteThingsIdPartsPartsResponse200,
    DeleteThingsIdPartsPartsResponse200OptionsItem,
    FilterModel,
    FilterModelOperator,
    Found,
    FoundData,
    GetPartsRepeatedItem,
    Listed,
    ListedOptionsItem,
    MetaModel,
    Problem,
    PutAvatarBody,
    Round,
    Search,
    SendFormBody,
    SortModel,
    SortModelOperator,
    Square,
    Thing,
    ThingKind,
    ThingMixedType0,
    ThingMixedType1,
    ThingSidesItem,
    ThingVotes,
    Upload,
    UploadAbout,
)
from .runtime import errors
from .runtime.answers import Answer
from .runtime.exchange import AsyncHook, Event, Hook, Patience
from .runtime.filters import Expression, Filter, Sort
from .runtime.multipart import File
from .runtime.paging import Page
from .runtime.signing import AkSkAuth, TokenAuth

__version__ = "1.2.3"

__all__ = [
    "AkSkAuth",
    "Answer",
    "AsyncClient",
    "AsyncHook",
    "Avatar",
    "Base",
    "BaseKind",
    "Client",
    "Count",
    "DeleteThingsIdPartsPartsResponse200",
    "DeleteThingsIdPartsPartsResponse200OptionsItem",
    "Event",
    "Expression",
    "F",
    "File",
    "Filter",
    "FilterModel",
    "FilterModelOperator",
    "Found",
    "FoundData",
    "GetPartsRepeatedItem",
    "Hook",
    "Listed",
    "ListedOptionsItem",
    "MetaModel",
    "Page",
    "Patience",
    "Problem",
    "PutAvatarBody",
    "Round",
    "Search",
    "SendFormBody",
    "Sort",
    "SortModel",
    "SortModelOperator",
    "Square",
    "Thing",
    "ThingKind",
    "ThingMixedType0",
    "ThingMixedType1",
    "ThingSidesItem",
    "ThingVotes",
    "TokenAuth",
    "Upload",
    "UploadAbout",
    "errors",
]
