//! The subscriber `value`: orders, refunds, costs; then statistics and score of whoever they touch.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clove_core::fact::VersionRank;
use clove_core::{Basis, Currency, Day, FactBody, FactId, HashKey, PersonId, RefundDate, SubjectId};
use clove_store::customer_view::{
    changed, delete_scores, delete_statistics, person_changes, persons, put_statistics, unidentified,
};
use clove_store::settings::{self, Settings};
use clove_store::subscriber::Ordering;
use clove_store::{Result, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::person::{CountRules, count_persons};
use super::rescore::score_persons;
use super::rows::{OrderRow, RefundRow, SpendStateRow};
use super::scorer::ScorerCache;
use super::sql::{self, KnownVersion};
use crate::history::{Counting, HistoryRules};

/// The subscriber. Readers find statistics and scores in [`clove_store::customer_view`].
#[derive(Default)]
pub struct ValueSubscriber {
    scorers: ScorerCache,
}

impl ValueSubscriber {
    /// Its name, for `after` of other subscribers.
    pub const NAME: &'static str = "value";
}

impl Subscriber for ValueSubscriber {
    fn name(&self) -> &'static str {
        ValueSubscriber::NAME
    }

    fn ordering(&self) -> Ordering {
        Ordering::Global
    }

    fn after(&self) -> &'static [&'static str] {
        // The name of the subscriber in `people`, which no other capability imports.
        &["identity"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["order_state", "refund_state", "spend_state", "person_statistics", "person_score", "lake_touched"]
    }

    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        Box::pin(sql::reset(tx))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return Ok(()) };
            let shop = Shop::read(tx, facts).await?;
            let mut touched = Touched::default();
            // What comes after an erasure is not what it erased.
            for part in facts.split_inclusive(|fact| matches!(*fact.body, FactBody::Erased(_))) {
                take(tx, part, &shop, &mut touched).await?;
            }
            let touched = touched.persons(tx, facts, (first.seq, last.seq)).await?;
            match shop.currency {
                Some(currency) if !touched.is_empty() => {
                    self.compute(tx, currency, &shop.zone, &touched, last.seq).await
                }
                // Nobody has orders that could be counted.
                _ => Ok(()),
            }
        })
    }
}

impl ValueSubscriber {
    /// Statistics and score of persons, anew.
    async fn compute(
        &self,
        tx: &mut Tx,
        currency: Currency,
        zone: &TimeZone,
        touched: &BTreeMap<PersonId, FactId>,
        seq: i64,
    ) -> Result<()> {
        let now = tx.db().now();
        let today = Day::of_moment(now, zone);
        let scorer = self.scorers.newest(tx).await?.filter(|scorer| scorer.currency() == currency);
        let counting = Counting { as_of: today, basis: Basis::Net, refund_date: RefundDate::Order };
        let delay = scorer.as_ref().map_or(0, |scorer| scorer.return_delay_days);
        let rules = HistoryRules::new(&counting);
        let rules = CountRules { shop: currency, rules: &rules, mature_until: Day(today.0 - delay) };

        let ids: Vec<PersonId> = touched.keys().copied().collect();
        let counted = count_persons(tx, &ids, &rules).await?;
        let gone: Vec<PersonId> = {
            let with_orders: BTreeSet<PersonId> = counted.iter().map(|person| person.id).collect();
            ids.into_iter().filter(|id| !with_orders.contains(id)).collect()
        };
        if !gone.is_empty() {
            delete_statistics(tx, &gone).await?;
            delete_scores(tx, &gone).await?;
            sql::touch_lake(tx, &gone, seq).await?;
        }
        let statistics: Vec<_> = counted.iter().map(|person| person.statistics(currency, seq, now)).collect();
        put_statistics(tx, &statistics).await?;
        if let Some(scorer) = scorer {
            let cause = |person| touched.get(&person).copied().unwrap_or(FactId(Uuid::nil()));
            score_persons(tx, &scorer, &counted, today, cause).await?;
        }
        Ok(())
    }
}

