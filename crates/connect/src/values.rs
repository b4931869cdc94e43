//! What a row is worth: from the columns that a table happens to have to gross and discount.

use crate::batch::Batch;
use crate::fields::Field;
use crate::format::Format;
use crate::number::{MISSING, multiply};

/// Gross (without tax, before discounts) and discount of an order's row; gross is [`MISSING`] if no column gives a value.
///
/// - `gross` is taken as it is; a smaller `amount` beside it, without a discount column, means a discount.
/// - `amount` is net of the discount: gross = amount + discount.
/// - `total` is what was paid: gross = total - tax - shipping + discount.
/// - with taxes included in prices, tax is taken out of `gross` and `amount`.
pub fn order_value(batch: &Batch, index: usize, tax: i64, shipping: i64, taxes_included: bool) -> (i64, i64) {
    let number = |field: Field| Some(batch.number(field, index)).filter(|&value| value != MISSING);
    let discount = number(Field::Discount).map(i64::abs);
    let included = if taxes_included { tax } else { 0 };
    match (number(Field::Gross), number(Field::Amount), number(Field::Total)) {
        (Some(gross), amount, _) => {
            let implied = amount
                .filter(|&amount| discount.is_none() && amount >= 0 && amount < gross)
                .map(|amount| gross - amount);
            (gross - included, discount.or(implied).unwrap_or(0))
        }
        (None, Some(amount), _) => {
            (amount.saturating_sub(included).saturating_add(discount.unwrap_or(0)), discount.unwrap_or(0))
        }
        (None, None, Some(total)) => {
            let placed = total.saturating_sub(tax).saturating_sub(shipping);
            (placed.saturating_add(discount.unwrap_or(0)), discount.unwrap_or(0))
        }
        (None, None, None) => match (number(Field::UnitPrice), number(Field::Quantity)) {
            (Some(price), Some(quantity)) => (multiply(price, quantity).unwrap_or(MISSING), discount.unwrap_or(0)),
            _ => (MISSING, discount.unwrap_or(0)),
        },
    }
}

/// What a line is worth.
pub struct LineValue {
    /// Units, in the scale of amounts.
    pub quantity: i64,
    /// Value before discounts.
    pub gross: i64,
    /// Discount.
    pub discount: i64,
}

const ONE: i64 = 1_000_000;

/// A line's units, value and discount; `None` for rows without any (payments of Shopify orders, totals).
pub fn line_value(batch: &Batch, index: usize, format: Format) -> Option<LineValue> {
    let number = |field: Field| Some(batch.number(field, index)).filter(|&value| value != MISSING);
    let discount = match format {
        format if format.prices_on_orders() => number(Field::LineDiscount),
        _ => number(Field::LineDiscount).or(number(Field::Discount)),
    };
    let discount = discount.map(i64::abs);
    let quantity = number(Field::Quantity);
    let total = match format {
        Format::ShopifyOrders | Format::ShopifyRest | Format::ShopifyGraphql => None,
        Format::WooOrders => number(Field::LineTotal),
        _ => number(Field::LineTotal).or(number(Field::Amount)).or(number(Field::Total)),
    };
    let (gross, discount) = match (
        number(Field::Gross).filter(|_| format == Format::GenericLines),
        number(Field::UnitPrice),
        quantity,
        total,
    ) {
        (Some(gross), ..) => (gross, discount.unwrap_or(0)),
        (None, Some(price), units, total) => {
            let gross = multiply(price, units.unwrap_or(ONE))?;
            let implied =
                total.filter(|&total| discount.is_none() && total >= 0 && total < gross).map(|total| gross - total);
            (gross, discount.or(implied).unwrap_or(0))
        }
        (None, None, _, Some(total)) => (total.saturating_add(discount.unwrap_or(0)), discount.unwrap_or(0)),
        (None, None, Some(_), None) => (0, discount.unwrap_or(0)),
        (None, None, None, None) => return None,
    };
    Some(LineValue { quantity: quantity.unwrap_or(if gross < 0 { -ONE } else { ONE }), gross, discount })
}
