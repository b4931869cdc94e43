//! The chosen model over many origins of two real shops: not clearly worse than whichever single model turns out best there,
//! and intervals that hold what they promise.

mod shops;

use clove_models::accuracy;
use clove_models::backtest::{Backtest, backtest};
use clove_models::candidate::CandidateKind;
use clove_models::history::Histories;
use clove_models::purchase::CustomerSummary;
use clove_models::select::SelectOptions;
use clove_models::shock::{CLASSES, class_of};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use shops::day;

/// Calibration day and weeks held out.
const CDNOW: [(&str, i32); 8] = [
    ("1997-06-30", 13),
    ("1997-06-30", 26),
    ("1997-06-30", 52),
    ("1997-09-30", 13),
    ("1997-09-30", 39),
    ("1997-12-31", 13),
    ("1997-12-31", 26),
    ("1998-03-31", 13),
];
const CDNOW_SAMPLE: [(&str, i32); 4] = [("1997-06-30", 26), ("1997-09-30", 39), ("1997-12-31", 26), ("1998-03-31", 13)];
const GROCERY: [(&str, i32); 10] = [
    ("2006-06-30", 13),
    ("2006-06-30", 26),
    ("2006-06-30", 52),
    ("2006-09-30", 26),
    ("2006-09-30", 52),
    ("2006-12-31", 13),
    ("2006-12-31", 52),
    ("2007-03-31", 26),
    ("2007-06-30", 26),
    ("2007-09-30", 13),
];
const LEVEL: f64 = 0.8;

/// What one origin showed.
struct Seen {
    /// Root mean squared error of the chosen over that of the best single model.
    ratio: f64,
    /// The chosen was worse by more than a paired bootstrap at 90 % explains.
    clearly_worse: bool,
    total_inside: bool,
    /// Groups of at least 200 customers by frequency: inside their interval or not.
    groups_inside: Vec<bool>,
}

fn look(histories: &Histories, end: &str, weeks: i32) -> Seen {
    let mut rng = SmallRng::seed_from_u64(20);
    let from = day(end);
    let options = SelectOptions::default();
    let test = backtest(histories, from, from + 7 * weeks, LEVEL, &options, &mut rng).expect("there are customers");
    let chosen = test.models.iter().find(|m| m.kind == test.selection.chosen).expect("was fitted").accuracy;
    let single = test.models.iter().filter(|m| m.kind != CandidateKind::Blend);
    let best = single.min_by(|a, b| a.accuracy.rmse.total_cmp(&b.accuracy.rmse)).expect("baselines always fit");
    let horizon = f64::from(weeks);
    let expected = test.selection.expected_by(best.kind, &test.groups.summaries, horizon).expect("was fitted");
    let group_of = |customer: &u32| test.groups.group_of[*customer as usize] as usize;
    let expected: Vec<f64> = test.customer.iter().map(|c| expected[group_of(c)]).collect();
    let difference =
        accuracy::paired_bootstrap(&test.actual, &test.expected, &expected, accuracy::rmse, 200, 0.9, &mut rng)
            .expect("customers");
    let total = test.total_interval;
    let holds = |low: f64, actual: f64, high: f64| low <= actual && actual <= high;
    let seen = Seen {
        ratio: chosen.rmse / best.accuracy.rmse,
        clearly_worse: difference.low > 0.0,
        total_inside: holds(total.low, test.holdout_purchases, total.high),
        groups_inside: (0..CLASSES).filter_map(|class| class_inside(&test, class, horizon, &mut rng)).collect(),
    };
    println!(
        "{end} {weeks:2} weeks, {:5} customers: {} rmse {:.4} bias {:+5.1} % spearman {:.3} pit {:.3} | best single {} rmse \
         {:.4}, difference {:+.4} [{:+.4}, {:+.4}] | total {} in [{:.0}, {:.0}, {:.0}] {} groups {:?} shocks {:.3} {:.3}",
        test.customers,
        test.selection.chosen,
        chosen.rmse,
        chosen.bias_percent.unwrap_or(f64::NAN),
        chosen.spearman.unwrap_or(f64::NAN),
        test.pit_ks.unwrap_or(f64::NAN),
        best.kind,
        best.accuracy.rmse,
        difference.difference,
        difference.low,
        difference.high,
        test.holdout_purchases,
        total.low,
        total.expected,
        total.high,
        seen.total_inside,
        seen.groups_inside,
        test.selection.shocks.common,
        test.selection.shocks.class,
    );
    seen
}

/// Whether the purchases of a frequency class fell into their interval; `None` below 200 customers.
fn class_inside(test: &Backtest, class: usize, horizon: f64, rng: &mut SmallRng) -> Option<bool> {
    let members = test.groups.summaries.iter().zip(&test.groups.counts).filter(|(s, _)| class_of(s) == class);
    let (summaries, counts): (Vec<CustomerSummary>, Vec<f64>) = members.map(|(s, n)| (*s, *n)).unzip();
    if counts.iter().sum::<f64>() < 200.0 {
        return None;
    }
    let of_class = |customer: u32| class_of(&test.groups.summaries[test.groups.group_of[customer as usize] as usize]);
    let actual: f64 =
        test.customer.iter().zip(&test.actual).filter(|(c, _)| of_class(**c) == class).map(|(_, y)| y).sum();
    let interval = test.selection.total(&summaries, &counts, horizon, rng).interval(LEVEL, rng);
    Some(interval.low <= actual && actual <= interval.high)
}

#[test]
fn over_many_origins_the_choice_keeps_up_with_the_best_and_intervals_hold() {
    let shops: [(&str, &[(&str, i32)]); 3] = [
        ("cdnow/orders.csv", &CDNOW),
        ("cdnow/CDNOW_sample.csv", &CDNOW_SAMPLE),
        ("grocery_elog/orders.csv", &GROCERY),
    ];
    let mut seen = Vec::new();
    for (file, origins) in shops {
        let Some(histories) = shops::histories(file) else { return };
        println!("{file}");
        let (first, second) = origins.split_at(origins.len() / 2);
        let look_at = |origins: &[(&str, i32)]| -> Vec<Seen> {
            origins.iter().map(|(end, weeks)| look(&histories, end, *weeks)).collect()
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(|| look_at(second));
            seen.extend(look_at(first));
            seen.extend(other.join().expect("no panic"));
        });
    }
    let share = |inside: &[bool]| inside.iter().filter(|i| **i).count() as f64 / inside.len() as f64;
    let totals = share(&seen.iter().map(|s| s.total_inside).collect::<Vec<_>>());
    let groups = share(&seen.iter().flat_map(|s| s.groups_inside.clone()).collect::<Vec<_>>());
    let mean_ratio = (seen.iter().map(|s| s.ratio.ln()).sum::<f64>() / seen.len() as f64).exp();
    let worst = seen.iter().map(|s| s.ratio).fold(0.0, f64::max);
    let clearly_worse = seen.iter().filter(|s| s.clearly_worse).count();
    println!(
        "coverage of totals {totals:.3}, of groups {groups:.3}; error over that of the best single model: mean {mean_ratio:.4}, \
         worst {worst:.4}, clearly worse at {clearly_worse} of {} origins",
        seen.len()
    );
    assert!((0.7..=0.9).contains(&totals));
    assert!((0.7..=0.9).contains(&groups));
    // The best single model is known only afterwards. On average the choice beats even that; where demand falls off a peak
    // (CDNOW after March 1998) it stays a little above it.
    assert!(mean_ratio < 1.0);
    assert!(worst < 1.015);
    assert!(clearly_worse <= 2);
}
