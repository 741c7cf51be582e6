"""The demo's own promises, over plain HTTP: every list is reachable, every report is served as its truth says."""

from __future__ import annotations

import gzip
import re
import unicodedata
import urllib.error
import urllib.request
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import yaml
from lxml import html

from demo.places import STRANGER
from demo.server import AddressTakenError, DemoPortals, register
from demo.truth import lists, others, truth

FORMS = Path(__file__).parents[2] / "pipelines" / "statistics" / "forms"
NUMBER = re.compile(r"(增|减|[+-])?(\d+(?:\.\d+)?)(?:万元)?")
CODECS = {"gbk": "gb2312", "utf-8": "utf-8"}


@pytest.fixture(scope="module")
def demo():
    with DemoPortals(0) as running:
        yield running


@pytest.fixture(scope="module")
def reports(demo):
    return {entry["url"]: entry for entry in truth(demo.port)}


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:  # noqa: S310 - loopback
        return response.read(), response.headers


def printed_numbers(body, encoding):
    """The numbers that stand alone in a cell of the page's tables, as the form means them."""
    numbers = []
    for cell in html.fromstring(body, parser=html.HTMLParser(encoding=encoding)).iter("td"):
        text = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", cell.text_content()))
        if match := NUMBER.fullmatch(text):
            value = float(match[2])
            numbers.append(-value if match[1] in {"减", "-"} else value)
    return numbers


def test_there_is_enough_of_everything(demo, reports):
    assert len(reports) >= 40
    assert len(others(demo.port)) >= 300
    assert len({entry["portal"] for entry in reports.values()}) >= 5
    assert {entry["form"] for entry in reports.values()} == {"giar_2014", "giar_2019", "giar_2021", None}
    assert {entry["scope"] for entry in reports.values()} == {"consolidated", "office", "department", "township"}
    titles = [entry["title"] for entry in reports.values()]
    assert len(titles) == len(set(titles))


def test_every_list_and_article_answers(demo):
    for url in [*demo.addresses, *lists(demo.port), *others(demo.port)]:
        body, _ = get(url)
        assert b"@@" not in body
        assert len(body) > 50


