//! The tables beside the orders: refunds, spend, costs of goods, exchange rates.

use clove_core::{Currency, Day, NONE, Reject, SpendKind};

use crate::batch::{Batch, Dictionaries};
use crate::currency::{Rates, meanings};
use crate::error::ReadError;
use crate::fields::{Field, TableKind};
use crate::intake::Intake;
use crate::number::MISSING;
use crate::options::{Inputs, ReadOptions};
use crate::plan::{MappedColumn, Plan};
use crate::raw::HANDLING;
use crate::read::read_table_file;
use crate::source::Source;
use crate::zone::Zone;
use clove_core::fold::fold;

/// A refund as its file states it, in the scale of reading and the order's currency.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRefund {
    /// Code of the refund's id.
    pub id: u32,
    /// Code of the order's id.
    pub order: u32,
    /// Day of the refund.
    pub day: Day,
    /// Value of the items without tax.
    pub items: i64,
    /// Tax and shipping paid back.
    pub tax_and_shipping: i64,
    /// Cost of goods of restocked items; [`MISSING`] if the file does not say.
    pub restocked_cost: i64,
    /// Line in the file.
    pub line: u64,
}

/// A row of spend.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSpend {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Channel.
    pub channel: Option<String>,
    /// Kind of cost.
    pub kind: SpendKind,
    /// Amount in the scale of reading.
    pub amount: i64,
    /// Its currency, if the row names one.
    pub currency: Option<Currency>,
    /// Line in the file.
    pub line: u64,
}

/// Costs of goods from a file, in the scale of reading.
#[derive(Debug, Default)]
pub struct Costs {
    /// Cost of one unit by product code; [`MISSING`] if unknown.
    pub of_product: Vec<i64>,
    /// Cost of an order by order code; [`MISSING`] if unknown.
    pub of_order: Vec<i64>,
    /// Payment fee, shipping cost and packaging by order code, in the order of [`HANDLING`]; [`MISSING`] if unknown.
    pub handling: [Vec<i64>; 3],
}

/// All tables beside the orders.
#[derive(Debug, Default)]
pub struct SideTables {
    /// Refunds in the order of the file; of one id the last row.
    pub refunds: Vec<RawRefund>,
    /// The refunds file's name.
    pub refunds_file: Option<String>,
    /// Spend.
    pub spend: Vec<RawSpend>,
    /// The spend file's name.
    pub spend_file: Option<String>,
    /// Costs.
    pub costs: Option<Costs>,
    /// Rates.
    pub rates: Option<Rates>,
    /// How the columns were understood.
    pub mapping: Vec<MappedColumn>,
}

impl SideTables {
    /// Reads the tables that are named.
    pub fn read(
        inputs: &Inputs,
        options: &ReadOptions,
        dictionaries: &mut Dictionaries,
        zone: &mut Zone,
        intake: &mut Intake,
    ) -> Result<SideTables, ReadError> {
        let mut tables = SideTables::default();
        if let Some(name) = &inputs.refunds {
            tables.refunds_file = Some(name.clone());
            tables.read_file(name, TableKind::Refunds, options, dictionaries, zone, intake)?;
        }
        if let Some(name) = &inputs.spend {
            tables.spend_file = Some(name.clone());
            tables.read_file(name, TableKind::Spend, options, dictionaries, zone, intake)?;
        }
        if let Some(name) = &inputs.costs {
            tables.costs = Some(Costs::default());
            tables.read_file(name, TableKind::Costs, options, dictionaries, zone, intake)?;
        }
        if let Some(name) = &inputs.rates {
            tables.rates = Some(Rates::default());
            tables.read_file(name, TableKind::Rates, options, dictionaries, zone, intake)?;
        }
        if let Some(rates) = &mut tables.rates {
            rates.sort();
        }
        Ok(tables)
    }

