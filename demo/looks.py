"""How the pages of each portal look: six web departments, six habits.

A look is a set of templates; `{{` and `}}` stand for braces. `@@VISITS@@` and `@@CLOCK@@` are filled in anew for every answer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Templates of one portal.

    page: head_extra, title, menu, main, government, site_code, licence, police, links.
    article: title, header, line, content. item: href, title, short, day. `upper` prints tags in capitals, `unclosed` leaves out the
    end tags that HTML lets one leave out, `cut` is the length at which a list cuts titles, `day` the date format.
    """

    page: str
    article: str
    list_page: str
    item: str
    menu_item: str
    crumb: str
    separator: str
    paragraph: str
    heading: str
    day: str
    list_day: str
    upper: bool = False
    unclosed: bool = False
    cut: int = 0


CHUNHUA = Look(
    page="""<!DOCTYPE html>
<html lang="zh-CN"><head>{head_extra}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}-淳化县人民政府门户网站</title>
<link rel="stylesheet" href="/css/main.css"></head>
<body>
<div class="topbar"><span>今天是 @@CLOCK@@</span><form action="/search/" method="get"><input name="q"><button>站内搜索</button></form>
<a href="/search/?q=%E5%B9%B4%E6%8A%A5">高级搜索</a></div>
<div class="banner"><img src="/images/banner.png" alt="淳化县人民政府"></div>
<div class="nav"><ul><li><a href="/">首页</a></li>{menu}</ul></div>
<div class="wrap">{main}</div>
<div class="links"><h4>友情链接</h4>{links}</div>
<div class="footer">
<p>主办:{government}办公室 承办:淳化县数据服务中心 电话:0000-8800123 <a href="/wzdt/">网站地图</a></p>
<p>网站标识码:{site_code}</p><p>{licence}</p><p>{police}</p><p>您是第 @@VISITS@@ 位访问者 演示站点,内容为虚构</p>
</div>
<script>var visits = "@@VISITS@@"; if (visits > 0) {{ document.title = document.title; }}</script>
</body></html>""",
    article="""<div class="detail"><h1 class="detail-title">{title}</h1>
{header}
<div class="detail-info"><span>发布时间:{day}</span><span>来源:{source}</span><span>浏览次数:@@VISITS@@</span></div>
<div class="detail-body" id="content">{content}</div>
<p class="qr">扫一扫在手机打开当前页</p></div>""",
    list_page='<div class="list-box"><h2>{name}</h2><ul class="news-list">{items}</ul><div class="pages">{pages}</div></div>',
    item='<li><a href="{href}" title="{title}" target="_blank">{short}</a><span class="date">{day}</span></li>\n',
    menu_item='<li><a href="{href}">{name}</a></li>',
    crumb='<div class="position">您现在的位置:{trail}</div>',
    separator=" &gt; ",
    paragraph='<p style="text-indent:2em;">{}</p>\n',
    heading='<p style="text-indent:2em;"><strong>{}</strong></p>\n',
    day="{0:%Y-%m-%d}",
    list_day="{0:%Y-%m-%d}",
)

DAWUKOU = Look(
    page="""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>{head_extra}
<title>{title}_大武口区人民政府</title>
<!-- published by template 20180611 --></head>
<body><div id="header"><div class="logo"></div><div class="clock">@@CLOCK@@</div></div>
<div id="menu">{menu}<a href="/search/index.html">检索</a></div>
<div id="main">{main}</div>
<div id="link"><select onchange="window.open(this.value)"><option value="http://127.0.71.99/">区直部门网站</option></select>{links}</div>
<div id="footer">版权所有:{government} 网站标识码:{site_code}<br/>{licence} {police}<br/>访问量:@@VISITS@@ 演示站点,内容为虚构</div>
</body></html>""",
    article="""<div class="xl_con"><h1>{title}</h1>
<div class="xl_info">发布日期:{day}&nbsp;&nbsp;&nbsp;&nbsp;来源:{source}</div>
<div class="TRS_Editor"><div class="Custom_UnionStyle"><style type="text/css">.TRS_Editor P{{line-height:2}}</style>
{content}</div></div>
<div class="share">分享到:<a href="javascript:void(0)">微信</a> <a href="javascript:window.print()">打印</a></div></div>""",
    list_page='<div class="gl_list"><div class="tit">{name}</div><ul class="list">{items}</ul><div class="page">{pages}</div></div>',
    item='<li><a href="{href}" title="{title}">{short}</a><span>{day}</span></li>\n',
    menu_item='<a href="{href}">{name}</a>\n',
    crumb='<div class="dqwz">当前位置:{trail}</div>',
    separator=" &gt; ",
    paragraph='<p class="MsoNormal" style="text-indent:32.0pt;line-height:29.0pt"><span style="font-family:仿宋_GB2312;font-size:16pt">'
    '{}<span lang="EN-US"><o:p></o:p></span></span></p>\n',
    heading='<p class="MsoNormal"><b><span style="font-family:黑体;font-size:16pt">　　{}<o:p></o:p></span></b></p>\n',
    day="{0:%Y}年{0:%m}月{0:%d}日",
    list_day="{0:%Y-%m-%d}",
    cut=24,
)

