//! Generic tables: locales, encodings, duplicates, currencies, rejects.

use crate::common::{Files, adjustments, excluded, lines, order, read, read_with};
use clove_connect::{DateOrder, Inputs, Mapping, ReadError, ReadOptions, read_shop};
use clove_core::{Currency, Exclusion, NONE};

#[test]
fn an_italian_export_with_semicolons_is_read() {
    let text = "Numero ordine;Cliente;Data ordine;Stato;Importo;Sconto\n\
                1001;mario;13/04/2026;pagato;1.234,50 €;10,00\n\
                1002;anna;02/05/2026;annullato;99,90 €;\n";
    let import = read(text).unwrap();
    assert_eq!(import.shop.currency, Currency::EUR);
    assert_eq!(
        lines(&import.shop),
        [
            "1001 2026-04-13 none gross 1244.50 discount 10.00 tax 0.00 shipping 0.00",
            "1002 2026-05-02 cancelled gross 99.90 discount 0.00 tax 0.00 shipping 0.00",
        ]
    );
}

#[test]
fn a_french_export_in_windows_1252_is_read() {
    let text = "N° de commande;Adresse e-mail;Date de commande;Statut;Montant;Désignation\n\
                C-1;zoe@exemple.fr;13/04/2026 à 10:30;Payée;1\u{a0}234,50 €;Théière émaillée\n\
                C-2;leo@exemple.fr;14/04/2026 à 11:00;Annulée;12,00 €;Tasse à café\n";
    let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(text);
    assert!(!lost);
    let import = read(bytes).unwrap();
    assert_eq!(lines(&import.shop)[0], "C-1 2026-04-13 none gross 1234.50 discount 0.00 tax 0.00 shipping 0.00");
    assert_eq!(import.shop.orders.exclusion[1], Exclusion::Cancelled);
    assert_eq!(import.shop.orders.attribute("first_product").unwrap().value(0), Some("Théière émaillée"));
    let narrow = text.replace('\u{a0}', "\u{202f}");
    assert_eq!(lines(&read(narrow).unwrap().shop)[0], lines(&import.shop)[0]);
}

#[test]
fn an_arabic_export_in_windows_1256_is_read() {
    let text = "رقم الطلب,اسم العميل,تاريخ الطلب,حالة الطلب,المبلغ,العملة\n\
                1,أحمد,2026-04-13,مدفوع,120.50,EGP\n\
                2,فاطمة,2026-04-14,ملغي,80,EGP\n";
    let (bytes, _, lost) = encoding_rs::WINDOWS_1256.encode(text);
    assert!(!lost);
    let import = read(bytes).unwrap();
    assert_eq!(import.shop.currency.code(), "EGP");
    assert_eq!(import.shop.orders.customer_ids.get(import.shop.orders.customer_id[1]), "فاطمة");
    assert_eq!(import.shop.orders.exclusion, [Exclusion::None, Exclusion::Cancelled]);
}

#[test]
fn arabic_indic_digits_are_read() {
    let text = "رقم الطلب,رقم العميل,التاريخ,المبلغ\n١,٧,١٣/٤/٢٠٢٦,١٬٢٣٤٫٥٠ ر.س\n٢,٨,١٤/٤/٢٠٢٦,٨٠ ر.س\n";
    let import = read(text).unwrap();
    assert_eq!(import.shop.currency.code(), "SAR");
    assert_eq!(import.shop.orders.gross, [123_450, 8_000]);
    assert_eq!(import.shop.orders.day[0].to_string(), "2026-04-13");
}

#[test]
fn a_romanian_export_in_windows_1250_is_read() {
    let text = "Nr. comandă;Client;Data comenzii;Stare;Valoare;Produs\n\
                7;Ştefan;13.04.2026;Plătită;1.250,00 lei;Ceaşcă cu flori\n";
    let (bytes, _, lost) = encoding_rs::WINDOWS_1250.encode(text);
    assert!(!lost);
    let import = read(bytes).unwrap();
    assert_eq!(import.shop.currency.code(), "RON");
    assert_eq!(import.shop.orders.gross, [125_000]);
    assert_eq!(import.shop.orders.customer_ids.get(0), "Ştefan");
}

#[test]
fn utf16_tabs_and_a_byte_order_mark_are_read() {
    let text = "\u{feff}order_id\tcustomer\tdate\tamount\n1\tà\t2026-01-02\t5.00\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(bytes).unwrap().shop.orders.gross, [500]);
    assert_eq!(read(text).unwrap().shop.orders.gross, [500]);
}

