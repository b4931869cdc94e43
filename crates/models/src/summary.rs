//! What the purchase models need to know of customers, with equal customers counted once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::error::ModelError;

/// What a purchase model needs to know of one customer, times in the unit of the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerSummary {
    /// Repeat purchases x: purchases after the first.
    pub frequency: u32,
    /// Time t_x from the first to the last purchase; 0 without repeat purchases.
    pub recency: f64,
    /// Time T from the first purchase to the end of observation.
    pub age: f64,
    /// Sum of the natural logarithms of the times between consecutive purchases; 0 without repeat purchases. Only the
    /// likelihood of the CNBD-k models reads it, and no prediction depends on it.
    pub sum_log_gaps: f64,
}

impl CustomerSummary {
    /// A customer who has just made the first purchase.
    pub const NEW: Self = Self { frequency: 0, recency: 0.0, age: 0.0, sum_log_gaps: 0.0 };

    /// A customer with x repeat purchases, the last at t_x, observed until T, whose single gaps are not known.
    pub fn new(frequency: u32, recency: f64, age: f64) -> Self {
        Self { frequency, recency, age, sum_log_gaps: 0.0 }
    }

    /// The summary after one more purchase, `time` after the first one: O(1), for purchases that come in order of time.
    /// `None` when the purchase is not later than the last known one; then the history has to be summarised anew.
    #[must_use]
    pub fn after_purchase(&self, time: f64) -> Option<Self> {
        let gap = time - self.recency;
        (gap > 0.0 && gap.is_finite()).then(|| Self {
            frequency: self.frequency + 1,
            recency: time,
            age: self.age.max(time),
            sum_log_gaps: self.sum_log_gaps + gap.ln(),
        })
    }

    /// What is wrong with this summary, if anything: times must be finite and `0 <= recency <= age`, and recency must
    /// be 0 without repeat purchases.
    pub fn problem(&self) -> Option<&'static str> {
        if !(self.recency.is_finite() && self.age.is_finite()) {
            Some("recency and age must be finite")
        } else if self.recency < 0.0 || self.age < 0.0 {
            Some("recency and age must not be negative")
        } else if self.recency > self.age {
            Some("recency must not exceed age")
        } else if self.frequency == 0 && self.recency != 0.0 {
            Some("recency must be 0 without repeat purchases")
        } else {
            None
        }
    }
}

/// A customer's purchases in whole days; [`SummaryGroups::from_days`] gives them a unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DaySummary {
    /// Repeat purchases x.
    pub frequency: u32,
    /// Days from the first to the last purchase.
    pub recency: u32,
    /// Days from the first purchase to the end of observation.
    pub age: u32,
    /// Sum of the natural logarithms of the times between consecutive purchases, in units of the groups.
    pub sum_log_gaps: f64,
}

/// Customers with equal frequency, recency and age counted once.
///
/// Groups are sorted by frequency, then age, then recency, which the models use to share work. `sum_log_gaps` of a
/// group is the mean over its customers: it enters the likelihood linearly, so nothing is lost.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SummaryGroups {
    /// One summary per group.
    pub summaries: Vec<CustomerSummary>,
    /// Number of customers in each group.
    pub counts: Vec<f64>,
    /// The group of each customer, in the order the customers were given.
    pub group_of: Vec<u32>,
}

/// A multiplicative hasher for a few machine words; the keys are not adversarial.
#[derive(Default)]
struct WordHasher(u64);

type WordHasherBuilder = BuildHasherDefault<WordHasher>;

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 29;
    }
}

/// Positive zero for negative zero, so that equal times have equal bits.
fn time_bits(time: f64) -> u64 {
    (time + 0.0).to_bits()
}

/// Distinct values of a number, each with a place in the order of first appearance.
#[derive(Default)]
pub(crate) struct Levels {
    pub values: Vec<f64>,
    index: HashMap<u64, u32, WordHasherBuilder>,
}

impl Levels {
    pub(crate) fn place(&mut self, value: f64) -> u32 {
        let next = self.values.len() as u32;
        let place = *self.index.entry(time_bits(value)).or_insert(next);
        if place == next {
            self.values.push(value);
        }
        place
    }
}

/// The rank of each customer's value among the distinct values, and how many bits a rank takes.
fn ranks(customers: &[CustomerSummary], value: impl Fn(&CustomerSummary) -> f64) -> (Vec<u32>, u32) {
    let mut levels = Levels::default();
    let mut places: Vec<u32> = customers.iter().map(|c| levels.place(value(c))).collect();
    let mut order: Vec<u32> = (0..levels.values.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| levels.values[a as usize].total_cmp(&levels.values[b as usize]));
    let mut rank = vec![0; order.len()];
    for (r, &place) in order.iter().enumerate() {
        rank[place as usize] = r as u32;
    }
    for place in &mut places {
        *place = rank[*place as usize];
    }
    (places, usize::BITS - order.len().leading_zeros())
}

