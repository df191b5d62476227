"""Version 1 of the GraphQL Transformer: ``@key``, ``@connection``, ``@versioned`` and its own ``@auth``."""
