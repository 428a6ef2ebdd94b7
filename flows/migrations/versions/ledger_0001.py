"""The tables of contacts: nights, the filings they saw, the mobiles those gave."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ENTRY = (
    "run", "seen_on", "filing_key", "order_key", "workbook", "sheet", "row", "filing_type", "subject_nature",
    "subject", "subject_name", "principal_name", "principal_number", "principal_mobile",
    "principal_emergency_mobile", "site_principal_name", "site_principal_number", "site_principal_mobile",
    "site_principal_emergency_mobile",
)  # fmt: skip


def upgrade() -> None:
    op.create_table("ledger_key", sa.Column("fingerprint", sa.Text, nullable=False))
    op.create_table(
        "ledger_run",
        sa.Column("run", sa.Text, primary_key=True),
        sa.Column("seen_on", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("filings", sa.Integer, nullable=False),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _ENTRY),
    )
    op.create_table(
        "ledger_contact",
        sa.Column("mobile", sa.Text, nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
    )
    for table, name in (
        ("ledger_entry", "run"), ("ledger_entry", "filing_key"), ("ledger_entry", "order_key"),
        ("ledger_contact", "mobile"), ("ledger_contact", "entry"),
    ):  # fmt: skip
        op.create_index(f"{table}_{name}", table, [name])


def downgrade() -> None:
    for table in ("ledger_contact", "ledger_entry", "ledger_run", "ledger_key"):
        op.drop_table(table)
