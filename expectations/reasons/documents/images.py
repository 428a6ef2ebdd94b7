"""The attached files, as the attachments step found them when it opened each.

Without a folder of attachments nothing was opened, and these rules are unchecked.
"""

from __future__ import annotations

import pandas as pd

from expectations.facts.documents import FILE_COLUMNS, cells_with, file_names
from expectations.facts.people import per_value
from expectations.filing import SEPARATOR
from expectations.rows import Case, Filings, across, derived
from expectations.rule import Rule, Words, rule

_PAGE = "Aliyun ICP docs 2019-09, 备案所需资料"
_OPENED = {"attachment.checked": "yes", "attachment.pictures": "", "attachment.subject_certificate": "ok"}
_CHECKED = ("attachment.checked",)
_IN_COLOUR = tuple(
    f"attachment_{name}"
    for name in ("subject_certificate", "principal_id", "site_principal_id", "residence_permit", "domain_certificate")
)
"""Scans or photographs of originals; letters and forms may be black on white."""


def _found(parts: str, column: str = "subject_certificate") -> dict[str, str]:
    """A filing whose files were opened with this result."""
    return {**_OPENED, f"attachment.{column}": parts}


def _names_files(rule: Rule, *kinds: str, columns: tuple[str, ...] = FILE_COLUMNS) -> None:
    rule.details(lambda rows: {"files": file_names(rows, *kinds, columns=columns)})


@rule(
    "ICP0520",
    zh="附件文件不存在", en="An attached file is not there",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("附件文件夹中找不到{labels}的文件：{files}", "not in the attachments folder, of {labels}: {files}"),
    fix=Words("补上文件，或改正文件名（相对附件文件夹）", "add the file, or correct its name (relative to the folder)"),
    owner="agent", source=_PAGE,
    good=[_OPENED, _found("blurred=missing.jpg"), {}],
    bad=[_found("missing=BA-0001/licence.jpg"), _found("blank=a.jpg;missing=b.jpg")],
)  # fmt: skip
def attachment_not_there(rows: Filings) -> pd.DataFrame:
    """A name without a file is a document that was not attached."""
    return cells_with(rows, "missing")


@rule(
    "ICP0521",
    zh="附件指向文件夹之外", en="An attached file lies outside the folder",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("{labels}的文件名指向附件文件夹之外，未打开：{files}",
                  "named outside the attachments folder and not opened, of {labels}: {files}"),
    fix=Words("把文件放进附件文件夹，填写相对路径", "put the file into the folder and give its relative path"),
    owner="agent", source="this check: nothing outside the attachments folder is opened",
    good=[_OPENED], bad=[_found("outside=../licence.jpg")],
)  # fmt: skip
def attachment_outside_folder(rows: Filings) -> pd.DataFrame:
    """A path of the sender's own computer, or one that climbs out, leads to no attached file."""
    return cells_with(rows, "outside")


@rule(
    "ICP0522",
    zh="附件不是可用的图片格式", en="An attached file is no accepted picture",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("按内容看，{labels}的文件不是 jpg、jpeg、png 或 gif：{files}",
                  "by content no jpg, jpeg, png or gif, of {labels}: {files}"),
    fix=Words("另存为 jpg 或 png 后重新上传，不能只改扩展名", "save it as jpg or png; renaming is not enough"),
    owner="agent", source=_PAGE,
    good=[_OPENED, _found("extension=licence.png (JPEG)")], bad=[_found("format=licence.jpg (PDF)")],
)  # fmt: skip
def attachment_of_wrong_format(rows: Filings) -> pd.DataFrame:
    """Uploads take four formats; the content decides, not the name."""
    return cells_with(rows, "format")


@rule(
    "ICP0523",
    zh="附件扩展名与内容不符", en="An attached file's name tells another format",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="warning",
    message=Words("{labels}的扩展名与内容不符：{files}", "the extension belies the content, of {labels}: {files}"),
    fix=Words("按内容改扩展名（jpg、png、gif）", "rename it by its content (jpg, png, gif)"),
    owner="agent", source=_PAGE,
    good=[_OPENED, _found("format=licence.jpg (PDF)")], bad=[_found("extension=licence.png (JPEG)")],
)  # fmt: skip
def attachment_misnamed(rows: Filings) -> pd.DataFrame:
    """A right picture under a wrong extension may be refused by the upload."""
    return cells_with(rows, "extension")