    fn read_file(
        &mut self,
        name: &str,
        table: TableKind,
        options: &ReadOptions,
        dictionaries: &mut Dictionaries,
        zone: &mut Zone,
        intake: &mut Intake,
    ) -> Result<(), ReadError> {
        let source = Source::named(name, &options.object_stores)?;
        let mut rejects: Vec<Reject> = Vec::new();
        let mut rejected = 0;
        let mut missing: Vec<Reject> = Vec::new();
        let plan = read_table_file(
            &source,
            table,
            options,
            dictionaries,
            zone,
            &mut |batch, plan, dictionaries, _| {
                let taken = match table {
                    TableKind::Refunds => self.take_refunds(batch),
                    TableKind::Spend => self.take_spend(batch, dictionaries),
                    TableKind::Costs => self.take_costs(batch, dictionaries),
                    TableKind::Rates => self.take_rates(batch, dictionaries),
                    TableKind::Orders => Vec::new(),
                };
                missing.extend(taken.into_iter().map(|(line, field)| incomplete(plan, line, field)));
            },
            &mut |reject| {
                rejected += 1;
                if rejects.len() < options.keep_rejects {
                    rejects.push(reject);
                }
            },
        )?;
        rejected += missing.len() as u64;
        rejects.extend(missing);
        intake.take_rejects(rejected, rejects);
        self.mapping.extend(plan.mapped());
        Ok(())
    }

    /// Takes rows of refunds; gives back the lines that lack a needed cell.
    fn take_refunds(&mut self, batch: &Batch) -> Vec<(u64, Field)> {
        let mut bad = Vec::new();
        for row in 0..batch.rows {
            let order = batch.code(Field::OrderId, row);
            let at = batch.moment(Field::RefundedAt, row);
            let items = batch.number(Field::Items, row);
            let line = batch.lines[row];
            let or_zero =
                |field: Field| Some(batch.number(field, row)).filter(|&value| value != MISSING).unwrap_or(0).abs();
            if order == NONE {
                bad.push((line, Field::OrderId));
            } else if at.is_missing() {
                bad.push((line, Field::RefundedAt));
            } else if items == MISSING {
                bad.push((line, Field::Items));
            } else {
                let restocked = batch.number(Field::RestockedCost, row);
                self.refunds.push(RawRefund {
                    id: batch.code(Field::RefundId, row),
                    order,
                    day: at.day,
                    items: items.abs(),
                    tax_and_shipping: or_zero(Field::Tax) + or_zero(Field::Shipping),
                    restocked_cost: if restocked == MISSING { MISSING } else { restocked.abs() },
                    line,
                });
            }
        }
        bad
    }

    fn take_spend(&mut self, batch: &Batch, dictionaries: &Dictionaries) -> Vec<(u64, Field)> {
        let mut bad = Vec::new();
        let currencies = meanings(dictionaries.field(Field::Currency));
        for row in 0..batch.rows {
            let (month, date) = (batch.moment(Field::Month, row), batch.moment(Field::SpendDate, row));
            let amount = batch.number(Field::SpendAmount, row);
            let line = batch.lines[row];
            if month.is_missing() && date.is_missing() {
                bad.push((line, if batch.has(Field::Month) { Field::Month } else { Field::SpendDate }));
                continue;
            }
            if amount == MISSING {
                bad.push((line, Field::SpendAmount));
                continue;
            }
            let (from, until) = if date.is_missing() {
                let month = month.day.month();
                (month.first_day(), month.last_day())
            } else {
                (date.day, date.day)
            };
            let text = |field: Field| {
                Some(batch.code(field, row))
                    .filter(|&code| code != NONE)
                    .map(|code| dictionaries.field(field).get(code).to_owned())
            };
            let currency = Some(batch.code(Field::Currency, row))
                .filter(|&code| code != NONE)
                .and_then(|code| currencies[code as usize]);
            let kind = text(Field::SpendType).map_or(SpendKind::Media, |kind| spend_kind(&kind));
            self.spend.push(RawSpend { from, until, channel: text(Field::Channel), kind, amount, currency, line });
        }
        bad
    }

