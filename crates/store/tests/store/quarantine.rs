//! Records kept apart: durable with the facts of their request, once however often they come, mended, discarded, erased.

use clove_store::quarantine::{
    NewQuarantined, QuarantineState, count_open, erase_subjects, list, of_subjects, read, read_record, settle,
};
use clove_store::{Delivery, FactWriter, Outcome, WriterOptions};

use crate::support::{START, World, event, on_both, subject};

fn record(number: u64) -> NewQuarantined {
    NewQuarantined {
        source: "test:shop".parse().unwrap(),
        format: "order".to_owned(),
        key: format!("order-{number}"),
        record: format!("{{\"id\": \"{number}\", \"email\": \"ann{number}@example.org\"}}"),
        subjects: vec![subject(number), subject(number + 1)],
        pointer: "/placed_at".to_owned(),
        message: format!("'ann{number}@example.org' is not a moment"),
        remedy: "write it as RFC 3339".to_owned(),
        received_at: START + number as i64 * 1_000,
    }
}

#[tokio::test]
async fn records_are_kept_once_with_the_facts_of_their_request_and_settled_once() {
    on_both(|world: World| async move {
        let db = &world.db;
        let (writer, _task) = FactWriter::start(db.clone(), WriterOptions::default());
        let delivery = |numbers: std::ops::Range<u64>| Delivery {
            facts: numbers.clone().map(|number| event(db.ids(), number)).collect(),
            quarantined: numbers.map(record).collect(),
        };
        // Several requests in one commit, some of them repeated, some within themselves.
        let requests = [0..3, 2..5, 0..5, 7..7].map(|numbers| writer.deliver(delivery(numbers)));
        let receipts = futures::future::join_all(requests).await;
        let new: usize = receipts.into_iter().map(|receipt| receipt.unwrap().new_facts()).sum();
        assert_eq!((new, count_open(db).await.unwrap()), (5, 5));
        let twice = Delivery { facts: Vec::new(), quarantined: vec![record(5), record(5)] };
        assert!(writer.deliver(twice).await.unwrap().outcomes.is_empty());
        assert_eq!(count_open(db).await.unwrap(), 6);

        // Pages, newest first.
        let first = list(db, Some(QuarantineState::Open), None, None, 4).await.unwrap();
        let rest = list(db, None, Some(&"test:shop".parse().unwrap()), Some(first[3].id), 4).await.unwrap();
        let pointers: Vec<&str> = first.iter().chain(&rest).map(|record| record.message.as_str()).collect();
        let expected: Vec<String> = (0..6).rev().map(|number| record(number).message).collect();
        assert_eq!(pointers, expected);
        assert!(list(db, None, Some(&"other:shop".parse().unwrap()), None, 4).await.unwrap().is_empty());

        // Settled once, and not again by a repeated delivery.
        let newest = first[0].id;
        assert_eq!(read_record(db, newest).await.unwrap(), Some(record(5).record));
        for (state, expected) in [(QuarantineState::Taken, true), (QuarantineState::Discarded, false)] {
            let mut tx = db.begin().await.unwrap();
            assert_eq!(settle(&mut tx, newest, state).await.unwrap(), expected);
            tx.commit().await.unwrap();
        }
        writer.deliver(delivery(5..6)).await.unwrap();
        let settled = read(db, newest).await.unwrap().unwrap();
        assert_eq!((settled.state, read_record(db, newest).await.unwrap()), (QuarantineState::Taken, None));
        assert_eq!(count_open(db).await.unwrap(), 5);
    })
    .await;
}

#[tokio::test]
async fn erasure_deletes_what_names_a_person_and_a_repeated_delivery_does_not_bring_it_back() {
    on_both(|world: World| async move {
        let db = &world.db;
        let (writer, _task) = FactWriter::start(db.clone(), WriterOptions::default());
        let records: Vec<NewQuarantined> = [1, 10, 20].into_iter().map(record).collect();
        let all = Delivery { facts: vec![event(db.ids(), 1)], quarantined: records };
        assert!(matches!(writer.deliver(all.clone()).await.unwrap().outcomes[..], [Outcome::New { .. }]));
        // A settled record says something about the person as well.
        let of_ten = of_subjects(db, &[subject(10)]).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(settle(&mut tx, of_ten[0].id, QuarantineState::Discarded).await.unwrap());
        // By either handle, and asked twice.
        assert_eq!(erase_subjects(&mut tx, &[subject(2), subject(10), subject(11), subject(99)]).await.unwrap(), 2);
        assert_eq!(erase_subjects(&mut tx, &[subject(2), subject(10)]).await.unwrap(), 0);
        tx.commit().await.unwrap();
        writer.deliver(all).await.unwrap();
        let rows = list(db, None, None, None, 10).await.unwrap();
        let left: Vec<(QuarantineState, &str)> =
            rows.iter().map(|record| (record.state, record.message.as_str())).collect();
        let twenty = record(20).message;
        let erased = (QuarantineState::Erased, "");
        assert_eq!(left, [(QuarantineState::Open, twenty.as_str()), erased, erased]);
        assert!(of_subjects(db, &[subject(1), subject(2), subject(10)]).await.unwrap().is_empty());
        assert_eq!(of_subjects(db, &[subject(20), subject(21)]).await.unwrap().len(), 1);
    })
    .await;
}
