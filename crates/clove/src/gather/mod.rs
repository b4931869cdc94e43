//! Gathers what a report shows: asks the measures, words labels and reasons. Drawing is the business of `report`.

mod breakdowns;
mod figures;
mod next;
mod plots;

use clove_core::{Currency, Day, RefundDate};
use clove_measure::actions::{ActionOptions, Actions, actions};
use clove_measure::backtest::backtest;
use clove_measure::headlines::{Headlines, headlines};
use clove_measure::kpis::{KpiOptions, Kpis, kpis};
use clove_measure::ledger::Ledger;
use clove_measure::payback::{Payback, payback};
use clove_measure::segments::{Segments, segments};
use clove_measure::value::{CustomerValues, GroupTotals};

use crate::load::Loaded;
use crate::report::{Estimate, Ground, Headline, Health, ReportData};

/// Everything measured once, for the parts to pick from.
pub struct Measured<'a> {
    values: &'a CustomerValues<'a>,
    totals: &'a GroupTotals,
    ledger: Ledger<'a>,
    kpis: Kpis,
    year: Kpis,
    year_before: Kpis,
    headlines: Headlines,
    segments: Segments,
    payback: Option<Payback>,
    actions: Actions,
}

impl<'a> Measured<'a> {
    fn new(values: &'a CustomerValues<'a>, totals: &'a GroupTotals) -> Measured<'a> {
        let counting = values.options.counting;
        let ledger = Ledger::new(values.shop, values.persons, counting.as_of);
        let span = |from: Day, until: Day| {
            kpis(&ledger, &KpiOptions { from: Some(from), until: Some(until), refund_date: RefundDate::Order })
        };
        let year_ago = counting.window_start(12);
        let two_years_ago = counting.window_start(24);
        let expectations = values.expectations();
        Measured {
            actions: actions(&ledger, expectations.as_deref(), ActionOptions::default()),
            kpis: kpis(&ledger, &KpiOptions { from: None, until: None, refund_date: RefundDate::Order }),
            year: span(Day(year_ago.0 + 1), counting.as_of),
            year_before: span(Day(two_years_ago.0 + 1), year_ago),
            headlines: headlines(&ledger, counting.basis, expectations.as_deref()),
            segments: segments(&ledger),
            payback: (!values.shop.spend.is_empty()).then(|| payback(&ledger, counting.basis, counting.refund_date)),
            values,
            totals,
            ledger,
        }
    }

    fn currency(&self) -> Currency {
        self.values.currency
    }

    fn major(&self, minor: i64) -> f64 {
        self.currency().to_major(minor)
    }

    fn major_of(&self, minor: f64) -> f64 {
        minor / self.currency().minor_per_major() as f64
    }
}

/// Fills in a report. `name` is the shop's name or its file's; `files` is how the files are named on the command line.
pub fn report_data(
    loaded: &Loaded,
    values: &CustomerValues<'_>,
    totals: &GroupTotals,
    name: &str,
    files: &str,
    is_demo: bool,
) -> ReportData {
    let measured = Measured::new(values, totals);
    let counting = values.options.counting;
    let first_day = loaded.shop().orders.day.iter().copied().min().unwrap_or(counting.as_of);
    let tested = {
        let span = counting.as_of.since(first_day);
        let holdout = (values.options.horizon_days as i32).min(span / 3).max(1);
        // Too little history to hide a part of it: the report then has no back-test.
        backtest(loaded.shop(), loaded.persons(), Day(counting.as_of.0 - holdout), counting.as_of, 0.8).ok()
    };
    let health = clove_measure::health::health_as_of(loaded.shop(), loaded.persons(), counting.as_of);
    ReportData {
        shop: name.to_owned(),
        demo: is_demo,
        ground: ground(&measured, first_day, &loaded.time_zone),
        headline: headline(&measured),
        key_figures: figures::key_figures(&measured),
        actions: next::actions(&measured, files),
        cohorts: plots::cohort_tables(&measured),
        curves: plots::curves(&measured),
        forecast: plots::forecast(&measured),
        alive: plots::alive(&measured),
        concentration: plots::concentration(&measured),
        backtest: tested.as_ref().map(plots::backtest_plot),
        segments: breakdowns::segments(&measured),
        breakdowns: breakdowns::breakdowns(&measured),
        health: health_part(loaded, &health, &measured),
        definitions: figures::definitions(&measured),
        ..ReportData::default()
    }
}

fn ground(measured: &Measured<'_>, first_day: Day, time_zone: &str) -> Ground {
    let options = measured.values.options;
    Ground {
        as_of: options.counting.as_of.to_string(),
        since: first_day.to_string(),
        currency: measured.currency().code().to_owned(),
        currency_decimals: measured.currency().exponent(),
        basis: options.counting.basis.name().to_owned(),
        model: measured.values.model_name(),
        gate: measured.values.gate.reason.clone(),
        horizon_days: options.horizon_days,
        discount_rate: options.discount_rate,
        time_zone: time_zone.to_owned(),
        identified_share: measured.headlines.identified_share.value,
        without_amounts: !measured.values.shop.has_amounts,
        made_by: concat!("Clove ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

fn headline(measured: &Measured<'_>) -> Headline {
    let headlines = &measured.headlines;
    let expected = measured.totals.interval.map(|interval| Estimate {
        value: measured.major_of(interval.expected),
        low: measured.major_of(interval.outcome.0),
        high: measured.major_of(interval.outcome.1),
    });
    Headline {
        worth: headlines.worth_90.as_f64(),
        worth_days: clove_measure::headlines::WORTH_DAYS as u32,
        again: headlines.buys_again.value,
        again_days: clove_measure::repeat::BUYS_AGAIN_DAYS as u32,
        // Nobody is known to be good where nothing is known of value.
        late: measured.values.shop.has_amounts.then_some(headlines.late_good_customers),
        at_risk: headlines.value_at_risk.map(|amount| measured.major(amount.minor)),
        expected,
    }
}

fn health_part(loaded: &Loaded, health: &clove_measure::health::Health, measured: &Measured<'_>) -> Health {
    let shop = loaded.shop();
    let left_out = health.excluded.iter().map(|(reason, sum)| (format!("orders: {}", reason.replace('_', " ")), sum));
    let rows =
        shop.health.rows_left_out.iter().map(|(reason, sum)| (format!("rows: {}", reason.replace('_', " ")), sum));
    Health {
        rows: shop.health.rows,
        orders: health.orders,
        customers: health.customers,
        guests: health.customers - health.identified,
        rejected: shop.health.rejected,
        excluded: left_out
            .chain(rows)
            .map(|(reason, sum)| crate::report::Excluded {
                reason,
                count: sum.count,
                amount: measured.major(sum.amount),
            })
            .collect(),
        warnings: shop.health.warnings.iter().chain(&measured.kpis.warnings).cloned().collect(),
    }
}
