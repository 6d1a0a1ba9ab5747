# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""Golden. Every construct once."""

from .client import AsyncClient, Client
from .fields import F
from .models import (
    Avatar,
    Base,
    Count,
    DeleteThingsIdPartsPartsResponse200,
    DeleteThingsIdPartsPartsResponse200OptionsItem,
    Filter,
    Found,
    FoundData,
    Listed,
    ListedOptionsItem,
    MetaModel,
    Problem,
    PutAvatarBody,
    Round,
    Search,
    SendFormBody,
    SortModel,
    Square,
    Thing,
    ThingSidesItem,
    ThingVotes,
    Upload,
    UploadAbout,
)
from .runtime import errors
from .runtime.answers import Answer
from .runtime.exchange import Event, Patience
from .runtime.multipart import File
from .runtime.paging import Page
from .runtime.signing import AkSkAuth, TokenAuth

__version__ = "1.2.3"

__all__ = [
    "AkSkAuth",
    "Answer",
    "AsyncClient",
    "Avatar",
    "Base",
    "Client",
    "Count",
    "DeleteThingsIdPartsPartsResponse200",
    "DeleteThingsIdPartsPartsResponse200OptionsItem",
    "Event",
    "F",
    "File",
    "Filter",
    "Found",
    "FoundData",
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
    "SortModel",
    "Square",
    "Thing",
    "ThingSidesItem",
    "ThingVotes",
    "TokenAuth",
    "Upload",
    "UploadAbout",
    "errors",
]
