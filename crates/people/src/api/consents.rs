//! Consents: given, taken back, asked for, confirmed, shown with their evidence; the forms that ask for them.

use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use axum::{Extension, Json};
use clove_core::fact::{ConsentChange, Handle};
use clove_core::{FactBody, FactId, FactKind, Micros, PersonId, SubjectId};
use clove_http::idempotency::Unkept;
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{handled, person, who};
use crate::consent::{
    self, Change, ConsentForm, ConsentState, ConsentSubscriber, confirm as confirm_token, consents_of, give,
};
use crate::timeline::timeline;

/// Evidence shown of a customer at most: the newest.
const MOST_EVIDENCE: usize = 500;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(show, change_of_customer))
        .routes(routes!(change))
        .routes(routes!(unsubscribe))
        .routes(routes!(confirm))
        .routes(routes!(list_forms))
        .routes(routes!(put_form, delete_form))
}

/// A consent to write down.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentRequest {
    /// The form that was filled in: it says channel, purpose, text and whether the person must confirm.
    #[schema(example = "newsletter")]
    form: Option<String>,
    /// `email`, `sms`, `tracking`, ...: needed without a form.
    #[schema(example = "email")]
    channel: Option<String>,
    /// `marketing`, `service`, `analytics`, ...: needed without a form.
    #[schema(example = "marketing")]
    purpose: Option<String>,
    /// `granted` or `withdrawn` [default: granted].
    state: Option<Wish>,
    /// How: `form`, `import`, `asserted`, `phone`, `paper`, ... [default: form, or api]. `import` and `asserted` are another's word, which never
    /// outweighs the person's own no.
    method: Option<String>,
    /// Version of the text that was shown [default: the form's].
    text_version: Option<String>,
    /// The person's internet address; a keyed hash of it is kept.
    ip: Option<String>,
    /// When it was said, microseconds since 1970 [default: now].
    at: Option<Micros>,
}

/// What the person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Wish {
    /// To be written to, or followed.
    Granted,
    /// Not to be any more.
    Withdrawn,
}

/// A consent of somebody known by an address, a number or an account.
#[derive(Debug, Deserialize, ToSchema)]
struct ConsentByHandle {
    /// Who.
    #[serde(flatten)]
    who: Known,
    /// What.
    #[serde(flatten)]
    consent: ConsentFields,
}

/// The same fields as [`ConsentRequest`], beside others.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct ConsentFields {
    /// The form that was filled in.
    form: Option<String>,
    /// The channel; needed without a form.
    channel: Option<String>,
    /// The purpose; needed without a form.
    purpose: Option<String>,
    /// `granted` or `withdrawn` [default: granted].
    state: Option<Wish>,
    /// How.
    method: Option<String>,
    /// Version of the text that was shown.
    text_version: Option<String>,
    /// The person's internet address; a keyed hash of it is kept.
    ip: Option<String>,
    /// When it was said, microseconds since 1970 [default: now].
    at: Option<Micros>,
}

impl From<ConsentFields> for ConsentRequest {
    fn from(fields: ConsentFields) -> ConsentRequest {
        let ConsentFields { form, channel, purpose, state, method, text_version, ip, at } = fields;
        ConsentRequest { form, channel, purpose, state, method, text_version, ip, at }
    }
}

/// What somebody is known by: one of the fields.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct Known {
    /// An e-mail address.
    #[schema(example = "ann@example.org")]
    pub email: Option<String>,
    /// A phone number, with its country.
    pub phone: Option<String>,
    /// Any other name: channel, scope and id.
    pub handle: Option<KnownHandle>,
}

/// A name of any channel.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct KnownHandle {
    /// `user`, `shopify`, `anonymous`, ...
    pub channel: String,
    /// Within which system the id is unique.
    #[serde(default)]
    pub scope: String,
    /// The id.
    pub id: String,
}

impl Known {
    /// The handle.
    pub(super) fn handle(self) -> Result<Handle, Problem> {
        let (pointer, handle) = match (self.email, self.phone, self.handle) {
            (Some(email), None, None) => ("/email", Handle::email(&email)),
            (None, Some(phone), None) => ("/phone", Handle::phone(&phone)),
            (None, None, Some(handle)) => ("/handle", Handle::new(&handle.channel, &handle.scope, &handle.id)),
            _ => return Err(invalid("", "one of email, phone and handle is needed")),
        };
        handle.ok_or_else(|| invalid(pointer, "it is none"))
    }
}

