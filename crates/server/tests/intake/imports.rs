//! Imports of files: once, again, cut off, and by strangers.

use std::fmt::Write as _;
use std::time::Duration;

use clove_core::fact::Handle;
use clove_core::{FactBody, FactKind, ImportId, PersonId};
use clove_server::imports::{ImportFile, ImportOptions, ImportPlan, Surroundings, create, run};
use clove_store::erasure::{Eraser as _, Target};
use clove_store::import::{RejectEraser, find};
use serde_json::json;

use crate::shop::{Shop, shopify_csv};
use crate::support::{World, on_both};

/// A table of so many orders of ten times fewer customers.
fn orders(count: u32) -> String {
    let mut file = "order_id,email,date,total,currency\n".to_owned();
    for order in 1..=count {
        writeln!(
            file,
            "{order},c{}@example.org,2026-0{}-{:02},{}.50,EUR",
            order % (count / 10 + 1),
            1 + order % 9,
            1 + order % 28,
            10 + order % 90
        )
        .unwrap();
    }
    file
}

#[tokio::test]
async fn a_file_becomes_facts_and_again_changes_nothing() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let file = shopify_csv("paid", "0.00");
        let first = shop.import("shopify:my-shop", "orders_export.csv", file.as_bytes()).await;
        assert_eq!(first["summary"]["format"], "shopify-orders", "{first}");
        assert_eq!(
            (&first["facts_new"], &first["facts_total"], &first["rows_read"]),
            (&json!(2), &json!(2), &json!(3))
        );
        assert_eq!(first["files"], json!([{"kind": "orders", "name": "orders_export.csv", "bytes": file.len()}]));
        // Ids are in the order of time; those of one millisecond are not.
        shop.world.clock.advance(1_000_000);
        let again =
            shop.import("shopify:my-shop", "orders_export (1).csv".replace(' ', "%20").as_str(), file.as_bytes()).await;
        assert_eq!(
            (&again["state"], &again["facts_new"], &again["facts_done"]),
            (&json!("done"), &json!(0), &json!(2))
        );
        assert_eq!(shop.facts(&FactKind::Order).await.len(), 2);
        assert!(shop.uploads().is_empty(), "uploads are removed when they are taken in");
        let (_, list) = shop.send("GET", "/api/v1/imports?limit=1", b"").await;
        assert_eq!(list["items"][0]["id"], again["id"], "newest first");
        let path = format!("/api/v1/imports/{}", again["id"].as_str().unwrap());
        assert_eq!(shop.send("DELETE", &path, b"").await.0, 204);
        assert_eq!(shop.send("GET", &path, b"").await.0, 404);
    })
    .await;
}

