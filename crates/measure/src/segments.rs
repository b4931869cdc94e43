//! The eight named segments, with thresholds from the shop's own distribution, and why one-time customers came once.

use clove_core::{Basis, Day, Minor};
use serde::Serialize;

use crate::answer::{Amount, MoneyPer, Rate, quantile};
use crate::ledger::{Customer, Ledger};
use crate::lifecycle::{Stage, ThresholdSnapshot};

/// Share of purchases with a discount from which a customer is a discount buyer, unless the shop's own is higher.
const DISCOUNT_BUYER_SHARE: f64 = 0.8;
/// Purchases needed for full-price and discount buyers.
const PURCHASES_FOR_HABIT: usize = 2;
/// Purchase days needed for regular customers.
const REGULAR_PURCHASE_DAYS: usize = 3;
/// How many times the mean week a week must be to be a peak of the season.
const PEAK_WEEK: f64 = 1.5;

/// A named segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Exactly one purchase, not long ago.
    FirstTime,
    /// Three or more purchase days, not lapsed.
    Regular,
    /// Net of the last 24 months in the top tenth.
    BigSpender,
    /// Value per order in the top tenth.
    HighAov,
    /// Big spender and regular.
    Vip,
    /// Never bought at a discount, two or more purchases.
    FullPrice,
    /// Buys at a discount as a rule, two or more purchases.
    DiscountBuyer,
    /// A checkout without an order.
    CartAbandoner,
}

impl Segment {
    /// All segments in the order in which they are listed.
    pub const ALL: [Segment; 8] = [
        Segment::FirstTime,
        Segment::Regular,
        Segment::BigSpender,
        Segment::HighAov,
        Segment::Vip,
        Segment::FullPrice,
        Segment::DiscountBuyer,
        Segment::CartAbandoner,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Segment::FirstTime => "first_time",
            Segment::Regular => "regular",
            Segment::BigSpender => "big_spender",
            Segment::HighAov => "high_aov",
            Segment::Vip => "vip",
            Segment::FullPrice => "full_price",
            Segment::DiscountBuyer => "discount_buyer",
            Segment::CartAbandoner => "cart_abandoner",
        }
    }
}

/// All segments of a shop. They overlap: a customer can be in several.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Segments {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of all amounts.
    pub currency: String,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// Identified customers with a purchase: the population.
    pub n: u64,
    /// The thresholds, from the shop's own distribution.
    pub thresholds: SegmentThresholds,
    /// One entry per segment.
    pub segments: Vec<SegmentAnswer>,
    /// Lapsed customers with exactly one purchase, by why they came.
    pub one_time: Vec<OneTimeAnswer>,
    /// One entry per customer of the population, in the order of person numbers.
    #[serde(skip)]
    pub members: Vec<Member>,
}

/// The thresholds that the segments rest on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentThresholds {
    /// Days of the stages.
    pub lifecycle: ThresholdSnapshot,
    /// 90 % quantile of the net of the last 24 months.
    pub big_spender_net_24_months: Option<Amount>,
    /// 90 % quantile of value per order.
    pub high_aov: Option<Amount>,
    /// Share of purchases with a discount from which a customer is a discount buyer.
    pub discount_buyer_share: f64,
    /// First days of the weeks in which the shop sells most: calendar week numbers of the year from 0.
    pub peak_weeks: Vec<i32>,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentAnswer {
    /// Its stable name.
    pub segment: &'static str,
    /// Its rule in words, with the thresholds.
    pub rule: String,
    /// Whether the data can tell; checkouts are in no order file, and some files have no amounts.
    pub available: bool,
    /// Its customers of the population; null if not available.
    pub share: Option<Rate>,
    /// Net value of its customers up to the as-of.
    pub value: Option<Amount>,
    /// Net value per customer.
    pub value_per_customer: Option<MoneyPer>,
}

/// One-time customers of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneTimeAnswer {
    /// `seasonal`, `bargain` or `other`.
    pub why: &'static str,
    /// These of all one-time customers.
    pub share: Rate,
    /// Of all customers whose first purchase was of this kind and is old enough to have lapsed: those who bought again.
    pub second_purchase_rate: Rate,
}

/// A customer and the segments that it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// How the customer is called.
    pub customer: String,
    /// The person's number.
    pub person: u32,
    /// The stage.
    pub stage: Stage,
    /// The segments, in the order of [`Segment::ALL`].
    pub segments: Vec<Segment>,
    /// Net value up to the as-of.
    pub net: Minor,
    /// Net value of the last 24 months.
    pub net_24_months: Minor,
}

struct Profile {
    customer: Customer,
    purchases: usize,
    purchase_days: usize,
    discounted: usize,
    first_discounted: bool,
    first_day: Day,
    net: Minor,
    net_24_months: Minor,
    aov: f64,
    stage: Stage,
}

