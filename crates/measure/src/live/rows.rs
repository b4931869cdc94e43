//! The newest versions of orders, refunds and costs, as their tables have them.

use clove_core::fact::{Order, OrderStatus, Refund, Spend, VersionRank};
use clove_core::{Currency, Day, ExchangeRate, Exclusion, HashKey, Micros, Minor};
use clove_store::StoredFact;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

/// A row of `order_state`. Amounts are minor units of the order's own currency.
#[derive(Debug, Clone, PartialEq, FromRow, Serialize, Deserialize)]
pub(crate) struct OrderRow {
    pub order_key: Uuid,
    pub source: String,
    pub external_id: String,
    pub subject: Uuid,
    pub seq: i64,
    pub version: String,
    pub received_at: Micros,
    pub placed_at: Micros,
    pub day: i64,
    pub currency: String,
    pub exchange_rate: Option<String>,
    pub exclusion: String,
    pub gross: Minor,
    pub discount: Minor,
    pub tax: Minor,
    pub shipping: Minor,
    pub cost: Option<Minor>,
    pub payment_fee: Option<Minor>,
    pub shipping_cost: Option<Minor>,
    pub packaging_cost: Option<Minor>,
    pub channel: Option<String>,
    pub country: Option<String>,
}

/// A row of `refund_state`. Amounts are minor units of its own currency, which is the order's.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub(crate) struct RefundRow {
    pub refund_key: Uuid,
    pub source: String,
    pub external_id: String,
    pub order_key: Uuid,
    pub order_external_id: String,
    pub subject: Uuid,
    pub seq: i64,
    pub version: String,
    pub received_at: Micros,
    pub refunded_at: Micros,
    pub day: i64,
    pub currency: String,
    pub items: Minor,
    pub tax_and_shipping: Minor,
    pub restocked_cost: Minor,
}

/// A row of `spend_state`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub(crate) struct SpendStateRow {
    pub spend_key: Uuid,
    pub version: String,
    pub received_at: Micros,
    pub from_day: String,
    pub until_day: String,
    pub channel: Option<String>,
    pub kind: String,
    pub currency: String,
    pub amount: Minor,
}

impl OrderRow {
    pub fn of(fact: &StoredFact, order: &Order, key: &HashKey, shop: Option<Currency>, zone: &TimeZone) -> OrderRow {
        OrderRow {
            order_key: key.thing(&fact.source, &fact.external_id),
            source: fact.source.to_string(),
            external_id: fact.external_id.clone(),
            subject: fact.subject.0,
            seq: fact.seq,
            version: fact.version.clone(),
            received_at: fact.received_at,
            placed_at: order.placed_at,
            day: i64::from(Day::of_moment(order.placed_at, zone).0),
            currency: order.currency.clone(),
            exchange_rate: order.exchange_rate.clone(),
            exclusion: exclusion(order, shop).name().to_owned(),
            gross: order.gross,
            discount: order.discount,
            tax: order.tax,
            shipping: order.shipping,
            cost: order.cost,
            payment_fee: order.payment_fee,
            shipping_cost: order.shipping_cost,
            packaging_cost: order.packaging_cost,
            channel: order.channel.clone(),
            country: order.country.clone(),
        }
    }

    pub fn rank(&self) -> VersionRank {
        VersionRank::of(&self.version, self.received_at)
    }

    pub fn exclusion(&self) -> Exclusion {
        Exclusion::from_name(&self.exclusion).unwrap_or(Exclusion::Quarantined)
    }

    /// What leads from the order's currency to the shop's; `None` if nothing does.
    pub fn rate(&self, shop: Currency) -> Option<Rate> {
        Rate::between(&self.currency, self.exchange_rate.as_deref(), shop)
    }
}

impl RefundRow {
    pub fn of(fact: &StoredFact, refund: &Refund, key: &HashKey, zone: &TimeZone) -> RefundRow {
        RefundRow {
            refund_key: key.thing(&fact.source, &fact.external_id),
            source: fact.source.to_string(),
            external_id: fact.external_id.clone(),
            order_key: key.thing(&fact.source, &refund.order),
            order_external_id: refund.order.clone(),
            subject: fact.subject.0,
            seq: fact.seq,
            version: fact.version.clone(),
            received_at: fact.received_at,
            refunded_at: fact.occurred_at,
            day: i64::from(Day::of_moment(fact.occurred_at, zone).0),
            currency: refund.currency.clone(),
            items: refund.items,
            tax_and_shipping: refund.tax_and_shipping,
            restocked_cost: refund.restocked_cost,
        }
    }

    pub fn rank(&self) -> VersionRank {
        VersionRank::of(&self.version, self.received_at)
    }

    /// At the order's rate, so that a full refund leaves nothing; `None` for a refund in a currency that is neither the order's
    /// nor the shop's.
    pub fn rate(&self, order: &OrderRow, shop: Currency) -> Option<Rate> {
        if self.currency == order.currency { order.rate(shop) } else { self.rate_alone(shop) }
    }

    /// Without its order: only an amount in the shop's own currency has a value.
    pub fn rate_alone(&self, shop: Currency) -> Option<Rate> {
        Rate::between(&self.currency, None, shop)
    }
}

impl SpendStateRow {
    pub fn of(fact: &StoredFact, spend: &Spend, key: &HashKey) -> SpendStateRow {
        SpendStateRow {
            spend_key: key.thing(&fact.source, &fact.external_id),
            version: fact.version.clone(),
            received_at: fact.received_at,
            from_day: spend.from.clone(),
            until_day: spend.until.clone(),
            channel: spend.channel.clone(),
            kind: spend.kind.clone(),
            currency: spend.currency.clone(),
            amount: spend.amount,
        }
    }

    pub fn rank(&self) -> VersionRank {
        VersionRank::of(&self.version, self.received_at)
    }
}

/// From amounts in one currency to amounts in the shop's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    from: Currency,
    to: Currency,
    factor: ExchangeRate,
}

impl Rate {
    fn between(currency: &str, rate: Option<&str>, shop: Currency) -> Option<Rate> {
        let from: Currency = currency.parse().ok()?;
        let factor = if from == shop { ExchangeRate::ONE } else { ExchangeRate::parse(rate?).ok()? };
        Some(Rate { from, to: shop, factor })
    }

    /// In minor units of the shop's currency.
    pub fn convert(self, amount: Minor) -> Minor {
        self.factor.convert(amount, self.from, self.to)
    }
}

/// Whether and why an order does not count, as the reader of files decides it: test before state before kind. Without a currency
/// of the shop no order has a value.
fn exclusion(order: &Order, shop: Option<Currency>) -> Exclusion {
    if order.test {
        return Exclusion::Test;
    }
    match order.status {
        OrderStatus::Cancelled => return Exclusion::Cancelled,
        OrderStatus::Pending => return Exclusion::Pending,
        OrderStatus::Paid => {}
    }
    if order.gift_card {
        return Exclusion::GiftCardSale;
    }
    if order.wholesale {
        return Exclusion::Wholesale;
    }
    let rate = |shop| Rate::between(&order.currency, order.exchange_rate.as_deref(), shop);
    let Some(rate) = shop.and_then(rate) else {
        return Exclusion::Quarantined;
    };
    match (rate.convert(order.gross) - rate.convert(order.discount)).signum() {
        0 => Exclusion::ZeroValue,
        -1 => Exclusion::ReturnWithoutSale,
        _ => Exclusion::None,
    }
}
