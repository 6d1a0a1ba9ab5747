"""Test vectors for request signing, so that a signer in any language can be tested without a service."""

from __future__ import annotations

from generator.publishing.documents import Json


def signing_vectors(contract: Json) -> Json:
    return {}