fn invalid(pointer: &str, detail: &str) -> Problem {
    Problem::new(ProblemCode::InvalidBody, format!("at '{pointer}': {detail}")).with_errors(vec![FieldProblem {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
        remedy: None,
    }])
}

/// What became of a consent.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentAnswer {
    /// What was written down: `granted`, `withdrawn`, or `pending` where the person must confirm.
    state: ConsentState,
    /// The evidence.
    #[schema(value_type = String)]
    fact: FactId,
    /// What confirms it: send it to the person. Only shown to keys with the scope `people`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// Writes down a consent of a customer.
#[utoipa::path(
    post,
    path = "/api/v1/customers/{id}/consents",
    tag = "consents",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the person")),
    request_body = ConsentRequest,
    responses((status = 200, body = ConsentAnswer), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn change_of_customer(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ConsentRequest>,
) -> Result<(Extension<Unkept>, Json<ConsentAnswer>), Problem> {
    caller.must(Scope::People)?;
    let (person, _) = person(&services.db, &id).await?;
    // The person's id is one of the person's subjects.
    write(&services, &caller, SubjectId(person.0), None, request).await
}

/// Writes down a consent of somebody known by an e-mail address, a phone number or an account.
///
/// A key with the scope `ingest` alone, such as a storefront's, may only pass on forms and withdrawals, of now.
#[utoipa::path(
    post,
    path = "/api/v1/consents",
    tag = "consents",
    security(("key" = ["people"]), ("key" = ["ingest"])),
    request_body = ConsentByHandle,
    responses((status = 200, body = ConsentAnswer), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn change(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(request): JsonBody<ConsentByHandle>,
) -> Result<(Extension<Unkept>, Json<ConsentAnswer>), Problem> {
    if caller.must(Scope::People).is_err() {
        caller.must(Scope::Ingest)?;
        let own_words = request.consent.form.is_some() || request.consent.state == Some(Wish::Withdrawn);
        if !own_words || request.consent.at.is_some() || request.consent.method.is_some() {
            return Err(Problem::new(
                ProblemCode::Forbidden,
                "without the scope 'people' a key passes on forms and withdrawals only, without method and moment",
            ));
        }
    }
    let handle = request.who.handle()?;
    let subject = services.db.hash_key().subject(&handle);
    write(&services, &caller, subject, Some(handle), request.consent.into()).await
}

/// Who wants no more, and of what.
#[derive(Debug, Deserialize, ToSchema)]
struct Unsubscribe {
    /// Who.
    #[serde(flatten)]
    who: Known,
    /// The channel [default: email].
    channel: Option<String>,
    /// The purpose [default: marketing].
    purpose: Option<String>,
}

/// Takes a consent back at once, whoever asks: nothing is sent from then on.
#[utoipa::path(
    post,
    path = "/api/v1/consents/unsubscribe",
    tag = "consents",
    security(("key" = ["people"]), ("key" = ["ingest"])),
    request_body = Unsubscribe,
    responses((status = 200, body = ConsentAnswer), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn unsubscribe(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(request): JsonBody<Unsubscribe>,
) -> Result<(Extension<Unkept>, Json<ConsentAnswer>), Problem> {
    if caller.must(Scope::People).is_err() {
        caller.must(Scope::Ingest)?;
    }
    let handle = request.who.handle()?;
    let subject = services.db.hash_key().subject(&handle);
    let change = ConsentRequest {
        channel: Some(request.channel.unwrap_or_else(|| "email".to_owned())),
        purpose: Some(request.purpose.unwrap_or_else(|| "marketing".to_owned())),
        state: Some(Wish::Withdrawn),
        method: Some("unsubscribe".to_owned()),
        ..ConsentRequest::default()
    };
    write(&services, &caller, subject, Some(handle), change).await
}

async fn write(
    services: &State,
    caller: &Caller,
    subject: SubjectId,
    handle: Option<Handle>,
    request: ConsentRequest,
) -> Result<(Extension<Unkept>, Json<ConsentAnswer>), Problem> {
    let db = &services.db;
    let form = match request.form.as_deref() {
        None => None,
        Some(name) => {
            Some(consent::form(db, name).await?.ok_or_else(|| invalid("/form", "there is no form of this name"))?)
        }
    };
    let named = |own: Option<String>, pointer: &str, of_form: Option<&String>| match (own, of_form) {
        (Some(own), Some(of_form)) if own != *of_form => Err(invalid(pointer, "the form says otherwise")),
        (Some(own), _) => checked_word(pointer, &own),
        (None, Some(of_form)) => Ok(of_form.clone()),
        (None, None) => Err(invalid(pointer, "it is needed without a form")),
    };
    let channel = named(request.channel, "/channel", form.as_ref().map(|form| &form.channel))?;
    let purpose = named(request.purpose, "/purpose", form.as_ref().map(|form| &form.purpose))?;
    let now = db.now();
    if request.at.is_some_and(|at| at > now || at < 0) {
        return Err(invalid("/at", "it lies in the future, or before 1970"));
    }
    let default = if form.is_some() { "form" } else { "api" };
    let method = checked_word("/method", request.method.as_deref().unwrap_or(default))?;
    let text_version = match request.text_version {
        Some(version) => Some(checked_word("/text_version", &version)?),
        None => form.as_ref().map(|form| form.text_version.clone()),
    };
    let state = match request.state {
        Some(Wish::Withdrawn) => ConsentState::Withdrawn,
        // A double opt-in that another system has done already is not asked for again.
        _ if form.as_ref().is_some_and(|form| form.double_opt_in) && method == "form" => ConsentState::Pending,
        _ => ConsentState::Granted,
    };
    let evidence = ConsentChange {
        channel,
        purpose,
        method,
        text_version,
        ip_hash: request.ip.as_deref().map(|ip| db.hash_key().hash("ip address", &[ip.trim()])),
        by: Some(who(caller)),
        form: form.map(|form| form.name),
    };
    let change = Change { subject, handle, state, at: request.at.unwrap_or(now), evidence };
    let given = give(db, &services.writer, change).await?;
    if let Some(seq) = given.seq {
        handled(db, ConsentSubscriber::NAME, seq).await?;
    }
    let token = given.token.filter(|_| caller.must(Scope::People).is_ok());
    // The token is a secret: the answer is not kept for repetitions.
    Ok((Extension(Unkept), Json(ConsentAnswer { state, fact: given.fact, token })))
}

/// A short name without control characters.
fn checked_word(pointer: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= 100 && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(invalid(pointer, "1 to 100 characters are needed")) }
}

/// A confirmation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// What the person got.
    token: String,
    /// The person's internet address; a keyed hash of it is kept.
    ip: Option<String>,
}

/// What was confirmed.
#[derive(Debug, Serialize, ToSchema)]
struct ConfirmedConsent {
    /// The channel.
    channel: String,
    /// The purpose.
    purpose: String,
    /// When, microseconds since 1970: the first time.
    at: Micros,
}

/// Confirms a consent (double opt-in). The token is enough; no key is needed. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/consents/confirm",
    tag = "consents",
    security(()),
    request_body = Confirmation,
    responses((status = 200, body = ConfirmedConsent), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn confirm(
    Extract(services): Extract<State>,
    JsonBody(request): JsonBody<Confirmation>,
) -> Result<Json<ConfirmedConsent>, Problem> {
    let ip_hash = request.ip.as_deref().map(|ip| services.db.hash_key().hash("ip address", &[ip.trim()]));
    let confirmed = confirm_token(&services.db, request.token.trim(), ip_hash).await?;
    Ok(Json(ConfirmedConsent { channel: confirmed.channel, purpose: confirmed.purpose, at: confirmed.at }))
}

/// The consents of a customer.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerConsents {
    /// The person.
    #[schema(value_type = String)]
    id: PersonId,
    /// What each comes to.
    consents: Vec<CustomerConsent>,
    /// What was said, newest first.
    evidence: Vec<ConsentEvidence>,
}

/// What a person consented to.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerConsent {
    /// The channel.
    channel: String,
    /// The purpose.
    purpose: String,
    /// What it comes to.
    state: ConsentState,
    /// Since when, microseconds since 1970.
    since: Micros,
}