#[tokio::test]
async fn a_form_brings_several_files_and_options() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let part = |name: &str, file: Option<&str>, body: &str| {
            let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
            format!("--b0\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{body}\r\n")
        };
        let bearer = format!("Bearer {}", shop.key);
        let headers = [("authorization", bearer.as_str()), ("content-type", "multipart/form-data; boundary=b0")];
        let orders = "Nr;Cliente;Data;Totale\nA1;7;03/04/2026;12,50\nA2;8;04/04/2026;20,00\nA3;;rotto;1,00\n";
        let form = [
            part("orders", Some("ordini.csv"), orders),
            part(
                "spend",
                Some("spese.csv"),
                "date,channel,amount,currency\n2026-04-01,ads,100,EUR\n2026-04-01,ads,50,EUR\n",
            ),
            part(
                "map",
                None,
                "[columns]\norder_id = \"Nr\"\ncustomer_id = \"Cliente\"\nplaced_at = \"Data\"\ntotal = \"Totale\"\n",
            ),
            part("currency", None, "EUR"),
            part("date_order", None, "dmy"),
            part("time_zone", None, "Europe/Rome"),
            "--b0--\r\n".to_owned(),
        ]
        .concat();
        let path = "/api/v1/imports?source=till:torino";
        let (status, answer) = shop.request("POST", path, &headers, form.as_bytes()).await;
        assert_eq!(status, 202, "{answer}");
        shop.work_imports().await;
        let (_, import) = shop.send("GET", &format!("/api/v1/imports/{}", answer["id"].as_str().unwrap()), b"").await;
        assert_eq!(
            (&import["state"], &import["summary"]["orders"], &import["summary"]["spend"]),
            (&json!("done"), &json!(2), &json!(2)),
            "{import}"
        );
        assert_eq!(shop.facts(&FactKind::Spend).await.len(), 2);
        assert_eq!(import["rows_rejected"], 1);
        let rejects = format!("/api/v1/imports/{}/rejects.csv", import["id"].as_str().unwrap());
        let (status, table) = shop.send("GET", &rejects, b"").await;
        let table = table.as_str().unwrap();
        assert!(
            status == 200 && table.starts_with("file,line,column,value,reason,remedy\r\n\"ordini.csv\",\"4\""),
            "{table}"
        );

        for (form, code) in [
            ("--b0\r\nContent-Disposition: form-data; name=\"songs\"\r\n\r\nx\r\n--b0--\r\n", "invalid_body"),
            (
                "--b0\r\nContent-Disposition: form-data; name=\"spend\"; filename=\"s\"\r\n\r\nx\r\n--b0--\r\n",
                "invalid_body",
            ),
            (
                "--b0\r\nContent-Disposition: form-data; name=\"time_zone\"\r\n\r\nMars\r\n--b0--\r\n",
                "invalid_parameter",
            ),
            ("no form", "invalid_body"),
        ] {
            let (status, problem) = shop.request("POST", path, &headers, form.as_bytes()).await;
            assert!(status < 500 && problem["code"] == code, "{form}: {problem}");
        }
        assert!(shop.uploads().is_empty(), "nothing of what was refused stays");
    })
    .await;
}

#[tokio::test]
async fn files_that_cannot_be_read_say_so_and_formulas_are_harmless() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let failed = shop.import("till:torino", "photo.csv", b"\x89PNG\r\n\x1a\n0000").await;
        assert_eq!(failed["state"], "failed", "{failed}");
        let error = failed["error"].as_str().unwrap();
        assert!(error.contains("photo.csv") && !error.contains("imp_"), "{error}");
        let evil =
            "order_id,email,date,total,currency\n1,a@b.c,2026-01-02,5,EUR\n2,a@b.c,=HYPERLINK(\"http://evil\"),5,EUR\n";
        let import = shop.import("till:torino", "evil.csv", evil.as_bytes()).await;
        assert_eq!((&import["state"], &import["rows_rejected"]), (&json!("done"), &json!(1)), "{import}");
        let path = format!("/api/v1/imports/{}/rejects.csv", import["id"].as_str().unwrap());
        let (_, table) = shop.send("GET", &path, b"").await;
        assert!(table.as_str().unwrap().contains("\"'=HYPERLINK("), "{table}");
        let empty = shop.send("POST", "/api/v1/imports?source=till:torino", b"").await;
        assert_eq!((empty.0, &empty.1["code"]), (422, &json!("invalid_body")));
        assert_eq!(shop.send("POST", "/api/v1/imports", b"x").await.1["code"], "invalid_parameter");
        assert_eq!(shop.send("POST", "/api/v1/imports?source=a&kind=songs", b"x").await.1["code"], "invalid_parameter");
    })
    .await;
}

