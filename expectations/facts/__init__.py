"""What can be read off a filing: its people, numbers, telephones, domains, addresses, names, documents.

Columns derived from the sheet, from the reference tables and from the ledger, for the rules of any reason to read.
"""
