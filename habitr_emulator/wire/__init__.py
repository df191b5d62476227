"""AWS's wire formats; pure: no asyncio, no clock."""
