"""Words that title, year, publisher and scope have in common."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

OrganKind: TypeAlias = Literal["government", "office", "township", "zone", "institution", "department", "place"]

_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
SENTENCE_MARKS = re.compile(r"[。;!?]|,.*,")
YEAR = r"(?:(?<!\d)(?:19|20)\d{2}|[一二][〇○◯零OoΟО0九]{1}[〇○◯零OoΟО0一二三四五六七八九]{2})"
REPORT = re.compile(r"(?:(?:信息|政务|政府|事务|校务|村务|党务)(?:信息)?公开|信公开|信息公.?开).{0,24}?(?:年度?报告?|报告|年报|总结)|(?:年度?报告|年报).{0,8}(?:信息|政务)公开")

# By the end of an organ's name. The first that fits is its kind.
_KINDS: tuple[tuple[OrganKind, re.Pattern[str]], ...] = (
    ("township", re.compile(r"(?:.[镇乡]|苏木|街道|街道办|街道办事处|地区办事处|民族乡)(?:人民)?(?:政府)?(?:办公室|办|党政(?:综合)?办公室|党政办)?$")),
    ("office", re.compile(r"(?:(?:人民)?政府(?:办公[室厅]|办)|[省市县区旗州盟]府办(?:公室)?|行政公署办公室|^(?:办公[室厅]|政府办|府办)|政务公开办公室|^[省市县区旗州盟]政府办)$")),
    ("government", re.compile(r"(?:(?:人民)?政府|行政公署)$")),
    ("zone", re.compile(r"(?:[新园区]|开发|示范|度假|保税|景|林|矿|实验|试验|合作|集聚|产业|城)[区园城地带]?(?:管理委员会|管委会)$")),
    (
        "institution",
        re.compile(r"(?:公司|集团|学校|学院|大学|中学|小学|幼儿园|医院|银行|支行|分行|法院|检察院|联合社|联社|供电所|[省市县区旗州盟]委(?:办公室)?|总工会|团委|妇联|残联|科协|文联|侨联|工商联|红十字会|联合会)$"),
    ),
    (
        "department",
        re.compile(
            r"(?:局|厅|委|委员会|中心|办公室|办|院|署|所|处|站|队|协会|学会|馆|校|社|部|管委会|基地|台)$"
        ),
    ),
    ("place", re.compile(r"^.{2,14}(?:省|市|县|区|旗|盟|州)$")),
)
# Words that a template prints where an organ should stand.
_NOBODY = re.compile(r"^(?:其[他它]|机关|本站|本网|网站|管理员|系统管理员|admin.*|test.*|无|未知|默认|超级管理员|发布员|信息员|编辑|匿名|.{0,8}(?:门户网站?|政府网站?|政务网|信息网|官网|网))$", re.IGNORECASE)


def squeezed(text: str) -> str:
    """The text without the white space beside Chinese characters."""
    return _GAP.sub("", " ".join(text.split()))


def kind_of_organ(name: str) -> OrganKind | None:
    """What an organ is by the end of its name; `None` for what is no organ's name."""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), None)


def is_nobody(name: str) -> bool:
    """Whether a template's filler (其他, 机关, 本站) stands where an organ should."""
    return _NOBODY.match(name) is not None


def is_report_title(text: str) -> bool:
    """Whether a text speaks of a report on information disclosure."""
    return REPORT.search(text) is not None
