"""One module for each step of the ledger's tables, in their order."""
