//! The chosen model over many origins of two real shops: never clearly worse than the best single model, and intervals
//! that hold what they promise.

mod shops;

use clove_models::accuracy;
use clove_models::backtest::{Backtest, backtest};
use clove_models::blend::UNIT_DAYS;
use clove_models::candidate::CandidateKind;
use clove_models::select::SelectOptions;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use shops::day;

const ORIGINS: [(&str, &str, i32); 14] = [
    ("cdnow/CDNOW_sample.csv", "1997-06-30", 26),
    ("cdnow/CDNOW_sample.csv", "1997-09-30", 39),
    ("cdnow/CDNOW_sample.csv", "1997-12-31", 26),
    ("cdnow/CDNOW_sample.csv", "1998-03-31", 13),
    ("grocery_elog/orders.csv", "2006-06-30", 13),
    ("grocery_elog/orders.csv", "2006-06-30", 26),
    ("grocery_elog/orders.csv", "2006-06-30", 52),
    ("grocery_elog/orders.csv", "2006-09-30", 26),
    ("grocery_elog/orders.csv", "2006-09-30", 52),
    ("grocery_elog/orders.csv", "2006-12-31", 52),
    ("grocery_elog/orders.csv", "2006-12-31", 13),
    ("grocery_elog/orders.csv", "2007-03-31", 26),
    ("grocery_elog/orders.csv", "2007-06-30", 26),
    ("grocery_elog/orders.csv", "2007-09-30", 13),
];
const LARGE: [(&str, &str, i32); 8] = [
    ("cdnow/orders.csv", "1997-06-30", 13),
    ("cdnow/orders.csv", "1997-06-30", 26),
    ("cdnow/orders.csv", "1997-06-30", 52),
    ("cdnow/orders.csv", "1997-09-30", 13),
    ("cdnow/orders.csv", "1997-09-30", 39),
    ("cdnow/orders.csv", "1997-12-31", 13),
    ("cdnow/orders.csv", "1997-12-31", 26),
    ("cdnow/orders.csv", "1998-03-31", 13),
];

fn run(file: &str, end: &str, weeks: i32) -> Option<Backtest> {
    let histories = shops::histories(file)?;
    let mut rng = SmallRng::seed_from_u64(1);
    let end = day(end);
    Some(backtest(&histories, end, end + 7 * weeks, 0.8, &SelectOptions::default(), &mut rng).expect("customers"))
}

#[test]
fn table() {
    let (mut inside, mut all, mut gin, mut gall) = (0, 0, 0, 0);
    for (file, end, weeks) in LARGE.into_iter().chain(ORIGINS) {
        let Some(b) = run(file, end, weeks) else { return };
        let of = |k: CandidateKind| b.models.iter().find(|m| m.kind == k).map(|m| m.accuracy);
        let best = b
            .models
            .iter()
            .filter(|m| m.kind != CandidateKind::Blend)
            .min_by(|a, b| a.accuracy.rmse.total_cmp(&b.accuracy.rmse))
            .unwrap();
        let chosen = of(b.selection.chosen).unwrap();
        let single = b.selection.expected_by(best.kind, &b.groups.summaries, f64::from(weeks)).unwrap();
        let single: Vec<f64> = b.customer.iter().map(|&c| single[b.groups.group_of[c as usize] as usize]).collect();
        let mut rng = SmallRng::seed_from_u64(2);
        let diff =
            accuracy::paired_bootstrap(&b.actual, &b.expected, &single, accuracy::rmse, 200, 0.9, &mut rng).unwrap();
        let t = b.total_interval;
        let ok = t.low <= b.holdout_purchases && b.holdout_purchases <= t.high;
        inside += usize::from(ok);
        all += 1;
        println!(
            "{file} {end} {weeks}: {} rmse {:.4} ({} {:.4}; diff {:+.4} [{:+.4} {:+.4}]) bias {:+.1} ({:+.1}) sp {:.3} pit {:.3} total {} in [{:.0} {:.0} {:.0}] {} shock {:.3} bands {:?} w {:?}",
            b.selection.chosen,
            chosen.rmse,
            best.kind,
            best.accuracy.rmse,
            diff.difference,
            diff.low,
            diff.high,
            chosen.bias_percent.unwrap(),
            best.accuracy.bias_percent.unwrap(),
            chosen.spearman.unwrap_or(0.0),
            b.pit_ks.unwrap(),
            b.holdout_purchases,
            t.low,
            t.expected,
            t.high,
            ok,
            b.selection.shocks.common,
            b.selection.blend.bands.as_ref().map(|b| b.len()),
            b.selection
                .blend
                .members
                .iter()
                .map(|m| format!("{} {:.2} {:.2}", m.candidate.kind(), m.weight, m.clock))
                .collect::<Vec<_>>()
        );
        // Groups of at least 200: by frequency.
        for (lo, hi) in [(0, 0), (1, 1), (2, 3), (4, 8), (9, 100_000)] {
            let ids: Vec<usize> = (0..b.groups.summaries.len())
                .filter(|&g| (lo..=hi).contains(&b.groups.summaries[g].frequency))
                .collect();
            let sums: Vec<_> = ids.iter().map(|&g| b.groups.summaries[g]).collect();
            let counts: Vec<f64> = ids.iter().map(|&g| b.groups.counts[g]).collect();
            if counts.iter().sum::<f64>() < 200.0 {
                continue;
            }
            let actual: f64 = b
                .customer
                .iter()
                .zip(&b.actual)
                .filter(|(c, _)| {
                    (lo..=hi).contains(&b.groups.summaries[b.groups.group_of[**c as usize] as usize].frequency)
                })
                .map(|(_, y)| y)
                .sum();
            let i =
                b.selection.total(&sums, &counts, f64::from(weeks) * 7.0 / UNIT_DAYS, &mut rng).interval(0.8, &mut rng);
            let ok = i.low <= actual && actual <= i.high;
            gin += usize::from(ok);
            gall += 1;
            println!("      x {lo}-{hi}: {actual} in [{:.0} {:.0} {:.0}] {ok}", i.low, i.expected, i.high);
        }
    }
    println!("totals inside {inside} of {all}, groups {gin} of {gall}");
}
