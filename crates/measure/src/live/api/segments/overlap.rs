//! How much segments have in common.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Extract};
use axum::{Extension, Json};
use clove_http::{Caller, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::metrics::beside;
use super::{Known, bad_query, day_of};
use crate::answer::Rate;
use crate::live::CurrentShop;

/// Segments compared at most: each pair is an entry.
const MOST: usize = 40;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(overlap))
}

/// Which segments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OverlapQuery {
    /// Ids of segments with commas [default: all, up to 40].
    segments: Option<String>,
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
}

/// Two segments side by side.
#[derive(Debug, Serialize, ToSchema)]
struct OverlapPair {
    /// A segment.
    a: String,
    /// Another one, or the same.
    b: String,
    /// Customers in both, of those in `a`.
    #[schema(value_type = Object)]
    shared: Rate,
    /// How many times as often customers are in both as they would be if one had nothing to do with the other; null without customers.
    lift: Option<f64>,
}

/// How much segments have in common.
#[derive(Debug, Serialize, ToSchema)]
struct Overlap {
    /// The last day that counts.
    as_of: String,
    /// Identified customers.
    n: u64,
    /// The segments, in the order asked for. Those that cannot be told here are left out.
    segments: Vec<String>,
    /// Every pair both ways, row by row: as many entries as segments times segments.
    pairs: Vec<OverlapPair>,
}

/// How much segments have in common, pair by pair.
#[utoipa::path(
    get,
    path = "/api/v1/segment-overlap",
    tag = "segments",
    security(("key" = ["read"])),
    params(OverlapQuery),
    responses((status = 200, body = Overlap), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn overlap(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<OverlapQuery>, QueryRejection>,
) -> Result<Json<Overlap>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let (known, as_of, now) = (Known::read(&services.db).await?, day_of(query.as_of.as_deref())?, services.db.now());
    let ids: Vec<String> = match &query.segments {
        Some(text) => text.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect(),
        None => known.bodies().into_iter().map(|body| body.id).take(MOST).collect(),
    };
    if ids.len() > MOST {
        let detail = format!("{} segments: up to {MOST} are compared", ids.len());
        return Err(Problem::new(ProblemCode::InvalidParameter, detail));
    }
    let definitions = ids.iter().map(|id| Ok(known.body(id)?.definition)).collect::<Result<Vec<_>, Problem>>()?;
    let known = known.knowing(&services.db, &definitions.iter().collect::<Vec<_>>()).await?;
    let found = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = known.segmenter(held, &ledger, now);
        let of = |definition| segmenter.members(definition, &|id| known.find(id)).ok();
        let members: Vec<(String, Vec<bool>)> = ids
            .into_iter()
            .zip(&definitions)
            .filter_map(|(id, definition)| Some((id, of(definition)?.inside)))
            .collect();
        let n = ledger.customers().iter().filter(|customer| customer.identified).count() as u64;
        let size = |inside: &[bool]| inside.iter().filter(|is_in| **is_in).count() as u64;
        let mut pairs = Vec::with_capacity(members.len() * members.len());
        for (a, in_a) in &members {
            for (b, in_b) in &members {
                let both = in_a.iter().zip(in_b).filter(|(a, b)| **a && **b).count() as u64;
                let (of_a, of_b) = (size(in_a), size(in_b));
                let lift = (of_a > 0 && of_b > 0).then(|| (both * n) as f64 / (of_a * of_b) as f64);
                pairs.push(OverlapPair { a: a.clone(), b: b.clone(), shared: Rate::new(both, of_a), lift });
            }
        }
        let segments = members.into_iter().map(|(id, _)| id).collect();
        Ok(Overlap { as_of: ledger.as_of().to_string(), n, segments, pairs })
    });
    found.await.map(Json)
}
