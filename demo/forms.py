"""The statistical tables of the annual reports as they are printed: rows and columns in order, with the codes of their figures.

Three forms are in use: report years 2014 to 2018, 2019 to 2020, and 2021 onwards. A row without a code is a heading.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A printed row: its code (empty for a heading), label, unit, and depth of indentation."""

    code: str
    label: str
    unit: str = "件"
    level: int = 0


class Column(NamedTuple):
    """A printed column: its code and label."""

    code: str
    label: str


STATISTICS_2014 = (
    Row("", "一、主动公开情况", "", 0),
    Row("proactive_info_count", "(一)主动公开政府信息数", "条", 1),
    Row("proactive_normative_docs_count", "其中:主动公开规范性文件数", "条", 2),
    Row("normative_docs_issued_count", "制发规范性文件总数", "件", 2),
    Row("", "(二)通过不同渠道和方式公开政府信息的情况", "", 1),
    Row("channel_gazette_info_count", "1.政府公报公开政府信息数", "条", 2),
    Row("channel_website_info_count", "2.政府网站公开政府信息数", "条", 2),
    Row("channel_weibo_info_count", "3.政务微博公开政府信息数", "条", 2),
    Row("channel_wechat_info_count", "4.政务微信公开政府信息数", "条", 2),
    Row("channel_other_info_count", "5.其他方式公开政府信息数", "条", 2),
    Row("", "二、回应解读情况", "", 0),
    Row("response_hot_topics_count", "(一)回应公众关注热点或重大舆情数", "次", 1),
    Row("", "(二)通过不同渠道和方式回应解读的情况", "", 1),
    Row("press_conferences_count", "1.参加或举办新闻发布会总次数", "次", 2),
    Row("press_conferences_by_principal_count", "其中:主要负责同志参加新闻发布会次数", "次", 3),
    Row("online_interviews_count", "2.政府网站在线访谈次数", "次", 2),
    Row("online_interviews_by_principal_count", "其中:主要负责同志参加政府网站在线访谈次数", "次", 3),
    Row("policy_interpretations_count", "3.政策解读稿件发布数", "篇", 2),
    Row("weibo_wechat_responses_count", "4.微博微信回应事件数", "次", 2),
    Row("other_responses_count", "5.其他方式回应事件数", "次", 2),
    Row("", "三、依申请公开情况", "", 0),
    Row("requests_received_count", "(一)收到申请数", "件", 1),
    Row("requests_in_person_count", "1.当面申请数", "件", 2),
    Row("requests_fax_count", "2.传真申请数", "件", 2),
    Row("requests_online_count", "3.网络申请数", "件", 2),
    Row("requests_letter_count", "4.信函申请数", "件", 2),
    Row("requests_completed_count", "(二)申请办结数", "件", 1),
    Row("requests_completed_on_time_count", "1.按时办结数", "件", 2),
    Row("requests_completed_extended_count", "2.延期办结数", "件", 2),
    Row("replies_count", "(三)申请答复数", "件", 1),
    Row("replies_already_public_count", "1.属于已主动公开范围数", "件", 2),
    Row("replies_granted_count", "2.同意公开答复数", "件", 2),
    Row("replies_partially_granted_count", "3.同意部分公开答复数", "件", 2),
    Row("replies_refused_count", "4.不同意公开答复数", "件", 2),
    Row("refused_state_secret_count", "其中:涉及国家秘密", "件", 3),
    Row("refused_trade_secret_count", "涉及商业秘密", "件", 3),
    Row("refused_personal_privacy_count", "涉及个人隐私", "件", 3),
    Row("refused_security_stability_count", "危及国家安全、公共安全、经济安全和社会稳定", "件", 3),
    Row("refused_not_government_information_count", "不是《条例》所指政府信息", "件", 3),
    Row("refused_other_legal_grounds_count", "法律法规规定的其他情形", "件", 3),
    Row("replies_not_responsible_count", "5.不属于本行政机关公开数", "件", 2),
    Row("replies_nonexistent_count", "6.申请信息不存在数", "件", 2),
    Row("replies_amendment_notified_count", "7.告知作出更改补充数", "件", 2),
    Row("replies_other_channel_notified_count", "8.告知通过其他途径办理数", "件", 2),
    Row("review_cases_count", "四、行政复议数量", "件", 0),
    Row("review_upheld_count", "(一)维持具体行政行为数", "件", 1),
    Row("review_corrected_count", "(二)被依法纠错数", "件", 1),
    Row("review_other_count", "(三)其他情形数", "件", 1),
    Row("litigation_cases_count", "五、行政诉讼数量", "件", 0),
    Row("litigation_upheld_count", "(一)维持具体行政行为或者驳回原告诉讼请求数", "件", 1),
    Row("litigation_corrected_count", "(二)被依法纠错数", "件", 1),
    Row("litigation_other_count", "(三)其他情形数", "件", 1),
    Row("complaints_count", "六、举报投诉数量", "件", 0),
    Row("request_fees_collected", "七、依申请公开信息收取的费用", "万元", 0),
    Row("", "八、机构建设和保障经费情况", "", 0),
    Row("dedicated_offices_count", "(一)政府信息公开工作专门机构数", "个", 1),
    Row("reading_points_count", "(二)设置政府信息公开查阅点数", "个", 1),
    Row("staff_count", "(三)从事政府信息公开工作人员数", "人", 1),
    Row("staff_full_time_count", "1.专职人员数(不包括政府公报及政府网站工作人员数)", "人", 2),
    Row("staff_part_time_count", "2.兼职人员数", "人", 2),
    Row("dedicated_budget", "(四)政府信息公开专项经费(不包括用于政府公报编辑管理及政府网站建设维护等方面的经费)", "万元", 1),
    Row("", "九、政府信息公开会议和培训情况", "", 0),
    Row("meetings_count", "(一)召开政府信息公开工作会议或专题会议数", "次", 1),
    Row("training_sessions_count", "(二)举办各类培训班数", "次", 1),
    Row("trainees_count", "(三)接受培训人员数", "人次", 1),
)

