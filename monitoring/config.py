"""Every method and threshold of a report, fixed here and never chosen by the size of a sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from metrics.distances import PSI_ALERT, PSI_WATCH


class Level(StrEnum):
    """What a check says, from the quietest to the loudest.

    `NOT_APPLICABLE` is a result with a reason, not a silent pass.
    """

    NOT_APPLICABLE = "not_applicable"
    STABLE = "stable"
    WATCH = "watch"
    ALERT = "alert"

    @property
    def is_raised(self) -> bool:
        """Tell whether there is something to see: *watch* or louder."""
        return self in (Level.WATCH, Level.ALERT)


def loudest(levels: list[Level]) -> Level:
    """Return the loudest of some levels.

    >>> loudest([Level.STABLE, Level.ALERT, Level.NOT_APPLICABLE]).value
    'alert'
    """
    order = list(Level)
    return max(levels, key=order.index, default=Level.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Bands:
    """Limits between *stable*, *watch* and *alert*; a value on a limit belongs to the louder band."""

    watch: float
    alert: float

    def level(self, value: float) -> Level:
        """Return the band of a value.

        >>> [PSI_BANDS.level(value).value for value in (0.0999, 0.1, 0.25)]
        ['stable', 'watch', 'alert']
        """
        if value >= self.alert:
            return Level.ALERT
        return Level.WATCH if value >= self.watch else Level.STABLE


PSI_BANDS = Bands(watch=PSI_WATCH, alert=PSI_ALERT)


@dataclass(frozen=True, slots=True)
class Maturity:
    """From when on the outcomes of a period may judge.

    Attributes
    ----------
    known_share
        Share of the period's accepted applications whose outcome has to be known.
    until
        Last period that the lender says is mature, such as ``2026-01``, whatever is known of it; empty where none is.
    """

    known_share: float = 0.95
    until: str = ""


@dataclass(frozen=True, slots=True)
class DomainClassifierConfig:
    """The domain classifier: it tries to tell the two windows apart.

    Attributes
    ----------
    rows
        Applications drawn from each window.
    folds
        Each application is judged by a classifier that has not seen it.
    trees, leaves, bins
        Size of the boosted trees: enough for an interaction, too small to learn single rows.
    fewest_rows
        With fewer in a window it learns nothing.
    draws
        Samples, each of other rows, whose mean AUC is judged: one alone is a coin flip near a limit.
    shown
        Inputs that give the current window away, at most.
    """

    rows: int = 2_500
    folds: int = 2
    trees: int = 20
    leaves: int = 8
    bins: int = 48
    learning_rate: float = 0.2
    fewest_rows: int = 200
    draws: int = 4
    shown: int = 5
    seed: int = 0


@dataclass(frozen=True, slots=True)
class EvidentlyConfig:
    """What the Evidently report shows.

    Attributes
    ----------
    columns
        Inputs shown, the most important ones by the contract; those that moved are shown in any case.
    rows
        Applications drawn from each window, so that the file stays at a few megabytes.
    drift_share
        Share of drifted columns from which Evidently calls the whole data set drifted: one column is enough. Its usual
        half would head a report that gives the alarm with "NOT detected".
    """

    columns: int = 20
    rows: int = 5_000
    drift_share: float = 0.01


@dataclass(frozen=True, slots=True)
class MonitoringConfig:
    """Thresholds of the checks.

    Attributes
    ----------
    psi
        Population stability index of an input, of all inputs by weight, and of the probability of default.
    distance
        Wasserstein distance in standard deviations (numbers), Jensen-Shannon distance (categories).
    missing_share_change
        Absolute change of the share of missing values.
    unusual_share_rise
        Rise of the share outside the usual range.
    impossible_share
        Share that the contract does not allow: outside the hard bounds, or a category it does not know.
    refusal_rate_change
        Absolute change of the refusal rate.
    cost_rise
        Relative rise of the expected cost per application.
    auc_fall
        Absolute fall of the expected AUC.
    calibration_gap
        Distance of the mean probability from the default rate, relative to the latter.
    auc_shortfall
        Realised AUC below the expected one of the same applications.
    cost_excess
        Rise of the realised cost over the expected one of the same applications.
    slope_gap
        Distance of the calibration slope from 1.
    intercept_gap
        Distance of the calibration intercept from 0, in log-odds.
    refused_share
        Share of all applications that were not scored because of one field of the contract.
    declared_excess
        Share of a partner's applications that declare an input to be absent, above what it is compared with.
    override_rate
        Share of the proposals that officers decided against.
    override_cost
        What decisions against the proposal cost above it, per such decision whose outcome is known.
    silent_feed
        1 where an input that the reference knows has no value at all.
    separation
        AUC of the classifier that tells the current window from the reference; 0.5 where nothing tells them apart.
    error_share
        Share of the requests to the API that met a failure of the service.
    latency_ms
        99th percentile of the time that a reply takes.
    false_alarm_rate
        Chance that a report without drift says anything but *stable* of a value that chance can move: p-values are
        corrected for all the looks of a report together.
    important_share
        An input that matters less to the model than this can raise *watch* at most.
    fewest_rows
        Below it no effect is judged, and with fewer known values an input has no distance: the limits that p-values
        lean on are those of samples, not of a handful. Facts are judged at any size.
    seeing_rows
        Below it a report is blind: an effect of the size of an alarm stays within what chance explains. With so many
        rows, eleven bins and the correction for all looks, a PSI of 0.25 is certain two times in three.
    blind_reports
        So many blind reports in a row have a status of their own: nobody has been looking for as long.
    segment
        Column whose segments are each measured (``--segment``); empty, the main one of `main_segment` is.
    main_segment
        Column of the products: a mix of products that has changed moves everything.
    named_categories_from
        An unknown category is named only when that many applications bear it: a rare text may identify a person.
    memory_limit
        Memory of DuckDB before it spills to disk.
    """

    psi: Bands = PSI_BANDS
    distance: Bands = Bands(watch=0.10, alert=0.25)
    missing_share_change: Bands = Bands(watch=0.02, alert=0.10)
    unusual_share_rise: Bands = Bands(watch=0.01, alert=0.05)
    impossible_share: Bands = Bands(watch=0.0005, alert=0.01)
    refusal_rate_change: Bands = Bands(watch=0.02, alert=0.05)
    cost_rise: Bands = Bands(watch=0.05, alert=0.10)
    auc_fall: Bands = Bands(watch=0.01, alert=0.03)
    calibration_gap: Bands = Bands(watch=0.10, alert=0.25)
    auc_shortfall: Bands = Bands(watch=0.02, alert=0.05)
    cost_excess: Bands = Bands(watch=0.05, alert=0.15)
    slope_gap: Bands = Bands(watch=0.15, alert=0.30)
    intercept_gap: Bands = Bands(watch=0.10, alert=0.25)
    refused_share: Bands = Bands(watch=0.01, alert=0.10)
    declared_excess: Bands = Bands(watch=0.05, alert=0.20)
    override_rate: Bands = Bands(watch=0.10, alert=0.25)
    override_cost: Bands = Bands(watch=0.25, alert=1.0)
    silent_feed: Bands = Bands(watch=0.5, alert=1.0)
    separation: Bands = Bands(watch=0.60, alert=0.70)
    error_share: Bands = Bands(watch=0.001, alert=0.01)
    latency_ms: Bands = Bands(watch=500.0, alert=2_000.0)
    false_alarm_rate: float = 0.01
    important_share: float = 0.01
    fewest_rows: int = 30
    seeing_rows: int = 300
    blind_reports: int = 4
    segment: str = ""
    main_segment: str = "NAME_CONTRACT_TYPE"
    named_categories_from: int = 10
    memory_limit: str = "1GB"
    evidently: EvidentlyConfig = field(default_factory=EvidentlyConfig)
    maturity: Maturity = field(default_factory=Maturity)
    domain_classifier: DomainClassifierConfig = field(default_factory=DomainClassifierConfig)
