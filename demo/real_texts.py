"""The texts of the five pages that carry the figures of real reports: the figures' sentences as reports word them, the rest made up."""

from __future__ import annotations

from demo.prose import Text, closing, opening


def wuqia_2018(text: Text) -> None:
    """Prose only; the total of 8951 is larger than what is listed below it, as printed."""
    opening(text)
    text.heading("一、概述")
    text.general(3)
    text.say(
        "(三)组织学习培训。2018年5月20-21日,分四批培训县直各机关信息公开工作分管领导、工作人员76人次,内容包括《条例》解读和网上公开操作规范。"
    )
    text.heading("二、工作开展情况")
    text.general(4)
    text.say("四是加强政策解读。2018年乌恰县政府网站组织开展在线访谈6次,调查征集7期。")
    text.say("五是回应社会关切。通过政府网站、广播、宣传栏等方式,向公众回应解读疾控、安全生产、食品药品抽查等信息87条次。")
    text.heading("三、主动公开政府信息情况")
    text.say(
        "2018年乌恰县政府网站发布各类信息8951条,其中:文件公开132条;发布政务动态信息2993条;视频新闻97条;各类解读68条;人事任免信息10条;"
        "政府采购58条;其他方式公开政府信息数5200条;“乌恰政府网”腾讯微博共发布微博114条;微信公众平台发布信息2941条。"
    )
    text.heading("四、依申请公开情况")
    text.say("2018年,乌恰县人民政府及政府部门未收到依申请公开件数。")
    text.heading("五、行政复议数量情况")
    text.say(
        "2018年共收到公民个人、法人和其他组织的行政复议数量0件,其中:维持具体行政行为0件,被依法纠错数0件,其他情形数0件。行政诉讼数量0件。举报投诉数量0件。"
    )
    text.heading("六、政府信息公开支出及收费情况")
    text.say("2018年,乌恰县本级未发生政府信息公开专项支出,没有对政府信息公开收取任何费用。")
    closing(text, "七")


def liaoyang_2016(text: Text) -> None:
    """Prose only; reviews are counted for all organs of the city, complaints for one office."""
    text.say(
        "按照《辽宁省人民政府办公厅关于做好2016年度政府信息公开工作报告编制发布等工作的通知》要求,现就辽阳市2016年度政府信息公开工作情况报告如下。"
    )
    text.heading("一、总体工作情况")
    text.general(3)
    text.heading("二、主动公开政府信息情况")
    text.say(
        "2016年,通过市政府门户网站、各部门网站、公报、报纸、电视台等载体,主动公开政府信息27649条,其中,通过市政府门户网站主动公开规范性文件118件,"
        "通过各部门网站、公报、报纸、电视台等不同渠道和方式主动公开政府信息27531件。"
    )
    text.heading("三、政策解读情况")
    text.general(1)
    text.say(
        "2016年,通过举办新闻发布会公开政府信息46次,其中:主要负责同志参加新闻发布会4次;通过政府网站在线访谈42次,政策解读稿件发布18篇,其他方式回应事件1231次。"
    )
    text.heading("四、回应社会关切情况")
    text.general(1)
    text.say("全年回应公众关注热点或重大舆情6次。")
    text.heading("五、依申请公开工作详细情况")
    text.say(
        "根据《辽宁省人民政府办公厅关于进一步规范政府信息依申请公开工作的通知》,建立了登记、备案、归档的固定程序,并在门户网站设置专栏。"
    )
    text.say(
        "2016年,市政府及各级行政机关、单位收到公开政府信息申请71件,全部办结。其中,属于已主动公开范围的4件,同意公开的答复24件,同意部分公开的答复2件,"
        "涉及个人隐私的不同意公开的答复3件,不属于本行政机关公开的28件,申请信息不存在的10件。我市依申请公开信息没有收取任何费用。"
    )
    text.heading("六、信息公开相关举报、复议、诉讼情况")
    text.say("2016年,市政务公开办没有收到因不履行政府信息公开法定职责的投诉、举报。")
    text.say("各县(市)区、各部门办理的依申请公开,有6件申请行政复议,其中,维持具体行政行为的2件,被依法纠错的4件。")
    text.heading("七、制度机制建设情况")
    text.general(2)
    text.say("市、县档案馆均设有政府信息查询场所,村(社区)设置政府信息查询点229个。")
    closing(text, "八")


