//! The top of the page: whose shop, the sentences, the strip of key figures.

use super::data::{Figure, Headline, KeyFigure, ReportData};
use super::html::{escape, run, strong, user};
use super::{Context, health};

/// The header's HTML.
pub(super) fn head(context: &Context<'_>, data: &ReportData) -> String {
    let ground = context.ground;
    let demo = if data.demo { " <span class=\"tag warn\">demo data</span>" } else { "" };
    let dates = format!("orders from {} to {}", run(&ground.since), run(&ground.as_of));
    let amounts = if ground.without_amounts {
        "no amounts in the files".to_owned()
    } else {
        format!("all amounts {} in {}", user(&ground.basis), run(&ground.currency))
    };
    format!(
        "<p class=\"shop\"><strong>{}</strong>{demo} <span>{dates}</span> <span>{amounts}</span></p>\n\
         <h1>What your customers are worth</h1>\n<div class=\"headline\">\n{}</div>\n{}{}",
        user(&data.shop),
        sentences(context, &data.headline),
        health::notice(context),
        key_figures(context, &data.key_figures),
    )
}

fn sentences(context: &Context<'_>, headline: &Headline) -> String {
    let format = &context.format;
    let mut html = String::new();
    if let Some(worth) = headline.worth {
        html += &format!(
            "<p>A new customer is worth {} in {}.</p>\n",
            strong(&format.round_money(worth)),
            run(&format.days(f64::from(headline.worth_days)))
        );
    }
    if let Some(again) = headline.again {
        html += &format!(
            "<p>{} buy again within {}.</p>\n",
            strong(&format.percent(again, 0)),
            run(&format.days(f64::from(headline.again_days)))
        );
    }
    match (headline.late, headline.at_risk) {
        (Some(0), _) => html += "<p>No good customer is late.</p>\n",
        (Some(late), at_risk) => {
            let who = if late == 1 { "good customer is late" } else { "good customers are late" };
            let risk =
                at_risk.map(|risk| format!(", {} at risk", strong(&format.round_money(risk)))).unwrap_or_default();
            html += &format!("<p>{} {who}{risk}.</p>\n", strong(&format.count(late)));
        }
        (None, _) => {}
    }
    if html.is_empty() {
        html += "<p>There are too few orders yet to say what a new customer is worth.</p>\n";
    }
    if let Some(expected) = headline.expected {
        html += &format!(
            "<p class=\"aside\">Over the next {} today’s customers are expected to bring {} \
             (8 times in 10 between {} and {}).</p>\n",
            run(&format.days(f64::from(context.ground.horizon_days))),
            strong(&format.round_money(expected.value)),
            run(&format.number(expected.low, 0)),
            run(&format.round_money(expected.high)),
        );
    }
    html
}

/// A figure whose unit, if it has one, is written small.
fn with_small_unit(figure: &str) -> String {
    match figure.rsplit_once('\u{a0}') {
        Some((number, unit)) => {
            format!("<bdi class=\"n\" dir=\"ltr\">{} <small>{}</small></bdi>", escape(number), escape(unit))
        }
        None => run(figure),
    }
}

fn key_figures(context: &Context<'_>, figures: &[KeyFigure]) -> String {
    if figures.is_empty() {
        return String::new();
    }
    let mut html = "<dl class=\"key-figures\">\n".to_owned();
    for figure in figures {
        let alarm = if figure.alarm { " alarm" } else { "" };
        let value = match figure.figure {
            // The strip is for reading at a glance: whole amounts from ten on.
            Figure::Money(amount) if amount.abs() >= 1_000.0 => context.format.round_money(amount),
            other => context.format.figure(other),
        };
        html += &format!(
            "<div><dt>{}</dt><dd class=\"figure-value{alarm}\">{}</dd><dd class=\"note\">{}</dd></div>\n",
            escape(&figure.label),
            with_small_unit(&value),
            escape(&figure.note)
        );
    }
    html + "</dl>\n"
}
