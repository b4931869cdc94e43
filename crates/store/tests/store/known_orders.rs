//! Which order a shop means by the id that only its programs see.

use std::sync::Arc;

use clove_core::fact::{Erased, Order};
use clove_core::{Fact, FactBody, IdGenerator, PersonId, Source};
use clove_store::known_order::{KnownOrders, find};
use clove_store::subscriber::rebuild;
use clove_store::{Db, Driver, DriverOptions, Step, Subscriber};

use crate::support::{World, append, event, on_both, order};

/// An order with an internal id, in a version.
fn numbered(ids: &IdGenerator, number: u64, internal_id: &str, version: &str) -> Fact {
    let fact = order(ids, number, 100);
    let FactBody::Order(body) = fact.body else { panic!("an order") };
    let body = FactBody::Order(Order { internal_id: Some(internal_id.to_owned()), ..body });
    Fact { body, version: version.to_owned(), ..fact }
}

async fn run(db: &Db) {
    let mut driver = Driver::new(db.clone(), Arc::new(KnownOrders), DriverOptions::default()).await.unwrap();
    while matches!(driver.step().await.unwrap(), Step::Applied { .. }) {}
    driver.stop().await.unwrap();
}

#[tokio::test]
async fn the_last_fact_of_an_order_is_found_by_its_internal_id_until_its_person_is_erased() {
    on_both(|world: World| async move {
        let (db, ids) = (&world.db, IdGenerator::new([3; 32]));
        let source: Source = "test:shop".parse().unwrap();
        let facts = [
            numbered(&ids, 1, "900001", "1"),
            numbered(&ids, 2, "900002", "1"),
            order(&ids, 3, 100),
            numbered(&ids, 1, "900001", "2"),
        ];
        append(db, &facts).await;
        run(db).await;
        let found = async |id: &str| find(db, &source, id).await.unwrap();
        assert_eq!(found("900001").await, Some(("order-1".to_owned(), 4)));
        assert_eq!(found("900002").await, Some(("order-2".to_owned(), 2)));
        assert_eq!(found("order-3").await, None);
        assert_eq!(find(db, &"other:shop".parse().unwrap(), "900001").await.unwrap(), None);

        let before = [found("900001").await, found("900002").await];
        let subscriber: Arc<dyn Subscriber> = Arc::new(KnownOrders);
        rebuild(db, &subscriber).await.unwrap();
        assert_eq!(found("900001").await, None);
        run(db).await;
        assert_eq!([found("900001").await, found("900002").await], before);

        let subject = facts[0].subject;
        let erased = Erased {
            person: PersonId(subject.0),
            subjects: vec![subject],
            shared: Vec::new(),
            requested_by: "person".to_owned(),
        };
        append(db, &[Fact { body: FactBody::Erased(erased), ..event(&ids, 9) }]).await;
        run(db).await;
        assert_eq!(found("900001").await, None);
        assert_eq!(found("900002").await, before[1]);
    })
    .await;
}
