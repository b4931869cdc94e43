//! Profiles: what is known of a person now. The subscriber `profile`, a projection that runs after identity.
//!
//! Facts are put together per subject, newest wins; a person is put together from the parts of their subjects. Putting together
//! is a maximum field by field, so neither the order of facts nor that of merges matters, and an unmerge gives back what was.
//! Visitors of whom nothing is known but page views have no profile.

mod part;
mod sql;
mod words;

pub use sql::ProfileRow;
pub(crate) use sql::STATEMENTS;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use clove_core::{FactBody, PersonId};
use clove_store::erasure::{Deleted, Eraser, Target};
use clove_store::fact::read_personal;
use clove_store::subscriber::Ordering;
use clove_store::{Db, Result, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::identity::live::IdentitySubscriber;
use crate::touched::persons_touched;
use part::Part;

/// The subscriber that keeps profiles.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProfileSubscriber;

impl ProfileSubscriber {
    /// Its name, for `after` of other subscribers.
    pub const NAME: &'static str = "profile";
}

impl Subscriber for ProfileSubscriber {
    fn name(&self) -> &'static str {
        ProfileSubscriber::NAME
    }

    /// A person's subjects lie in many partitions: persons are put together by one process.
    fn ordering(&self) -> Ordering {
        Ordering::Global
    }

    fn after(&self) -> &'static [&'static str] {
        &[IdentitySubscriber::NAME]
    }

    /// Nobody waits for it in the middle of a request.
    fn gathers_for(&self) -> Duration {
        Duration::from_millis(100)
    }

    fn tables(&self) -> &'static [&'static str] {
        &["subject_profile", "person_profile", "person_word"]
    }

    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        Box::pin(sql::reset(tx))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return Ok(()) };
            let personal = read_personal(tx, first.seq, last.seq).await?;
            // What the facts say of each subject; `None` at the front where an erasure took away what was known before.
            let mut said: BTreeMap<Uuid, Said> = BTreeMap::new();
            for fact in facts {
                if let FactBody::Erased(erased) = &*fact.body {
                    for subject in &erased.subjects {
                        said.insert(subject.0, Said { part: None, erased: true });
                    }
                } else if let Some(part) = Part::of(fact, personal.get(&fact.seq).map(|personal| &**personal)) {
                    let said = said.entry(fact.subject.0).or_default();
                    said.part.get_or_insert_default().merge(part);
                }
            }
            // Most facts say what was known: their persons need no look.
            let changed = take_in(tx, said).await?;
            let persons = persons_touched(tx, &changed, first.seq, last.seq).await?;
            put_together(tx, &persons).await
        })
    }
}

/// What a batch says of a subject.
#[derive(Debug, Default)]
struct Said {
    part: Option<Part>,
    /// Everything before was erased.
    erased: bool,
}

/// Puts what was said into the parts of subjects. Returns the subjects of which something else is known than before.
async fn take_in(tx: &mut Tx, said: BTreeMap<Uuid, Said>) -> Result<Vec<Uuid>> {
    let erased: Vec<Uuid> = said.iter().filter(|(_, said)| said.erased).map(|(subject, _)| *subject).collect();
    sql::delete_parts(tx, &erased).await?;
    let known: Vec<Uuid> = said.iter().filter(|(_, said)| !said.erased).map(|(subject, _)| *subject).collect();
    let mut parts: HashMap<Uuid, Part> = sql::parts(tx, &known).await?;
    let mut changed = Vec::new();
    for (subject, said) in said {
        let Some(said) = said.part else { continue };
        let before = parts.remove(&subject);
        let mut part = before.clone().unwrap_or_default();
        part.merge(said);
        if before.as_ref() != Some(&part) {
            changed.push((subject, sql::json(&part)?));
        }
    }
    sql::put_parts(tx, &changed).await?;
    Ok(erased.into_iter().chain(changed.into_iter().map(|(subject, _)| subject)).collect())
}