/// A piece of evidence.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentEvidence {
    /// The fact.
    #[schema(value_type = String)]
    fact: FactId,
    /// When it was said, microseconds since 1970.
    at: Micros,
    /// When it was taken in, microseconds since 1970.
    received_at: Micros,
    /// What was said: `granted`, `withdrawn`, or `pending` where a confirmation was asked for.
    said: ConsentState,
    /// The channel.
    channel: String,
    /// The purpose.
    purpose: String,
    /// How.
    method: String,
    /// The system that it came from.
    source: String,
    /// Who handed it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// The form.
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<String>,
    /// Version of the text that was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    text_version: Option<String>,
    /// Keyed hash of the internet address: equal addresses have equal hashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    ip_hash: Option<uuid::Uuid>,
}

/// Shows what a customer consented to, and what proves it. Flags that other systems keep in their profiles count without being listed.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}/consents",
    tag = "consents",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = CustomerConsents), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CustomerConsents>, Problem> {
    caller.must(Scope::Read)?;
    let db = &services.db;
    let (person, subjects) = person(db, &id).await?;
    let consents = consents_of(db, person).await?.into_iter().filter_map(|(channel, purpose, proof)| {
        let decision = proof.decision()?;
        Some(CustomerConsent { channel, purpose, state: decision.state, since: decision.evidence.at })
    });
    let kinds = [FactKind::ConsentRequested, FactKind::ConsentGranted, FactKind::ConsentWithdrawn];
    let facts = timeline(db, &subjects, &kinds, None, MOST_EVIDENCE).await?;
    let evidence = facts.into_iter().filter_map(|entry| {
        let fact = entry.fact;
        let (said, change) = match FactBody::clone(&fact.body) {
            FactBody::ConsentRequested(change) => (ConsentState::Pending, change),
            FactBody::ConsentGranted(change) => (ConsentState::Granted, change),
            FactBody::ConsentWithdrawn(change) => (ConsentState::Withdrawn, change),
            _ => return None,
        };
        Some(ConsentEvidence {
            fact: fact.id,
            at: fact.occurred_at,
            received_at: fact.received_at,
            said,
            channel: change.channel,
            purpose: change.purpose,
            method: change.method,
            source: fact.source.to_string(),
            by: change.by,
            form: change.form,
            text_version: change.text_version,
            ip_hash: change.ip_hash,
        })
    });
    Ok(Json(CustomerConsents { id: person, consents: consents.collect(), evidence: evidence.collect() }))
}

