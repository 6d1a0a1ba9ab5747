"""What `publish` writes, one module a kind: forms, models, reference page, collections, vectors, packages."""
