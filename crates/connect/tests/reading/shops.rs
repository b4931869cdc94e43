//! Exports of shop systems and other kinds of files.

use std::sync::Arc;

use crate::common::{Files, adjustments, excluded, lines, order, read, read_with};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use clove_connect::{Inputs, ReadOptions, read_shop};
use clove_core::{Currency, Exclusion, NONE};

/// The header of Shopify's export of orders, with the cells of the given rows by column name.
fn shopify(rows: &[&[(&str, &str)]]) -> String {
    let header = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References";
    let names: Vec<&str> = header.split(',').collect();
    assert_eq!(names.len(), 79);
    let mut text = format!("{header}\n");
    for row in rows {
        let cells: Vec<String> = names
            .iter()
            .map(|name| {
                row.iter().find(|(column, _)| column == name).map_or(String::new(), |(_, cell)| format!("\"{cell}\""))
            })
            .collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

#[test]
fn shopify_s_export_of_orders_is_read() {
    let text = shopify(&[
        &[
            ("Name", "#1001"),
            ("Email", "Ann@X.it"),
            ("Financial Status", "paid"),
            ("Currency", "EUR"),
            ("Subtotal", "90.00"),
            ("Shipping", "5.00"),
            ("Taxes", "19.80"),
            ("Total", "114.80"),
            ("Discount Code", "SPRING"),
            ("Discount Amount", "10.00"),
            ("Created at", "2025-10-02 23:09:34 -0300"),
            ("Lineitem quantity", "2"),
            ("Lineitem name", "Blue cup"),
            ("Lineitem price", "30.00"),
            ("Lineitem sku", "CUP-1"),
            ("Source", "web"),
            ("Billing Country", "IT"),
            ("Billing Phone", "'333 1234567"),
        ],
        &[
            ("Name", "#1001"),
            ("Email", "Ann@X.it"),
            ("Lineitem quantity", "1"),
            ("Lineitem name", "Plate, \"\"big\"\""),
            ("Lineitem price", "40.00"),
            ("Lineitem sku", "PLATE-9"),
        ],
        &[
            ("Name", "#1002"),
            ("Email", "bob@x.it"),
            ("Financial Status", "partially_refunded"),
            ("Currency", "EUR"),
            ("Subtotal", "122.00"),
            ("Shipping", "0.00"),
            ("Taxes", "22.00"),
            ("Total", "122.00"),
            ("Discount Amount", "0.00"),
            ("Refunded Amount", "61.00"),
            ("Created at", "2025-10-03 10:00:00 +0200"),
            ("Lineitem quantity", "1"),
            ("Lineitem name", "Lamp"),
            ("Lineitem price", "122.00"),
        ],
        &[
            ("Name", "#1003"),
            ("Email", "cat@x.it"),
            ("Financial Status", "refunded"),
            ("Currency", "EUR"),
            ("Subtotal", "40.00"),
            ("Shipping", "5.00"),
            ("Taxes", "0.00"),
            ("Total", "45.00"),
            ("Discount Amount", "0"),
            ("Refunded Amount", "45.00"),
            ("Cancelled at", "2025-10-09 10:00:00 +0200"),
            ("Created at", "2025-10-04 10:00:00 +0200"),
            ("Lineitem quantity", "1"),
            ("Lineitem name", "Plate"),
            ("Lineitem price", "40.00"),
        ],
        &[
            ("Name", "#1004"),
            ("Email", "dan@x.it"),
            ("Financial Status", "voided"),
            ("Currency", "EUR"),
            ("Subtotal", "40.00"),
            ("Total", "40.00"),
            ("Created at", "2025-10-04 10:00:00 +0200"),
            ("Lineitem quantity", "1"),
            ("Lineitem name", "Plate"),
            ("Lineitem price", "40.00"),
        ],
        &[
            ("Name", "#1005"),
            ("Email", "eva@x.it"),
            ("Financial Status", "paid"),
            ("Currency", "EUR"),
            ("Subtotal", "50.00"),
            ("Total", "50.00"),
            ("Created at", "2025-10-05 10:00:00 +0200"),
            ("Lineitem quantity", "1"),
            ("Lineitem name", "Gift Card 50"),
            ("Lineitem price", "50.00"),
        ],
        &[
            ("Name", "#1006"),
            ("Email", "fay@x.it"),
            ("Financial Status", "paid"),
            ("Currency", "EUR"),
            ("Subtotal", "40.00"),
            ("Shipping", "0.00"),
            ("Total", "40.00"),
            ("Discount Code", "FREESHIP"),
            ("Discount Amount", "5.00"),
            ("Created at", "2025-10-06 10:00:00 +0200"),
            ("Lineitem quantity", "1"),
            ("Lineitem name", "Plate"),
            ("Lineitem price", "40.00"),
        ],
    ]);
    let import = read(&text).unwrap();
    let shop = &import.shop;
    assert_eq!(import.format.name(), "shopify-orders");
    assert_eq!(shop.health.rejected, 0, "{:?}", shop.health.rejects);
    assert_eq!(
        lines(shop),
        [
            "#1001 2025-10-03 none gross 100.00 discount 10.00 tax 19.80 shipping 5.00",
            "#1002 2025-10-03 none gross 100.00 discount 0.00 tax 22.00 shipping 0.00",
            "#1003 2025-10-04 none gross 40.00 discount 0.00 tax 0.00 shipping 5.00",
            "#1004 2025-10-04 cancelled gross 40.00 discount 0.00 tax 0.00 shipping 0.00",
            "#1005 2025-10-05 gift_card_sale gross 0.00 discount 0.00 tax 0.00 shipping 0.00",
            "#1006 2025-10-06 none gross 40.00 discount 0.00 tax 0.00 shipping 0.00",
        ]
    );
    assert_eq!(adjustments(shop), ["#1002 2025-10-03 50.00 11.00 0.00", "#1003 2025-10-09 40.00 5.00 0.00"]);
    assert_eq!(shop.orders.emails.get(shop.orders.email[0]), "ann@x.it");
    assert_eq!(shop.orders.phones.get(shop.orders.phone[0]), "+393331234567");
    assert_eq!(shop.orders.attribute("discount_code").unwrap().value(0), Some("SPRING"));
    assert_eq!(shop.orders.attribute("first_product").unwrap().value(0), Some("CUP-1"));
    let products = shop.lines.as_ref().unwrap();
    assert_eq!(products.quantity[..2], [2, 1]);
    assert_eq!(products.gross[..2], [6_000, 4_000]);
    // The identity "net + tax + shipping = paid" holds on every order that counts.
    for (id, total) in [("#1001", 11_480), ("#1002", 12_200), ("#1003", 4_500), ("#1006", 4_000)] {
        let at = order(shop, id);
        assert_eq!(shop.orders.placed_of(at) + shop.orders.tax_of(at) + shop.orders.shipping_of(at), total, "{id}");
    }
}

#[test]
fn a_refunds_file_goes_before_shopify_s_refunded_amount() {
    let files = Files::new();
    let text = shopify(&[&[
        ("Name", "#1"),
        ("Email", "a@x.it"),
        ("Financial Status", "partially_refunded"),
        ("Currency", "EUR"),
        ("Subtotal", "100.00"),
        ("Total", "100.00"),
        ("Refunded Amount", "30.00"),
        ("Created at", "2025-10-03 10:00:00 +0200"),
        ("Lineitem quantity", "1"),
        ("Lineitem name", "Lamp"),
        ("Lineitem price", "100.00"),
    ]]);
    let inputs = Inputs {
        orders: vec![files.write("orders.csv", text)],
        refunds: Some(files.write("refunds.csv", "order_id,refunded_at,items\n#1,2025-11-01,30.00\n")),
        ..Inputs::default()
    };
    let shop = read_shop(&inputs, &ReadOptions::default()).unwrap().shop;
    assert_eq!(adjustments(&shop), ["#1 2025-11-01 30.00 0.00 0.00"]);
}

#[test]
fn woocommerce_s_analytics_export_is_read() {
    let text = "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution\n\
                2026-01-02 10:00:00,501,€45.00,completed,Ann Rossi,new,\"2× Cup, 1× Plate\",3,SPRING,45.00,Organic\n\
                2026-01-03 10:00:00,502,€20.00,on-hold,Bob Neri,returning,1× Plate,1,,20.00,Direct\n";
    let import = read(text).unwrap();
    assert_eq!(import.format.name(), "woocommerce-analytics");
    assert_eq!(lines(&import.shop)[0], "501 2026-01-02 none gross 45.00 discount 0.00 tax 0.00 shipping 0.00");
    assert_eq!(import.shop.orders.exclusion[1], Exclusion::Pending);
    assert_eq!(import.shop.orders.attribute("discount_code").unwrap().value(0), Some("SPRING"));
}

#[test]
fn woocommerce_orders_as_json_lines_are_read() {
    let text = concat!(
        r#"{"id":9,"status":"completed","currency":"EUR","date_created":"2026-01-02T10:00:00","discount_total":"10.00","shipping_total":"5.00","total":"114.80","total_tax":"19.80","customer_id":0,"billing":{"email":"Ann@x.it","phone":"333 1234567","country":"IT"},"line_items":[{"name":"Cup","sku":"C","quantity":2,"subtotal":"60.00","total":"54.00"},{"name":"Plate","sku":"P","quantity":1,"subtotal":"40.00","total":"36.00"}]}"#,
        "\n",
        r#"{"id":10,"status":"cancelled","currency":"EUR","date_created":"2026-01-03T10:00:00","discount_total":"0.00","shipping_total":"0.00","total":"36.60","total_tax":"6.60","customer_id":7,"billing":{"email":"bob@x.it","phone":"","country":"IT"},"line_items":[{"name":"Cup","sku":"C","quantity":1,"subtotal":"30.00","total":"30.00"}]}"#,
        "\nbroken\n"
    );
    let import = read(text).unwrap();
    let shop = &import.shop;
    assert_eq!(import.format.name(), "woocommerce-orders");
    assert_eq!(lines(shop)[0], "9 2026-01-02 none gross 100.00 discount 10.00 tax 19.80 shipping 5.00");
    assert_eq!(shop.orders.exclusion[1], Exclusion::Cancelled);
    assert_eq!(shop.orders.customer_id[0], NONE);
    assert_eq!(shop.orders.phones.get(shop.orders.phone[0]), "+393331234567");
    assert_eq!(shop.lines.as_ref().unwrap().order, [0, 0, 1]);
    assert_eq!((shop.health.rejected, shop.health.rejects[0].line), (1, 3));
}

#[test]
fn refunds_within_woocommerce_orders_are_used() {
    let text = concat!(
        r#"{"id":1,"status":"completed","currency":"EUR","date_created_gmt":"2026-01-01T23:30:00","discount_total":"0.00","shipping_total":"0.00","total":"122.00","total_tax":"22.00","customer_id":4,"line_items":[{"name":"Cup","sku":"C","quantity":2,"subtotal":"100.00","total":"100.00"}],"refunds":[{"id":5,"reason":"","total":"-36.60"},{"id":6,"reason":"late","total":"-24.40"}]}"#,
        "\n",
        r#"{"id":2,"status":"refunded","currency":"EUR","date_created_gmt":"2026-01-05T10:00:00","discount_total":"0.00","shipping_total":"0.00","total":"12.20","total_tax":"2.20","customer_id":5,"line_items":[],"refunds":[]}"#,
    );
    let options = ReadOptions { time_zone: jiff::tz::TimeZone::get("Europe/Rome").unwrap(), ..ReadOptions::default() };
    let import = read_with(text, &options).unwrap();
    assert_eq!(import.format.name(), "woocommerce-orders");
    assert_eq!(import.shop.orders.day[0].to_string(), "2026-01-02", "half past midnight in Rome");
    assert_eq!(adjustments(&import.shop), ["1 2026-01-02 50.00 11.00 0.00", "2 2026-01-05 10.00 2.20 0.00"]);
}

#[test]
fn shopify_s_rest_orders_as_json_lines_are_read() {
    let text = concat!(
        r##"{"id":450789469,"name":"#1001","email":"Ann@X.it","created_at":"2026-01-10T11:00:00-05:00","processed_at":"2026-01-10T23:30:00-05:00","updated_at":"2026-02-01T10:00:00-05:00","cancelled_at":null,"test":false,"currency":"EUR","financial_status":"partially_refunded","subtotal_price":"90.00","total_discounts":"10.00","total_tax":"19.80","total_price":"114.80","taxes_included":false,"total_shipping_price_set":{"shop_money":{"amount":"5.00","currency_code":"EUR"}},"discount_codes":[{"code":"SPRING","amount":"10.00"}],"customer":{"id":207119551},"source_name":"web","line_items":[{"sku":"CUP","name":"Cup","quantity":2,"price":"30.00"},{"sku":"JUG","name":"Jug","quantity":1,"price":"40.00"}],"refunds":[{"created_at":"2026-01-20T10:00:00-05:00","transactions":[{"kind":"refund","status":"success","amount":"36.60"},{"kind":"refund","status":"failure","amount":"36.60"}]}]}"##,
        "\n",
        r##"{"id":450789470,"name":"#1002","email":"bob@x.it","created_at":"2026-01-12T10:00:00Z","processed_at":"2026-01-12T10:00:00Z","updated_at":"2026-01-12T10:00:00Z","cancelled_at":null,"test":true,"currency":"EUR","financial_status":"paid","subtotal_price":"10.00","total_discounts":"0.00","total_tax":"0.00","total_price":"10.00","taxes_included":false,"customer":{"id":207119552},"line_items":[{"sku":"CUP","name":"Cup","quantity":1,"price":"10.00"}],"refunds":[]}"##,
    );
    let import = read(text).unwrap();
    let shop = &import.shop;
    assert_eq!(import.format.name(), "shopify-rest");
    assert_eq!(lines(shop)[0], "450789469 2026-01-11 none gross 100.00 discount 10.00 tax 19.80 shipping 5.00");
    assert_eq!(shop.orders.exclusion[1], Exclusion::Test);
    assert_eq!(shop.orders.attribute("discount_code").unwrap().value(0), Some("SPRING"));
    assert_eq!(shop.lines.as_ref().unwrap().quantity, [2, 1, 1]);
    // 36.60 of 109.80 with tax: a third of the items, on its own day.
    assert_eq!(adjustments(shop), ["450789469 2026-01-20 30.00 6.60 0.00"]);
}

#[test]
fn shopify_s_bulk_export_is_read() {
    let order = |id: &str, status: &str, more: &str| {
        format!(
            r#"{{"id":"gid://shopify/Order/{id}","name":"\u0023{id}","email":"ann@x.it","processedAt":"2026-01-10T09:00:00Z","displayFinancialStatus":"{status}","test":false,"taxesIncluded":false,"subtotalPriceSet":{{"shopMoney":{{"amount":"90.0","currencyCode":"EUR"}}}},"totalDiscountsSet":{{"shopMoney":{{"amount":"10.0"}}}},"totalTaxSet":{{"shopMoney":{{"amount":"0.0"}}}},"totalPriceSet":{{"shopMoney":{{"amount":"95.0","currencyCode":"EUR"}}}},"totalShippingPriceSet":{{"shopMoney":{{"amount":"5.0"}}}}{more}}}"#
        )
    };
    let item = |order: &str, sku: &str, quantity: u32| {
        format!(
            r#"{{"id":"gid://shopify/LineItem/{sku}{order}","sku":"{sku}","name":"{sku}","quantity":{quantity},"originalUnitPriceSet":{{"shopMoney":{{"amount":"50.0"}}}},"__parentId":"gid://shopify/Order/{order}"}}"#
        )
    };
    let text = [
        order("7", "PAID", ""),
        item("7", "CUP", 1),
        r#"{"allocatedAmountSet":{"shopMoney":{"amount":"10.0"}},"__parentId":"gid://shopify/LineItem/CUP7"}"#.to_owned(),
        item("7", "JUG", 1),
        order("8", "PENDING", r#","lineItems":{"edges":[{"node":{"sku":"CUP","name":"CUP","quantity":2,"originalUnitPriceSet":{"shopMoney":{"amount":"50.0"}}}}]}"#),
    ]
    .join("\n");
    let import = read(text).unwrap();
    let shop = &import.shop;
    assert_eq!(import.format.name(), "shopify-graphql");
    assert_eq!(
        lines(shop)[0],
        "gid://shopify/Order/7 2026-01-10 none gross 100.00 discount 10.00 tax 0.00 shipping 5.00"
    );
    assert_eq!(shop.orders.exclusion[1], Exclusion::Pending);
    let products = shop.lines.as_ref().unwrap();
    assert_eq!((&products.order[..], &products.quantity[..]), (&[0, 0, 1][..], &[1, 1, 2][..]));
    assert_eq!(shop.health.rejected, 0);
}

/// Lines as a wholesaler of gifts exports them: cancel invoices, postage, guests, repeats.
const RETAIL: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
    536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850.0,United Kingdom\n\
    536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850.0,United Kingdom\n\
    536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850.0,United Kingdom\n\
    536366,POST,POSTAGE,1,12/1/2010 8:28,18.00,17850.0,United Kingdom\n\
    536366,22633,HAND WARMER,6,12/1/2010 8:28,1.85,17850.0,United Kingdom\n\
    536366,22633,HAND WARMER,4,12/1/2010 8:29,1.85,17850.0,United Kingdom\n\
    C536379,85123A,WHITE HANGING HEART,-2,12/13/2010 9:41,2.55,17850.0,United Kingdom\n\
    C536380,99999,NEVER SOLD HERE,-1,12/13/2010 9:49,4.65,17850.0,United Kingdom\n\
    536414,22139,,56,12/13/2010 11:52,0,,United Kingdom\n\
    536544,21773,DECORATIVE ROSE,1,12/13/2010 14:32,2.51,,United Kingdom\n\
    541431,23166,MEDIUM CERAMIC JAR,74215,1/18/2011 10:01,1.04,12346,United Kingdom\n\
    C541433,23166,MEDIUM CERAMIC JAR,-74215,1/18/2011 10:17,1.04,12346,United Kingdom\n\
    A563186,B,Adjust bad debt,1,8/12/2011 14:51,-11062.06,,United Kingdom\n\
    541999,BANK CHARGES,Bank Charges,1,1/18/2011 10:20,15,12346,United Kingdom\n";

#[test]
fn lines_with_cancel_invoices_are_read() {
    let options = ReadOptions { currency: Some("GBP".parse().unwrap()), ..ReadOptions::default() };
    let import = read_with(RETAIL, &options).unwrap();
    let shop = &import.shop;
    assert_eq!(import.format.name(), "generic-lines");
    assert_eq!(
        lines(shop),
        [
            "536365 2010-12-01 none gross 35.64 discount 0.00 tax 0.00 shipping 0.00",
            "536366 2010-12-01 none gross 18.50 discount 0.00 tax 0.00 shipping 18.00",
            "C536380 2010-12-13 return_without_sale gross -4.65 discount 0.00 tax 0.00 shipping 0.00",
            "536414 2010-12-13 zero_value gross 0.00 discount 0.00 tax 0.00 shipping 0.00",
            "536544 2010-12-13 none gross 2.51 discount 0.00 tax 0.00 shipping 0.00",
            "541431 2011-01-18 none gross 77183.60 discount 0.00 tax 0.00 shipping 0.00",
            "A563186 2011-08-12 non_product gross 0.00 discount 0.00 tax 0.00 shipping 0.00",
            "541999 2011-01-18 non_product gross 0.00 discount 0.00 tax 0.00 shipping 0.00",
        ]
    );
    assert_eq!(adjustments(shop), ["536365 2010-12-13 5.10 0.00 0.00", "541431 2011-01-18 77183.60 0.00 0.00"]);
    assert_eq!(excluded(shop, Exclusion::ReturnWithoutSale), 1);
    let left: Vec<(&str, u64, i64)> = shop.health.rows_left_out.iter().map(|(k, v)| (*k, v.count, v.amount)).collect();
    assert_eq!(left, [("duplicate_row", 1, 2_034), ("non_product_line", 3, -1_102_906)]);
    assert_eq!(shop.orders.customer_id[4], NONE);
    assert_eq!(shop.orders.customer_ids.get(shop.orders.customer_id[0]), "17850");
}

#[test]
fn costs_by_product_reach_the_orders() {
    let files = Files::new();
    let inputs = Inputs {
        orders: vec![files.write("lines.csv", "order_id,customer,date,sku,quantity,unit_price\n1,a,2026-01-01,A,2,10\n1,a,2026-01-01,B,1,5\n2,b,2026-01-02,C,1,7\n")],
        costs: Some(files.write("costs.csv", "product_code,cost\nA,4.00\nB,1.50\n")),
        ..Inputs::default()
    };
    let shop = read_shop(&inputs, &ReadOptions::default()).unwrap().shop;
    assert_eq!(shop.orders.cost_of(0), Some(950));
    assert_eq!(shop.orders.cost_of(1), None);
    assert!(shop.health.warnings.iter().any(|warning| warning.contains("no cost")), "{:?}", shop.health.warnings);
}

#[test]
fn a_workbook_is_read() {
    let path = format!("{}/tests/files/orders.xlsx", env!("CARGO_MANIFEST_DIR"));
    let shop = read_shop(&Inputs::orders(&path), &ReadOptions::default()).unwrap().shop;
    assert_eq!(
        lines(&shop),
        [
            "1001 2026-04-13 none gross 1244.50 discount 10.00 tax 0.00 shipping 0.00",
            "1002 2026-05-02 none gross 99.90 discount 0.00 tax 0.00 shipping 0.00",
            "1003 2026-03-04 none gross 12.50 discount 0.00 tax 0.00 shipping 0.00",
        ]
    );
    assert_eq!((shop.health.rejected, shop.health.rejects[0].line), (1, 7));
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_with_typed_columns_is_read() {
    let bytes = parquet(vec![
        ("customer_id", Arc::new(Int64Array::from(vec![Some(7), Some(1 << 40), None, Some(-3)]))),
        ("date", Arc::new(Date32Array::from(vec![20_000, 20_001, 20_002, 20_003]))),
        ("amount", Arc::new(Float64Array::from(vec![Some(12.34), Some(0.1 + 0.2), None, Some(f64::INFINITY)]))),
        ("test", Arc::new(BooleanArray::from(vec![false, true, false, false]))),
        ("channel", Arc::new(StringArray::from(vec![Some("ads"), None, Some("ads"), Some("mail")]))),
    ]);
    let shop = read(bytes).unwrap().shop;
    assert_eq!(shop.orders.gross, [1_234, 30, 0]);
    assert_eq!(shop.orders.day[0].0, 20_000);
    assert_eq!(shop.orders.exclusion, [Exclusion::None, Exclusion::Test, Exclusion::ZeroValue]);
    assert_eq!(shop.orders.customer_ids.iter().collect::<Vec<_>>(), ["7", "1099511627776", "-3"]);
    assert_eq!(shop.orders.customer_id, [0, 1, NONE]);
    assert_eq!(shop.orders.attribute("channel").unwrap().codes, [0, NONE, 0]);
    assert_eq!((shop.health.rejected, shop.health.rejects[0].column.as_str()), (1, "amount"));
}

#[test]
fn parquet_times_follow_the_shop_s_zone() {
    let micros = "2026-01-31T23:30:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let options = ReadOptions { time_zone: jiff::tz::TimeZone::get("Europe/Rome").unwrap(), ..ReadOptions::default() };
    let day = |times: TimestampMicrosecondArray| {
        let bytes = parquet(vec![
            ("order_id", Arc::new(StringArray::from(vec!["x"]))),
            ("email", Arc::new(StringArray::from(vec!["Ann@x.it"]))),
            ("ordered_at", Arc::new(times)),
        ]);
        read_with(bytes, &options).unwrap().shop.orders.day[0].to_string()
    };
    assert_eq!(day(TimestampMicrosecondArray::from(vec![micros]).with_timezone("UTC")), "2026-02-01");
    assert_eq!(day(TimestampMicrosecondArray::from(vec![micros])), "2026-01-31");
}

#[test]
fn text_and_parquet_of_the_same_shop_agree() {
    let text = read("customer_id,date,amount\n5,2026-01-02,1.50\n6,2026-01-03,2.25\n").unwrap().shop;
    let typed = read(parquet(vec![
        ("customer_id", Arc::new(Int64Array::from(vec![5, 6]))),
        ("date", Arc::new(Date32Array::from(vec![text.orders.day[0].0, text.orders.day[1].0]))),
        ("amount", Arc::new(Float64Array::from(vec![1.5, 2.25]))),
    ]))
    .unwrap()
    .shop;
    assert_eq!(lines(&text), lines(&typed));
    assert_eq!(text.currency, typed.currency);
    assert_ne!(text.currency, Currency::EUR);
}
