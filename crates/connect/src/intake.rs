//! Rows become orders: one order per id, in columns, with amounts still in the scale of reading.

use std::collections::BTreeMap;

use clove_core::{DataHealth, Exclusion, NONE, Reject, Tally};

use crate::batch::{Batch, Dictionaries};
use crate::fields::Field;
use crate::format::Format;
use crate::number::MISSING;
use crate::plan::Plan;
use crate::raw::{HANDLING, OrderRow, RawLines, RawOrders};
use crate::status::{KindOf, LineKind, State, is_yes, kind_of, line_kind, state_of};
use crate::values::{line_value, order_value};

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
    /// Whether some order number was used by several customers.
    numbers_are_reused: bool,
    /// Rows left out by reason and code of their currency, in the scale of reading.
    pub left_out: BTreeMap<(&'static str, u32), Tally>,
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
            lines: RawLines::new(),
            health: DataHealth::default(),
            slots: Vec::new(),
            numbers_are_reused: false,
            left_out: BTreeMap::new(),
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

    /// Counts rows that were rejected while a file was read, and keeps as many of all the file's rejects as there is room
    /// for, the first ones.
    pub fn take_rejects(&mut self, count: u64, rejects: Vec<Reject>) {
        self.health.rejected += count;
        self.health.rejects.extend(rejects);
        let mut files: Vec<String> = Vec::new();
        for reject in &self.health.rejects {
            if !files.contains(&reject.file) {
                files.push(reject.file.clone());
            }
        }
        self.health
            .rejects
            .sort_by_cached_key(|reject| (files.iter().position(|file| *file == reject.file), reject.line));
        self.health.rejects.truncate(self.keep_rejects);
    }

    /// Takes a batch of rows of one file.
    pub fn take(&mut self, batch: &Batch, plan: &Plan, dictionaries: &mut Dictionaries, file: usize) {
        self.health.rows += batch.rows as u64;
        self.orders.declare(batch, plan, self.files);
        if !plan.lines {
            self.orders.reserve(batch.rows + batch.rows_to_come);
        }
        if plan.lines {
            self.declare_lines(batch);
        }
        if plan.format != Format::WooOrders && self.orders.extend_plain(batch, plan, self.files) {
            return;
        }
        let with_ids = batch.has(Field::OrderId);
        let before = (self.orders.len(), self.lines.order.len());
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
        if plan.lines && batch.rows_to_come > 0 {
            // The rest of the file will be like its beginning, or nearly so.
            let all = |new: usize| new * (batch.rows_to_come / batch.rows.max(1) + 1) / 64 * 65;
            self.orders.reserve(all(self.orders.len() - before.0));
            self.lines.reserve(all(self.lines.order.len() - before.1));
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
        let (mut id, mut known) = (id, self.known(id));
        if known != NONE && self.is_of_somebody_else(known as usize, &row) {
            id = self.reused_number(id, &row, dictionaries);
            known = self.known(id);
        }
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

    /// The order with this id so far.
    fn known(&self, id: u32) -> u32 {
        if id == NONE { NONE } else { self.slots.get(id as usize).copied().unwrap_or(NONE) }
    }

    /// Whether a row bears the number of an order that another customer placed on another day: numbers that start anew each
    /// year, or that two tills share.
    fn is_of_somebody_else(&self, order: usize, row: &OrderRow) -> bool {
        let differs = |known: u32, own: u32| known != NONE && own != NONE && known != own;
        let other_handle = differs(self.orders.customer.get(order), row.customer)
            || (row.customer == NONE && differs(self.orders.email.get(order), row.email));
        other_handle && !row.placed.is_missing() && row.placed.day != self.orders.day[order]
    }

    /// An order number of its own for a customer who shares a number with others, and a note about it.
    fn reused_number(&mut self, id: u32, row: &OrderRow, dictionaries: &mut Dictionaries) -> u32 {
        let number = dictionaries.field(Field::OrderId).get(id).to_owned();
        let (field, code) =
            if row.customer == NONE { (Field::Email, row.email) } else { (Field::CustomerId, row.customer) };
        let customer = dictionaries.field(field).get(code).to_owned();
        if !self.numbers_are_reused {
            self.numbers_are_reused = true;
            self.health.warnings.push(format!(
                "order numbers such as '{number}' are used by several customers on different days; each is counted as an \
                 order of its own"
            ));
        }
        dictionaries.field_mut(Field::OrderId).intern(&format!("{number} ({customer}, {})", row.placed.day))
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
            self.leave_out("duplicate_row", amount(row), row.currency);
            return;
        }
        let mut row = *row;
        if row.placed.is_missing() {
            row.placed = kept.placed;
        }
        if row.updated < kept.updated {
            self.leave_out("replaced_by_newer", amount(&row), row.currency);
            return;
        }
        self.leave_out("replaced_by_newer", amount(&kept), kept.currency);
        self.orders.replace(order, &row, file);
        for (attribute, codes) in &batch.attributes {
            self.orders.attributes[*attribute].set(order, codes[index]);
        }
    }

    /// Counts a row left out on purpose; its amount is in the scale of reading and in the currency of this code.
    pub fn leave_out(&mut self, reason: &'static str, amount: i64, currency: u32) {
        self.left_out.entry((reason, currency)).or_default().add(amount);
    }

    fn read_row(&mut self, batch: &Batch, index: usize, plan: &Plan, dictionaries: &Dictionaries) -> OrderRow {
        let number = |field: Field| batch.number(field, index);
        let or_zero = |field: Field| Some(number(field)).filter(|&value| value != MISSING).unwrap_or(0);
        let (exclusion, refunded_state) = self.exclusion_of(batch, index, dictionaries);
        let tax = or_zero(Field::Tax);
        let shipping = or_zero(Field::Shipping);
        let (gross, discount) = if plan.lines && !plan.format.prices_on_orders() {
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
            handling: HANDLING.map(|field| match number(field) {
                MISSING => MISSING,
                cost => cost.abs(),
            }),
            refunded: or_zero(Field::Refunded).abs(),
            total: number(Field::Total),
            currency: batch.code(Field::Currency, index),
            rate: number(Field::Rate),
            cancelled_day: batch.moment(Field::CancelledAt, index).day,
            refunded_day: batch.moment(Field::RefundedAt, index).day,
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
        self.lines.tax.push(if plan.format.prices_on_orders() { 0 } else { row.tax });
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
        if !row.placed.is_missing() && row.placed.micros < self.orders.placed_at(order) {
            self.orders.set_placed(order, row.placed);
        }
        if row.exclusion != Exclusion::None && self.orders.exclusion.get(order) == Exclusion::None {
            self.orders.exclusion.set(order, row.exclusion);
        }
        // Shipping and its like are the order's: once if every line repeats it, else the sum.
        if !format.prices_on_orders() && row.shipping != 0 && row.shipping != self.orders.shipping.get(order) {
            let sum = self.orders.shipping.get(order).saturating_add(row.shipping);
            self.orders.shipping.set(order, sum);
        }
        for (column, cost) in self.orders.handling.iter_mut().zip(row.handling) {
            let known = column.get(order);
            if cost != MISSING && cost != known {
                column.set(order, if known == MISSING { cost } else { known.saturating_add(cost) });
            }
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
