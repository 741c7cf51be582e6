"""The portals of the demo: who they are, how their pages are encoded, and how their offices print."""

from __future__ import annotations

from dataclasses import dataclass

from demo.tables import TableStyle

PORT = 8071
# Listens beside the portals and belongs to none of them: whoever requests it has followed a link out of a portal.
STRANGER = "127.0.71.99"


@dataclass(frozen=True)
class Portal:
    """A portal. `place` is its area in short, `government` the organ that reports, `ours` how it speaks of itself (全县)."""

    id: str
    host: str
    place: str
    government: str
    ours: str
    adcode: str
    site_code: str
    size: int
    platform: str
    encoding: str
    content_type: str
    declared: str
    licence: str
    police: str
    table: TableStyle
    departments: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()

    @property
    def codec(self) -> str:
        """The codec that writes the pages: what is declared as gb2312 is GBK, with characters that gb2312 lacks."""
        return "gbk" if self.encoding == "gb2312" else self.encoding


WORD = TableStyle(word=True, split="repeat", page_rows=14, attributes='border="1" cellspacing="0" cellpadding="0"')

PORTALS = (
    Portal(
        id="demo-chunhua",
        host="127.0.71.1",
        place="淳化县",
        government="淳化县人民政府",
        ours="全县",
        adcode="610430",
        site_code="6104300003",
        size=10,
        platform="static",
        encoding="utf-8",
        content_type="text/html; charset=utf-8",
        declared='<meta charset="utf-8">',
        licence="陕ICP备17020693号",
        police="陕公网安备 61043002000110号",
        table=TableStyle(
            cut_leaves=True,
            headings="——",
            attributes='class="table-gk" border="1"',
            cell='<p style="text-align:center;"><span style="font-family:宋体;font-size:16px;">{}</span></p>',
        ),
        departments=("县发展和改革局", "县财政局", "县民政局", "县教育局", "县卫生健康局"),
        towns=("润镇", "官庄镇", "车坞镇"),
    ),
    Portal(
        id="demo-dawukou",
        host="127.0.71.2",
        place="大武口区",
        government="大武口区人民政府",
        ours="全区",
        adcode="640202",
        site_code="6402020001",
        size=8,
        platform="trs",
        encoding="gb2312",
        content_type="text/html",
        declared='<meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
        licence="宁ICP备05000001号",
        police="宁公网安备 64020202000018号",
        table=WORD,
        departments=(
            "大武口区商务和经济技术合作局",
            "大武口区教育体育局",
            "大武口区民政局",
            "大武口区卫生健康局",
        ),
        towns=("长胜街道办事处", "朝阳街道办事处"),
    ),
    Portal(
        id="demo-wuqia",
        host="127.0.71.3",
        place="乌恰县",
        government="乌恰县人民政府",
        ours="全县",
        adcode="653024",
        site_code="6530240002",
        size=6,
        platform="static",
        encoding="utf-8",
        content_type="text/html",
        declared='<META http-equiv="Content-Type" content="text/html; charset=utf-8">',
        licence="新ICP备11000123号",
        police="新公网安备 65302402000001号",
        table=TableStyle(
            wide=False,
            signs=("增", "减"),
            money_unit_in_cell=True,
            attributes='border=1 bordercolor="#000000" width=640',
            cell_attributes=" bgcolor=#ffffff nowrap height=28",
            cell="<div align=center><font face=宋体 size=2>{}</font></div>",
        ),
        departments=("县住房和城乡建设局", "县财政局", "县人力资源和社会保障局"),
        towns=("乌恰镇", "康苏镇", "吉根乡"),
    ),
    Portal(
        id="demo-liaoyang",
        host="127.0.71.4",
        place="辽阳市",
        government="辽阳市人民政府",
        ours="全市",
        adcode="211000",
        site_code="2110000004",
        size=60,
        platform="jcms",
        encoding="utf-8",
        content_type="text/html;charset=UTF-8",
        declared="",
        licence="辽ICP备05010000号-1",
        police="辽公网安备 21100302000026号",
        table=TableStyle(
            thousands=True,
            split="tables",
            page_rows=22,
            attributes='class="datatable" cellpadding="3"',
            cell_attributes=' style="border:1px solid #000000; padding:0px 7px; word-break:break-all;"',
            cell='<span style="font-size:14px;font-family:仿宋_GB2312;">{}</span>',
        ),
        departments=("市发展和改革委员会", "市财政局", "市生态环境局", "市自然资源局"),
        towns=("白塔区", "文圣区", "宏伟区", "弓长岭区"),
    ),
    Portal(
        id="demo-linan",
        host="127.0.71.5",
        place="临安区",
        government="杭州市临安区人民政府",
        ours="全区",
        adcode="330112",
        site_code="3301120005",
        size=14,
        platform="jcms",
        encoding="gb2312",
        content_type="text/html;charset=gb2312",
        declared='<meta http-equiv="content-type" content="text/html; charset=gb2312" />',
        licence="浙ICP备05000007号",
        police="浙公网安备 33018502000101号",
        table=TableStyle(
            headings="——",
            head=("统&nbsp;计&nbsp;指&nbsp;标", "单位", "统计数"),
            indent="&nbsp;&nbsp;",
            cell_attributes=' class="xl66" style="BORDER-BOTTOM: windowtext 0.5pt solid; BORDER-LEFT: windowtext"',
            cell='<p style="TEXT-ALIGN: center">{}</p>',
            full_width_digits=True,
            labels={
                "refused_trade_secret_count": "涉及商业秘（密）",
                "refused_security_stability_count": "危及国家安全、公共安全、经济安全和社会",
                "staff_full_time_count": "1.专职人员数（不包括政府公报及政府网站工作",
                "dedicated_budget": "（四）政府信息公开专项经费（不包括用于政府公报编",
                "partially_granted": "（二）部分公开",
                "results_total": "（七）总&nbsp;计",
            },
        ),
        departments=("区发展和改革局", "区财政局", "区农业农村局"),
        towns=("於潜镇", "昌化镇", "太湖源镇", "天目山镇"),
    ),
    Portal(
        id="demo-xunyi",
        host="127.0.71.6",
        place="旬邑县",
        government="旬邑县人民政府",
        ours="全县",
        adcode="610429",
        site_code="6104290001",
        size=7,
        platform="static",
        encoding="utf-8",
        content_type="text/html;charset=UTF-8",
        declared='<meta charset="UTF-8"/>',
        licence="陕ICP备06000009号",
        police="陕公网安备 61042902000003号",
        table=TableStyle(
            attributes='cellpadding="5" cellspacing="1" bgcolor="#cccccc"',
            cell_attributes=' bgcolor="#ffffff" style="font-size:10.5pt;line-height:1.5;color:rgb(51,51,51)"',
        ),
        departments=("县财政局", "县教育局"),
        towns=("城关街道", "太村镇"),
    ),
)

BY_ID = {portal.id: portal for portal in PORTALS}
