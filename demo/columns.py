"""The columns 栏目 of each portal: their names, places in the tree and folders. The key says what kind of article stands in a column."""

from __future__ import annotations

from typing import NamedTuple

from demo.content import Article, articles
from demo.places import Portal


class Column(NamedTuple):
    """A column. `parent` is the key of the column above it, empty at the top; `path` its folder, with slashes at both ends."""

    key: str
    name: str
    parent: str
    path: str


# key -> (name, folder) for each portal; a key before a slash is the column above. The order is that of the menus.
NAMES: dict[str, dict[str, tuple[str, str]]] = {
    "demo-chunhua": {
        "news": ("政务动态", "/zwdt/"),
        "notices": ("通知公告", "/tzgg/"),
        "disclosure": ("政府信息公开", "/zfxxgk/"),
        "disclosure/guide": ("政府信息公开指南", "/zfxxgk/zfxxgkzn/"),
        "disclosure/rules": ("政府信息公开制度", "/zfxxgk/zfxxgkzd/"),
        "disclosure/catalogue": ("法定主动公开内容", "/zfxxgk/fdzdgknr/"),
        "disclosure/annual": ("政府信息公开年报", "/zfxxgk/zfxxgknb/"),
        "disclosure/law": ("法治政府建设年报", "/zfxxgk/fzzfnb/"),
        "finance": ("财政信息", "/czxx/"),
        "plans": ("规划计划", "/ghjh/"),
        "statistics": ("统计年报", "/tjxx/"),
        "interpretation": ("政策解读", "/zcjd/"),
    },
    "demo-dawukou": {
        "news": ("区情要闻", "/xwzx/qqyw/"),
        "disclosure": ("政府信息公开", "/xxgk/"),
        "disclosure/guide": ("公开指南", "/xxgk/zfxxgkzn/"),
        "disclosure/rules": ("公开制度", "/xxgk/gkzd/"),
        "disclosure/catalogue": ("公开目录", "/xxgk/zfxxgkml/"),
        "disclosure/annual": ("政府信息公开年报", "/xxgk/zfxxgknb/"),
        "annual/units": ("部门街道年报", "/xxgk/zfxxgknb/bmjd/"),
        "disclosure/finance": ("财政预决算", "/xxgk/czyjs/"),
        "disclosure/plans": ("政府工作报告", "/xxgk/zfgzbg/"),
        "disclosure/law": ("法治政府建设", "/xxgk/fzzf/"),
        "notices": ("公示公告", "/gsgg/"),
        "statistics": ("统计公报", "/tjgb/"),
        "interpretation": ("政策解读", "/zcjd/"),
    },
    "demo-wuqia": {
        "news": ("乌恰要闻", "/news/wqyw/"),
        "notices": ("公告栏", "/news/ggl/"),
        "disclosure": ("政务公开", "/zwgk/"),
        "disclosure/guide": ("信息公开指南", "/zwgk/xxgkzn/"),
        "disclosure/rules": ("信息公开制度", "/zwgk/xxgkzd/"),
        "disclosure/catalogue": ("信息公开目录", "/zwgk/xxgkml/"),
        "disclosure/annual": ("信息公开年报", "/zwgk/xxgknb/"),
        **{f"annual/annual-{year}": (f"{year}年", f"/zwgk/xxgknb/{year}n/") for year in range(2023, 2013, -1)},
        "disclosure/finance": ("财政资金", "/zwgk/czzj/"),
        "disclosure/plans": ("规划总结", "/zwgk/ghzj/"),
        "disclosure/law": ("依法行政", "/zwgk/yfxz/"),
        "statistics": ("统计数据", "/zwgk/tjsj/"),
        "interpretation": ("政策解读", "/zwgk/zcjd/"),
    },
    "demo-liaoyang": {
        "news": ("辽阳要闻", "/col/col1401/"),
        "notices": ("公示公告", "/col/col1402/"),
        "annual": ("信息公开年报", "/col/col1412/"),
        "disclosure": ("政务公开", "/col/col1403/"),
        "disclosure/guide": ("信息公开指南", "/col/col1404/"),
        "disclosure/rules": ("信息公开制度", "/col/col1405/"),
        "disclosure/catalogue": ("信息公开目录", "/col/col1406/"),
        "disclosure/finance": ("财政预决算", "/col/col1407/"),
        "disclosure/plans": ("政府工作报告", "/col/col1408/"),
        "disclosure/law": ("法治政府建设年度报告", "/col/col1409/"),
        "disclosure/statistics": ("统计信息", "/col/col1410/"),
        "disclosure/interpretation": ("政策解读", "/col/col1411/"),
    },
    "demo-linan": {
        "news": ("临安动态", "/col/col1229801/"),
        "notices": ("通知公告", "/col/col1229802/"),
        "disclosure": ("政府信息公开", "/col/col1229803/"),
        "disclosure/guide": ("公开指南", "/col/col1229804/"),
        "disclosure/rules": ("公开制度", "/col/col1229805/"),
        "disclosure/catalogue": ("公开目录", "/col/col1229806/"),
        "disclosure/reports": ("公开年报", "/col/col1229807/"),
        "reports/annual": ("区政府年度报告", "/col/col1229808/"),
        "reports/units": ("镇街年度报告", "/col/col1229809/"),
        "disclosure/finance": ("财政信息", "/col/col1229810/"),
        "disclosure/plans": ("工作报告", "/col/col1229811/"),
        "disclosure/law": ("法治政府", "/col/col1229812/"),
        "disclosure/statistics": ("统计年鉴与公报", "/col/col1229813/"),
        "disclosure/interpretation": ("政策解读", "/col/col1229814/"),
    },
    "demo-xunyi": {
        "news": ("旬邑新闻", "/xyx/xyxw/"),
        "notices": ("公告", "/xyx/gg/"),
        "disclosure": ("信息公开", "/xyx/xxgk/"),
        "disclosure/guide": ("公开指南", "/xyx/xxgk/gkzn/"),
        "disclosure/rules": ("公开制度", "/xyx/xxgk/gkzd/"),
        "disclosure/catalogue": ("公开目录", "/xyx/xxgk/gkml/"),
        "disclosure/annual": ("年度报告", "/xyx/xxgk/ndbg/"),
        "finance": ("财政公开", "/xyx/czgk/"),
        "plans": ("政府工作报告", "/xyx/zfgzbg/"),
        "statistics": ("统计公报", "/xyx/tjgb/"),
        "law": ("法治建设", "/xyx/fzjs/"),
    },
}


