//! An invented report with every part, for tests.

use super::format::Language;
use super::*;

fn month(index: usize) -> String {
    format!("{}-{:02}", 2024 + index / 12, index % 12 + 1)
}

fn cohort_table(kind: CellKind) -> CohortTable {
    let ages = [0_i32, 30, 60, 90, 180, 270, 365, 540, 730];
    let rows: Vec<CohortRow> = (0..18)
        .map(|cohort: i32| {
            let reached = (18 - cohort) * 30;
            let cell = |age: i32| {
                let grown = 38.0 + 31.0 * (1.0 - (-f64::from(age) / 160.0).exp()) + f64::from(cohort % 5) * 1.7;
                let share = 0.17 * (-f64::from(age) / 400.0).exp() + f64::from(cohort % 4) * 0.007;
                let value = if kind == CellKind::Money { grown } else { share };
                (age < reached + 30).then_some(CohortCell { value, complete: age <= reached - 30 })
            };
            let customers = (150 + cohort * 9 + (cohort % 12 / 10) * 140) as u64;
            CohortRow { cohort: month(12 + cohort as usize), customers, cells: ages.into_iter().map(cell).collect() }
        })
        .collect();
    let average = (0..ages.len())
        .map(|age| {
            let cells: Vec<f64> = rows
                .iter()
                .filter_map(|row| row.cells[age])
                .filter(|cell| cell.complete)
                .map(|cell| cell.value)
                .collect();
            (!cells.is_empty()).then(|| cells.iter().sum::<f64>() / cells.len() as f64)
        })
        .collect();
    let (title, explanation) = match kind {
        CellKind::Money => ("Value per customer", "Net value per customer of the cohort until each age in days."),
        CellKind::Share => {
            ("Customers who came back", "Share of the cohort with a purchase in the 30 days before each age.")
        }
    };
    CohortTable {
        title: title.into(),
        explanation: explanation.into(),
        kind,
        ages: ages.iter().map(|age| format!("day {age}")).collect(),
        rows,
        average,
    }
}

fn curves() -> LifetimeCurves {
    let ages: Vec<u32> = (0..=24).map(|step| step * 30).collect();
    let value = |age: u32, level: f64| level * (38.0 + 62.0 * (1.0 - (-f64::from(age) / 260.0).exp()));
    let cohorts = (0..8)
        .map(|index| {
            let until = 720 - index * 90;
            let level = 1.08 - f64::from(index) * 0.025;
            let values = ages.iter().map(|&age| (age <= until).then(|| value(age, level))).collect();
            Curve {
                name: format!("{} Q{}", 2024 + index / 4, index % 4 + 1),
                customers: 500 + u64::from(index) * 60,
                values,
            }
        })
        .collect();
    let pooled = ages.iter().map(|&age| Some(value(age, 1.0))).collect();
    LifetimeCurves { ages, pooled, cohorts, acquisition_cost: Some(52.0), payback_days: Some(64.0) }
}

fn forecast() -> Forecast {
    let season = [0.9, 0.85, 0.9, 0.95, 0.95, 0.85, 0.85, 0.6, 0.95, 1.05, 1.6, 1.7];
    let history = (0..30)
        .map(|index| MonthValue {
            month: month(index),
            value: season[index % 12] * (14_000.0 + 620.0 * index as f64) * if index == 29 { 0.4 } else { 1.0 },
            complete: index != 29,
        })
        .collect();
    let expected = (30..42)
        .map(|index| {
            let value = 15_500.0 * season[index % 12] * 0.965_f64.powi(index as i32 - 30);
            let spread = 0.1 + 0.012 * (index - 30) as f64;
            let estimate = Estimate { value, low: value * (1.0 - spread), high: value * (1.0 + spread * 1.15) };
            MonthEstimate { month: month(index), estimate }
        })
        .collect();
    Forecast { history, expected, covers: "today’s customers alone, without those still to be won".into() }
}

