//! Customers: found by what they are known by, with what is known and the orders that belong to them.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::http::HeaderMap;
use axum::response::Response;
use clove_core::fact::{FactBody, Handle, OrderStatus};
use clove_core::{Micros, PersonId, SubjectId};
use clove_http::{Caller, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State, tagged_json};
use clove_store::customer_view::{self, person_of, subjects};
use clove_store::erasure::suppressed;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{parameters, person};
use crate::profile::{Profile, profile, profiles, search};
use crate::timeline;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Which customers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The one customer of an e-mail address, in any spelling.
    email: Option<String>,
    /// The one customer of a phone number, with its country.
    phone: Option<String>,
    /// The one customer of a profile, as the answer to orders names it.
    subject: Option<String>,
    /// Customers by the beginnings of names, of an e-mail address or of a phone number; accents, case and spelling variants do not matter.
    q: Option<String>,
    /// `next` of the page before; without it the first page.
    cursor: Option<String>,
    /// Customers of the page, 1 to 500 [default: 50].
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
struct Customer {
    /// The person.
    #[schema(value_type = String, example = "per_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    id: PersonId,
    /// The profiles that belong to the person.
    #[schema(value_type = Vec<String>)]
    subjects: Vec<SubjectId>,
    /// What is known of the person; absent for a visitor or after an erasure.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
    /// The orders, in the state last told, by the day they were placed.
    orders: Vec<CustomerOrder>,
    /// What the orders come to, per currency.
    statistics: Vec<CustomerStatistics>,
    /// What the person is expected to do, per model.
    scores: Vec<CustomerScore>,
    /// Ids of the segments that the person is in.
    segments: Vec<String>,
}

/// An order of a customer.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerOrder {
    /// The system of record.
    source: String,
    /// Its number there.
    id: String,
    /// When it was placed, microseconds since 1970.
    placed_at: Micros,
    /// How far it has come: `pending`, `paid` or `cancelled`.
    #[schema(value_type = String)]
    status: OrderStatus,
    /// ISO 4217 code.
    currency: String,
    /// Unit prices times quantities before discounts, in minor units.
    gross: i64,
    /// Discounts in minor units.
    discount: i64,
}

/// A customer's orders in one currency, in minor units.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerStatistics {
    /// ISO 4217 code.
    currency: String,
    /// Orders that count.
    orders: i64,
    /// Days with purchases.
    purchase_days: i64,
    /// Value before discounts.
    gross: i64,
    /// Discounts.
    discount: i64,
    /// Returned items.
    refunded: i64,
    /// Gross minus discounts minus returned items.
    net: i64,
    /// When the last order was placed, microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_order_at: Option<Micros>,
}

/// A customer's forecast of one model.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerScore {
    /// The model.
    model: String,
    /// Which fit of it.
    model_version: i64,
    /// ISO 4217 code.
    currency: String,
    /// The value basis.
    basis: String,
    /// Days that the forecast covers.
    horizon_days: i64,
    /// Probability of being a customer still.
    #[serde(skip_serializing_if = "Option::is_none")]
    p_alive: Option<f64>,
    /// Purchases expected within the horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_purchases: Option<f64>,
    /// Value expected within the horizon, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted_value: Option<i64>,
    /// Lower end of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted_low: Option<i64>,
    /// Upper end of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted_high: Option<i64>,
    /// The band that the value lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    band: Option<String>,
}

/// A customer of a list.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerRow {
    /// The person.
    #[schema(value_type = String)]
    id: PersonId,
    /// What is known of the person.
    profile: Profile,
}

/// One customer, or a page of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only a schema: answers are written as what they are")]
enum Customers {
    /// For `email`, `phone` and `subject`.
    One(Box<Customer>),
    /// For `q`, or without any of them.
    Page(Page<CustomerRow>),
}

