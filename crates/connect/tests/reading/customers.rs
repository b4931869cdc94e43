//! Tables of customers and raw tables.

use crate::common::Files;
use clove_connect::{CustomerFormat, ReadOptions, read_customers, read_table};

#[test]
fn a_summary_is_read_under_any_of_its_names() {
    let files = Files::new();
    for text in [
        "ID,frequency,recency,T\n1,2,30.43,38.86\n2,1,1.71,38.86\n",
        "ID,x,t_x,T,zbar\n1,2,30.43,38.86,22.35\n2,1,1.71,38.86,11.77\n",
    ] {
        let table = read_customers(&files.write("summary.csv", text), &ReadOptions::default()).unwrap();
        assert_eq!(table.format, CustomerFormat::Summary);
        assert_eq!(table.frequency, [Some(2.0), Some(1.0)]);
        assert_eq!(table.recency, [Some(30.43), Some(1.71)]);
        assert_eq!(table.age, [Some(38.86), Some(38.86)]);
        assert_eq!(table.customer_id[0].as_deref(), Some("1"));
        assert_eq!(table.monetary_value.first().copied().flatten(), text.contains("zbar").then_some(22.35));
    }
}

#[test]
fn klaviyo_s_predictions_are_read() {
    let text = "Email,Klaviyo ID,First Name,Phone Number,Country,Historic Customer Lifetime Value,Predicted Customer Lifetime Value,Historic Number Of Orders,Predicted Number Of Orders,Churn Risk Prediction,Expected Date Of Next Order\n\
                Ann@X.it,01H,Ann,333 1234567,Italy,240.00,55.5,3,0.8,0.25,2026-09-01\nbob@x.it,01J,Bob,,,80,,1,,,\n";
    let files = Files::new();
    let table = read_customers(&files.write("profiles.csv", text), &ReadOptions::default()).unwrap();
    assert_eq!(table.format, CustomerFormat::KlaviyoProfiles);
    assert_eq!(table.len(), 2);
    assert_eq!(table.email[0].as_deref(), Some("ann@x.it"));
    assert_eq!(table.phone[0].as_deref(), Some("+393331234567"));
    assert_eq!(table.predicted_value, [Some(55.5), None]);
    assert_eq!(table.historic_value, [Some(240.0), Some(80.0)]);
    assert_eq!(table.orders, [Some(3.0), Some(1.0)]);
    assert_eq!(table.churn_risk[0], Some(0.25));
    assert_eq!(table.expected_next_order[0].unwrap().to_string(), "2026-09-01");
}

#[test]
fn shopify_s_customers_are_read() {
    let text = "First Name,Last Name,Email,Accepts Email Marketing,Company,Address1,Address2,City,Province,Province Code,Country,Country Code,Zip,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Tags,Note,Tax Exempt\n\
                Ann,R,ann@x.it,yes,,,,,,,Italy,IT,,'+39333,no,1234.50,4,,,no\n";
    let files = Files::new();
    let table = read_customers(&files.write("customers.csv", text), &ReadOptions::default()).unwrap();
    assert_eq!(table.format, CustomerFormat::ShopifyCustomers);
    assert_eq!((table.historic_value[0], table.orders[0]), (Some(1234.5), Some(4.0)));
}

#[test]
fn raw_columns_keep_their_numbers() {
    let files = Files::new();
    let table = read_table(
        &files.write("cohorts.csv", "cohort,period,survivors\nhighend,0,1000\nhighend,1,869\n"),
        &ReadOptions::default(),
    )
    .unwrap();
    let survivors = table.position(&["survivors"]).unwrap();
    assert_eq!(table.numbers(survivors).unwrap(), [Some(1000.0), Some(869.0)]);
    assert_eq!(table.texts(0), [Some("highend".to_owned()), Some("highend".to_owned())]);
    assert!(table.numbers(0).unwrap_err().is_data_problem());
    assert_eq!(table.position(&["nothing"]), None);
}

#[test]
fn a_table_that_names_no_customer_is_refused() {
    let files = Files::new();
    let error =
        read_customers(&files.write("x.csv", "colour,shape\nred,round\n"), &ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("'colour', 'shape'"));
}
