"""The HTTP and WebSocket edge; the only importer of aiohttp.web."""
