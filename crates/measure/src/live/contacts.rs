//! What is known of every contact, read from the store: signs beside orders, and the orders of the shop in memory.

use std::collections::HashMap;

use clove_core::{Day, Micros, PersonId};
use clove_store::{Db, Result};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::current::all_handled;
use super::interaction::InteractionSubscriber;
use super::interaction::sql::{done_by, each_named};
use crate::contact_stages::{ADVOCACY_EVENTS, Contact};
use crate::ledger::Ledger;

clove_store::statements! {
    /// Costs, products and refunds are taken in under subjects of their own, which are no persons.
    SELECT_FIRST_FACTS = both("SELECT p.person, min(f.occurred_at), min(CASE WHEN p.channel <> '' AND p.channel <> 'anonymous' \
        THEN f.occurred_at END) FROM person_subject AS p JOIN fact AS f ON f.seq = p.first_fact WHERE NOT p.shared \
        AND f.kind NOT IN ('spend.v1', 'product.v1', 'refund.v1') GROUP BY p.person");
    SELECT_FIRST_INTERACTIONS = both("SELECT p.person, min(i.occurred_at), min(CASE WHEN i.name NOT IN ('page', 'screen') \
        THEN i.occurred_at END) FROM interaction AS i JOIN person_subject AS p ON p.subject = i.subject WHERE NOT p.shared \
        GROUP BY p.person");
    SELECT_FIRST_FACTS_OF = both("SELECT min(f.occurred_at), min(CASE WHEN p.channel <> '' AND p.channel <> 'anonymous' \
        THEN f.occurred_at END) FROM person_subject AS p JOIN fact AS f ON f.seq = p.first_fact WHERE NOT p.shared \
        AND f.kind NOT IN ('spend.v1', 'product.v1', 'refund.v1') AND p.person = $1");
    SELECT_FIRST_INTERACTIONS_OF = both("SELECT min(i.occurred_at), min(CASE WHEN i.name NOT IN ('page', 'screen') \
        THEN i.occurred_at END) FROM interaction AS i JOIN person_subject AS p ON p.subject = i.subject WHERE NOT p.shared \
        AND p.person = $1");
}

/// What is known of contacts beside their orders, by person.
pub(super) struct Contacts {
    of: HashMap<PersonId, Contact>,
}

fn earlier(known: &mut Option<Day>, day: Option<Day>) {
    *known = [*known, day].into_iter().flatten().min();
}

impl Contacts {
    /// Reads everybody.
    pub(super) async fn read(db: &Db, zone: &TimeZone) -> Result<Contacts> {
        all_handled(db, InteractionSubscriber::NAME).await?;
        let mut of: HashMap<PersonId, Contact> = HashMap::new();
        for text in [SELECT_FIRST_FACTS, SELECT_FIRST_INTERACTIONS] {
            let rows: Vec<(Uuid, Option<Micros>, Option<Micros>)> = db.read_all(text.query()).await?;
            for (person, seen, engaged) in rows {
                take(of.entry(PersonId(person)).or_default(), (seen, engaged), zone);
            }
        }
        for name in ADVOCACY_EVENTS {
            each_named(db, name, &mut |person, one| {
                of.entry(person).or_default().spoke.push(Day::of_moment(one.occurred_at, zone));
            })
            .await?;
        }
        Ok(Contacts { of })
    }

    /// Reads one person.
    pub(super) async fn read_one(db: &Db, zone: &TimeZone, person: PersonId) -> Result<Contacts> {
        all_handled(db, InteractionSubscriber::NAME).await?;
        let mut contact = Contact::default();
        for text in [SELECT_FIRST_FACTS_OF, SELECT_FIRST_INTERACTIONS_OF] {
            let row: (Option<Micros>, Option<Micros>) = db.read_one(text.query().bind(person)).await?;
            take(&mut contact, row, zone);
        }
        for name in ADVOCACY_EVENTS {
            let done = done_by(db, person, name).await?;
            contact.spoke.extend(done.iter().map(|one| Day::of_moment(one.occurred_at, zone)));
        }
        Ok(Contacts { of: HashMap::from([(person, contact)]) })
    }

    /// Adds the purchases of a shop. Persons without any other sign are contacts by their orders.
    pub(super) fn with_purchases(mut self, ledger: &Ledger<'_>, person_ids: &[PersonId]) -> Vec<Contact> {
        let mut alone = Vec::new();
        for customer in ledger.customers() {
            let person = person_ids[customer.person as usize];
            let days = ledger.purchase_days(customer);
            let purchased = [days.first().copied(), days.get(1).copied()];
            let seen = Some(customer.first_day);
            if customer.identified {
                let contact = self.of.entry(person).or_default();
                earlier(&mut contact.seen, seen);
                contact.purchased = purchased;
            } else {
                // Orders under a handle that many share are one unknown customer each.
                let known = self.of.remove(&person).unwrap_or_default();
                alone.push(Contact { seen, purchased, ..known });
            }
        }
        alone.extend(self.of.into_values());
        alone
    }
}

fn take(contact: &mut Contact, (seen, engaged): (Option<Micros>, Option<Micros>), zone: &TimeZone) {
    let day = |moment: Option<Micros>| moment.map(|moment| Day::of_moment(moment, zone));
    earlier(&mut contact.seen, day(seen));
    earlier(&mut contact.engaged, day(engaged));
}