APPLICANTS = (
    Column("natural_person", "自然人"),
    Column("org_commercial", "商业企业"),
    Column("org_research", "科研机构"),
    Column("org_public_welfare", "社会公益组织"),
    Column("org_legal_service", "法律服务机构"),
    Column("org_other", "其他"),
    Column("total", "总计"),
)

REQUESTS_2019 = (
    Row("received_new", "一、本年新收政府信息公开申请数量", "件", 0),
    Row("carried_over", "二、上年结转政府信息公开申请数量", "件", 0),
    Row("", "三、本年度办理结果", "件", 0),
    Row("granted", "(一)予以公开", "件", 1),
    Row("partially_granted", "(二)部分公开(区分处理的,只计这一情形,不计其他情形)", "件", 1),
    Row("", "(三)不予公开", "件", 1),
    Row("refused_state_secret", "1.属于国家秘密", "件", 2),
    Row("refused_prohibited_by_law", "2.其他法律行政法规禁止公开", "件", 2),
    Row("refused_three_securities_one_stability", "3.危及“三安全一稳定”", "件", 2),
    Row("refused_third_party_rights", "4.保护第三方合法权益", "件", 2),
    Row("refused_internal_affairs", "5.属于三类内部事务信息", "件", 2),
    Row("refused_process_information", "6.属于四类过程性信息", "件", 2),
    Row("refused_enforcement_case_files", "7.属于行政执法案卷", "件", 2),
    Row("refused_administrative_query", "8.属于行政查询事项", "件", 2),
    Row("", "(四)无法提供", "件", 1),
    Row("unable_not_held", "1.本机关不掌握相关政府信息", "件", 2),
    Row("unable_needs_creation", "2.没有现成信息需要另行制作", "件", 2),
    Row("unable_still_unclear", "3.补正后申请内容仍不明确", "件", 2),
    Row("", "(五)不予处理", "件", 1),
    Row("not_processed_petition_complaint", "1.信访举报投诉类申请", "件", 2),
    Row("not_processed_duplicate", "2.重复申请", "件", 2),
    Row("not_processed_publication", "3.要求提供公开出版物", "件", 2),
    Row("not_processed_excessive", "4.无正当理由大量反复申请", "件", 2),
    Row("not_processed_reconfirmation", "5.要求行政机关确认或重新出具已获取信息", "件", 2),
    Row("other_handling", "(六)其他处理", "件", 1),
    Row("results_total", "(七)总计", "件", 1),
    Row("carried_to_next", "四、结转下年度继续办理", "件", 0),
)