def chunhua_2021(text: Text, tables: tuple[str, str, str]) -> None:
    """The form of 2021, most result rows blank."""
    text.heading("一、总体情况")
    text.general(1)
    text.say("(一)积极推动政府信息主动公开。全年通过政府网站主动公开信息4330条,办结依申请公开信息7件,做到应公开尽公开。")
    text.general(2)
    text.say("(二)依法做好政府信息依申请公开。依法办理政府信息公开申请7件,其中自然人提交6件,法人和其他组织提交1件。")
    text.general(2)
    text.say("(三)加强平台建设管理。“淳化发布”政务微信全年发布信息2086条。")
    text.general(1)
    for heading, table in zip(
        ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"), tables, strict=True
    ):
        text.heading(heading)
        text.html(table)
    closing(text, "五")
    text.heading("六、其他需要报告的事项")
    text.say("2021年未收取政府信息公开信息处理费。")


def yuqian_2018(text: Text) -> None:
    """The text contradicts the table twice, as printed: the year of the period, and the reviews."""
    opening(text)
    text.heading("一、概述")
    text.general(4)
    text.heading("二、主动公开政府信息情况")
    text.say(
        "截止到2019年12月31日,我镇政府主动公开信息613条,通过政府网站公开信息105条,通过“美丽於潜”微信公众号公开398条、微博100条,其他途径公开政府信息10条。"
        "通过问政面对面回应公众关注热点和提问12次。"
    )
    text.general(2)
    text.heading("三、依申请公开政府信息情况")
    text.say("我镇指定专人定期查看是否有依申请公开的信息。2018年度,未出现依申请公开、不予公开政府信息情况。")
    text.heading("四、政府信息公开收费及减免情况")
    text.say("2018年度,未出现依申请公开政府信息收费情况和收费减免情况。")
    text.heading("五、因政府信息公开申请行政复议、提起行政诉讼的情况")
    text.say("2018年度,未出现因政府信息公开申请行政复议、提起行政诉讼的情况。")
    text.statements |= {
        "proactive_info_count|": 613,
        "channel_website_info_count|": 105,
        "channel_wechat_info_count|": 398,
        "channel_weibo_info_count|": 100,
        "channel_other_info_count|": 10,
        "response_hot_topics_count|": 12,
        "requests_received_count|": 0,
        "request_fees_collected|": 0,
        "review_cases_count|": 0,
        "litigation_cases_count|": 0,
    }
    closing(text, "六")


def dawukou_commerce_2018(text: Text) -> None:
    """The channels add up to more than the total, and one of them exceeds it, as printed."""
    opening(text)
    text.heading("一、政府信息公开工作情况概述")
    text.general(3)
    text.heading("二、主动公开政府信息以及公开平台建设情况")
    text.say(
        "本年度在网站主动公开政府信息20条、政务微博公开政府信息35条、政务微信公开政府信息32条、其他方式公开政府信息100条。确定专职工作人员1名。"
    )
    text.general(3)
    text.heading("三、舆情回应情况")
    text.say("回复商务流通领域等方面的网络舆情信息3条,12345平台派送工单2起,全部按照规定时间节点进行了答复。")
    text.heading("四、政府信息依申请公开情况")
    text.say("2018年,大武口区商务和经济技术合作局没有收到公民、法人或其他组织依照《条例》的有关规定提交的政府信息公开申请。")
    text.heading("五、因政府信息公开申请行政复议、提起行政诉讼、收到投诉举报情况")
    text.say("2018年,大武口区商务和经济技术合作局无涉及政府信息公开的行政复议和行政诉讼。")
    text.statements |= {
        "channel_website_info_count|": 20,
        "channel_weibo_info_count|": 35,
        "channel_wechat_info_count|": 32,
        "channel_other_info_count|": 100,
        "staff_full_time_count|": 1,
        "requests_received_count|": 0,
        "review_cases_count|": 0,
        "litigation_cases_count|": 0,
    }
    closing(text, "六")
