//! Who is in which segment: person by person as facts come and days go by, the same as the whole shop held against the definitions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use clove_core::clock::SECOND;
use clove_core::fact::ConsentChange;
use clove_core::segment::{Condition, EventsAsked};
use clove_core::{Day, Fact, FactBody, ManualClock, PersonId};
use clove_measure::ledger::Ledger;
use clove_measure::live::interaction::InteractionSubscriber;
use clove_measure::live::membership::{MembershipJobs, MembershipSubscriber, ask_for_fill, schedule_memberships};
use clove_measure::live::{CurrentShop, LoadOptions, load};
use clove_measure::segment::{Beyond, Needs, READY, Segmenter, ShopSnapshot};
use clove_people::consent::ConsentSubscriber;
use clove_store::job::JobWorker;
use clove_store::{DatabaseUrl, Db, Environment, SqlText, settings};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use crate::any_order::{Happening, facts, happening};
use crate::facts::{merge, person_of, run, seen, subject_of};
use crate::shop::{DAY, Sale, refund, run_all};
use crate::support::{START, World, append, on_both};

const MEMBERSHIPS: SqlText = SqlText::both("MEMBERSHIPS", "SELECT person, segment FROM person_membership");
const SNAPSHOT: SqlText = SqlText::both("SNAPSHOT", "SELECT snapshot FROM segment_state WHERE snapshot IS NOT NULL");
const MOVES: SqlText = SqlText::both("MOVES", "SELECT kind, body FROM fact WHERE kind LIKE 'segment_%' ORDER BY seq");
const EVENTS: SqlText = SqlText::both(
    "EVENTS",
    "SELECT p.person, f.occurred_at, f.body FROM fact AS f JOIN person_subject AS p ON p.subject = f.subject \
     WHERE f.kind = 'track.v1' AND NOT p.shared",
);
const PUT_SEGMENT: SqlText = SqlText::both(
    "PUT_SEGMENT",
    "INSERT INTO segment (id, name, definition, version, created_at, changed_at) VALUES ($1, $2, $3, 1, 0, 0) \
     ON CONFLICT (id) DO UPDATE SET definition = excluded.definition",
);
const CHANGED: SqlText = SqlText::both("CHANGED", "UPDATE segment_state SET revision = revision + 1 WHERE one = 1");