/// Customers in the order of frequency, age, recency: a key that tells the group, and the customer's position.
fn sorted_keys(customers: &[CustomerSummary]) -> Box<dyn Iterator<Item = (u128, usize)>> {
    let ((ages, age_bits), (recencies, recency_bits)) = (ranks(customers, |c| c.age), ranks(customers, |c| c.recency));
    let frequency_bits = u32::BITS - customers.iter().map(|c| c.frequency).max().unwrap_or(0).leading_zeros();
    let place_bits = usize::BITS - customers.len().leading_zeros();
    // One word each: the group's key above the customer's position.
    if frequency_bits + age_bits + recency_bits + place_bits <= u64::BITS {
        let mut keys: Vec<u64> = Vec::with_capacity(customers.len());
        for (i, customer) in customers.iter().enumerate() {
            let key = (u64::from(customer.frequency) << age_bits) | u64::from(ages[i]);
            keys.push((((key << recency_bits) | u64::from(recencies[i])) << place_bits) | i as u64);
        }
        keys.sort_unstable();
        let place = (1_u64 << place_bits) - 1;
        return Box::new(keys.into_iter().map(move |key| (u128::from(key >> place_bits), (key & place) as usize)));
    }
    let mut keys: Vec<u128> = Vec::with_capacity(customers.len());
    for (i, customer) in customers.iter().enumerate() {
        let key = (u128::from(customer.frequency) << 64) | (u128::from(ages[i]) << 32) | u128::from(recencies[i]);
        keys.push((key << 32) | i as u128);
    }
    keys.sort_unstable();
    Box::new(keys.into_iter().map(|key| (key >> 32, key as u32 as usize)))
}

impl SummaryGroups {
    /// Groups customers, in time and memory near linear in their number. The result depends on the order of the customers only
    /// through `group_of` and the rounding of the mean `sum_log_gaps`.
    pub fn from_customers(customers: &[CustomerSummary]) -> Self {
        let mut groups = Self { summaries: Vec::new(), counts: Vec::new(), group_of: vec![0; customers.len()] };
        let mut before = None;
        for (key, i) in sorted_keys(customers) {
            let customer = &customers[i];
            if before != Some(key) {
                before = Some(key);
                groups.summaries.push(CustomerSummary { sum_log_gaps: 0.0, ..*customer });
                groups.counts.push(0.0);
            }
            let last = groups.summaries.len() - 1;
            groups.summaries[last].sum_log_gaps += customer.sum_log_gaps;
            groups.counts[last] += 1.0;
            groups.group_of[i] = last as u32;
        }
        for (summary, count) in groups.summaries.iter_mut().zip(&groups.counts) {
            summary.sum_log_gaps /= count;
        }
        groups
    }

    /// Groups customers whose times are whole days, in units of `unit_days`; whoever has no summary gets the group
    /// [`NOT_YET`](crate::history::NOT_YET). The same groups as [`Self::from_customers`], quicker.
    pub fn from_days(customers: impl ExactSizeIterator<Item = Option<DaySummary>>, unit_days: f64) -> Self {
        let mut groups = DayGroups::with_capacity(customers.len());
        for customer in customers {
            groups.add(customer);
        }
        groups.groups(unit_days)
    }

    /// Number of customers.
    pub fn customers(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// Checks every summary; see [`CustomerSummary::problem`].
    pub fn check(&self) -> Result<(), ModelError> {
        if self.summaries.is_empty() {
            return Err(ModelError::NoCustomers);
        }
        let problem = |(index, s): (usize, &CustomerSummary)| s.problem().map(|problem| (index, problem));
        match self.summaries.iter().enumerate().find_map(problem) {
            Some((index, problem)) => Err(ModelError::InvalidSummary { index, problem }),
            None => Ok(()),
        }
    }
}

/// Customers whose times are whole days, on their way to [`SummaryGroups`]: those of [`SummaryGroups::from_days`], added one by one.
#[derive(Debug, Default)]
pub struct DayGroups {
    /// Per customer [`NOT_YET`](crate::history::NOT_YET), or the age with [`NEW`] where nothing was bought again.
    group_of: Vec<u32>,
    /// Customers without repeat purchases by their age, with their sum of log gaps.
    new: Vec<(f64, f64)>,
    /// All others.
    others: Vec<OtherCustomer>,
}

/// Marks the age of a customer without repeat purchases.
const NEW: u32 = 1 << 31;
/// Ages of customers without repeat purchases that are counted in a table.
const TABLED_AGES: u32 = 1 << 16;

#[derive(Debug, Clone, Copy)]
struct OtherCustomer {
    summary: DaySummary,
    customer: u32,
}

impl DayGroups {
    /// Nobody yet, with room for so many customers.
    pub fn with_capacity(customers: usize) -> Self {
        Self { group_of: Vec::with_capacity(customers), new: Vec::new(), others: Vec::new() }
    }

