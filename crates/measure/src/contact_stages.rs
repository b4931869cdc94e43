//! How far contacts have come: awareness, engagement, conversion, retention, advocacy.
//!
//! A stage is reached on the day on which its rule first holds, and stays reached: whether a customer has gone quiet since is told by
//! [`crate::lifecycle`]. A contact stands at the furthest stage reached. Contacts are all persons: visitors without a name too.

use clove_core::Day;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Rate;
use crate::period::Interval;

/// A stage of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactStage {
    /// Was there.
    Awareness,
    /// Did something, or told who they are.
    Engagement,
    /// Bought.
    Conversion,
    /// Bought again.
    Retention,
    /// Speaks of the shop to others.
    Advocacy,
}

impl ContactStage {
    /// All of them, in their order.
    pub const ALL: [ContactStage; 5] = [
        ContactStage::Awareness,
        ContactStage::Engagement,
        ContactStage::Conversion,
        ContactStage::Retention,
        ContactStage::Advocacy,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            ContactStage::Awareness => "awareness",
            ContactStage::Engagement => "engagement",
            ContactStage::Conversion => "conversion",
            ContactStage::Retention => "retention",
            ContactStage::Advocacy => "advocacy",
        }
    }

    /// When it is reached.
    pub fn rule(self) -> &'static str {
        match self {
            ContactStage::Awareness => "the first page, event, order or record of the contact",
            ContactStage::Engagement => {
                "the first event beyond pages and screens, the first record with a name, or the first purchase"
            }
            ContactStage::Conversion => "the first purchase of which something was kept",
            ContactStage::Retention => "the second day with such a purchase",
            ContactStage::Advocacy => "a review, or a product or cart shared, after the first purchase",
        }
    }
}

/// Events by which customers speak of the shop to others.
pub const ADVOCACY_EVENTS: [&str; 3] = ["Product Reviewed", "Product Shared", "Cart Shared"];

/// What is known of a contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The first sign of the contact beside orders.
    pub seen: Option<Day>,
    /// The first event beyond pages and screens, or record with a name.
    pub engaged: Option<Day>,
    /// The first two days with a purchase.
    pub purchased: [Option<Day>; 2],
    /// Days on which the contact spoke to others, in any order.
    pub spoke: Vec<Day>,
}

impl Contact {
    /// The day on which each stage was reached, up to `as_of`.
    pub fn reached(&self, as_of: Day) -> [Option<Day>; 5] {
        let [first, second] = self.purchased;
        let earliest = |days: [Option<Day>; 3]| days.into_iter().flatten().min();
        let spoke = first.and_then(|first| self.spoke.iter().copied().filter(|day| *day >= first).min());
        [earliest([self.seen, self.engaged, first]), earliest([self.engaged, first, None]), first, second, spoke]
            .map(|day| day.filter(|day| *day <= as_of))
    }
}

/// A stage in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StageCount {
    /// `awareness`, `engagement`, `conversion`, `retention` or `advocacy`.
    pub stage: &'static str,
    /// When it is reached.
    pub rule: &'static str,
    /// Contacts that stand there, of all.
    #[schema(value_type = Object)]
    pub standing: Rate,
    /// Contacts that ever reached it.
    pub reached: u64,
    /// Those who reached a further stage, of those who reached this one; null of the last.
    #[schema(value_type = Option<Object>)]
    pub went_on: Option<Rate>,
}

/// Contacts of one period. Lists have an entry per stage, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageFlow {
    /// Its first day.
    pub start: String,
    /// Whether the period is over at the as-of.
    pub complete: bool,
    /// Contacts that reached the stage in the period.
    pub reached: [u64; 5],
    /// Contacts that stand there at its end.
    pub standing: [u64; 5],
}

/// How far all contacts have come.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ContactStages {
    /// The last day that counts.
    pub as_of: String,
    /// Contacts.
    pub n: u64,
    /// The stages, in their order.
    pub stages: Vec<StageCount>,
    /// Period by period, from `from` on.
    pub flow: Vec<StageFlow>,
}

