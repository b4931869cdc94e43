//! What to do next: a short list, most valuable first.

use super::data::Action;
use super::html::{escape, run};
use super::{Context, Part};

/// The section, if there is anything to do.
pub(super) fn part(context: &Context<'_>, actions: &[Action]) -> Option<Part> {
    if actions.is_empty() {
        return None;
    }
    let format = &context.format;
    let mut list = "<ol class=\"actions\">\n".to_owned();
    for action in actions {
        let command = action
            .command
            .as_ref()
            .map(|command| format!("<p class=\"why\"><code>{}</code></p>", escape(command)))
            .unwrap_or_default();
        let value = action
            .value
            .map(|value| {
                format!("<b>{}</b><span>{}</span>", run(&format.round_money(value)), escape(&action.value_note))
            })
            .unwrap_or_default();
        let reach = action
            .reach
            .map(|reach| {
                let noun = if reach == 1 { "customer" } else { "customers" };
                format!("<span>{} {noun}</span>", run(&format.count(reach)))
            })
            .unwrap_or_default();
        list += &format!(
            "<li><div><p class=\"what\">{}</p><p class=\"why\">{}</p>{command}</div>\
             <div class=\"worth\">{value}{reach}</div></li>\n",
            escape(&action.title),
            escape(&action.reason)
        );
    }
    list += "</ol>\n";
    let summary = "Ordered by the value at stake. An estimate of value is not a promise: hold out a tenth of the \
                   customers of each action, and compare.";
    Some(Part::new("actions", "What to do", "What to do next", summary, &list))
}
