"""The statistics kernel: frames in, named columns or frozen results out. No Django, no I/O, no clock.

Too little data gives a status (`schema.STATUSES`), never a number. What is impossible or has two readings is refused at
one door (`door.door`), by column and row. `METHODS` lists the public functions. Import
them from their modules: this package imports none of them, so pandas and scipy are loaded only where a figure is
computed. docs/methods.md lists every method with its formula, source and tests.
"""

METHOD_VERSION = "2026.4"

METHODS: dict[str, tuple[str, ...]] = {
    # growth of one student
    "trends": ("fit_trends", "baseline"),
    "pooling": ("pool_slopes", "project_pooled", "conformal_factor", "usual_factor"),
    "shortfall": ("growth_chances", "error_correlation", "flag_by_chance"),
    "goals": ("project_goals", "project", "chance_band"),
    "decisions": ("judge_plans", "judge_plan"),
    "maintenance": ("level_kept",),
    "forecasts": ("forecast_scores", "compare_forecasts"),
    # what a score means
    "levels": ("levels_of", "percentiles_of"),
    "norms": ("norm_growth",),
    "measurement": (
        "sem_of",
        "change_index",
        "reliable_change",
        "true_score",
        "expected_retest",
        "is_near_cut",
        "cut_band",
        "is_too_noisy",
    ),
    "retest": ("selected_gain",),
    # a common assessment
    "items": ("item_statistics",),
    "distractors": ("distractor_table",),
    "mastery": ("mastery_bands", "mastery_band"),
    "reliability": ("reliability", "feldt_interval", "alpha_if_deleted", "could_flip"),
    "agreement": ("rater_agreement",),
    # did it help this student
    "singlecase": (
        "nonoverlap_of_all_pairs",
        "percent_nonoverlap",
        "standardized_difference",
        "strength_of",
    ),
    "tau": ("tau_family", "baseline_corrected_tau", "baseline_trend"),
    "responses": ("log_response_ratio",),
    "caseeffects": ("effects", "preferred_index", "effects_by_series"),
    # did it help these students
    "paired": ("paired_change", "paired_share_change"),
    # early warning
    "absences": ("weekday_excess", "absence_change"),
    "facts": ("attendance_facts", "behavior_facts", "mark_facts", "on_track"),
    "indicators": ("judge_indicator", "judge_indicators"),
    "rulekinds": ("rule_indicators", "judge_rule", "judge_conditions"),
    "scorecard": ("fit_scorecard", "scorecard_from_json", "logistic_weights"),
    "banding": ("place_within",),
    "validation": ("validate", "split_by_year"),
    "outcomes": ("flag_precision",),
    "flagquality": ("rank_quality", "at_capacity", "at_threshold"),
    "probability": ("calibration",),
    # fairness and privacy
    "equity": (
        "risk_ratio",
        "wilson_interval",
        "difference_of_proportions",
        "difference_of_means",
        "benjamini_hochberg",
    ),
    "disproportion": ("pool_years", "risk_ratios", "is_significant"),
    "audit": ("audit_score",),
    "suppression": ("suppress",),
    "differencing": ("exposed_members", "exposed_parts"),
    "disclosure": ("bounds_of",),
    "tables": ("table_sums", "view_sums", "code_rate"),
}
