"""The stage function of the checks."""

from __future__ import annotations

from pipelines.checks.classification import classify
from pipelines.checks.identities import broken_relations
from pipelines.checks.implied import imply_zeros
from pipelines.checks.mirrors import detect_mirror
from pipelines.checks.prose_against_table import disagreements
from pipelines.checks.verdict import outcome
from pipelines.findings import finding, without_blame
from pipelines.reading import Reading
from pipelines.statistics.forms import forms


def check_record(reading: Reading) -> None:
    """Fills the record's classification, mirror, outcome, and the findings on its figures."""
    report = reading.report
    report.classification = classify(reading)
    report.mirror = detect_mirror(reading)
    if report.form is not None:
        form = forms()[report.form]
        report.findings += broken_relations(form, reading.figures)
        imply_zeros(form, reading.figures)
        report.findings += disagreements(report, reading.figures)
        last = form.last_year or 9999
        if report.report_year is not None and not form.first_year <= report.report_year <= last:
            report.findings.append(finding("form_out_of_years", form=form.id, year=report.report_year))
    if report.mirror is not None:
        for remark in report.findings:
            # What stands on a stranger's copy is no fault of the office whose name it bears.
            if remark.blame == "publisher":
                without_blame(remark)
    report.outcome = outcome(reading, report.classification)