#[test]
fn ambiguous_dates_are_refused_with_the_remedy() {
    let text = "customer,date,amount\na,03/04/2026,1\nb,05/06/2026,2\n";
    let error = read(text).unwrap_err();
    assert!(matches!(error, ReadError::AmbiguousDates { .. }) && error.is_data_problem());
    let message = error.to_string();
    assert!(
        message.contains("--date-order") && message.contains("2026-04-03") && message.contains("2026-03-04"),
        "{message}"
    );
    let options = ReadOptions { date_order: Some(DateOrder::MonthDayYear), ..ReadOptions::default() };
    assert_eq!(read_with(text, &options).unwrap().shop.orders.day[0].to_string(), "2026-03-04");
}

#[test]
fn one_row_anywhere_decides_the_order_of_day_and_month() {
    let mut text = "customer,date,amount\n".to_owned();
    for _ in 0..6_000 {
        text.push_str("a,03/04/2026,1\n");
    }
    text.push_str("a,12/25/2026,1\n");
    let shop = read(&text).unwrap().shop;
    assert_eq!(shop.orders.day[0].to_string(), "2026-03-04");
    let both = "customer,date,amount\na,25/12/2026,1\na,12/25/2026,1\n";
    assert!(matches!(read(both), Err(ReadError::ContradictoryDates { .. })));
}

#[test]
fn bad_rows_are_rejected_and_good_ones_kept() {
    let text = "order_id,customer,date,amount\n1,a,2026-01-01,5.00\n2,b,soon,6.00\n3,c,2026-01-03,six\n4,d,2026-01-04,1,5\n5,e,,7\n6,f,2026-01-06,8\n";
    let shop = read(text).unwrap().shop;
    assert_eq!((shop.orders.len(), shop.health.rows, shop.health.rejected), (2, 6, 4));
    let seen: Vec<String> =
        shop.health.rejects.iter().map(|r| format!("{} {} {} {}", r.line, r.column, r.value, r.reason)).collect();
    assert!(seen.contains(&"3 date soon not a date".to_owned()), "{seen:?}");
    assert!(seen.contains(&"4 amount six not a number".to_owned()), "{seen:?}");
    assert!(seen.iter().any(|line| line.starts_with("5 ") && line.contains("5 cells, the header has 4")), "{seen:?}");
    assert!(seen.iter().any(|line| line.starts_with("6 date") && line.contains("no date")), "{seen:?}");
    assert!(shop.health.rejects.iter().all(|reject| !reject.remedy.is_empty()));
    let none = read("customer,date\na,soon\n").unwrap_err();
    assert!(matches!(none, ReadError::NothingTaken { .. }), "{none}");
}

#[test]
fn a_file_without_usable_columns_says_what_it_saw_and_needs() {
    let error = read("colour,shape\nred,round\n").unwrap_err();
    assert!(error.is_data_problem());
    let message = error.to_string();
    assert!(message.contains("'colour', 'shape'") && message.contains("who bought"), "{message}");
    assert!(read("").is_err());
}

#[test]
fn a_log_of_dates_has_no_amounts() {
    let shop = read("date,id\n2014-03-08 00:00:00,0\n2014-05-21 00:00:00,1\n").unwrap().shop;
    assert!(!shop.has_amounts);
    assert_eq!(shop.orders.exclusion, [Exclusion::None; 2]);
    assert_eq!(shop.orders.customer_ids.len(), 2);
    assert!(shop.orders.order_id.is_empty());
}

#[test]
fn of_repeated_orders_the_newest_is_kept() {
    let text = "order_id,customer,date,amount,updated_at\n\
                1,a,2026-01-01,5.00,2026-01-03\n1,a,2026-01-01,4.00,2026-01-02\n2,b,2026-01-01,6.00,2026-01-01\n2,b,2026-01-01,6.00,2026-01-01\n";
    let shop = read(text).unwrap().shop;
    assert_eq!(shop.orders.gross, [500, 600]);
    let left: Vec<(&str, u64, i64)> = shop.health.rows_left_out.iter().map(|(k, v)| (*k, v.count, v.amount)).collect();
    assert_eq!(left, [("duplicate_row", 1, 600), ("replaced_by_newer", 1, 400)]);
}