/// Counts contacts by stage, and period by period between two days.
pub fn contact_stages<'c>(
    contacts: impl Iterator<Item = &'c Contact>,
    (from, as_of): (Day, Day),
    period: Interval,
) -> ContactStages {
    let (first, last) = (period.of(from), period.of(as_of));
    let steps = usize::try_from(last - first + 1).unwrap_or(0);
    let (mut reached_in, mut moved) = (vec![[0_u64; 5]; steps], vec![[0_i64; 5]; steps]);
    let (mut n, mut reached, mut standing, mut went_on) = (0_u64, [0_u64; 5], [0_u64; 5], [0_u64; 5]);
    let mut before = [0_i64; 5];
    for contact in contacts {
        let days = contact.reached(as_of);
        let Some(furthest) = days.iter().rposition(Option::is_some) else { continue };
        n += 1;
        standing[furthest] += 1;
        // In the order of days; of one day the furthest stage stands.
        let mut steps_taken: Vec<(Day, usize)> =
            days.iter().enumerate().filter_map(|(stage, day)| Some(((*day)?, stage))).collect();
        steps_taken.sort_unstable();
        let mut stands: Option<usize> = None;
        for (day, stage) in steps_taken {
            reached[stage] += 1;
            went_on[stage] += u64::from(stage < furthest);
            let step = period.of(day) - first;
            if let Ok(step) = usize::try_from(step) {
                reached_in[step][stage] += 1;
            }
            if stands.is_none_or(|known| known < stage) {
                let row = usize::try_from(step).map_or(&mut before, |step| &mut moved[step]);
                row[stage] += 1;
                if let Some(known) = stands {
                    row[known] -= 1;
                }
                stands = Some(stage);
            }
        }
    }
    let mut at_end = before;
    let flow = (0..steps).map(|step| {
        for (stands, moved) in at_end.iter_mut().zip(moved[step]) {
            *stands += moved;
        }
        let number = first + step as i32;
        StageFlow {
            start: period.first_day(number).to_string(),
            complete: Day(period.first_day(number + 1).0 - 1) <= as_of,
            reached: reached_in[step],
            standing: at_end.map(|count| u64::try_from(count).unwrap_or(0)),
        }
    });
    let flow = flow.collect();
    let stages = ContactStage::ALL.into_iter().enumerate().map(|(number, stage)| StageCount {
        stage: stage.name(),
        rule: stage.rule(),
        standing: Rate::new(standing[number], n),
        reached: reached[number],
        went_on: (stage != ContactStage::Advocacy).then(|| Rate::new(went_on[number], reached[number])),
    });
    ContactStages { as_of: as_of.to_string(), n, stages: stages.collect(), flow }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn contacts_stand_at_the_furthest_stage_and_flow_week_by_week() {
        let some = |text| Some(day(text));
        let contacts = [
            Contact { seen: some("2026-06-01"), ..Contact::default() },
            Contact { seen: some("2026-06-01"), engaged: some("2026-06-09"), ..Contact::default() },
            // Bought before anything else was seen, and told others before: that does not count.
            Contact {
                seen: some("2026-06-10"),
                purchased: [some("2026-06-03"), some("2026-06-20")],
                spoke: vec![day("2026-06-01")],
                ..Contact::default()
            },
            Contact {
                engaged: some("2026-06-02"),
                purchased: [some("2026-06-02"), None],
                spoke: vec![day("2026-06-16"), day("2026-06-11")],
                ..Contact::default()
            },
            // Comes later than the question.
            Contact { seen: some("2026-07-01"), ..Contact::default() },
        ];
        let told = contact_stages(contacts.iter(), (day("2026-06-08"), day("2026-06-24")), Interval::Week);
        let of = |pick: fn(&StageCount) -> u64| told.stages.iter().map(pick).collect::<Vec<_>>();
        assert_eq!(told.n, 4);
        assert_eq!(of(|stage| stage.standing.numerator), [1, 1, 0, 1, 1]);
        assert_eq!(of(|stage| stage.reached), [4, 3, 2, 1, 1]);
        assert_eq!(told.stages[1].went_on.unwrap().numerator, 2);
        assert!(told.stages[4].went_on.is_none());
        let weeks: Vec<_> = told.flow.iter().map(|week| (week.start.as_str(), week.reached, week.standing)).collect();
        assert_eq!(
            weeks,
            [
                ("2026-06-08", [0, 1, 0, 0, 1], [1, 1, 1, 0, 1]),
                ("2026-06-15", [0, 0, 0, 1, 0], [1, 1, 0, 1, 1]),
                ("2026-06-22", [0, 0, 0, 0, 0], [1, 1, 0, 1, 1]),
            ]
        );
        assert!(told.flow[1].complete && !told.flow[2].complete);
    }
}
