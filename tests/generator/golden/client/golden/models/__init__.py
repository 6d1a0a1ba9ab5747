# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""The contract's schemas as classes."""

from .avatar import Avatar
from .base import Base
from .base_kind import BaseKind
from .count import Count
from .delete_things_id_parts_parts_response_200 import (
    DeleteThingsIdPartsPartsResponse200,
)
from .delete_things_id_parts_parts_response_200_options_item import (
    DeleteThingsIdPartsPartsResponse200OptionsItem,
)
from .filter_model import FilterModel
from .filter_model_operator import FilterModelOperator
from .found import Found
from .found_data import FoundData
from .get_parts_repeated_item import GetPartsRepeatedItem
from .listed import Listed
from .listed_options_item import ListedOptionsItem
from .meta_model import MetaModel
from .named import Named
from .named_inner import NamedInner
from .problem import Problem
from .put_avatar_body import PutAvatarBody
from .round_ import Round
from .search import Search
from .send_form_body import SendFormBody
from .sort_model import SortModel
from .sort_model_operator import SortModelOperator
from .square import Square
from .thing import Thing
from .thing_kind import ThingKind
from .thing_mixed_type_0 import ThingMixedType0
from .thing_mixed_type_1 import ThingMixedType1
from .thing_sides_item import ThingSidesItem
from .thing_votes import ThingVotes
from .tighter import Tighter
from .upload import Upload
from .upload_about import UploadAbout

__all__ = [
    "Avatar",
    "Base",
    "BaseKind",
    "Count",
    "DeleteThingsIdPartsPartsResponse200",
    "DeleteThingsIdPartsPartsResponse200OptionsItem",
    "FilterModel",
    "FilterModelOperator",
    "Found",
    "FoundData",
    "GetPartsRepeatedItem",
    "Listed",
    "ListedOptionsItem",
    "MetaModel",
    "Named",
    "NamedInner",
    "Problem",
    "PutAvatarBody",
    "Round",
    "Search",
    "SendFormBody",
    "SortModel",
    "SortModelOperator",
    "Square",
    "Thing",
    "ThingKind",
    "ThingMixedType0",
    "ThingMixedType1",
    "ThingSidesItem",
    "ThingVotes",
    "Tighter",
    "Upload",
    "UploadAbout",
]
