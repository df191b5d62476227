"""PartiQL for DynamoDB: statements to syntax trees, and trees to the reads and writes of the other operations."""
