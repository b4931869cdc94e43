//! What is no single figure: cohorts, lifecycle, RFM, repetition, payback, concentration, products bought together, headlines. The bodies
//! are those of the commands of the same names.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use clove_core::segment::Condition;
use clove_core::{Basis, Day, PersonId, RefundDate};
use clove_http::{Caller, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::customer_view::subjects;
use clove_store::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::current::{CurrentShop, HeldShop};
use super::super::outlook::{expectations, scorer};
use super::metrics::{beside, members_of};
use super::segments::Known;
use crate::actions::{ActionOptions, Actions, actions};
use crate::affinity::{Basket, affinity};
use crate::cohorts::{CohortBy, CohortOptions, Grain, cohorts};
use crate::concentration::concentration;
use crate::explain::with_excluded;
use crate::headlines::headlines;
use crate::ledger::{Customer, Ledger};
use crate::lifecycle::lifecycle;
use crate::migration::{Migration, MigrationBy, migration};
use crate::payback::payback;
use crate::period::Interval;
use crate::personas::{Personas, personas};
use crate::preferences::{Preferences, preferences};
use crate::problems::{Problems, problems};
use crate::repeat::repeat;
use crate::rfm::rfm;

/// Ages of a cohort table at most.
const MOST_AGES: usize = 60;
/// Days between the two looks at customers, where none are given.
const MIGRATION_DAYS: i32 = 90;
/// Days over which churn is told.
const CHURN_DAYS: i32 = 90;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(show_cohorts))
        .routes(routes!(show_lifecycle))
        .routes(routes!(show_rfm))
        .routes(routes!(show_migration))
        .routes(routes!(show_personas))
        .routes(routes!(show_preferences))
        .routes(routes!(show_repeat))
        .routes(routes!(show_payback))
        .routes(routes!(show_concentration))
        .routes(routes!(show_affinity))
        .routes(routes!(show_headlines))
        .routes(routes!(show_problems))
        .routes(routes!(show_actions))
}

/// What an analysis is asked for. Each looks at what concerns it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
struct AnalysisQuery {
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
    /// `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net].
    basis: Option<String>,
    /// `order` or `event`: the day on which refunds lower value [default: order].
    refund_date: Option<String>,
    /// Only the customers of this segment, by its id.
    segment: Option<String>,
    /// Of cohorts: `month`, `first_product`, or a column of the first order [default: month].
    by: Option<String>,
    /// Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365].
    ages: Option<String>,
    /// Of cohorts: `calendar` months or 30 days of `age` [default: calendar].
    grain: Option<String>,
    /// Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month].
    period: Option<String>,
    /// Of repetition: first day of the span [default: a year before the last].
    from: Option<String>,
    /// Of repetition: last day of the span [default: the as-of].
    until: Option<String>,
    /// Of products: bought by the same `customer` or in the same `order` [default: customer].
    basket: Option<String>,
    /// Of products: baskets that a pair must be in [default: 2].
    #[param(minimum = 1)]
    support: Option<u64>,
}

fn bad(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::InvalidParameter, detail)
}

/// One of some words, or the first one where none is given.
fn word<T: Copy>(name: &str, given: Option<&str>, words: &[(&str, T)]) -> Result<T, Problem> {
    let Some(given) = given else { return Ok(words[0].1) };
    words.iter().find(|(word, _)| *word == given).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        bad(format!("{name} is '{given}'; choose {}", known.join(" or ")))
    })
}

impl AnalysisQuery {
    fn day(text: Option<&str>) -> Result<Option<Day>, Problem> {
        text.map(|text| text.parse().map_err(|_| bad(format!("'{text}' is no day: write it as YYYY-MM-DD"))))
            .transpose()
    }

    fn basis(&self) -> Result<Basis, Problem> {
        self.basis.as_deref().map_or(Ok(Basis::Net), |text| text.parse().map_err(bad))
    }

    fn refund_date(&self) -> Result<RefundDate, Problem> {
        word("refund_date", self.refund_date.as_deref(), &[("order", RefundDate::Order), ("event", RefundDate::Event)])
    }

