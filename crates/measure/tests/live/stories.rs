//! Orders, refunds, versions, merges, erasure: what a person is worth after each.

use std::sync::Arc;

use clove_core::fact::{Erased, OrderStatus};
use clove_core::{Currency, Fact, FactBody};
use clove_measure::live::{LoadOptions, ValueSubscriber, load};
use clove_people::identity::live::IdentitySubscriber;
use clove_store::settings::{self, Settings};
use clove_store::subscriber::rebuild;
use clove_store::{SqlText, Subscriber};

use crate::facts::{merge, person_of, run, subject_of, unmerge};
use crate::shop::{STATISTICS, Sale, StatisticsRow, refund, run_all, value_of};
use crate::support::{World, append, event, on_both};

const ORDERS: SqlText = SqlText::both(
    "ORDERS",
    "SELECT external_id, day, exclusion, gross, subject, version FROM order_state ORDER BY order_key",
);
const REFUNDS: SqlText =
    SqlText::both("REFUNDS", "SELECT external_id, order_external_id, items FROM refund_state ORDER BY refund_key");

#[tokio::test]
async fn an_order_is_worth_what_its_newest_version_and_its_refunds_leave() {
    on_both(|world: World| async move {
        let db = &world.db;
        let ann: &[&str] = &["email:ann@x.it"];
        // The refund comes first, then the newer version, then the older one.
        append(db, &[refund(1, 1, 3, 3_000)]).await;
        run_all(db, 100).await;
        let newer = Sale { version: 5, discount: 500, ..Sale::new(1, 10, 10_000) };
        append(db, &[newer.fact(db, 2, ann)]).await;
        run_all(db, 100).await;
        append(db, &[Sale { version: 1, ..Sale::new(1, 10, 77_000) }.fact(db, 3, ann)]).await;
        run_all(db, 100).await;
        let value = value_of(db, ann[0]).await.unwrap();
        assert_eq!((value.orders, value.purchase_days), (1, 1));
        assert_eq!((value.gross_minor, value.discount_minor, value.refunded_minor), (10_000, 500, 3_000));
        assert_eq!((value.net_minor, value.purchase_placed_minor, value.first_placed_minor), (6_500, 9_500, 9_500));
        assert_eq!((value.currency.as_str(), value.identified), ("EUR", true), "the currency of the first order");

        // A second order of another day; a third that does not count; a full refund of the second.
        append(db, &[Sale::new(2, 5, 4_000).fact(db, 4, ann)]).await;
        append(db, &[Sale { status: OrderStatus::Cancelled, ..Sale::new(3, 4, 9_000) }.fact(db, 5, ann)]).await;
        run_all(db, 100).await;
        let value = value_of(db, ann[0]).await.unwrap();
        assert_eq!((value.orders, value.purchase_days, value.net_minor), (2, 2, 10_500));
        append(db, &[refund(2, 2, 1, 4_000)]).await;
        run_all(db, 100).await;
        let value = value_of(db, ann[0]).await.unwrap();
        assert_eq!((value.orders, value.purchase_days, value.net_minor), (2, 1, 6_500));
        assert_eq!(value.first_order_day, value.last_purchase_day);
    })
    .await;
}

