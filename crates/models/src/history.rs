//! Purchase histories of all customers in three flat arrays, and what the models need of them at any origin.
//!
//! A purchase is a customer-day: several orders of one customer on one day count once. Days are whole numbers on any
//! common scale (days since 1970-01-01, say). Everything here is linear in the number of purchase days.

use crate::purchase::{CustomerSummary, SummaryGroups};

/// Purchase days of customers `0..len()`, each customer's days ascending and distinct, with an optional amount per day.
///
/// Memory: 4 bytes per customer, 4 bytes per purchase day, and 8 more per day when amounts are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histories {
    /// Days of customer `i` are `days[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    days: Vec<i32>,
    amounts: Option<Vec<i64>>,
}

/// Why purchases could not be read as histories.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// A purchase names a customer outside `0..customers`.
    #[error("purchase {index} names customer {customer}, but there are {customers} customers")]
    UnknownCustomer {
        /// Position of the purchase in the input.
        index: usize,
        /// The customer it names.
        customer: u32,
        /// Number of customers announced.
        customers: usize,
    },
    /// Parallel arrays differ in length.
    #[error("{customers} customer numbers, {days} days and {amounts} amounts do not pair up")]
    Length {
        /// Number of customer numbers.
        customers: usize,
        /// Number of days.
        days: usize,
        /// Number of amounts.
        amounts: usize,
    },
    /// More purchases than 32-bit positions can address.
    #[error("{0} purchases are more than one set of histories can hold")]
    TooMany(usize),
}

