"""Invented figures that obey the relations printed on the forms, the same at every start.

A set of figures is a dict of `INDICATOR|COLUMN` to a number, or to `None` where the cell is printed blank.
"""

from __future__ import annotations

from random import Random

from demo.forms import APPLICANTS, REQUESTS_2019, REQUESTS_2021, REVIEW_LITIGATION, Row

Number = int | float
Figures = dict[str, Number | None]

NATURAL_AND_ORGANISATIONS = tuple(column.code for column in APPLICANTS[:-1])
GROUNDS = ("state_secret", "trade_secret", "personal_privacy", "security_stability", "not_government_information", "other_legal_grounds")


def dice(key: str) -> Random:
    """A source of numbers that gives the same ones for the same key on every machine."""
    return Random(key)  # noqa: S311 - demo figures must be repeatable; nothing secret hangs on them


def split(rng: Random, total: int, weights: tuple[float, ...]) -> list[int]:
    """Parts that add up to `total`, one for each weight, larger where the weight is larger."""
    parts = [0] * len(weights)
    for index in rng.choices(range(len(weights)), weights, k=total):
        parts[index] += 1
    return parts


def statistics_2014(rng: Random, size: int) -> Figures:
    """The 58 figures of the form of 2014 to 2018 for an organ of the given size (1: a town or department, 10: a county, 60: a city)."""
    channels = [
        rng.randint(0, 4) * size if size > 1 else 0,
        rng.randint(60, 400) * size,
        rng.randint(0, 90) * size,
        rng.randint(20, 160) * size,
        rng.randint(0, 60) * size,
    ]
    normative = rng.randint(0, 3 * size)
    received = rng.randint(0, 6) * rng.randint(0, size) if size > 1 else rng.choice((0, 0, 0, 1, 2, 5))
    extended = rng.randint(0, received // 6)
    replies = split(rng, received, (4, 9, 2, 3, 4, 4, 1, 2))
    review = split(rng, rng.randint(0, received // 5), (5, 1, 2))
    litigation = split(rng, rng.randint(0, received // 8), (5, 1, 1))
    staff = [rng.randint(1, 1 + size), rng.randint(1, 2 + 5 * size)]
    trainings = rng.randint(1, 2 + size // 4)
    conferences, interviews = rng.randint(0, size), rng.randint(0, size)
    by_channel = split(rng, received, (2, 0.5, 6, 3))
    refused = split(rng, replies[3], (1, 2, 4, 1, 4, 2))
    return {
        "proactive_info_count|": rng.randint(max(channels), sum(channels)),
        "proactive_normative_docs_count|": rng.randint(0, normative),
        "normative_docs_issued_count|": normative,
        "channel_gazette_info_count|": channels[0],
        "channel_website_info_count|": channels[1],
        "channel_weibo_info_count|": channels[2],
        "channel_wechat_info_count|": channels[3],
        "channel_other_info_count|": channels[4],
        "response_hot_topics_count|": rng.randint(0, 3 * size),
        "press_conferences_count|": conferences,
        "press_conferences_by_principal_count|": rng.randint(0, conferences),
        "online_interviews_count|": interviews,
        "online_interviews_by_principal_count|": rng.randint(0, interviews),
        "policy_interpretations_count|": rng.randint(0, 6 * size),
        "weibo_wechat_responses_count|": rng.randint(0, 5 * size),
        "other_responses_count|": rng.randint(0, 4 * size),
        "requests_received_count|": received,
        "requests_in_person_count|": by_channel[0],
        "requests_fax_count|": by_channel[1],
        "requests_online_count|": by_channel[2],
        "requests_letter_count|": by_channel[3],
        "requests_completed_count|": received,
        "requests_completed_on_time_count|": received - extended,
        "requests_completed_extended_count|": extended,
        "replies_count|": received,
        "replies_already_public_count|": replies[0],
        "replies_granted_count|": replies[1],
        "replies_partially_granted_count|": replies[2],
        "replies_refused_count|": replies[3],
        **{f"refused_{ground}_count|": part for ground, part in zip(GROUNDS, refused, strict=True)},
        "replies_not_responsible_count|": replies[4],
        "replies_nonexistent_count|": replies[5],
        "replies_amendment_notified_count|": replies[6],
        "replies_other_channel_notified_count|": replies[7],
        "review_cases_count|": sum(review),
        "review_upheld_count|": review[0],
        "review_corrected_count|": review[1],
        "review_other_count|": review[2],
        "litigation_cases_count|": sum(litigation),
        "litigation_upheld_count|": litigation[0],
        "litigation_corrected_count|": litigation[1],
        "litigation_other_count|": litigation[2],
        "complaints_count|": rng.randint(0, size // 5),
        "request_fees_collected|": rng.choice((0, 0, 0, 0.35, 1.2)) if size > 1 else 0,
        "dedicated_offices_count|": rng.randint(1, 1 + 3 * size // 2),
        "reading_points_count|": rng.randint(1, 2 + 4 * size),
        "staff_count|": sum(staff),
        "staff_full_time_count|": staff[0],
        "staff_part_time_count|": staff[1],
        "dedicated_budget|": rng.choice((0, 0, 2, 5.5, 12.86)),
        "meetings_count|": rng.randint(1, 2 + size // 3),
        "training_sessions_count|": trainings,
        "trainees_count|": trainings * rng.randint(9, 60),
    }


def _requests(rng: Random, size: int, codes: list[str], carried: list[int], *, all_closed: bool = False) -> Figures:
    """The table of requests: `carried` are those of each kind of applicant that the year before left open."""
    new = split(rng, rng.randint(0, 7) * size + rng.randint(0, 3), (30, 5, 0.4, 0.6, 1.5, 1))
    weights = tuple(30.0 if code == "granted" else 6.0 if code in {"partially_granted", "unable_not_held"} else 0.8 for code in codes)
    figures: Figures = {}
    for column, fresh, old in zip(NATURAL_AND_ORGANISATIONS, new, carried, strict=True):
        left = 0 if all_closed else rng.randint(0, (fresh + old) // 9)
        done = fresh + old - left
        figures |= {
            f"requests.received_new|{column}": fresh,
            f"requests.carried_over|{column}": old,
            **{f"requests.{code}|{column}": part for code, part in zip(codes, split(rng, done, weights), strict=True)},
            f"requests.results_total|{column}": done,
            f"requests.carried_to_next|{column}": left,
        }
    for code in ("received_new", "carried_over", *codes, "results_total", "carried_to_next"):
        figures[f"requests.{code}|total"] = sum(figures[f"requests.{code}|{column}"] or 0 for column in NATURAL_AND_ORGANISATIONS)
    return figures


def _review_litigation(rng: Random, size: int) -> Figures:
    figures: Figures = {}
    for start in range(0, len(REVIEW_LITIGATION), 5):
        parts = split(rng, rng.randint(0, size // 2), (5, 1, 2, 1))
        for column, value in zip(REVIEW_LITIGATION[start : start + 5], [*parts, sum(parts)], strict=True):
            figures[f"review_litigation.{column.code}|"] = value
    return figures


def result_codes(rows: tuple[Row, ...]) -> list[str]:
    """The codes of the result rows that add up to (七)总计."""
    return [row.code for row in rows if row.code not in {"", "received_new", "carried_over", "results_total", "carried_to_next"}]


def open_requests(figures: Figures | None) -> list[int]:
    """What a year leaves open for the next, by kind of applicant; zeros where there is no year before."""
    known = figures or {}
    return [int(known.get(f"requests.carried_to_next|{column}") or 0) for column in NATURAL_AND_ORGANISATIONS]


def report_2019(rng: Random, size: int, before: Figures | None, *, all_closed: bool = False) -> Figures:
    """The figures of the form of 2019 and 2020; `all_closed` where the next year's report says that nothing was carried over."""
    made, rules = rng.randint(0, 2 * size), rng.randint(0, 3) if size > 40 else 0
    figures: Figures = {
        "article20_1.rules|made_this_year": rules,
        "article20_1.rules|disclosed_this_year": rules,
        "article20_1.rules|disclosed_total": rules + (rng.randint(0, 20) if size > 40 else 0),
        "article20_1.normative_documents|made_this_year": made,
        "article20_1.normative_documents|disclosed_this_year": rng.randint(0, made),
        "article20_1.normative_documents|disclosed_total": made + rng.randint(0, 12 * size),
    }
    areas = {
        "article20_5.administrative_licensing": 25,
        "article20_5.other_external_services": 12,
        "article20_6.administrative_penalty": 90,
        "article20_6.administrative_coercion": 8,
        "article20_8.administrative_fees": 2,
    }
    for row, scale in areas.items():
        items = rng.randint(1, scale * size)
        figures[f"{row}|items_previous_year"] = items
        figures[f"{row}|items_change"] = rng.randint(-min(items, 2 * size + 1), 2 * size + 1)
        if not row.startswith("article20_8"):
            figures[f"{row}|decisions"] = rng.randint(0, 40 * scale * size)
    procured = rng.randint(0, 30 * size)
    figures["article20_9.government_procurement|procurement_items"] = procured
    figures["article20_9.government_procurement|procurement_amount"] = round(procured * rng.uniform(2, 90), 4)
    codes = result_codes(REQUESTS_2019)
    return figures | _requests(rng, size, codes, open_requests(before), all_closed=all_closed) | _review_litigation(rng, size)


def report_2021(rng: Random, size: int, before: Figures | None) -> Figures:
    """The figures of the form of 2021 and later; what is in force follows from the year before where that used the same form."""
    issued, rules = rng.randint(0, size), rng.randint(0, 2) if size > 40 else 0
    in_force = (before or {}).get("article20_1.normative_documents|in_force")
    rules_in_force = (before or {}).get("article20_1.rules|in_force")
    standing = int(in_force) if in_force is not None else rng.randint(size, 8 * size)
    repealed = rng.randint(0, min(standing, size // 2 + 1))
    rules_standing = int(rules_in_force) if rules_in_force is not None else (rng.randint(5, 30) if size > 40 else 0)
    figures: Figures = {
        "article20_1.rules|issued_this_year": rules,
        "article20_1.rules|repealed_this_year": 0,
        "article20_1.rules|in_force": rules_standing + rules,
        "article20_1.normative_documents|issued_this_year": issued,
        "article20_1.normative_documents|repealed_this_year": repealed,
        "article20_1.normative_documents|in_force": standing + issued - repealed,
        "article20_5.administrative_licensing|decisions": rng.randint(0, 1200 * size),
        "article20_6.administrative_penalty|decisions": rng.randint(0, 300 * size),
        "article20_6.administrative_coercion|decisions": rng.randint(0, 9 * size),
        "article20_8.administrative_fees|fees_amount": round(rng.uniform(0, 90 * size), rng.choice((0, 2, 4))) if size > 1 else 0,
    }
    codes = result_codes(REQUESTS_2021)
    return figures | _requests(rng, size, codes, open_requests(before)) | _review_litigation(rng, size)


def blank_idle_rows(figures: Figures) -> Figures:
    """The same with the result rows in which nothing happened left blank, as many departments print them."""
    rows = {name.split("|")[0] for name in figures if name.startswith("requests.")}
    kept = {f"requests.{code}" for code in ("received_new", "carried_over", "granted", "results_total", "carried_to_next")}
    idle = {row for row in rows - kept if not any(figures[f"{row}|{column.code}"] for column in APPLICANTS)}
    return {name: None if name.split("|")[0] in idle else value for name, value in figures.items()}
