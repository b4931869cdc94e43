//! A shop without any rhythm, from a fixed sequence.

use clove_core::{
    Adjustment, Attribute, Currency, DataHealth, Day, Exclusion, NONE, OrderLines, Orders, Persons, ShopData,
    SpendKind, SpendRow,
};

/// The last day that anything happens on.
pub const LAST_DAY: Day = Day(20_400);
const FIRST_DAY: i32 = 19_900;

/// Orders of about a fourth as many persons, with refunds, lines, costs that are partly unknown, and spend.
pub fn shop(orders: usize) -> (ShopData, Persons) {
    let mut state = 20_260_630_u64;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut data = Orders::default();
    let mut persons = Persons::default();
    let mut lines = OrderLines::default();
    let mut adjustments = Vec::new();
    let mut channel = Attribute { name: "channel".into(), ..Attribute::default() };
    let mut person_of = vec![u32::MAX; orders / 4 + 1];
    for order in 0..orders {
        let customer = next(orders as u64 / 4 + 1) as usize;
        if person_of[customer] == u32::MAX {
            person_of[customer] = persons.identified.len() as u32;
            persons.identified.push(customer % 11 != 0);
            persons.naming_order.push(order as u32);
        }
        persons.of_order.push(person_of[customer]);
        let name = data.customer_ids.intern(&format!("c{customer:05}"));
        data.customer_id.push(name);
        let day = FIRST_DAY + next(u64::from((LAST_DAY.0 - FIRST_DAY) as u32)) as i32;
        data.day.push(Day(day));
        data.placed_at.push(i64::from(day) * 86_400_000_000 + next(86_400) as i64 * 1_000_000);
        data.exclusion.push(match next(40) {
            0 => Exclusion::Test,
            1 => Exclusion::Cancelled,
            _ => Exclusion::None,
        });
        let gross = 100 + next(20_000) as i64;
        data.gross.push(gross);
        data.discount.push(if next(3) == 0 { gross / 10 } else { 0 });
        data.tax.push(gross / 5);
        data.shipping.push(if next(2) == 0 { 490 } else { 0 });
        data.cost.push(if next(4) == 0 { Orders::UNKNOWN_COST } else { gross / 3 });
        data.payment_fee.push(gross / 50);
        let code = match next(5) {
            0 => NONE,
            one => channel.values.intern(["", "ads", "shop's own", "search", "post"][one as usize]),
        };
        channel.codes.push(code);
        for _ in 0..next(4) {
            lines.order.push(order as u32);
            let product = lines.products.intern(&format!("product {}", next(30)));
            lines.product.push(product);
            lines.quantity.push(1 + next(2) as i32);
            lines.gross.push(gross / 2);
        }
        if next(5) == 0 {
            let items = if next(2) == 0 { gross } else { gross / 4 };
            let later = Day(day + next(60) as i32);
            adjustments.push(Adjustment {
                order: order as u32,
                day: later,
                items,
                tax_and_shipping: items / 5,
                restocked_cost: items / 6,
            });
        }
    }
    data.attributes.push(channel);
    let spend = |from: i32, until: i32, channel: Option<&str>, kind, amount| SpendRow {
        from: Day(FIRST_DAY + from),
        until: Day(FIRST_DAY + until),
        channel: channel.map(str::to_owned),
        kind,
        amount,
    };
    let shop = ShopData {
        currency: Currency::EUR,
        orders: data,
        lines: Some(lines),
        adjustments,
        spend: vec![
            spend(0, 300, Some("ads"), SpendKind::Media, 1_234_567),
            spend(100, 480, None, SpendKind::Tools, 77_777),
        ],
        checkouts: None,
        health: DataHealth::default(),
        format: "test".into(),
        has_amounts: true,
    };
    (shop, persons)
}
