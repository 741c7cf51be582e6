"""Is this page a copy that a stranger serves? Expired domains proxy government sites and rewrite them; signals and weights are data."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from giar_crawler.items import Mirror
from pipelines.addresses import host_of
from pipelines.attachments import TYPES
from pipelines.data import any_of, load, pattern
from pipelines.decode.document import Document
from pipelines.decode.repair import BOPOMOFO
from pipelines.labels import meta_value
from pipelines.reading import Reading

_WEIGHTS = (
    "foreign_host odd_host self_named_host lexicon lexicon_anywhere replaced_name traditional pinyin shifted_bytes other_region other_meta"
).split()
SHAPE = {
    **dict.fromkeys(("border", "government_host"), float),
    **dict.fromkeys(("replaced_at_least", "pinyin_at_least", "bait_length"), int),
    "weights": dict.fromkeys(_WEIGHTS, float),
    "lexicon": any_of,
    "police": pattern,
}
# Runs of what an address is made of; those with a dot and without @ that have the form of a host are hosts.
_TOKEN = re.compile(r"[a-z0-9@_.-]+")
# Every host has this; most pages name none, and looking for one letter after another takes longer than for a dot.
_DOMAIN = re.compile(r"\.[a-z]")
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}[a-z]{2,12}")
# Where a report names the place of its own electronic version or its government's site.
_OWN_SITE = re.compile(r"电子版|下载|门户网|政府网|官网|官方网站|信息公开(?:网|平台|栏)|网站|网络平台|登录|查阅|网址")
_OWN_SITE_REACH = 30
# Companies whose sites reports name as channels; a report does not lie there.
_CHANNELS = re.compile(r"(?:weibo|qq|wechat|weixin|163|126|sina|sohu|baidu|toutiao|douyin|people|xinhuanet|cctv|12345|alipay|conac|miit)\.")
_FILE_NAME = re.compile(rf"\.(?:{'|'.join(TYPES)}|html?|shtml|jsp|aspx?|php|jpg|png|gif|js|css|txt)$")
# What stands before 人民政府 in a genuine text ends with a kind of place, a pronoun, a verb or a preposition.
_PHRASE = re.compile(r"[^\s,。;:、《》()“”\"'|〔〕]{2,20}$")
_PLACE_END = re.compile(r"(?:[省市县区旗盟州镇乡木]|街道|兵团|本级|各级|上级|下级|同级|一级|两级|三级|四级|中央|国家|地方|我国|全国)$")
_FUNCTION_END = re.compile(r"[由经向对和与及或于在的为是各该本我从被将以按据级报请受代市县区省到给即]$")
_FOREIGN = re.compile(r"[0-9a-z]")
_PHRASE_TAIL = 4
_PINYIN = re.compile(r"\((?<=[\u4e00-\u9fff]\()[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")
# A character that lost its first byte after a full stop (`?f将`).
_LOST_HALF = re.compile(r"\?[a-z][\u4e00-\u9fff]")
_ORGAN_SUFFIX = (".org.cn", ".edu.cn", ".ac.cn", ".net.cn", ".cn", ".政务", ".公益", ".xn--zfr164b")
_LOOPBACK = frozenset({"localhost", "ip6-localhost"})
_MAINLAND = re.compile(r"政府信息公开|信息公开条例|国务院")
_REACH = 12


@dataclass(slots=True, frozen=True)
class Signals:
    """The checked data of `mirrors.yaml`."""

    border: float
    weights: dict[str, float]
    government_host: float
    replaced_at_least: int
    pinyin_at_least: int
    bait_length: int
    lexicon: re.Pattern[str]
    police: re.Pattern[str]


@cache
def signals() -> Signals:
    """The signals that come with the program."""
    return Signals(**load(Path(__file__).with_name("mirrors.yaml"), SHAPE))


@dataclass(slots=True)
class _Evidence:
    points: float = 0.0
    lines: list[str] = field(default_factory=list)

    def add(self, name: str, words: str) -> None:
        self.points += signals().weights[name]
        self.lines.append(words)


def _is_government(host: str) -> bool:
    return host == "gov.cn" or host.endswith((".gov.cn", ".政务", ".xn--zfr164b"))


def _host_kind(reading: Reading) -> tuple[str, str]:
    """The page's host and what it is: unknown, local, own (the portal's), government, odd or foreign."""
    page = reading.page
    host = host_of(page.url)
    if not host:
        return "", "unknown"
    context = page.context
    if host in {known.lower() for known in context.hosts} or (context.portal and not context.hosts):
        return host, "own"
    if _is_government(host):
        return host, "government"
    if host in _LOOPBACK:
        return host, "local"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host, "odd" if host.endswith(_ORGAN_SUFFIX) and not host.endswith(".com.cn") else "foreign"
    return host, "local" if address.is_loopback else "odd"


def _named_hosts(text: str) -> list[tuple[str, int]]:
    """Hosts that a text names, with their offsets; addresses of mail and names of files are none."""
    if _DOMAIN.search(text) is None:
        return []
    found, start = [], 0
    for line in text.split("\n"):
        if "." in line:
            found += [(match.group().strip(".-_"), match.start()) for match in _TOKEN.finditer(text, start, start + len(line))]
        start += len(line) + 1
    return [
        (token, offset)
        for token, offset in found
        if "." in token and _HOST.fullmatch(token) and not _FILE_NAME.search(token) and not _CHANNELS.search(token)
    ]


def _self_named(text: str, hosts: list[tuple[str, int]]) -> str | None:
    """The host that is not gov.cn and that the text names as its own place, where it names no gov.cn host at all."""
    if any(_is_government(host) for host, _ in hosts) or "gov.cn" in text:
        return None
    for host, offset in hosts:
        around = text[max(0, offset - _OWN_SITE_REACH) : offset + len(host) + _OWN_SITE_REACH]
        if _OWN_SITE.search(around) and not host.endswith(_ORGAN_SUFFIX):
            return host
    return None


def _stuffed(text: str) -> str | None:
    """The first word of the lexicon that is not the object of police work."""
    known = signals()
    for match in known.lexicon.finditer(text):
        if not known.police.search(text[max(0, match.start() - _REACH) : match.end() + _REACH]):
            return match.group()
    return None


def replaced_name(text: str) -> tuple[str, int] | None:
    """A phrase that stands where the name of a place belongs (`…人民政府`) and is none, with its count; `None` when there is none.

    It has digits or Latin letters or words of the lexicon, as names of places never have.
    """
    tails: Counter[str] = Counter()
    phrases: dict[str, list[str]] = {}
    for place in re.finditer("人民政府", text):
        before = _PHRASE.search(text[max(0, place.start() - 20) : place.start()])
        phrase = before.group() if before else ""
        if not phrase or _PLACE_END.search(phrase) or _FUNCTION_END.search(phrase):
            continue
        tails[phrase[-_PHRASE_TAIL:]] += 1
        phrases.setdefault(phrase[-_PHRASE_TAIL:], []).append(phrase)
    for tail, count in tails.most_common(3):
        common = _common_end(phrases[tail])
        if count >= signals().replaced_at_least and (_FOREIGN.search(common) or signals().lexicon.search(common)):
            return common, count
    return None


def _common_end(phrases: list[str]) -> str:
    shortest = min(phrases, key=len)
    length = next((n for n in range(len(shortest), 0, -1) if all(phrase.endswith(shortest[-n:]) for phrase in phrases)), 0)
    return shortest[len(shortest) - length :]


def _bait(document: Document, title: str | None) -> str:
    """Where search engines look first: the titles, the breadcrumb and the first characters."""
    head = " ".join(line.clean for line in document.head[:20] if len(line.clean) < 200)
    start = " ".join(line.clean for line in document.body_lines[:5])[: signals().bait_length]
    return " ".join((document.head_title, document.meta.get("keywords", ""), title or "", head[:1000], start)).lower()


def _original(hosts: list[tuple[str, int]], document: Document, own: str) -> str | None:
    """A government host that the page names: in its text, its links or its meta tags, and that is not the page's own."""
    linked = (host_of(link.href) for link in document.links if "gov.cn" in link.href and "jiucuo" not in link.href)
    named = [host for host, _ in hosts] + [(meta_value(document.meta, "site_domain") or "").lower()]
    common = ("www.gov.cn", "gov.cn", "zfwzgl.www.gov.cn", "www.miit.gov.cn", "beian.miit.gov.cn", "www.beian.gov.cn")
    found = Counter(host for host in (*named, *linked) if _is_government(host) and host != own and host not in common)
    return found.most_common(1)[0][0] if found else None


