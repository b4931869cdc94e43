//! From raw columns to the columns of the shop's data.

use clove_core::{Attribute, Currency, NONE, OrderLines, Orders};

use crate::batch::Dictionaries;
use crate::currency::{Converter, convert, rate_of};
use crate::fields::Field;
use crate::intake::Intake;
use crate::lines::Assembled;
use crate::number::MISSING;
use crate::raw::{RawLines, RawOrders, Sparse};

/// Distinct values up to which a column is offered as an attribute.
const MOST_VALUES: usize = 20_000;

/// New index of each order when dissolved ones are gone; `None` if none is.
pub fn keep_map(dissolved: &[bool], orders: usize) -> Option<Vec<u32>> {
    if !dissolved.contains(&true) {
        return None;
    }
    let mut next = 0;
    Some(
        (0..orders)
            .map(|order| {
                if dissolved[order] {
                    return NONE;
                }
                next += 1;
                next - 1
            })
            .collect(),
    )
}

/// The values of the orders that stay.
fn kept<T: Copy>(mut values: Vec<T>, keep: Option<&[u32]>) -> Vec<T> {
    if let Some(keep) = keep
        && !values.is_empty()
    {
        let mut index = 0;
        values.retain(|_| {
            index += 1;
            keep[index - 1] != NONE
        });
        // Room that was made and never used costs nothing, room that is no longer used does.
        values.shrink_to_fit();
    }
    values
}

/// The lines that stay; `None` if no line has a product. Each raw column is given back once its values are taken.
pub fn order_lines(
    intake: &mut Intake,
    assembled: &mut Assembled,
    dictionaries: &mut Dictionaries,
    rates: &[i64],
    currency: Currency,
    keep: Option<&[u32]>,
) -> Option<OrderLines> {
    let RawLines { order, product, quantity, gross, .. } = std::mem::replace(&mut intake.lines, RawLines::new());
    let mut lines = std::mem::take(&mut assembled.kept);
    if lines.is_empty() || product.iter().all(|&product| product == NONE) {
        return None;
    }
    let mut products = dictionaries.take(Field::Product);
    let unnamed = products.intern("(no product)");
    let target = |line: u32| {
        let order = order[line as usize];
        keep.map_or(order, |keep| keep[order as usize])
    };
    lines.retain(|&line| target(line) != NONE);
    let value = |line: &u32| match rate_of(rates, order[*line as usize] as usize) {
        MISSING => 0,
        rate => convert(gross[*line as usize], rate, currency),
    };
    let values: Vec<i64> = lines.iter().map(value).collect();
    drop(gross);
    let units = lines.iter().map(|&line| (quantity[line as usize] / 1_000_000) as i32).collect();
    drop(quantity);
    let named = |&line: &u32| if product[line as usize] == NONE { unnamed } else { product[line as usize] };
    let named = lines.iter().map(named).collect();
    drop(product);
    let orders = lines.iter().map(|&line| target(line)).collect();
    Some(OrderLines { products, order: orders, product: named, quantity: units, gross: values })
}

/// The first product of each order by its lines.
pub fn first_products(lines: &OrderLines, orders: usize) -> Vec<u32> {
    let mut first = vec![NONE; orders];
    for (line, &order) in lines.order.iter().enumerate() {
        if first[order as usize] == NONE && lines.quantity[line] > 0 {
            first[order as usize] = lines.product[line];
        }
    }
    first
}

/// The orders that stay, in the shop's currency.
pub fn orders(
    raw: RawOrders,
    dictionaries: &mut Dictionaries,
    rates: &[i64],
    currency: Currency,
    keep: Option<&[u32]>,
    several_currencies: bool,
) -> Orders {
    let rows = raw.len();
    let converted = |values: Vec<i64>, unknown: i64| -> Vec<i64> {
        let mut values = values;
        let converter = Converter::new(currency);
        for (order, value) in values.iter_mut().enumerate() {
            let rate = rate_of(rates, order);
            *value = if *value == MISSING {
                unknown
            } else if rate == MISSING {
                0
            } else {
                converter.convert(*value, rate)
            };
        }
        kept(values, keep)
    };
    let mut gross = converted(raw.gross.values, 0);
    if gross.is_empty() {
        gross = kept(vec![0; rows], keep);
    }
    // A column in which nothing is known is no column.
    let mut cost = converted(raw.cost.values, Orders::UNKNOWN_COST);
    if cost.iter().all(|&cost| cost == Orders::UNKNOWN_COST) {
        cost = Vec::new();
    }
    let [payment_fee, shipping_cost, packaging_cost] = raw.handling;
    let handling = |column: Sparse<i64>| converted(column.values, 0);
    // Nothing is added to the names of the orders any more.
    let mut names = |field: Field| {
        let mut names = dictionaries.take(field);
        names.release_index();
        names
    };
    let mut orders = Orders {
        order_ids: names(Field::OrderId),
        order_id: kept(raw.order_id.values, keep),
        customer_ids: names(Field::CustomerId),
        customer_id: kept(raw.customer.values, keep),
        emails: names(Field::Email),
        email: kept(raw.email.values, keep),
        phones: names(Field::Phone),
        phone: kept(raw.phone.values, keep),
        placed_at: kept(raw.moments, keep),
        day: kept(raw.day, keep),
        updated_at: kept(raw.updated.values, keep),
        exclusion: kept(raw.exclusion.values, keep),
        gross,
        discount: converted(raw.discount.values, 0),
        tax: converted(raw.tax.values, 0),
        shipping: converted(raw.shipping.values, 0),
        cost,
        payment_fee: handling(payment_fee),
        shipping_cost: handling(shipping_cost),
        packaging_cost: handling(packaging_cost),
        attributes: Vec::new(),
    };
    if several_currencies {
        let codes = kept(raw.currency.values.clone(), keep);
        orders.attributes.push(Attribute {
            name: "currency".to_owned(),
            values: dictionaries.take(Field::Currency),
            codes,
        });
    }
    for (column, (name, values)) in raw.attributes.into_iter().zip(std::mem::take(&mut dictionaries.attributes)) {
        if !values.is_empty()
            && values.len() <= MOST_VALUES
            && !orders.attributes.iter().any(|known| known.name == name)
        {
            orders.attributes.push(Attribute { name, values, codes: kept(column.values, keep) });
        }
    }
    orders
}