@rule(
    "ICP0524",
    zh="附件达到或超过4 MB", en="An attached file is 4 MB or more",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("{labels}的文件须小于 4 MB：{files}", "must be under 4 MB, of {labels}: {files}"),
    fix=Words("降低尺寸或压缩率，保持清晰", "shrink or compress it, keeping it legible"),
    owner="agent", source=_PAGE,
    good=[_OPENED], bad=[_found("large=licence.jpg (4.6 MB)")],
)  # fmt: skip
def attachment_too_large(rows: Filings) -> pd.DataFrame:
    """Uploads stop at 4 MB."""
    return cells_with(rows, "large")


@rule(
    "ICP0525",
    zh="域名证书图片小于200 KB", en="The domain certificate's picture is under 200 KB",
    columns=("attachment_domain_certificate",), evidence=_CHECKED, blank="passes", severity="error",
    message=Words("域名证书图片须为 200 KB 至 4 MB：{files}", "a domain certificate must have 200 KB to 4 MB: {files}"),
    fix=Words("彩色打印域名证书后拍照上传", "print it in colour and photograph it"),
    owner="filer", source="Aliyun ICP docs 2019-09, 域名证书",
    good=[_OPENED, {**_found("ok", "domain_certificate"), "attachment_domain_certificate": "domain.jpg"}],
    bad=[{**_found("light=domain.jpg (86 KB)", "domain_certificate"), "attachment_domain_certificate": "domain.jpg"}],
)  # fmt: skip
def domain_certificate_too_small(rows: Filings) -> pd.DataFrame:
    """The page gives a least size for this one document: a screenshot falls below it."""
    return cells_with(rows, "light", columns=("attachment_domain_certificate",))


@rule(
    "ICP0526",
    zh="附件打不开", en="An attached file cannot be opened",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("{labels}的文件为空、不完整或已损坏：{files}", "empty, cut off or damaged, of {labels}: {files}"),
    fix=Words("重新导出或拍摄后上传", "export or photograph it again"),
    owner="agent", source=f"{_PAGE}: clear and complete",
    good=[_OPENED],
    bad=[_found("empty=licence.jpg"), _found("truncated=licence.jpg"), _found("broken=licence.jpg")],
)  # fmt: skip
def attachment_unreadable(rows: Filings) -> pd.DataFrame:
    """What does not open here will not open for the reviewer."""
    return cells_with(rows, "empty", "truncated", "broken")


@rule(
    "ICP0527",
    zh="附件像素过多，未解码", en="An attached file has too many pixels to decode",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("{labels}的文件展开后过大，未打开：{files}", "too large once decoded, of {labels}: {files}"),
    fix=Words("重新拍摄或缩小图片后上传", "photograph it again or shrink it"),
    owner="agent", source="this check: no camera's picture under 4 MB has so many pixels",
    good=[_OPENED], bad=[_found("bomb=licence.png")],
)  # fmt: skip
def attachment_is_decompression_bomb(rows: Filings) -> pd.DataFrame:
    """A small file that decodes to gigabytes is an accident or an attack."""
    return cells_with(rows, "bomb")


@rule(
    "ICP0528",
    zh="附件图片尺寸过小", en="An attached picture is too small to read",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="warning",
    message=Words("{labels}的图片像素太少，证件小字可能无法辨认：{files}",
                  "too few pixels for small print, of {labels}: {files}"),
    fix=Words("用更高分辨率重新拍摄或扫描", "photograph or scan it with more pixels"),
    owner="filer", source=f"{_PAGE}: clear and complete; the limit of pixels is this check's own",
    good=[_OPENED], bad=[_found("small=licence.jpg (320×200)")],
)  # fmt: skip
def attachment_too_small(rows: Filings) -> pd.DataFrame:
    """No source gives a size in pixels; below this one the smallest print is under ten pixels high."""
    return cells_with(rows, "small")


