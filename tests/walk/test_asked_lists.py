"""Lists whose rows a page's own script asks a server for."""

from __future__ import annotations

import json
from itertools import pairwise
from time import process_time

import pytest

from giar_crawler.platforms.answer_rows import rows_of
from giar_crawler.platforms.page import page_of_text
from giar_crawler.platforms.script_calls import turns_of
from giar_crawler.platforms.turns import ListRequest, Turn

from .conftest import Answer, Portals, Workplace, links, page, report, rows

ROOT = "http://a.gov.cn"
TITLE = "某县2021年政府信息公开工作年度报告"
VUE = """var app=new Vue({el:'#app',data:{list:[],pageNo:1,pageSize:5,channelId:'2005'},methods:{getList:function(){var that=this;
axios.get('/api/page',{params:{channelId:this.channelId,pageNo:this.pageNo,pageSize:this.pageSize}}).then(function(r){})}}})"""


def asked(script: str, markup: str = "") -> list[ListRequest]:
    return turns_of(page_of_text(f"{ROOT}/gk/nb.html", f"<html><body>{markup}<script>{script}</script></body></html>"))


def as_text(request: ListRequest | None) -> str:
    assert request is not None
    return request.url.removeprefix(ROOT) + (f" {request.posted}" if request.posted is not None else "")


@pytest.mark.parametrize(
    ("script", "first", "second"),
    [
        ("function load(n){$.get('/list?c=9&pageNo='+n,draw)}load(1)", "/list?c=9&pageNo=1", "/list?c=9&pageNo=2"),
        ("var c=7;function f(p){$.ajax({url:'/x/col_'+c+'_'+p+'.xml',dataType:'xml'})}f(0)", "/x/col_7_0.xml", "/x/col_7_1.xml"),
        ("$.getJSON('/l.do',{page:1,cid:'5'},draw)", "/l.do?page=1&cid=5", "/l.do?page=2&cid=5"),
        ("$.post('/l.do',{cid:'5',pageIndex:0},draw,'json')", "/l.do cid=5&pageIndex=0", "/l.do cid=5&pageIndex=1"),
        (
            "let page=1,size=15;fetch(`/l?start=${(page-1)*size}&rows=${size}&page=${page}`)",
            "/l?start=0&rows=15&page=1",
            "/l?start=15&rows=15&page=2",
        ),
        (VUE, "/api/page?channelId=2005&pageNo=1&pageSize=5", "/api/page?channelId=2005&pageNo=2&pageSize=5"),
        ("axios.post('/l',{pageNum:1,typeId:3})", '/l {"pageNum": "1", "typeId": 3}', '/l {"pageNum": "2", "typeId": 3}'),
        ("axios({url:'/l',method:'get',params:{currentPage:1,c:'2'}})", "/l?currentPage=1&c=2", "/l?currentPage=2&c=2"),
        ("$.ajax({type:'POST',url:'/l',data:'c=4&page=1'})", "/l c=4&page=1", "/l c=4&page=2"),
        ("var q={c:$('#c').val(),page:1};$.get('/l',q)", "/l?c=77&page=1", "/l?c=77&page=2"),
        ("var base='/api';function g(i){$.get(base+'/l/'+i+'.json')} g(1)", "/api/l/1.json", "/api/l/2.json"),
        ("table.render({elem:'#t',url:'/l?c=3',page:true,limit:15,cols:[[]]})", "/l?c=3&page=1&limit=15", "/l?c=3&page=2&limit=15"),
        ("$('#g').datagrid({url:'l.do',queryParams:{c:5}})", "/gk/l.do c=5&page=1&rows=10", "/gk/l.do c=5&page=2&rows=10"),
        ("$('#g').bootstrapTable({url:'/l',pageSize:20})", "/l?offset=0&limit=20", "/l?offset=20&limit=20"),
        ("flow.load({done:function(page,next){$.get('/l?page='+page,next)}})", "/l?page=1", "/l?page=2"),
        ("if(a){} /* it's */ // don't\nfunction g(p){$.post('/l',{p:p,word:$('#w').val()})}", "/l p=1&word=", "/l p=2&word="),
    ],
)
def test_what_a_script_asks_for_is_a_list_that_can_be_turned(script: str, first: str, second: str) -> None:
    [request] = asked(script, "<input id=c value=77><input id=w>")
    assert as_text(request) == first
    assert request.turn is not None
    assert as_text(request.turn.request(1)) == second


@pytest.mark.parametrize(
    "script",
    [
        "$.get('/count.do?page='+n)",
        "$.post('/comment/save',{page:1})",
        "$.post('/l.do',{cid:5})",
        "$.get(url+'?page=1')",
        "axios.get('/l',{params:{channelId:getId(),page:1}})",
        "$.get('http://[x?page=1')",
        "$.ajax(options)",
        "fetch(",
        "$.get('/a'+'" + "x" * 5000 + "'+page)",
        "var a=b,b=a;$.get('/l?page='+a)",
    ],
)
def test_what_counts_changes_or_cannot_be_told_is_not_asked(script: str) -> None:
    assert asked(script) == []