/// Puts persons together from the parts of their subjects.
async fn put_together(tx: &mut Tx, persons: &[Uuid]) -> Result<()> {
    let mut whole: HashMap<Uuid, Part> = HashMap::new();
    for (person, part) in sql::parts_of_persons(tx, persons).await? {
        whole.entry(person).or_default().merge(part);
    }
    let words_before = sql::words(tx, persons).await?;
    let (mut rows, mut words, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for &person in persons {
        let Some(part) = whole.remove(&person) else {
            if words_before.contains_key(&person) {
                gone.push(person);
            }
            continue;
        };
        let (row, found_by) = row_of(person, part)?;
        let line = found_by.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        if words_before.get(&person) != Some(&line) {
            words.push((person, found_by));
        }
        rows.push((row, line));
    }
    sql::put_profiles(tx, &rows).await?;
    sql::put_words(tx, &words).await?;
    sql::delete_profiles(tx, &gone).await.map(drop)
}

fn row_of(person: Uuid, part: Part) -> Result<(ProfileRow, BTreeSet<String>)> {
    let (emails, phones) = (Part::by_age(&part.emails), Part::by_age(&part.phones));
    let (tags, deleted) = (part.all_tags(), part.is_deleted());
    let name = part.name.map(|name| name.value).unwrap_or_default();
    let names = [&name.first, &name.last].into_iter().filter_map(|name| name.as_deref());
    let words = words::words_of(names, &emails, &phones);
    let row = ProfileRow {
        person,
        email: emails.first().cloned(),
        phone: phones.first().cloned(),
        emails: sql::json(&emails)?,
        phones: sql::json(&phones)?,
        tags: sql::json(&tags)?,
        first_name: name.first,
        last_name: name.last,
        locale: part.locale.map(|dated| dated.value),
        country: part.country.map(|dated| dated.value),
        time_zone: part.time_zone.map(|dated| dated.value),
        known_since: part.since.unwrap_or(0),
        deleted,
    };
    Ok((row, words))
}

/// The profile of a person; `None` if nothing is known.
pub async fn profile(db: &Db, person: PersonId) -> Result<Option<ProfileRow>> {
    sql::profile(db, person).await
}

/// Profiles of persons with ids above `after`, by id, at most `limit`.
pub async fn profiles(db: &Db, after: Option<PersonId>, limit: usize) -> Result<Vec<ProfileRow>> {
    sql::page(db, &[], after.map_or(Uuid::nil(), |person| person.0), limit).await
}

/// The same of persons of whom every word of the search begins a name, an e-mail address or a phone number, however it is accented,
/// cased or punctuated. None for a search without any letter or digit.
pub async fn search(db: &Db, text: &str, after: Option<PersonId>, limit: usize) -> Result<Vec<ProfileRow>> {
    let words = words::words_of_search(text);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    sql::page(db, &words, after.map_or(Uuid::nil(), |person| person.0), limit).await
}

/// The part of profiles in erasures and exports.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProfileEraser;

impl Eraser for ProfileEraser {
    fn name(&self) -> &'static str {
        "profile"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let subjects: Vec<Uuid> = target.of_facts().map(|subject| subject.0).collect();
            let parts = sql::delete_parts(tx, &subjects).await?;
            let rows = sql::delete_profiles(tx, &[target.person.0]).await?;
            Ok(vec![Deleted::new("profile", parts + rows)])
        })
    }

    fn export<'a>(&'a self, db: &'a Db, target: &'a Target) -> BoxFuture<'a, Result<Option<serde_json::Value>>> {
        Box::pin(async move {
            let Some(row) = sql::profile(db, target.person).await? else { return Ok(None) };
            serde_json::to_value(Profile::of(row)?).map(Some).map_err(clove_store::StoreError::subscriber)
        })
    }
}

/// What is known of a person, as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Profile {
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// E-mail addresses, the one heard of last first.
    pub emails: Vec<String>,
    /// Phone numbers, the one heard of last first.
    pub phones: Vec<String>,
    /// Language, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Country, ISO 3166 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// IANA time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Tags of all sources.
    pub tags: Vec<String>,
    /// When the person was first heard of by an order or a profile, microseconds since 1970.
    pub known_since: i64,
    /// Deleted in every source that knows the person.
    pub deleted: bool,
}

impl Profile {
    /// The profile of a row.
    ///
    /// # Errors
    /// If a list in it cannot be read.
    pub fn of(row: ProfileRow) -> Result<Profile> {
        let list = |text: &str| serde_json::from_str(text).map_err(clove_store::StoreError::subscriber);
        Ok(Profile {
            emails: list(&row.emails)?,
            phones: list(&row.phones)?,
            tags: list(&row.tags)?,
            first_name: row.first_name,
            last_name: row.last_name,
            locale: row.locale,
            country: row.country,
            time_zone: row.time_zone,
            known_since: row.known_since,
            deleted: row.deleted,
        })
    }
}
