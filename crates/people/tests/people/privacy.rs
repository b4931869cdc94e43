//! Erased and exported: everywhere, for good, with a receipt; money stays.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clove_core::fact::{CustomerProfile, Handle, Order, Refund};
use clove_core::{Fact, FactBody, FactKind};
use clove_people::consent::{ConsentEraser, ConsentSubscriber};
use clove_people::identity::live::IdentitySubscriber;
use clove_people::privacy::{
    About, PrivacyJobs, QUEUE, RequestEraser, RequestKind, approve, ask, document, replay, request, requests,
};
use clove_people::profile::{ProfileEraser, ProfileSubscriber, profiles, search};
use clove_store::customer_view::subjects;
use clove_store::erasure::{Erasers, FactEraser, erasures, lift, suppressed};
use clove_store::job::{JobWorker, NewJob, WorkerSettings, enqueue};
use clove_store::subscriber::rebuild;
use clove_store::{DatabaseUrl, Db, Driver, DriverOptions, Environment, Outcome, SqlText, Step, Subscriber};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::consent::{change, said};
use crate::facts::{handle, person_of, run, seen};
use crate::support::{START, World, append, on_both};

const ORDERS: SqlText = SqlText::both(
    "ORDERS",
    "SELECT source, external_id, version, body FROM fact WHERE kind = 'order.v1' ORDER BY version",
);
const PERSONAL: SqlText = SqlText::both("PERSONAL", "SELECT seq, fields FROM personal ORDER BY seq");
const JOBS: SqlText = SqlText::both("JOBS", "SELECT payload FROM job");

pub fn erasers() -> Erasers {
    vec![Arc::new(ProfileEraser), Arc::new(ConsentEraser), Arc::new(RequestEraser), Arc::new(FactEraser)]
}

fn everyone() -> Vec<Arc<dyn Subscriber>> {
    vec![Arc::new(IdentitySubscriber::default()), Arc::new(ProfileSubscriber), Arc::new(ConsentSubscriber)]
}

async fn catch_up(db: &Db) {
    for subscriber in everyone() {
        run(db, subscriber, 100).await;
    }
}

