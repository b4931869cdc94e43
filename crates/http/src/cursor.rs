//! Cursors of paged lists: opaque to clients, a position to us.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Problem, ProblemCode};

/// Items of a page if the client does not say.
pub const DEFAULT_LIMIT: u32 = 50;
/// Items of a page at most.
pub const LARGEST_LIMIT: u32 = 500;

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PageQuery {
    /// `next` of the page before; without it the first page.
    pub cursor: Option<String>,
    /// Items of the page, 1 to 500 [default: 50].
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
}

impl PageQuery {
    /// The number of items, within its bounds.
    ///
    /// # Errors
    /// If it is out of them.
    pub fn limit(&self) -> Result<usize, Problem> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=LARGEST_LIMIT => Ok(limit as usize),
            limit => Err(Problem::new(
                ProblemCode::InvalidParameter,
                format!("limit is {limit}; it may be 1 to {LARGEST_LIMIT}"),
            )),
        }
    }

    /// The position that the cursor holds; `None` for the first page.
    ///
    /// # Errors
    /// If the cursor is not one of this list.
    pub fn position<T: DeserializeOwned>(&self) -> Result<Option<T>, Problem> {
        self.cursor.as_deref().map(decode).transpose()
    }
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page out of up to `limit + 1` items: the one too many tells that there is a next page, which begins after the
    /// position of the last item kept.
    ///
    /// # Errors
    /// If the position cannot be written as JSON.
    pub fn cut<P: Serialize>(mut items: Vec<T>, limit: usize, position: impl Fn(&T) -> P) -> Result<Page<T>, Problem> {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = match items.last() {
            Some(last) if more => Some(encode(&position(last))?),
            _ => None,
        };
        Ok(Page { items, next })
    }
}

/// Writes a position as a cursor.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn encode(position: &impl Serialize) -> Result<String, Problem> {
    let json = serde_json::to_vec(position).map_err(|error| Problem::internal(&error))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Reads a position from a cursor.
///
/// # Errors
/// If the text is not a cursor of this list.
pub fn decode<T: DeserializeOwned>(cursor: &str) -> Result<T, Problem> {
    URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(|| {
        Problem::new(ProblemCode::InvalidParameter, "the cursor is not one of this list; begin anew without one")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_there_is_another() {
        let page = Page::cut(vec![1, 2, 3], 2, |item| *item).unwrap();
        assert_eq!(page.items, [1, 2]);
        let query = PageQuery { cursor: page.next, limit: Some(2) };
        assert_eq!(query.position::<i32>().unwrap(), Some(2));
        assert!(Page::cut(vec![1, 2], 2, |item| *item).unwrap().next.is_none());
        assert!(decode::<i32>("no cursor").is_err());
        assert!(PageQuery { cursor: None, limit: Some(0) }.limit().is_err());
    }
}