WUQIA = Look(
    page="""<html><head>{head_extra}
<title>{title} - 乌恰县人民政府网</title></head>
<body bgcolor=#ffffff topmargin=0>
<table width=1000 align=center border=0 cellspacing=0><tr><td colspan=2><img src="/images/top.jpg" width=1000 height=180></td></tr>
<tr><td colspan=2 bgcolor=#c40000><font color=#ffffff>{menu}</font></td></tr>
<tr><td width=180 valign=top><table width="100%"><tr><td>办事指南</td></tr>
<tr><td><a href="/search/?cat=1">信息检索</a></td></tr></table></td>
<td width=820 valign=top><table width="100%" border=0><tr><td>{main}</td></tr></table></td></tr>
<tr><td colspan=2 align=center>{links}</td></tr>
<tr><td colspan=2 align=center>主办:{government}办公室&nbsp;网站标识码:{site_code}<br>{licence}&nbsp;{police}<br>
累计访问:@@VISITS@@&nbsp;@@CLOCK@@&nbsp;演示站点,内容为虚构</td></tr></table>
</body></html>""",
    article="""<table width="100%" border=0><tr><td>{header}</td></tr>
<tr><td align=center><h1><font size=5>{title}</font></h1></td></tr>
<tr><td id=zoom>{content}</td></tr></table>""",
    list_page="<h3>{name}</h3><table width=100% border=0>{items}</table><div align=center>{pages}</div>",
    item='<tr><td>·<a href="{href}" target=_blank>{title}</a></td><td width=90>[{day}]</td></tr>\n',
    menu_item='&nbsp;|&nbsp;<a href="{href}"><font color=#ffffff>{name}</font></a>',
    crumb="<div>首页位置:{trail}</div>",
    separator=" » ",
    paragraph="<p>　　{}</p>\n",
    heading="<p>　　<b>{}</b></p>\n",
    day="{0:%Y-%m-%d} 12:02",
    list_day="{0:%Y-%m-%d}",
    upper=True,
)

LIAOYANG = Look(
    page="""<!doctype html>
<html><head>{head_extra}
<title>辽阳市人民政府 {column} {title}</title>
<script src="/script/jquery.js"></script><script src="/module/jslib/jquery/jpage/jquery.jpage.js"></script></head>
<body><div class="header"><a href="/" class="logo">辽阳市人民政府</a><span id="weather">晴 @@CLOCK@@</span></div>
<div class="nav-wrap"><ul class="nav">{menu}</ul></div>
<div class="container">{main}</div>
<div class="friend"><dl><dt>相关链接</dt><dd>{links}</dd></dl></div>
<div class="foot"><p>主办:{government}办公室</p><p>{licence}&emsp;{police}&emsp;网站标识码:{site_code}</p>
<p>浏览量:<b>@@VISITS@@</b> 演示站点,内容为虚构</p></div>
<script>document.getElementById("weather").title = "<p>今日</p>";</script>
</body></html>""",
    article="""<div class="article-box"><!--<$[标题名称]>begin--><h1 class="bt">{title}</h1><!--<$[标题名称]>end-->
{header}
<div class="sub"><span>发布时间:{day}</span><span>信息来源:{source}</span><span>浏览次数:<i>@@VISITS@@</i></span></div>
<div id="zoom" class="article-body"><!--ZJEG_RSS.content.begin-->{content}<!--ZJEG_RSS.content.end--></div></div>""",
    list_page='<div class="col-main"><div class="col-title">{name}</div>{items}</div>',
    item='<li><a href="{href}" title="{title}" target="_blank">{short}</a><span>{day}</span></li>',
    menu_item='<li><a href="{href}">{name}</a></li>',
    crumb='<div class="crumbs"><em>当前位置:</em>{trail}</div>',
    separator=" &gt; ",
    paragraph='<p style="text-indent: 2em; text-align: justify;">{}</p>\n',
    heading='<p style="text-indent: 2em;"><span style="font-family: 黑体;">{}</span></p>\n',
    day="{0:%Y-%m-%d} 09:15",
    list_day="{0:%Y-%m-%d}",
)

