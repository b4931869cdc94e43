//! The report: one HTML file without anything from outside that a shop owner reads.
//!
//! Sentences first, then key figures and what to do, then the plots, each with a sentence and its numbers as a table, and
//! at the end what was left out and how every figure is defined. Works without JavaScript; a small script adds tooltips
//! and arrow keys.

#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a report is written once: readable templates matter more than an allocation"
)]

mod actions;
mod alive;
mod backtest;
mod cohorts;
mod concentration;
mod curves;
mod data;
mod forecast;
pub mod format;
mod head;
mod health;
mod html;
mod scale;
mod segments;
mod svg;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use data::*;

use format::Format;
use html::{escape, section, user};

/// What every part of a report needs: how numbers are written, where reading begins, and what the figures rest on.
struct Context<'a> {
    format: Format,
    right_to_left: bool,
    ground: &'a Ground,
}

/// A part of the report: its place in the page, its heading in the list of contents, its HTML.
struct Part {
    id: &'static str,
    contents: &'static str,
    html: String,
}

impl Part {
    /// A section. `summary` and `body` are HTML.
    fn new(id: &'static str, contents: &'static str, title: &str, summary: &str, body: &str) -> Part {
        Part { id, contents, html: section(id, title, summary, body) }
    }
}

/// The whole report as one HTML document.
pub fn render(data: &ReportData) -> String {
    let right_to_left = data.right_to_left.unwrap_or(data.language.is_right_to_left());
    let context = Context { format: Format::new(data.language, &data.ground), right_to_left, ground: &data.ground };
    let parts: Vec<Part> = [
        actions::part(&context, &data.actions),
        cohorts::part(&context, &data.cohorts),
        data.curves.as_ref().and_then(|curves| curves::part(&context, curves)),
        data.forecast.as_ref().and_then(|forecast| forecast::part(&context, forecast)),
        data.alive.as_ref().and_then(|alive| alive::part(&context, alive)),
        data.concentration.as_ref().and_then(|concentration| concentration::part(&context, concentration)),
        segments::segments(&context, &data.segments),
        segments::breakdowns(&context, &data.breakdowns),
        data.backtest.as_ref().and_then(|backtest| backtest::part(&context, backtest)),
        Some(health::part(&context, &data.health)),
        health::definitions(&context, &data.definitions),
    ]
    .into_iter()
    .flatten()
    .collect();

    let contents: String =
        parts.iter().map(|part| format!("<li><a href=\"#{}\">{}</a></li>", part.id, part.contents)).collect();
    let body: String = parts.into_iter().map(|part| part.html).collect();
    format!(
        "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">Skip to the figures</a>\n\
         <header>\n{head}</header>\n<main id=\"content\">\n<nav aria-label=\"Contents\"><ul>{contents}</ul></nav>\n{body}</main>\n\
         <footer>{foot}</footer>\n<script>\n{script}</script>\n</body>\n</html>\n",
        language = data.language.code(),
        direction = if right_to_left { "rtl" } else { "ltr" },
        title = escape(&format!("{} – customer value on {}", data.shop, data.ground.as_of)),
        style = include_str!("style.css"),
        head = head::head(&context, data),
        foot = user(&data.ground.made_by),
        script = include_str!("script.js"),
    )
}
