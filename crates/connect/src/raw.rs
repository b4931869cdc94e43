//! Orders and lines in columns as they are read, with amounts in the scale of reading.

use clove_core::{Day, Exclusion, NONE};

use crate::batch::Batch;
use crate::fields::Field;
use crate::number::MISSING;
use crate::plan::Plan;
use crate::zone::Stamp;

/// A column that stays empty until some file has it.
#[derive(Debug, Clone)]
pub struct Sparse<T> {
    /// The values, one per order; empty if no file has the column.
    pub values: Vec<T>,
    blank: T,
    present: bool,
}

impl<T: Copy + PartialEq> Sparse<T> {
    /// A column that no file has yet.
    pub fn new(blank: T) -> Sparse<T> {
        Sparse { values: Vec::new(), blank, present: false }
    }

    /// Makes the column exist for the first `rows` rows.
    pub fn declare(&mut self, rows: usize) {
        if !self.present {
            self.present = true;
            self.values.resize(rows, self.blank);
        }
    }

    /// Makes room for more values, if the column exists.
    pub fn reserve(&mut self, values: usize) {
        if self.present {
            self.values.reserve(values);
        }
    }

    /// Appends a value, if the column exists.
    pub fn push(&mut self, value: T) {
        if self.present {
            self.values.push(value);
        }
    }

    /// A row's value.
    pub fn get(&self, row: usize) -> T {
        self.values.get(row).copied().unwrap_or(self.blank)
    }

    /// Replaces a row's value.
    pub fn set(&mut self, row: usize, value: T) {
        if let Some(place) = self.values.get_mut(row) {
            *place = value;
        }
    }

    /// Whether some file has the column.
    pub fn is_present(&self) -> bool {
        self.present
    }
}

/// What a row says about its order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderRow {
    /// Code of the customer id.
    pub customer: u32,
    /// Code of the e-mail address.
    pub email: u32,
    /// Code of the phone number.
    pub phone: u32,
    /// When it was placed.
    pub placed: Stamp,
    /// When the row was last changed.
    pub updated: i64,
    /// Why it does not count, as far as the row alone says.
    pub exclusion: Exclusion,
    /// Whether its state says refunded (2), partly refunded (1) or nothing (0).
    pub refunded_state: u8,
    /// Value before discounts, without tax.
    pub gross: i64,
    /// Discounts.
    pub discount: i64,
    /// Tax.
    pub tax: i64,
    /// Shipping.
    pub shipping: i64,
    /// Cost of goods.
    pub cost: i64,
    /// Payment fee, shipping cost and packaging, in the order of [`HANDLING`].
    pub handling: [i64; 3],
    /// Paid back, tax included.
    pub refunded: i64,
    /// Total paid.
    pub total: i64,
    /// Code of the currency's text.
    pub currency: u32,
    /// Exchange rate.
    pub rate: i64,
    /// The row was cancelled at this moment.
    pub cancelled_day: Day,
    /// The (last) refund of the order was paid on this day.
    pub refunded_day: Day,
}

/// The fields of costs beside those of goods.
pub const HANDLING: [Field; 3] = [Field::PaymentFee, Field::ShippingCost, Field::PackagingCost];

/// Orders in columns, as read.
#[derive(Debug)]
pub struct RawOrders {
    /// Code of the order's id; empty if no file has ids.
    pub order_id: Sparse<u32>,
    /// Code of the customer id.
    pub customer: Sparse<u32>,
    /// Code of the e-mail address.
    pub email: Sparse<u32>,
    /// Code of the phone number.
    pub phone: Sparse<u32>,
    /// Moment of placement, microseconds; empty as long as each is the beginning of its day in UTC.
    pub moments: Vec<i64>,
    keeps_moments: bool,
    /// Local day of placement.
    pub day: Vec<Day>,
    /// Last change.
    pub updated: Sparse<i64>,
    /// Exclusion by state, test, kind, tags.
    pub exclusion: Sparse<Exclusion>,
    /// See [`OrderRow::refunded_state`].
    pub refunded_state: Sparse<u8>,
    /// Value before discounts; [`MISSING`] if unknown.
    pub gross: Sparse<i64>,
    /// Discounts.
    pub discount: Sparse<i64>,
    /// Tax.
    pub tax: Sparse<i64>,
    /// Shipping.
    pub shipping: Sparse<i64>,
    /// Cost of goods; [`MISSING`] if unknown.
    pub cost: Sparse<i64>,
    /// Payment fee, shipping cost and packaging, in the order of [`HANDLING`]; [`MISSING`] if unknown.
    pub handling: [Sparse<i64>; 3],
    /// Paid back.
    pub refunded: Sparse<i64>,
    /// Total paid.
    pub total: Sparse<i64>,
    /// Code of the currency's text.
    pub currency: Sparse<u32>,
    /// Exchange rate.
    pub rate: Sparse<i64>,
    /// Day of the cancellation.
    pub cancelled_day: Sparse<Day>,
    /// Day of the (last) refund.
    pub refunded_day: Sparse<Day>,
    /// Number of the file that the order was last read from (only with several files).
    pub file: Sparse<u16>,
    /// Attributes: codes per order.
    pub attributes: Vec<Sparse<u32>>,
}

