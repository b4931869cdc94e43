//! The beta-geometric/beta-Bernoulli (BG/BB) model of purchases in discrete periods.
//!
//! There is one opportunity to buy in each period (a yearly gift, a monthly box). Before each a customer leaves for good with
//! probability Theta; whoever is still there buys with probability P. P is Beta(alpha, beta) and Theta Beta(gamma, delta) distributed over
//! customers. Source: Fader, Hardie & Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual Setting", Marketing
//! Science 29. See `docs/models/bg-bb.md`.

use crate::matrix::Matrix;
use crate::optimise::{self, Settings, minimise};
use crate::series::power_tail;
use crate::special::{digamma, ln_beta};
use crate::status::FitStatus;

/// Customers with the same past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodSummary {
    /// x: number of opportunities, after the one that made the customer, with a purchase.
    pub frequency: u32,
    /// t_x: number of the last opportunity with a purchase; 0 when there was none.
    pub recency: u32,
    /// n: number of opportunities so far.
    pub periods: u32,
    /// How many customers.
    pub count: f64,
}

impl PeriodSummary {
    /// One customer.
    pub fn one(frequency: u32, recency: u32, periods: u32) -> Self {
        Self { frequency, recency, periods, count: 1.0 }
    }

    fn check(&self) -> Result<(), BgBbError> {
        let order = self.frequency <= self.recency && self.recency <= self.periods;
        let start = (self.frequency == 0) == (self.recency == 0);
        let count = self.count.is_finite() && self.count >= 0.0;
        if order && start && count { Ok(()) } else { Err(BgBbError::BadSummary { summary: *self }) }
    }
}

/// Why a BG/BB model cannot be fitted or made.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BgBbError {
    /// Numbers that contradict each other.
    #[error(
        "frequency {}, recency {}, periods {} of {} customers cannot be: recency must lie between frequency and periods, both be 0 together, \
         and the count be a number of customers", summary.frequency, summary.recency, summary.periods, summary.count
    )]
    BadSummary {
        /// The summary.
        summary: PeriodSummary,
    },
    /// No customer has had an opportunity.
    #[error(
        "no customer has had an opportunity to buy yet: a fit needs at least one whole period after the first purchase"
    )]
    NoPeriods,
    /// Parameters outside of the model.
    #[error("alpha, beta, gamma and delta must be positive and finite")]
    BadParameters,
}

/// A BG/BB model with known parameters. Times are in periods.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BgBb {
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

/// A fitted BG/BB model.
#[derive(Debug, Clone, PartialEq)]
pub struct BgBbFit {
    /// The model.
    pub model: BgBb,
    /// Standard errors of alpha, beta, gamma, delta; `None` when the data do not give them.
    pub standard_errors: Option<[f64; 4]>,
    /// Covariance of the logarithms of the parameters.
    pub log_covariance: Option<Matrix>,
    /// Log-likelihood at the estimates.
    pub log_likelihood: f64,
    /// Number of customers.
    pub customers: f64,
    /// How to read the estimates.
    pub status: FitStatus,
}

/// Fits the four parameters by maximum likelihood.
pub fn fit_bg_bb(summaries: &[PeriodSummary]) -> Result<BgBbFit, BgBbError> {
    let mut customers = 0.0;
    for summary in summaries {
        summary.check()?;
        customers += summary.count;
    }
    if !summaries.iter().any(|s| s.periods > 0 && s.count > 0.0) {
        return Err(BgBbError::NoPeriods);
    }
    let objective = |at: &[f64], gradient: &mut [f64]| {
        let model = BgBb { alpha: at[0].exp(), beta: at[1].exp(), gamma: at[2].exp(), delta: at[3].exp() };
        gradient.fill(0.0);
        let mut value = 0.0;
        for summary in summaries {
            let mut by = [0.0; 4];
            value -= summary.count * model.log_likelihood_gradient(summary, &mut by);
            for i in 0..4 {
                gradient[i] -= summary.count * by[i] * at[i].exp();
            }
        }
        value
    };
    let start = |v: [f64; 4]| v.iter().map(|x| x.ln()).collect::<Vec<f64>>();
    let starts = [start([1.0, 1.0, 1.0, 2.0]), start([0.5, 3.0, 0.3, 3.0]), start([3.0, 1.0, 2.0, 10.0])];
    let found = minimise(objective, &starts, &Settings::default()).map_err(|_| BgBbError::BadParameters)?;
    let estimate: [f64; 4] = std::array::from_fn(|i| found.parameters[i].exp());
    let standard_errors = found.covariance.as_ref().map(|c| std::array::from_fn(|i| estimate[i] * c.get(i, i).sqrt()));
    Ok(BgBbFit {
        model: BgBb::new(estimate[0], estimate[1], estimate[2], estimate[3])?,
        standard_errors,
        log_covariance: found.covariance,
        log_likelihood: -found.value,
        customers,
        status: match found.status {
            optimise::Status::Converged => FitStatus::Ok,
            optimise::Status::Boundary => FitStatus::Boundary,
            optimise::Status::Flat => FitStatus::Unidentified,
        },
    })
}

