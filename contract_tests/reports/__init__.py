"""Reports of a run: one results tree (`tree`), and its renderings for people and machines."""
