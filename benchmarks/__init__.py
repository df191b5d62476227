"""How fast: each figure beside a raw limit that is measured in the same run."""
