"""How the ledger's tables came to be, step by step (Alembic); a store of an older step is brought up to date."""