/// Lists the forms that ask for consent.
#[utoipa::path(
    get,
    path = "/api/v1/consent-forms",
    tag = "consents",
    security(("key" = ["read"])),
    responses((status = 200, body = Vec<ConsentForm>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn list_forms(Extract(services): Extract<State>, caller: Caller) -> Result<Json<Vec<ConsentForm>>, Problem> {
    caller.must(Scope::Read)?;
    Ok(Json(consent::forms(&services.db).await?))
}

/// A form as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FormRequest {
    /// What for: the channel.
    #[schema(example = "email")]
    channel: String,
    /// What for: the purpose.
    #[schema(example = "marketing")]
    purpose: String,
    /// Whether the person must confirm [default: true].
    double_opt_in: Option<bool>,
    /// The text that is shown, up to 10,000 characters.
    text: String,
    /// Version of the text: change it with the text.
    #[schema(example = "2026-03")]
    text_version: String,
}

/// Makes a form, or changes it. Consents given by it before keep the version of the text that was shown then.
#[utoipa::path(
    put,
    path = "/api/v1/consent-forms/{name}",
    tag = "consents",
    security(("key" = ["people"])),
    params(("name" = String, Path, description = "Name of the form")),
    request_body = FormRequest,
    responses((status = 200, body = ConsentForm), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn put_form(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(request): JsonBody<FormRequest>,
) -> Result<Json<ConsentForm>, Problem> {
    caller.must(Scope::People)?;
    if request.text.trim().is_empty() || request.text.chars().count() > 10_000 {
        return Err(invalid("/text", "1 to 10,000 characters are needed"));
    }
    let form = ConsentForm {
        name: checked_word("/name", &name)?,
        channel: checked_word("/channel", &request.channel)?,
        purpose: checked_word("/purpose", &request.purpose)?,
        double_opt_in: request.double_opt_in.unwrap_or(true),
        text: request.text,
        text_version: checked_word("/text_version", &request.text_version)?,
        changed_at: services.db.now(),
    };
    consent::put_form(&services.db, &form).await?;
    Ok(Json(form))
}

/// Takes a form away. What was consented to by it stays.
#[utoipa::path(
    delete,
    path = "/api/v1/consent-forms/{name}",
    tag = "consents",
    security(("key" = ["people"])),
    params(("name" = String, Path, description = "Name of the form")),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn delete_form(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::People)?;
    if consent::delete_form(&services.db, &name).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("such form"))
    }
}
