//! What is known of persons: newest wins, merges move it, a rebuild gives the same.

use std::sync::Arc;

use clove_core::fact::{CustomerProfile, Identify};
use clove_core::{Fact, FactBody, PersonId};
use clove_people::profile::{Profile, ProfileSubscriber, profile, profiles, search};
use clove_store::subscriber::rebuild;
use clove_store::{Db, Subscriber};
use serde_json::json;

use crate::facts::{erased, merge, person_of, run, run_identity, seen, subject_of, unmerge};
use crate::support::{START, World, append, on_both};

pub fn named(db: &Db, number: u64, handles: &[&str], first: &str, last: &str) -> Fact {
    let mut fact = seen(db, number, handles);
    let personal = fact.personal.as_mut().unwrap();
    (personal.first_name, personal.last_name) = (Some(first.to_owned()), Some(last.to_owned()));
    Fact { body: FactBody::Identify(Identify::default()), ..fact }
}

async fn run_people(db: &Db) {
    run_identity(db).await;
    run(db, Arc::new(ProfileSubscriber), 3).await;
}

async fn shown(db: &Db, handle: &str) -> Option<Profile> {
    let person = person_of(db, handle).await?;
    profile(db, person).await.unwrap().map(|row| Profile::of(row).unwrap())
}

#[tokio::test]
async fn the_newest_word_counts_and_merges_move_it() {
    on_both(|world: World| async move {
        let db = &world.db;
        let profile_of = |number: u64, handles: &[&str], at: i64, locale: &str, tags: &[&str]| Fact {
            occurred_at: at,
            body: FactBody::CustomerProfile(CustomerProfile {
                locale: Some(locale.to_owned()),
                country: Some("IT".to_owned()),
                tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                ..CustomerProfile::default()
            }),
            ..named(db, number, handles, "Ștefania", "Rossi")
        };
        append(
            db,
            &[
                profile_of(1, &["shop:1", "email:ann@x.it"], START + 10, "it", &["vip"]),
                // Older news that comes later.
                profile_of(2, &["shop:1", "email:old@x.it"], START + 5, "ro", &[]),
                named(db, 3, &["user:9", "phone:+39 333 1234567"], "Stefi", "R."),
                seen(db, 4, &["anonymous:v"]),
            ],
        )
        .await;
        run_people(db).await;
        let ann = shown(db, "shop:1").await.unwrap();
        assert_eq!((ann.first_name.as_deref(), ann.locale.as_deref()), (Some("Ștefania"), Some("it")));
        assert_eq!(
            (&ann.emails[..], &ann.tags[..]),
            (&["ann@x.it".to_owned(), "old@x.it".to_owned()][..], &["vip".to_owned()][..])
        );
        assert_eq!(ann.known_since, START + 5);
        assert!(shown(db, "anonymous:v").await.is_none(), "a visitor has no profile");

        for (text, found) in
            [("stefania ros", 1), ("ANN@x", 1), ("333 1234", 1), ("st", 2), ("rossi anna", 0), ("--", 0)]
        {
            assert_eq!(search(db, text, None, 10).await.unwrap().len(), found, "{text}");
        }
        let all = profiles(db, None, 10).await.unwrap();
        assert_eq!(all.len(), 2);
        let second = profiles(db, Some(PersonId(all[0].person)), 10).await.unwrap();
        assert_eq!(second, all[1..]);

        let (left, right) = (subject_of(db, "shop:1"), subject_of(db, "user:9"));
        let by_hand = merge(5, left, right);
        append(db, std::slice::from_ref(&by_hand)).await;
        run_people(db).await;
        let both = shown(db, "user:9").await.unwrap();
        assert_eq!(both.phones, ["+393331234567"]);
        assert_eq!(both.emails, ann.emails);
        assert_eq!(profiles(db, None, 10).await.unwrap().len(), 1);
        append(db, &[unmerge(6, left, by_hand.id)]).await;
        run_people(db).await;
        assert_eq!(profiles(db, None, 10).await.unwrap(), all, "as it was before");

        let subscriber: Arc<dyn Subscriber> = Arc::new(ProfileSubscriber);
        rebuild(db, &subscriber).await.unwrap();
        run(db, subscriber, 2).await;
        assert_eq!(profiles(db, None, 10).await.unwrap(), all);
        assert_eq!(search(db, "stefi", None, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn segments_traits_count_and_an_erasure_takes_everything() {
    on_both(|world: World| async move {
        let db = &world.db;
        let traits = json!({"language": "fr", "country": "FR", "tags": ["b", "a"]});
        let mut fact = seen(db, 1, &["user:1", "email:zoe@x.fr"]);
        fact.personal.as_mut().unwrap().fields.insert("name".to_owned(), json!("Zoé d'Arc"));
        let body = FactBody::Identify(Identify { traits: traits.as_object().unwrap().clone() });
        append(db, &[Fact { body, ..fact }]).await;
        run_people(db).await;
        let zoe = shown(db, "email:zoe@x.fr").await.unwrap();
        assert_eq!((zoe.first_name.as_deref(), zoe.locale.as_deref()), (Some("Zoé d'Arc"), Some("fr")));
        assert_eq!(zoe.tags, ["a", "b"]);
        assert_eq!(search(db, "zoe arc", None, 10).await.unwrap().len(), 1);

        let person = person_of(db, "user:1").await.unwrap();
        append(db, &[erased(db, 2, person, &["user:1", "email:zoe@x.fr"])]).await;
        run_people(db).await;
        assert!(profiles(db, None, 10).await.unwrap().is_empty());
        assert!(search(db, "zoe", None, 10).await.unwrap().is_empty());
    })
    .await;
}