impl Profile {
    fn discount_share(&self) -> f64 {
        self.discounted as f64 / self.purchases as f64
    }
}

/// Finds the members of every segment.
pub fn segments(ledger: &Ledger<'_>) -> Segments {
    let currency = ledger.currency();
    let lifecycle = ThresholdSnapshot::take(ledger);
    let profiles: Vec<Profile> = ledger
        .customers()
        .iter()
        .filter(|customer| customer.identified)
        .filter_map(|customer| profile(ledger, &lifecycle, customer))
        .collect();
    let top_tenth = |of: &dyn Fn(&Profile) -> f64, only: &dyn Fn(&Profile) -> bool| {
        let mut values: Vec<f64> = profiles.iter().filter(|&profile| only(profile)).map(of).collect();
        values.sort_by(f64::total_cmp);
        quantile(&values, 0.9)
    };
    let big = top_tenth(&|profile| profile.net_24_months as f64, &|_| true);
    let high = top_tenth(&|profile| profile.aov, &|_| true);
    let habit = |profile: &Profile| profile.purchases >= PURCHASES_FOR_HABIT;
    let top_discount = top_tenth(&Profile::discount_share, &habit).filter(|&share| share > 0.0);
    // "At least 0.8, or in the top tenth of the shop": the lower of the two bounds.
    let discount_buyer_share = top_discount.map_or(DISCOUNT_BUYER_SHARE, |share| share.min(DISCOUNT_BUYER_SHARE));
    let peaks = peak_weeks(ledger);
    let thresholds = SegmentThresholds {
        big_spender_net_24_months: big
            .filter(|_| ledger.shop().has_amounts)
            .map(|value| Amount::new(value.ceil() as Minor, currency)),
        high_aov: high.filter(|_| ledger.shop().has_amounts).map(|value| Amount::new(value.ceil() as Minor, currency)),
        discount_buyer_share,
        peak_weeks: peaks.clone(),
        lifecycle,
    };
    let has_amounts = ledger.shop().has_amounts;
    let members: Vec<Member> = profiles
        .iter()
        .map(|profile| {
            let is_regular = profile.purchase_days >= REGULAR_PURCHASE_DAYS && profile.stage != Stage::Lapsed;
            let is_big = profile.net_24_months > 0 && big.is_some_and(|bound| profile.net_24_months as f64 >= bound);
            let is_in = |segment: &Segment| match segment {
                Segment::FirstTime => profile.purchases == 1 && profile.stage == Stage::Active,
                Segment::Regular => is_regular,
                Segment::BigSpender => is_big,
                Segment::HighAov => profile.aov > 0.0 && high.is_some_and(|bound| profile.aov >= bound),
                Segment::Vip => is_big && is_regular,
                Segment::FullPrice => has_amounts && habit(profile) && profile.discounted == 0,
                Segment::DiscountBuyer => habit(profile) && profile.discount_share() >= discount_buyer_share,
                Segment::CartAbandoner => false,
            };
            Member {
                customer: ledger.label(&profile.customer),
                person: profile.customer.person,
                stage: profile.stage,
                segments: Segment::ALL.into_iter().filter(is_in).collect(),
                net: profile.net,
                net_24_months: profile.net_24_months,
            }
        })
        .collect();
    Segments {
        as_of: ledger.as_of().to_string(),
        currency: currency.code().to_owned(),
        identified_share: ledger.identified_share(),
        n: profiles.len() as u64,
        segments: Segment::ALL.into_iter().map(|segment| answer(ledger, segment, &members, &thresholds)).collect(),
        one_time: one_time(ledger, &profiles, &peaks),
        thresholds,
        members,
    }
}

fn profile(ledger: &Ledger<'_>, snapshot: &ThresholdSnapshot, customer: &Customer) -> Option<Profile> {
    let orders = &ledger.shop().orders;
    let days = ledger.purchase_days(customer);
    let (&first_day, &last_day) = (days.first()?, days.last()?);
    let month = ledger.as_of().month();
    let window = clove_core::Month(month.0 - 24);
    let day_of_month = ledger.as_of().since(month.first_day());
    let window_start = Day((window.first_day().0 + day_of_month).min(window.last_day().0));
    let (mut purchases, mut discounted, mut first_discounted) = (0, 0, false);
    let (mut net, mut net_24_months) = (0, 0);
    for order in ledger.purchases_of(customer) {
        let is_discounted = orders.discount_of(order as usize) > 0;
        first_discounted |= purchases == 0 && is_discounted;
        purchases += 1;
        discounted += usize::from(is_discounted);
        let value = ledger.values().value(order as usize, Basis::Net).unwrap_or(0);
        net += value;
        net_24_months += if ledger.day(order) > window_start { value } else { 0 };
    }
    Some(Profile {
        customer: *customer,
        purchases,
        purchase_days: days.len(),
        discounted,
        first_discounted,
        first_day,
        net,
        net_24_months,
        aov: net as f64 / purchases as f64,
        stage: snapshot.stage(days.len(), ledger.as_of().since(last_day)),
    })
}

