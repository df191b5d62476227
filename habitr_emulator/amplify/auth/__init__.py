"""``@auth`` at run time."""
