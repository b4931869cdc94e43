//! Customer-days: what a purchase model is fitted to and tested on when it stands by itself.

use clove_core::{Day, Exclusion, Persons, ShopData};
use clove_models::history::Histories;

/// The days with orders of every identified person up to a day, zero or missing amounts included: the day itself tells that
/// something was bought. Test, cancelled and other excluded orders are no purchases.
///
/// Customers are numbered by their first order, persons without a purchase day are left out.
pub fn customer_days(shop: &ShopData, persons: &Persons, until: Day) -> Histories {
    let orders = &shop.orders;
    let mut number = vec![u32::MAX; persons.len()];
    let (mut customer, mut day, mut known) = (Vec::new(), Vec::new(), 0);
    for order in 0..orders.len() {
        let person = persons.of_order[order] as usize;
        let counts = matches!(orders.exclusion[order], Exclusion::None | Exclusion::ZeroValue);
        if !counts || orders.day[order] > until || !persons.identified[person] {
            continue;
        }
        if number[person] == u32::MAX {
            number[person] = known;
            known += 1;
        }
        customer.push(number[person]);
        day.push(orders.day[order].0);
    }
    Histories::from_purchases(known as usize, &customer, &day, None)
        .unwrap_or_else(|error| unreachable!("customers are numbered here: {error}"))
}