@rule(
    "ICP0533",
    zh="附件图片小到无法辨认", en="An attached picture is too small for anybody to read",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("{labels}的图片只有缩略图大小，文字无法辨认：{files}",
                  "the size of a thumbnail, in which nothing can be read, of {labels}: {files}"),
    fix=Words("上传原图，或重新拍摄、扫描", "attach the original picture, or photograph or scan it again"),
    owner="filer", source=f"{_PAGE}: clear and complete; the limit of pixels is this check's own",
    good=[_OPENED, _found("small=licence.jpg (320×200)")], bad=[_found("illegible=licence.jpg (160×100)")],
)  # fmt: skip
def attachment_illegible(rows: Filings) -> pd.DataFrame:
    """Thumbnails attached in place of pictures: no print of a certificate is five pixels high in them."""
    return cells_with(rows, "illegible")


@rule(
    "ICP0529",
    zh="附件图片模糊", en="An attached picture is blurred",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="warning",
    message=Words("{labels}的图片模糊，证件小字可能无法辨认：{files}", "blurred, of {labels}: {files}"),
    fix=Words("对好焦、拿稳后重新拍摄", "photograph it again, in focus and held still"),
    owner="filer", source=f"{_PAGE}: clear and complete; the measure is this check's own",
    good=[_OPENED, _found("small=licence.jpg (320×200)")], bad=[_found("blurred=licence.jpg")],
)  # fmt: skip
def attachment_blurred(rows: Filings) -> pd.DataFrame:
    """Edges much softer than any camera's in focus: small print runs together. Only a person can say
    whether it is still legible."""
    return cells_with(rows, "blurred")


@rule(
    "ICP0530",
    zh="附件图片只有一种颜色", en="An attached picture is blank",
    columns=FILE_COLUMNS, evidence=_CHECKED, severity="error",
    message=Words("{labels}的图片只有一种颜色，没有内容：{files}", "nothing but one colour, of {labels}: {files}"),
    fix=Words("重新拍摄或扫描证件", "photograph or scan the document again"),
    owner="agent", source=f"{_PAGE}: clear and complete",
    good=[_OPENED], bad=[_found("blank=licence.jpg")],
)  # fmt: skip
def attachment_blank(rows: Filings) -> pd.DataFrame:
    """A picture of one colour shows no document."""
    return cells_with(rows, "blank")


@rule(
    "ICP0531",
    zh="证件图片是黑白的", en="A certificate's picture is greyscale",
    columns=_IN_COLOUR, evidence=_CHECKED, severity="warning",
    message=Words("须为原件的彩色扫描件或照片，{labels}的图片是黑白的：{files}",
                  "a colour scan or photograph of the original is wanted; greyscale, of {labels}: {files}"),
    fix=Words("用彩色重新扫描或拍摄原件", "scan or photograph the original in colour"),
    owner="filer", source=_PAGE,
    good=[_OPENED, _found("grey=letter.jpg", "authorization_letter")], bad=[_found("grey=licence.jpg")],
)  # fmt: skip
def certificate_in_greyscale(rows: Filings) -> pd.DataFrame:
    """A picture without colour is a copy, or a scan set to grey; originals carry a seal or a pattern."""
    return cells_with(rows, "grey", columns=_IN_COLOUR)


for _rule, _kinds in (
    (attachment_not_there, ("missing",)), (attachment_outside_folder, ("outside",)),
    (attachment_of_wrong_format, ("format",)), (attachment_misnamed, ("extension",)),
    (attachment_too_large, ("large",)), (attachment_unreadable, ("empty", "truncated", "broken")),
    (attachment_is_decompression_bomb, ("bomb",)), (attachment_too_small, ("small",)),
    (attachment_illegible, ("illegible",)),
    (attachment_blurred, ("blurred",)), (attachment_blank, ("blank",)),
):  # fmt: skip
    _names_files(_rule, *_kinds)
_names_files(certificate_in_greyscale, "grey", columns=_IN_COLOUR)
_names_files(domain_certificate_too_small, "light", columns=("attachment_domain_certificate",))


@derived("attached_pictures")
def _attached_pictures(rows: Filings) -> pd.Series:
    """``KEY=digest`` parts; the person's number is added to a picture of a person's certificate, which
    may stand under every subject that person has a part in."""
    if not rows.has("attachment.pictures"):
        return rows.constant("")
    people = rows["principal_certificate_number"] + "\n" + rows["site_principal_certificate_number"]
    return per_value(rows["attachment.pictures"] + "\n" + people, _with_person)