impl Histories {
    /// Builds histories from purchases in any order: `customer[i]` in `0..customers` bought on `day[i]` for `amount[i]`
    /// minor units. Purchases of one customer on one day are merged and their amounts added (saturating).
    ///
    /// A customer without purchases keeps an empty history.
    pub fn from_purchases(
        customers: usize,
        customer: &[u32],
        day: &[i32],
        amount: Option<&[i64]>,
    ) -> Result<Self, HistoryError> {
        let amounts = amount.map_or(customer.len(), <[i64]>::len);
        if customer.len() != day.len() || customer.len() != amounts {
            return Err(HistoryError::Length { customers: customer.len(), days: day.len(), amounts });
        }
        if u32::try_from(customer.len()).is_err() {
            return Err(HistoryError::TooMany(customer.len()));
        }
        let mut starts = vec![0_u32; customers + 1];
        for (index, &c) in customer.iter().enumerate() {
            let slot = starts.get_mut(c as usize + 1).filter(|_| (c as usize) < customers);
            *slot.ok_or(HistoryError::UnknownCustomer { index, customer: c, customers })? += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![(0_i32, 0_i64); if amount.is_some() { customer.len() } else { 0 }];
        let mut days = vec![0_i32; customer.len()];
        for (index, (&c, &d)) in customer.iter().zip(day).enumerate() {
            let place = &mut next[c as usize];
            match amount {
                Some(amount) => sorted[*place as usize] = (d, amount[index]),
                None => days[*place as usize] = d,
            }
            *place += 1;
        }
        drop(next);
        let mut kept = 0_usize;
        let mut merged_amounts = amount.map(|_| vec![0_i64; customer.len()]);
        for i in 0..customers {
            let (from, to) = (starts[i] as usize, starts[i + 1] as usize);
            starts[i] = kept as u32;
            if amount.is_some() {
                sorted[from..to].sort_unstable_by_key(|&(d, _)| d);
            } else {
                days[from..to].sort_unstable();
            }
            let first = kept;
            for j in from..to {
                let (d, a) = if amount.is_some() { sorted[j] } else { (days[j], 0) };
                let repeated = kept > first && days[kept - 1] == d;
                if !repeated {
                    days[kept] = d;
                    kept += 1;
                }
                if let Some(merged) = &mut merged_amounts {
                    let sum = if repeated { merged[kept - 1] } else { 0 };
                    merged[kept - 1] = sum.saturating_add(a);
                }
            }
        }
        starts[customers] = kept as u32;
        days.truncate(kept);
        days.shrink_to_fit();
        if let Some(merged) = &mut merged_amounts {
            merged.truncate(kept);
            merged.shrink_to_fit();
        }
        Ok(Self { starts, days, amounts: merged_amounts })
    }

    /// Number of customers, those without purchases included.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// True when there is no customer.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of purchase days of all customers.
    pub fn purchases(&self) -> usize {
        self.days.len()
    }

    /// Purchase days of one customer, ascending and distinct.
    pub fn days(&self, customer: usize) -> &[i32] {
        &self.days[self.starts[customer] as usize..self.starts[customer + 1] as usize]
    }

    /// Amounts in minor units, parallel to [`Histories::days`]; `None` when the histories were built without amounts.
    pub fn amounts(&self, customer: usize) -> Option<&[i64]> {
        let range = self.starts[customer] as usize..self.starts[customer + 1] as usize;
        self.amounts.as_ref().map(|amounts| &amounts[range])
    }

    /// The earliest and the latest purchase day, `None` without purchases.
    pub fn span(&self) -> Option<(i32, i32)> {
        Some((*self.days.iter().min()?, *self.days.iter().max()?))
    }

    /// The histories as they were known on `day`: later purchases removed, and customers who had not bought yet left out.
    /// The second value gives, for each customer kept, the number in `self`.
    pub fn until(&self, day: i32) -> (Self, Vec<u32>) {
        let mut starts = vec![0_u32];
        let (mut days, mut amounts) = (Vec::new(), self.amounts.as_ref().map(|_| Vec::new()));
        let mut numbers = Vec::new();
        for customer in 0..self.len() {
            let known = known(self.days(customer), day);
            if known.is_empty() {
                continue;
            }
            days.extend_from_slice(known);
            if let (Some(kept), Some(all)) = (&mut amounts, self.amounts(customer)) {
                kept.extend_from_slice(&all[..known.len()]);
            }
            starts.push(days.len() as u32);
            numbers.push(customer as u32);
        }
        (Self { starts, days, amounts }, numbers)
    }

    /// The histories of the named customers, in the order named.
    #[must_use]
    pub fn of(&self, customers: &[u32]) -> Self {
        let mut starts = vec![0_u32];
        let (mut days, mut amounts) = (Vec::new(), self.amounts.as_ref().map(|_| Vec::new()));
        for &customer in customers {
            days.extend_from_slice(self.days(customer as usize));
            if let (Some(kept), Some(all)) = (&mut amounts, self.amounts(customer as usize)) {
                kept.extend_from_slice(all);
            }
            starts.push(days.len() as u32);
        }
        Self { starts, days, amounts }
    }

    /// What a purchase model knows of one customer at the end of day `origin`, times in units of `unit_days` days; `None`
    /// when the customer had not bought yet.
    pub fn summary(&self, customer: usize, origin: i32, unit_days: f64) -> Option<CustomerSummary> {
        let known = known(self.days(customer), origin);
        let (first, last) = (known.first()?, known.last()?);
        Some(CustomerSummary {
            frequency: known.len() as u32 - 1,
            recency: days_between(*first, *last) / unit_days,
            age: days_between(*first, origin) / unit_days,
            sum_log_gaps: known.windows(2).map(|pair| (days_between(pair[0], pair[1]) / unit_days).ln()).sum(),
        })
    }

    /// Purchase days of one customer after `origin`, up to and including `until`.
    pub fn purchases_between(&self, customer: usize, origin: i32, until: i32) -> u32 {
        let days = self.days(customer);
        (known(days, until).len() - known(days, origin).len()) as u32
    }

    /// Every customer known at `origin`, equal (frequency, recency, age) counted once.
    ///
    /// The sum of log gaps enters every likelihood linearly and no prediction, so a group carries the mean over its
    /// customers. Groups are sorted as [`SummaryGroups`] says and their sums are integers inside, so the result does not depend on the order of the
    /// customers. Customers who had not bought yet have group [`NOT_YET`].
    pub fn groups(&self, origin: i32, unit_days: f64) -> SummaryGroups {
        let mut keys = Vec::with_capacity(self.len());
        for customer in 0..self.len() {
            let known = known(self.days(customer), origin);
            if let (Some(&first), Some(&last)) = (known.first(), known.last()) {
                let key = (known.len() as u32 - 1, origin.abs_diff(first), last.abs_diff(first));
                keys.push((key, customer as u32));
            }
        }
        keys.sort_unstable();
        let mut groups =
            SummaryGroups { summaries: Vec::new(), counts: Vec::new(), group_of: vec![NOT_YET; self.len()] };
        for run in keys.chunk_by(|a, b| a.0 == b.0) {
            let (frequency, age, recency) = run[0].0;
            let mut log_gaps = 0_i128;
            for &(_, customer) in run {
                groups.group_of[customer as usize] = groups.summaries.len() as u32;
                if frequency > 0 {
                    let days = &self.days(customer as usize)[..=frequency as usize];
                    let sum: f64 = days.windows(2).map(|pair| (days_between(pair[0], pair[1]) / unit_days).ln()).sum();
                    log_gaps += (sum * FIXED_POINT).round() as i128;
                }
            }
            groups.summaries.push(CustomerSummary {
                frequency,
                recency: f64::from(recency) / unit_days,
                age: f64::from(age) / unit_days,
                sum_log_gaps: log_gaps as f64 / FIXED_POINT / run.len() as f64,
            });
            groups.counts.push(run.len() as f64);
        }
        groups
    }
}

/// Builds [`Histories`] customer by customer, each one's days ascending: no sorting, nothing moved.
#[derive(Debug, Clone)]
pub struct HistoriesBuilder {
    starts: Vec<u32>,
    days: Vec<i32>,
}

impl HistoriesBuilder {
    /// Nobody yet, with room for so many customers and purchases.
    pub fn with_capacity(customers: usize, purchases: usize) -> Self {
        let mut starts = Vec::with_capacity(customers + 1);
        starts.push(0);
        Self { starts, days: Vec::with_capacity(purchases) }
    }

