"""The gate: judges any service that claims to speak the contract in `spec/openapi.yaml`, over HTTP alone."""
