//! Metrics: what there is, what each means, its value for any question, and how that came about.

use axum::extract::{Path, State as Extract};
use axum::{Extension, Json};
use clove_core::segment::Condition;
use clove_core::{Basis, Day, Micros, RefundDate};
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_lake::Lake;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::current::{CurrentShop, HeldShop};
use super::segments::Known;
use crate::answer::table_rows;
use crate::explain::{ExplainOptions, Explanation, explain as explain_metric};
use crate::metrics::catalogue::Measure;
use crate::metrics::groups::{Membership, mark};
use crate::metrics::names::{Language, name};
use crate::metrics::query::STANDARD_AGE;
use crate::metrics::{Breakdown, METRICS, Metric, MetricAnswer, MetricOptions, QueryError, metric, query as ask};
use crate::period::{Compare, Interval};

/// Sample orders of an explanation.
const SAMPLES: usize = 5;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(query)).routes(routes!(explain))
}

/// A metric of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MetricBody {
    /// The stable id.
    #[schema(example = "net_sales")]
    id: &'static str,
    /// The name that people read, by language: `en`, `it`, `fr`, `ar`, `ro`.
    names: BTreeMap<&'static str, &'static str>,
    /// What it means.
    definition: &'static str,
    /// How it is computed.
    formula: &'static str,
    /// Who or what is counted.
    population: &'static str,
    /// `count`, `money`, `share`, `days`, `number` or `table`.
    unit: &'static str,
    /// `span`: of what was ordered within days; `state`: of customers as of a day; `table`: no single figure.
    kind: &'static str,
    /// Whether the value basis changes it.
    has_basis: bool,
    /// Why Shopify's own figure can differ.
    why_shopify_differs: &'static str,
}

impl From<&'static Metric> for MetricBody {
    fn from(metric: &'static Metric) -> MetricBody {
        let others =
            Language::ALL.into_iter().filter_map(|language| Some((language.code(), name(metric.id, language)?)));
        MetricBody {
            id: metric.id,
            names: std::iter::once(("en", metric.title)).chain(others).collect(),
            definition: metric.definition,
            formula: metric.formula,
            population: metric.population,
            unit: metric.unit.name(),
            kind: match metric.measure {
                Measure::Span(_) => "span",
                Measure::State(_) => "state",
                Measure::Table => "table",
            },
            has_basis: metric.has_basis,
            why_shopify_differs: metric.shopify,
        }
    }
}

/// Every metric.
#[derive(Debug, Serialize, ToSchema)]
struct Catalogue {
    /// The metrics.
    items: Vec<MetricBody>,
}

/// Every metric that can be asked for, with its definition.
#[utoipa::path(
    get,
    path = "/api/v1/metrics",
    tag = "metrics",
    security(("key" = ["read"])),
    responses((status = 200, body = Catalogue), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn list(caller: Caller) -> Result<Json<Catalogue>, Problem> {
    caller.must(Scope::Read)?;
    Ok(Json(Catalogue { items: METRICS.iter().map(MetricBody::from).collect() }))
}

fn found(id: &str) -> Result<&'static Metric, Problem> {
    metric(id).ok_or_else(|| Problem::not_found("such metric; GET /api/v1/metrics lists them"))
}

/// A metric's definition.
#[utoipa::path(
    get,
    path = "/api/v1/metrics/{id}",
    tag = "metrics",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the metric")),
    responses((status = 200, body = MetricBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn one(caller: Caller, Path(id): Path<String>) -> Result<Json<MetricBody>, Problem> {
    caller.must(Scope::Read)?;
    Ok(Json(found(&id)?.into()))
}

/// What is asked of a metric. Everything may be left out.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MetricQuestion {
    /// The last day that counts, `YYYY-MM-DD`; today by the shop's clock if left out.
    #[schema(example = "2026-06-30")]
    as_of: Option<String>,
    /// `gross`, `placed`, `net`, `total`, `margin` or `contribution`; `net` if left out.
    basis: Option<String>,
    /// `order` or `event`; metrics of a span count refunds on their own day if left out, values of customers on that of the order.
    refund_date: Option<String>,
    /// First day of the span.
    from: Option<String>,
    /// Last day of the span. Metrics of a state are as of this day.
    until: Option<String>,
    /// `previous` or `year`: the span that it is compared with; needs `from`.
    compare: Option<String>,
    /// `cohort`, `stage`, `order_kind`, or a column of the orders such as `channel`, `country`, `first_product`.
    by: Option<String>,
    /// `day`, `week`, `month`, `quarter` or `year`: the steps of a series.
    interval: Option<String>,
    /// The age of lifetime values in days; 90 if left out.
    #[schema(minimum = 0, maximum = 3650)]
    age_days: Option<u16>,
    /// Only these customers: the id of a segment (`vip`, `at_risk`, `seg_...`), or a definition.
    #[schema(value_type = serde_json::Value)]
    segment: Option<SegmentQuestion>,
}

/// A segment by its id or its definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum SegmentQuestion {
    Id(String),
    Definition(Condition),
}

