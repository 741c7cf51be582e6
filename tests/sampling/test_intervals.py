"""The intervals are Wilson's as published, and those of stratified samples hold what they promise."""

import random

import pytest

from giar_crawler.sampling.intervals import Part, stratified, wilson


# R. G. Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, table I, method 3.
@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(events, n, low, high):
    assert [round(bound, 4) for bound in wilson(events / n, n)] == [low, high]
    whole = stratified([Part(1000, n, events)])
    assert (whole.value, whole.low, whole.high) == (events / n, *wilson(events / n, n))
    flipped = wilson(1 - events / n, n)
    assert flipped == pytest.approx((1 - high, 1 - low), abs=1e-4)


def test_strata_are_weighted_by_size():
    found = stratified([Part(900, 50, 5), Part(100, 50, 25)])
    assert found.value == pytest.approx(0.9 * 0.1 + 0.1 * 0.5)
    # By hand: 1 / (.81 / 50 + .01 / 50). The variance found would allow for 79.9.
    assert (found.low, found.high) == pytest.approx(wilson(0.14, 60.97561))
    # By hand: .25 * .75 / (.25 * .25 / 10), less than the 39.6 of equal shares.
    found = stratified([Part(500, 10, 5), Part(500, 990, 0)])
    assert (found.low, found.high) == pytest.approx(wilson(0.25, 30))


def test_a_stratum_without_an_event_is_not_certain():
    found = stratified([Part(9000, 10, 0), Part(1000, 200, 2)])
    assert found.high > 0.2
    assert stratified([Part(9000, 10, 0), Part(1000, 200, 0)]).high > 0.2


def test_what_nothing_was_decided_of():
    assert stratified([]) is None
    assert stratified([Part(5, 0, 0)]) is None
    assert stratified([Part(5, 0, 0), Part(10, 4, 1)]).value == 0.25


@pytest.mark.parametrize("shares", [(0.01, 0.01), (0.002, 0.08), (0.08, 0.002), (0.3, 0.05)])
def test_stratified_intervals_hold_the_share_as_often_as_they_say(shares):
    rng = random.Random(7)  # noqa: S311 - a simulation
    sizes, drawn = (9000, 1000), (180, 90)
    truth = sum(size * share for size, share in zip(sizes, shares, strict=True)) / sum(sizes)
    rounds, held = 2000, 0
    for _ in range(rounds):
        parts = [Part(size, n, sum(rng.random() < share for _ in range(n))) for size, n, share in zip(sizes, drawn, shares, strict=True)]
        found = stratified(parts)
        held += found.low <= truth <= found.high
    assert held / rounds > 0.93
