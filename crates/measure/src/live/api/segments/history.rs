//! How a segment grew.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::{Extension, Json};
use clove_core::Day;
use clove_http::{Caller, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::metrics::beside;
use super::{Known, bad_query, day_of};
use crate::live::CurrentShop;
use crate::period::Interval;

/// Steps of a history at most: each looks at the whole shop.
const MOST_STEPS: usize = 60;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(history))
}

/// Which steps of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    /// The first day, `YYYY-MM-DD` [default: a year before the last].
    from: Option<String>,
    /// The last day [default: today].
    until: Option<String>,
    /// `day`, `week`, `month`, `quarter` or `year` [default: month].
    interval: Option<String>,
}

/// A segment at the end of a step.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryStep {
    /// The day that it is as of.
    as_of: String,
    /// Whether the step is over.
    complete: bool,
    /// Customers in it.
    customers: u64,
    /// Customers who were not in it at the end of the step before; null for the first step.
    entered: Option<u64>,
    /// Customers who were in it at the end of the step before, and are not any more; null for the first step.
    left: Option<u64>,
    /// Net value so far of those in it.
    #[schema(value_type = Option<String>)]
    value: Option<crate::answer::Amount>,
}

/// A segment over time.
#[derive(Debug, Serialize, ToSchema)]
struct History {
    /// The segment.
    segment: String,
    /// The length of the steps.
    interval: &'static str,
    /// The steps, each as of its last day, with the definition of today and the shop's thresholds of that day.
    steps: Vec<HistoryStep>,
}

/// How a segment grew: its size, value, who entered and who left, step by step.
#[utoipa::path(
    get,
    path = "/api/v1/segments/{id}/history",
    tag = "segments",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the segment"), HistoryQuery),
    responses((status = 200, body = History), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn history(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> Result<Json<History>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let bad = |detail: String| Problem::new(ProblemCode::InvalidParameter, detail);
    let interval = query.interval.as_deref().map_or(Ok(Interval::Month), |text| text.parse().map_err(bad))?;
    let (from, until) = (day_of(query.from.as_deref())?, day_of(query.until.as_deref())?);
    let (known, now) = (Known::read(&services.db).await?, services.db.now());
    let definition = known.body(&id)?.definition;
    let known = known.knowing(&services.db, &[&definition]).await?;
    let steps = beside(&shop, move |held| {
        let today = held.day(now);
        let until = until.unwrap_or(today);
        let from = from.unwrap_or(Day(until.0 - 364));
        let (first, last) = (interval.of(from), interval.of(until));
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        if count == 0 || count > MOST_STEPS {
            return Err(bad(format!(
                "{count} steps: a history has 1 to {MOST_STEPS}; ask for other days or longer steps"
            )));
        }
        let mut steps = Vec::with_capacity(count);
        let mut before: Option<Vec<bool>> = None;
        for number in first..=last {
            let end = Day(interval.first_day(number + 1).0 - 1);
            let as_of = end.min(until);
            let ledger = held.shop().ledger(as_of);
            let segmenter = known.segmenter(held, &ledger, now);
            let members = known.members(&segmenter, &definition)?;
            let figures = segmenter.summary(&members);
            let mut inside = vec![false; held.loaded.persons.len()];
            for (customer, &is_in) in ledger.customers().iter().zip(&members.inside) {
                inside[customer.person as usize] = is_in;
            }
            let moved = |wanted: bool| {
                before.as_ref().map(|before| {
                    inside.iter().zip(before).filter(|(now, then)| **now == wanted && **then != wanted).count() as u64
                })
            };
            steps.push(HistoryStep {
                as_of: as_of.to_string(),
                complete: as_of == end && end <= today,
                customers: figures.customers.numerator,
                entered: moved(true),
                left: moved(false),
                value: figures.value,
            });
            before = Some(inside);
        }
        Ok(steps)
    });
    Ok(Json(History { segment: id, interval: interval.name(), steps: steps.await? }))
}