/// Definitions in which days, the shop and other segments play a part.
const SAVED: [(&str, &str); 8] = [
    ("late", r#"{"figure": {"name": "days_since_last", "above": 90}}"#),
    ("recent", r#"{"orders": {"at_least": 2, "when": {"within_days": 45}, "columns": {"channel": ["web"]}}}"#),
    (
        "worth",
        r#"{"all": [{"figure": {"name": "value_12m", "at_least_percentile": 60}}, {"not": {"segment": "first_time"}}]}"#,
    ),
    (
        "stages",
        r#"{"any": [{"stage": ["at_risk"]}, {"all": [{"figure": {"name": "recency_score", "at_least": 3}},
            {"figure": {"name": "monetary_score", "at_least": 2}}]}]}"#,
    ),
    ("gone", r#"{"day": {"name": "last_order", "when": {"more_than_days_ago": 30, "until": "2026-06-30"}}}"#),
    (
        "viewers",
        r#"{"events": {"name": "Product Viewed", "at_least": 2, "when": {"within_days": 40}, "products": ["sku-1", "sku-2"]}}"#,
    ),
    (
        "idle",
        r#"{"not": {"events": {"name": "Checkout Started", "when": {"within_days": 20}, "properties": {"gift": ["true"], "price": ["12.5"]}}}}"#,
    ),
    ("things", r#"{"orders": {"which": "last", "products": ["sku-1"], "columns": {"colour": ["blue"]}}}"#),
];

fn id(name: &str) -> Uuid {
    Uuid::from_u128(name.bytes().fold(7, |sum, byte| sum * 131 + u128::from(byte)))
}

fn segment(name: &str) -> String {
    clove_core::SegmentId(id(name)).to_string()
}

async fn save(db: &Db, name: &str, definition: &str) {
    let _: Condition = serde_json::from_str(definition).unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.execute(PUT_SEGMENT.query().bind(id(name)).bind(name).bind(definition)).await.unwrap();
    tx.execute(CHANGED.query()).await.unwrap();
    tx.commit().await.unwrap();
    ask_for_fill(db).await.unwrap();
}

async fn run_subscribers(db: &Db, batch: usize) {
    run_all(db, batch).await;
    run(db, Arc::new(ConsentSubscriber), batch).await;
    run(db, Arc::new(InteractionSubscriber), batch).await;
    run(db, Arc::new(MembershipSubscriber::default()), batch).await;
}

/// Lets jobs work for so many seconds of the clock, which covers how long facts gather before a fill.
async fn work(db: &Db, clock: &ManualClock) {
    clock.advance(6 * SECOND);
    let jobs = Arc::new(MembershipJobs::new(CurrentShop::new(db.clone())));
    let worker = JobWorker::new(db.clone(), jobs, MembershipJobs::settings());
    // Facts that jobs derive are facts like others: the shop is read when all subscribers have passed them.
    loop {
        run_subscribers(db, 100).await;
        if worker.work_once().await.unwrap() == 0 {
            break;
        }
    }
    assert!(clove_store::job::all_dead_jobs(db, (0, clove_core::JobId(Uuid::nil())), 10).await.unwrap().is_empty());
}

type Memberships = BTreeSet<(Uuid, String)>;

async fn kept(db: &Db) -> Memberships {
    db.read_all::<(Uuid, String)>(MEMBERSHIPS.query()).await.unwrap().into_iter().collect()
}

/// What the whole shop says, with the snapshot that was taken.
async fn expected(db: &Db, saved: &[(&str, &str)]) -> Memberships {
    let (json,): (String,) = db.read_one(SNAPSHOT.query()).await.unwrap();
    let snapshot: ShopSnapshot = serde_json::from_str(&json).unwrap();
    let loaded = load(db, LoadOptions { details: true }).await.unwrap();
    let today = Day::of_moment(db.now(), &TimeZone::get("Europe/Rome").unwrap());
    let ledger = Ledger::new(&loaded.shop, &loaded.persons, today);
    let of_shop = saved.iter().map(|(name, text)| (segment(name), serde_json::from_str(text).unwrap()));
    let all: BTreeMap<String, Condition> =
        READY.iter().map(|one| (one.id.to_owned(), one.definition.clone())).chain(of_shop).collect();
    let mut needs = Needs::default();
    for definition in all.values() {
        needs.add(definition, &|id| all.get(id).cloned());
    }
    let beyond = Beyond { events: Some(events(db, &needs, &loaded.person_ids).await), ..Beyond::default() };
    let segmenter = Segmenter::with_snapshot(&ledger, &snapshot).knowing(beyond);
    let mut found = Memberships::new();
    for (id, definition) in &all {
        let Ok(members) = segmenter.members(definition, &|id| all.get(id).cloned()) else { continue };
        for (customer, inside) in ledger.customers().iter().zip(members.inside) {
            if inside {
                found.insert((loaded.person_ids[customer.person as usize].0, id.clone()));
            }
        }
    }
    found
}

/// The days of events, from the log itself.
async fn events(db: &Db, needs: &Needs, person_ids: &[PersonId]) -> BTreeMap<EventsAsked, HashMap<u32, Vec<Day>>> {
    let zone = TimeZone::get("Europe/Rome").unwrap();
    let facts: Vec<(Uuid, i64, String)> = db.read_all(EVENTS.query()).await.unwrap();
    let mut found: BTreeMap<EventsAsked, HashMap<u32, Vec<Day>>> = BTreeMap::new();
    for (person, at, body) in facts {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let properties = &body["properties"];
        for asked in needs.events.iter().filter(|asked| body["event"] == asked.name.as_str()) {
            let has = |(name, values): (&String, &Vec<String>)| values.contains(&properties[name].to_string());
            let is_about = |product: &String| properties["sku"] == product.as_str();
            if asked.properties.iter().all(has) && (asked.products.is_empty() || asked.products.iter().any(is_about)) {
                for number in (0..person_ids.len()).filter(|&number| person_ids[number].0 == person) {
                    let days = found.entry(asked.clone()).or_default().entry(number as u32).or_default();
                    days.push(Day::of_moment(at, &zone));
                }
            }
        }
    }
    found
}

/// What facts tell of who came and went, on top of who was there before.
async fn told(db: &Db, mut before: Memberships, from: usize) -> Memberships {
    let facts: Vec<(String, String)> = db.read_all(MOVES.query()).await.unwrap();
    for (kind, body) in facts.into_iter().skip(from) {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let person: clove_core::PersonId = body["person"].as_str().unwrap().parse().unwrap();
        let place = (person.0, body["segment"].as_str().unwrap().to_owned());
        let is_news = if kind.starts_with("segment_entered") { before.insert(place) } else { before.remove(&place) };
        assert!(is_news, "{kind} {body} was so already");
    }
    before
}

async fn prepare(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    settings::put(&mut tx, &settings::CURRENCY, &clove_core::Currency::EUR).await.unwrap();
    settings::put(&mut tx, &settings::TIME_ZONE, &TimeZone::get("Europe/Rome").unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    schedule_memberships(db).await.unwrap();
}

#[tokio::test]
async fn people_come_and_go_by_facts_by_days_and_by_definitions() {
    on_both(|world: World| async move {
        let (db, clock) = (&world.db, &world.clock);
        prepare(db).await;
        let (ann, bob): (&[&str], &[&str]) = (&["email:ann@x.it"], &["email:bob@x.it"]);
        append(db, &[Sale::new(1, 20, 5_000).fact(db, 1, ann), Sale::new(2, 10, 3_000).fact(db, 2, bob)]).await;
        run_subscribers(db, 100).await;
        work(db, clock).await;
        assert_eq!(kept(db).await, expected(db, &[]).await);
        let moves = |rows: Vec<(String, String)>| rows.len();
        assert_eq!(moves(db.read_all(MOVES.query()).await.unwrap()), 0, "they were there when the segments came");

        // A segment that is saved later is filled; nobody moved.
        save(db, "late", SAVED[0].1).await;
        let web = r#"{"consent": {"channel": "email", "purpose": "marketing"}}"#;
        save(db, "reachable", web).await;
        work(db, clock).await;
        let before = kept(db).await;
        assert!(!before.iter().any(|(_, of)| *of == segment("late")));
        assert_eq!(moves(db.read_all(MOVES.query()).await.unwrap()), 0);

        // A second order: Bob is no first-time buyer any more, at once, and the fact names its cause.
        append(db, &[Sale::new(3, 1, 3_000).fact(db, 3, bob)]).await;
        run_subscribers(db, 100).await;
        let (person, now) = (person_of(db, bob[0]).await.unwrap().0, kept(db).await);
        assert!(
            before.contains(&(person, "first_time".to_owned())) && !now.contains(&(person, "first_time".to_owned()))
        );
        assert_eq!(told(db, before.clone(), 0).await, now);
        let rows: Vec<(String, String)> = db.read_all(MOVES.query()).await.unwrap();
        assert!(rows.iter().all(|(_, body)| body.contains("\"reason\":\"fact\"")), "{rows:?}");

        // Consent counts when it is given, and the same facts again are nothing new.
        let change = ConsentChange {
            channel: "email".to_owned(),
            purpose: "marketing".to_owned(),
            method: "form".to_owned(),
            text_version: None,
            ip_hash: None,
            by: None,
            form: None,
        };
        let given = Fact { body: FactBody::ConsentGranted(change), ..seen(db, 4, ann) };
        append(db, &[given.clone(), given]).await;
        run_subscribers(db, 1).await;
        let ann_id = person_of(db, ann[0]).await.unwrap().0;
        assert!(kept(db).await.contains(&(ann_id, segment("reachable"))));

        // Ninety days later nobody did anything, and both are late.
        clock.advance(95 * DAY);
        work(db, clock).await;
        let now = kept(db).await;
        assert!(now.contains(&(ann_id, segment("late"))) && now.contains(&(person, segment("late"))), "{now:?}");
        assert_eq!(told(db, before.clone(), 0).await, now);

        // Joined to Ann, Bob is nobody of his own.
        append(db, &[merge(9, subject_of(db, ann[0]), subject_of(db, bob[0]))]).await;
        run_subscribers(db, 100).await;
        let joined = kept(db).await;
        let persons: BTreeSet<Uuid> = joined.iter().map(|(person, _)| *person).collect();
        assert_eq!(persons.len(), 1, "{joined:?}");

        // Everything sent back: a purchase less. And a segment that is deleted has nobody.
        append(db, &[refund(10, 1, 0, 5_000)]).await;
        run_subscribers(db, 100).await;
        let mut tx = db.begin().await.unwrap();
        let delete = SqlText::both("DELETE_ALL", "DELETE FROM segment");
        tx.execute(delete.query()).await.unwrap();
        tx.execute(CHANGED.query()).await.unwrap();
        tx.commit().await.unwrap();
        ask_for_fill(db).await.unwrap();
        work(db, clock).await;
        assert_eq!(kept(db).await, expected(db, &[]).await);
    })
    .await;
}

async fn agree(happenings: &[Happening], steps: &[(usize, i64)]) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(START));
    let environment = Environment::new(Arc::clone(&clock) as _, [1; 32]);
    let db = Db::open(&DatabaseUrl::Folder(folder.path().to_owned()), environment).await.unwrap();
    prepare(&db).await;
    for (name, definition) in SAVED {
        save(&db, name, definition).await;
    }
    let facts = facts(&db, happenings);
    let mut rest = &facts[..];
    let mut begun = None;
    for &(count, days) in steps {
        let (part, remainder) = rest.split_at(count.min(rest.len()));
        rest = remainder;
        append(&db, part).await;
        run_subscribers(&db, 7).await;
        if begun.is_none() {
            work(&db, &clock).await;
        }
        let (now, whole) = (kept(&db).await, expected(&db, &SAVED).await);
        assert_eq!(now, whole, "after facts");
        let before = begun.get_or_insert(now).clone();
        clock.advance(days * DAY);
        work(&db, &clock).await;
        let now = kept(&db).await;
        assert_eq!(now, expected(&db, &SAVED).await, "{days} days later");
        // Who was joined to somebody else left without a word.
        let told = told_loosely(&db, before).await;
        assert!(now.is_subset(&told), "{:?}", now.difference(&told).collect::<Vec<_>>());
    }
}

async fn told_loosely(db: &Db, mut before: Memberships) -> Memberships {
    let facts: Vec<(String, String)> = db.read_all(MOVES.query()).await.unwrap();
    for (kind, body) in facts {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let person: clove_core::PersonId = body["person"].as_str().unwrap().parse().unwrap();
        let place = (person.0, body["segment"].as_str().unwrap().to_owned());
        if kind.starts_with("segment_entered") {
            before.insert(place)
        } else {
            before.remove(&place)
        };
    }
    before
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn alone_and_together_say_the_same(
        happenings in prop::collection::vec(happening(), 4..30),
        steps in prop::collection::vec((1..8_usize, 1..60_i64), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(agree(&happenings, &steps));
    }
}
