//! What the Gamma-Gamma likelihood needs of the data, made small.

use super::SpendError;
use std::collections::BTreeMap;

/// Customers that made `frequency` repeat purchases with the same (or counted together) `mean` value per purchase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpendObservation {
    /// Number of repeat purchases x that the mean is taken over; observations with 0 say nothing and are passed over.
    pub frequency: u32,
    /// Mean value of those purchases, in any one currency unit; must be positive.
    pub mean: f64,
    /// How many customers.
    pub count: f64,
}

/// Customers of one frequency: `count` of them, in cells of nearly equal total spend.
#[derive(Debug, Clone)]
struct FrequencyGroup {
    frequency: f64,
    count: f64,
    cells: Vec<Cell>,
}

/// Customers whose total repeat spend is nearly the same.
#[derive(Debug, Clone, Copy)]
struct Cell {
    count: f64,
    /// Mean of the total spend.
    spend: f64,
    /// Variance of the total spend within the cell.
    variance: f64,
}

/// Sufficient statistics of a set of observations. Frequencies with more than 4,096 observations are binned by total spend to
/// 1/256 of a power of two, and the mean and variance in each bin are kept: an error of about 1e-12 a customer in the
/// log-likelihood, which then costs a logarithm a bin instead of one a customer.
#[derive(Debug, Clone)]
pub(super) struct SpendStatistics {
    groups: Vec<FrequencyGroup>,
    /// Number of customers with repeat purchases.
    pub(super) customers: f64,
    /// Geometric mean over customers of the mean spend: the unit in which everything here is kept.
    pub(super) scale: f64,
    /// Sum over customers of x ln(x m / scale).
    weighted_log_total: f64,
    /// Sum over customers of ln(m): turns the density of the scaled mean into that of the mean.
    log_units: f64,
}

const BINNED_FROM: usize = 4_096;
/// Keeps 8 bits of the mantissa.
const BIN_SHIFT: u32 = 52 - 8;

impl SpendStatistics {
    pub(super) fn new(observations: &[SpendObservation]) -> Result<Self, SpendError> {
        let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
        let (mut customers, mut log_sum) = (0.0, 0.0);
        for o in observations {
            if o.frequency == 0 || o.count == 0.0 {
                continue;
            }
            if !(o.mean.is_finite() && o.mean > 0.0) {
                return Err(SpendError::NotPositive { frequency: o.frequency, mean: o.mean });
            }
            if !(o.count.is_finite() && o.count > 0.0) {
                return Err(SpendError::BadCount { count: o.count });
            }
            *sizes.entry(o.frequency).or_default() += 1;
            customers += o.count;
            log_sum += o.count * o.mean.ln();
        }
        let scale = if customers > 0.0 { (log_sum / customers).exp() } else { 1.0 };
        let largest = sizes.keys().next_back().map_or(0, |x| *x as usize);
        // Frequencies are small numbers: look the group up directly when that is cheap.
        let direct = largest < 1 << 16;
        let mut place = vec![0_u32; if direct { largest + 1 } else { 0 }];
        let mut collectors = Vec::with_capacity(sizes.len());
        let mut index = BTreeMap::new();
        for (i, (&x, &size)) in sizes.iter().enumerate() {
            if direct {
                place[x as usize] = i as u32;
            } else {
                index.insert(x, i);
            }
            collectors.push(Collector::new(x, size));
        }
        let mut weighted_log_total = 0.0;
        let inverse_scale = scale.recip();
        let mut sum_by_frequency = vec![0.0; collectors.len()];
        for o in observations {
            if o.frequency == 0 || o.count == 0.0 {
                continue;
            }
            let at = if direct { place[o.frequency as usize] as usize } else { index[&o.frequency] };
            let total = o.mean * inverse_scale * f64::from(o.frequency);
            if !(total.is_normal() && total.is_finite()) {
                return Err(SpendError::NotPositive { frequency: o.frequency, mean: o.mean });
            }
            sum_by_frequency[at] += o.count * total.ln();
            collectors[at].add(total, o.count);
        }
        let groups: Vec<FrequencyGroup> = collectors.into_iter().map(Collector::finish).collect();
        for (group, sum) in groups.iter().zip(&sum_by_frequency) {
            weighted_log_total += group.frequency * sum;
        }
        Ok(Self { groups, customers, scale, weighted_log_total, log_units: log_sum })
    }

