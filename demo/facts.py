"""The figures and dates of five real reports, which five of the demo's pages carry."""

from __future__ import annotations

from demo.figures import Figures, result_codes
from demo.forms import APPLICANTS, REQUESTS_2021, REVIEW_LITIGATION, STATISTICS_2014


def _table_2014(**printed: float) -> Figures:
    return {f"{row.code}|": printed.get(row.code, 0) for row in STATISTICS_2014 if row.code}


def _chunhua_2021() -> Figures:
    zeros: Figures = {column.code: 0 for column in APPLICANTS}
    seven: Figures = zeros | {"natural_person": 6, "org_commercial": 1, "total": 7}
    blank: Figures = dict.fromkeys(zeros)
    printed = {"received_new": seven, "carried_over": zeros, "granted": seven, "results_total": seven, "carried_to_next": zeros}
    rows = ["received_new", "carried_over", *result_codes(REQUESTS_2021), "results_total", "carried_to_next"]
    return {
        "article20_1.rules|issued_this_year": 0,
        "article20_1.rules|repealed_this_year": 0,
        "article20_1.rules|in_force": 0,
        "article20_1.normative_documents|issued_this_year": 5,
        "article20_1.normative_documents|repealed_this_year": 2,
        "article20_1.normative_documents|in_force": 13,
        "article20_5.administrative_licensing|decisions": 7903,
        "article20_6.administrative_penalty|decisions": 477,
        "article20_6.administrative_coercion|decisions": 1,
        "article20_8.administrative_fees|fees_amount": 587.4072,
        **{f"requests.{row}|{column}": value for row in rows for column, value in printed.get(row, blank).items()},
        **{f"review_litigation.{column.code}|": 0 for column in REVIEW_LITIGATION},
    }


CHUNHUA_2021 = _chunhua_2021()
CHUNHUA_2021_AMBIGUOUS: Figures = {
    "proactive_info_count|": 4330,
    "channel_website_info_count|": 4330,
    "channel_wechat_info_count|": 2086,
    "requests_received_count|": 7,
    "requests_completed_count|": 7,
    "request_fees_collected|": 0,
}

DAWUKOU_COMMERCE_2018 = _table_2014(
    proactive_info_count=93,
    channel_website_info_count=20,
    channel_weibo_info_count=35,
    channel_wechat_info_count=32,
    channel_other_info_count=100,
    weibo_wechat_responses_count=2,
    other_responses_count=3,
    dedicated_offices_count=1,
    reading_points_count=4,
    staff_count=2,
    staff_full_time_count=1,
    staff_part_time_count=1,
    meetings_count=4,
    training_sessions_count=2,
    trainees_count=15,
)

YUQIAN_2018 = _table_2014(
    proactive_info_count=613,
    channel_website_info_count=105,
    channel_weibo_info_count=100,
    channel_wechat_info_count=398,
    channel_other_info_count=10,
    response_hot_topics_count=12,
    other_responses_count=6,
    review_cases_count=4,
    review_upheld_count=4,
    dedicated_offices_count=1,
    reading_points_count=1,
    staff_count=2,
    staff_full_time_count=1,
    staff_part_time_count=1,
    dedicated_budget=2,
    meetings_count=2,
    training_sessions_count=2,
    trainees_count=36,
) | {"refused_trade_secret_count|": None}

# A set named AMBIGUOUS has further numbers of the same page, which may be read in more than one way.
WUQIA_2018: Figures = {
    "channel_weibo_info_count|": 114,
    "channel_wechat_info_count|": 2941,
    "channel_other_info_count|": 5200,
    "online_interviews_count|": 6,
    "requests_received_count|": 0,
    "review_cases_count|": 0,
    "review_upheld_count|": 0,
    "review_corrected_count|": 0,
    "review_other_count|": 0,
    "litigation_cases_count|": 0,
    "complaints_count|": 0,
    "request_fees_collected|": 0,
    "dedicated_budget|": 0,
    "trainees_count|": 76,
}
WUQIA_2018_AMBIGUOUS: Figures = {
    "proactive_info_count|": 8951,
    "channel_website_info_count|": 8951,
    "policy_interpretations_count|": 68,
    "response_hot_topics_count|": 87,
    "training_sessions_count|": 4,
}

LIAOYANG_2016: Figures = {
    "proactive_info_count|": 27649,
    "proactive_normative_docs_count|": 118,
    "response_hot_topics_count|": 6,
    "press_conferences_count|": 46,
    "press_conferences_by_principal_count|": 4,
    "online_interviews_count|": 42,
    "policy_interpretations_count|": 18,
    "other_responses_count|": 1231,
    "requests_received_count|": 71,
    "requests_completed_count|": 71,
    "replies_already_public_count|": 4,
    "replies_granted_count|": 24,
    "replies_partially_granted_count|": 2,
    "replies_refused_count|": 3,
    "refused_personal_privacy_count|": 3,
    "replies_not_responsible_count|": 28,
    "replies_nonexistent_count|": 10,
    "review_cases_count|": 6,
    "review_upheld_count|": 2,
    "review_corrected_count|": 4,
    "request_fees_collected|": 0,
}
LIAOYANG_2016_AMBIGUOUS: Figures = {"complaints_count|": 0, "reading_points_count|": 229}