def _with_person(text: str) -> str:
    pictures, principal, site_principal = text.split("\n")
    person = {"principal_id": principal, "site_principal_id": site_principal or principal}
    parts = (part.partition("=") for part in pictures.split(SEPARATOR) if part)
    return SEPARATOR.join(f"{digest}={person.get(key) or '?'}" for key, _, digest in parts)


@across("ledger.pictures_elsewhere", reads=("attached_pictures", "subject_key", "subject_name"))
def _pictures_elsewhere(entries: pd.DataFrame) -> pd.Series:
    """Other subjects with one of the same pictures: up to three, where they stand."""
    known = entries[(entries["attached_pictures"] != "") & (entries["subject_key"] != "")]
    if known.empty:
        return pd.Series("", index=entries.index, dtype="str")
    if known.empty:
        return pd.Series("", index=entries.index, dtype="str")
    parts = known["attached_pictures"].str.split(SEPARATOR).explode().rename("part")
    uses = known[["subject_key", "subject_name", "workbook", "sheet", "row"]].join(parts)
    uses[["digest", "person"]] = uses["part"].str.split("=", n=1, expand=True)
    of_digest = uses.groupby("digest")
    one_person = (of_digest["person"].transform("nunique") == 1) & (uses["person"] != "?")
    shared = uses[(of_digest["subject_key"].transform("nunique") > 1) & ~one_person]
    texts: dict[int, dict[str, None]] = {}
    for _, group in shared.groupby("digest", sort=False):
        first = group.drop_duplicates("subject_key")
        where = ("「" + first["subject_name"] + "」（" + first["workbook"] + " " + first["sheet"] + " ") + (
            first["row"].astype("str") + "）"
        )
        for subject, own in group.groupby("subject_key", sort=False):
            for row in own.index.unique():
                texts.setdefault(row, {}).update(dict.fromkeys(where[first["subject_key"] != subject].head(3)))
    joined = pd.Series({row: "、".join(list(named)[:3]) for row, named in texts.items()}, dtype="str")
    return joined.reindex(entries.index, fill_value="").astype("str")


_SHARED = {**_OPENED, "attachment.pictures": "subject_certificate=aa11"}
_SECOND = {"subject_certificate_number": "91330000MA0000015H", "subject_name": "杭州样例乙有限公司"}


@rule(
    "ICP0532",
    zh="同一图片用于多个主体", en="One picture is used for several subjects",
    columns=("subject_certificate_number",), evidence=_CHECKED, severity="warning",
    case=Case("已附图片", "filings with pictures", lambda rows: rows["attached_pictures"] != ""),
    message=Words("附件中有图片也用于{others}", "a picture attached here is also used for {others}"),
    fix=Words("核对是否误传了其他主体的文件", "check whether another subject's file was attached by mistake"),
    owner="agent", source=f"{_PAGE}: each subject's own documents",
    good=[
        _OPENED,
        [{**_OPENED, "attachment.pictures": "subject_certificate=bb22"},
         {**_OPENED, "attachment.pictures": "subject_certificate=bb22", "domain": "other-sample.cn"}],
        [{**_OPENED, "attachment.pictures": "principal_id=cc33"},
         {**_OPENED, **_SECOND, "attachment.pictures": "site_principal_id=cc33"}],
    ],
    bad=[
        [_SHARED, {**_SHARED, **_SECOND}],
        [{**_OPENED, "attachment.pictures": "principal_id=dd44"},
         {**_OPENED, **_SECOND, "principal_certificate_number": "330000197803030034",
          "attachment.pictures": "principal_id=dd44"}],
    ],
)  # fmt: skip
def picture_of_several_subjects(rows: Filings) -> pd.Series:
    """Two subjects have two licences. One person's certificate may stand under several subjects, so it
    counts only where the persons differ."""
    return rows["ledger.pictures_elsewhere"] != ""


@picture_of_several_subjects.details
def _others(rows: Filings) -> dict[str, pd.Series]:
    return {"others": rows["ledger.pictures_elsewhere"]}
