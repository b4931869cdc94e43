//! Bodies of requests: JSON with errors that say where, and raw bytes for signatures.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::problem::{FieldProblem, Problem, ProblemCode};

/// The bytes of a body, as they came: what signatures are made over.
#[derive(Debug, Clone)]
pub struct RawBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<RawBody, Problem> {
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(RawBody(bytes)),
            Err(rejection) if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::new(ProblemCode::TooLarge, "send less in one request; docs/api.md names the limits"))
            }
            Err(rejection) => Err(Problem::new(ProblemCode::InvalidBody, rejection.body_text())),
        }
    }
}

/// A JSON body.
#[derive(Debug, Clone)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<JsonBody<T>, Problem> {
        let RawBody(bytes) = RawBody::from_request(request, state).await?;
        parse_json(&bytes).map(JsonBody)
    }
}

/// Reads JSON; the error says where it does not fit.
///
/// # Errors
/// [`ProblemCode::InvalidJson`] or [`ProblemCode::InvalidBody`].
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        if inner.is_data() {
            let pointer = pointer(error.path());
            let detail = without_position(&inner.to_string());
            Problem::new(ProblemCode::InvalidBody, format!("at '{pointer}': {detail}"))
                .with_errors(vec![FieldProblem { pointer, detail, remedy: None }])
        } else {
            Problem::new(ProblemCode::InvalidJson, inner.to_string())
        }
    })?;
    deserializer.end().map_err(|error| Problem::new(ProblemCode::InvalidJson, error.to_string()))?;
    Ok(parsed)
}

/// A JSON pointer (RFC 6901) of a path.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { variant } => pointer.push_str(&format!("/{variant}")),
            Segment::Unknown => {}
        }
    }
    pointer
}

fn without_position(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Line {
        #[expect(dead_code, reason = "only read")]
        price: i64,
    }

    #[test]
    fn an_error_says_where() {
        let problem = parse_json::<Vec<Line>>(br#"[{"price": 1}, {"price": "x"}]"#).unwrap_err();
        assert_eq!(problem.code, ProblemCode::InvalidBody);
        assert_eq!(problem.errors[0].pointer, "/1/price");
        assert_eq!(parse_json::<Vec<Line>>(b"[").unwrap_err().code, ProblemCode::InvalidJson);
        assert_eq!(parse_json::<Vec<Line>>(b"[] []").unwrap_err().code, ProblemCode::InvalidJson);
    }
}
