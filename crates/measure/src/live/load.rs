//! The shop's data from the store, as if it had been read from files: orders, refunds, costs, persons.

use std::collections::{BTreeMap, HashMap, HashSet};

use clove_core::fact::Order;
use clove_core::{
    Adjustment, Attribute, Checkout, Currency, DataHealth, Day, Micros, NONE, Names, OrderLines, Orders, PersonId,
    Persons, ShopData, SpendKind, SpendRow,
};
use clove_store::settings::Settings;
use clove_store::subscriber::position;
use clove_store::{Db, Result};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::checkouts::{CheckoutStart, checkouts};
use super::pieces::{PlacedOrder, bodies, spend};
use super::rows::{Rate, RefundRow, SpendStateRow};
use super::{ValueSubscriber, sql};

clove_store::statements! {
    SELECT_OF_PERSONS = rows(1, "SELECT o.order_key, o.source, o.external_id, o.subject, o.seq, o.version, o.received_at, o.placed_at, \
        o.day, o.currency, o.exchange_rate, o.exclusion, o.gross, o.discount, o.tax, o.shipping, o.cost, o.payment_fee, \
        o.shipping_cost, o.packaging_cost, o.channel, o.country, p.person, p.shared \
        FROM person_subject AS p JOIN order_state AS o ON o.subject = p.subject WHERE p.person IN ({rows}) ORDER BY o.day, o.order_key");
    SELECT_REFUNDS_OF_ORDERS = rows(1, "SELECT refund_key, source, external_id, order_key, order_external_id, subject, seq, version, \
        received_at, refunded_at, day, currency, items, tax_and_shipping, restocked_cost FROM refund_state WHERE order_key IN ({rows})");
    SELECT_NAMED_OF = rows(1, "SELECT DISTINCT person FROM person_subject WHERE NOT shared AND channel <> '' AND channel <> 'anonymous' \
        AND person IN ({rows})");
}

/// How much to read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Order lines, discount codes and further attributes too: they are read from the facts, which takes several times longer.
    pub details: bool,
}

/// A shop as the store has it.
#[derive(Debug, Clone)]
pub struct LoadedShop {
    /// Its orders in the order of their days. Amounts are in the shop's currency; a customer's id is that of the person.
    pub shop: ShopData,
    /// Who placed each order.
    pub persons: Persons,
    /// The person of each person's number. Orders under a handle that too many share are one unknown customer each: those
    /// numbers have the same person.
    pub person_ids: Vec<PersonId>,
    /// Number of the fact that holds each order's newest version.
    pub order_seqs: Vec<i64>,
    /// The name of the shop's time zone.
    pub time_zone: String,
    /// What the subscriber `value` had handled when reading began. What changed since may be in it or not.
    pub position: i64,
}

/// Reads some persons of the shop in the same way, and all costs.
pub async fn load_persons(db: &Db, wanted: &[PersonId], options: LoadOptions) -> Result<LoadedShop> {
    load_some(db, wanted, options, &spend(db).await?).await
}

/// Reads some persons of the shop in the same way, without any costs.
pub(super) async fn load_histories(db: &Db, wanted: &[PersonId], options: LoadOptions) -> Result<LoadedShop> {
    load_some(db, wanted, options, &[]).await
}

async fn load_some(db: &Db, wanted: &[PersonId], options: LoadOptions, spend: &[SpendStateRow]) -> Result<LoadedShop> {
    let position = position(db, ValueSubscriber::NAME).await?.unwrap_or(0);
    let settings = Settings::read(db).await?;
    let time_zone = clove_store::settings::time_zone_name(&settings.time_zone()?);
    let currency = settings.currency()?.unwrap_or(Currency::EUR);
    let ids: Vec<Uuid> = wanted.iter().map(|person| person.0).collect();
    let named = sql::read_for_ids::<(Uuid,)>(db, SELECT_NAMED_OF, &ids).await?;
    let mut building = Building::new(currency);
    building.name(named.into_iter().map(|(person,)| person));
    let orders: Vec<PlacedOrder> = sql::read_for_ids(db, SELECT_OF_PERSONS, &ids).await?;
    let keys: Vec<Uuid> = orders.iter().map(|row| row.order.order_key).collect();
    building.orders(&orders, &bodies(db, &orders, options).await?);
    let refunds: Vec<RefundRow> = sql::read_for_ids(db, SELECT_REFUNDS_OF_ORDERS, &keys).await?;
    building.refunds(&refunds);
    Ok(building.finish(spend, options, time_zone, position))
}

fn spend_kind(name: &str) -> SpendKind {
    [
        SpendKind::Media,
        SpendKind::Agency,
        SpendKind::Salaries,
        SpendKind::Tools,
        SpendKind::ReferralReward,
        SpendKind::FirstOrderCoupon,
    ]
    .into_iter()
    .find(|kind| kind.name() == name)
    .unwrap_or(SpendKind::Other)
}

/// What a refund needs to know of its order.
#[derive(Clone, Copy)]
struct KnownOrder {
    index: u32,
    currency: u32,
    rate: Option<Rate>,
}

