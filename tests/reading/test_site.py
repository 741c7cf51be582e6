"""What a site says of itself: 网站标识码, ICP and police numbers, and whether they belong to the place of the report."""

import pytest

from giar_crawler.items import PageContext
from pipelines.metadata.site import contradicting_numbers, identity_findings, police_region, site_numbers, valid_site_code
from tests.reading.pages import FOOT, built


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("6104300003", "6104300003"),
        ("BM07000001", "bm07000001"),
        (" 6104300003 ", "6104300003"),
        ("1234567890", None),
        ("0000000000", None),
        ("9904300003", None),
        ("610430", None),
        ("61043000031", None),
        ("", None),
        (None, None),
    ],
)
def test_site_codes(code, valid):
    assert valid_site_code(code) == valid


def test_numbers_of_a_footer():
    reading = built()
    assert [(n.kind, n.printed, n.region) for n in site_numbers(reading.document, reading.report.site_code)] == [
        ("site_code", "网站标识码6104300003", "610430"),
        ("police", "公网安备61043002000110号", "610430"),
        ("icp", "陕ICP备17020693号", "61"),
    ]
    assert police_region(reading.document) == "610430"


@pytest.mark.parametrize(
    ("foot", "printed", "province"),
    [
        ("陕ICP备17020693号-1", "陕ICP备17020693号-1", "61"),
        ("备案号:浙ICP备2021012345号-2 主办", "浙ICP备2021012345号-2", "33"),
        ("蜀 ICP 备 05012345 号", "蜀ICP备05012345号", "51"),
        ("粤icp备05012345号", "粤icp备05012345号", "44"),
        ("陝ICP備17020693號", None, None),
        ("某ICP备05001234号-1", None, None),
        ("陕ICP备1702号", None, None),
        ("陕ICP证170206号", None, None),
    ],
)
def test_icp_numbers(foot, printed, province):
    found = [number for number in site_numbers(built(foot=f"<p>{foot}</p>").document, None) if number.kind == "icp"]
    assert [(number.printed, number.province) for number in found] == ([(printed, province)] if printed else [])


def test_the_police_number_may_stand_on_the_line_below():
    assert police_region(built(foot="<p>陕公网安备</p><p>61043002000110号</p>").document) == "610430"


CONTRADICTED = {
    "nothing": ({}, []),
    "site code": ({"foot": "<p>网站标识码:4403000052</p>"}, ["网站标识码4403000052"]),
    "police": ({"foot": "<p>粤公网安备 44030002000110号</p>"}, ["公网安备44030002000110号"]),
    "ICP": ({"foot": "<p>粤ICP备17020693号</p>"}, ["粤ICP备17020693号"]),
    "all": (
        {"foot": "<p>网站标识码:4403000052 粤ICP备17020693号</p><p>粤公网安备 44030002000110号</p>"},
        ["网站标识码4403000052", "公网安备44030002000110号", "粤ICP备17020693号"],
    ),
    "same province, another county": ({"foot": "<p>网站标识码:6108000013</p>"}, []),
    "organ of the State Council": ({"foot": "<p>网站标识码:bm29000002 京ICP备13021685号-2 京公网安备 11010802000110号</p>"}, []),
    "register": (
        {"context": PageContext(portal="x", adcode="440300")},
        [f"{kind}" for kind in ("网站标识码6104300003", "公网安备61043002000110号", "陕ICP备17020693号")],
    ),
    "register agrees": ({"context": PageContext(portal="x", adcode="610400")}, []),
}


@pytest.mark.parametrize("case", CONTRADICTED)
def test_numbers_that_belong_to_another_province(case):
    page, printed = CONTRADICTED[case]
    reading = built(**page)
    numbers = contradicting_numbers(reading)
    assert [number.printed for number in numbers] == printed
    found = identity_findings(reading, numbers)
    assert [(finding.code, finding.severity, finding.blame) for finding in found] == [
        ("site_identity_contradicted", "warning", None)
    ] * len(printed)
    assert len({finding.fingerprint for finding in found}) == len(printed)


def test_the_finding_names_both_places():
    reading = built(foot="<p>网站标识码:4403000052</p>")
    [finding] = identity_findings(reading, contradicting_numbers(reading))
    assert finding.message == "网站标识码4403000052 belongs to 广东省; the report or its portal belongs to 陕西省."


def test_many_numbers_are_bounded():
    foot = FOOT + "".join(f"<p>粤ICP备{17020000 + i}号 粤公网安备 4403{i:04}000110号</p>" for i in range(2000))
    assert len(site_numbers(built(foot=foot).document, None)) == 8
