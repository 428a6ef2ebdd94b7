"""The ten rejection reasons, and the sheet itself: one room each, rules inside."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """A rejection reason: its number, the room its rules live in, its name."""

    number: int
    room: str
    zh: str
    en: str

    def label(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


REASONS: tuple[Reason, ...] = (
    Reason(0, "sheet", "表格本身", "The sheet itself"),
    Reason(1, "domain_owner", "域名所有者", "Domain owner"),
    Reason(2, "site_name", "网站名称", "Site name"),
    Reason(3, "province", "跨省备案", "Cross-province filing"),
    Reason(4, "content", "网站内容", "Site content"),
    Reason(5, "documents", "证件资料", "Documents"),
    Reason(6, "legal_representative", "法定代表人", "Legal representative"),
    Reason(7, "telephone", "联系电话", "Telephone numbers"),
    Reason(8, "authenticity_statement", "真实性核验单", "Authenticity statement"),
    Reason(9, "mobile_reuse", "手机号重复使用", "Mobile used more than once"),
    Reason(10, "filing_type", "备案类型", "Filing type"),
)