def _score_host(reading: Reading, evidence: _Evidence) -> tuple[str, str]:
    host, kind = _host_kind(reading)
    if kind == "foreign":
        evidence.add("foreign_host", f"host {host} is not gov.cn")
    elif kind == "odd":
        evidence.add("odd_host", f"host {host} is no usual host of a government")
    elif kind == "government":
        evidence.points += signals().government_host
    return host, kind


def _score_text(reading: Reading, text: str, hosts: list[tuple[str, int]], evidence: _Evidence, *, genuine: bool) -> None:
    document, known = reading.document, signals()
    if (named := _self_named(text, hosts)) is not None:
        evidence.add("self_named_host", f"the text names {named} as its own site and no gov.cn host")
    if (word := _stuffed(_bait(document, reading.report.title))) is not None:
        evidence.add("lexicon", f"{word} in the title or at the beginning")
    elif (word := _stuffed(text)) is not None:
        evidence.add("lexicon_anywhere", f"{word} in the text")
    if (replaced := replaced_name(text)) is not None:
        evidence.add("replaced_name", f"{replaced[0]} stands {replaced[1]} times where the name of a place belongs")
    if document.traditional and not genuine and _MAINLAND.search(text):
        evidence.add("traditional", "traditional characters in a mainland report")
    if (count := max(document.pinyin, len(_PINYIN.findall(text)))) >= known.pinyin_at_least:
        evidence.add("pinyin", f"pinyin in brackets {count} times")
    if document.repaired or (document.has_halves and BOPOMOFO.search(text)) or _LOST_HALF.search(text):
        evidence.add("shifted_bytes", "characters broken by dropped bytes")