/// What lies between rows and the shop's data.
pub(super) struct Building {
    currency: Currency,
    /// Everyone with a handle.
    named: HashSet<Uuid>,
    orders: Orders,
    lines: OrderLines,
    adjustments: Vec<Adjustment>,
    persons: Persons,
    person_ids: Vec<PersonId>,
    order_seqs: Vec<i64>,
    /// Number of each person whose orders are one customer's.
    numbers: HashMap<Uuid, u32>,
    /// The orders that refunds may belong to, by key.
    by_key: HashMap<Uuid, KnownOrder>,
    attributes: HashMap<String, usize>,
    currencies: Names,
    unknown_rates: u64,
    lost_refunds: u64,
    unusable_spend: u64,
    starts: Vec<CheckoutStart>,
}

impl Building {
    pub(super) fn new(currency: Currency) -> Building {
        Building {
            currency,
            named: HashSet::new(),
            orders: Orders::default(),
            lines: OrderLines::default(),
            adjustments: Vec::new(),
            persons: Persons::default(),
            person_ids: Vec::new(),
            order_seqs: Vec::new(),
            numbers: HashMap::new(),
            by_key: HashMap::new(),
            attributes: HashMap::new(),
            currencies: Names::new(),
            unknown_rates: 0,
            lost_refunds: 0,
            unusable_spend: 0,
            starts: Vec::new(),
        }
    }

    /// How many orders there are.
    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    /// Persons with a handle: all of them come before the first order.
    pub(super) fn name(&mut self, persons: impl IntoIterator<Item = Uuid>) {
        self.named.extend(persons);
    }

    /// Adds orders, with what their facts know beyond them, by number of the fact.
    pub(super) fn orders(&mut self, rows: &[PlacedOrder], bodies: &HashMap<i64, Order>) {
        for row in rows {
            self.order(row, bodies.get(&row.order.seq));
        }
    }

    /// Adds starts of checkouts.
    pub(super) fn checkouts(&mut self, starts: Vec<CheckoutStart>) {
        self.starts.extend(starts);
    }

    /// The checkouts of the starts that came; `None` if there were none: then nobody tells of them.
    fn ended_checkouts(&mut self, time_zone: &str) -> Option<Vec<Checkout>> {
        let starts = std::mem::take(&mut self.starts);
        if starts.is_empty() {
            return None;
        }
        let wanted: HashSet<u32> = starts.iter().filter_map(|start| self.numbers.get(&start.person).copied()).collect();
        let mut orders: BTreeMap<u32, Vec<Micros>> = BTreeMap::new();
        for (&person, &placed_at) in self.persons.of_order.iter().zip(&self.orders.placed_at) {
            if wanted.contains(&person) {
                orders.entry(person).or_default().push(placed_at);
            }
        }
        let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
        Some(checkouts(starts, &self.numbers, &orders, &zone))
    }

    /// Adds refunds: the orders that they belong to come before.
    pub(super) fn refunds(&mut self, rows: &[RefundRow]) {
        for row in rows {
            self.refund(row);
        }
    }

    fn order(&mut self, row: &PlacedOrder, body: Option<&Order>) {
        let PlacedOrder { order, person, shared } = row;
        let index = self.orders.len() as u32;
        // Identity may not have come so far: until then the subject is the person.
        let person = person.unwrap_or(order.subject);
        let is_named = self.named.contains(&person);
        // A handle that too many share names nobody: one unknown customer per order.
        let is_alone = shared.unwrap_or(false) && !is_named;
        let number = match self.numbers.get(&person) {
            Some(&number) if !is_alone => number,
            _ => {
                let number = self.person_ids.len() as u32;
                if !is_alone {
                    self.numbers.insert(person, number);
                }
                self.person_ids.push(PersonId(person));
                self.persons.naming_order.push(index);
                self.persons.identified.push(is_named);
                number
            }
        };
        self.persons.of_order.push(number);
        self.order_seqs.push(order.seq);
        let rate = order.rate(self.currency);
        self.unknown_rates += u64::from(rate.is_none());
        let convert = |amount: i64| rate.map_or(0, |rate| rate.convert(amount));
        let orders = &mut self.orders;
        let id = orders.order_ids.add_new(&order.external_id);
        orders.order_id.push(id);
        let customer = orders.customer_ids.intern(&PersonId(person).to_string());
        orders.customer_id.push(if is_alone { NONE } else { customer });
        orders.placed_at.push(order.placed_at);
        orders.day.push(Day(order.day as i32));
        orders.exclusion.push(order.exclusion());
        orders.gross.push(convert(order.gross));
        orders.discount.push(convert(order.discount));
        orders.tax.push(convert(order.tax));
        orders.shipping.push(convert(order.shipping));
        orders.cost.push(order.cost.map_or(Orders::UNKNOWN_COST, convert));
        orders.payment_fee.push(convert(order.payment_fee.unwrap_or(0)));
        orders.shipping_cost.push(convert(order.shipping_cost.unwrap_or(0)));
        orders.packaging_cost.push(convert(order.packaging_cost.unwrap_or(0)));
        self.attribute("currency", index, Some(&order.currency));
        self.attribute("channel", index, order.channel.as_deref());
        self.attribute("country", index, order.country.as_deref());
        if let Some(body) = body {
            let codes = body.discount_codes.join(", ");
            self.attribute("discount_code", index, (!codes.is_empty()).then_some(codes.as_str()));
            for (name, value) in &body.attributes {
                self.attribute(name, index, Some(value));
            }
            let first = body.lines.iter().find(|line| line.quantity > 0).map(|line| line.product.as_str());
            self.attribute("first_product", index, first);
            for line in &body.lines {
                self.lines.order.push(index);
                let product = self.lines.products.intern(&line.product);
                self.lines.product.push(product);
                self.lines.quantity.push(i32::try_from(line.quantity).unwrap_or(i32::MAX));
                self.lines.gross.push(convert(line.gross));
            }
        }
        let currency = self.currencies.intern(&order.currency);
        self.by_key.insert(order.order_key, KnownOrder { index, currency, rate });
    }