    /// The next customer; `None` for one without a summary.
    pub fn add(&mut self, customer: Option<DaySummary>) {
        let Some(summary) = customer else {
            self.group_of.push(crate::history::NOT_YET);
            return;
        };
        if summary.frequency == 0 && summary.recency == 0 && summary.age < TABLED_AGES {
            let age = summary.age as usize;
            if age >= self.new.len() {
                self.new.resize(age + 1, (0.0, 0.0));
            }
            self.new[age].0 += 1.0;
            self.new[age].1 += summary.sum_log_gaps;
            self.group_of.push(NEW | summary.age);
        } else {
            self.others.push(OtherCustomer { summary, customer: self.group_of.len() as u32 });
            self.group_of.push(0);
        }
    }

    /// The groups, in units of `unit_days`.
    pub fn groups(self, unit_days: f64) -> SummaryGroups {
        let mut groups = SummaryGroups { group_of: self.group_of, ..SummaryGroups::default() };
        let mut push = |frequency: u32, recency: u32, age: u32| {
            let (recency, age) = (f64::from(recency) / unit_days, f64::from(age) / unit_days);
            groups.summaries.push(CustomerSummary { frequency, recency, age, sum_log_gaps: 0.0 });
            groups.counts.push(0.0);
            groups.summaries.len() - 1
        };
        let mut new_group = vec![0; self.new.len()];
        for (age, (&(count, _), group)) in self.new.iter().zip(&mut new_group).enumerate() {
            if count > 0.0 {
                *group = push(0, 0, age as u32) as u32;
            }
        }
        let mut before = None;
        let places: Vec<(u32, u32)> = sorted(&self.others)
            .into_iter()
            .map(|place| {
                let DaySummary { frequency, recency, age, .. } = self.others[place as usize].summary;
                let group = match before {
                    Some((known, group)) if known == (frequency, recency, age) => group,
                    _ => push(frequency, recency, age),
                };
                before = Some(((frequency, recency, age), group));
                (place, group as u32)
            })
            .collect();
        for (&(count, sum_log_gaps), &group) in self.new.iter().zip(&new_group).filter(|(new, _)| new.0 > 0.0) {
            groups.counts[group as usize] = count;
            groups.summaries[group as usize].sum_log_gaps = sum_log_gaps;
        }
        for group in groups.group_of.iter_mut().filter(|group| **group & NEW != 0) {
            if *group != crate::history::NOT_YET {
                *group = new_group[(*group & !NEW) as usize];
            }
        }
        for (place, group) in places {
            let OtherCustomer { summary, customer } = self.others[place as usize];
            groups.counts[group as usize] += 1.0;
            groups.summaries[group as usize].sum_log_gaps += summary.sum_log_gaps;
            groups.group_of[customer as usize] = group;
        }
        for (summary, count) in groups.summaries.iter_mut().zip(&groups.counts) {
            summary.sum_log_gaps /= count;
        }
        groups
    }
}

/// Places of customers in the order of frequency, age, recency, and of the places where these are equal.
fn sorted(customers: &[OtherCustomer]) -> Vec<u32> {
    let most = |of: fn(&DaySummary) -> u32| customers.iter().map(|one| of(&one.summary)).max().unwrap_or(0);
    let bits = |number: u32| u32::BITS - number.leading_zeros();
    let (age_bits, recency_bits) = (bits(most(|one| one.age)), bits(most(|one| one.recency)));
    let place_bits = bits(customers.len() as u32);
    let all_bits = bits(most(|one| one.frequency)) + age_bits + recency_bits + place_bits;
    if all_bits > u64::BITS {
        let mut places: Vec<u32> = (0..customers.len() as u32).collect();
        places.sort_unstable_by_key(|&place| {
            let one = &customers[place as usize].summary;
            (one.frequency, one.age, one.recency, place)
        });
        return places;
    }
    // One word each is sorted quickest.
    let keys = customers.iter().enumerate().map(|(place, OtherCustomer { summary, .. })| {
        let times = (u64::from(summary.age) << recency_bits) | u64::from(summary.recency);
        let group = (u64::from(summary.frequency) << (age_bits + recency_bits)) | times;
        (group << place_bits) | place as u64
    });
    let mut keys: Vec<u64> = keys.collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| (key & ((1 << place_bits) - 1)) as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_customers_share_a_group() {
        let customers = [
            CustomerSummary { sum_log_gaps: 1.0, ..CustomerSummary::new(2, 5.0, 9.0) },
            CustomerSummary::new(0, 0.0, 9.0),
            CustomerSummary { sum_log_gaps: 3.0, ..CustomerSummary::new(2, 5.0, 9.0) },
            CustomerSummary::new(2, 4.0, 9.0),
            CustomerSummary::new(0, -0.0, 9.0),
        ];
        let groups = SummaryGroups::from_customers(&customers);
        assert_eq!(groups.counts, [2.0, 1.0, 2.0]);
        assert_eq!(groups.group_of, [2, 0, 2, 1, 0]);
        assert_eq!(groups.summaries[2].sum_log_gaps, 2.0);
        assert_eq!(groups.customers(), 5.0);
        assert_eq!(SummaryGroups::from_customers(&[]).check(), Err(ModelError::NoCustomers));
    }

    #[test]
    fn whole_days_group_as_times_do() {
        let days: Vec<Option<DaySummary>> = (0..4_000_u32)
            .map(|i| {
                let (frequency, age) = (i * 7 % 5, 300 + i * 13 % 90);
                let recency = if frequency == 0 { 0 } else { i * 31 % 97 };
                let sum_log_gaps = f64::from(frequency) * 0.3;
                (i % 11 > 0).then_some(DaySummary { frequency, recency, age, sum_log_gaps })
            })
            .collect();
        let times: Vec<CustomerSummary> = days
            .iter()
            .flatten()
            .map(|d| CustomerSummary {
                sum_log_gaps: d.sum_log_gaps,
                ..CustomerSummary::new(d.frequency, f64::from(d.recency) / 7.0, f64::from(d.age) / 7.0)
            })
            .collect();
        let (of_days, of_times) =
            (SummaryGroups::from_days(days.iter().copied(), 7.0), SummaryGroups::from_customers(&times));
        assert_eq!((&of_days.summaries, &of_days.counts), (&of_times.summaries, &of_times.counts));
        let known: Vec<u32> =
            of_days.group_of.iter().zip(&days).filter(|(_, day)| day.is_some()).map(|(&group, _)| group).collect();
        assert_eq!(known, of_times.group_of);
        assert_eq!(of_days.group_of[0], crate::history::NOT_YET);
    }

    #[test]
    fn purchases_in_order_update_a_summary() {
        let updated = CustomerSummary::NEW.after_purchase(2.0).and_then(|s| s.after_purchase(5.0)).unwrap();
        assert_eq!(updated, CustomerSummary { sum_log_gaps: 6_f64.ln(), ..CustomerSummary::new(2, 5.0, 5.0) });
        assert_eq!(updated.after_purchase(5.0), None);
        assert_eq!(CustomerSummary::new(1, 3.0, 9.0).after_purchase(4.0).unwrap().age, 9.0);
    }

    #[test]
    fn wide_keys_group_like_narrow_ones() {
        // A frequency of more than 2^31 leaves no room in 64 bits beside a few thousand times.
        let narrow: Vec<CustomerSummary> = (0..5000_u32)
            .map(|i| CustomerSummary::new(i % 7 + 1, f64::from(i * 31 % 4999), 5000.0 + f64::from(i * 17 % 4001)))
            .collect();
        let mut wide = narrow.clone();
        wide.push(CustomerSummary::new(u32::MAX, 1.0, 9999.0));
        let (narrow, wide) = (SummaryGroups::from_customers(&narrow), SummaryGroups::from_customers(&wide));
        assert_eq!(narrow.summaries[..], wide.summaries[..narrow.summaries.len()]);
        assert_eq!(narrow.group_of[..], wide.group_of[..narrow.group_of.len()]);
    }

    #[test]
    fn impossible_summaries_are_told() {
        let bad = [
            CustomerSummary::new(1, 5.0, 4.0),
            CustomerSummary::new(0, 1.0, 4.0),
            CustomerSummary::new(1, f64::NAN, 4.0),
            CustomerSummary::new(1, -1.0, 4.0),
        ];
        for summary in bad {
            assert!(summary.problem().is_some(), "{summary:?}");
            assert!(SummaryGroups::from_customers(&[summary]).check().is_err());
        }
        assert_eq!(CustomerSummary::new(3, 4.0, 4.0).problem(), None);
    }
}