    /// Log-likelihood of mean spends in their own unit at (p, q, gamma / scale), and its gradient in (p, q, gamma / scale).
    ///
    /// Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value", equation (1a).
    pub(super) fn log_likelihood(&self, p: f64, q: f64, gamma: f64, gradient: &mut [f64; 3]) -> f64 {
        use crate::special::{digamma, digamma_rising, ln_gamma, ln_rising};
        let (mut by_p, mut by_q, mut by_gamma) = (self.weighted_log_total, 0.0, 0.0);
        let (ln_gamma_q, digamma_q, ln_scale) = (ln_gamma(q), digamma(q), gamma.ln());
        let mut value = p * self.weighted_log_total - self.log_units;
        for group in &self.groups {
            let (x, px) = (group.frequency, p * group.frequency);
            let (mut log_sum, mut inverse_sum) = (0.0, 0.0);
            for cell in &group.cells {
                let at = gamma + cell.spend;
                let inverse = at.recip();
                let spread = cell.variance * inverse * inverse;
                log_sum += cell.count * (at.ln() - 0.5 * spread);
                inverse_sum += cell.count * inverse * (1.0 + spread);
            }
            // ln G(px + q) - ln G(px), and psi(px + q) - psi(px).
            let (rise, digamma_rise) = (ln_rising(px, q), digamma_rising(px, q));
            value += group.count * (rise - ln_gamma_q + q * ln_scale) - (px + q) * log_sum;
            by_p += x * (group.count * digamma_rise - log_sum);
            by_q += group.count * (digamma_rise + digamma(px) - digamma_q + ln_scale) - log_sum;
            by_gamma += group.count * q / gamma - (px + q) * inverse_sum;
        }
        *gradient = [by_p, by_q, by_gamma];
        value
    }
}

/// Gathers the cells of one frequency.
struct Collector {
    frequency: u32,
    count: f64,
    binned: bool,
    first_bin: u64,
    cells: Vec<Cell>,
}

impl Collector {
    fn new(frequency: u32, size: usize) -> Self {
        let binned = size > BINNED_FROM;
        Self { frequency, count: 0.0, binned, first_bin: 0, cells: Vec::with_capacity(if binned { 0 } else { size }) }
    }

    fn add(&mut self, spend: f64, count: f64) {
        self.count += count;
        if !self.binned {
            self.cells.push(Cell { count, spend, variance: 0.0 });
            return;
        }
        let bin = spend.to_bits() >> BIN_SHIFT;
        let empty = Cell { count: 0.0, spend: 0.0, variance: 0.0 };
        if self.cells.is_empty() {
            self.first_bin = bin;
        } else if bin < self.first_bin {
            let missing = (self.first_bin - bin) as usize;
            self.cells.splice(0..0, std::iter::repeat_n(empty, missing));
            self.first_bin = bin;
        }
        let at = (bin - self.first_bin) as usize;
        if at >= self.cells.len() {
            self.cells.resize(at + 1, empty);
        }
        // Sums of the distance from the lower edge of the bin, so that nothing cancels.
        let distance = spend - f64::from_bits(bin << BIN_SHIFT);
        let cell = &mut self.cells[at];
        cell.count += count;
        cell.spend += count * distance;
        cell.variance += count * distance * distance;
    }

    fn finish(self) -> FrequencyGroup {
        let mut cells = self.cells;
        if self.binned {
            for (i, cell) in cells.iter_mut().enumerate() {
                if cell.count > 0.0 {
                    let mean = cell.spend / cell.count;
                    cell.variance = (cell.variance / cell.count - mean * mean).max(0.0);
                    cell.spend = f64::from_bits((self.first_bin + i as u64) << BIN_SHIFT) + mean;
                }
            }
            cells.retain(|cell| cell.count > 0.0);
        }
        FrequencyGroup { frequency: f64::from(self.frequency), count: self.count, cells }
    }
}