#[test]
fn overlapping_exports_count_each_order_once() {
    let files = Files::new();
    let first = files.write("a.csv", "order_id,customer,date,amount\n1,a,2026-01-01,5.00\n2,b,2026-01-02,6.00\n");
    let second =
        files.write("b.csv", "order_id,customer,date,amount,discount\n2,b,2026-01-02,6.50,1\n3,c,2026-01-03,7.00,0\n");
    let inputs = Inputs { orders: vec![first, second], ..Inputs::default() };
    let shop = read_shop(&inputs, &ReadOptions::default()).unwrap().shop;
    assert_eq!(shop.orders.gross, [500, 750, 700]);
    assert_eq!(shop.orders.discount, [0, 100, 0]);
    assert_eq!(shop.health.rows_left_out["replaced_by_newer"].count, 1);
}

#[test]
fn several_currencies_need_a_word_and_rates() {
    let text = "order_id,customer,date,amount,currency\n1,a,2026-01-01,100,EUR\n2,b,2026-01-05,100,USD\n3,c,2026-01-20,100,USD\n";
    let error = read(text).unwrap_err();
    assert!(error.to_string().contains("USD: 2, EUR: 1"), "{error}");
    let files = Files::new();
    let inputs = Inputs {
        orders: vec![files.write("o.csv", text)],
        rates: Some(files.write("r.csv", "date,currency,rate\n2026-01-01,USD,0.90\n2026-01-04,USD,0.91\n")),
        ..Inputs::default()
    };
    let options = ReadOptions { currency: Some(Currency::EUR), ..ReadOptions::default() };
    let shop = read_shop(&inputs, &options).unwrap().shop;
    assert_eq!(shop.orders.gross, [10_000, 9_100, 0]);
    assert_eq!(shop.orders.exclusion[2], Exclusion::Quarantined);
    assert!(shop.health.warnings.iter().any(|warning| warning.contains("100.00 USD")), "{:?}", shop.health.warnings);
    assert_eq!(shop.orders.attribute("currency").unwrap().value(1), Some("USD"));
}

#[test]
fn offsets_are_instants_and_bare_times_are_the_shop_s() {
    let text = "order_id,customer,date,amount\n1,a,2026-01-31T23:30:00Z,1\n2,a,2026-01-31 23:30,1\n3,a,2026-01-31,1\n4,a,2026-02-01 03:00:00 +0500,1\n";
    let options = ReadOptions { time_zone: jiff::tz::TimeZone::get("Europe/Rome").unwrap(), ..ReadOptions::default() };
    let days: Vec<String> =
        read_with(text, &options).unwrap().shop.orders.day.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-02-01", "2026-01-31", "2026-01-31", "2026-01-31"]);
}

#[test]
fn negative_orders_take_back_the_sale_they_belong_to() {
    let text = "order_id,customer,date,amount\n1,a,2026-01-01,50\n2,a,2026-01-05,30\nC2,a,2026-01-09,-30\n4,a,2026-01-10,-50\n5,b,2026-01-10,-9\n";
    let shop = read(text).unwrap().shop;
    assert_eq!(adjustments(&shop), ["1 2026-01-10 50.00 0.00 0.00", "2 2026-01-09 30.00 0.00 0.00"]);
    assert_eq!(shop.orders.len(), 3);
    assert_eq!(excluded(&shop, Exclusion::ReturnWithoutSale), 1);
}

#[test]
fn refunded_orders_without_refund_rows_come_back_whole() {
    let text = "order_id,customer,date,amount,status\n1,a,2026-01-01,50,refunded\n2,a,2026-01-05,30,partially_refunded\n3,a,2026-01-06,30,paid\n";
    let shop = read(text).unwrap().shop;
    assert_eq!(adjustments(&shop), ["1 2026-01-01 50.00 0.00 0.00"]);
    assert_eq!(shop.orders.exclusion, [Exclusion::None; 3]);
    assert!(shop.health.warnings.iter().any(|warning| warning.contains("partly refunded")));
}

#[test]
fn refunds_of_unknown_orders_are_rejected() {
    let files = Files::new();
    let inputs = Inputs {
        orders: vec![files.write("o.csv", "order_id,customer,date,amount\n1,a,2026-01-01,50\n")],
        refunds: Some(files.write(
            "r.csv",
            "refund_id,order_id,date,amount\nr1,1,2026-01-09,20\nr1,1,2026-01-09,20\nr2,77,2026-01-09,5\n",
        )),
        ..Inputs::default()
    };
    let shop = read_shop(&inputs, &ReadOptions::default()).unwrap().shop;
    assert_eq!(adjustments(&shop), ["1 2026-01-09 20.00 0.00 0.00"]);
    assert_eq!(shop.health.rows_left_out["duplicate_refund"].count, 1);
    assert_eq!((shop.health.rejected, shop.health.rejects[0].line), (1, 4));
}

