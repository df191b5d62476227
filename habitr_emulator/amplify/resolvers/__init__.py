"""What the generated operations do, natively."""
