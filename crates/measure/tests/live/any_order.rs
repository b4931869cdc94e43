//! The same facts in any order, in any portions, give the same values, and these are the values of the batch.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use clove_core::fact::OrderStatus;
use clove_core::{Basis, Currency, Day, Fact, ManualClock, PersonId, RefundDate};
use clove_measure::history::{Counting, histories};
use clove_measure::live::{LoadOptions, load};
use clove_measure::order_values::OrderValues;
use clove_store::customer_view::{Statistics, statistics};
use clove_store::{DatabaseUrl, Db, Environment, SqlText, settings};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use crate::facts::{merge, subject_of, unmerge};
use crate::shop::{Sale, did, refund, run_all};
use crate::support::{START, append};

const HANDLES: [&str; 6] = ["user:1", "user:2", "email:a@x.it", "email:b@x.it", "phone:+391111111", "anonymous:v"];
const MEMBERS: SqlText = SqlText::both("MEMBERS", "SELECT subject, person FROM person_subject");

#[derive(Debug, Clone)]
pub enum Happening {
    Order { number: u64, handles: BTreeSet<usize>, days_ago: i64, gross: i64, discount: i64, kind: u8 },
    Refund { order: u64, days_ago: i64, items: i64 },
    Merge(usize, usize),
    Unmerge(usize),
    Event { handles: BTreeSet<usize>, days_ago: i64, checkout: bool, product: u8 },
}

pub fn happening() -> impl Strategy<Value = Happening> {
    let order = (
        0..6_u64,
        prop::collection::btree_set(0..HANDLES.len(), 0..3),
        1..400_i64,
        prop_oneof![1 => Just(0_i64), 5 => 1..20_000_i64],
        0..3_000_i64,
        0..10_u8,
    )
        .prop_map(|(number, handles, days_ago, gross, discount, kind)| Happening::Order {
            number,
            handles,
            days_ago,
            gross,
            discount,
            kind,
        });
    prop_oneof![
        6 => order,
        3 => (0..6_u64, 0..300_i64, 0..15_000_i64)
            .prop_map(|(order, days_ago, items)| Happening::Refund { order, days_ago, items }),
        1 => (0..HANDLES.len(), 0..HANDLES.len()).prop_map(|(a, b)| Happening::Merge(a, b)),
        1 => (0..8_usize).prop_map(Happening::Unmerge),
        // The clocks of senders run ahead by less than a day.
        3 => (prop::collection::btree_set(0..HANDLES.len(), 1..3), 0..60_i64, any::<bool>(), 0..3_u8)
            .prop_map(|(handles, days_ago, checkout, product)| Happening::Event { handles, days_ago, checkout, product }),
    ]
}

pub fn facts(db: &Db, happenings: &[Happening]) -> Vec<Fact> {
    let merges: Vec<usize> = (0..happenings.len()).filter(|&i| matches!(happenings[i], Happening::Merge(..))).collect();
    let subject = |i: usize| subject_of(db, HANDLES[i]);
    let fact = |(tag, happening): (usize, &Happening)| match happening {
        Happening::Order { number, handles, days_ago, gross, discount, kind } => {
            let handles: Vec<&str> = handles.iter().map(|&i| HANDLES[i]).collect();
            let (status, currency, rate) = match kind {
                0 => (OrderStatus::Cancelled, "EUR", None),
                1 => (OrderStatus::Pending, "EUR", None),
                2 => (OrderStatus::Paid, "USD", Some("0.85")),
                3 => (OrderStatus::Paid, "JPY", None),
                _ => (OrderStatus::Paid, "EUR", None),
            };
            // The number of the happening is the version: each is told apart, whichever comes first.
            let sale = Sale {
                number: *number,
                days_ago: *days_ago,
                gross: *gross,
                discount: *discount,
                status,
                currency,
                rate,
                version: tag as i64,
            };
            Some(sale.fact(db, tag as u64, &handles))
        }
        Happening::Refund { order, days_ago, items } => Some(refund(tag as u64, *order, *days_ago, *items)),
        Happening::Merge(a, b) => Some(merge(tag as u64, subject(*a), subject(*b))),
        Happening::Unmerge(_) if merges.is_empty() => None,
        Happening::Unmerge(which) => {
            let merged = merges[which % merges.len()];
            let Happening::Merge(a, b) = happenings[merged] else { unreachable!("a merge") };
            let merge = merge(merged as u64, subject(a), subject(b)).id;
            Some(unmerge(tag as u64, subject(a), merge))
        }
        Happening::Event { handles, days_ago, checkout, product } => {
            let handles: Vec<&str> = handles.iter().map(|&i| HANDLES[i]).collect();
            let event = if *checkout { "Checkout Started" } else { "Product Viewed" };
            Some(did(db, tag as u64, &handles, (event, *days_ago), &format!("sku-{product}")))
        }
    };
    happenings.iter().enumerate().filter_map(fact).collect()
}