impl BgBb {
    /// A model with the shapes `alpha`, `beta` of the probability of buying and `gamma`, `delta` of the probability of leaving.
    pub fn new(alpha: f64, beta: f64, gamma: f64, delta: f64) -> Result<Self, BgBbError> {
        let good = [alpha, beta, gamma, delta].iter().all(|v| v.is_finite() && *v > 0.0);
        if good { Ok(Self { alpha, beta, gamma, delta }) } else { Err(BgBbError::BadParameters) }
    }

    /// alpha, beta, gamma, delta.
    pub fn parameters(&self) -> [f64; 4] {
        [self.alpha, self.beta, self.gamma, self.delta]
    }

    /// ln of E[P^bought (1 - P)^passed].
    fn ln_buying(&self, bought: f64, passed: f64) -> f64 {
        ln_beta(self.alpha + bought, self.beta + passed) - ln_beta(self.alpha, self.beta)
    }

    /// ln of E[Theta^left (1 - Theta)^stayed].
    fn ln_staying(&self, left: f64, stayed: f64) -> f64 {
        ln_beta(self.gamma + left, self.delta + stayed) - ln_beta(self.gamma, self.delta)
    }

    /// ln of the likelihood of the past together with being alive for the first `periods` opportunities.
    fn ln_alive(&self, past: &PeriodSummary) -> f64 {
        let (x, n) = (f64::from(past.frequency), f64::from(past.periods));
        self.ln_buying(x, n - x) + self.ln_staying(0.0, n)
    }

    /// Log-likelihood of one customer's past. `count` is not used.
    pub fn log_likelihood(&self, past: &PeriodSummary) -> f64 {
        self.log_likelihood_gradient(past, &mut [0.0; 4])
    }

    /// [`Self::log_likelihood`] and its gradient in the parameters.
    fn log_likelihood_gradient(&self, past: &PeriodSummary, gradient: &mut [f64; 4]) -> f64 {
        let (x, n, last) = (f64::from(past.frequency), f64::from(past.periods), f64::from(past.recency));
        // One term for being alive through n, one for leaving after each opportunity from the last purchase on.
        let idle = past.periods - past.recency;
        let largest = self.ln_alive(past);
        let mut terms = Vec::with_capacity(idle as usize + 1);
        terms.push((largest, n - x, 0.0, n));
        for i in 0..idle {
            let lived = last + f64::from(i);
            terms.push((self.ln_buying(x, lived - x) + self.ln_staying(1.0, lived), lived - x, 1.0, lived));
        }
        let top = terms.iter().fold(f64::NEG_INFINITY, |m, t| m.max(t.0));
        let sum: f64 = terms.iter().map(|t| (t.0 - top).exp()).sum();
        let prior = digamma(self.alpha + self.beta);
        let leave_prior = digamma(self.gamma + self.delta);
        *gradient = [
            digamma(self.alpha + x) - digamma(self.alpha) + prior,
            prior - digamma(self.beta),
            leave_prior - digamma(self.gamma),
            leave_prior - digamma(self.delta),
        ];
        for (ln_term, passed, left, stayed) in terms {
            let weight = (ln_term - top).exp() / sum;
            let total = digamma(self.alpha + self.beta + x + passed);
            let leave_total = digamma(self.gamma + self.delta + left + stayed);
            gradient[0] -= weight * total;
            gradient[1] += weight * (digamma(self.beta + passed) - total);
            gradient[2] += weight * (digamma(self.gamma + left) - leave_total);
            gradient[3] += weight * (digamma(self.delta + stayed) - leave_total);
        }
        top + sum.ln()
    }

    /// Probability that the customer is alive at the opportunity `ahead` periods from now (`ahead` = 1: the next one; 0: at the last
    /// one so far).
    pub fn p_alive(&self, past: &PeriodSummary, ahead: u32) -> f64 {
        let (x, n) = (f64::from(past.frequency), f64::from(past.periods));
        let alive = self.ln_buying(x, n - x) + self.ln_staying(0.0, n + f64::from(ahead));
        (alive - self.log_likelihood(past)).exp().min(1.0)
    }

    /// P(buys at the next opportunity), and E[P] and P(alive) folded in: the first term of every forecast.
    fn next_purchase(&self, past: &PeriodSummary) -> f64 {
        let (x, n) = (f64::from(past.frequency), f64::from(past.periods));
        let joint = self.ln_buying(x + 1.0, n - x) + self.ln_staying(0.0, n + 1.0);
        (joint - self.log_likelihood(past)).exp()
    }

