"""What the portals of all platform families have in common: who they are, what they publish, and the page around it.

Each family is one module with a `FamilySite`, which answers requests in the shapes of its content system. Everything is made up but the
names of places; the reports are short and in prose, for it is the lists that these portals are about.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from html import escape

from demo.sites import Answer

ORGANS = ("教育局", "财政局", "民政局", "水利局", "审计局", "卫生健康局", "农业农村局", "人力资源和社会保障局")
TOWNS = ("城关镇", "石桥镇", "柳林镇")
# What stands beside the reports in the same lists or columns, and is none.
NEAR_MISSES = (
    "{place}{year}年法治政府建设年度报告",
    "图解:{place}{year}年政府信息公开工作年度报告",
    "关于做好{year}年政府信息公开工作年度报告编制工作的通知",
    "{place}{year}年政府网站工作年度报表",
)
NEWS = ("{place}召开{year}年经济工作会议", "{place}开展安全生产检查", "{place}举办第{number}届文化节", "{place}{year}年度部门决算")


@dataclass(frozen=True)
class FamilyPortal:
    """A portal. `years` are the report years of the government, `organ_years` those of each other organ; `quirk` varies the family."""

    id: str
    host: str
    family: str
    place: str
    adcode: str
    site_code: str
    years: tuple[int, ...] = tuple(range(2014, 2024))
    organ_years: tuple[int, ...] = (2021, 2022)
    organs: tuple[str, ...] = ORGANS[:4]
    encoding: str = "utf-8"
    quirk: str = ""

    @property
    def government(self) -> str:
        """The organ that reports for the place."""
        return f"{self.place}人民政府"


@dataclass(frozen=True)
class FamilyArticle:
    """One page of a portal. `number` is unique on the portal; `year` and `organ` are those of a report, `None` for what is none."""

    number: int
    column: str
    title: str
    published: date
    year: int | None = None
    organ: str | None = None
    body: str = field(default="", repr=False)

    @property
    def is_report(self) -> bool:
        """Whether it is an annual report."""
        return self.year is not None


def _report_body(portal: FamilyPortal, organ: str, year: int, numbers: random.Random) -> str:
    own = "全县" if organ == portal.government else "我局" if organ.endswith("局") else "我镇"
    disclosed, received = numbers.randint(20, 4000), numbers.randint(0, 40)
    opening = f"根据《中华人民共和国政府信息公开条例》的要求,现公布{organ}{year}年政府信息公开工作年度报告。"
    paragraphs = (
        f"{opening}本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
        "一、总体情况",
        f"{year}年,{own}认真贯彻落实条例,坚持以公开为常态、不公开为例外,不断完善公开制度,拓宽公开渠道。",
        "二、主动公开政府信息情况",
        f"{year}年主动公开政府信息{disclosed}条,内容涉及机构职能、政策文件、财政预决算、民生保障等方面。",
        "三、收到和处理政府信息公开申请情况",
        f"{year}年收到政府信息公开申请{received}件,均在法定期限内予以答复。",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        f"{year}年未发生因政府信息公开申请行政复议、提起行政诉讼的情况。",
        "五、政府信息公开工作存在的主要问题及改进情况",
        "存在的主要问题是公开的深度和广度有待加强。下一步将进一步规范公开内容,提高公开质量。",
        "六、其他需要报告的事项",
        "无。",
    )
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def _other_body(title: str, number: int) -> str:
    return f"<p>{escape(title)}。</p>" + f"<p>会议指出,要围绕中心工作抓好落实,确保完成全年目标任务({number})。</p>" * 4


def articles(portal: FamilyPortal) -> list[FamilyArticle]:
    """All pages of a portal, newest first: `annual` reports, near misses in the `notices`, and `news`."""
    numbers = random.Random(portal.id)  # noqa: S311  # always the same demo
    found = []
    organs = [(portal.government, portal.years)] + [
        (f"{portal.place}{organ}" if not organ.endswith("镇") else f"{portal.place}{organ}人民政府", portal.organ_years)
        for organ in portal.organs
    ]
    number = numbers.randint(1000, 5000)
    for organ, years in organs:
        for year in years:
            number += numbers.randint(1, 9)
            day = date(year + 1, 1, 10) + timedelta(days=numbers.randint(0, 70))
            title = f"{organ}{year}年政府信息公开工作年度报告"
            found.append(FamilyArticle(number, "annual", title, day, year, organ, _report_body(portal, organ, year, numbers)))
    for column, shapes in (("notices", NEAR_MISSES), ("news", NEWS)):
        for year in (2021, 2022, 2023):
            for shape in shapes:
                number += numbers.randint(1, 9)
                title = shape.format(place=portal.place, year=year, number=number)
                day = date(year + 1, 2, 1) + timedelta(days=numbers.randint(0, 200))
                found.append(FamilyArticle(number, column, title, day, body=_other_body(title, number)))
    return sorted(found, key=lambda article: (article.published, article.number), reverse=True)


class FamilySite(ABC):
    """A portal as a web server sees it. A family says where its pages lie and answers the requests of its lists."""

    def __init__(self, portal: FamilyPortal) -> None:
        self.portal = portal

    @cached_property
    def articles(self) -> list[FamilyArticle]:
        """All pages, newest first."""
        return articles(self.portal)

    def of(self, column: str) -> list[FamilyArticle]:
        """The pages of one column: `annual`, `notices`, `news`."""
        return [article for article in self.articles if article.column == column]

    @abstractmethod
    def article_path(self, article: FamilyArticle) -> str:
        """The path (with query) of an article's page."""

    @abstractmethod
    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """The answer to a request; `fields` are the parameters of the query and of a posted form, `body` what was posted otherwise."""

    def report_urls(self, port: int) -> dict[str, FamilyArticle]:
        """The addresses of all reports of the portal."""
        root = f"http://{self.portal.host}:{port}"
        return {root + self.article_path(article): article for article in self.articles if article.is_report}

    # --- What the answers are made of

    def html(self, title: str, main: str, *, head: str = "", status: int = 200) -> Answer:
        """A page around `main`, in the portal's encoding."""
        portal = self.portal
        text = (
            f'<!DOCTYPE html><html><head><meta charset="{portal.encoding}"><title>{escape(title)}</title>'
            f'<meta name="SiteName" content="{portal.government}"><meta name="SiteIDCode" content="{portal.site_code}">{head}</head><body>'
            f'<div class="top"><a href="/">网站首页</a></div>{main}'
            f'<div class="footer">主办:{portal.government}办公室 网站标识码:{portal.site_code}</div></body></html>'
        )
        return Answer(status, f"text/html; charset={portal.encoding}", text.encode(portal.encoding, "xmlcharrefreplace"))

    def article(self, article: FamilyArticle, *, around: str = "{}") -> Answer:
        """The page of an article; `around` is the family's own markup around its body."""
        line = f"发布日期:{article.published:%Y-%m-%d} 来源:{article.organ or self.portal.government}"
        header = f"<h1>{escape(article.title)}</h1><div class=info>{line}</div>"
        return self.html(article.title, header + around.format(article.body))

    def missing(self) -> Answer:
        """What is not there."""
        return self.html("页面不存在", "<p>对不起,您访问的页面不存在或已被删除。</p>", status=404)

    def plain(self, text: str, content_type: str = "text/plain") -> Answer:
        """An answer that is no page: JSON, XML, a script."""
        return Answer(200, f"{content_type}; charset=utf-8", text.encode())

    def item(self, article: FamilyArticle, href: str | None = None) -> str:
        """A list's row."""
        path, title = escape(href or self.article_path(article)), escape(article.title)
        return f'<li><a href="{path}" title="{title}">{title}</a><span>{article.published:%Y-%m-%d}</span></li>'

    def robots(self) -> Answer:
        """robots.txt."""
        return Answer(200, "text/plain", b"User-agent: *\nDisallow: /search/\n")
