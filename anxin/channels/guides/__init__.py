"""The guides that come with the product: one YAML file each, in our own sentences."""