/// In which currency and time zone the shop counts.
struct Shop {
    /// None until somebody sets it or the first order comes.
    currency: Option<Currency>,
    zone: TimeZone,
}

impl Shop {
    /// The shop's settings. Without a currency that of the first order becomes the shop's.
    async fn read(tx: &mut Tx, facts: &[StoredFact]) -> Result<Shop> {
        let settings = Settings::read_in(tx).await?;
        let (currency, zone) = (settings.currency()?, settings.time_zone()?);
        if currency.is_some() {
            return Ok(Shop { currency, zone });
        }
        let first = facts.iter().find_map(|fact| match &*fact.body {
            FactBody::Order(order) => order.currency.parse::<Currency>().ok(),
            _ => None,
        });
        if let Some(currency) = first {
            settings::put(tx, &settings::CURRENCY, &currency).await?;
            tracing::info!(%currency, "the shop's currency is that of its first order; PATCH /api/v1/settings changes it");
        }
        Ok(Shop { currency: first, zone })
    }
}

/// Whom facts touch: subjects of orders, orders of refunds, each with the last fact that did.
#[derive(Default)]
struct Touched {
    subjects: BTreeMap<Uuid, FactId>,
    orders: BTreeMap<Uuid, FactId>,
}

impl Touched {
    /// The persons concerned, with the fact that is the cause; those whose subjects moved included.
    async fn persons(
        mut self,
        tx: &mut Tx,
        facts: &[StoredFact],
        (from, until): (i64, i64),
    ) -> Result<BTreeMap<PersonId, FactId>> {
        let orders: Vec<Uuid> = self.orders.keys().copied().collect();
        for (order, subject) in sql::subjects_of_orders(tx, &orders).await? {
            self.subjects.insert(subject, self.orders[&order]);
        }
        let subjects: Vec<SubjectId> = self.subjects.keys().copied().map(SubjectId).collect();
        let mut touched: BTreeMap<PersonId, FactId> = BTreeMap::new();
        for (subject, person) in persons(tx, &subjects).await? {
            touched.insert(person, self.subjects[&subject.0]);
        }

        let id_of: HashMap<i64, FactId> = facts.iter().map(|fact| (fact.seq, fact.id)).collect();
        let cause_at = |seq: i64| id_of.get(&seq).copied().unwrap_or(facts[0].id);
        let changes = person_changes(tx, from, until).await?;
        let moved: BTreeSet<Uuid> = changes.iter().map(|change| change.subject.0).collect();
        let moved: Vec<Uuid> = moved.into_iter().collect();
        let with_orders: BTreeSet<Uuid> = sql::subjects_with_orders(tx, &moved).await?.into_iter().collect();
        // Someone with orders may have become known, or unknown, without any order that moved.
        let mut renamed: BTreeMap<PersonId, FactId> = BTreeMap::new();
        for change in &changes {
            let cause = cause_at(change.seq);
            if with_orders.contains(&change.subject.0) {
                touched.insert(change.from, cause);
                touched.insert(change.to, cause);
            } else {
                renamed.insert(change.from, cause);
                renamed.insert(change.to, cause);
            }
        }
        renamed.retain(|person, _| !touched.contains_key(person));
        let candidates: Vec<PersonId> = renamed.keys().copied().collect();
        for (person, ..) in changed(tx, &candidates).await? {
            touched.insert(person, renamed[&person]);
        }
        // Any fact may carry the first handle of someone unknown.
        let seen: BTreeMap<SubjectId, FactId> = facts.iter().map(|fact| (fact.subject, fact.id)).collect();
        let subjects: Vec<SubjectId> = seen.keys().copied().collect();
        let of_seen: BTreeMap<PersonId, FactId> =
            persons(tx, &subjects).await?.into_iter().map(|(subject, person)| (person, seen[&subject])).collect();
        let candidates: Vec<PersonId> =
            of_seen.keys().copied().filter(|person| !touched.contains_key(person)).collect();
        for person in unidentified(tx, &candidates).await? {
            touched.insert(person, of_seen[&person]);
        }
        Ok(touched)
    }
}