/// Statistics by the subjects of their person, without what tells when and by which name.
type Values = BTreeMap<BTreeSet<Uuid>, Vec<String>>;

pub async fn fresh(folder: &std::path::Path) -> Db {
    let clock = Arc::new(ManualClock::new(START));
    let db = Db::open(&DatabaseUrl::Folder(folder.to_owned()), Environment::new(clock, [1; 32])).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    settings::put(&mut tx, &settings::CURRENCY, &Currency::EUR).await.unwrap();
    settings::put(&mut tx, &settings::TIME_ZONE, &TimeZone::get("Europe/Rome").unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    db
}

async fn values(facts: &[Fact], batch: usize, in_between: usize) -> Values {
    let folder = tempfile::tempdir().unwrap();
    let db = fresh(folder.path()).await;
    // Subscribers run in between: they see some of the facts before the others come.
    for part in facts.chunks(in_between.max(1)) {
        append(&db, part).await;
        run_all(&db, batch).await;
    }
    let mut subjects: HashMap<Uuid, BTreeSet<Uuid>> = HashMap::new();
    for (subject, person) in db.read_all::<(Uuid, Uuid)>(MEMBERS.query()).await.unwrap() {
        subjects.entry(person).or_default().insert(subject);
    }
    let mut values = Values::new();
    for (person, subjects) in subjects {
        let rows = statistics(&db, PersonId(person)).await.unwrap();
        if !rows.is_empty() {
            let shown = |row: Statistics| {
                let row = Statistics { person_uuid: Uuid::nil(), updated_at: 0, changed_seq: 0, ..row };
                format!("{row:?}")
            };
            values.insert(subjects, rows.into_iter().map(shown).collect());
        }
    }
    same_as_batch(&db).await;
    db.close().await;
    values
}

/// Counts the same orders as files are counted, and compares person by person.
async fn same_as_batch(db: &Db) {
    let loaded = load(db, LoadOptions::default()).await.unwrap();
    let as_of = Day::of_moment(START, &TimeZone::get("Europe/Rome").unwrap());
    let values = OrderValues::new(&loaded.shop, as_of);
    let counting = Counting { as_of, basis: Basis::Net, refund_date: RefundDate::Order };
    let counted = histories(&values, &loaded.shop.adjustments, true, &loaded.persons, &counting, 0);
    for (number, history) in counted.customers.iter().zip(&counted.histories) {
        let person = loaded.person_ids[*number as usize];
        let rows = statistics(db, person).await.unwrap();
        let [row] = rows.as_slice() else { panic!("one currency: {rows:?}") };
        assert_eq!(row.identified, loaded.persons.identified[*number as usize]);
        assert_eq!((row.orders, row.net_minor), (i64::from(history.orders), history.value), "{history:?}");
        assert_eq!(row.purchase_days, i64::from(history.purchase_days));
        assert_eq!(row.first_order_day, Some(i64::from(history.first_order)));
        assert_eq!((row.purchase_placed_minor, row.first_placed_minor), (history.placed, history.first_placed));
        assert_eq!(row.sum_log_gaps.to_bits(), history.sum_log_gaps.to_bits());
        if history.purchase_days > 0 {
            assert_eq!(row.first_purchase_day, Some(i64::from(history.first_purchase)));
            assert_eq!(row.last_purchase_day, Some(i64::from(history.last_purchase)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_values(
        happenings in prop::collection::vec(happening(), 1..30),
        order in any::<prop::sample::Index>(),
        batch in prop_oneof![Just(1_usize), Just(3), Just(1_000)],
        in_between in prop_oneof![Just(3_usize), Just(10), Just(1_000)],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let db = fresh(folder.path()).await;
            let mut facts = facts(&db, &happenings);
            db.close().await;
            let expected = values(&facts, 1_000, 1_000).await;
            facts.reverse();
            if !facts.is_empty() {
                let middle = order.index(facts.len());
                facts.rotate_left(middle);
            }
            prop_assert_eq!(&values(&facts, batch, in_between).await, &expected);
            Ok(())
        })?;
    }
}