def test_each_value_of_a_tab_is_asked_for() -> None:
    tabs = "".join(f"<a data-year={year}>{year}年</a>" for year in (2023, 2022))
    found = asked("$('a').click(function(){var y=$(this).data('year');$('#c').load('/f/nb_'+y+'.html')})", tabs)
    assert [as_text(request) for request in found] == ["/f/nb_2023.html", "/f/nb_2022.html"]
    called = "".join(f"<a onclick=\"show('{organ}')\">{organ}</a>" for organ in ("a1", "b2"))
    found = asked("function show(d){$.get('/l?dept='+d+'&page=1',draw)}", called)
    assert [as_text(request) for request in found] == ["/l?dept=a1&page=1", "/l?dept=b2&page=1"]


def turn(*shapes: str) -> Turn:
    return Turn(f"{ROOT}/gk/", "/l", None, "", shapes)


@pytest.mark.parametrize(
    ("answer", "shapes", "path", "date", "total"),
    [
        (
            {"data": {"total": "1", "records": [{"title": TITLE, "url": "/1.html", "publishDate": "2022-01-03 10:00"}]}},
            (),
            "/1.html",
            True,
            1,
        ),
        ([{"bt": TITLE, "id": 7, "fbsj": 1641168000000}], ("/info/{id}.html",), "/info/7.html", True, None),
        ({"list": [{"name": "<em>某县</em>" + TITLE[2:], "linkUrl": "1.html", "count": 5}]}, ("./{linkUrl}",), "/gk/1.html", False, None),
        ({"count": 3, "html": f"<li><a href='/1.html'>{TITLE}</a><i>2022-01-03</i></li>"}, (), "/1.html", True, 3),
        ({"code": 1, "data": json.dumps({"rows": [{"docTitle": TITLE, "docPubUrl": "//a.gov.cn/1.html"}]})}, (), "/1.html", False, None),
    ],
)
def test_rows_of_json(answer: object, shapes: tuple[str, ...], path: str, date: bool, total: int | None) -> None:
    for text in (json.dumps(answer), f"callback({json.dumps(answer)});", "\ufeff" + json.dumps(answer)):
        [entry], counted = rows_of(text, f"{ROOT}/l", turn(*shapes))
        assert (entry.url, entry.title, counted) == (ROOT + path, TITLE, total)
        assert entry.date == ("2022-01-03" if date else None)


@pytest.mark.parametrize(
    "body",
    [
        f"<item><title><![CDATA[{TITLE}]]></title><link>/1.html</link><pubDate>2022-01-03</pubDate></item>",
        f'<row title="{TITLE}" url="/1.html" rq="2022-01-03"/>',
        f"<record><![CDATA[<li><a href='/1.html'>{TITLE}</a> 2022-01-03</li>]]></record>",
    ],
)
def test_rows_of_xml(body: str) -> None:
    [entry], total = rows_of(f'<?xml version="1.0" encoding="utf-8"?><list total="1">{body}</list>', f"{ROOT}/l", turn())
    assert (entry.url, entry.title, entry.date, total) == (f"{ROOT}/1.html", TITLE, "2022-01-03", 1)


@pytest.mark.parametrize(
    "text", ["", "{", "[[[", '{"a":' * 3000, "<?xml version='1.0'?><a>" + "<b>" * 500, '{"title":"年报","url":7}', "null"]
)
def test_an_answer_that_is_none_has_no_rows(text: str) -> None:
    assert rows_of(text, f"{ROOT}/l", turn()) == ([], None)


