"""Velocity templates as AppSync runs them: parsed, compiled to Python once per text, rendered many times."""