    fn take_costs(&mut self, batch: &Batch, dictionaries: &mut Dictionaries) -> Vec<(u64, Field)> {
        let mut bad = Vec::new();
        let Some(costs) = &mut self.costs else { return bad };
        for row in 0..batch.rows {
            let cost = batch.number(Field::Cost, row);
            let mut product = batch.code(Field::Product, row);
            if product == NONE {
                // Lines without SKU go by the product's name.
                let name = batch.code(Field::ProductName, row);
                if name != NONE {
                    let text = dictionaries.field(Field::ProductName).get(name).to_owned();
                    product = dictionaries.field_mut(Field::Product).intern(&text);
                }
            }
            let order = batch.code(Field::OrderId, row);
            let mut given = false;
            for (list, field) in costs.handling.iter_mut().zip(HANDLING) {
                let handling = batch.number(field, row);
                if order != NONE && handling != MISSING {
                    put(list, order, handling.abs());
                    given = true;
                }
            }
            match (product, order) {
                (NONE, NONE) => bad.push((batch.lines[row], Field::Product)),
                _ if cost == MISSING && given => {}
                _ if cost == MISSING => bad.push((batch.lines[row], Field::Cost)),
                (NONE, order) => put(&mut costs.of_order, order, cost),
                (product, _) => put(&mut costs.of_product, product, cost),
            }
        }
        bad
    }

    fn take_rates(&mut self, batch: &Batch, dictionaries: &Dictionaries) -> Vec<(u64, Field)> {
        let mut bad = Vec::new();
        let currencies = meanings(dictionaries.field(Field::Currency));
        let Some(rates) = &mut self.rates else { return bad };
        for row in 0..batch.rows {
            let at = batch.moment(Field::SpendDate, row);
            let rate = batch.number(Field::RateValue, row);
            let currency = Some(batch.code(Field::Currency, row))
                .filter(|&code| code != NONE)
                .and_then(|code| currencies[code as usize]);
            let line = batch.lines[row];
            match currency {
                None => bad.push((line, Field::Currency)),
                Some(_) if at.is_missing() => bad.push((line, Field::SpendDate)),
                Some(_) if rate == MISSING || rate <= 0 => bad.push((line, Field::RateValue)),
                Some(currency) => rates.add(currency, at.day, rate),
            }
        }
        bad
    }
}

fn put(list: &mut Vec<i64>, code: u32, value: i64) {
    if list.len() <= code as usize {
        list.resize(code as usize + 1, MISSING);
    }
    list[code as usize] = value;
}

fn incomplete(plan: &Plan, line: u64, field: Field) -> Reject {
    let column = plan
        .columns
        .iter()
        .find(|column| column.field == field)
        .map_or_else(String::new, |column| plan.header[column.column].clone());
    Reject {
        file: plan.file.clone(),
        line,
        column,
        value: String::new(),
        reason: format!("the cell for '{}' is empty or not valid", field.name()),
        remedy: format!("fill it in: {}", field.description().to_lowercase()),
    }
}

/// The kind of cost that a text names; what is not known is "other".
pub fn spend_kind(text: &str) -> SpendKind {
    match fold(text).as_str() {
        "media" | "ads" | "ad" | "advertising" | "adspend" | "paidmedia" | "pubblicita" | "publicite" | "اعلانات"
        | "publicitate" | "reclame" => SpendKind::Media,
        "agency" | "agencies" | "freelancer" | "freelancers" | "agenzia" | "agence" | "وكاله" | "agentie" => {
            SpendKind::Agency
        }
        "salaries" | "salary" | "wages" | "staff" | "payroll" | "stipendi" | "personale" | "salaires" | "رواتب"
        | "salarii" => SpendKind::Salaries,
        "tools" | "tool" | "software" | "strumenti" | "outils" | "ادوات" | "instrumente" => SpendKind::Tools,
        "referralreward" | "referralrewards" | "referral" | "premioinvito" | "parrainage" | "recomandare" => {
            SpendKind::ReferralReward
        }
        "firstordercoupon" | "firstordercoupons" | "welcomecoupon" | "buonobenvenuto" | "couponbienvenue"
        | "cuponbunvenit" => SpendKind::FirstOrderCoupon,
        _ => SpendKind::Other,
    }
}
