//! Customers: found by what they are known by, with the orders that belong to them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State as Extract};
use clove_core::contact::normal_email;
use clove_core::fact::{FactBody, Handle, OrderStatus, VersionRank};
use clove_core::{Micros, PersonId, SubjectId};
use clove_http::{Caller, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::customer_view::{person_of, subjects};
use clove_store::fact::read_subject;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Facts read of a subject at a time.
const FACTS_A_READ: usize = 500;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(find)).routes(routes!(show))
}

/// How a customer is known: one of the fields.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct KnownBy {
    /// An e-mail address, in any spelling.
    email: Option<String>,
    /// A profile, as the answer to orders names it.
    subject: Option<String>,
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
    /// The orders, in the state last told, by the day they were placed.
    orders: Vec<CustomerOrder>,
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

/// Finds a customer by e-mail address or profile.
#[utoipa::path(
    get,
    path = "/api/v1/customers",
    tag = "customers",
    params(KnownBy),
    responses((status = 200, body = Customer), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn find(
    Extract(services): Extract<State>,
    caller: Caller,
    query: Result<Query<KnownBy>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Customer>, Problem> {
    caller.must(Scope::Read)?;
    let wrong = |detail: String| Problem::new(ProblemCode::InvalidParameter, detail);
    let Query(known_by) = query.map_err(|rejection| wrong(rejection.body_text()))?;
    let subject = match (&known_by.email, &known_by.subject) {
        (Some(email), None) => services.db.hash_key().subject(&Handle {
            channel: "email".to_owned(),
            scope: String::new(),
            external_id: normal_email(email).into_owned(),
        }),
        (None, Some(subject)) => subject.parse().map_err(|error| wrong(format!("subject: {error}")))?,
        _ => return Err(wrong("name either email or subject".to_owned())),
    };
    let person = person_of(&services.db, subject).await?.ok_or_else(|| Problem::not_found("such customer"))?;
    customer(&services, person).await.map(Json)
}

/// Shows a customer.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}",
    tag = "customers",
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = Customer), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Customer>, Problem> {
    caller.must(Scope::Read)?;
    let person: PersonId = id.parse().map_err(|_| Problem::not_found("such customer"))?;
    customer(&services, person).await.map(Json)
}

async fn customer(services: &State, person: PersonId) -> Result<Customer, Problem> {
    let subjects = subjects(&services.db, person).await?;
    if subjects.is_empty() {
        return Err(Problem::not_found("such customer"));
    }
    let mut newest: BTreeMap<(String, String), (VersionRank, CustomerOrder)> = BTreeMap::new();
    for subject in &subjects {
        let mut after = 0;
        loop {
            let facts = read_subject(&services.db, *subject, after, FACTS_A_READ).await?;
            let Some(last) = facts.last() else { break };
            after = last.seq;
            for fact in facts {
                let FactBody::Order(order) = fact.body else { continue };
                let key = (fact.source.to_string(), fact.external_id.clone());
                let rank = VersionRank::of(&fact.version, fact.received_at);
                let order = CustomerOrder {
                    source: key.0.clone(),
                    id: fact.external_id,
                    placed_at: order.placed_at,
                    status: order.status,
                    currency: order.currency,
                    gross: order.gross,
                    discount: order.discount,
                };
                match newest.get(&key) {
                    Some((known, _)) if *known > rank => {}
                    _ => {
                        newest.insert(key, (rank, order));
                    }
                }
            }
        }
    }
    let mut orders: Vec<CustomerOrder> = newest.into_values().map(|(_, order)| order).collect();
    orders.sort_by(|a, b| (a.placed_at, &a.source, &a.id).cmp(&(b.placed_at, &b.source, &b.id)));
    Ok(Customer { id: person, subjects, orders })
}
