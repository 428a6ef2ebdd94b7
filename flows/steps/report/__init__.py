"""The report: findings written into the sender's own workbook."""