/// Works off the queue, with identity at work beside, as in a server.
async fn work(db: &Db) {
    let worker = JobWorker::new(db.clone(), Arc::new(PrivacyJobs::new(erasers())), WorkerSettings::default());
    let mut identity =
        Driver::new(db.clone(), Arc::new(IdentitySubscriber::default()), DriverOptions::default()).await.unwrap();
    let done = Cell::new(false);
    let jobs = async {
        while worker.work_once().await.unwrap() > 0 {}
        done.set(true);
    };
    // A step is never dropped half-way: its transaction could take the lease after `stop` gave it back, and nobody would get on.
    let beside = async {
        while !done.get() {
            match identity.step().await.unwrap() {
                Step::Idle => tokio::time::sleep(Duration::from_millis(5)).await,
                Step::Applied { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::join!(jobs, beside);
    identity.stop().await.unwrap();
    catch_up(db).await;
}

/// An order of Ann's, version by version. Her name is everywhere where a source could put it.
fn order(db: &Db, id: &str, version: &str, gross: i64, handles: &[&str]) -> Fact {
    let mut fact = seen(db, 1, handles);
    let (name, email) = match handles {
        ["email:bob@example.org"] => ("Bob", "bob@example.org"),
        _ => ("Anneliese", "Anneliese.Weber@Example.org"),
    };
    let personal = fact.personal.as_mut().unwrap();
    personal.first_name = Some(name.to_owned());
    personal.email = Some(email.to_owned());
    personal.fields.insert("note".to_owned(), json!(format!("for {email}")));
    let body = Order {
        gross,
        attributes: std::iter::once(("gift for".to_owned(), email.to_owned())).collect(),
        ..empty_order()
    };
    Fact {
        id: clove_core::FactId(db.ids().uuid(START)),
        source: "shopify:brezza".parse().unwrap(),
        external_id: id.to_owned(),
        version: version.to_owned(),
        body: FactBody::Order(body),
        ..fact
    }
}

fn empty_order() -> Order {
    let order = crate::support::order(&clove_core::IdGenerator::new([1; 32]), 1, 0);
    let FactBody::Order(order) = order.body else { panic!("an order") };
    order
}

fn refund(db: &Db, id: &str, order: &str, items: i64) -> Fact {
    let body = Refund {
        order: order.to_owned(),
        currency: "EUR".to_owned(),
        items,
        tax_and_shipping: 0,
        restocked_cost: 0,
        lines: Vec::new(),
    };
    let guest =
        Handle { channel: "guest".to_owned(), scope: "shopify:brezza".to_owned(), external_id: order.to_owned() };
    Fact {
        id: clove_core::FactId(db.ids().uuid(START)),
        subject: db.hash_key().subject(&guest),
        source: "shopify:brezza".parse().unwrap(),
        external_id: id.to_owned(),
        body: FactBody::Refund(body),
        personal: None,
        ..seen(db, 1, &[])
    }
}

/// Value of all orders, each in its newest version; and how many there are.
async fn totals(db: &Db) -> (i64, usize) {
    let rows: Vec<(String, String, String, String)> = db.read_all(ORDERS.query()).await.unwrap();
    let mut newest = BTreeMap::new();
    for (source, id, _, body) in rows {
        let FactBody::Order(order) = FactBody::parse(&FactKind::Order, &body).unwrap() else { panic!("an order") };
        newest.insert((source, id), order.gross);
    }
    (newest.values().sum(), newest.len())
}

async fn personal(db: &Db) -> Vec<(i64, String)> {
    db.read_all(PERSONAL.query()).await.unwrap()
}

const ANN: &[&str] = &["shopify:77", "email:anneliese.weber@example.org", "phone:+39 333 1234567"];

/// Ann with two orders, a profile, a consent, a visit; Bob with one order.
async fn shop(db: &Db) {
    let facts = [
        order(db, "1001", "2026-01-01", 5_000, ANN),
        order(db, "1002", "2026-01-02", 2_500, &["email:anneliese.weber@example.org", "anonymous:visit-ann"]),
        order(db, "2001", "2026-01-03", 900, &["email:bob@example.org"]),
        Fact {
            external_id: "77".to_owned(),
            source: "shopify:brezza".parse().unwrap(),
            body: FactBody::CustomerProfile(CustomerProfile {
                locale: Some("de".to_owned()),
                ..CustomerProfile::default()
            }),
            ..seen(db, 20, ANN)
        },
        said(
            db,
            21,
            "email:anneliese.weber@example.org",
            5,
            FactBody::ConsentGranted(change("email", "marketing", "form")),
        ),
        seen(db, 22, &["anonymous:visit-ann"]),
        refund(db, "r1", "1001", 700),
    ];
    append(db, &facts).await;
    catch_up(db).await;
}

#[tokio::test]
async fn erased_is_erased_everywhere_and_money_stays() {
    on_both(|world: World| async move {
        let db = &world.db;
        shop(db).await;
        assert_eq!(totals(db).await, (8_400, 3));
        let ann = person_of(db, "shopify:77").await.unwrap();
        let by_email = About::Handle(handle("email:ANNELIESE.weber@example.org"));
        let export = ask(db, RequestKind::Export, by_email.clone(), "test").await.unwrap();
        work(db).await;
        let text = document(db, export).await.unwrap().unwrap();
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(whole["facts"].as_array().unwrap().len(), 6, "{text}");
        assert!(
            text.contains("\"gift for\"")
                && text.contains("+393331234567")
                && whole["consents"][0]["state"] == "granted"
        );
        assert_eq!(whole["profile"]["locale"], "de");
        assert!(!text.contains("bob"));

        let id = ask(db, RequestKind::Erase, by_email, "test").await.unwrap();
        work(db).await;
        let row = request(db, id).await.unwrap().unwrap();
        let receipt: Value = serde_json::from_str(row.receipt.as_ref().unwrap()).unwrap();
        assert_eq!((row.state.as_str(), &receipt["person_known"]), ("done", &json!(true)));
        let counted = |what: &str| {
            receipt["counts"]
                .as_array()
                .unwrap()
                .iter()
                .find(|line| line["what"] == what)
                .map(|line| line["count"].as_u64().unwrap())
        };
        assert_eq!(counted("facts made nameless"), Some(6), "{receipt}");
        assert_eq!(counted("identifying fields"), Some(5), "{receipt}");
        assert_eq!(counted("documents of exports"), Some(1));
        assert_eq!(receipt["sha256"].as_str().unwrap().len(), 64);
        check_erased(db).await;
        assert_eq!(document(db, export).await.unwrap(), None);
        let again = About::Handle(handle("email:anneliese.weber@example.org"));
        let again = ask(db, RequestKind::Export, again, "test").await.unwrap();
        work(db).await;
        assert_eq!(document(db, again).await.unwrap(), None, "nobody is told what an erased person bought");
        assert_eq!(subjects(db, ann).await.unwrap().len(), 3, "nameless: those that facts were taken in under");

        // Retries and re-imports, the same versions and new ones, under any of the names; a refund by order number.
        let again = append(db, &[order(db, "1001", "2026-01-01", 5_000, ANN)]).await;
        assert_eq!(again, [Outcome::Duplicate]);
        let news = [
            order(db, "1001", "2026-02-01", 4_000, ANN),
            order(db, "1002", "2026-02-02", 2_600, &["anonymous:visit-ann", "user:not-known-before"]),
            refund(db, "r2", "1002", 100),
            order(db, "1003", "2026-02-03", 50, &["phone:+39 333 1234567"]),
            seen(db, 30, &["anonymous:visit-ann"]),
            said(
                db,
                31,
                "email:anneliese.weber@example.org",
                9,
                FactBody::ConsentGranted(change("email", "marketing", "form")),
            ),
            seen(db, 32, &["email:bob@example.org"]),
        ];
        let outcomes = append(db, &news).await;
        let new: Vec<bool> = outcomes.iter().map(|outcome| outcome.seq().is_some()).collect();
        assert_eq!(new, [true, true, true, true, false, false, true]);
        catch_up(db).await;
        check_erased(db).await;
        assert_eq!(totals(db).await, (4_000 + 2_600 + 50 + 900, 4), "orders stay the same orders");
        assert!(person_of(db, "user:not-known-before").await.is_none());

        for subscriber in everyone() {
            rebuild(db, &subscriber).await.unwrap();
        }
        catch_up(db).await;
        check_erased(db).await;

        // Erased twice: nothing is left to do. Back by her own will: taken in again.
        let twice = ask(db, RequestKind::Erase, About::Handle(handle("phone:+39 333 1234567")), "test").await.unwrap();
        work(db).await;
        assert_eq!(request(db, twice).await.unwrap().unwrap().state, "done");
        let mut tx = db.begin().await.unwrap();
        assert!(lift(&mut tx, &handle("email:anneliese.weber@example.org")).await.unwrap());
        tx.commit().await.unwrap();
        let back = append(db, &[order(db, "3000", "2026-03-01", 10, &["email:anneliese.weber@example.org"])]).await;
        assert!(back[0].seq().is_some());
        assert_eq!(personal(db).await.len(), 3);
    })
    .await;
}

/// Nothing of Ann is left; Bob is as he was.
async fn check_erased(db: &Db) {
    for (seq, fields) in personal(db).await {
        assert!(fields.contains("bob"), "{seq}: {fields}");
    }
    let rows: Vec<(String, String, String, String)> = db.read_all(ORDERS.query()).await.unwrap();
    assert!(rows.iter().all(|row| !row.3.to_lowercase().contains("anneliese")), "{rows:?}");
    let named: Vec<&str> = rows.iter().map(|row| row.1.as_str()).filter(|id| !id.starts_with("erased-")).collect();
    assert_eq!(named, ["2001"]);
    assert!(search(db, "anneliese", None, 10).await.unwrap().is_empty());
    let known: Vec<_> = profiles(db, None, 10).await.unwrap().into_iter().filter_map(|row| row.email).collect();
    assert_eq!(known, ["bob@example.org"]);
    assert!(suppressed(db, &handle("email:anneliese.weber@example.org")).await.unwrap());
    let jobs: Vec<(String,)> = db.read_all(JOBS.query()).await.unwrap();
    assert!(jobs.iter().all(|(payload,)| !payload.contains("anneliese")), "{jobs:?}");
}

fn bytes_of(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            bytes.extend(std::fs::read(&path).unwrap());
            bytes.push(b'\n');
        }
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

#[tokio::test]
async fn the_bytes_are_gone_from_the_disk_and_an_older_backup_is_brought_up_to_it() {
    let (folder, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let url = DatabaseUrl::Folder(folder.path().to_owned());
    let open = |seed: u8| {
        let clock = Arc::new(clove_core::ManualClock::new(START));
        Db::open(&url, Environment::new(clock, [seed; 32]))
    };
    let db = open(1).await.unwrap();
    shop(&db).await;
    db.close().await;
    drop(db);
    std::fs::copy(folder.path().join("clove.db"), backup.path().join("clove.db")).unwrap();

    let db = open(2).await.unwrap();
    assert!(holds(&bytes_of(folder.path()), "anneliese.weber"), "the test would see it");
    ask(&db, RequestKind::Erase, About::Handle(handle("email:anneliese.weber@example.org")), "test").await.unwrap();
    work(&db).await;
    for text in ["anneliese", "3331234567", "visit-ann"] {
        assert!(!holds(&bytes_of(folder.path()), text), "{text} is on the disk still, while the database is open");
    }
    assert!(holds(&bytes_of(folder.path()), "bob@example.org"));
    db.close().await;
    drop(db);

    // The backup of before, beside the list of today.
    std::fs::copy(backup.path().join("clove.db"), folder.path().join("clove.db")).unwrap();
    let db = open(3).await.unwrap();
    assert_eq!(replay(&db, &erasers(), None).await.unwrap(), 1);
    catch_up(&db).await;
    check_erased(&db).await;
    assert_eq!(totals(&db).await, (8_400, 3));
    assert!(!holds(&bytes_of(folder.path()), "anneliese"));
    assert_eq!(append(&db, &[order(&db, "1001", "2026-01-01", 5_000, ANN)]).await, [Outcome::Duplicate]);
    assert_eq!(replay(&db, &erasers(), None).await.unwrap(), 0, "once");
    assert_eq!(erasures(&db).await.unwrap().len(), 1);
    db.close().await;
}

async fn webhook(db: &Db, payload: Value) -> Uuid {
    let mut tx = db.begin().await.unwrap();
    let id = enqueue(&mut tx, NewJob::new(QUEUE, payload.to_string(), db.now())).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    work(db).await;
    id.0
}

#[tokio::test]
async fn shop_systems_ask_by_webhook_and_a_whole_shop_waits_for_the_owner() {
    on_both(|world: World| async move {
        let db = &world.db;
        shop(db).await;
        let customer = json!({"source": "shopify:brezza", "customer_id": 77, "email": "anneliese.weber@example.org",
            "phone": "+39 333 1234567", "orders": [1001]});
        let with = |kind: &str| {
            let mut payload = customer.clone();
            payload["kind"] = json!(kind);
            payload
        };
        // shopify:brezza's customer 77 is the account (shopify, brezza, 77): known by the address alone here.
        let id = webhook(db, with("data_request")).await;
        assert!(document(db, id).await.unwrap().unwrap().contains("anneliese"));
        let id = webhook(db, with("redact")).await;
        assert_eq!(request(db, id).await.unwrap().unwrap().state, "done");
        check_erased(db).await;
        let unknown =
            webhook(db, json!({"kind": "redact", "source": "shopify:brezza", "customer_id": "9", "email": "new@x.it"}))
                .await;
        assert!(request(db, unknown).await.unwrap().unwrap().receipt.unwrap().contains("\"person_known\":false"));
        assert_eq!(
            append(db, &[seen(db, 77, &["email:new@x.it"])]).await,
            [Outcome::Duplicate],
            "not taken in later either"
        );

        let shop = webhook(db, json!({"kind": "shop_redact", "source": "shopify:brezza"})).await;
        assert_eq!(request(db, shop).await.unwrap().unwrap().state, "awaiting_approval");
        assert!(!profiles(db, None, 10).await.unwrap().is_empty());
        let mut tx = db.begin().await.unwrap();
        approve(&mut tx, shop).await.unwrap();
        tx.commit().await.unwrap();
        work(db).await;
        assert_eq!(request(db, shop).await.unwrap().unwrap().state, "done");
        assert!(profiles(db, None, 10).await.unwrap().iter().all(|row| row.email.is_none()));
        assert!(personal(db).await.is_empty());
        assert_eq!(totals(db).await, (8_400, 3));
        let all = requests(db, None, 100).await.unwrap();
        assert!(all.iter().all(|row| row.state == "done"), "{all:?}");
    })
    .await;
}

#[tokio::test]
async fn a_tills_number_stays_shared_when_one_of_its_customers_is_erased() {
    on_both(|world: World| async move {
        let db = &world.db;
        let facts: Vec<Fact> =
            (0..21).map(|number| seen(db, number, &[&format!("user:{number}"), "phone:+390000001"])).collect();
        append(db, &facts).await;
        catch_up(db).await;
        assert_ne!(person_of(db, "user:1").await, person_of(db, "user:2").await);
        ask(db, RequestKind::Erase, About::Handle(handle("user:3")), "test").await.unwrap();
        work(db).await;
        assert_ne!(person_of(db, "user:1").await, person_of(db, "user:2").await, "the others do not become one person");
        assert!(!suppressed(db, &handle("phone:+390000001")).await.unwrap(), "the till goes on selling");
        let subscriber: Arc<dyn Subscriber> = Arc::new(IdentitySubscriber::default());
        rebuild(db, &subscriber).await.unwrap();
        catch_up(db).await;
        assert_ne!(person_of(db, "user:1").await, person_of(db, "user:2").await);
    })
    .await;
}
