//! What a message says of consent to being followed.

use serde_json::{Map, Value};

use crate::fold::fold;

/// Names of consent categories that are about analysing what visitors do. `C0002` is OneTrust's.
const ANALYTICS: [&str; 9] = [
    "analytics",
    "analytical",
    "statistics",
    "statistical",
    "performance",
    "measurement",
    "tracking",
    "c0002",
    "analyticsstorage",
];

/// What a message's `context.consent.categoryPreferences` (Segment's form) says: a category about analytics decides; among names that
/// only the shop knows, a single no is a no. `None` if it says nothing.
pub fn preference(categories: &Map<String, Value>) -> Option<bool> {
    let said = || categories.iter().filter_map(|(name, value)| Some((fold(name), value.as_bool()?)));
    let known: Vec<bool> = said().filter(|(name, _)| ANALYTICS.contains(&name.as_str())).map(|(_, yes)| yes).collect();
    if !known.is_empty() {
        return Some(known.into_iter().all(|yes| yes));
    }
    let all: Vec<bool> = said().map(|(_, yes)| yes).collect();
    (!all.is_empty()).then(|| all.into_iter().all(|yes| yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_about_analytics_decide_others_only_together() {
        let preference = |json: Value| super::preference(json.as_object().unwrap());
        assert_eq!(preference(serde_json::json!({"Analytics": true, "Advertising": false})), Some(true));
        assert_eq!(preference(serde_json::json!({"C0002": false, "C0001": true})), Some(false));
        assert_eq!(preference(serde_json::json!({"Cat1": true, "Cat2": true})), Some(true));
        assert_eq!(preference(serde_json::json!({"Cat1": true, "Cat2": false})), Some(false));
        assert_eq!(preference(serde_json::json!({})), None);
    }
}