impl SegmentQuestion {
    /// As a definition.
    pub(super) fn definition(self) -> Condition {
        match self {
            SegmentQuestion::Id(id) => Condition::Segment(id),
            SegmentQuestion::Definition(definition) => definition,
        }
    }
}

/// A question that was read: what does not depend on the shop.
struct Asked {
    as_of: Option<Day>,
    basis: Basis,
    refund_date: Option<RefundDate>,
    from: Option<Day>,
    until: Option<Day>,
    compare: Option<Compare>,
    by: Option<Breakdown>,
    interval: Option<Interval>,
    age: i32,
    segment: Option<SegmentQuestion>,
}

pub(super) fn refused(pointer: &str, detail: impl Into<String>, remedy: &str) -> Problem {
    let detail = detail.into();
    let remedy = (!remedy.is_empty()).then(|| remedy.to_owned());
    Problem::new(ProblemCode::InvalidBody, format!("at '{pointer}': {detail}")).with_errors(vec![FieldProblem {
        pointer: pointer.to_owned(),
        detail,
        remedy,
    }])
}

impl MetricQuestion {
    fn read(self) -> Result<Asked, Problem> {
        let day = |pointer: &str, text: Option<String>| {
            let parse = |text: String| {
                text.parse::<Day>()
                    .map_err(|_| refused(pointer, format!("'{text}' is no day"), "write it as YYYY-MM-DD"))
            };
            text.map(parse).transpose()
        };
        let basis = self.basis.map(|text| text.parse::<Basis>().map_err(|error| refused("/basis", error, "")));
        let refund_date =
            self.refund_date.map(|text| text.parse::<RefundDate>().map_err(|error| refused("/refund_date", error, "")));
        let compare = self.compare.map(|text| text.parse::<Compare>().map_err(|error| refused("/compare", error, "")));
        let interval =
            self.interval.map(|text| text.parse::<Interval>().map_err(|error| refused("/interval", error, "")));
        if self.age_days.is_some_and(|age| age > 3_650) {
            return Err(refused("/age_days", "an age of more than ten years", "choose 0 to 3650 days"));
        }
        Ok(Asked {
            as_of: day("/as_of", self.as_of)?,
            basis: basis.transpose()?.unwrap_or_default(),
            refund_date: refund_date.transpose()?,
            from: day("/from", self.from)?,
            until: day("/until", self.until)?,
            compare: compare.transpose()?,
            by: self.by.as_deref().map(Breakdown::parse),
            interval: interval.transpose()?,
            age: self.age_days.map_or(STANDARD_AGE, i32::from),
            segment: self.segment,
        })
    }
}

fn unanswerable(error: &QueryError) -> Problem {
    let pointer = match error {
        QueryError::Table(_) => "",
        QueryError::Backwards { .. } => "/until",
        QueryError::NoFirstDay => "/from",
        QueryError::NoColumn { .. } | QueryError::NotOfCustomers { .. } => "/by",
        QueryError::TooManySteps { .. } => "/interval",
    };
    refused(pointer, error.to_string(), "")
}

/// The persons of a segment, as of a day.
pub(super) fn members_of(
    held: &HeldShop,
    known: &Known,
    definition: &Condition,
    (as_of, now): (Day, Micros),
) -> Result<Vec<bool>, Problem> {
    let ledger = held.shop().ledger(as_of);
    let segmenter = known.segmenter(held, &ledger, now);
    let members = segmenter
        .members(definition, &|id| known.find(id))
        .map_err(|error| super::segments::unanswerable(&error, "/segment"))?;
    Ok(mark(&ledger, &held.loaded.persons, |index, _| members.inside[index]))
}

/// How many questions are worked on at once: each takes a processor, and memory for its own view of the shop.
const AT_ONCE: usize = 4;
static WORKING: Semaphore = Semaphore::const_new(AT_ONCE);
/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// Work on a shop in memory takes the processor for a while: it is done beside the tasks that must answer, a few at a time.
pub(super) async fn beside<T: Send + 'static>(
    shop: &CurrentShop,
    work: impl FnOnce(&HeldShop) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let held = shop.get().await?;
    let turn = tokio::time::timeout(PATIENCE, WORKING.acquire()).await;
    let Ok(Ok(turn)) = turn else {
        return Err(Problem::new(ProblemCode::Busy, "too many questions are being answered; ask again later"));
    };
    // The turn ends with the work, also if nobody waits for its answer any more.
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&held);
        drop(turn);
        done
    });
    done.await.map_err(|error| Problem::internal(&error))?
}

