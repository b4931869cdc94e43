//! Which system's export a table of orders is.

use crate::fields::{Field, Match, TableKind};
use crate::plan::{ColumnPlan, Look};
use clove_core::fold::fold;

/// What was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One row an order.
    GenericOrders,
    /// One row an order line.
    GenericLines,
    /// Shopify's export of orders: one row a line, the order's values on the first.
    ShopifyOrders,
    /// WooCommerce's analytics export of orders.
    WooAnalytics,
    /// WooCommerce orders with the names of its REST interface.
    WooOrders,
    /// Shopify orders with the names of its REST interface.
    ShopifyRest,
    /// Shopify orders with the names of its GraphQL interface, as its bulk export writes them.
    ShopifyGraphql,
}

impl Format {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Format::GenericOrders => "generic-orders",
            Format::GenericLines => "generic-lines",
            Format::ShopifyOrders => "shopify-orders",
            Format::WooAnalytics => "woocommerce-analytics",
            Format::WooOrders => "woocommerce-orders",
            Format::ShopifyRest => "shopify-rest",
            Format::ShopifyGraphql => "shopify-graphql",
        }
    }

    /// Whether columns without a field are offered as attributes.
    pub(crate) fn keeps_other_columns(self) -> bool {
        matches!(self, Format::GenericOrders | Format::GenericLines)
    }

    /// Whether the values stand with the order (on its first row) and not with the lines.
    pub(crate) fn prices_on_orders(self) -> bool {
        matches!(self, Format::ShopifyOrders | Format::ShopifyRest | Format::ShopifyGraphql | Format::WooOrders)
    }

    pub(crate) fn as_lines(self) -> Format {
        if self == Format::GenericOrders { Format::GenericLines } else { self }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

struct Header(Vec<String>);

impl Header {
    fn new(header: &[String]) -> Header {
        Header(header.iter().map(|name| fold(name)).collect())
    }

    fn at(&self, name: &str) -> Option<usize> {
        let folded = fold(name);
        self.0.iter().position(|known| *known == folded)
    }

    fn has(&self, name: &str) -> bool {
        self.at(name).is_some()
    }
}

/// Recognises a table of orders by its header.
pub fn recognise(header: &[String], table: TableKind) -> Format {
    let header = Header::new(header);
    if table != TableKind::Orders {
        Format::GenericOrders
    } else if header.has("financial_status") && header.has("total_price") {
        Format::ShopifyRest
    } else if header.has("Financial Status") && header.has("Name") && header.has("Created at") {
        Format::ShopifyOrders
    } else if header.has("displayFinancialStatus") && header.has("totalPriceSet.shopMoney.amount") {
        Format::ShopifyGraphql
    } else if header.has("Order #") && header.has("Net Sales") {
        Format::WooAnalytics
    } else if (header.has("date_created") || header.has("date_created_gmt"))
        && (header.has("order_key")
            || header.has("discount_total")
            || header.has("billing.email")
            || header.has("billing_email"))
    {
        Format::WooOrders
    } else {
        Format::GenericOrders
    }
}

/// Columns of systems whose names mean something else than the general words.
///
/// Of several columns that could hold a field, the first one with any cell filled is taken.
///
/// `numbers`: orders are told by the number that people see, where the shop's programs know them by another id.
pub fn known_columns(
    header: &[String],
    table: TableKind,
    numbers: bool,
    is_filled: &dyn Fn(usize) -> bool,
) -> Option<Vec<Match>> {
    use Field as F;
    let names: &[(Field, &[&str])] = match recognise(header, table) {
        Format::ShopifyOrders => &[
            (F::OrderId, &["Name"]),
            (F::Email, &["Email"]),
            (F::Phone, &["Phone", "Billing Phone", "Shipping Phone"]),
            (F::PlacedAt, &["Created at", "Paid at"]),
            (F::CancelledAt, &["Cancelled at", "Canceled at"]),
            (F::Status, &["Financial Status"]),
            (F::Currency, &["Currency"]),
            (F::Amount, &["Subtotal"]),
            (F::Shipping, &["Shipping"]),
            (F::Tax, &["Taxes"]),
            (F::Total, &["Total"]),
            (F::Discount, &["Discount Amount"]),
            (F::DiscountCode, &["Discount Code"]),
            (F::Refunded, &["Refunded Amount"]),
            (F::Quantity, &["Lineitem quantity"]),
            (F::UnitPrice, &["Lineitem price"]),
            (F::LineDiscount, &["Lineitem discount"]),
            (F::Product, &["Lineitem sku"]),
            (F::ProductName, &["Lineitem name"]),
            (F::Country, &["Billing Country", "Shipping Country"]),
            (F::Tags, &["Tags"]),
            (F::Channel, &["Source"]),
            (F::Test, &["Test"]),
        ],
        Format::ShopifyRest => &[
            (F::OrderId, &["id", "name"]),
            (F::CustomerId, &["customer.id", "customer_id"]),
            (F::Email, &["email", "contact_email", "customer.email"]),
            (F::Phone, &["phone", "customer.phone", "billing_address.phone"]),
            (F::PlacedAt, &["processed_at", "created_at"]),
            (F::UpdatedAt, &["updated_at"]),
            (F::CancelledAt, &["cancelled_at"]),
            (F::Status, &["financial_status"]),
            (F::Test, &["test"]),
            (F::Currency, &["currency"]),
            (F::Amount, &["subtotal_price"]),
            (F::Discount, &["total_discounts"]),
            (F::Tax, &["total_tax"]),
            (F::Total, &["total_price"]),
            (F::TaxesIncluded, &["taxes_included"]),
            (F::Refunded, &["refunds.total"]),
            (F::RefundedAt, &["refunds.created_at"]),
            (F::Shipping, &["total_shipping_price_set.shop_money.amount", "total_shipping"]),
            (F::DiscountCode, &["discount_codes"]),
            (F::Quantity, &["lineitem.quantity"]),
            (F::UnitPrice, &["lineitem.price"]),
            (F::Product, &["lineitem.sku"]),
            (F::ProductName, &["lineitem.name", "lineitem.title"]),
            (F::Country, &["billing_address.country_code", "billing_address.country"]),
            (F::Tags, &["tags"]),
            (F::Channel, &["source_name"]),
        ],
        Format::ShopifyGraphql => &[
            (F::OrderId, &["id", "name"]),
            (F::CustomerId, &["customer.id"]),
            (F::Email, &["email", "customer.email", "customer.defaultEmailAddress.emailAddress"]),
            (F::Phone, &["phone", "customer.phone", "customer.defaultPhoneNumber.phoneNumber", "billingAddress.phone"]),
            (F::PlacedAt, &["processedAt", "createdAt"]),
            (F::UpdatedAt, &["updatedAt"]),
            (F::CancelledAt, &["cancelledAt"]),
            (F::Status, &["displayFinancialStatus"]),
            (F::Test, &["test"]),
            (F::Currency, &["totalPriceSet.shopMoney.currencyCode", "currencyCode"]),
            (F::Amount, &["subtotalPriceSet.shopMoney.amount"]),
            (F::Discount, &["totalDiscountsSet.shopMoney.amount"]),
            (F::Tax, &["totalTaxSet.shopMoney.amount"]),
            (F::Total, &["totalPriceSet.shopMoney.amount"]),
            (F::TaxesIncluded, &["taxesIncluded"]),
            (F::Shipping, &["totalShippingPriceSet.shopMoney.amount"]),
            (F::Refunded, &["refunds.total", "totalRefundedSet.shopMoney.amount"]),
            (F::RefundedAt, &["refunds.created_at"]),
            (F::DiscountCode, &["discountCodes", "discountCode"]),
            (F::Quantity, &["lineitem.quantity"]),
            (F::UnitPrice, &["lineitem.originalUnitPriceSet.shopMoney.amount"]),
            (F::Product, &["lineitem.sku"]),
            (F::ProductName, &["lineitem.name", "lineitem.title"]),
            (F::Country, &["billingAddress.countryCodeV2", "billingAddress.country"]),
            (F::Tags, &["tags"]),
            (F::Channel, &["sourceName", "channelInformation.channelDefinition.handle"]),
        ],
        Format::WooOrders => &[
            (F::OrderId, &["id", "order_id", "number"]),
            (F::CustomerId, &["customer_id"]),
            (F::Email, &["billing.email", "billing_email"]),
            (F::Phone, &["billing.phone", "billing_phone"]),
            (F::PlacedAt, &["date_created", "date_created_gmt"]),
            (F::UpdatedAt, &["date_modified_gmt", "date_modified"]),
            (F::Refunded, &["refunds.total"]),
            (F::RefundedAt, &["refunds.created_at"]),
            (F::Status, &["status"]),
            (F::Currency, &["currency"]),
            (F::Total, &["total", "order_total"]),
            (F::Tax, &["total_tax"]),
            (F::Shipping, &["shipping_total"]),
            (F::Discount, &["discount_total"]),
            (F::DiscountCode, &["coupon_lines", "coupons"]),
            (F::Quantity, &["lineitem.quantity"]),
            (F::LineTotal, &["lineitem.subtotal", "lineitem.total"]),
            (F::Product, &["lineitem.sku", "lineitem.product_id"]),
            (F::ProductName, &["lineitem.name"]),
            (F::Country, &["billing.country", "billing_country"]),
            (F::Channel, &["created_via"]),
        ],
        Format::GenericOrders | Format::GenericLines | Format::WooAnalytics => return None,
    };
    let header = Header::new(header);
    let found = names.iter().filter_map(|(field, names)| {
        let mut names = names.to_vec();
        if numbers && *field == F::OrderId {
            names.reverse();
        }
        let columns = || names.iter().filter_map(|name| header.at(name));
        columns()
            .find(|&column| is_filled(column))
            .or_else(|| columns().next())
            .map(|column| Match { column, field: *field })
    });
    Some(found.collect())
}

/// Whether the rows are order lines: order numbers repeat although the rows differ, and there is something to tell lines
/// by (or repeats are so frequent that they cannot be corrections).
pub fn is_line_level(look: &Look<'_>, columns: &[ColumnPlan], format: Format) -> bool {
    let column = |field: Field| columns.iter().find(|plan| plan.field == field).map(|plan| plan.column);
    match format {
        Format::ShopifyOrders => return true,
        Format::ShopifyRest | Format::ShopifyGraphql | Format::WooOrders => {
            return column(Field::Product).is_some() || column(Field::ProductName).is_some();
        }
        _ => {}
    }
    let Some(id) = column(Field::OrderId) else { return false };
    let values: Vec<usize> = [Field::Gross, Field::Amount, Field::Total].into_iter().filter_map(column).collect();
    let has_line_fields = [Field::Product, Field::ProductName, Field::UnitPrice, Field::LineTotal]
        .into_iter()
        .any(|field| column(field).is_some());
    if values.is_empty() && column(Field::UnitPrice).is_some() {
        return true;
    }
    let updated = column(Field::UpdatedAt);
    // The number of another customer's order is a number used twice, not a second line.
    let customer = column(Field::CustomerId).or_else(|| column(Field::Email));
    let other_customer = |first: usize, row: &[String]| {
        customer.is_some_and(|column| {
            look.sample[first].get(column).map(|cell| cell.trim()) != row.get(column).map(|cell| cell.trim())
        })
    };
    let mut first_seen: rustc_hash::FxHashMap<&str, usize> = rustc_hash::FxHashMap::default();
    let (mut repeats, mut rows) = (0, 0);
    for (index, row) in look.sample.iter().enumerate() {
        let Some(text) = row.get(id).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()) else { continue };
        rows += 1;
        match first_seen.get(text) {
            None => {
                first_seen.insert(text, index);
            }
            Some(&first) if look.sample[first] != *row && !other_customer(first, row) => repeats += 1,
            Some(_) => {}
        }
    }
    if has_line_fields {
        repeats > 0 && updated.is_none_or(|_| repeats * 5 > rows)
    } else {
        repeats * 5 > rows && updated.is_none()
    }
}
