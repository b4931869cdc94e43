//! Errors as clients see them: `application/problem+json` (RFC 9457) with a public, stable code.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clove_core::fact::FactError;
use clove_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $status:ident, $title:literal;)+) => {
        /// Every error that the API answers with. The code is stable; title and detail are for people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemCode { $($(#[doc = $doc])+ $variant),+ }

        impl ProblemCode {
            /// All of them, for the documentation.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$variant),+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(ProblemCode::$variant => $code),+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> StatusCode {
                match self { $(ProblemCode::$variant => StatusCode::$status),+ }
            }

            /// What it means, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(ProblemCode::$variant => $title),+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    InvalidJson = "invalid_json", BAD_REQUEST, "The body is not valid JSON";
    /// The body is JSON, but not what the endpoint takes.
    InvalidBody = "invalid_body", UNPROCESSABLE_ENTITY, "The body does not say what is needed";
    /// A parameter of the address cannot be used.
    InvalidParameter = "invalid_parameter", BAD_REQUEST, "A parameter cannot be used";
    /// The body is larger than the endpoint takes.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body is packed in a way that is not known.
    UnsupportedEncoding = "unsupported_encoding", UNSUPPORTED_MEDIA_TYPE, "The body is packed in an unknown way";
    /// A message of Segment's API, or a batch of them, is larger than taken: its clients know 400 for it.
    MessageTooLarge = "message_too_large", BAD_REQUEST, "The message or batch is too large";
    /// No key or session, or one that is not known (any more).
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "A valid key or session is needed";
    /// The caller may not do this.
    Forbidden = "forbidden", FORBIDDEN, "The caller may not do this";
    /// A request with a session that was not made by a page of Clove.
    CrossSite = "cross_site", FORBIDDEN, "The request comes from another site";
    /// The signature of a webhook is wrong.
    InvalidSignature = "invalid_signature", UNAUTHORIZED, "The signature does not fit the body";
    /// There is no such thing.
    NotFound = "not_found", NOT_FOUND, "There is no such thing";
    /// The address exists, but not for this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The address does not take this method";
    /// The idempotency key was used with another body.
    IdempotencyKeyReused = "idempotency_key_reused", CONFLICT, "The idempotency key was used for something else";
    /// The same request, with the same idempotency key, is being carried out.
    RequestInProgress = "request_in_progress", CONFLICT, "The same request is being carried out";
    /// What exists stands against it.
    Conflict = "conflict", CONFLICT, "What exists stands against it";
    /// Too many requests of this caller.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    /// Too much is waiting to be written.
    Busy = "busy", SERVICE_UNAVAILABLE, "Too much is waiting to be written";
    /// The database cannot be written to or read from at the moment.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The database cannot be reached";
    /// It took too long.
    TimedOut = "timed_out", SERVICE_UNAVAILABLE, "It took too long";
    /// A defect of the server; its log says more.
    Internal = "internal", INTERNAL_SERVER_ERROR, "The server made a mistake";
}

/// One thing that is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where: a JSON pointer into the body, such as `/lines/0/price`.
    #[schema(example = "/lines/0/price")]
    pub pointer: String,
    /// What is wrong.
    pub detail: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// The body of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemBody {
    /// The public code.
    #[schema(example = "invalid_body")]
    pub code: &'static str,
    /// What the code means.
    pub title: &'static str,
    /// The HTTP status again.
    #[schema(example = 422)]
    pub status: u16,
    /// What is wrong this time, and what to do next.
    pub detail: String,
    /// Each thing that is wrong with the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// An error on its way to the client.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Which one.
    pub code: ProblemCode,
    /// What is wrong this time, and what to do next. Never holds personal data or secrets.
    pub detail: String,
    /// Each thing that is wrong with the body.
    pub errors: Vec<FieldProblem>,
    /// Seconds after which the same request may succeed.
    pub retry_after_seconds: Option<u64>,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Problem {
        Problem { code, detail: detail.into(), errors: Vec::new(), retry_after_seconds: None }
    }

    /// There is no such thing.
    pub fn not_found(what: &str) -> Problem {
        Problem::new(ProblemCode::NotFound, format!("there is no {what}"))
    }

    /// A defect of ours: logged with its causes, told to the client without them.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Problem {
        let mut chain = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            chain.push_str(": ");
            chain.push_str(&cause.to_string());
            source = cause.source();
        }
        tracing::error!(error = chain, "a request failed");
        Problem::new(ProblemCode::Internal, "the server's log says more")
    }

    /// With each thing that is wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldProblem>) -> Problem {
        self.errors = errors;
        self
    }

    /// With a time after which to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// What goes into the body.
    pub fn body(&self) -> ProblemBody {
        ProblemBody {
            code: self.code.code(),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match &error {
            StoreError::Busy { retry_after_ms } => {
                Problem::new(ProblemCode::Busy, "nothing of this request was kept; send it again later")
                    .retry_after(retry_after_ms.div_ceil(1_000).max(1))
            }
            StoreError::NotFound(what) => Problem::not_found(what),
            StoreError::Fact(fact) => Problem::from(fact.clone()),
            // What the engine cannot store as text: the one thing that JSON allows and PostgreSQL does not.
            _ if error.is_unstorable_text() => {
                Problem::new(ProblemCode::InvalidBody, "a text holds the character U+0000; leave it out")
            }
            _ if error.is_transient() => {
                tracing::warn!(error = error.chain(), "the database failed a request");
                Problem::new(ProblemCode::Unavailable, "send the same request again; what was kept is not kept twice")
                    .retry_after(1)
            }
            _ => Problem::internal(&error),
        }
    }
}

impl From<FactError> for Problem {
    fn from(error: FactError) -> Problem {
        Problem::new(ProblemCode::InvalidBody, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.code.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == ProblemCode::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_plain() {
        let mut codes: Vec<&str> = ProblemCode::ALL.iter().map(|code| code.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ProblemCode::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    }

    #[test]
    fn a_full_queue_asks_to_come_back() {
        let problem = Problem::from(StoreError::Busy { retry_after_ms: 1_500 });
        let response = problem.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    }
}
