"""AppSync's subscriptions over WebSocket."""
