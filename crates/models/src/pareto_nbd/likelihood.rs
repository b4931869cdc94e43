//! The likelihood of Pareto/NBD and its gradient, for many groups at once.

use super::integral::{Moments, Powers, moments};
use crate::purchase_fit::Likelihood;
use crate::special::{digamma_rising, ln_rising};
use crate::summary::{CustomerSummary, Levels};

/// Data of a fit, times divided by the unit of the fit.
pub(crate) struct ParetoLikelihood {
    groups: Vec<Group>,
    ages: Vec<f64>,
    recencies: Vec<f64>,
    /// Customers and repeat purchases at each age.
    age_customers: Vec<f64>,
    age_repeats: Vec<f64>,
    /// Frequency and number of customers with it.
    frequencies: Vec<(f64, f64)>,
    customers: f64,
}

struct Group {
    frequency: f64,
    age: u32,
    recency: u32,
    count: f64,
}

impl ParetoLikelihood {
    pub(crate) fn new(summaries: &[CustomerSummary], counts: &[f64], unit: f64) -> Self {
        let (mut ages, mut recencies, mut frequencies) = (Levels::default(), Levels::default(), Levels::default());
        let mut groups = Vec::with_capacity(summaries.len());
        let (mut age_customers, mut age_repeats, mut frequency_customers) = (Vec::new(), Vec::new(), Vec::new());
        for (summary, &count) in summaries.iter().zip(counts) {
            let frequency = f64::from(summary.frequency);
            let age = ages.place(summary.age / unit);
            let recency = recencies.place(summary.recency / unit);
            add_at(&mut age_customers, age, count);
            add_at(&mut age_repeats, age, count * frequency);
            add_at(&mut frequency_customers, frequencies.place(frequency), count);
            groups.push(Group { frequency, age, recency, count });
        }
        Self {
            groups,
            ages: ages.values,
            recencies: recencies.values,
            age_customers,
            age_repeats,
            frequencies: frequencies.values.into_iter().zip(frequency_customers).collect(),
            customers: counts.iter().sum(),
        }
    }
}

fn add_at(sums: &mut Vec<f64>, place: u32, amount: f64) {
    let place = place as usize;
    if sums.len() <= place {
        sums.resize(place + 1, 0.0);
    }
    sums[place] += amount;
}

/// `ln(c + t)` for each time.
fn logarithms(times: &[f64], c: f64) -> Vec<f64> {
    times.iter().map(|t| (c + t).ln()).collect()
}

impl Likelihood for ParetoLikelihood {
    fn evaluate(&self, log_parameters: &[f64], gradient: &mut [f64]) -> f64 {
        let [r, alpha, s, beta] = [0, 1, 2, 3].map(|i| log_parameters[i].exp());
        let n = self.customers;
        let mut value = n * (r * alpha.ln() + s * beta.ln());
        let (mut by_r, mut by_alpha) = (n * alpha.ln(), n * r / alpha);
        let (mut by_s, mut by_beta) = (n * beta.ln(), n * s / beta);
        for &(x, count) in &self.frequencies {
            value += count * ln_rising(r, x);
            by_r += count * digamma_rising(r, x);
        }
        let (alpha_age, beta_age) = (logarithms(&self.ages, alpha), logarithms(&self.ages, beta));
        let (alpha_recency, beta_recency) = (logarithms(&self.recencies, alpha), logarithms(&self.recencies, beta));
        for (i, t) in self.ages.iter().enumerate() {
            let (customers, power) = (self.age_customers[i], r * self.age_customers[i] + self.age_repeats[i]);
            value -= power * alpha_age[i] + s * customers * beta_age[i];
            by_r -= customers * alpha_age[i];
            by_s -= customers * beta_age[i];
            by_alpha -= power / (alpha + t);
            by_beta -= s * customers / (beta + t);
        }
        let ln_s = s.ln();
        for group in &self.groups {
            let (age, recency) = (group.age as usize, group.recency as usize);
            let (t, t_x) = (self.ages[age], self.recencies[recency]);
            if t <= t_x {
                continue;
            }
            let shape = r + group.frequency;
            let powers = Powers { a: alpha + t_x, p: shape, b: beta + t_x, q: s + 1.0 };
            let (gap_a, gap_b) = (alpha_age[age] - alpha_recency[recency], beta_age[age] - beta_recency[recency]);
            let Moments { integral, ln_a, ln_b, inverse_a, inverse_b } = moments(&powers, gap_a, gap_b);
            // Logarithm of the odds of having left.
            let odds = ln_s - beta_recency[recency] + integral.ln() + shape * gap_a + s * gap_b;
            let e = odds.min(700.0).exp();
            let left = group.count * e / (1.0 + e);
            value += group.count * if odds < 36.0 { (1.0 + e).ln() } else { odds };
            by_r += left * (gap_a - ln_a);
            by_s += left * (1.0 / s + gap_b - ln_b);
            by_alpha += left * shape * (1.0 / (alpha + t) - inverse_a);
            by_beta += left * (s / (beta + t) - (s + 1.0) * inverse_b);
        }
        gradient.copy_from_slice(&[r * by_r, alpha * by_alpha, s * by_s, beta * by_beta]);
        value
    }
}