    /// Expected number of purchases in the next `horizon` opportunities; equation (13) of the paper, summed term by term so that
    /// gamma = 1 needs no special case.
    pub fn expected_purchases(&self, past: &PeriodSummary, horizon: u32) -> f64 {
        self.discounted_purchases(past, 0.0, horizon)
    }

    /// Discounted expected number of purchases in the next `horizon` opportunities, the first of them one period away; `rate` is
    /// the discount rate for a period (0.1 = 10 %).
    pub fn discounted_purchases(&self, past: &PeriodSummary, rate: f64, horizon: u32) -> f64 {
        let n = f64::from(past.periods);
        let discount = 1.0 / (1.0 + rate);
        let mut term = self.next_purchase(past) * discount;
        let mut sum = 0.0;
        for ahead in 1..=horizon {
            sum += term;
            let stayed = self.delta + n + f64::from(ahead);
            term *= discount * stayed / (self.gamma + stayed);
            if term < sum * 1e-18 {
                break;
            }
        }
        sum
    }

    /// Discounted expected residual transactions (DERT) over an infinite horizon. `rate` is the discount
    /// rate for a period. `None` when it is infinite (no discount and gamma <= 1) or `rate` is negative or not a number.
    pub fn dert(&self, past: &PeriodSummary, rate: f64) -> Option<f64> {
        if !(rate.is_finite() && rate >= 0.0) || (rate == 0.0 && self.gamma <= 1.0) {
            return None;
        }
        // The terms are a 2F1(1, delta + n + 1; gamma + delta + n + 1; 1 / (1 + rate)), which is an integral over the
        // chance to stay with a smooth integrand: E[1 / (1 + rate - stay)].
        let stayed = self.delta + f64::from(past.periods) + 1.0;
        let first = self.next_purchase(past);
        if rate == 0.0 {
            return Some(first * (self.gamma + stayed - 1.0) / (self.gamma - 1.0));
        }
        let ln_sum = crate::special::ln_hyp2f1(1.0, stayed, self.gamma + stayed, 1.0 / (1.0 + rate));
        Some(first / (1.0 + rate) * ln_sum.exp())
    }

    /// Probability of `purchases` purchases in the next `horizon` opportunities.
    pub fn purchase_probability(&self, past: &PeriodSummary, horizon: u32, purchases: u32) -> f64 {
        if purchases > horizon {
            return 0.0;
        }
        let likelihood = self.log_likelihood(past);
        let (x, n, k) = (f64::from(past.frequency), f64::from(past.periods), f64::from(purchases));
        let mut sum = 0.0;
        if purchases == 0 {
            sum += 1.0 - (self.ln_alive(past) - likelihood).exp();
        }
        // Leaves after `lived` more opportunities, or stays for all of them.
        let mut ln_choose = 0.0;
        for lived in purchases..=horizon {
            let j = f64::from(lived);
            if lived > purchases {
                ln_choose += (j / (j - k)).ln();
            }
            let left = if lived == horizon { 0.0 } else { 1.0 };
            let ln_term = ln_choose + self.ln_buying(x + k, n - x + j - k) + self.ln_staying(left, n + j) - likelihood;
            sum += ln_term.exp();
        }
        sum.clamp(0.0, 1.0)
    }

    /// Probability that the next purchase comes at the opportunity `ahead` >= 1 periods from now.
    pub fn next_purchase_probability(&self, past: &PeriodSummary, ahead: u32) -> f64 {
        self.ln_next_at(past, f64::from(ahead.max(1)), self.log_likelihood(past)).exp()
    }

    fn ln_next_at(&self, past: &PeriodSummary, ahead: f64, likelihood: f64) -> f64 {
        let (x, n) = (f64::from(past.frequency), f64::from(past.periods));
        self.ln_buying(x + 1.0, n - x + ahead - 1.0) + self.ln_staying(0.0, n + ahead) - likelihood
    }

    /// Expected number of periods until the next purchase, given that there is one: sum of k P(next at k) / sum of P(next at k). `None` when
    /// it is infinite (alpha + x + gamma <= 1).
    pub fn expected_time_to_next_purchase(&self, past: &PeriodSummary) -> Option<f64> {
        // P(next at k) falls as k^-(alpha + x + 1 + gamma).
        let power = self.alpha + f64::from(past.frequency) + 1.0 + self.gamma;
        if power <= 2.0 {
            return None;
        }
        let likelihood = self.log_likelihood(past);
        let at = |k: f64| self.ln_next_at(past, k, likelihood).exp();
        let listed = 400_u32;
        let (mut chance, mut time) = (0.0, 0.0);
        for k in 1..listed {
            let p = at(f64::from(k));
            chance += p;
            time += f64::from(k) * p;
        }
        let from = f64::from(listed);
        chance += power_tail(from, power, at);
        time += power_tail(from, power - 1.0, |k| k * at(k));
        (chance > 0.0).then(|| time / chance)
    }
}
