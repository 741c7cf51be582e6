"""Built pages for the tests of the reading: the frame of a portal around a header and a body."""

from giar_crawler.items import Page, PageContext
from pipelines.attachments import list_attachments
from pipelines.decode.stage import read_document
from pipelines.metadata.stage import read_metadata
from pipelines.reading import Reading

BODY = """<p>根据《中华人民共和国政府信息公开条例》要求,编制本报告。所列数据的统计期限自2021年1月1日起至2021年12月31日止。</p>
<p>一、总体情况</p><p>2021年,我县认真贯彻落实条例,全年通过政府网站主动公开信息4330条,不断提高政府工作透明度,全县政府信息公开工作取得新的成效。</p>
<p>二、主动公开政府信息情况</p><p>通过政府网站、政务新媒体等多种渠道发布各类信息,方便群众查询,做到应公开尽公开,持续推进标准化规范化建设。</p>
<p>三、收到和处理政府信息公开申请情况</p><p>2021年,收到申请7件,均已按期办结并答复申请人,没有结转下年度继续办理的申请。</p>
<p>四、政府信息公开行政复议、行政诉讼情况</p><p>2021年未发生因政府信息公开引起的行政复议、行政诉讼案件。</p>"""
FOOT = """<div class="footer"><p>主办:淳化县人民政府办公室 承办:淳化县数据服务中心</p><p>网站标识码:6104300003 陕ICP备17020693号</p>
<p>陕公网安备 61043002000110号</p></div>"""
TITLE = "淳化县人民政府2021年政府信息公开工作年度报告"
URL = "http://www.example.gov.cn/zwgk/c101/52.html"


def built(  # noqa: PLR0913  # each part of a page can be the case
    header="", *, title=TITLE, body=BODY, meta="", head_title="", foot=FOOT, heading="<h1>{}</h1>", url=URL, context=None
):
    """A page of a county's portal, decoded and with its metadata read."""
    html = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{head_title}</title>{meta}</head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>
<div class="position">当前位置:<a href="/">首页</a> &gt; <a href="/zwgk/nb/">政府信息公开年报</a></div>
<div class="main">{heading.format(title) if title else ""}{header}<div id="zoom">{body}</div></div>{foot}</body></html>"""
    return read(html, url, context)


def read(text, url=None, context=None):
    """A page of any bytes, decoded and with its metadata read."""
    body = text.encode() if isinstance(text, str) else text
    reading = Reading(Page(url, body, context=context or PageContext()))
    read_document(reading)
    read_metadata(reading)
    list_attachments(reading)
    return reading