fn answer(ledger: &Ledger<'_>, segment: Segment, members: &[Member], thresholds: &SegmentThresholds) -> SegmentAnswer {
    let currency = ledger.currency();
    let amount = |amount: &Option<Amount>| {
        amount.map_or_else(|| "-".to_owned(), |amount| format!("{} {currency}", currency.format(amount.minor)))
    };
    let rule = match segment {
        Segment::FirstTime => {
            format!("exactly one purchase, at most {} days ago", thresholds.lifecycle.after_first.active_days)
        }
        Segment::Regular => "at least 3 purchase days and not lapsed".to_owned(),
        Segment::BigSpender => {
            format!("net of the last 24 months at least {}", amount(&thresholds.big_spender_net_24_months))
        }
        Segment::HighAov => format!("net value per order at least {}", amount(&thresholds.high_aov)),
        Segment::Vip => "big spender and regular".to_owned(),
        Segment::FullPrice => "at least 2 purchases, none with a discount".to_owned(),
        Segment::DiscountBuyer => format!(
            "at least 2 purchases, {:.0} % or more of them with a discount",
            thresholds.discount_buyer_share * 100.0
        ),
        Segment::CartAbandoner => {
            "a checkout without an order within 24 hours; order files hold no checkouts".to_owned()
        }
    };
    let has_amounts = ledger.shop().has_amounts;
    let needs_amounts = !matches!(segment, Segment::FirstTime | Segment::Regular);
    if segment == Segment::CartAbandoner || needs_amounts && !has_amounts {
        let rule = if segment == Segment::CartAbandoner { rule } else { "the files have no amounts".to_owned() };
        return SegmentAnswer {
            segment: segment.name(),
            rule,
            available: false,
            share: None,
            value: None,
            value_per_customer: None,
        };
    }
    let inside = members.iter().filter(|member| member.segments.contains(&segment));
    let (count, value) = inside.fold((0, 0), |(count, value), member| (count + 1, value + member.net));
    SegmentAnswer {
        segment: segment.name(),
        rule,
        available: true,
        share: Some(Rate::new(count, members.len() as u64)),
        value: has_amounts.then(|| Amount::new(value, currency)),
        value_per_customer: has_amounts.then(|| MoneyPer::new(Some(value), count, currency)),
    }
}

/// The week of the year of a day, 0 to 52.
fn week_of_year(day: Day) -> i32 {
    let january = clove_core::Month(day.month().0.div_euclid(12) * 12).first_day();
    (day.since(january) / 7).min(52)
}

/// Weeks of the year with at least 1.5 times the orders of the mean week; none before a whole year has been seen.
fn peak_weeks(ledger: &Ledger<'_>) -> Vec<i32> {
    let days = || ledger.orders().iter().map(|&order| ledger.day(order));
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Vec::new() };
    let years = last.since(first) / 365;
    if years < 1 {
        return Vec::new();
    }
    // Whole years only, so that every week of the year is counted equally often.
    let from = Day(last.0 - years * 365);
    let mut counts = [0_u64; 53];
    for day in days().filter(|&day| day > from) {
        counts[week_of_year(day) as usize] += 1;
    }
    let mean = counts.iter().sum::<u64>() as f64 / 52.0;
    (0..53).filter(|&week| counts[week as usize] as f64 >= PEAK_WEEK * mean).collect()
}

fn one_time(ledger: &Ledger<'_>, profiles: &[Profile], peaks: &[i32]) -> Vec<OneTimeAnswer> {
    let why = |profile: &Profile| {
        if peaks.contains(&week_of_year(profile.first_day)) {
            "seasonal"
        } else if profile.first_discounted {
            "bargain"
        } else {
            "other"
        }
    };
    let lapsed_once = |profile: &&Profile| profile.purchases == 1 && profile.stage == Stage::Lapsed;
    let all = profiles.iter().filter(lapsed_once).count() as u64;
    let (_, lapses_after) = ThresholdSnapshot::take(ledger).thresholds().after_first;
    let old = |profile: &&Profile| ledger.as_of().since(profile.first_day) > lapses_after;
    ["seasonal", "bargain", "other"]
        .into_iter()
        .map(|kind| {
            let of_kind = || profiles.iter().filter(move |profile| why(profile) == kind);
            let again = of_kind().filter(old).filter(|profile| profile.purchases > 1).count() as u64;
            OneTimeAnswer {
                why: kind,
                share: Rate::new(of_kind().filter(lapsed_once).count() as u64, all),
                second_purchase_rate: Rate::new(again, of_kind().filter(old).count() as u64),
            }
        })
        .collect()
}