LINAN = Look(
    page="""<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head>{head_extra}
<title>{title}</title>
<script type="text/javascript" src="/module/jpage/jpage.js"></script></head>
<body><center><table width="980" cellpadding="0" cellspacing="0"><tbody><tr><td height="120">浙江临安&nbsp;@@CLOCK@@</td></tr>
<tr><td class="bt_nav">{menu}</td></tr></tbody></table>
<div class="main">{main}</div>
<div class="yqlj">{links}</div>
<table width="980"><tbody><tr><td align="center">{government}主办&nbsp;&nbsp;网站标识码:{site_code}&nbsp;&nbsp;{licence}<br>{police}<br>
访问次数:@@VISITS@@&nbsp;&nbsp;演示站点,内容为虚构</td></tr></tbody></table></center>
</body></html>""",
    article="""{header}
<div class="con_title" align="center"><h1>{title}</h1></div>
<div class="con_text">{content}</div>
<div class="bdsharebuttonbox">| 分享: |</div>""",
    list_page='<table width="100%"><tbody><tr><td class="lmmc">{name}</td></tr><tr><td>{items}</td></tr></tbody></table>',
    item='<li><span style="float:right">{day}</span><a href="{href}" title="{title}" target="_blank">{short}</a></li>',
    menu_item='<a href="{href}" class="bt_link">{name}</a>&nbsp;',
    crumb='<table width="100%"><tbody><tr><td>您当前所在位置:{trail}</td></tr></tbody></table>',
    separator=" &gt;&gt; ",
    paragraph="<p>&nbsp;&nbsp;&nbsp;&nbsp;{}</p>\n",
    heading="<p>&nbsp;&nbsp;&nbsp;&nbsp;<strong>{}</strong></p>\n",
    day="{0:%Y-%m-%d}",
    list_day="{0:%Y-%m-%d}",
    unclosed=True,
    cut=20,
)

XUNYI = Look(
    page="""<!DOCTYPE html>
<html><head>{head_extra}
<title>{title}|旬邑县人民政府</title></head>
<body><header><h2>旬邑县人民政府</h2><time>@@CLOCK@@</time></header>
<nav>{menu}</nav><main>{main}</main><aside><a href="/search/all.html">全文检索</a>{links}</aside>
<footer><p>{government}主办</p><p>{licence} {police}</p>
<p>网站标识码 {site_code} 总访问量 @@VISITS@@ 演示站点,内容为虚构</p></footer></body></html>""",
    article="""<article><h1>{title}</h1>{header}
<p class="meta">时间:{day} 来源:{source}</p><section class="view">{content}</section></article>""",
    list_page='<section class="listing"><h3>{name}</h3><ol>{items}</ol><p class="turn">{pages}</p></section>',
    item='<li><time>{day}</time> <a href="{href}">{title}</a></li>\n',
    menu_item='<a href="{href}">{name}</a> ',
    crumb='<p class="where">{trail}</p>',
    separator=" / ",
    paragraph="<p>　　{}</p>\n",
    heading="<h4>{}</h4>\n",
    day="{0:%Y}/{0.month}/{0.day}",
    list_day="{0:%m-%d}",
)

LOOKS = {
    "demo-chunhua": CHUNHUA,
    "demo-dawukou": DAWUKOU,
    "demo-wuqia": WUQIA,
    "demo-liaoyang": LIAOYANG,
    "demo-linan": LINAN,
    "demo-xunyi": XUNYI,
}