#[test]
fn totals_are_taken_apart() {
    let text = "order_id,customer,date,total,tax,shipping,discount\n1,a,2026-01-01,132.00,22.00,10.00,5\n";
    assert_eq!(
        lines(&read(text).unwrap().shop),
        ["1 2026-01-01 none gross 105.00 discount 5.00 tax 22.00 shipping 10.00"]
    );
    let text = "order_id,customer,date,gross,net sales\n1,a,2026-01-01,100.00,90.00\n";
    assert_eq!(
        lines(&read(text).unwrap().shop),
        ["1 2026-01-01 none gross 100.00 discount 10.00 tax 0.00 shipping 0.00"]
    );
}

#[test]
fn a_mapping_names_what_cannot_be_guessed_and_survives_a_round_trip() {
    let text = "a;b;c;d\nx1;kate;13-04-2026;1,50\nx2;paul;14-04-2026;2,50\n";
    let mapping =
        Mapping::from_toml("[columns]\norder_id = \"a\"\ncustomer_id = \"b\"\nplaced_at = \"c\"\namount = \"d\"\n")
            .unwrap();
    let options = ReadOptions { map: Some(mapping), ..ReadOptions::default() };
    let import = read_with(text, &options).unwrap();
    assert_eq!(import.shop.orders.gross, [150, 250]);
    let written = Mapping::from_toml(&import.to_mapping().to_toml()).unwrap();
    let again = read_with(text, &ReadOptions { map: Some(written), ..ReadOptions::default() }).unwrap();
    assert_eq!(lines(&again.shop), lines(&import.shop));
    let wrong = Mapping::from_toml("[columns]\norder_id = \"zzz\"\n").unwrap();
    let error = read_with(text, &ReadOptions { map: Some(wrong), ..ReadOptions::default() }).unwrap_err();
    assert!(error.to_string().contains("zzz"), "{error}");
}

#[test]
fn ids_mangled_by_spreadsheets_and_guests_are_understood() {
    let text = "order_id,customer_id,email,date,amount\n1,17850.0,,2026-01-01,5\n2,17850,,2026-01-02,5\n3,nan,,2026-01-03,5\n4,,,2026-01-04,5\n";
    let shop = read(text).unwrap().shop;
    assert_eq!(shop.orders.customer_id, [0, 0, NONE, NONE]);
    assert_eq!(shop.orders.customer_ids.get(0), "17850");
}

#[test]
fn title_lines_sep_lines_and_trailing_columns_do_not_disturb() {
    let text = "Sales report\n\"sep=;\"\norder_id;customer;date;amount;;\n1;a;2026-01-01;5,00;;\n";
    assert_eq!(read(text).unwrap().shop.orders.gross, [500]);
    assert_eq!(read("sep=;\norder_id;customer;date;amount\n1;a;2026-01-01;5,00\n").unwrap().shop.orders.gross, [500]);
}

#[test]
fn other_columns_become_attributes() {
    let text = "order_id,customer,date,amount,store,Channel,note\n1,a,2026-01-01,5,Rome,ads,hello there\n2,b,2026-01-02,5,Milan,,\n";
    let shop = read(text).unwrap().shop;
    assert_eq!(shop.orders.attribute("store").unwrap().value(1), Some("Milan"));
    assert_eq!(shop.orders.attribute("channel").unwrap().value(0), Some("ads"));
    assert_eq!(shop.orders.attribute("channel").unwrap().value(1), None);
    assert_eq!(order(&shop, "2"), 1);
}

#[test]
fn wholesale_orders_and_drafts_do_not_count() {
    let text = "order_id,customer,date,amount,tags,kind,test\n1,a,2026-01-01,5,\"vip, Wholesale\",sale,0\n2,b,2026-01-02,5,,draft,0\n3,b,2026-01-02,5,vip,sale,yes\n4,b,2026-01-02,5,vip,gift card,no\n";
    let shop = read(text).unwrap().shop;
    assert_eq!(
        shop.orders.exclusion,
        [Exclusion::Wholesale, Exclusion::Pending, Exclusion::Test, Exclusion::GiftCardSale]
    );
}

#[test]
fn random_files_never_panic() {
    use proptest::prelude::*;
    proptest!(ProptestConfig::with_cases(200), |(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "(order_id|customer|date|amount|[0-9a-z,;\"\n/.:-]){0,60}")| {
        let _ = read(&bytes);
        let _ = read(&text);
        let _ = read(format!("customer,date,amount\n{text}"));
    });
}
