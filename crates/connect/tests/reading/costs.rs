//! Costs of goods and of handling, from the orders' own columns and from a costs file.

use clove_connect::{Inputs, ReadOptions, read_shop};

use crate::common::{Files, order, read};

#[test]
fn handling_costs_come_from_columns_of_the_orders() {
    let shop = read(
        "order_id,customer,date,currency,fx_rate,amount,shipping,shipping_cost,payment_fee,packaging_cost,cogs\n\
         1,ann,2026-01-05,EUR,1,100.00,5.00,4.20,-2.51,0.95,40.00\n\
         2,bob,2026-01-06,USD,0.9,50.00,0.00,6.00,1.00,,20.00\n",
    )
    .unwrap()
    .shop;
    let orders = &shop.orders;
    assert_eq!((orders.shipping[0], orders.shipping_cost[0]), (500, 420));
    assert_eq!((orders.payment_fee[0], orders.packaging_cost[0]), (251, 95), "a fee written as a debit is a fee");
    assert_eq!((orders.shipping_cost[1], orders.payment_fee[1], orders.packaging_cost[1]), (540, 90, 0));
    assert_eq!(orders.handling_of(1), 630);
    assert!(orders.missing_handling().is_empty());
    assert!(shop.health.warnings.iter().any(|text| text.contains("1 orders have no packaging cost")));
}

#[test]
fn lines_that_repeat_a_cost_of_their_order_count_it_once() {
    let shop = read(
        "order_id,customer,date,product,quantity,unit_price,payment_fee,packaging_cost\n\
         1,ann,2026-01-05,cup,1,10.00,0.60,0.30\n\
         1,ann,2026-01-05,jug,1,20.00,0.60,0.50\n",
    )
    .unwrap()
    .shop;
    assert_eq!((shop.orders.payment_fee[0], shop.orders.packaging_cost[0]), (60, 80));
}

#[test]
fn a_costs_file_by_order_may_hold_handling_costs_alone() {
    let files = Files::new();
    let orders =
        files.write("orders.csv", "order_id,customer,date,amount\nA1,ann,2026-01-05,100\nA2,bob,2026-01-06,50\n");
    let costs = files.write("costs.csv", "order id;payment fee;shipping cost\nA2;1,25;4,90\nA1;2,50;\n");
    let inputs = Inputs { orders: vec![orders], costs: Some(costs), ..Inputs::default() };
    let shop = read_shop(&inputs, &ReadOptions::default()).unwrap().shop;
    let (first, second) = (order(&shop, "A1"), order(&shop, "A2"));
    assert_eq!((shop.orders.payment_fee[first], shop.orders.shipping_cost[first]), (250, 0));
    assert_eq!((shop.orders.payment_fee[second], shop.orders.shipping_cost[second]), (125, 490));
    assert_eq!(shop.orders.missing_handling(), ["packaging"]);
    assert_eq!(shop.health.rejected, 0);
}
