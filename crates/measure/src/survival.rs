//! Time to the next purchase with right-censoring: the Kaplan-Meier estimate.
//!
//! Source: E. L. Kaplan, P. Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American
//! Statistical Association 53 (1958). A customer who has not come back yet is censored at the as-of, not counted as lost.

use serde::Serialize;

/// A waiting time that ended in a purchase, or that is still running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Days waited.
    pub days: i32,
    /// Whether a purchase ended it.
    pub completed: bool,
}

/// Waits counted by their days, which is all that the curve needs.
#[derive(Debug, Clone, Default)]
pub struct WaitCounts {
    /// Completed and running waits of each length in days.
    by_day: Vec<[u64; 2]>,
}

impl WaitCounts {
    /// Counts one wait; a negative one counts as 0 days.
    pub fn add(&mut self, wait: Wait) {
        let days = wait.days.max(0) as usize;
        if days >= self.by_day.len() {
            self.by_day.resize(days + 1, [0, 0]);
        }
        self.by_day[days][usize::from(!wait.completed)] += 1;
    }
}

/// A step of the curve: the share that has not bought again by the end of this day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SurvivalStep {
    /// Days since the purchase before.
    pub days: i32,
    /// Waits that reached this day.
    pub at_risk: u64,
    /// Waits that ended on it.
    pub completed: u64,
    /// Share still waiting after it.
    pub waiting: f64,
}

/// The Kaplan-Meier curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Survival {
    /// Waits in all.
    pub n: u64,
    /// Waits that ended in a purchase.
    pub completed: u64,
    /// One step per day on which waits ended, ascending.
    pub steps: Vec<SurvivalStep>,
}

impl Survival {
    /// Estimates the curve from waits in any order.
    pub fn new(waits: Vec<Wait>) -> Survival {
        let mut counts = WaitCounts::default();
        for wait in waits {
            counts.add(wait);
        }
        Survival::from_counts(&counts)
    }

    /// Estimates the curve from counted waits.
    pub fn from_counts(counts: &WaitCounts) -> Survival {
        let n = counts.by_day.iter().map(|[completed, running]| completed + running).sum();
        let mut at_risk: u64 = n;
        let mut waiting = 1.0;
        let mut steps = Vec::new();
        let mut completed_in_all = 0;
        for (days, &[completed, running]) in (0..).zip(&counts.by_day) {
            if completed > 0 {
                waiting *= 1.0 - completed as f64 / at_risk as f64;
                steps.push(SurvivalStep { days, at_risk, completed, waiting });
                completed_in_all += completed;
            }
            at_risk -= completed + running;
        }
        Survival { n, completed: completed_in_all, steps }
    }

    /// The share that has bought again within so many days.
    pub fn returned_within(&self, days: i32) -> f64 {
        let reached = self.steps.partition_point(|step| step.days <= days);
        reached.checked_sub(1).map_or(0.0, |last| 1.0 - self.steps[last].waiting)
    }

    /// The share that comes back at all, as far as the data reaches.
    pub fn returned_ever(&self) -> f64 {
        self.steps.last().map_or(0.0, |step| 1.0 - step.waiting)
    }

    /// The first day by which this share **of those who come back** has come back; nothing if nobody ever did.
    pub fn quantile_of_returning(&self, share: f64) -> Option<i32> {
        let target = share * self.returned_ever();
        self.steps.iter().find(|step| 1.0 - step.waiting >= target - 1e-12).map(|step| step.days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(days: i32, completed: bool) -> Wait {
        Wait { days, completed }
    }

    #[test]
    fn without_censoring_the_curve_is_the_empirical_one() {
        let survival = Survival::new((1..=100).map(|days| wait(days, true)).collect());
        assert_eq!(survival.quantile_of_returning(0.75), Some(75));
        assert_eq!(survival.quantile_of_returning(0.95), Some(95));
        assert!((survival.returned_within(40) - 0.4).abs() < 1e-12);
    }

    #[test]
    fn a_hand_computed_curve_with_censoring() {
        // 5 waits: bought at 2, censored at 3, bought at 4, bought at 4, censored at 9.
        let survival = Survival::new(vec![wait(4, true), wait(2, true), wait(9, false), wait(3, false), wait(4, true)]);
        let waiting: Vec<f64> = survival.steps.iter().map(|step| step.waiting).collect();
        assert_eq!(survival.steps.len(), 2);
        assert!((waiting[0] - 0.8).abs() < 1e-12);
        assert!((waiting[1] - 0.8 / 3.0).abs() < 1e-12);
        assert_eq!((survival.n, survival.completed), (5, 3));
    }

    #[test]
    fn nobody_came_back() {
        let survival = Survival::new(vec![wait(9, false)]);
        assert_eq!(survival.quantile_of_returning(0.75), None);
        assert_eq!(survival.returned_ever(), 0.0);
    }
}
