//! The customers of a segment: page by page, and all of them as CSV.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use clove_core::{Minor, PersonId};
use clove_http::{Caller, Page, Problem, ProblemBody, Scope, State, cursor};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::metrics::beside;
use super::super::money;
use super::{AsOfQuery, Known, bad_query, day_of};
use crate::ledger::Ledger;
use crate::live::{CurrentShop, HeldShop};
use crate::segment::{Members, Segmenter};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(members)).routes(routes!(export))
}

/// A customer of a segment. Amounts are net, decimals in major units.
#[derive(Debug, Serialize, ToSchema)]
struct MemberBody {
    /// The person.
    #[schema(value_type = String, example = "per_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    customer: PersonId,
    /// Where the customer stands: `active`, `at_risk`, `lapsed`; null without a purchase.
    stage: Option<&'static str>,
    /// Orders that count.
    orders: u32,
    /// Orders of which something was kept.
    purchases: u32,
    /// Value so far.
    #[schema(example = "614.10")]
    value: String,
    /// Value of the last 12 months.
    value_12m: String,
    /// Day of the first order.
    first_order: String,
    /// Day of the last purchase.
    last_purchase: Option<String>,
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MembersQuery {
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
    /// `next` of the page before; without it the first page.
    cursor: Option<String>,
    /// Items of the page, 1 to 500 [default: 50].
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
struct MemberPage {
    /// The customers, those who brought most first.
    items: Vec<MemberBody>,
    /// Cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A place in the list: value and person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place(Minor, PersonId);

/// Members in the order of the list, after a place.
fn ordered(
    held: &HeldShop,
    segmenter: &Segmenter<'_, '_>,
    ledger: &Ledger<'_>,
    members: &Members,
    after: Option<Place>,
    most: usize,
) -> Vec<MemberBody> {
    let figures = segmenter.figures();
    let person = |index: usize| held.loaded.person_ids[ledger.customers()[index].person as usize];
    // Highest value first, then by id.
    let key = |index: usize| (std::cmp::Reverse(figures[index].value), person(index));
    let mut places: Vec<usize> = (0..figures.len()).filter(|&index| members.inside[index]).collect();
    if let Some(Place(value, id)) = after {
        places.retain(|&index| key(index) > (std::cmp::Reverse(value), id));
    }
    if places.len() > most {
        places.select_nth_unstable_by_key(most, |&index| key(index));
        places.truncate(most);
    }
    places.sort_unstable_by_key(|&index| key(index));
    let currency = ledger.currency();
    let body = |index: usize| {
        let own = &figures[index];
        MemberBody {
            customer: person(index),
            stage: own.stage.map(crate::lifecycle::Stage::name),
            orders: own.orders,
            purchases: own.purchases,
            value: money(currency, own.value),
            value_12m: money(currency, own.value_12_months),
            first_order: own.first_order.to_string(),
            last_purchase: own.purchased.map(|(_, last)| last.to_string()),
        }
    };
    places.into_iter().map(body).collect()
}

/// The customers of a segment, those who brought most first.
#[utoipa::path(
    get,
    path = "/api/v1/segments/{id}/members",
    tag = "segments",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the segment"), MembersQuery),
    responses((status = 200, body = MemberPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn members(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<MembersQuery>, QueryRejection>,
) -> Result<Json<MemberPage>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let page = cursor::PageQuery { cursor: query.cursor, limit: query.limit };
    let (limit, after) = (page.limit()?, page.position::<Place>()?);
    let (known, as_of, now) = (Known::read(&services.db).await?, day_of(query.as_of.as_deref())?, services.db.now());
    let definition = known.body(&id)?.definition;
    let known = known.knowing(&services.db, &[&definition]).await?;
    let page = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = known.segmenter(held, &ledger, now);
        let members = known.members(&segmenter, &definition)?;
        let rows = ordered(held, &segmenter, &ledger, &members, after, limit + 1);
        let place = |row: &MemberBody| Place(ledger.currency().parse_minor(&row.value).unwrap_or(0), row.customer);
        let Page { items, next } = Page::cut(rows, limit, place)?;
        Ok(MemberPage { items, next })
    });
    page.await.map(Json)
}

/// All customers of a segment as CSV, those who brought most first: ids and figures, no names or addresses.
#[utoipa::path(
    get,
    path = "/api/v1/segments/{id}/export",
    tag = "segments",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the segment"), AsOfQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn export(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<AsOfQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let (known, as_of, now) = (Known::read(&services.db).await?, day_of(query.as_of.as_deref())?, services.db.now());
    let definition = known.body(&id)?.definition;
    let known = known.knowing(&services.db, &[&definition]).await?;
    let text = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = known.segmenter(held, &ledger, now);
        let members = known.members(&segmenter, &definition)?;
        let mut text =
            "customer,stage,orders,purchases,value,value_12m,currency,first_order,last_purchase\n".to_owned();
        for row in ordered(held, &segmenter, &ledger, &members, None, usize::MAX) {
            let MemberBody { customer, stage, orders, purchases, value, value_12m, first_order, last_purchase } = row;
            let (stage, last) = (stage.unwrap_or(""), last_purchase.unwrap_or_default());
            let currency = ledger.currency();
            text += &format!(
                "{customer},{stage},{orders},{purchases},{value},{value_12m},{currency},{first_order},{last}\n"
            );
        }
        Ok(text)
    });
    let file = format!("attachment; filename=\"segment-{id}.csv\"");
    let head = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((head, text.await?).into_response())
}