    fn attribute(&mut self, name: &str, order: u32, value: Option<&str>) {
        let Some(value) = value else { return };
        let place = if let Some(&place) = self.attributes.get(name) {
            place
        } else {
            self.orders.attributes.push(Attribute { name: name.to_owned(), ..Attribute::default() });
            self.attributes.insert(name.to_owned(), self.orders.attributes.len() - 1);
            self.orders.attributes.len() - 1
        };
        let attribute = &mut self.orders.attributes[place];
        attribute.codes.resize(order as usize, NONE);
        let code = attribute.values.intern(value);
        attribute.codes.push(code);
    }

    fn refund(&mut self, row: &RefundRow) {
        let found = self.by_key.get(&row.order_key).and_then(|order| {
            let is_own = self.currencies.get(order.currency) == row.currency;
            Some((order.index, if is_own { order.rate } else { row.rate_alone(self.currency) }?))
        });
        let Some((order, rate)) = found else {
            self.lost_refunds += 1;
            return;
        };
        self.adjustments.push(Adjustment {
            order,
            day: Day(row.day as i32),
            items: rate.convert(row.items),
            tax_and_shipping: rate.convert(row.tax_and_shipping),
            restocked_cost: rate.convert(row.restocked_cost),
        });
    }

    fn spend(&mut self, rows: &[SpendStateRow]) -> Vec<SpendRow> {
        let mut spend = Vec::with_capacity(rows.len());
        for row in rows {
            let is_own = row.currency.parse::<Currency>() == Ok(self.currency);
            let (Ok(from), Ok(until), true) = (row.from_day.parse::<Day>(), row.until_day.parse::<Day>(), is_own)
            else {
                self.unusable_spend += 1;
                continue;
            };
            let (channel, kind) = (row.channel.clone(), spend_kind(&row.kind));
            spend.push(SpendRow { from, until, channel, kind, amount: row.amount });
        }
        spend
    }

    pub(super) fn finish(
        mut self,
        spend: &[SpendStateRow],
        options: LoadOptions,
        time_zone: String,
        position: i64,
    ) -> LoadedShop {
        let spend = self.spend(spend);
        let checkouts = self.ended_checkouts(&time_zone);
        let count = self.orders.len();
        for attribute in &mut self.orders.attributes {
            attribute.codes.resize(count, NONE);
        }
        if self.currencies.iter().all(|code| code == self.currency.code()) {
            self.orders.attributes.retain(|attribute| attribute.name != "currency");
        }
        // A column in which nothing is known is no column.
        if self.orders.cost.iter().all(|&cost| cost == Orders::UNKNOWN_COST) {
            self.orders.cost = Vec::new();
        }
        for column in [&mut self.orders.payment_fee, &mut self.orders.shipping_cost, &mut self.orders.packaging_cost] {
            if column.iter().all(|&amount| amount == 0) {
                *column = Vec::new();
            }
        }
        self.adjustments.sort_by_key(|adjustment| (adjustment.order, adjustment.day));
        let mut health = DataHealth { rows: count as u64, ..DataHealth::default() };
        let currency = self.currency;
        let mut warn = |number: u64, text: String| {
            if number > 0 {
                health.warnings.push(text);
            }
        };
        let unknown = self.unknown_rates;
        warn(unknown, format!("{unknown} orders have no exchange rate to {currency}: they are kept apart."));
        let lost = self.lost_refunds;
        warn(
            lost,
            format!(
                "{lost} refunds belong to no order that is known, or are in another currency: they are not counted."
            ),
        );
        let unusable = self.unusable_spend;
        warn(
            unusable,
            format!("{unusable} costs are not in {currency}, or their days cannot be read: they are not counted."),
        );
        let shop = ShopData {
            currency,
            orders: self.orders,
            lines: (options.details && !self.lines.order.is_empty()).then_some(self.lines),
            adjustments: self.adjustments,
            spend,
            checkouts,
            health,
            format: "store".to_owned(),
            has_amounts: true,
        };
        LoadedShop {
            shop,
            persons: self.persons,
            person_ids: self.person_ids,
            order_seqs: self.order_seqs,
            time_zone,
            position,
        }
    }
}
