"""DynamoDB's expression language: text is compiled once, then evaluated against native items and values."""