    fn ages(&self) -> Result<Vec<i32>, Problem> {
        let Some(text) = &self.ages else { return Ok(CohortOptions::default().ages) };
        let ages: Result<Vec<u16>, _> = text.split(',').map(|age| age.trim().parse::<u16>()).collect();
        match ages {
            Ok(ages) if ages.len() <= MOST_AGES => Ok(ages.into_iter().map(i32::from).collect()),
            _ => {
                Err(bad(format!("ages is '{text}'; write up to {MOST_AGES} ages in days with commas, such as 0,30,90")))
            }
        }
    }
}

/// An answer as the commands write it.
fn written(ledger: &Ledger<'_>, answer: &impl Serialize) -> Result<Value, Problem> {
    with_excluded(ledger, answer).map_err(|error| Problem::internal(&error))
}

/// Reads the question, makes the ledger of who is asked about, and answers.
async fn answer(
    services: &State,
    shop: &CurrentShop,
    caller: &Caller,
    query: Result<Query<AnalysisQuery>, QueryRejection>,
    work: impl FnOnce(&HeldShop, Ledger<'_>, &AnalysisQuery) -> Result<Value, Problem> + Send + 'static,
) -> Result<Json<Value>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad(rejection.body_text()))?;
    let (as_of, now) = (AnalysisQuery::day(query.as_of.as_deref())?, services.db.now());
    let segment = query.segment.clone().map(Condition::Segment);
    let known = Known::read(&services.db).await?.knowing(&services.db, segment.as_ref().as_slice()).await?;
    let done = beside(shop, move |held| {
        let as_of = as_of.unwrap_or_else(|| held.day(now));
        let ledger = held.shop().ledger(as_of);
        let Some(segment) = &segment else { return work(held, ledger, &query) };
        let members = members_of(held, &known, segment, (as_of, now)).map_err(|problem| bad(problem.detail))?;
        work(held, ledger.restricted(&members), &query)
    });
    done.await.map(Json)
}