#[tokio::test]
async fn foreign_orders_count_at_their_rate_and_wait_without_one() {
    on_both(|world: World| async move {
        let db = &world.db;
        let mut tx = db.begin().await.unwrap();
        settings::put(&mut tx, &settings::CURRENCY, &Currency::EUR).await.unwrap();
        settings::put(&mut tx, &settings::TIME_ZONE, &settings::time_zone("Europe/Rome").unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        let dollars = |number, rate| Sale { currency: "USD", rate, ..Sale::new(number, 10, 11_000) };
        let mut back = refund(1, 1, 3, 11_000);
        let FactBody::Refund(body) = &mut back.body else { panic!("a refund") };
        body.currency = "USD".to_owned();
        append(db, &[dollars(1, Some("0.90")).fact(db, 1, &["user:1"]), dollars(2, None).fact(db, 2, &["user:2"])])
            .await;
        run_all(db, 100).await;
        let one = value_of(db, "user:1").await.unwrap();
        assert_eq!((one.currency.as_str(), one.net_minor, one.purchase_days), ("EUR", 9_900, 1));
        let two = value_of(db, "user:2").await.unwrap();
        assert_eq!((two.orders, two.net_minor), (0, 0));
        append(db, &[back]).await;
        run_all(db, 100).await;
        let one = value_of(db, "user:1").await.unwrap();
        assert_eq!((one.net_minor, one.orders, one.purchase_days), (0, 1, 0), "a full refund leaves nothing");
        let rows: Vec<(String, i64, String, i64, uuid::Uuid, String)> = db.read_all(ORDERS.query()).await.unwrap();
        let mut exclusions: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
        exclusions.sort_unstable();
        assert_eq!(exclusions, ["none", "quarantined"]);
        // The shop's day, not that of UTC: midnight in UTC is one o'clock in Rome.
        let loaded = load(db, LoadOptions { details: true }).await.unwrap();
        assert_eq!(loaded.time_zone, "Europe/Rome");
        assert_eq!(loaded.shop.orders.gross.iter().sum::<i64>(), 9_900);
        assert_eq!(loaded.shop.health.warnings.len(), 1, "{:?}", loaded.shop.health.warnings);
        assert_eq!(loaded.shop.orders.attribute("currency").unwrap().value(0), Some("USD"));
        assert_eq!(loaded.shop.orders.attribute("colour").unwrap().value(1), Some("blue"));
        assert_eq!(loaded.shop.lines.as_ref().unwrap().product.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn merges_take_value_with_them_and_give_it_back() {
    on_both(|world: World| async move {
        let db = &world.db;
        append(
            db,
            &[Sale::new(1, 30, 1_000).fact(db, 1, &["user:1"]), Sale::new(2, 20, 2_000).fact(db, 2, &["user:2"])],
        )
        .await;
        run_all(db, 100).await;
        let joined = merge(10, subject_of(db, "user:1"), subject_of(db, "user:2"));
        append(db, std::slice::from_ref(&joined)).await;
        run_all(db, 100).await;
        let both = value_of(db, "user:1").await.unwrap();
        assert_eq!((both.orders, both.net_minor, both.purchase_days), (2, 3_000, 2));
        assert_eq!(value_of(db, "user:2").await.unwrap(), both);
        let rows: Vec<StatisticsRow> = db.read_all(STATISTICS.query()).await.unwrap();
        assert_eq!(rows.len(), 1, "the person that is no more has no value");
        append(db, &[unmerge(11, subject_of(db, "user:1"), joined.id)]).await;
        run_all(db, 100).await;
        assert_eq!(value_of(db, "user:1").await.unwrap().net_minor, 1_000);
        assert_eq!(value_of(db, "user:2").await.unwrap().net_minor, 2_000);
    })
    .await;
}

#[tokio::test]
async fn a_visitor_who_becomes_known_is_identified_without_a_new_order() {
    on_both(|world: World| async move {
        let db = &world.db;
        append(db, &[Sale::new(1, 30, 1_000).fact(db, 1, &["anonymous:a"])]).await;
        append(db, &[Sale::new(2, 30, 1_000).fact(db, 2, &[])]).await;
        run_all(db, 100).await;
        assert!(!value_of(db, "anonymous:a").await.unwrap().identified);
        let identify = Fact {
            body: FactBody::Identify(clove_core::fact::Identify::default()),
            ..crate::facts::seen(db, 5, &["anonymous:a", "email:ann@x.it"])
        };
        append(db, &[identify]).await;
        run_all(db, 100).await;
        assert!(value_of(db, "anonymous:a").await.unwrap().identified);
    })
    .await;
}

#[tokio::test]
async fn erased_facts_keep_their_money_and_their_refunds_and_a_rebuild_says_the_same() {
    on_both(|world: World| async move {
        let db = &world.db;
        let ann: &[&str] = &["email:ann@x.it"];
        append(db, &[Sale::new(1, 30, 1_000).fact(db, 1, ann), Sale::new(2, 20, 2_000).fact(db, 2, ann)]).await;
        append(db, &[Sale::new(3, 20, 5_000).fact(db, 3, &["user:3"])]).await;
        run_all(db, 100).await;
        let person = person_of(db, ann[0]).await.unwrap();
        let subjects = vec![subject_of(db, ann[0])];
        let mut tx = db.begin().await.unwrap();
        for subject in &subjects {
            clove_store::fact::erase_subject(&mut tx, *subject).await.unwrap();
        }
        let erased =
            Erased { person, subjects: subjects.clone(), requested_by: "person".to_owned(), shared: Vec::new() };
        let ids = clove_core::IdGenerator::new([8; 32]);
        let fact = Fact { subject: subjects[0], body: FactBody::Erased(erased), ..event(&ids, 900) };
        tx.append(vec![fact]).await.unwrap();
        tx.commit().await.unwrap();
        run_all(db, 100).await;
        // The refund still names the order as the source does.
        append(db, &[refund(1, 1, 3, 400)]).await;
        run_all(db, 100).await;

        let tables = async || {
            let statistics: Vec<StatisticsRow> = db.read_all(STATISTICS.query()).await.unwrap();
            let orders: Vec<(String, i64, String, i64, uuid::Uuid, String)> =
                db.read_all(ORDERS.query()).await.unwrap();
            let refunds: Vec<(String, String, i64)> = db.read_all(REFUNDS.query()).await.unwrap();
            (statistics, orders, refunds)
        };
        let before = tables().await;
        assert_eq!(before.0.iter().map(|row| row.6).sum::<i64>(), 7_600, "{before:?}");
        assert_eq!(before.1.iter().filter(|row| row.0.starts_with("erased-")).count(), 2, "{before:?}");
        let projections: [Arc<dyn Subscriber>; 2] =
            [Arc::new(IdentitySubscriber::default()), Arc::new(ValueSubscriber::default())];
        for projection in &projections {
            rebuild(db, projection).await.unwrap();
        }
        for projection in projections {
            run(db, projection, 2).await;
        }
        assert_eq!(tables().await, before);
    })
    .await;
}

#[tokio::test]
async fn settings_are_typed_and_kept() {
    on_both(|world: World| async move {
        let db = &world.db;
        let unset = Settings::read(db).await.unwrap();
        assert_eq!(unset.currency().unwrap(), None);
        assert_eq!(settings::time_zone_name(&unset.time_zone().unwrap()), "UTC");
        let mut tx = db.begin().await.unwrap();
        settings::put(&mut tx, &settings::CURRENCY, &"JPY".parse().unwrap()).await.unwrap();
        settings::put(&mut tx, &settings::CURRENCY, &"KWD".parse().unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(Settings::read(db).await.unwrap().currency().unwrap().unwrap().code(), "KWD");
        assert!(settings::time_zone("Mars/Olympus").is_none());
    })
    .await;
}