def test_reports_are_served_in_their_declared_encoding(reports):
    for url, entry in reports.items():
        body, headers = get(url)
        text = body.decode(entry["encoding"])
        assert entry["title"] in text
        assert entry["site_code"] in text
        declared = headers.get_content_charset() or re.search(r"charset=[\"']?([\w-]+)", text)[1]
        assert declared.lower() == CODECS[entry["encoding"]]
        assert len(html.fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8")).text_content()) > 800


def test_one_portal_prints_what_its_declared_encoding_lacks(reports):
    body, _ = get(next(url for url, entry in reports.items() if entry["title"].startswith("於潜镇2018")))
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_the_tables_print_exactly_the_figures_of_the_truth(reports):
    for url, entry in reports.items():
        if entry["form"]:
            printed = printed_numbers(get(url)[0], entry["encoding"])
            assert Counter(printed) == Counter(float(value) for value in entry["figures"].values() if value is not None), url


def test_sentences_print_what_the_truth_says_they_state(reports):
    silent = re.compile("未收到|没有收取|未收取|未发生|没有收到|未出现|无涉及|没有对政府信息公开收取")
    for url, entry in reports.items():
        text = html.fromstring(get(url)[0], parser=html.HTMLParser(encoding=entry["encoding"])).text_content()
        for name, value in {**({} if entry["form"] else entry["figures"]), **entry["statements"]}.items():
            assert re.search(rf"(?<![\d.]){value}(?![\d.])", text) or (value == 0 and silent.search(text)), (url, name)


def expected_errors(form, figures):
    """The hard identities of the form that the figures break, as (check, column or row)."""
    document = yaml.safe_load((FORMS / f"{form}.yaml").read_text(encoding="utf-8"))
    tables = {table["id"]: table for table in document["tables"]}
    broken = set()

    def total(side, scope):
        value = 0
        for term in side.split(" + "):
            indicator, _, column = term.format(**scope).partition("[")
            value += figures[f"{indicator}|{column.rstrip(']')}"]
        return value

    for check in document["checks"]:
        if check["kind"] != "identity" or check["severity"] != "hard":
            continue
        scopes = [{}]
        if check.get("for_each") == "columns":
            scopes = [{"column": column["code"]} for column in tables[check["table"]]["columns"]]
        elif check.get("for_each") == "rows":
            scopes = [{"row": row["code"]} for row in tables[check["table"]]["rows"] if row["kind"] == "value"]
        for scope in scopes:
            try:
                left, right = (total(side, scope) for side in check["expr"].split(" = "))
            except TypeError:  # a blank
                continue
            if left != right:
                broken.add(check["id"])
    return broken


def test_identities_hold_but_for_the_listed_errors(reports):
    soft = {"prose_disagrees", "form_out_of_years", "channel_lower"}
    listed = set()
    for url, entry in reports.items():
        if entry["form"]:
            named = {error["check"] for error in entry["publisher_errors"]} - soft
            assert expected_errors(entry["form"], entry["figures"]) == named, url
            listed |= named
    assert listed == {"staff_by_kind", "received_by_channel", "results_sum", "requests_balance", "row_total", "review_total"}


def test_open_requests_are_carried_into_the_next_year(reports):
    by_organ = {(entry["publisher"], entry["report_year"]): entry["figures"] for entry in reports.values() if entry["report_year"] >= 2019}
    pairs = [(figures, by_organ[organ, year + 1]) for (organ, year), figures in by_organ.items() if (organ, year + 1) in by_organ]
    assert len(pairs) > 20
    for figures, following in pairs:
        assert figures["requests.carried_to_next|natural_person"] == following["requests.carried_over|natural_person"]


def test_real_facts_are_on_their_pages(reports):
    real = {(entry["publisher"], entry["report_year"]): entry for entry in reports.values()}
    chunhua = real["淳化县人民政府", 2021]
    assert chunhua["index_number"] == "/2022-00187"
    assert chunhua["published_date"] == "2022-02-08"
    assert chunhua["figures"]["article20_8.administrative_fees|fees_amount"] == 587.4072
    assert sum(value is None for value in chunhua["figures"].values()) == 140
    assert real["於潜镇人民政府", 2018]["figures"]["refused_trade_secret_count|"] is None
    assert real["大武口区商务和经济技术合作局", 2018]["published_date"] == "2019-03-27"
    assert real["乌恰县人民政府", 2018]["index_number"] == "WQX001-2019-000065"
    assert real["辽阳市人民政府", 2016]["figures"]["requests_received_count|"] == 71


def linked(url, encoding="utf-8"):
    document = html.fromstring(get(url)[0], parser=html.HTMLParser(encoding=encoding))
    return [(link.text_content().strip(), urljoin(url, link.get("href"))) for link in document.iter("a") if link.get("href")]


def test_static_lists_are_walked_by_their_next_link(demo, reports):
    url, found = f"http://127.0.71.1:{demo.port}/zfxxgk/zfxxgknb/", set()
    pages = 0
    while url:
        links = linked(url)
        found |= {target for _, target in links}
        url = dict(links).get("下一页")
        pages += 1
    assert pages >= 2
    assert {target for target, entry in reports.items() if entry["portal"] == "demo-chunhua"} <= found


def test_trs_lists_number_their_pages_from_zero(demo, reports):
    found = set()
    for folder in ("/xxgk/zfxxgknb/", "/xxgk/zfxxgknb/bmjd/"):
        base = f"http://127.0.71.2:{demo.port}{folder}"
        count = int(re.search(rb'createPageHTML\((\d+), 0, "index", "html"\)', get(base)[0])[1])
        assert count >= 2
        for name in ["index.html", *(f"index_{number}.html" for number in range(1, count))]:
            found |= {target for _, target in linked(base + name, "gbk")}
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{base}index_{count}.html")
    assert {target for target, entry in reports.items() if entry["portal"] == "demo-dawukou"} <= found


@pytest.mark.parametrize(
    ("portal", "column", "method"),
    [("demo-liaoyang", "col1412", "GET"), ("demo-linan", "col1229808", "POST"), ("demo-linan", "col1229809", "GET")],
)
def test_jcms_hands_out_the_rest_through_its_proxy(demo, reports, portal, column, method):
    host, codec = {"demo-liaoyang": ("127.0.71.4", "utf-8"), "demo-linan": ("127.0.71.5", "gbk")}[portal]
    url = f"http://{host}:{demo.port}/col/{column}/index.html"
    text = get(url)[0].decode(codec)
    total, group, size = (int(re.search(rf"{name}:(\d+)", text)[1]) for name in ("totalRecord", "groupSize", "perPage"))
    assert text.count("<record>") == group * size < total
    proxy = urljoin(url, re.search(r"proxyUrl:'([^']+)'", text)[1])
    unit = re.search(r"unitid:'(\d+)'", text)[1]
    starts = [*range(group * size + 1, total + 1, size), total + 1]
    for first, following in pairwise(starts):
        fields = {"startrecord": first, "endrecord": first + size - 1, "perpage": size, "columnid": column[3:], "unitid": unit}
        query = urlencode(fields)
        request = f"{proxy}?{query}" if method == "GET" else urllib.request.Request(proxy, data=query.encode())  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as response:  # noqa: S310 - loopback
            answer = response.read().decode(codec)
        assert answer.count("<record>") == following - first
        assert f"<totalrecord>{total}</totalrecord>" in answer
        text += answer
    found = {urljoin(url, target) for target in re.findall(r'href="(/art/[^"]+)"', text)}
    assert len(found) == total
    expected = {
        target for target, entry in reports.items() if entry["portal"] == portal and f"_{column[3:]}_" in target.replace("art_", "_")
    }
    assert expected
    assert expected <= found
    empty = get(f"{proxy}?{urlencode({'startrecord': total + 1, 'columnid': column[3:]})}")[0]
    assert b"<record>" not in empty


def test_a_home_page_that_only_refreshes(demo):
    body, _ = get(f"http://127.0.71.6:{demo.port}/")
    target = re.search(r"URL=([^\"]+)", body.decode("utf-8"))[1]
    assert "信息公开" in dict(linked(f"http://127.0.71.6:{demo.port}{target}"))


def test_pages_change_at_every_request_but_only_in_counter_and_clock(reports):
    url = next(iter(reports))
    first, second = get(url)[0].decode("utf-8"), get(url)[0].decode("utf-8")
    assert first != second
    changing = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+|\b204\d\d\b|\b2\d{4}\b")
    assert changing.sub("", first) == changing.sub("", second)


def test_http_manners(demo):
    home = f"http://127.0.71.1:{demo.port}/"
    packed, headers = get(home, **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert "淳化县" in gzip.decompress(packed).decode("utf-8")
    robots, _ = get(f"{home}robots.txt")
    assert b"Disallow: /search/" in robots
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{home}nothing/here.html")
    # A column without its closing slash is a redirect.
    before = demo.requests[f"{home}zfxxgk/"]
    get(f"{home}zfxxgk")
    assert demo.requests[f"{home}zfxxgk/"] == before + 1


def test_strangers_are_linked_and_counted(demo):
    targets = {urlsplit(target).hostname for _, target in linked(f"http://127.0.71.1:{demo.port}/")}
    assert STRANGER in targets
    assert demo.hosts[STRANGER] == 0
    get(f"http://{STRANGER}:{demo.port}/zfxxgk/zfxxgknb/")
    assert demo.hosts[STRANGER] == 1


def test_a_host_that_is_down_refuses_and_a_taken_address_is_named():
    with DemoPortals(0, down=["127.0.71.3"]) as demo:
        with pytest.raises(urllib.error.URLError):
            get(f"http://127.0.71.3:{demo.port}/")
        demo.bring_up("127.0.71.3")
        assert get(f"http://127.0.71.3:{demo.port}/")[0]
        with pytest.raises(AddressTakenError, match=rf"127\.0\.71\.1:{demo.port}.*--port"), DemoPortals(demo.port):
            pass
        demo.take_down("127.0.71.3")
        with pytest.raises(urllib.error.URLError):
            get(f"http://127.0.71.3:{demo.port}/")


def test_the_register_names_every_portal(demo, reports):
    entries = yaml.safe_load(register(demo.port))["portals"]
    assert {entry["id"] for entry in entries} == {entry["portal"] for entry in reports.values()}
    assert {entry["home"] for entry in entries} == set(demo.addresses)
    adcodes = {entry["portal"]: (entry["adcode"], entry["site_code"]) for entry in reports.values()}
    assert adcodes == {entry["id"]: (entry["adcode"], entry["site_code"]) for entry in entries}