impl RawOrders {
    /// No orders yet.
    pub fn new() -> RawOrders {
        RawOrders {
            order_id: Sparse::new(NONE),
            customer: Sparse::new(NONE),
            email: Sparse::new(NONE),
            phone: Sparse::new(NONE),
            moments: Vec::new(),
            keeps_moments: false,
            day: Vec::new(),
            updated: Sparse::new(i64::MIN),
            exclusion: Sparse::new(Exclusion::None),
            refunded_state: Sparse::new(0),
            gross: Sparse::new(MISSING),
            discount: Sparse::new(0),
            tax: Sparse::new(0),
            shipping: Sparse::new(0),
            cost: Sparse::new(MISSING),
            handling: HANDLING.map(|_| Sparse::new(MISSING)),
            refunded: Sparse::new(0),
            total: Sparse::new(MISSING),
            currency: Sparse::new(NONE),
            rate: Sparse::new(MISSING),
            cancelled_day: Sparse::new(Day(i32::MIN)),
            refunded_day: Sparse::new(Day(i32::MIN)),
            file: Sparse::new(0),
            attributes: Vec::new(),
        }
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Makes the columns exist that a batch has.
    pub fn declare(&mut self, batch: &Batch, plan: &Plan, files: usize) {
        let rows = self.len();
        let has = |field: Field| batch.has(field);
        if has(Field::OrderId) {
            self.order_id.declare(rows);
        }
        for (column, field) in [
            (&mut self.customer, Field::CustomerId),
            (&mut self.email, Field::Email),
            (&mut self.phone, Field::Phone),
            (&mut self.currency, Field::Currency),
        ] {
            if has(field) {
                column.declare(rows);
            }
        }
        if has(Field::UpdatedAt) {
            self.updated.declare(rows);
        }
        if [Field::Status, Field::Test, Field::OrderKind, Field::Tags, Field::CancelledAt].into_iter().any(has)
            || plan.lines
        {
            self.exclusion.declare(rows);
        }
        if has(Field::Status) {
            self.refunded_state.declare(rows);
        }
        let has_value =
            [Field::Gross, Field::Amount, Field::Total, Field::UnitPrice, Field::LineTotal].into_iter().any(has);
        if has_value {
            self.gross.declare(rows);
        }
        for (column, fields) in [
            (&mut self.discount, &[Field::Discount, Field::LineDiscount][..]),
            (&mut self.tax, &[Field::Tax]),
            (&mut self.shipping, &[Field::Shipping]),
            (&mut self.refunded, &[Field::Refunded]),
            (&mut self.cost, &[Field::Cost]),
            (&mut self.total, &[Field::Total]),
            (&mut self.rate, &[Field::Rate]),
        ] {
            if fields.iter().any(|&field| has(field)) {
                column.declare(rows);
            }
        }
        for (column, field) in self.handling.iter_mut().zip(HANDLING) {
            if has(field) {
                column.declare(rows);
            }
        }
        // A gross beside a net value is a discount.
        if (has(Field::Gross) && has(Field::Amount))
            || (has(Field::UnitPrice) && (has(Field::LineTotal) || has(Field::Amount)))
        {
            self.discount.declare(rows);
        }
        if plan.lines && (has(Field::Product) || has(Field::ProductName)) {
            self.shipping.declare(rows);
        }
        if has(Field::CancelledAt) {
            self.cancelled_day.declare(rows);
        }
        if has(Field::RefundedAt) {
            self.refunded_day.declare(rows);
        }
        if files > 1 {
            self.file.declare(rows);
        }
        for (attribute, _) in &batch.attributes {
            while self.attributes.len() <= *attribute {
                self.attributes.push(Sparse::new(NONE));
            }
            self.attributes[*attribute].declare(rows);
        }
    }

    /// Appends an order.
    pub fn push(&mut self, id: u32, row: &OrderRow, file: u16) {
        self.order_id.push(id);
        self.customer.push(row.customer);
        self.email.push(row.email);
        self.phone.push(row.phone);
        self.push_placed(row.placed);
        self.updated.push(row.updated);
        self.exclusion.push(row.exclusion);
        self.refunded_state.push(row.refunded_state);
        self.gross.push(row.gross);
        self.discount.push(row.discount);
        self.tax.push(row.tax);
        self.shipping.push(row.shipping);
        self.cost.push(row.cost);
        for (column, cost) in self.handling.iter_mut().zip(row.handling) {
            column.push(cost);
        }
        self.refunded.push(row.refunded);
        self.total.push(row.total);
        self.currency.push(row.currency);
        self.rate.push(row.rate);
        self.cancelled_day.push(row.cancelled_day);
        self.refunded_day.push(row.refunded_day);
        self.file.push(file);
    }

    /// The moment of placement, microseconds.
    pub fn placed_at(&self, order: usize) -> i64 {
        self.moments.get(order).copied().unwrap_or_else(|| self.day[order].start_utc())
    }

    /// Changes when an order was placed.
    pub fn set_placed(&mut self, order: usize, placed: Stamp) {
        if placed.micros != placed.day.start_utc() {
            self.keep_moments();
        }
        if let Some(moment) = self.moments.get_mut(order) {
            *moment = placed.micros;
        }
        self.day[order] = placed.day;
    }

    fn push_placed(&mut self, placed: Stamp) {
        if !self.keeps_moments && placed.micros != placed.day.start_utc() {
            self.keep_moments();
        }
        if self.keeps_moments {
            self.moments.push(placed.micros);
        }
        self.day.push(placed.day);
    }

    /// From now on moments are kept, those so far included.
    fn keep_moments(&mut self) {
        if !std::mem::replace(&mut self.keeps_moments, true) {
            self.moments.reserve(self.day.capacity());
            self.moments.extend(self.day.iter().map(|day| day.start_utc()));
        }
    }

    /// Makes room for so many more orders in the columns that exist: memory that is not used until they come.
    pub fn reserve(&mut self, orders: usize) {
        self.day.reserve(orders);
        if self.keeps_moments {
            self.moments.reserve(orders);
        }
        for column in [&mut self.order_id, &mut self.customer, &mut self.email, &mut self.phone, &mut self.currency] {
            column.reserve(orders);
        }
        self.exclusion.reserve(orders);
        self.refunded_state.reserve(orders);
        for column in [
            &mut self.updated,
            &mut self.gross,
            &mut self.discount,
            &mut self.tax,
            &mut self.shipping,
            &mut self.cost,
            &mut self.refunded,
            &mut self.total,
            &mut self.rate,
        ] {
            column.reserve(orders);
        }
        self.handling.iter_mut().for_each(|column| column.reserve(orders));
        self.attributes.iter_mut().for_each(|column| column.reserve(orders));
    }

    /// Appends a whole batch, where each row is an order by itself and its columns are what they say: no order ids, one file,
    /// and beside who, when and attributes only an amount. False, and nothing appended, if that is not so.
    pub fn extend_plain(&mut self, batch: &Batch, plan: &Plan, files: usize) -> bool {
        const PLAIN: [Field; 5] = [Field::CustomerId, Field::Email, Field::Phone, Field::PlacedAt, Field::Amount];
        let is_plain = files == 1 && !plan.lines && batch.fields().all(|field| PLAIN.contains(&field));
        let Some(moments) = batch.moments(Field::PlacedAt).filter(|_| is_plain) else { return false };
        if moments.iter().any(|moment| moment.is_missing()) {
            return false;
        }
        if !self.keeps_moments && moments.iter().all(|moment| moment.micros == moment.day.start_utc()) {
            self.day.extend(moments.iter().map(|moment| moment.day));
        } else {
            for &moment in moments {
                self.push_placed(moment);
            }
        }
        for (column, field) in
            [(&mut self.customer, Field::CustomerId), (&mut self.email, Field::Email), (&mut self.phone, Field::Phone)]
        {
            if let Some(codes) = batch.codes(field) {
                column.values.extend_from_slice(codes);
            }
        }
        if let Some(amounts) = batch.scaled(Field::Amount) {
            self.gross.values.extend_from_slice(amounts);
        }
        for (attribute, codes) in &batch.attributes {
            self.attributes[*attribute].values.extend_from_slice(codes);
        }
        true
    }

    /// An order's values.
    pub fn row(&self, order: usize) -> OrderRow {
        OrderRow {
            customer: self.customer.get(order),
            email: self.email.get(order),
            phone: self.phone.get(order),
            placed: Stamp { micros: self.placed_at(order), day: self.day[order] },
            updated: self.updated.get(order),
            exclusion: self.exclusion.get(order),
            refunded_state: self.refunded_state.get(order),
            gross: self.gross.get(order),
            discount: self.discount.get(order),
            tax: self.tax.get(order),
            shipping: self.shipping.get(order),
            cost: self.cost.get(order),
            handling: std::array::from_fn(|kind| self.handling[kind].get(order)),
            refunded: self.refunded.get(order),
            total: self.total.get(order),
            currency: self.currency.get(order),
            rate: self.rate.get(order),
            cancelled_day: self.cancelled_day.get(order),
            refunded_day: self.refunded_day.get(order),
        }
    }

    /// Replaces an order's values.
    pub fn replace(&mut self, order: usize, row: &OrderRow, file: u16) {
        self.customer.set(order, row.customer);
        self.email.set(order, row.email);
        self.phone.set(order, row.phone);
        self.set_placed(order, row.placed);
        self.updated.set(order, row.updated);
        self.exclusion.set(order, row.exclusion);
        self.refunded_state.set(order, row.refunded_state);
        self.gross.set(order, row.gross);
        self.discount.set(order, row.discount);
        self.tax.set(order, row.tax);
        self.shipping.set(order, row.shipping);
        self.cost.set(order, row.cost);
        for (column, cost) in self.handling.iter_mut().zip(row.handling) {
            column.set(order, cost);
        }
        self.refunded.set(order, row.refunded);
        self.total.set(order, row.total);
        self.currency.set(order, row.currency);
        self.rate.set(order, row.rate);
        self.cancelled_day.set(order, row.cancelled_day);
        self.refunded_day.set(order, row.refunded_day);
        self.file.set(order, file);
    }
}

/// Order lines in columns, as read.
#[derive(Debug)]
pub struct RawLines {
    /// Index of the order.
    pub order: Vec<u32>,
    /// Code of the product in the product dictionary.
    pub product: Vec<u32>,
    /// Units in the scale of amounts.
    pub quantity: Vec<i64>,
    /// Value before discounts.
    pub gross: Vec<i64>,
    /// Discount of the line.
    pub discount: Sparse<i64>,
    /// Tax of the line.
    pub tax: Sparse<i64>,
    /// Cost of the line.
    pub cost: Sparse<i64>,
    /// Hash of all cells.
    pub hash: Vec<u64>,
    /// Number of the file (only with several files).
    pub file: Sparse<u16>,
}

impl RawLines {
    /// No lines yet.
    pub fn new() -> RawLines {
        RawLines {
            order: Vec::new(),
            product: Vec::new(),
            quantity: Vec::new(),
            gross: Vec::new(),
            discount: Sparse::new(0),
            tax: Sparse::new(0),
            cost: Sparse::new(MISSING),
            hash: Vec::new(),
            file: Sparse::new(0),
        }
    }

    /// Makes room for so many more lines: memory that is not used until they come.
    pub fn reserve(&mut self, lines: usize) {
        self.order.reserve(lines);
        self.product.reserve(lines);
        self.quantity.reserve(lines);
        self.gross.reserve(lines);
        self.hash.reserve(lines);
        for column in [&mut self.discount, &mut self.tax, &mut self.cost] {
            column.reserve(lines);
        }
        self.file.reserve(lines);
    }
}
