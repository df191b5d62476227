"""OpenSearch's own REST API, of which AWS publishes no model."""
