"""Amazon CloudWatch Logs, as far as the logs of functions need it."""
