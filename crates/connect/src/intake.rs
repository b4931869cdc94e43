//! Rows become orders: one order per id, in columns, with amounts still in the scale of reading.

use clove_core::{DataHealth, Day, Exclusion, NONE, Reject};

use crate::batch::{Batch, Dictionaries};
use crate::fields::Field;
use crate::format::Format;
use crate::number::{MISSING, multiply};
use crate::plan::Plan;
use crate::status::{KindOf, LineKind, State, is_yes, kind_of, line_kind, state_of};
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
}

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
    /// Moment of placement, microseconds.
    pub placed: Vec<i64>,
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
    /// Number of the file that the order was last read from (only with several files).
    pub file: Sparse<u16>,
    /// Attributes: codes per order.
    pub attributes: Vec<Sparse<u32>>,
}

impl RawOrders {
    fn new() -> RawOrders {
        RawOrders {
            order_id: Sparse::new(NONE),
            customer: Sparse::new(NONE),
            email: Sparse::new(NONE),
            phone: Sparse::new(NONE),
            placed: Vec::new(),
            day: Vec::new(),
            updated: Sparse::new(i64::MIN),
            exclusion: Sparse::new(Exclusion::None),
            refunded_state: Sparse::new(0),
            gross: Sparse::new(MISSING),
            discount: Sparse::new(0),
            tax: Sparse::new(0),
            shipping: Sparse::new(0),
            cost: Sparse::new(MISSING),
            refunded: Sparse::new(0),
            total: Sparse::new(MISSING),
            currency: Sparse::new(NONE),
            rate: Sparse::new(MISSING),
            cancelled_day: Sparse::new(Day(i32::MIN)),
            file: Sparse::new(0),
            attributes: Vec::new(),
        }
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.placed.len()
    }

