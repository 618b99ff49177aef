"""The kernel: frames in, named columns or frozen results out. No Django, no input or output, no clock.

Too little data is a status (`schema.STATUSES`) and never a number. Import from the modules; this package
imports none of them, so that pandas and scipy are loaded only where a figure is computed.

`trends`
    `fit_trends(scores, level)` of all series at once, `baseline(days, values)`.
`pooling`
    `pool_slopes(fits, group, level)`: slopes that borrow strength from the group.
`decisions`
    `GoalLine`, `Dosage`, `judge_plan` (rules with their arithmetic), `project`, `chance_band`.
`levels`
    `levels_of` by cut scores, `percentiles_of` among peers.
`measurement`
    `sem_of`, `reliable_change`, `true_score`, `expected_retest`, `is_near_cut`.
`norms`
    `norm_band(score, grade, window)`, `norm_growth(grade, percentile)`; norms are versioned data.
`items`
    `item_statistics(points, possible)`, `reliability(points)`, `standard_shares(points, possible, standard)`.
`singlecase`
    `nonoverlap_of_all_pairs`, `percent_nonoverlap`, `tau_family`, `standardized_difference` of two phases.
`equity`
    `risk_ratio`, `wilson_interval`, `difference_of_proportions`, `difference_of_means`, `benjamini_hochberg`.
`flagquality`
    `rank_quality(score, outcome)`, `at_capacity(score, outcome, k)`, `calibration(probability, outcome)`.
"""

METHOD_VERSION = "2026.2"
