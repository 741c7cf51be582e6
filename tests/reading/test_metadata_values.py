"""Dates and index numbers: every shape met, and never a value that is not there."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import pipelines.metadata.index_number as numbers
from pipelines.data import DataError
from pipelines.metadata.dates import FIRST_YEAR, LAST_YEAR, date_of_url, dates_in, read_date

DATES = {
    "2019-03-26 12:02": "2019-03-26",
    "2019年03月27日": "2019-03-27",
    "2019 年 3 月 2 7 日": "2019-03-27",
    "2018.12.26": "2018-12-26",
    "2018/3/26": "2018-03-26",
    "[2014-04-30]": "2014-04-30",
    "2015-10-15 10:06:36": "2015-10-15",
    "2008-05-23 09:51:38.000": "2008-05-23",
    "２０１９年３月２７日": "2019-03-27",
    "二〇一九年二月十二日": "2019-02-12",
    "二○○八年九月二十八日": "2008-09-28",
    "二OO八年五月二十三日": "2008-05-23",
    "二零二一年元月卅日": "2021-01-30",
    "二〇二〇年十一月廿五日": "2020-11-25",
    "20190117": "2019-01-17",
    "2019-3-27T10:00:00Z": "2019-03-27",
    "2019,3,27": "2019-03-27",
}
NO_DATES = [
    "2020119日",
    "202611",
    "2019年13月1日",
    "2019年2月30日",
    "长期公开",
    "1447条",
    "2150年1月1日",
    "1949-10-01",
    "12019-03-27",
    "19年3月2日",
    "",
]
URLS = {
    "http://a.gov.cn/x/202301/t20230128_3929475.html": date(2023, 1, 28),
    "https://a.gov.cn/art/2021/1/19/art_1229517086_50726.html": date(2021, 1, 19),
    "https://a.gov.cn/nw12344/20230331/ab12.html": date(2023, 3, 31),
    "http://a.gov.cn/cms/html/npszf/2013-01-25/1779102018.html": date(2013, 1, 25),
    "http://a.gov.cn/columns/ab-cd/202103/05/ef.html": date(2021, 3, 5),
    "http://a.gov.cn/xxgk/2019/0326/812.html": date(2019, 3, 26),
    "http://a.gov.cn/xjwqx/c128570/202601/c531.shtml": None,
    "http://a.gov.cn/info/8225/293542.htm?d=/20190101/": None,
    "http://a.gov.cn/x/t20191399_1.html": None,
}


@pytest.mark.parametrize("printed", DATES)
def test_dates(printed):
    read = read_date(printed)
    assert read is not None
    assert (str(read.value), read.precision) == (DATES[printed], "day")


@pytest.mark.parametrize("printed", NO_DATES)
def test_no_dates(printed):
    assert read_date(printed) is None


@pytest.mark.parametrize(
    ("printed", "precision"), [("2019-03", "month"), ("2019年3月", "month"), ("二○○八年", "year"), ("2019年3月2 10:20", "month")]
)
def test_less_than_a_day_has_no_value(printed, precision):
    read = read_date(printed)
    assert read is not None
    assert (read.value, read.precision) == (None, precision)


@pytest.mark.parametrize("url", URLS)
def test_dates_of_addresses(url):
    read = date_of_url(url)
    assert (read.value if read else None) == URLS[url]


@given(st.text(max_size=80))
def test_any_text_is_read_without_error(text):
    for read in dates_in(text):
        assert FIRST_YEAR <= read.year <= LAST_YEAR
        assert (read.value is None) == (read.precision != "day")
    read_date(text)


@given(
    st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)),
    st.sampled_from(["{0:%Y}年{1}月{2}日", "{0:%Y-%m-%d}", "{0:%Y}.{1}.{2}", "{0:%Y}/{1}/{2}"]),
)
def test_a_printed_date_comes_back(day, form):
    read = read_date("发布于" + form.format(day, day.month, day.day) + " 10:20:30")
    assert read is not None
    assert read.value == day


EXAMPLES = yaml.safe_load(Path(numbers.__file__).with_name("index_numbers.yaml").read_text("utf-8"))["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["raw"])
def test_examples_are_of_their_kind(example):
    number = numbers.parse(example["raw"])
    assert (number.normalized, number.kind, number.organization_valid) == (example["raw"], example["kind"], example["valid"])


def test_parts():
    number = numbers.parse(" ０02508860／2019—56831 ")
    assert (number.normalized, number.organization, number.year, number.month, number.serial) == (
        "002508860/2019-56831",
        "002508860",
        2019,
        None,
        "56831",
    )
    number = numbers.parse("003110926/201510-00216")
    assert (number.year, number.month, number.serial) == (2015, 10, "00216")
    assert numbers.parse("/2022-00187").warnings == ["missing_org"]
    assert numbers.parse("035210000/2025-00016").warnings == ["bad_check_digit"]
    assert numbers.parse("002508860/1949-56831").warnings == ["year_out_of_range"]
    assert numbers.parse("索引号见附件").warnings == []
    assert numbers.parse("002508860/2019-56831 主题分类").warnings == ["extra_text"]


@given(st.text(max_size=300))
def test_no_number_is_rejected(raw):
    number = numbers.parse(raw)
    if number is None:
        assert not any(character.isdigit() for character in raw)
        return
    assert number.kind in {kind.name for kind in numbers.kinds()}
    assert unicodedata.is_normalized("NFC", number.normalized)
    assert not any(character.isspace() for character in number.normalized)
    assert number.organization is None or number.organization in number.normalized


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_one_check_digit_of_eleven_is_right(body):
    assert sum(numbers.gb11714_valid(body + check) for check in "0123456789X") == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("kinds: [{kind: a, regex: '(', meaning: b}]", "regex"),
        ("kinds: [{kind: a, regex: b, colour: c}]", "colour"),
        ("kinds: [{kind: a, regex: b, check_digit: c}]", "check_digit"),
        ("kinds: [{kind: a, regex: b}]", "unknown"),
    ],
)
def test_wrong_kinds_name_file_and_key(tmp_path, text, named):
    path = tmp_path / "numbers.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=f"numbers.yaml.*{named}"):
        numbers.read_kinds(path)