macro_rules! analysis {
    ($(#[doc = $doc:literal])+ $name:ident, $path:literal, $work:expr) => {
        $(#[doc = $doc])+
        #[utoipa::path(
            get,
            path = $path,
            tag = "analyses",
            security(("key" = ["read"])),
            params(AnalysisQuery),
            responses((status = 200, body = Object), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
        )]
        async fn $name(
            Extract(services): Extract<State>,
            Extension(shop): Extension<Arc<CurrentShop>>,
            caller: Caller,
            query: Result<Query<AnalysisQuery>, QueryRejection>,
        ) -> Result<Json<Value>, Problem> {
            answer(&services, &shop, &caller, query, $work).await
        }
    };
}

analysis!(
    /// Cohorts: what customers acquired together are worth at each age, how many come back, what they cost.
    show_cohorts,
    "/api/v1/cohorts",
    |_, ledger, query| {
        let options = CohortOptions {
            by: match query.by.as_deref().unwrap_or("month") {
                "month" | "cohort" => CohortBy::Month,
                "first_product" => CohortBy::FirstProduct,
                column => CohortBy::Attribute(column.to_owned()),
            },
            basis: query.basis()?,
            refund_date: query.refund_date()?,
            ages: query.ages()?,
            grain: word("grain", query.grain.as_deref(), &[("calendar", Grain::Calendar), ("age", Grain::Age)])?,
        };
        written(&ledger, &cohorts(&ledger, &options).map_err(bad)?)
    }
);

analysis!(
    /// Lifecycle: active, at risk, lapsed; churn and loyalty; who is new, comes back, stays away, period by period. Of the whole shop.
    show_lifecycle,
    "/api/v1/lifecycle",
    |held, ledger, query| {
        if query.segment.is_some() {
            return Err(bad("the lifecycle is that of the whole shop; a metric such as at_risk_customers takes a segment"));
        }
        let period = query.period.as_deref().map_or(Ok(Interval::Month), |text| text.parse().map_err(bad))?;
        let shop = held.shop();
        written(&ledger, &lifecycle(shop.data, shop.persons, ledger.as_of(), period, CHURN_DAYS))
    }
);

analysis!(
    /// RFM: customers and value for each combination of recency, frequency and monetary scores.
    show_rfm,
    "/api/v1/rfm",
    |_, ledger, query| written(&ledger, &rfm(&ledger, query.basis()?))
);

/// Personas: customers who buy alike, what sets each kind apart, how many they are, what they are worth and buy.
#[utoipa::path(
    get,
    path = "/api/v1/personas",
    tag = "analyses",
    security(("key" = ["read"])),
    params(AnalysisQuery),
    responses((status = 200, body = Personas), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn show_personas(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<AnalysisQuery>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    answer(&services, &shop, &caller, query, |_, ledger, _| written(&ledger, &personas(&ledger))).await
}

/// What a customer prefers: channel, weekday, part of the day, price band, products, and other columns of the orders; each with how many
/// of the customer's orders say so and what is usual in the shop.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}/preferences",
    tag = "people",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = Preferences), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn show_preferences(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Preferences>, Problem> {
    caller.must(Scope::Read)?;
    let person: PersonId = id.parse().map_err(|_| Problem::not_found("such customer"))?;
    if subjects(&services.db, person).await?.is_empty() {
        return Err(Problem::not_found("such customer"));
    }
    let now = services.db.now();
    let zone = Settings::read(&services.db).await?.time_zone()?;
    let found = beside(&shop, move |held| {
        let ledger = held.shop().ledger(held.day(now));
        let is_it =
            |customer: &&Customer| customer.identified && held.loaded.person_ids[customer.person as usize] == person;
        let customer = ledger.customers().iter().find(is_it);
        Ok(customer
            .map_or(Preferences { orders: 0, found: Vec::new() }, |customer| preferences(&ledger, customer, &zone)))
    });
    found.await.map(Json)
}

/// Who moved where between two days: between active, at risk and lapsed, or between scores; with what they brought in between. Of the whole
/// shop, or of those who are in a segment on the last day.
#[utoipa::path(
    get,
    path = "/api/v1/migration",
    tag = "analyses",
    security(("key" = ["read"])),
    params(MigrationQuery),
    responses((status = 200, body = Migration), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn show_migration(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<MigrationQuery>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad(rejection.body_text()))?;
    let by = query.by.as_deref().map_or(Ok(MigrationBy::default()), |text| text.parse().map_err(bad))?;
    let from = AnalysisQuery::day(query.from.as_deref())?;
    let has_segment = query.segment.is_some();
    let asked = AnalysisQuery { as_of: query.as_of, segment: query.segment, ..AnalysisQuery::default() };
    answer(&services, &shop, &caller, Ok(Query(asked)), move |held, ledger, _| {
        let from = from.unwrap_or(Day(ledger.as_of().0 - MIGRATION_DAYS));
        let mut inside = vec![false; held.loaded.persons.len()];
        for customer in ledger.customers() {
            inside[customer.person as usize] = true;
        }
        let (start, end) = (held.shop().ledger(from), held.shop().ledger(ledger.as_of()));
        written(&end, &migration(&start, &end, by, has_segment.then_some(&inside)).map_err(bad)?)
    })
    .await
}

/// Between which days, and by what.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
struct MigrationQuery {
    /// The first day, `YYYY-MM-DD` [default: 90 days before the last].
    from: Option<String>,
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
    /// `stage`, `recency_score`, `frequency_score` or `monetary_score` [default: stage].
    by: Option<String>,
    /// Only the customers of this segment, by its id.
    segment: Option<String>,
}

analysis!(
    /// Repetition: who buys again, how soon, how often.
    show_repeat,
    "/api/v1/repeat",
    |_, ledger, query| {
        let day = AnalysisQuery::day;
        written(&ledger, &repeat(&ledger, day(query.from.as_deref())?, day(query.until.as_deref())?))
    }
);

analysis!(
    /// Payback: what a new customer costs and when that is earned back, by month and channel.
    show_payback,
    "/api/v1/payback",
    |_, ledger, query| written(&ledger, &payback(&ledger, query.basis()?, query.refund_date()?))
);

analysis!(
    /// Concentration: the share of value that the largest customers bring.
    show_concentration,
    "/api/v1/concentration",
    |_, ledger, query| written(&ledger, &concentration(&ledger, query.basis()?))
);

analysis!(
    /// Products bought together, with lift.
    show_affinity,
    "/api/v1/affinity",
    |_, ledger, query| {
        let words = [("customer", Basket::Customer), ("order", Basket::Order)];
        let basket = word("basket", query.basket.as_deref(), &words)?;
        written(&ledger, &affinity(&ledger, basket, query.support.unwrap_or(2)).map_err(bad)?)
    }
);

/// The sentences of the first page: what a new customer is worth, how many buy again, how many good customers are late, and the value that
/// is at risk by that, once there is a model.
#[utoipa::path(
    get,
    path = "/api/v1/headlines",
    tag = "analyses",
    security(("key" = ["read"])),
    params(AnalysisQuery),
    responses((status = 200, body = Object), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn show_headlines(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<AnalysisQuery>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let scorer = scorer(&services.db).await?;
    answer(&services, &shop, &caller, query, move |held, ledger, query| {
        let expected = scorer.as_ref().and_then(|scorer| expectations(held, scorer, ledger.as_of()));
        written(&ledger, &headlines(&ledger, query.basis()?, expected.as_deref()))
    })
    .await
}

/// What is worth doing next: each action with its segment, its reach, what it may gain and cost line by line, and how large a hold-out
/// proves it. Ranked by gain less cost. What has to be assumed can be set.
#[utoipa::path(
    get,
    path = "/api/v1/actions",
    tag = "analyses",
    security(("key" = ["read"])),
    params(ActionsQuery),
    responses((status = 200, body = Actions), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn show_actions(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<ActionsQuery>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad(rejection.body_text()))?;
    let options = query.options()?;
    let asked = AnalysisQuery { as_of: query.as_of, ..AnalysisQuery::default() };
    let scorer = scorer(&services.db).await?;
    answer(&services, &shop, &caller, Ok(Query(asked)), move |held, ledger, _| {
        let expected = scorer.as_ref().and_then(|scorer| expectations(held, scorer, ledger.as_of()));
        written(&ledger, &actions(&ledger, expected.as_deref(), options))
    })
    .await
}

/// As of when, and what to assume.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
struct ActionsQuery {
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
    /// Share of those reached in time who come back and otherwise would not, of 1 [default: 0.05].
    #[param(minimum = 0, maximum = 1)]
    answer_share: Option<f64>,
    /// The same of those who had left [default: 0.01].
    #[param(minimum = 0, maximum = 1)]
    lapsed_answer_share: Option<f64>,
    /// What a message costs, in units of the shop's currency [default: 0.02].
    #[param(minimum = 0, maximum = 1_000_000)]
    contact_cost: Option<f64>,
    /// What an offer takes off the order that it brings, of 1 [default: 0.1].
    #[param(minimum = 0, maximum = 1)]
    offer_share: Option<f64>,
}

impl ActionsQuery {
    fn options(&self) -> Result<ActionOptions, Problem> {
        let standard = ActionOptions::default();
        let within = |name: &str, asked: Option<f64>, most: f64, standard: f64| match asked {
            Some(asked) if !(0.0..=most).contains(&asked) => Err(bad(format!("{name} lies between 0 and {most}"))),
            asked => Ok(asked.unwrap_or(standard)),
        };
        Ok(ActionOptions {
            answer_share: within("answer_share", self.answer_share, 1.0, standard.answer_share)?,
            lapsed_answer_share: within(
                "lapsed_answer_share",
                self.lapsed_answer_share,
                1.0,
                standard.lapsed_answer_share,
            )?,
            contact_cost: within("contact_cost", self.contact_cost, 1e6, standard.contact_cost)?,
            offer_share: within("offer_share", self.offer_share, 1.0, standard.offer_share)?,
        })
    }
}

/// What goes wrong, stage by stage: each rule with its evidence, what is usual in this shop, whom it concerns and what to do; and the rules
/// that found nothing, or have too little data to tell.
#[utoipa::path(
    get,
    path = "/api/v1/problems",
    tag = "analyses",
    security(("key" = ["read"])),
    params(AnalysisQuery),
    responses((status = 200, body = Problems), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn show_problems(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<AnalysisQuery>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    answer(&services, &shop, &caller, query, |_, ledger, _| written(&ledger, &problems(&ledger))).await
}
