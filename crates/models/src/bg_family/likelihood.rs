//! The likelihood of the BG family and its gradient, for many groups at once.
//!
//! Terms that depend on x alone or on T alone are summed once per distinct x and T; what is left for a group is one
//! exponential and one logarithm.

use super::BgFamily;
use crate::purchase_fit::Likelihood;
use crate::special::{digamma_rising, ln_rising};
use crate::summary::{CustomerSummary, Levels};

/// Groups with the same number of repeat purchases, side by side.
struct Run {
    frequency: f64,
    customers: f64,
    end: usize,
}

struct Group {
    age: u32,
    recency: u32,
    count: f64,
}

/// Data of a fit, times divided by the unit of the fit.
pub(crate) struct BgLikelihood {
    k: u32,
    modified: bool,
    customers: f64,
    ages: Vec<f64>,
    /// Customers and repeat purchases at each age.
    age_customers: Vec<f64>,
    age_repeats: Vec<f64>,
    recencies: Vec<f64>,
    runs: Vec<Run>,
    groups: Vec<Group>,
}

impl BgLikelihood {
    pub(crate) fn new(summaries: &[CustomerSummary], counts: &[f64], unit: f64, k: u32, modified: bool) -> Self {
        let mut order: Vec<u32> = (0..summaries.len() as u32).collect();
        if !summaries.is_sorted_by_key(|s| s.frequency) {
            order.sort_by_key(|&i| summaries[i as usize].frequency);
        }
        let (mut ages, mut recencies) = (Levels::default(), Levels::default());
        let (mut age_customers, mut age_repeats) = (Vec::new(), Vec::new());
        let mut runs: Vec<Run> = Vec::new();
        let mut groups = Vec::with_capacity(summaries.len());
        for i in order {
            let (summary, count) = (&summaries[i as usize], counts[i as usize]);
            let frequency = f64::from(summary.frequency);
            let age = ages.place(summary.age / unit);
            if age_customers.len() < ages.values.len() {
                age_customers.push(0.0);
                age_repeats.push(0.0);
            }
            age_customers[age as usize] += count;
            age_repeats[age as usize] += count * frequency;
            let new_run = runs.last().is_none_or(|r| r.frequency != frequency);
            if new_run {
                runs.push(Run { frequency, customers: 0.0, end: 0 });
            }
            let recency = recencies.place(summary.recency / unit);
            groups.push(Group { age, recency, count });
            let end = groups.len();
            if let Some(run) = runs.last_mut() {
                run.customers += count;
                run.end = end;
            }
        }
        Self {
            k,
            modified,
            customers: counts.iter().sum(),
            ages: ages.values,
            age_customers,
            age_repeats,
            recencies: recencies.values,
            runs,
            groups,
        }
    }
}

/// Sums over the groups of one run.
#[derive(Default)]
struct RunSums {
    value: f64,
    /// Derivative in r and in alpha.
    r: f64,
    alpha: f64,
    /// Posterior weight of having dropped out.
    dropped: f64,
}