def detect_mirror(reading: Reading) -> Mirror | None:
    """Why the page is taken for a mirror, `None` when it is not. The score is 0.5 at the border and tends to 1.

    Works without an address. Hosts of the portal, of gov.cn and loopback are no evidence; on the first two traditional characters are none.
    `suspected_original` is a gov.cn host that the page still names.
    """
    document, report = reading.document, reading.report
    evidence = _Evidence()
    text = "\n".join([line.clean for line in document.lines if line.cells is None]).lower()
    hosts = _named_hosts(text)
    host, kind = _score_host(reading, evidence)
    _score_text(reading, text, hosts, evidence, genuine=kind in ("government", "own"))
    code = report.site_code
    if code and code.isdigit() and report.adcode and code[:2] != report.adcode[:2]:
        evidence.add("other_region", f"site code {code} belongs to another province than the text")
    domain = (meta_value(document.meta, "site_domain") or "").lower()
    if host and not _is_government(host) and _is_government(domain.split("/")[-1]):
        evidence.add("other_meta", f"the meta tags name {domain}")
    known = signals()
    if evidence.points < known.border:
        return None
    score = round(evidence.points / (evidence.points + known.border), 4)
    return Mirror(score=score, evidence=evidence.lines, suspected_original=_original(hosts, document, host))
