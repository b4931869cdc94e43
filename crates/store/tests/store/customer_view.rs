//! What capabilities may read of a person.

use clove_core::PersonId;
use clove_store::customer_view::{
    Consent, Membership, Score, Statistics, consents, enter_segments, forget, leave_segments, member_counts, members,
    memberships, memberships_of, put_consent, put_scores, put_statistics, scores, statistics, top_scores,
};
use uuid::Uuid;

use crate::support::{START, World, on_both};

fn person(number: u64) -> PersonId {
    PersonId(Uuid::from_u64_pair(1, number))
}

#[tokio::test]
async fn rows_are_written_over_read_back_and_forgotten() {
    on_both(|world: World| async move {
        let row = |number: u64, net: i64| Statistics {
            person_uuid: person(number).0,
            currency: "EUR".to_owned(),
            first_order_day: Some(20_000),
            first_purchase_day: None,
            last_purchase_day: Some(20_100),
            purchase_days: 2,
            orders: 3,
            gross_minor: net + 10,
            discount_minor: 4,
            refunded_minor: 6,
            net_minor: net,
            sum_log_gaps: 1.5,
            last_order_at: Some(START),
            updated_at: START,
            purchase_placed_minor: net + 3,
            first_placed_minor: 2,
            identified: true,
            changed_seq: 5,
        };
        let score = |number: u64, value: i64| Score {
            person_uuid: person(number).0,
            model: "bg-nbd".to_owned(),
            model_version: 1,
            as_of_day: 20_100,
            currency: "EUR".to_owned(),
            basis: "net".to_owned(),
            horizon_days: 365,
            p_alive: Some(0.5),
            expected_purchases: Some(2.0),
            expected_spend: None,
            predicted_value_minor: Some(value),
            predicted_low_minor: Some(0),
            predicted_high_minor: Some(value * 3),
            band: Some("high".to_owned()),
            updated_at: START,
            probability_of_purchase: Some(0.25),
        };
        let mut tx = world.db.begin().await.unwrap();
        let many: Vec<Statistics> = (0..300).map(|number| row(number, 100)).collect();
        put_statistics(&mut tx, &many).await.unwrap();
        put_statistics(&mut tx, &[row(7, 777)]).await.unwrap();
        put_scores(&mut tx, &[score(1, 10), score(2, 30), score(3, 20)]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(statistics(&world.db, person(7)).await.unwrap(), [row(7, 777)]);
        assert_eq!(scores(&world.db, person(2)).await.unwrap(), [score(2, 30)]);
        let top: Vec<PersonId> = top_scores(&world.db, "bg-nbd", 2).await.unwrap().iter().map(Score::person).collect();
        assert_eq!(top, [person(2), person(3)]);

        let membership = |number: u64| Membership {
            person_uuid: person(number).0,
            segment: "vip".to_owned(),
            definition_version: 1,
            entered_at: START,
        };
        let consent = |granted: bool, at: i64| Consent {
            person_uuid: person(1).0,
            channel: "email".to_owned(),
            purpose: "marketing".to_owned(),
            granted,
            changed_at: START + at,
            evidence_seq: at,
        };
        let mut tx = world.db.begin().await.unwrap();
        enter_segments(&mut tx, &[membership(1), membership(1), membership(2)]).await.unwrap();
        assert_eq!(memberships_of(&mut tx, &[person(1), person(3)]).await.unwrap(), [membership(1)]);
        leave_segments(&mut tx, &[(person(2), "vip".to_owned()), (person(1), "late".to_owned())]).await.unwrap();
        assert!(put_consent(&mut tx, &consent(true, 5)).await.unwrap());
        assert!(put_consent(&mut tx, &consent(false, 9)).await.unwrap());
        assert!(
            !put_consent(&mut tx, &consent(true, 7)).await.unwrap(),
            "late knowledge of an earlier consent changes nothing"
        );
        tx.commit().await.unwrap();
        assert_eq!(members(&world.db, "vip", None, 10).await.unwrap(), [membership(1)]);
        assert_eq!(member_counts(&world.db).await.unwrap(), [("vip".to_owned(), 1)]);
        assert_eq!(consents(&world.db, person(1)).await.unwrap(), [consent(false, 9)]);

        let mut tx = world.db.begin().await.unwrap();
        forget(&mut tx, person(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(memberships(&world.db, person(1)).await.unwrap().is_empty());
        assert!(statistics(&world.db, person(1)).await.unwrap().is_empty());
        assert!(scores(&world.db, person(1)).await.unwrap().is_empty());
        assert!(consents(&world.db, person(1)).await.unwrap().is_empty());
    })
    .await;
}
