"""One file an action of Amazon API Gateway (REST APIs)."""