PIECES = [
    "$.get('/l?page='+",
    "function f(p){",
    "a=b+",
    "$.ajax({url:",
    "'",
    "((((",
    "page:",
    "f(1);",
    "${",
    "/*",
    "var x={",
    '\\"',
    "a ",
    "`",
    "x:(",
    "f( ",
]


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_scripts_cost_little(piece: str) -> None:
    # Each variable comes to three of the next, so that all together come to nothing in a thousand years.
    grows = "".join(f"var v{number}=v{number + 1}+v{number + 1}+v{number + 1};" for number in range(30))
    began = process_time()
    asked(f"{grows}function q(p){{$.get('/l?a='+v0+'&page='+p)}}" + piece * (500_000 // len(piece)))
    assert process_time() - began < 5


def test_variables_with_many_values_each_cost_little() -> None:
    began = process_time()
    values = "".join(f"var {one}={other}+{other}+of{number};\n" for one, other in pairwise("abcdefghijklmn") for number in range(16))
    assert asked(f"{values}$.get('/l?c='+a+'&page=1');" * 3) == []
    assert process_time() - began < 5


def test_lists_that_scripts_draw_are_walked(portals: Portals, workplace: Workplace) -> None:
    years = list(range(2023, 2013, -1))
    reports = {f"/info/{year}.html": report("某县人民政府", year) for year in years}
    found = [{"id": year, "title": f"某县{year}年政府信息公开工作年度报告", "publishDate": f"{year + 1}-01-15"} for year in years]
    start = {"/": page("某县", links(("/gk/", "政务公开"))), "/gk/": page("政务公开", links(("/gk/nb.html", "政府信息公开年报")))}

    row = "<li v-for='i in list'><a :href=\"'/info/'+i.id+'.html'\">{{i.title}}</a></li>"
    vue = {"/gk/nb.html": page("年报", f"<div id=app>{row}</div><script>{VUE}</script>")}
    for number in range(3):
        answer = {"code": 200, "data": {"total": len(found), "records": found[number * 5 : number * 5 + 5]}}
        vue[f"/api/page?channelId=2005&pageNo={number + 1}&pageSize=5"] = Answer(json.dumps(answer).encode())
    portals.add("vue", start | reports | vue)

    # The calls stand in a file, the column's id in the page.
    inline = "<script src=/js/jquery.min.js></script><script>var channelId=2005,pageSize=5;</script><script src=/js/list.js></script>"
    file = "function go(n){axios.get('/api/page',{params:{channelId:channelId,pageNo:n,pageSize:pageSize}}).then(draw)}\n"
    file += "if(a<b){location.href='/x'}go(1);"
    file += "function draw(r){s+='<li><a href=\"/info/'+r.id+'.html\">'+r.title+'</a></li>'}"
    answers = {path: answer for path, answer in vue.items() if path.startswith("/api/")}
    portals.add(
        "file", start | reports | answers | {"/gk/nb.html": page("年报", "<ul id=l></ul>", inline), "/js/list.js": Answer(file.encode())}
    )

    # Without a total: until an answer has no rows. The pager of each part posts for its second page.
    draw = "function turn(p){$.post('/gk/more.do',{year:2022,page:p},function(r){$('#l').html(r.html)},'json')}"
    entry = [(f"/info/{one['id']}.html", str(one["title"]), str(one["publishDate"])) for one in found]
    parts = {
        "/gk/nb.html": page(
            "年报",
            "<a data-y=a>县</a><a data-y=b>乡</a><script>$('a').click(function(){$('#c').load('/p/'+$(this).data('y')+'.html')})</script>",
        ),
        "/p/a.html": page("", rows(*entry[:4])),
        "/p/b.html": page("", rows(*entry[4:7]), f"<a href='#2' onclick='turn(2)'>2</a><script>{draw}</script>"),
        "/gk/more.do year=2022&page=2": Answer(json.dumps({"html": rows(*entry[7:])}).encode()),
        "/gk/more.do year=2022&page=3": Answer(b'{"html": ""}'),
    }
    portals.add("parts", start | reports | parts)

    # What is asked brings nothing: then the list says that it has more than was read.
    dead = {"/gk/nb.html": page("年报", rows(*entry[:4]), f"<a href='#2' onclick='turn(2)'>下一页</a> 1/3页<script>{draw}</script>")}
    portals.add("dead", start | reports | dead | {"/gk/more.do year=2022&page=2": Answer(b'{"html": ""}')})

    done = workplace.crawl("--portals", portals.register(), "vue", "file", "parts", "dead", code=None)
    assert {name: (done.outcome(name), done.row(name)["reports"]) for name in ("vue", "file", "parts", "dead")} == {
        "vue": ("ok", 10),
        "file": ("ok", 10),
        "parts": ("ok", 10),
        "dead": ("partial", 4),
    }


@pytest.mark.parametrize(("there", "outcome", "reports"), [(True, "ok", 2), (False, "partial", 1)])
def test_a_form_that_turns_the_list_has_to_be_answered(
    there: bool, outcome: str, reports: int, portals: Portals, workplace: Workplace
) -> None:
    form = "<form name=f method=post action=nb.do><input type=hidden name=pageNo value=1></form>"
    turning = form + "<a href='javascript:document.f.pageNo.value=2;document.f.submit()'>下一页</a>"
    entries = [(f"/{year}.html", f"某县{year}年政府信息公开年报", f"{year + 1}-01-20") for year in (2023, 2022)]
    pages = {"/": page("某县", links(("/nb.do", "公开年报"))), "/nb.do": page("公开年报", rows(entries[0]), turning)}
    pages |= {f"/{year}.html": report("某县人民政府", year) for year in (2023, 2022)}
    if there:
        pages["/nb.do pageNo=2"] = page("公开年报", rows(entries[1]), form)
    portals.add("form", pages)
    done = workplace.crawl("form", "--portals", portals.register(), code=None)
    assert (done.outcome("form"), done.row("form")["reports"]) == (outcome, reports)