/// Lists customers, or finds one.
///
/// With `email`, `phone` or `subject` the answer is that one customer. With `q`, or without any of them, it is a page of customers that
/// have a profile, by id.
#[utoipa::path(
    get,
    path = "/api/v1/customers",
    tag = "customers",
    security(("key" = ["read"])),
    params(Wanted),
    responses((status = 200, body = Customers), (status = 304), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    caller: Caller,
    headers: HeaderMap,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let wanted = parameters(query)?;
    let wrong = |detail: &str| Problem::new(ProblemCode::InvalidParameter, detail);
    let missing = || Problem::not_found("such customer");
    let subject = match (&wanted.email, &wanted.phone, &wanted.subject, &wanted.q) {
        (None, None, None, _) => None,
        (Some(email), None, None, None) => Some(Handle::email(email).ok_or_else(missing)?),
        (None, Some(phone), None, None) => Some(Handle::phone(phone).ok_or_else(missing)?),
        (None, None, Some(subject), None) => {
            let subject = subject.parse().map_err(|error| wrong(&format!("subject: {error}")))?;
            let person = person_of(&services.db, subject).await?.ok_or_else(missing)?;
            return tagged_json(&headers, &customer(&services, person).await?);
        }
        _ => return Err(wrong("name one of email, phone, subject and q, or none")),
    };
    if let Some(handle) = subject {
        // Nobody is told what an erased person bought.
        if suppressed(&services.db, &handle).await? {
            return Err(missing());
        }
        let subject = services.db.hash_key().subject(&handle);
        let person = person_of(&services.db, subject).await?.ok_or_else(missing)?;
        return tagged_json(&headers, &customer(&services, person).await?);
    }
    let page = PageQuery { cursor: wanted.cursor, limit: wanted.limit };
    let (limit, after) = (page.limit()?, page.position::<PersonId>()?);
    let rows = match &wanted.q {
        Some(text) => search(&services.db, text, after, limit + 1).await?,
        None => profiles(&services.db, after, limit + 1).await?,
    };
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(CustomerRow { id: PersonId(row.person), profile: Profile::of(row)? });
    }
    tagged_json(&headers, &Page::cut(items, limit, |row| row.id)?)
}

/// Shows a customer.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}",
    tag = "customers",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = Customer), (status = 304), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let (person, _) = person(&services.db, &id).await?;
    tagged_json(&headers, &customer(&services, person).await?)
}

async fn customer(services: &State, person: PersonId) -> Result<Customer, Problem> {
    let db = &services.db;
    let subjects = subjects(db, person).await?;
    if subjects.is_empty() {
        return Err(Problem::not_found("such customer"));
    }
    let orders = timeline::orders(db, &subjects).await?.into_iter().filter_map(|fact| {
        let FactBody::Order(order) = &*fact.body else { return None };
        Some(CustomerOrder {
            source: fact.source.to_string(),
            id: fact.external_id,
            placed_at: order.placed_at,
            status: order.status,
            currency: order.currency.clone(),
            gross: order.gross,
            discount: order.discount,
        })
    });
    let statistics = customer_view::statistics(db, person).await?.into_iter().map(|row| CustomerStatistics {
        currency: row.currency,
        orders: row.orders,
        purchase_days: row.purchase_days,
        gross: row.gross_minor,
        discount: row.discount_minor,
        refunded: row.refunded_minor,
        net: row.net_minor,
        last_order_at: row.last_order_at,
    });
    let scores = customer_view::scores(db, person).await?.into_iter().map(|row| CustomerScore {
        model: row.model,
        model_version: row.model_version,
        currency: row.currency,
        basis: row.basis,
        horizon_days: row.horizon_days,
        p_alive: row.p_alive,
        expected_purchases: row.expected_purchases,
        predicted_value: row.predicted_value_minor,
        predicted_low: row.predicted_low_minor,
        predicted_high: row.predicted_high_minor,
        band: row.band,
    });
    let segments = customer_view::memberships(db, person).await?.into_iter().map(|row| row.segment);
    Ok(Customer {
        id: person,
        profile: profile(db, person).await?.map(Profile::of).transpose()?,
        orders: orders.collect(),
        statistics: statistics.collect(),
        scores: scores.collect(),
        segments: segments.collect(),
        subjects,
    })
}
