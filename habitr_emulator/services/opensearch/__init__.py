"""OpenSearch, as Amplify's ``@searchable`` needs it: indexes that follow DynamoDB tables, and ``_search``."""