#[tokio::test]
async fn orders_without_numbers_are_told_by_what_they_hold() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let file =
            "customer_id,date,amount,currency\n1,2026-01-01,10.00,EUR\n1,2026-01-01,10.00,EUR\n2,2026-01-03,5.00,EUR\n";
        let first = shop.import("till:torino", "log.csv", file.as_bytes()).await;
        assert_eq!(first["facts_new"], first["facts_total"], "{first}");
        let again = shop.import("till:torino", "copy.csv", file.as_bytes()).await;
        assert_eq!(
            (&again["facts_new"], &again["facts_total"]),
            (&json!(0), &first["facts_total"]),
            "whatever its name"
        );
    })
    .await;
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_where_it_was() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let place = shop.files.path().join("orders.csv");
        std::fs::write(&place, orders(20_000)).unwrap();
        let place = place.display().to_string();
        let file = ImportFile { kind: "orders".to_owned(), name: "orders.csv".to_owned(), place, bytes: 1 };
        let plan = ImportPlan { files: vec![file], options: ImportOptions::default() };
        let (db, source) = (shop.world.db.clone(), "till:torino".parse().unwrap());
        let id = ImportId(db.ids().uuid(db.now()));
        let mut tx = db.begin().await.unwrap();
        create(&mut tx, id, &source, &plan).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..3 {
            // Each time it is cut off within some portion.
            let before = find(&db, id).await.unwrap().unwrap().position;
            let task = tokio::spawn({
                let db = db.clone();
                async move { run(&db, id, Surroundings::default()).await.map(drop) }
            });
            while find(&db, id).await.unwrap().unwrap().position == before && !task.is_finished() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            task.abort();
            drop(task.await);
        }
        let cut = find(&db, id).await.unwrap().unwrap();
        assert!(cut.position > 0, "{cut:?}");
        let done = run(&db, id, Surroundings::default()).await.unwrap();
        assert_eq!(
            (done.position, done.facts_new, done.facts_total),
            (20_000, 20_000, 20_000),
            "none lost, none twice"
        );
        assert_eq!(db.head().await.unwrap(), 20_000);
    })
    .await;
}

#[tokio::test]
async fn erasure_reaches_cells_of_rejected_rows() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let file = "order_id,email,date,total,currency\n1,giulia@example.org,2026-01-02,10.00,EUR\n\
            2,giulia@example.org,2026-01-03,ask Giulia@Example.org,EUR\n3,bruno@example.org,2026-01-03,ask bruno@example.org,EUR\n";
        let import = shop.import("till:torino", "orders.csv", file.as_bytes()).await;
        assert_eq!(import["rows_rejected"], 2, "{import}");
        let db = &shop.world.db;
        let subject = db.hash_key().subject(&Handle::email("giulia@example.org").unwrap());
        let target = Target {
            erasure: uuid::Uuid::from_u128(1),
            person: PersonId(subject.0),
            subjects: vec![subject],
            records: Vec::new(),
        };
        let mut tx = db.begin().await.unwrap();
        let deleted = RejectEraser.erase(&mut tx, &target).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(deleted[0].count, 1);
        let id = import["id"].as_str().unwrap().parse::<ImportId>().unwrap();
        let rejects = clove_store::import::rejects(db, id, 0, 10).await.unwrap();
        let values: Vec<(u64, &str)> = rejects.iter().map(|(_, reject)| (reject.line, reject.value.as_str())).collect();
        assert_eq!(values, [(3, ""), (4, "ask bruno@example.org")]);
    })
    .await;
}

#[tokio::test]
async fn customers_of_a_shops_export_bring_names_and_consents_once() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let file = "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Phone,\
            Accepts SMS Marketing,Total Spent,Total Orders,Tags\n\
            '71,Giulia,Rossi,giulia@example.org,yes,Torino,'+393331234567,no,10.00,2,\"vip, gift\"\n\
            '72,Bruno,Verdi,,no,,,no,0.00,0,\n,,,,yes,,,,,,\n";
        // Handed in as orders: its columns tell what it is.
        let first = shop.import("shopify:my-shop", "customers_export.csv", file.as_bytes()).await;
        assert_eq!(
            (&first["summary"]["format"], &first["summary"]["customers"], &first["rows_read"], &first["rows_rejected"]),
            (&json!("customers"), &json!(2), &json!(3), &json!(1)),
            "{first}"
        );
        let again = shop.import("shopify:my-shop", "customers_export.csv", file.as_bytes()).await;
        assert_eq!((&again["facts_new"], &again["facts_done"]), (&json!(0), &json!(2)));
        let facts = shop.facts(&FactKind::CustomerProfile).await;
        assert_eq!(facts.len(), 2);
        let (id, _, FactBody::CustomerProfile(profile)) = &facts[0] else { panic!("{:?}", facts[0]) };
        assert_eq!((id.as_str(), &profile.tags[..]), ("71", &["vip".to_owned(), "gift".to_owned()][..]));
        assert_eq!(profile.attributes["accepts_marketing"], "yes");
    })
    .await;
}
