"""Two faultless filings, invented, from which every rule's good and bad rows are made by changing cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from expectations.filing import COLUMNS, INDIVIDUAL
from expectations.reference import Reference
from expectations.rows import Basis, Filings
from expectations.rule import Specimen

AS_OF = date(2026, 1, 15)
"""The day the specimens are faultless."""

# Numbers carry division codes that are not given to people (330000 is a whole province).
ORGANISATION: dict[str, str] = {
    "filing_no": "BA-0001", "submitted_by": "示例代理", "filing_type": "首次备案",
    "province": "浙江", "city": "杭州市", "county": "西湖区",
    "subject_nature": "企业", "subject_certificate_type": "营业执照",
    "subject_certificate_number": "91330000MA0000007W", "subject_certificate_expires_on": "长期",
    "subject_name": "杭州晨光样例图书有限公司",
    "subject_certificate_address": "浙江省杭州市西湖区样例路1号101室",
    "subject_address": "浙江省杭州市西湖区样例路1号101室",
    "investor": "林示例", "legal_representative_name": "林示例",
    "legal_representative_certificate_number": "330000198501010016",
    "principal_name": "林示例", "principal_certificate_type": "居民身份证",
    "principal_certificate_number": "330000198501010016", "principal_certificate_expires_on": "2035-01-01",
    "principal_mobile": "13805710001", "principal_phone": "057188880001",
    "principal_emergency_mobile": "13905710002", "principal_email": "lin@chenguang-sample.cn",
    "site_name": "晨光样例图书", "domain": "chenguang-sample.cn", "home_url": "www.chenguang-sample.cn",
    "site_content": "单位门户网站", "service_type": "网站", "site_languages": "中文简体",
    "domain_holder_name": "杭州晨光样例图书有限公司", "domain_holder_certificate_type": "营业执照",
    "domain_holder_certificate_number": "91330000MA0000007W", "domain_registrar": "样例注册商",
    "domain_registered_on": "2020-03-01", "domain_expires_on": "2028-03-01", "domain_verified_on": "2020-03-10",
    "domain_privacy": "否",
    "site_principal_name": "林示例", "site_principal_certificate_type": "居民身份证",
    "site_principal_certificate_number": "330000198501010016",
    "site_principal_certificate_expires_on": "2035-01-01",
    "site_principal_mobile": "13805710001", "site_principal_phone": "057188880001",
    "site_principal_emergency_mobile": "13905710002", "site_principal_email": "lin@chenguang-sample.cn",
    "attachment_subject_certificate": "BA-0001/licence.jpg", "attachment_principal_id": "BA-0001/principal.jpg",
}  # fmt: skip

INDIVIDUAL_FILING: dict[str, str] = {
    "filing_no": "BA-0002", "submitted_by": "示例代理", "filing_type": "首次备案",
    "province": "浙江", "city": "杭州市", "county": "西湖区",
    "subject_nature": "个人", "subject_certificate_type": "居民身份证",
    "subject_certificate_number": "33000019900202002X", "subject_certificate_expires_on": "2036-01-01",
    "subject_name": "陈样例", "subject_certificate_address": "浙江省杭州市西湖区样例路2号202室",
    "subject_address": "浙江省杭州市西湖区样例路2号202室",
    "principal_name": "陈样例", "principal_certificate_type": "居民身份证",
    "principal_certificate_number": "33000019900202002X", "principal_certificate_expires_on": "2036-01-01",
    "principal_mobile": "13805710003", "principal_emergency_mobile": "13905710004",
    "principal_email": "chen@mofang-sample.cn",
    "site_name": "雕刻时光记事", "domain": "mofang-sample.cn", "home_url": "www.mofang-sample.cn",
    "site_content": "其他", "service_type": "网站", "site_languages": "中文简体",
    "domain_holder_name": "陈样例", "domain_holder_certificate_type": "居民身份证",
    "domain_holder_certificate_number": "33000019900202002X", "domain_registrar": "样例注册商",
    "domain_registered_on": "2021-05-01", "domain_expires_on": "2028-05-01", "domain_verified_on": "2021-05-10",
    "domain_privacy": "否",
    "attachment_principal_id": "BA-0002/principal.jpg",
}  # fmt: skip


def filing(changes: Mapping[str, str]) -> dict[str, str]:
    """A faultless filing with some cells changed: an individual's where the nature says so."""
    base = INDIVIDUAL_FILING if changes.get("subject_nature") == INDIVIDUAL else ORGANISATION
    return {**base, **changes}


def batch(specimens: Sequence[Specimen], as_of: date = AS_OF, language: str = "zh") -> tuple[pd.DataFrame, list[int]]:
    """The specimens as one frame with every column of the sheet, and the position of the row judged of each."""
    rows: list[dict[str, str]] = []
    judged = []
    for specimen in specimens:
        judged.append(len(rows))
        rows.extend(filing(row) for row in ([specimen] if isinstance(specimen, Mapping) else specimen))
    frame = pd.DataFrame(rows, dtype="str").fillna("")
    return frame.reindex(columns=[*dict.fromkeys([*COLUMNS, *frame.columns])], fill_value=""), judged


def filings(frame: pd.DataFrame, as_of: date = AS_OF, language: str = "zh") -> Filings:
    """Filings of a frame of canonical text, with our own tables."""
    located = frame.assign(workbook="specimen.xlsx", sheet="备案", row=range(2, len(frame) + 2))
    return Filings(located, frame, Basis(as_of, Reference(as_of), language))