    fn declare(&mut self, batch: &Batch, plan: &Plan, files: usize) {
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

    fn push(&mut self, id: u32, row: &OrderRow, file: u16) {
        self.order_id.push(id);
        self.customer.push(row.customer);
        self.email.push(row.email);
        self.phone.push(row.phone);
        self.placed.push(row.placed.micros);
        self.day.push(row.placed.day);
        self.updated.push(row.updated);
        self.exclusion.push(row.exclusion);
        self.refunded_state.push(row.refunded_state);
        self.gross.push(row.gross);
        self.discount.push(row.discount);
        self.tax.push(row.tax);
        self.shipping.push(row.shipping);
        self.cost.push(row.cost);
        self.refunded.push(row.refunded);
        self.total.push(row.total);
        self.currency.push(row.currency);
        self.rate.push(row.rate);
        self.cancelled_day.push(row.cancelled_day);
        self.file.push(file);
    }

    fn row(&self, order: usize) -> OrderRow {
        OrderRow {
            customer: self.customer.get(order),
            email: self.email.get(order),
            phone: self.phone.get(order),
            placed: Stamp { micros: self.placed[order], day: self.day[order] },
            updated: self.updated.get(order),
            exclusion: self.exclusion.get(order),
            refunded_state: self.refunded_state.get(order),
            gross: self.gross.get(order),
            discount: self.discount.get(order),
            tax: self.tax.get(order),
            shipping: self.shipping.get(order),
            cost: self.cost.get(order),
            refunded: self.refunded.get(order),
            total: self.total.get(order),
            currency: self.currency.get(order),
            rate: self.rate.get(order),
            cancelled_day: self.cancelled_day.get(order),
        }
    }

    fn replace(&mut self, order: usize, row: &OrderRow, file: u16) {
        self.customer.set(order, row.customer);
        self.email.set(order, row.email);
        self.phone.set(order, row.phone);
        self.placed[order] = row.placed.micros;
        self.day[order] = row.placed.day;
        self.updated.set(order, row.updated);
        self.exclusion.set(order, row.exclusion);
        self.refunded_state.set(order, row.refunded_state);
        self.gross.set(order, row.gross);
        self.discount.set(order, row.discount);
        self.tax.set(order, row.tax);
        self.shipping.set(order, row.shipping);
        self.cost.set(order, row.cost);
        self.refunded.set(order, row.refunded);
        self.total.set(order, row.total);
        self.currency.set(order, row.currency);
        self.rate.set(order, row.rate);
        self.cancelled_day.set(order, row.cancelled_day);
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

/// Everything read so far.
#[derive(Debug)]
pub struct Intake {
    /// The orders.
    pub orders: RawOrders,
    /// The lines.
    pub lines: RawLines,
    /// What was left out.
    pub health: DataHealth,
    /// Order index of each order id's code, [`NONE`] if it has none yet.
    pub slots: Vec<u32>,
    /// Words of states that are not known, with their counts.
    pub unknown_states: Vec<(String, u64)>,
    /// What each product code is.
    pub product_kinds: Vec<Option<LineKind>>,
    /// Number of files in the import.
    pub files: usize,
    /// Orders whose amount is missing although the files have amounts.
    wholesale_tags: Vec<String>,
    keep_rejects: usize,
    states: Vec<Option<State>>,
    tests: Vec<Option<bool>>,
    kinds: Vec<Option<KindOf>>,
    wholesale: Vec<Option<bool>>,
    taxes_included: Vec<Option<bool>>,
    /// Largest order id code whose lines came with a hash set; see `lines.rs`.
    product_of_name: Vec<u32>,
}

fn cached<T: Copy>(cache: &mut Vec<Option<T>>, code: u32, make: impl FnOnce() -> T) -> T {
    let index = code as usize;
    if cache.len() <= index {
        cache.resize(index + 1, None);
    }
    *cache[index].get_or_insert_with(make)
}

impl Intake {
    /// Nothing read yet.
    pub fn new(files: usize, keep_rejects: usize, wholesale_tags: &[String]) -> Intake {
        Intake {
            orders: RawOrders::new(),
            lines: RawLines {
                order: Vec::new(),
                product: Vec::new(),
                quantity: Vec::new(),
                gross: Vec::new(),
                discount: Sparse::new(0),
                tax: Sparse::new(0),
                cost: Sparse::new(MISSING),
                hash: Vec::new(),
                file: Sparse::new(0),
            },
            health: DataHealth::default(),
            slots: Vec::new(),
            unknown_states: Vec::new(),
            product_kinds: Vec::new(),
            files,
            wholesale_tags: wholesale_tags.iter().map(|tag| tag.trim().to_lowercase()).collect(),
            keep_rejects,
            states: Vec::new(),
            tests: Vec::new(),
            kinds: Vec::new(),
            wholesale: Vec::new(),
            taxes_included: Vec::new(),
            product_of_name: Vec::new(),
        }
    }

    /// Counts a rejected row and keeps it if there is room.
    pub fn reject(&mut self, reject: Reject) {
        self.health.rejected += 1;
        if self.health.rejects.len() < self.keep_rejects {
            self.health.rejects.push(reject);
        }
    }

    /// Takes a batch of rows of one file.
    pub fn take(&mut self, batch: &Batch, plan: &Plan, dictionaries: &mut Dictionaries, file: usize) {
        self.health.rows += batch.rows as u64;
        self.orders.declare(batch, plan, self.files);
        if plan.lines {
            self.declare_lines(batch);
        }
        let with_ids = batch.has(Field::OrderId);
        for index in 0..batch.rows {
            let row = self.read_row(batch, index, plan, dictionaries);
            let mut id = batch.code(Field::OrderId, index);
            if plan.format == Format::WooOrders
                && row.customer != NONE
                && dictionaries.field(Field::CustomerId).get(row.customer) == "0"
            {
                // WooCommerce writes 0 for guests.
                self.take_row(batch, index, plan, dictionaries, file, id, OrderRow { customer: NONE, ..row });
                continue;
            }
            if id == NONE && self.orders.order_id.is_present() && !with_ids {
                // A file without order ids beside files that have them.
                id = dictionaries.field_mut(Field::OrderId).intern(&format!("{}:{}", plan.file, batch.lines[index]));
            }
            self.take_row(batch, index, plan, dictionaries, file, id, row);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of one row, in a hot loop")]
    fn take_row(
        &mut self,
        batch: &Batch,
        index: usize,
        plan: &Plan,
        dictionaries: &mut Dictionaries,
        file: usize,
        id: u32,
        row: OrderRow,
    ) {
        let known = if id == NONE { NONE } else { self.slots.get(id as usize).copied().unwrap_or(NONE) };
        if known == NONE && row.placed.is_missing() {
            self.reject(Reject {
                file: plan.file.clone(),
                line: batch.lines[index],
                column: plan
                    .columns
                    .iter()
                    .find(|c| c.field == Field::PlacedAt)
                    .map(|c| plan.header[c.column].clone())
                    .unwrap_or_default(),
                value: String::new(),
                reason: "the order has no date".to_owned(),
                remedy: "add the date, for instance 2026-06-30".to_owned(),
            });
            return;
        }
        if plan.lines {
            self.take_line(batch, index, plan, dictionaries, file as u16, id, known, &row);
        } else if known == NONE {
            let mut id = id;
            if id == NONE && self.orders.order_id.is_present() {
                id = dictionaries
                    .field_mut(Field::OrderId)
                    .intern(&format!("line {} of {}", batch.lines[index], plan.file));
            }
            self.new_order(id, &row, file as u16, batch, index);
        } else {
            self.repeat(known as usize, &row, file as u16, batch, index);
        }
    }

    /// Appends an order and returns its index.
    pub(crate) fn new_order(&mut self, id: u32, row: &OrderRow, file: u16, batch: &Batch, index: usize) -> u32 {
        let order = self.orders.len() as u32;
        if id != NONE {
            if self.slots.len() <= id as usize {
                self.slots.resize((id as usize + 1).max(self.slots.len() * 2), NONE);
            }
            self.slots[id as usize] = order;
        }
        self.orders.push(id, row, file);
        for (attribute, column) in self.orders.attributes.iter_mut().enumerate() {
            let code = batch
                .attributes
                .iter()
                .find(|(number, _)| *number == attribute)
                .map_or(NONE, |(_, codes)| codes[index]);
            column.push(code);
        }
        order
    }

    /// An order id again: the newer row by its date of change, else the later one, is kept.
    fn repeat(&mut self, order: usize, row: &OrderRow, file: u16, batch: &Batch, index: usize) {
        let kept = self.orders.row(order);
        let amount = |row: &OrderRow| if row.gross == MISSING { 0 } else { row.gross - row.discount };
        if kept == *row {
            self.leave_out("duplicate_row", amount(row));
            return;
        }
        let mut row = *row;
        if row.placed.is_missing() {
            row.placed = kept.placed;
        }
        if row.updated < kept.updated {
            self.leave_out("replaced_by_newer", amount(&row));
            return;
        }
        self.leave_out("replaced_by_newer", amount(&kept));
        self.orders.replace(order, &row, file);
        for (attribute, codes) in &batch.attributes {
            self.orders.attributes[*attribute].set(order, codes[index]);
        }
    }

    /// Counts a row left out on purpose; its amount is in the scale of reading until the end of the import.
    pub fn leave_out(&mut self, reason: &'static str, amount: i64) {
        self.health.rows_left_out.entry(reason).or_default().add(amount);
    }

    fn read_row(&mut self, batch: &Batch, index: usize, plan: &Plan, dictionaries: &Dictionaries) -> OrderRow {
        let number = |field: Field| batch.number(field, index);
        let or_zero = |field: Field| Some(number(field)).filter(|&value| value != MISSING).unwrap_or(0);
        let (exclusion, refunded_state) = self.exclusion_of(batch, index, dictionaries);
        let tax = or_zero(Field::Tax);
        let shipping = or_zero(Field::Shipping);
        let (gross, discount) = if plan.lines && plan.format != Format::ShopifyOrders {
            (MISSING, 0)
        } else {
            let included = match batch.code(Field::TaxesIncluded, index) {
                NONE => false,
                code => cached(&mut self.taxes_included, code, || {
                    is_yes(dictionaries.field(Field::TaxesIncluded).get(code))
                }),
            };
            order_value(batch, index, tax, shipping, included)
        };
        OrderRow {
            customer: batch.code(Field::CustomerId, index),
            email: batch.code(Field::Email, index),
            phone: batch.code(Field::Phone, index),
            placed: batch.moment(Field::PlacedAt, index),
            updated: batch.moment(Field::UpdatedAt, index).micros,
            exclusion,
            refunded_state,
            gross,
            discount,
            tax,
            shipping,
            cost: number(Field::Cost),
            refunded: or_zero(Field::Refunded).abs(),
            total: number(Field::Total),
            currency: batch.code(Field::Currency, index),
            rate: number(Field::Rate),
            cancelled_day: batch.moment(Field::CancelledAt, index).day,
        }
    }

    /// The exclusion that a row's flags mean, test before cancelled before pending, and what its state says of refunds.
    fn exclusion_of(&mut self, batch: &Batch, index: usize, dictionaries: &Dictionaries) -> (Exclusion, u8) {
        let mut exclusion = Exclusion::None;
        let mut refunded = 0;
        let tags = batch.code(Field::Tags, index);
        if tags != NONE && !self.wholesale_tags.is_empty() {
            let wanted = &self.wholesale_tags;
            let is_wholesale = cached(&mut self.wholesale, tags, || {
                dictionaries
                    .field(Field::Tags)
                    .get(tags)
                    .split([',', ';'])
                    .any(|tag| wanted.contains(&tag.trim().to_lowercase()))
            });
            if is_wholesale {
                exclusion = Exclusion::Wholesale;
            }
        }
        let kind = batch.code(Field::OrderKind, index);
        if kind != NONE {
            match cached(&mut self.kinds, kind, || kind_of(dictionaries.field(Field::OrderKind).get(kind))) {
                KindOf::Sale | KindOf::Return => {}
                KindOf::GiftCard => exclusion = Exclusion::GiftCardSale,
                KindOf::Draft => exclusion = Exclusion::Pending,
            }
        }
        let status = batch.code(Field::Status, index);
        if status != NONE {
            let text = dictionaries.field(Field::Status).get(status);
            match cached(&mut self.states, status, || state_of(text)) {
                State::Paid => {}
                State::PartlyRefunded => refunded = 1,
                State::Refunded => refunded = 2,
                State::Pending => exclusion = Exclusion::Pending,
                State::Cancelled => exclusion = Exclusion::Cancelled,
                State::Unknown => match self.unknown_states.iter_mut().find(|(known, _)| known == text) {
                    Some((_, count)) => *count += 1,
                    None => self.unknown_states.push((text.to_owned(), 1)),
                },
            }
        }
        if !batch.moment(Field::CancelledAt, index).is_missing() && refunded == 0 {
            exclusion = Exclusion::Cancelled;
        }
        let test = batch.code(Field::Test, index);
        if test != NONE && cached(&mut self.tests, test, || is_yes(dictionaries.field(Field::Test).get(test))) {
            exclusion = Exclusion::Test;
        }
        (exclusion, refunded)
    }

    fn declare_lines(&mut self, batch: &Batch) {
        let rows = self.lines.order.len();
        if batch.has(Field::Discount)
            || batch.has(Field::LineDiscount)
            || batch.has(Field::LineTotal)
            || batch.has(Field::Amount)
        {
            self.lines.discount.declare(rows);
        }
        if batch.has(Field::Tax) {
            self.lines.tax.declare(rows);
        }
        if batch.has(Field::Cost) {
            self.lines.cost.declare(rows);
        }
        if self.files > 1 {
            self.lines.file.declare(rows);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of one row, in a hot loop")]
    fn take_line(
        &mut self,
        batch: &Batch,
        index: usize,
        plan: &Plan,
        dictionaries: &mut Dictionaries,
        file: u16,
        id: u32,
        known: u32,
        row: &OrderRow,
    ) {
        let order = if known == NONE {
            let mut id = id;
            if id == NONE && self.orders.order_id.is_present() {
                id = dictionaries
                    .field_mut(Field::OrderId)
                    .intern(&format!("line {} of {}", batch.lines[index], plan.file));
            }
            self.new_order(id, row, file, batch, index)
        } else {
            self.continue_order(known as usize, row, file, batch, index, plan.format);
            known
        };
        let Some(line) = line_value(batch, index, plan.format) else { return };
        let product = self.product_of(batch, index, dictionaries);
        self.lines.order.push(order);
        self.lines.product.push(product);
        self.lines.quantity.push(line.quantity);
        self.lines.gross.push(line.gross);
        self.lines.discount.push(line.discount);
        self.lines.tax.push(if plan.format == Format::ShopifyOrders { 0 } else { row.tax });
        self.lines.cost.push(row.cost);
        self.lines.hash.push(batch.hashes.get(index).copied().unwrap_or(0));
        self.lines.file.push(file);
    }

    /// A further line of a known order: fills what its first line left open.
    fn continue_order(&mut self, order: usize, row: &OrderRow, file: u16, batch: &Batch, index: usize, format: Format) {
        if self.files > 1 && self.orders.file.get(order) != file {
            // The order comes again in a later file: that version replaces the earlier one, unless it is older.
            if row.updated >= self.orders.updated.get(order) && !row.placed.is_missing() {
                self.orders.replace(order, row, file);
                for (attribute, codes) in &batch.attributes {
                    self.orders.attributes[*attribute].set(order, codes[index]);
                }
            }
            return;
        }
        for (column, code) in [
            (&mut self.orders.customer, row.customer),
            (&mut self.orders.email, row.email),
            (&mut self.orders.phone, row.phone),
            (&mut self.orders.currency, row.currency),
        ] {
            if code != NONE && column.get(order) == NONE {
                column.set(order, code);
            }
        }
        // The same invoice with two timestamps counts from the earlier.
        if !row.placed.is_missing() && row.placed.micros < self.orders.placed[order] {
            self.orders.placed[order] = row.placed.micros;
            self.orders.day[order] = row.placed.day;
        }
        if row.exclusion != Exclusion::None && self.orders.exclusion.get(order) == Exclusion::None {
            self.orders.exclusion.set(order, row.exclusion);
        }
        // Shipping is the order's: once if every line repeats it, else the sum.
        if format != Format::ShopifyOrders && row.shipping != 0 && row.shipping != self.orders.shipping.get(order) {
            let sum = self.orders.shipping.get(order).saturating_add(row.shipping);
            self.orders.shipping.set(order, sum);
        }
    }

    /// The product's code: its SKU where known, else its name; classified when first seen.
    fn product_of(&mut self, batch: &Batch, index: usize, dictionaries: &mut Dictionaries) -> u32 {
        let sku = batch.code(Field::Product, index);
        let name = batch.code(Field::ProductName, index);
        let product = match (sku, name) {
            (NONE, NONE) => return NONE,
            (NONE, name) => {
                if self.product_of_name.len() <= name as usize {
                    self.product_of_name.resize(name as usize + 1, NONE);
                }
                if self.product_of_name[name as usize] == NONE {
                    let text = dictionaries.field(Field::ProductName).get(name).to_owned();
                    self.product_of_name[name as usize] = dictionaries.field_mut(Field::Product).intern(&text);
                }
                self.product_of_name[name as usize]
            }
            (sku, _) => sku,
        };
        cached(&mut self.product_kinds, product, || {
            let code = if sku == NONE { "" } else { dictionaries.field(Field::Product).get(sku) };
            let title = if name == NONE { "" } else { dictionaries.field(Field::ProductName).get(name) };
            line_kind(code, title)
        });
        product
    }
}

/// Gross (without tax, before discounts) and discount of an order's row; gross is [`MISSING`] if no column gives a value.
///
/// - `gross` is taken as it is; a smaller `amount` beside it, without a discount column, means a discount.
/// - `amount` is net of the discount: gross = amount + discount.
/// - `total` is what was paid: gross = total - tax - shipping + discount.
/// - with taxes included in prices, tax is taken out of `gross` and `amount`.
fn order_value(batch: &Batch, index: usize, tax: i64, shipping: i64, taxes_included: bool) -> (i64, i64) {
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

struct LineValue {
    quantity: i64,
    gross: i64,
    discount: i64,
}

const ONE: i64 = 1_000_000;

/// A line's units, value and discount; `None` for rows without any (payments of Shopify orders, totals).
fn line_value(batch: &Batch, index: usize, format: Format) -> Option<LineValue> {
    let number = |field: Field| Some(batch.number(field, index)).filter(|&value| value != MISSING);
    let discount = match format {
        Format::ShopifyOrders | Format::ShopifyRest => number(Field::LineDiscount),
        _ => number(Field::LineDiscount).or(number(Field::Discount)),
    };
    let discount = discount.map(i64::abs);
    let quantity = number(Field::Quantity);
    let total = match format {
        Format::ShopifyOrders | Format::ShopifyRest => None,
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