/// The value of a metric for a span, a basis, some customers, with a comparison, a breakdown and a series, as asked for. What was accepted
/// before the request is in it.
#[utoipa::path(
    post,
    path = "/api/v1/metrics/{id}/query",
    tag = "metrics",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the metric")),
    request_body = MetricQuestion,
    responses(
        (status = 200, body = MetricAnswer),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody),
        (status = 503, body = ProblemBody),
    )
)]
async fn query(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(question): JsonBody<MetricQuestion>,
) -> Result<Json<MetricAnswer>, Problem> {
    caller.must(Scope::Read)?;
    let (metric, asked, now) = (found(&id)?, question.read()?, services.db.now());
    let known = Known::read(&services.db).await?;
    let segment = asked.segment.map(SegmentQuestion::definition);
    let known = known.knowing(&services.db, segment.as_ref().as_slice()).await?;
    let answer = beside(&shop, move |held| {
        let as_of = asked.as_of.unwrap_or_else(|| held.day(now));
        let of_segment = |definition| members_of(held, &known, definition, (as_of, now));
        let members = segment.as_ref().map(of_segment).transpose()?;
        let options = MetricOptions {
            as_of,
            basis: asked.basis,
            refund_date: asked.refund_date,
            from: asked.from,
            until: asked.until,
            compare: asked.compare,
            by: asked.by,
            interval: asked.interval,
            age: asked.age,
            members: members.as_deref().map_or(Membership::EVERYONE, Membership::of),
        };
        ask(held.shop(), metric, &options).map_err(|error| unanswerable(&error))
    });
    answer.await.map(Json)
}

/// How a value came about.
#[derive(Debug, Serialize, ToSchema)]
struct ExplanationBody {
    /// Definition, formula, value, exclusions, SQL.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    explanation: Explanation,
    /// Rows that the SQL gave, the first thousand of them; amounts are whole minor units.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Value>>,
    /// How many rows it gave.
    row_count: usize,
    /// Some orders with all their values.
    #[schema(value_type = Vec<Object>)]
    samples: Vec<Map<String, Value>>,
}

/// Rows of an explanation at most.
const MOST_ROWS: usize = 1_000;

/// How the value of a metric comes about: definition, formula, the SQL that computes it with its rows, sample orders, what was left out,
/// and why other software shows another number.
#[utoipa::path(
    post,
    path = "/api/v1/metrics/{id}/explain",
    tag = "metrics",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the metric")),
    request_body = MetricQuestion,
    responses(
        (status = 200, body = ExplanationBody),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody),
        (status = 503, body = ProblemBody),
    )
)]
async fn explain(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(question): JsonBody<MetricQuestion>,
) -> Result<Json<ExplanationBody>, Problem> {
    caller.must(Scope::Read)?;
    let (metric, asked, now) = (found(&id)?, question.read()?, services.db.now());
    for (pointer, is_given) in [
        ("/compare", asked.compare.is_some()),
        ("/by", asked.by.is_some()),
        ("/interval", asked.interval.is_some()),
        ("/segment", asked.segment.is_some()),
    ] {
        if is_given {
            return Err(refused(pointer, "explanations are of the one figure of all customers", "leave it out"));
        }
    }
    let explained = beside(&shop, move |held| {
        let as_of = asked.as_of.unwrap_or_else(|| held.day(now));
        let ledger = held.shop().ledger(as_of);
        let options = ExplainOptions {
            basis: asked.basis,
            refund_date: asked.refund_date.unwrap_or(RefundDate::Order),
            from: asked.from,
            until: asked.until,
            ages: vec![0, 30, 60, 90, 180, 365],
            minimum_support: 1,
            sample_rows: SAMPLES,
            raw: None,
        };
        let mut lake = Lake::embedded().map_err(|error| Problem::internal(&error))?;
        lake.register_shop(&held.loaded.shop, &held.loaded.persons, as_of)
            .map_err(|error| Problem::internal(&error))?;
        let explanation = explain_metric(&lake, &ledger, metric, &options).map_err(|error| match error {
            crate::explain::ExplainError::Missing(detail) => refused("", detail, ""),
            error => Problem::internal(&error),
        })?;
        let (rows_of, samples) = (table_rows(&explanation.rows, MOST_ROWS), table_rows(&explanation.samples, SAMPLES));
        Ok(ExplanationBody { row_count: explanation.rows.rows(), rows: rows_of, samples, explanation })
    });
    explained.await.map(Json)
}
