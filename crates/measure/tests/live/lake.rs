//! The lake's files say what the store says, however often they were flushed on the way there.

use std::path::Path;

use clove_core::Day;
use clove_lake::Lake;
use clove_measure::live::lake::{LakeEraser, flush, live_files, rewrite};
use clove_measure::live::{LoadOptions, load};
use clove_store::Db;
use clove_store::erasure::{Eraser, Target};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::any_order::{facts, fresh, happening};
use crate::shop::{Sale, refund, run_all};
use crate::support::{START, World, append, on_both};

/// What must be the same, without the numbers of persons and orders.
const ORDERS: &str = "select order_id, customer, identified, local_date, cohort_month, order_rank, age_days, exclusion, is_order, \
    is_purchase, placed, returned, net from order_values order by order_id, local_date, placed";
const CUSTOMERS: &str = "select customer, count(*) as rows from customers group by customer order by customer";
const ADJUSTMENTS: &str = "select o.order_id, a.local_date, a.age_days, a.items from order_adjustments a \
    join orders o on o.order_number = a.order_number and o.person = a.person order by o.order_id, a.local_date, a.items";

fn today() -> Day {
    Day::of_moment(START, &TimeZone::get("Europe/Rome").unwrap())
}

/// The answers of the files.
async fn of_files(db: &Db, folder: &Path) -> Vec<String> {
    let files = live_files(db, folder).await.unwrap().expect("the lake was flushed");
    answers(move |lake| lake.register_files(&files, today()).unwrap()).await
}

/// The answers of the store's rows, laid out in memory.
async fn of_store(db: &Db) -> Vec<String> {
    let loaded = load(db, LoadOptions { details: true }).await.unwrap();
    answers(move |lake| lake.register_shop(&loaded.shop, &loaded.persons, today()).unwrap()).await
}

async fn answers(register: impl FnOnce(&mut Lake) + Send + 'static) -> Vec<String> {
    // The engine has threads of its own and must not wait within ours.
    tokio::task::spawn_blocking(move || {
        let mut lake = Lake::embedded().unwrap();
        register(&mut lake);
        [ORDERS, CUSTOMERS, ADJUSTMENTS].map(|sql| format!("{:?}", lake.sql(sql).unwrap())).to_vec()
    })
    .await
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn files_flushed_on_the_way_equal_the_store(
        happenings in prop::collection::vec(happening(), 1..25),
        portion in 1..8_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let db = fresh(folder.path()).await;
            let lake = folder.path().join("lake");
            for part in facts(&db, &happenings).chunks(portion) {
                append(&db, part).await;
                run_all(&db, 1_000).await;
                flush(&db, &lake).await.unwrap();
                prop_assert_eq!(of_files(&db, &lake).await, of_store(&db).await);
            }
            rewrite(&db, &lake).await.unwrap();
            prop_assert_eq!(of_files(&db, &lake).await, of_store(&db).await);
            db.close().await;
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_flush_restates_who_changed_and_a_rewrite_leaves_nothing_of_before() {
    on_both(|world: World| async move {
        let db = &world.db;
        let folder = tempfile::tempdir().unwrap();
        let lake = folder.path().join("lake");
        for number in 1..=20 {
            let email = format!("email:c{number}@x.it");
            append(db, &[Sale::new(number, 30, 5_000).fact(db, number, &[&email])]).await;
        }
        run_all(db, 100).await;
        let first = flush(db, &lake).await.unwrap();
        assert_eq!((first.generation, first.persons), (1, 20));
        assert_eq!(flush(db, &lake).await.unwrap().generation, 1, "nothing changed");

        append(db, &[refund(100, 7, 3, 2_000), Sale::new(21, 2, 900).fact(db, 101, &["email:c8@x.it"])]).await;
        run_all(db, 100).await;
        let second = flush(db, &lake).await.unwrap();
        assert_eq!((second.generation, second.persons, second.compacted), (2, 2, false));
        let files = live_files(db, &lake).await.unwrap().unwrap();
        assert_eq!((files.generations(), files.rows("orders")), (vec![1, 2], (20, 3)));
        assert_eq!(of_files(db, &lake).await, of_store(db).await);

        let third = rewrite(db, &lake).await.unwrap();
        assert_eq!((third.generation, third.compacted), (3, true));
        let files = live_files(db, &lake).await.unwrap().unwrap();
        assert_eq!((files.generations(), files.rows("orders")), (vec![3], (21, 0)));
        let on_disk = std::fs::read_dir(&lake).unwrap().count();
        assert_eq!(on_disk, files.files.len(), "older files are gone");
        assert_eq!(of_files(db, &lake).await, of_store(db).await);
    })
    .await;
}

/// A worker without the lake's folder must not say that somebody is erased whom the files still hold.
#[tokio::test]
async fn an_erasure_is_not_done_by_who_cannot_reach_the_files() {
    on_both(|world: World| async move {
        let db = &world.db;
        let folder = tempfile::tempdir().unwrap();
        let lake = folder.path().join("lake");
        append(db, &[Sale::new(1, 30, 5_000).fact(db, 1, &["email:ann@x.it"])]).await;
        run_all(db, 100).await;
        let person = load(db, LoadOptions::default()).await.unwrap().person_ids[0];
        let target = Target { erasure: uuid::Uuid::nil(), person, subjects: Vec::new(), records: Vec::new() };
        let away = LakeEraser { folder: None };
        assert!(away.after_commit(db, &target).await.unwrap().is_empty(), "there are no files yet");
        flush(db, &lake).await.unwrap();
        let refused = away.after_commit(db, &target).await.unwrap_err();
        assert!(refused.chain().contains("--lake"), "{refused:?}");
        let here = LakeEraser { folder: Some(lake.clone()) };
        assert_eq!(here.after_commit(db, &target).await.unwrap().len(), 1);
    })
    .await;
}
