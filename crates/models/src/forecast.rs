//! Forecasts of totals with their uncertainty.
//!
//! The total of many customers is uncertain for three reasons that add up differently: the parameters of the models, the
//! chance in every single customer (which averages out), and a **common shock**, an error of level that hits all customers of
//! the shop together and does not average out. The first two come from the models, the third from how wrong the totals of
//! past forecasts were. All three are simulated jointly; adding up bounds of single customers would be far too wide, and
//! leaving the common shock out far too narrow.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::candidate::Candidate;
use crate::purchase::{CustomerSummary, SummaryGroups};
use crate::sampling::{ln_gamma_draw, poisson_draw};
use crate::select::Selection;
use crate::shock::by_class;
use crate::window::Outcomes;
use crate::{accuracy, blend::Member};

/// Groups of equal customers that the spread is worked out for; more are represented by a systematic sample.
const REPRESENTED: usize = 400;
/// Draws of the parameters.
const PARAMETER_DRAWS: usize = 24;
/// Draws of a total.
const TOTAL_DRAWS: usize = 2_000;
/// Customers whose probability integral transform is taken; of more, a systematic sample.
const TRANSFORMED: usize = 30_000;

/// What the total purchases of some customers can turn out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TotalForecast {
    /// Expected total.
    pub expected: f64,
    /// Variance of the total by chance, per expected purchase (1 for a Poisson count).
    pub dispersion: f64,
    /// Standard deviation of the logarithm of the expected total from uncertain parameters.
    pub parameter_deviation: f64,
    /// Standard deviation of the logarithm of the common shock.
    pub shock_deviation: f64,
}

/// An interval and its point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TotalInterval {
    /// Expected total.
    pub expected: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Nominal probability that the total lies inside, 0.8 for instance.
    pub level: f64,
}

impl TotalForecast {
    /// One draw of the total: parameters, shock and outcomes together.
    pub fn draw<R: Rng + ?Sized>(&self, mut rng: &mut R) -> f64 {
        let parameters: f64 = rng.sample::<f64, _>(StandardNormal) * self.parameter_deviation;
        let shock: f64 = rng.sample::<f64, _>(StandardNormal) * self.shock_deviation;
        let mean = self.expected * (parameters + shock).exp();
        let excess = self.dispersion - 1.0;
        let rate = if excess > 1e-6 && mean > 0.0 {
            // Negative binomial: a gamma rate with the excess variance.
            (ln_gamma_draw(mean / excess, &mut rng) + excess.ln()).exp()
        } else {
            mean
        };
        poisson_draw(rate, &mut rng)
    }

    /// The central interval with probability `level`, from simulated totals.
    ///
    /// # Panics
    /// When `level` is not between 0 and 1.
    pub fn interval<R: Rng + ?Sized>(&self, level: f64, rng: &mut R) -> TotalInterval {
        assert!(level > 0.0 && level < 1.0, "a level lies between 0 and 1, not at {level}");
        let mut totals: Vec<f64> = (0..TOTAL_DRAWS).map(|_| self.draw(rng)).collect();
        totals.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| totals[((TOTAL_DRAWS as f64 * p) as usize).min(TOTAL_DRAWS - 1)];
        // The point may lie outside where a total is nearly always 0.
        let (low, high) = (at(f64::midpoint(0.0, 1.0 - level)), at(f64::midpoint(1.0, level)));
        TotalInterval { expected: self.expected, low: low.min(self.expected), high: high.max(self.expected), level }
    }
}

