//! Consents: evidence in, a state out; double opt-in; merges join evidence; tracking asks before it keeps.

use std::sync::Arc;

use clove_core::fact::ConsentChange;
use clove_core::{Fact, FactBody, FactKind};
use clove_people::consent::tracking::{Asking, TrackingPolicy, allowed};
use clove_people::consent::{Change, ConsentState, ConsentSubscriber, confirm, consents_of, give};
use clove_store::customer_view::consents;
use clove_store::subscriber::rebuild;
use clove_store::{Db, FactWriter, StoreError, Subscriber, WriterOptions};

use crate::facts::{handle, merge, person_of, run, run_identity, seen, subject_of, unmerge};
use crate::support::{START, World, append, on_both};

pub fn change(channel: &str, purpose: &str, method: &str) -> ConsentChange {
    ConsentChange {
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        method: method.to_owned(),
        ..ConsentChange::default()
    }
}

/// Consent of a handle at a moment.
pub fn said(db: &Db, number: u64, whose: &str, at: i64, body: FactBody) -> Fact {
    Fact { occurred_at: START + at, body, ..seen(db, number, &[whose]) }
}

async fn run_people(db: &Db) {
    run_identity(db).await;
    run(db, Arc::new(ConsentSubscriber), 2).await;
}

async fn state(db: &Db, whose: &str, channel: &str) -> Option<ConsentState> {
    let person = person_of(db, whose).await?;
    let found = consents_of(db, person).await.unwrap().into_iter().find(|(known, ..)| known == channel);
    let state = found.and_then(|(.., proof)| proof.decision()).map(|decision| decision.state);
    let rows = consents(db, person).await.unwrap();
    let row = rows.iter().find(|row| row.channel == channel);
    assert_eq!(
        row.map(|row| row.granted),
        state.map(|state| state == ConsentState::Granted),
        "the table says the same"
    );
    state
}

#[tokio::test]
async fn the_later_word_counts_whatever_name_it_was_said_under() {
    on_both(|world: World| async move {
        let db = &world.db;
        let yes = || FactBody::ConsentGranted(change("email", "marketing", "form"));
        let no = || FactBody::ConsentWithdrawn(change("email", "marketing", "unsubscribe"));
        append(
            db,
            &[
                said(db, 1, "email:ann@x.it", 10, yes()),
                said(db, 2, "user:ann", 20, no()),
                said(db, 3, "email:ann@x.it", 30, FactBody::ConsentGranted(change("sms", "marketing", "import"))),
            ],
        )
        .await;
        run_people(db).await;
        assert_eq!(state(db, "email:ann@x.it", "email").await, Some(ConsentState::Granted));
        assert_eq!(state(db, "user:ann", "email").await, Some(ConsentState::Withdrawn));

        let by_hand = merge(4, subject_of(db, "email:ann@x.it"), subject_of(db, "user:ann"));
        append(db, std::slice::from_ref(&by_hand)).await;
        run_people(db).await;
        assert_eq!(state(db, "email:ann@x.it", "email").await, Some(ConsentState::Withdrawn), "the no is newer");
        assert_eq!(state(db, "email:ann@x.it", "sms").await, Some(ConsentState::Granted));
        append(db, &[said(db, 5, "user:ann", 40, FactBody::ConsentGranted(change("email", "marketing", "import")))])
            .await;
        run_people(db).await;
        assert_eq!(state(db, "user:ann", "email").await, Some(ConsentState::Withdrawn), "a list does not outweigh it");

        append(db, &[unmerge(6, subject_of(db, "user:ann"), by_hand.id)]).await;
        run_people(db).await;
        assert_eq!(state(db, "email:ann@x.it", "email").await, Some(ConsentState::Granted), "as it was before");
        assert_eq!(state(db, "user:ann", "sms").await, None);

        let person = person_of(db, "email:ann@x.it").await.unwrap();
        let before = consents(db, person).await.unwrap();
        let subscriber: Arc<dyn Subscriber> = Arc::new(ConsentSubscriber);
        rebuild(db, &subscriber).await.unwrap();
        run(db, subscriber, 1).await;
        assert_eq!(consents(db, person).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn double_opt_in_waits_for_the_confirmation_and_keeps_the_proof() {
    on_both(|world: World| async move {
        let db = &world.db;
        let (writer, task) = FactWriter::start(db.clone(), WriterOptions::default());
        let ask = || Change {
            subject: subject_of(db, "email:eva@x.it"),
            handle: Some(handle("email:eva@x.it")),
            state: ConsentState::Pending,
            at: db.now(),
            evidence: ConsentChange {
                form: Some("news".to_owned()),
                text_version: Some("3".to_owned()),
                ..change("email", "marketing", "form")
            },
        };
        let given = give(db, &writer, ask()).await.unwrap();
        run_people(db).await;
        assert_eq!(state(db, "email:eva@x.it", "email").await, Some(ConsentState::Pending));
        assert!(matches!(confirm(db, "guessed", None).await, Err(StoreError::NotFound(_))));

        world.clock.advance(60_000_000);
        let token = given.token.unwrap();
        let first = confirm(db, &token, None).await.unwrap();
        world.clock.advance(60_000_000);
        assert_eq!(confirm(db, &token, None).await.unwrap(), first, "pressed twice");
        run_people(db).await;
        assert_eq!(state(db, "email:eva@x.it", "email").await, Some(ConsentState::Granted));
        let person = person_of(db, "email:eva@x.it").await.unwrap();
        let row = consents(db, person).await.unwrap().remove(0);
        let proof = clove_store::fact::read_fact(db, row.evidence_seq).await.unwrap().unwrap();
        let FactBody::ConsentGranted(evidence) = &*proof.body else { panic!("{proof:?}") };
        assert_eq!((evidence.method.as_str(), evidence.text_version.as_deref()), ("double_opt_in", Some("3")));

        let late = give(db, &writer, ask()).await.unwrap().token.unwrap();
        world.clock.advance(8 * 24 * 3_600 * 1_000_000);
        assert!(confirm(db, &late, None).await.is_err(), "a token runs out");
        drop(writer);
        task.await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn tracking_asks_the_message_then_the_person_then_the_policy() {
    on_both(|world: World| async move {
        let db = &world.db;
        let yes = FactBody::ConsentGranted(change("tracking", "analytics", "form"));
        let no = FactBody::ConsentWithdrawn(change("tracking", "analytics", "form"));
        append(db, &[said(db, 1, "anonymous:yes", 1, yes), said(db, 2, "anonymous:no", 1, no)]).await;
        run_people(db).await;
        let asking =
            |whose: &str, kind: FactKind, said: Option<bool>| Asking { subject: subject_of(db, whose), kind, said };
        let messages = [
            asking("anonymous:yes", FactKind::Track, None),
            asking("anonymous:no", FactKind::Page, None),
            asking("anonymous:new", FactKind::Identify, None),
            asking("anonymous:new", FactKind::Order, None),
            asking("anonymous:new", FactKind::Track, Some(true)),
            asking("anonymous:yes", FactKind::Track, Some(false)),
        ];
        let kept = |policy| allowed(db, policy, &messages);
        assert_eq!(kept(TrackingPolicy::Required).await.unwrap(), [true, false, false, true, true, false]);
        assert_eq!(kept(TrackingPolicy::Asserted).await.unwrap(), [true, false, true, true, true, false]);
        assert_eq!(kept(TrackingPolicy::Granted).await.unwrap(), [true, true, true, true, true, false]);
    })
    .await;
}