impl Likelihood for BgLikelihood {
    fn evaluate(&self, log_parameters: &[f64], gradient: &mut [f64]) -> f64 {
        let [r, alpha, a, b] = [0, 1, 2, 3].map(|i| log_parameters[i].exp());
        let modified = if self.modified { 1.0 } else { 0.0 };
        let k = f64::from(self.k);
        let mut value = self.customers * r * alpha.ln();
        let (mut by_r, mut by_alpha, mut by_a, mut by_b) =
            (self.customers * alpha.ln(), self.customers * r / alpha, 0.0, 0.0);

        let ln_age: Vec<f64> = self.ages.iter().map(|t| (alpha + t).ln()).collect();
        let inverse_age: Vec<f64> = self.ages.iter().map(|t| 1.0 / (alpha + t)).collect();
        let ln_recency: Vec<f64> = self.recencies.iter().map(|t| (alpha + t).ln()).collect();
        let inverse_recency: Vec<f64> = self.recencies.iter().map(|t| 1.0 / (alpha + t)).collect();
        for (i, ln) in ln_age.iter().enumerate() {
            let power = r * self.age_customers[i] + k * self.age_repeats[i];
            value -= power * ln;
            by_r -= self.age_customers[i] * ln;
            by_alpha -= power * inverse_age[i];
        }

        let mut start = 0;
        for run in &self.runs {
            let (x, n) = (run.frequency, run.customers);
            let survived = x + modified;
            value += n * (ln_rising(r, k * x) + ln_rising(b, survived) - ln_rising(a + b, survived));
            by_r += n * digamma_rising(r, k * x);
            let both = digamma_rising(a + b, survived);
            by_a -= n * both;
            by_b += n * (digamma_rising(b, survived) - both);

            let groups = &self.groups[start..run.end];
            start = run.end;
            let rate_shape = r + k * x;
            let sums = if self.k > 1 {
                let ln_odds = if survived > 0.0 { Some(a.ln() - (b + survived - 1.0).ln()) } else { None };
                self.stage_sums(groups, rate_shape, alpha, ln_odds, &ln_age, &ln_recency)
            } else if survived > 0.0 {
                let ln_odds = a.ln() - (b + survived - 1.0).ln();
                let mut sums = RunSums::default();
                for group in groups {
                    let (age, recency) = (group.age as usize, group.recency as usize);
                    let gap = ln_age[age] - ln_recency[recency];
                    let d = ln_odds + rate_shape * gap;
                    let e = d.min(700.0).exp();
                    let dropped = group.count * e / (1.0 + e);
                    sums.value += group.count * if d < 36.0 { (1.0 + e).ln() } else { d };
                    sums.r += dropped * gap;
                    sums.alpha += dropped * (inverse_age[age] - inverse_recency[recency]);
                    sums.dropped += dropped;
                }
                sums.alpha *= rate_shape;
                sums
            } else {
                RunSums::default()
            };
            value += sums.value;
            by_r += sums.r;
            by_alpha += sums.alpha;
            if survived > 0.0 {
                by_a += sums.dropped / a;
                by_b -= sums.dropped / (b + survived - 1.0);
            }
        }
        gradient.copy_from_slice(&[r * by_r, alpha * by_alpha, a * by_a, b * by_b]);
        value
    }
}

impl BgLikelihood {
    /// The Erlang-k case: an alive customer may have passed some stages since the last purchase.
    fn stage_sums(
        &self,
        groups: &[Group],
        shape: f64,
        alpha: f64,
        ln_odds: Option<f64>,
        ln_age: &[f64],
        ln_recency: &[f64],
    ) -> RunSums {
        let mut sums = RunSums::default();
        for group in groups {
            let (age, recency) = (group.age as usize, group.recency as usize);
            let (t, t_x) = (self.ages[age], self.recencies[recency]);
            let inverse = 1.0 / (alpha + t);
            let u = (t - t_x) * inverse;
            // Stages j = 0..k: (shape)_j / j! u^j, with the derivatives of its logarithm in shape and alpha.
            let (mut term, mut slope) = (1.0, 0.0);
            let (mut total, mut total_r, mut total_alpha) = (1.0, 0.0, 0.0);
            for j in 1..self.k {
                let j = f64::from(j);
                term *= (shape + j - 1.0) / j * u;
                slope += 1.0 / (shape + j - 1.0);
                total += term;
                total_r += term * slope;
                total_alpha -= term * j * inverse;
            }
            let ln_total = f64::ln(total);
            let (mut dropped, mut gap) = (0.0, 0.0);
            let mut value = ln_total;
            if let Some(ln_odds) = ln_odds {
                gap = ln_age[age] - ln_recency[recency];
                let d = ln_odds + shape * gap - ln_total;
                let e = d.min(700.0).exp();
                dropped = e / (1.0 + e);
                value += if d < 36.0 { (1.0 + e).ln() } else { d };
            }
            let alive = (1.0 - dropped) / total;
            sums.value += group.count * value;
            sums.r += group.count * (dropped * gap + alive * total_r);
            sums.alpha += group.count * (dropped * shape * (inverse - 1.0 / (alpha + t_x)) + alive * total_alpha);
            sums.dropped += group.count * dropped;
        }
        sums
    }
}

impl BgFamily {
    /// Log-likelihood of one customer, with all constants.
    pub(super) fn customer_log_likelihood(&self, customer: &CustomerSummary) -> f64 {
        let x = f64::from(customer.frequency);
        let k = f64::from(self.k);
        let survived = x + self.modified();
        let gaps = if self.k > 1 && x > 0.0 {
            (k - 1.0) * customer.sum_log_gaps - x * crate::special::ln_gamma(k)
        } else {
            0.0
        };
        let alive = ln_rising(self.b, survived) - ln_rising(self.a + self.b, survived)
            + self.r * (self.alpha.ln() - (self.alpha + customer.age).ln())
            - k * x * (self.alpha + customer.age).ln()
            + self.stages(customer).total.ln();
        let dropped = self.ln_dropout_odds(customer);
        ln_rising(self.r, k * x) + gaps + alive + crate::special::softplus(dropped)
    }
}
