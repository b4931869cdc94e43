//! The same order by webhook, by our own interface and by file is one order, and ends with one amount.

use clove_core::FactKind;
use clove_core::fact::{FactBody, Order};
use serde_json::json;

use crate::shop::{ORDER, REFUND, Shop, shopify_csv};
use crate::support::{World, on_both};

async fn hand_in(shop: &Shop, way: usize) {
    match way {
        0 => assert_eq!(shop.shopify("orders/create", "o-1", ORDER.as_bytes()).await, "taken"),
        1 => {
            let order = json!({
                "id": "#1001", "placed_at": "2026-09-19T08:29:58Z", "updated_at": "2026-09-19T08:30:00Z", "status": "paid",
                "currency": "EUR", "gross": "77.07", "discount": "9.20", "tax": "16.00", "shipping": "4.83",
                "customer": {"email": "giulia.rossi@example.it"}
            });
            let path = "/api/v1/orders?source=shopify:my-shop";
            let (status, answer) = shop.send("POST", path, order.to_string().as_bytes()).await;
            assert_eq!((status, &answer["new"]), (200, &json!(1)), "{answer}");
        }
        _ => {
            let import =
                shop.import("shopify:my-shop", "orders_export.csv", shopify_csv("paid", "0.00").as_bytes()).await;
            assert_eq!((&import["state"], &import["facts_new"]), (&json!("done"), &json!(2)), "{import}");
        }
    }
}

fn order_of(body: &FactBody) -> &Order {
    let FactBody::Order(order) = body else { panic!("{body:?}") };
    order
}

#[tokio::test]
async fn by_every_way_in_any_order_it_is_one_order() {
    for ways in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
        on_both(|world: World| async move {
            let shop = Shop::open(world).await;
            for way in ways {
                hand_in(&shop, way).await;
            }
            let orders = shop.newest(&FactKind::Order).await;
            assert_eq!(orders.keys().collect::<Vec<_>>(), ["1001", "1002"], "{ways:?}");
            let order = order_of(&orders["1001"]);
            assert_eq!((order.gross, order.discount, order.tax, order.shipping), (7_707, 920, 1_600, 483), "{ways:?}");
            assert!(order.internal_id.is_some(), "the shop's own word counts");
            assert_eq!(shop.facts(&FactKind::Order).await.len(), 4, "three ways of one order, and another order");
        })
        .await;
    }
}

/// What was paid back in all: items, and tax with shipping.
async fn refunded(shop: &Shop) -> (i64, i64) {
    let refunds = shop.newest(&FactKind::Refund).await;
    let amounts = refunds.values().map(|body| match body {
        FactBody::Refund(refund) => (refund.items, refund.tax_and_shipping),
        other => panic!("{other:?}"),
    });
    amounts.fold((0, 0), |sum, refund| (sum.0 + refund.0, sum.1 + refund.1))
}

#[tokio::test]
async fn a_file_s_total_of_refunds_gives_way_to_the_shop_s_own() {
    let file = shopify_csv("partially_refunded", "50.72");
    let with_refund = ORDER.replace("\"refunds\": []", &format!("\"refunds\": [{REFUND}]"));
    for file_first in [true, false] {
        on_both(|world: World| {
            let (file, with_refund) = (file.clone(), with_refund.clone());
            async move {
                let shop = Shop::open(world).await;
                let import = async || {
                    let import = shop.import("shopify:my-shop", "orders_export.csv", file.as_bytes()).await;
                    assert_eq!(import["summary"]["refunds"], 1, "{import}");
                };
                if file_first {
                    import().await;
                    let (items, rest) = refunded(&shop).await;
                    assert_eq!(items + rest, 5_072, "all that is known");
                }
                assert_eq!(shop.shopify("orders/updated", "o-1", with_refund.as_bytes()).await, "taken");
                if !file_first {
                    import().await;
                }
                assert_eq!(refunded(&shop).await, (3_674, 1_398), "once");
                // A later export says the same in another way.
                let other = shopify_csv("refunded", "88.70");
                shop.import("shopify:my-shop", "later.csv", other.as_bytes()).await;
                assert_eq!(refunded(&shop).await, (3_674, 1_398));
            }
        })
        .await;
    }
}