impl Selection {
    /// The total purchases in `horizon` weeks of customers with these summaries, each counted `counts` times.
    pub fn total<R: Rng>(
        &self,
        customers: &[CustomerSummary],
        counts: &[f64],
        horizon: f64,
        rng: &mut R,
    ) -> TotalForecast {
        let each = self.predict(customers, horizon).expected;
        let classes = by_class(customers, each.iter().zip(counts).map(|(e, n)| e * n));
        let expected: f64 = classes.iter().sum();
        let every = customers.len().div_ceil(REPRESENTED).max(1);
        let picked: Vec<usize> = (every / 2..customers.len()).step_by(every).collect();
        let summaries: Vec<CustomerSummary> = picked.iter().map(|&i| customers[i]).collect();
        let weights: Vec<f64> = picked.iter().map(|&i| counts[i]).collect();
        let total = |each: &[f64]| each.iter().zip(&weights).map(|(e, n)| e * n).sum::<f64>();
        let members = self.members();
        let mix = |parts: &[Vec<f64>]| {
            let one = |i: usize| members.iter().zip(parts).map(|(m, part)| m.weight * part[i]).sum();
            (0..summaries.len()).map(one).collect::<Vec<f64>>()
        };
        let ask = |member: &Member, candidate: &Candidate| candidate.expected(&summaries, horizon * member.clock);
        let plain = mix(&members.iter().map(|m| ask(m, &m.candidate)).collect::<Vec<_>>());
        let base = total(&plain);
        let mut logs = Vec::with_capacity(PARAMETER_DRAWS);
        for _ in 0..PARAMETER_DRAWS {
            let parts: Vec<Vec<f64>> = members.iter().map(|m| ask(m, &m.candidate.drawn(rng))).collect();
            let drawn = total(&mix(&parts));
            if base > 0.0 && drawn > 0.0 && drawn.is_finite() {
                // Parameters drawn from a normal approximation can leave its range of validity.
                logs.push((drawn / base).ln().clamp(-1.0, 1.0));
            }
        }
        let variance: f64 =
            summaries.iter().zip(&plain).zip(&weights).map(|((s, e), n)| n * self.variance(s, *e, horizon)).sum();
        TotalForecast {
            expected,
            dispersion: if base > 0.0 { (variance / base).max(1.0) } else { 1.0 },
            parameter_deviation: root_mean_square(&logs),
            shock_deviation: self.shocks.deviation(&classes),
        }
    }

    /// What predicts: the chosen candidate alone, or the members of the blend.
    pub(crate) fn members(&self) -> Vec<Member> {
        match self.candidates.iter().find(|c| c.kind() == self.chosen) {
            Some(candidate) => vec![Member { candidate: candidate.clone(), weight: 1.0, clock: 1.0 }],
            None => self.blend.members.clone(),
        }
    }

    /// Variance of one customer's purchases about their mean.
    fn variance(&self, customer: &CustomerSummary, expected: f64, horizon: f64) -> f64 {
        let max = (4.0 * expected + 20.0).min(2_000.0) as usize;
        let Some(probabilities) = self.probabilities(&[*customer], horizon, max).pop() else { return expected };
        let (mut sum, mut mean, mut squares) = (0.0, 0.0, 0.0);
        for (n, p) in probabilities.iter().enumerate() {
            let n = n as f64;
            sum += p;
            mean += n * p;
            squares += n * n * p;
        }
        let beyond = (1.0 - sum).max(0.0);
        let max = max as f64;
        (squares + beyond * max * max - (mean + beyond * max).powi(2)).max(0.0)
    }

    /// Kolmogorov-Smirnov distance of the customers' randomised probability integral transforms from the uniform
    /// distribution: 0 when the probabilities that the chosen candidate gives are right for the customers as a whole.
    /// `groups` are the customers known at the origin, `outcomes` what they bought in `horizon` weeks after it.
    pub fn pit_distance<R: Rng>(
        &self,
        groups: &SummaryGroups,
        outcomes: &Outcomes,
        horizon: f64,
        rng: &mut R,
    ) -> Option<f64> {
        let every = outcomes.customers.len().div_ceil(TRANSFORMED).max(1);
        let mut customers: Vec<(u32, u32)> = outcomes.customers.iter().copied().step_by(every).collect();
        customers.sort_unstable();
        let mut transforms = Vec::with_capacity(customers.len());
        for run in customers.chunk_by(|a, b| a.0 == b.0) {
            let most = run.last().map_or(0, |c| c.1) as usize;
            let summary = groups.summaries[run[0].0 as usize];
            let probabilities = self.probabilities(&[summary], horizon, most).pop()?;
            transforms.extend(run.iter().map(|&(_, y)| accuracy::randomised_pit(&probabilities, y as usize, rng)));
        }
        accuracy::uniform_distance(&transforms)
    }
}

fn root_mean_square(values: &[f64]) -> f64 {
    let squares: f64 = values.iter().map(|v| v * v).sum();
    (squares / values.len().max(1) as f64).sqrt()
}