    /// A purchase of the customer at hand; a second one on the same day changes nothing.
    ///
    /// # Panics
    /// When the day is before the customer's last one.
    pub fn add(&mut self, day: i32) {
        let first = self.starts[self.starts.len() - 1] as usize;
        if let Some(&last) = self.days[first..].last() {
            assert!(day >= last, "days of a customer ascend");
            if day == last {
                return;
            }
        }
        self.days.push(day);
    }

    /// The next purchases are those of the next customer.
    pub fn end_customer(&mut self) {
        self.starts.push(self.days.len() as u32);
    }

    /// The histories of all customers that were ended.
    pub fn finish(self) -> Histories {
        Histories { starts: self.starts, days: self.days, amounts: None }
    }
}

/// Group of a customer who had not bought at the origin.
pub const NOT_YET: u32 = u32::MAX;

/// Log gaps are added as integers of this resolution, since adding floats would depend on the order.
const FIXED_POINT: f64 = (1_u64 << 40) as f64;

/// The part of ascending `days` up to and including `day`.
fn known(days: &[i32], day: i32) -> &[i32] {
    &days[..days.partition_point(|&d| d <= day)]
}

fn days_between(first: i32, second: i32) -> f64 {
    f64::from(second) - f64::from(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histories() -> Histories {
        Histories::from_purchases(
            4,
            &[2, 0, 0, 2, 0, 3, 2],
            &[20, 5, 1, 10, 5, 40, 34],
            Some(&[1, 20, 300, 4000, 50_000, 7, 9]),
        )
        .expect("valid purchases")
    }

    #[test]
    fn purchases_in_any_order_become_sorted_customer_days() {
        let h = histories();
        assert_eq!(h.len(), 4);
        assert_eq!(h.days(0), [1, 5]);
        assert_eq!(h.amounts(0), Some(&[300, 50_020][..]));
        assert!(h.days(1).is_empty());
        assert_eq!(h.days(2), [10, 20, 34]);
        assert_eq!(h.purchases(), 6);
        assert_eq!(h.span(), Some((1, 40)));
        let bare = Histories::from_purchases(4, &[2, 0, 0, 2, 0, 3, 2], &[20, 5, 1, 10, 5, 40, 34], None);
        assert_eq!(bare.expect("valid purchases").days(2), [10, 20, 34]);
    }

    #[test]
    fn summaries_count_repeat_days_up_to_the_origin() {
        let summary = histories().summary(2, 31, 7.0).expect("bought by then");
        assert_eq!((summary.frequency, summary.recency, summary.age), (1, 10.0 / 7.0, 3.0));
        assert!((summary.sum_log_gaps - (10.0_f64 / 7.0).ln()).abs() < 1e-15);
        assert_eq!(histories().summary(3, 39, 7.0), None);
        assert_eq!(histories().purchases_between(2, 10, 34), 2);
    }

    #[test]
    fn cutting_leaves_out_what_was_not_known() {
        let (cut, numbers) = histories().until(20);
        assert_eq!(numbers, [0, 2]);
        assert_eq!(cut.days(1), [10, 20]);
        assert_eq!(cut.amounts(1), Some(&[4000, 1][..]));
        assert_eq!(histories().of(&numbers).days(1), [10, 20, 34]);
    }

    #[test]
    fn groups_count_equal_summaries_once_whatever_the_order_of_customers() {
        let h = Histories::from_purchases(5, &[0, 0, 1, 1, 2, 3, 3], &[1, 9, 2, 10, 5, 1, 9], None).expect("valid");
        let groups = h.groups(15, 1.0);
        assert_eq!(groups.counts, [1.0, 1.0, 2.0]);
        assert_eq!(groups.group_of, [2, 1, 0, 2, NOT_YET]);
        let turned =
            Histories::from_purchases(5, &[4, 4, 3, 3, 2, 1, 1], &[1, 9, 2, 10, 5, 1, 9], None).expect("valid");
        assert_eq!(turned.groups(15, 1.0).summaries, groups.summaries);
    }

    #[test]
    fn histories_built_customer_by_customer_equal_sorted_ones() {
        let mut builder = HistoriesBuilder::with_capacity(2, 3);
        for days in [&[1, 5, 5][..], &[], &[10, 20, 34], &[40]] {
            for &day in days {
                builder.add(day);
            }
            builder.end_customer();
        }
        let sorted = Histories::from_purchases(4, &[2, 0, 0, 2, 0, 3, 2], &[20, 5, 1, 10, 5, 40, 34], None);
        assert_eq!(Ok(builder.finish()), sorted);
    }

    #[test]
    fn unknown_customers_and_ragged_arrays_are_errors() {
        assert_eq!(
            Histories::from_purchases(1, &[0, 1], &[1, 2], None),
            Err(HistoryError::UnknownCustomer { index: 1, customer: 1, customers: 1 })
        );
        assert!(matches!(Histories::from_purchases(1, &[0], &[1, 2], None), Err(HistoryError::Length { .. })));
        assert!(Histories::from_purchases(0, &[], &[], None).expect("empty is fine").is_empty());
    }
}