/// Takes orders, refunds and costs in, and the erasure at the end if there is one.
async fn take(tx: &mut Tx, facts: &[StoredFact], shop: &Shop, touched: &mut Touched) -> Result<()> {
    let key: HashKey = tx.db().hash_key().clone();
    let (mut orders, mut refunds, mut spend) = (Vec::new(), Vec::new(), Vec::new());
    for fact in facts {
        match &*fact.body {
            FactBody::Order(order) => {
                let row = OrderRow::of(fact, order, &key, shop.currency, &shop.zone);
                orders.push((row.order_key, row.rank(), fact.id, row));
            }
            FactBody::Refund(refund) => {
                let row = RefundRow::of(fact, refund, &key, &shop.zone);
                refunds.push((row.refund_key, row.rank(), fact.id, row));
            }
            FactBody::Spend(body) => {
                let row = SpendStateRow::of(fact, body, &key);
                spend.push((row.spend_key, row.rank(), fact.id, row));
            }
            _ => {}
        }
    }
    if !orders.is_empty() {
        let known = sql::order_versions(tx, &keys(&orders)).await?;
        let newest = newest(orders, known);
        for (id, before, row) in &newest {
            touched.subjects.extend(before.iter().map(|&subject| (subject, *id)));
            touched.subjects.insert(row.subject, *id);
        }
        let rows: Vec<OrderRow> = newest.into_iter().map(|(_, _, row)| row).collect();
        sql::put_orders(tx, &rows).await?;
    }
    if !refunds.is_empty() {
        let known = sql::refund_versions(tx, &keys(&refunds)).await?;
        let newest = newest(refunds, known);
        for (id, before, row) in &newest {
            touched.orders.extend(before.iter().map(|&order| (order, *id)));
            touched.orders.insert(row.order_key, *id);
        }
        let rows: Vec<RefundRow> = newest.into_iter().map(|(_, _, row)| row).collect();
        sql::put_refunds(tx, &rows).await?;
    }
    if !spend.is_empty() {
        let known = sql::spend_versions(tx, &keys(&spend)).await?;
        let rows: Vec<SpendStateRow> = newest(spend, known).into_iter().map(|(_, _, row)| row).collect();
        sql::put_spend(tx, &rows).await?;
    }
    if let Some(FactBody::Erased(erased)) = facts.last().map(|fact| &*fact.body) {
        let subjects: Vec<Uuid> = erased.subjects.iter().map(|subject| subject.0).collect();
        sql::erase(tx, &subjects).await?;
    }
    Ok(())
}

/// A version of a thing: its key, its rank, its fact, its row.
type Version<T> = (Uuid, VersionRank, FactId, T);

fn keys<T>(versions: &[Version<T>]) -> Vec<Uuid> {
    let keys: BTreeSet<Uuid> = versions.iter().map(|version| version.0).collect();
    keys.into_iter().collect()
}

/// The newest version of each thing that is newer than the one known, with what that one belonged to.
fn newest<T>(versions: Vec<Version<T>>, known: Vec<KnownVersion>) -> Vec<(FactId, Option<Uuid>, T)> {
    let known: HashMap<Uuid, (VersionRank, Uuid)> =
        known.into_iter().map(|row| (row.key, (VersionRank::of(&row.version, row.received_at), row.other))).collect();
    let mut newest: BTreeMap<Uuid, (VersionRank, FactId, T)> = BTreeMap::new();
    for (key, rank, id, row) in versions {
        let is_older = known.get(&key).is_some_and(|(known, _)| *known >= rank)
            || newest.get(&key).is_some_and(|(other, ..)| *other >= rank);
        if !is_older {
            newest.insert(key, (rank, id, row));
        }
    }
    newest.into_iter().map(|(key, (_, id, row))| (id, known.get(&key).map(|(_, other)| *other), row)).collect()
}