fn alive() -> AliveTable {
    let recency: [f64; 7] = [15.0, 45.0, 75.0, 120.0, 240.0, 330.0, 500.0];
    let rows = [("2", 2.0), ("3", 3.0), ("4–5", 4.5), ("6–9", 7.0), ("10+", 14.0)];
    AliveTable {
        recency: ["0–29", "30–59", "60–89", "90–179", "180–269", "270–364", "365+"].map(str::to_owned).to_vec(),
        rows: rows
            .into_iter()
            .map(|(purchases, frequency)| AliveRow {
                purchases: purchases.into(),
                cells: recency
                    .into_iter()
                    .map(|days| {
                        let probability = 0.93 / (1.0 + (days * frequency / 900.0_f64).powf(1.7));
                        let customers = (900.0 / frequency / (1.0 + days / 200.0)) as u64;
                        (customers > 18).then_some(AliveCell { probability, customers })
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn backtest() -> Backtest {
    let model = |model: &str, baseline, rmse, mae, bias, spearman, top| BacktestRow {
        model: model.into(),
        baseline,
        rmse: Some(rmse),
        mae: Some(mae),
        bias: Some(bias),
        spearman,
        top10_capture: top,
    };
    Backtest {
        calibrated_until: "2025-12-31".into(),
        until: "2026-06-30".into(),
        customers: 5_931,
        purchases: 3_410,
        chosen: "mbg-nbd".into(),
        models: vec![
            model("mbg-nbd", false, 1.021, 0.511, -0.021, Some(0.481), Some(0.56)),
            model("pareto-nbd", false, 1.024, 0.519, 0.034, Some(0.479), Some(0.55)),
            model("bg-nbd", false, 1.031, 0.528, 0.052, Some(0.470), Some(0.55)),
            model("naive-mean", true, 1.287, 0.693, 0.118, None, None),
            model("naive-rate", true, 1.904, 0.884, 0.623, Some(0.462), Some(0.49)),
            model("zero", true, 1.402, 0.575, -1.0, None, None),
        ],
        tracking: (0..=26)
            .map(|week| {
                let day: clove_core::Day = "2025-12-31".parse().unwrap();
                let actual = 3_410.0 * (f64::from(week) / 26.0).powf(0.93);
                let wobble = 60.0 * (f64::from(week) / 3.0).sin();
                Tracking {
                    day: clove_core::Day(day.0 + week * 7).to_string(),
                    actual: actual + wobble.min(actual),
                    expected: actual * 0.98,
                }
            })
            .collect(),
    }
}

/// The report.
pub fn sample() -> ReportData {
    let key =
        |label: &str, figure, note: &str, alarm| KeyFigure { label: label.into(), figure, note: note.into(), alarm };
    let segment =
        |name: &str, rule: &str, customers: Option<u64>, shares: (f64, f64), value: f64, predicted: f64| Segment {
            name: name.into(),
            rule: rule.into(),
            customers,
            customer_share: customers.map(|_| shares.0),
            value_share: customers.map(|_| shares.1),
            value: customers.map(|_| value),
            predicted: customers.map(|_| predicted),
        };
    let channel = |name: &str, customers, value, cost: Option<f64>| BreakdownRow {
        name: name.into(),
        customers,
        figures: vec![
            Figure::Money(value),
            cost.map_or(Figure::Unknown, Figure::Money),
            cost.map_or(Figure::Unknown, |cost| Figure::Ratio(value / cost)),
            Figure::Share(0.31),
        ],
    };
    let action = |title: &str, reason: &str, reach, value, note: &str, command: Option<&str>| Action {
        title: title.into(),
        reason: reason.into(),
        reach: Some(reach),
        value,
        value_note: note.into(),
        command: command.map(str::to_owned),
    };
    ReportData {
        shop: "Brezza".into(),
        demo: true,
        language: Language::En,
        right_to_left: None,
        ground: Ground {
            as_of: "2026-06-12".into(),
            since: "2024-01-01".into(),
            currency: "EUR".into(),
            currency_decimals: 2,
            basis: "net".into(),
            model: "mbg-nbd + gamma-gamma".into(),
            gate: None,
            horizon_days: 365,
            discount_rate: 0.0,
            time_zone: "Europe/Rome".into(),
            identified_share: Some(0.974),
            without_amounts: false,
            made_by: "Clove 0.1.0".into(),
        },
        headline: Headline {
            worth: Some(62.4),
            worth_days: 90,
            again: Some(0.283),
            again_days: 180,
            late: Some(143),
            at_risk: Some(9_800.0),
            expected: Some(Estimate { value: 168_400.0, low: 151_000.0, high: 187_900.0 }),
        },
        key_figures: vec![
            key("Net sales, 12 months", Figure::Money(412_870.0), "+18% on the year before", false),
            key("Customers", Figure::Count(7_261), "2.5% of orders from unknown guests", false),
            key("Average order", Figure::Money(47.77), "placed; net 44.51 EUR", false),
            key("Orders per customer", Figure::Average(2.62), "over their whole time", false),
            key("Value to acquisition cost", Figure::Ratio(4.1), "net at 90 days; blended cost 15.10 EUR", false),
            key("Paid social", Figure::Ratio(0.8), "margin at 90 days to cost: below 1 loses money", true),
            key("Return rate", Figure::Share(0.068), "returned value / placed value", false),
            key("Time between orders", Figure::Days(41.0), "median; a quarter wait more than 96 days", false),
        ],
        actions: vec![
            action(
                "Write to the good customers who are late",
                "At risk by this shop’s own gaps, and among the best quarter by value of 24 months.",
                143,
                Some(9_800.0),
                "value at risk in 365 days",
                Some("clove segments orders.csv --segment late-good --format csv"),
            ),
            action("Win the second order", "2,310 first-time buyers are still inside the usual gap of 96 days; 28 in 100 come back by themselves.", 2_310, Some(7_120.0), "if 5 in 100 more come back", None),
            action("Pause half of paid social", "A customer from there costs 26.40 EUR and brings 21.10 EUR of margin in 90 days.", 812, Some(2_150.0), "margin a quarter", None),
            action("Stop discounts for full-price buyers", "They bought at least twice without any code.", 964, None, "", None),
        ],
        cohorts: vec![cohort_table(CellKind::Money), cohort_table(CellKind::Share)],
        curves: Some(curves()),
        forecast: Some(forecast()),
        alive: Some(alive()),
        concentration: Some(Concentration {
            points: (0..=50).map(|i| f64::from(i) / 50.0).map(|p| (p, 1.0 - (1.0 - p).powf(3.1))).collect(),
            named: [0.01, 0.1, 0.2].map(|p: f64| (p, 1.0 - (1.0 - p).powf(3.1))).to_vec(),
            customers: 7_261,
        }),
        backtest: Some(backtest()),
        segments: vec![
            segment("VIP", "24-month value of at least 412 EUR and at least 3 purchases, not lapsed", Some(402), (0.055, 0.31), 742.1, 388.4),
            segment("Regular", "at least 3 purchase days and not lapsed", Some(1_102), (0.152, 0.44), 381.5, 190.2),
            segment("Full price", "at least 2 purchases, none discounted", Some(964), (0.133, 0.21), 208.7, 96.1),
            segment("Discount buyers", "at least 8 of 10 purchases with a discount", Some(611), (0.084, 0.06), 93.4, 22.9),
            segment("First-time", "one purchase, within 96 days", Some(1_230), (0.169, 0.07), 41.9, 19.3),
            segment("Tiny test group", "only to show how few look", Some(12), (0.002, 0.001), 61.0, 20.0),
            segment("Cart abandoners", "needs checkout data", None, (0.0, 0.0), 0.0, 0.0),
        ],
        breakdowns: vec![Breakdown {
            title: "First order by channel".into(),
            explanation: "Net value in the first 90 days against what it costs to win a customer there.".into(),
            by: "Channel".into(),
            columns: ["Value, 90 days", "Cost", "Value to cost", "Buys again"].map(str::to_owned).to_vec(),
            rows: vec![
                channel("organic", 1_654, 71.2, None),
                channel("paid search", 1_439, 63.9, Some(15.2)),
                channel("paid social", 1_406, 46.4, Some(26.4)),
                channel("referral", 470, 88.2, Some(9.0)),
                channel("قهوة عربية", 21, 58.0, Some(14.0)),
            ],
        }],
        health: Health {
            rows: 20_000,
            orders: 19_544,
            customers: 7_743,
            guests: 507,
            rejected: 2,
            excluded: vec![
                Excluded { reason: "test orders".into(), count: 11, amount: 522.4 },
                Excluded { reason: "cancelled orders".into(), count: 283, amount: 13_504.27 },
                Excluded { reason: "gift card sales".into(), count: 88, amount: 4_825.0 },
                Excluded { reason: "orders of no value (samples)".into(), count: 112, amount: 0.0 },
            ],
            warnings: vec!["Costs of goods are known for 96.1% of net sales.".into()],
        },
        definitions: vec![
            Definition { figure: "Value".into(), definition: "Unit prices without tax times quantity, minus discounts, minus returned items (net). A refund lowers the value of the order it belongs to.".into() },
            Definition { figure: "Buys again".into(), definition: "Customers with a second purchase within 180 days of the first, among those whose first purchase is at least 180 days ago.".into() },
            Definition { figure: "Late good customer".into(), definition: "At risk (days since the last purchase between p75 and p95 of this shop’s gaps) and 24-month value in the best quarter.".into() },
        ],
    }
}