REQUESTS_2021 = (
    Row("received_new", "一、本年新收政府信息公开申请数量", "件", 0),
    Row("carried_over", "二、上年结转政府信息公开申请数量", "件", 0),
    Row("", "三、本年度办理结果", "件", 0),
    Row("granted", "(一)予以公开", "件", 1),
    Row("partially_granted", "(二)部分公开(区分处理的,只计这一情形,不计其他情形)", "件", 1),
    Row("", "(三)不予公开", "件", 1),
    Row("refused_state_secret", "1.属于国家秘密", "件", 2),
    Row("refused_prohibited_by_law", "2.其他法律行政法规禁止公开", "件", 2),
    Row("refused_three_securities_one_stability", "3.危及“三安全一稳定”", "件", 2),
    Row("refused_third_party_rights", "4.保护第三方合法权益", "件", 2),
    Row("refused_internal_affairs", "5.属于三类内部事务信息", "件", 2),
    Row("refused_process_information", "6.属于四类过程性信息", "件", 2),
    Row("refused_enforcement_case_files", "7.属于行政执法案卷", "件", 2),
    Row("refused_administrative_query", "8.属于行政查询事项", "件", 2),
    Row("", "(四)无法提供", "件", 1),
    Row("unable_not_held", "1.本机关不掌握相关政府信息", "件", 2),
    Row("unable_needs_creation", "2.没有现成信息需要另行制作", "件", 2),
    Row("unable_still_unclear", "3.补正后申请内容仍不明确", "件", 2),
    Row("", "(五)不予处理", "件", 1),
    Row("not_processed_petition_complaint", "1.信访举报投诉类申请", "件", 2),
    Row("not_processed_duplicate", "2.重复申请", "件", 2),
    Row("not_processed_publication", "3.要求提供公开出版物", "件", 2),
    Row("not_processed_excessive", "4.无正当理由大量反复申请", "件", 2),
    Row("not_processed_reconfirmation", "5.要求行政机关确认或重新出具已获取信息", "件", 2),
    Row("", "(六)其他处理", "件", 1),
    Row("other_no_correction_in_time", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "件", 2),
    Row("other_fee_not_paid_in_time", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "件", 2),
    Row("other_other", "3.其他", "件", 2),
    Row("results_total", "(七)总计", "件", 1),
    Row("carried_to_next", "四、结转下年度继续办理", "件", 0),
)

REVIEW_LITIGATION = (
    Column("review_upheld", "结果维持"),
    Column("review_corrected", "结果纠正"),
    Column("review_other", "其他结果"),
    Column("review_pending", "尚未审结"),
    Column("review_total", "总计"),
    Column("litigation_direct_upheld", "结果维持"),
    Column("litigation_direct_corrected", "结果纠正"),
    Column("litigation_direct_other", "其他结果"),
    Column("litigation_direct_pending", "尚未审结"),
    Column("litigation_direct_total", "总计"),
    Column("litigation_after_review_upheld", "结果维持"),
    Column("litigation_after_review_corrected", "结果纠正"),
    Column("litigation_after_review_other", "其他结果"),
    Column("litigation_after_review_pending", "尚未审结"),
    Column("litigation_after_review_total", "总计"),
)
