//! Odd inputs: files that are no tables, folders with other things in them, dates far off, sums over currencies.

use clove_connect::{Inputs, ReadOptions, read_shop};

use crate::common::{Files, read, read_with};

#[test]
fn files_that_are_no_tables_are_refused_by_name() {
    let files = Files::new();
    let refusal = |name: &str, content: &[u8]| {
        let error = read_shop(&Inputs::orders(&files.write(name, content)), &ReadOptions::default()).unwrap_err();
        assert!(error.is_data_problem(), "{error}");
        error.to_string()
    };
    assert!(refusal("report.csv", b"%PDF-1.7\n%\xe2\xe3").contains("report.csv' is a PDF document, not a table"));
    assert!(refusal("orders.xls", b"<html><table><tr><td>1</td></tr></table></html>").contains("an HTML page"));
    assert!(refusal("orders.csv", &[1, 2, 0, 0, 7, 9, 0, 0, 0, 3, 200, 0, 13, 0, 0, 0, 77]).contains("binary data"));
    assert!(refusal("orders.xlsx", b"PK\x03\x04\x14\0\0\0nothing of a workbook").contains("a ZIP archive"));
    let damaged = refusal("orders.xlsx", b"PK\x03\x04\x14\0\0\0xl/workbook.xml");
    assert!(damaged.contains("damaged or not a workbook"), "{damaged}");
}

#[test]
fn what_lies_beside_the_orders_in_a_folder_is_left_out_and_said() {
    let files = Files::new();
    let orders = files.write("orders.csv", "order_id,customer,date,amount\n1,ann,2026-01-05,10.00\n");
    files.write("picture.csv", b"\x89PNG\r\n");
    files.write("readme.txt", "Exports of the shop\nas of June\n");
    let refunds = files.write("refunds.csv", "order_id,refunded_at,items\n1,2026-01-09,4.00\n");
    let folder = orders.trim_end_matches("/orders.csv").to_owned();
    let inputs = Inputs { orders: vec![folder.clone()], refunds: Some(refunds), ..Inputs::default() };
    let shop = read_shop(&inputs, &ReadOptions::default()).unwrap().shop;
    assert_eq!((shop.orders.len(), shop.adjustments.len()), (1, 1));
    let told: Vec<&String> =
        shop.health.warnings.iter().filter(|text| text.contains("Left out of the folder")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("picture.csv' is a PNG image") && told[1].contains("readme.txt"));
    // Without one table of orders there is nothing to say.
    std::fs::remove_file(orders).unwrap();
    assert!(read_shop(&Inputs::orders(&folder), &ReadOptions::default()).unwrap_err().is_data_problem());
}

#[test]
fn rejects_come_in_the_order_of_the_rows_and_are_bounded() {
    let mut text = "order_id,customer,date,amount\n".to_owned();
    for row in 2..=40 {
        text += &match row % 3 {
            0 => format!("{row},ann,,5.00\n"),
            1 => format!("{row},ann,2026-01-05,five\n"),
            _ => format!("{row},ann,2026-01-05,5.00\n"),
        };
    }
    let lines = |keep_rejects| {
        let shop = read_with(&text, &ReadOptions { keep_rejects, ..ReadOptions::default() }).unwrap().shop;
        assert_eq!((shop.health.rejected, shop.health.rows), (26, 39));
        shop.health.rejects.iter().map(|reject| reject.line).collect::<Vec<_>>()
    };
    let all = lines(100);
    assert_eq!((all.len(), all.is_sorted()), (26, true));
    assert_eq!(lines(5), all[..5]);
}

#[test]
fn sums_of_what_was_left_out_keep_currencies_apart() {
    let text = "order_id,customer,date,currency,fx_rate,amount\n\
                1,ann,2026-01-05,EUR,1,10.00\n1,ann,2026-01-05,EUR,1,10.00\n\
                2,bob,2026-01-06,USD,0.9,20.00\n2,bob,2026-01-06,USD,0.9,20.00\n";
    let health = read(text).unwrap().shop.health;
    let tally = health.rows_left_out["duplicate_row"];
    assert_eq!((tally.count, tally.amount), (2, 1_000));
    assert!(health.warnings.iter().any(|text| text.contains("1 rows left out as duplicate_row are worth 20.00 USD")));
}

#[test]
fn a_date_far_beyond_the_rest_is_pointed_out() {
    let mut text = "order_id,customer,date,amount\n".to_owned();
    for day in 1..=28 {
        text += &format!("{day},c{day},2026-01-{day:02},5.00\n");
    }
    let warnings = |text: &str| {
        let warnings = read(text).unwrap().shop.health.warnings;
        warnings.into_iter().filter(|text| text.contains("typing error")).collect::<Vec<_>>()
    };
    assert!(warnings(&text).is_empty());
    let late = warnings(&format!("{text}99,c1,2036-01-05,5.00\n"));
    assert_eq!(late.len(), 1);
    assert!(late[0].contains("1 row dated up to 2036-01-05") && late[0].contains("--as-of 2026-01-28"), "{late:?}");
    // A shop that paused is no typing error.
    let mut paused = text.clone();
    for day in 1..=28 {
        paused += &format!("p{day},c{day},2027-01-{day:02},5.00\n");
    }
    assert!(warnings(&paused).is_empty());
}

#[test]
fn columns_named_gmt_or_utc_hold_instants() {
    let options = ReadOptions { time_zone: jiff::tz::TimeZone::get("Europe/Rome").unwrap(), ..ReadOptions::default() };
    let day = |column: &str| {
        let text = format!("order_id,customer,{column},amount\n1,ann,2026-01-31 23:30:00,5.00\n");
        read_with(text, &options).unwrap().shop.orders.day[0].to_string()
    };
    assert_eq!(day("date_created"), "2026-01-31");
    assert_eq!(day("date_created_gmt"), "2026-02-01");
    assert_eq!(day("Order date (UTC)"), "2026-02-01");
    assert_eq!(day("created_at_utc"), "2026-02-01");
}

#[test]
fn the_naive_figures_are_those_of_the_rows_as_written() {
    let files = Files::new();
    let orders = files.write(
        "orders.csv",
        "order_id,email,date,currency,fx_rate,gross,discount,test\n\
         1,Ann@x.it,2026-01-05,EUR,1,10.00,1.00,false\n2,ann@x.it ,2026-01-05,USD,0.9,20.00,0,false\n\
         3,,2026-01-05,EUR,1,30.50,0,true\n3,,2026-01-05,EUR,1,30.50,0,true\n",
    );
    let raw = |name: &str| {
        clove_connect::read_raw_figures(&Inputs::orders(name), &ReadOptions::default(), clove_core::Currency::EUR)
            .unwrap()
    };
    let found = raw(&orders).unwrap();
    assert_eq!((found.gross, found.emails), (9_100, 3));
    assert_eq!(raw(&files.write("no-mail.csv", "customer,date,amount\na,2026-01-05,1\n")), None);
}
