"""Is this page a copy that a stranger serves? Expired domains proxy government sites and rewrite them; signals and weights are data."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from giar_crawler.items import Mirror
from pipelines.addresses import host_of, is_government
from pipelines.checks.furniture import foreign_title, junk_tags, link_farm, republished, republisher
from pipelines.checks.mirror_signals import signals
from pipelines.checks.originals import Original, article_path, embedded_address, find_original, own_hosts, speaks_of_a_site
from pipelines.checks.replacements import original_words, replaced_name, replacement_finding, stuffed
from pipelines.decode.document import Document
from pipelines.decode.repair import BOPOMOFO
from pipelines.metadata.site import SiteNumber, contradicting_numbers, identity_findings
from pipelines.metadata.wording import kind_of_organ
from pipelines.reading import Reading

# A host of gov.cn that a text names, however it is written; one that only begins so is a stranger's.
_GOVERNMENT_NAMED = re.compile(r"gov\.cn(?![a-z0-9-]|\.[a-z])", re.IGNORECASE)
_PINYIN = re.compile(r"\((?<=[\u4e00-\u9fff]\()[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")
# The tones that every text of some length has; without them no other needs to be looked for.
_TONES = "ìàǔéōě"
_TONED = re.compile(r"[a-zü]{0,3}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{0,4}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_TONED = 20
# A character that lost its first byte after a full stop (`?f将`).
_LOST_HALF = re.compile(r"\?[A-Za-z][\u4e00-\u9fff]")
_ORGAN_SUFFIX = (".org.cn", ".edu.cn", ".ac.cn", ".net.cn", ".cn", ".政务", ".公益", ".xn--zfr164b")
_LOOPBACK = frozenset({"localhost", "ip6-localhost"})
_MAINLAND = re.compile(r"政府信息公开|信息公开条例|国务院")
_LONGEST_SHOWN = 120
# Whose report names the portal of its own government when it says where it can be read; schools and hospitals name their county's.
_GOVERNMENTS = frozenset({"consolidated", "office", "township"})
_FROM_TEXT = frozenset({"report_sentence", "own_site", "text", "footer"})


@dataclass(slots=True)
class _Evidence:
    points: float = 0.0
    lines: list[str] = field(default_factory=list)

    def add(self, name: str, words: str) -> None:
        self.points += signals().weights[name]
        self.lines.append(words)


def _host_kind(reading: Reading) -> tuple[str, str]:
    """The page's host and what it is: unknown, local, own (the portal's), government, odd or foreign."""
    page = reading.page
    host = host_of(page.url)
    if not host:
        return "", "unknown"
    context = page.context
    if host in {known.lower() for known in context.hosts} or (context.portal and not context.hosts):
        return host, "own"
    if is_government(host):
        return host, "government"
    if host in _LOOPBACK:
        return host, "local"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host, "odd" if host.endswith(_ORGAN_SUFFIX) and not host.endswith(".com.cn") else "foreign"
    return host, "local" if address.is_loopback else "odd"


def _self_named(text: str, hosts: list[tuple[str, int]]) -> str | None:
    """The host that is not gov.cn and that the text names as its own place, where it names no gov.cn host at all."""
    if not hosts or _GOVERNMENT_NAMED.search(text) or any(is_government(host) for host, _ in hosts):
        return None
    return next((host for host, at in hosts if not host.endswith(_ORGAN_SUFFIX) and speaks_of_a_site(text, host, at)), None)


def _bait(document: Document, title: str | None) -> str:
    """Where search engines look first: the titles, the breadcrumb and the first characters."""
    head = " ".join(line.clean for line in document.head[:20] if len(line.clean) < 200)
    start = " ".join(line.clean for line in document.body_lines[:5])[: signals().bait_length]
    return " ".join((document.head_title[:1000], document.meta.get("keywords", "")[:1000], title or "", head[:1000], start))


def _toned(text: str) -> int:
    """How many words with tone marks there are, where they are more than a share of the characters; else 0."""
    if not any(tone in text for tone in _TONES):
        return 0
    count = len(_TONED.findall(text))
    return count if count >= _FEWEST_TONED and count > signals().pinyin_share * len(_HAN.findall(text)) else 0


def _score_host(host: str, kind: str, reading: Reading, original: Original | None, evidence: _Evidence) -> None:
    if kind == "government":
        evidence.points += signals().government_host
    if kind not in ("foreign", "odd"):
        return
    if kind == "foreign":
        evidence.add("foreign_host", f"host {host[:_LONGEST_SHOWN]} is not gov.cn")
    else:
        evidence.add("odd_host", f"host {host[:_LONGEST_SHOWN]} is no usual host of a government")
    if embedded := embedded_address(reading.page.url)[0]:
        evidence.add("embedded_original", f"the page's address has that of {embedded} in it")
    elif original and _is_home(original, reading):
        evidence.add("names_original", f"the page names {original.host} as its home ({original.source})")


def _is_home(original: Original, reading: Reading) -> bool:
    """Whether the page says of itself that it lies elsewhere."""
    told = original.source not in _FROM_TEXT or reading.report.scope in _GOVERNMENTS
    return told and original.points >= signals().home_at_least


def _score_words(reading: Reading, text: str, evidence: _Evidence) -> str | None:
    """Weighs the words of spam and those that they replaced; returns the phrase that stands in the place of a name."""
    document, report, known = reading.document, reading.report, signals()
    organ = " ".join(filter(None, (report.title, report.publisher, report.source)))
    baited = stuffed(_bait(document, report.title), organ)
    at_work = baited is not None and known.police_organs.search(organ.lower().replace(baited, "")) is not None
    word = baited or stuffed(text, organ)
    if baited and not at_work:
        evidence.add("lexicon", f"{baited} in the title or at the beginning")
    elif word:
        evidence.add("lexicon_anywhere", f"{word} in the text")
    replaced = replaced_name(text, stuffed_with=word)
    if replaced is None:
        return None
    evidence.add("replaced_name", f"{replaced[0]} stands {replaced[1]} times where the name of a place belongs")
    return replaced[0]


def _score_text(reading: Reading, text: str, evidence: _Evidence, *, genuine: bool) -> None:
    document, known = reading.document, signals()
    if document.traditional and not genuine and _MAINLAND.search(text):
        evidence.add("traditional", "traditional characters in a mainland report")
    count = max(document.pinyin, len(_PINYIN.findall(text)))
    if toned := _toned(text):
        evidence.add("pinyin_everywhere", f"{toned} words with tone marks among the characters")
    elif count >= known.pinyin_at_least:
        evidence.add("pinyin", f"pinyin in brackets {count} times")
    if document.repaired or (document.has_halves and BOPOMOFO.search(text)) or _LOST_HALF.search(text):
        evidence.add("shifted_bytes", "characters broken by dropped bytes")


def _score_furniture(reading: Reading, evidence: _Evidence) -> None:
    if title := foreign_title(reading):
        evidence.add("foreign_title", f"the title has nothing of the report: {title[:_LONGEST_SHOWN]}")
    if farm := link_farm(reading):
        evidence.add("link_farm", farm)
    if name := republisher(reading.document):
        evidence.add("republisher", f"the title ends with {name}")
    elif words := republished(reading.document):
        evidence.add("republished", f"around the text stand {', '.join(words[:4])}")
    # The whole markup is searched only where that can decide.
    decides = evidence.points + signals().weights["junk_tags"] >= signals().border
    if decides and (count := junk_tags(reading.page.body)) >= signals().junk_tags_at_least:
        evidence.add("junk_tags", f"{count} elements with random ids")


def _score_numbers(numbers: list[SiteNumber], evidence: _Evidence) -> None:
    if numbers:
        name = "other_icp" if all(number.kind == "icp" for number in numbers) else "other_region"
        evidence.add(name, f"{numbers[0].printed} belongs to another province than the report")


def detect_mirror(reading: Reading) -> Mirror | None:
    """Why the page is taken for a mirror, `None` when it is not. The score is 0.5 at the border and tends to 1.

    Works without an address. Hosts of the portal, of gov.cn and loopback are no evidence; on the first two neither are traditional
    characters and what stands around the report. `suspected_original` is the address or host that the page gives away. Adds the findings
    `words_replaced` and `site_identity_contradicted` to the record, on whatever page.
    """
    document, report = reading.document, reading.report
    evidence = _Evidence()
    text = document.clean_text
    hosts = own_hosts(text)
    host, kind = _host_kind(reading)
    genuine = kind in ("government", "own")
    original = find_original(reading, text, hosts) if kind in ("foreign", "odd") else None
    _score_host(host, kind, reading, original, evidence)
    # Development zones, hospitals and schools have their sites on .com and .cn, and say so.
    own_kind = kind_of_organ(report.publisher) if report.publisher else None
    named = None if own_kind in ("zone", "institution") else _self_named(text, hosts)
    if named is not None:
        evidence.add("self_named_host", f"the text names {named} as its own site and no gov.cn host")
    phrase = _score_words(reading, text, evidence)
    _score_text(reading, text, evidence, genuine=genuine)
    numbers = contradicting_numbers(reading)
    _score_numbers(numbers, evidence)
    if not genuine:
        _score_furniture(reading, evidence)
    report.findings += identity_findings(reading, numbers)
    if phrase is not None:
        report.findings.append(replacement_finding(phrase, original_words(reading, phrase, text), text))
        if report.publisher is not None and phrase.lower() in report.publisher.lower():
            # The words that hide a name are none.
            report.publisher = None
    known = signals()
    if evidence.points < known.border:
        return None
    original = original or find_original(reading, text, hosts)
    if named is not None:
        report.findings.append(replacement_finding(named, original.host if original else None, text))
    if original is None and (platform := article_path(report.url)[0]) and kind == "foreign":
        evidence.lines.append(f"the path is that of an article on {platform}; the host that it was taken from is unknown")
    score = round(evidence.points / (evidence.points + known.border), 4)
    return Mirror(score=score, evidence=evidence.lines, suspected_original=original.address if original else None)
