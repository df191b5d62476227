"""What a backend begins with: seed files, played through the public APIs."""