def columns(portal: Portal) -> dict[str, Column]:
    """The columns of a portal by key, in the order of its menus."""
    made = {}
    for key, (name, path) in NAMES[portal.id].items():
        parent, _, own = key.rpartition("/")
        made[own] = Column(own, name, parent, path)
    return made


def column_of(article: Article, known: dict[str, Column]) -> Column:
    """The column that an article stands in: where reports have a column for each year, that of its year."""
    return known.get(f"{article.column}-{article.year}") or known[article.column]


def published_in(portal: Portal) -> dict[str, list[Article]]:
    """The articles of each column, the newest first."""
    known = columns(portal)
    found: dict[str, list[Article]] = {key: [] for key in known}
    for article in articles():
        if article.portal is portal:
            found[column_of(article, known).key].append(article)
    for listed in found.values():
        listed.sort(key=lambda article: (article.published, article.title), reverse=True)
    return found


def trail(portal: Portal, column: Column) -> list[Column]:
    """The columns from the top down to this one."""
    known = columns(portal)
    path = [column]
    while path[0].parent:
        path.insert(0, known[path[0].parent])
    return path


def below(portal: Portal, key: str) -> list[Column]:
    """The columns directly below the column `key`; with the empty key those at the top."""
    return [column for column in columns(portal).values() if column.parent == key]
