//! Marketing and sales cost.

use std::str::FromStr as _;

use clove_core::fact::Spend as SpendBody;
use clove_core::{Currency, Day, FactBody, Micros, Personal, SpendKind};
use serde::{Deserialize, Serialize};

use super::order::amount;
use super::read::{currency, moment_text};
use crate::sources::changed_version;
use crate::sources::decimal::Decimal;
use crate::sources::intake::{Intake, RecordFormat, Taken};
use crate::sources::node::{Node, moment_of};
use crate::sources::problem::{Problem, Problems};

/// A cost over local days. The same days, channel, kind and currency are the same cost: a later amount replaces the earlier one,
/// so that a month may be handed in again as it grows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// The source's id, for costs that should add up although days, channel and kind are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// First local day that the cost covers, `2026-02-01`.
    pub from: String,
    /// Last local day that the cost covers; without it the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Channel, if the cost belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// `media` (without it this one), `agency`, `salaries`, `tools`, `referral_reward`, `first_order_coupon` or `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// The cost, positive.
    pub amount: Decimal,
    /// When it was last changed, RFC 3339. Without it an amount that was told before is not told anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
}

const FIELDS: [&str; 8] = ["id", "from", "until", "channel", "kind", "currency", "amount", "updated_at"];
/// Longest time that one cost may cover.
const MOST_DAYS: i32 = 1_100;
const DAY: Micros = 86_400_000_000;

fn day(node: &Node<'_>, key: &str, problems: &mut Problems) -> Option<Day> {
    let text = node.text(key, 10, problems)?;
    let day = Day::from_str(&text).ok();
    if day.is_none() {
        problems.add(node.pointer_to(key), format!("'{text}' is not a day"), "write it as 2026-02-01");
    }
    day
}

/// Reads and checks one cost; what is wrong goes to `problems`.
pub(super) fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Spend> {
    node.only(&FIELDS, problems);
    let id = node.id("id", problems);
    let from = day(node, "from", problems);
    if node.get("from").is_none() {
        problems.add(node.pointer_to("from"), "'from' is missing", "send the first day, such as 2026-02-01");
    }
    let until = day(node, "until", problems);
    if let (Some(from), Some(until)) = (from, until)
        && !(0..MOST_DAYS).contains(&until.since(from))
    {
        let remedy = "send the days from the first to the last, at most three years";
        problems.add(node.pointer_to("until"), "the last day does not follow the first", remedy);
    }
    let kind = node.text("kind", 40, problems);
    if let Some(kind) = &kind
        && SpendKind::from_name(kind).is_none()
    {
        let names: Vec<&str> = SpendKind::ALL.iter().map(|kind| kind.name()).collect();
        let remedy = format!("send {}", names.join(", "));
        problems.add(node.pointer_to("kind"), format!("'{kind}' is no kind of cost"), remedy);
    }
    let currency = currency(node, true, problems);
    let before = problems.len();
    let amount = amount(node, "amount", currency, problems);
    if amount.is_none() && problems.len() == before {
        problems.add(node.pointer_to("amount"), "'amount' is missing", "send the cost as a decimal number");
    }
    let channel = node.text("channel", 200, problems);
    let updated_at = moment_text(node, "updated_at", false, problems);
    Some(Spend {
        id,
        from: from?.to_string(),
        until: until.map(|day| day.to_string()),
        channel,
        kind,
        currency: currency?.code().to_owned(),
        amount: amount?,
        updated_at,
    })
}

impl Spend {
    /// Adds the fact of a cost that was checked.
    pub(super) fn take(&self, intake: &Intake<'_>, pointer: &str, taken: &mut Taken) {
        let record = || intake.record(RecordFormat::Spend, self);
        let nobody = Personal::default();
        let read = self.currency.parse::<Currency>().ok().and_then(|currency| {
            Some((currency, self.amount.rounded(currency).ok()?, Day::from_str(&self.from).ok()?))
        });
        let Some((currency, amount, from)) = read else {
            let message = "day, currency or amount cannot be read".to_owned();
            let problem = Problem { pointer: pointer.to_owned(), message, remedy: "send it again".to_owned() };
            return taken.keep_apart(intake, problem, record(), &nobody);
        };
        let kind = self.kind.as_deref().and_then(SpendKind::from_name).unwrap_or_default().name();
        let until = self.until.clone().unwrap_or_else(|| self.from.clone());
        let body = FactBody::Spend(SpendBody {
            from: self.from.clone(),
            until: until.clone(),
            channel: self.channel.clone(),
            kind: kind.to_owned(),
            currency: currency.code().to_owned(),
            amount,
        });
        let at = Micros::from(from.0) * DAY;
        let updated_at = self.updated_at.as_deref().and_then(moment_of);
        let doubt = intake
            .doubt_moment(format!("{pointer}/from"), at)
            .or_else(|| intake.doubt_moment(format!("{pointer}/updated_at"), updated_at?))
            .or_else(|| {
                (amount < 0).then(|| Problem {
                    pointer: format!("{pointer}/amount"),
                    message: "the amount is negative".to_owned(),
                    remedy: "send what is left of the cost after credits".to_owned(),
                })
            });
        let version = match intake.content(&body, &nobody) {
            Ok(content) => changed_version(updated_at, content),
            Err(error) => return taken.keep_apart(intake, Problem::again(pointer, &error), record(), &nobody),
        };
        let channel = self.channel.as_deref().unwrap_or("");
        // Told by what it is for. A channel may be long: its name is hashed.
        let id = self.id.clone().unwrap_or_else(|| {
            let parts = [self.from.as_str(), until.as_str(), channel, kind, currency.code()];
            format!("{}/{until}/{}", self.from, intake.hash_key.hash("spend", &parts).simple())
        });
        let subject = intake.thing_subject("spend", channel);
        let fact = intake.fact(subject, id, version, at, body, nobody);
        taken.add_record(intake, fact, &format!("{pointer}/id"), doubt, record);
    }
}
