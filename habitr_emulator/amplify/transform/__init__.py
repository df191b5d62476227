"""The GraphQL Transformer, version 2: one file per directive."""
