//! Key figures and definitions of a report.

use clove_core::Basis;

use super::Measured;
use crate::output::thousands;
use crate::report::{Definition, Figure, KeyFigure};

/// The strip of key figures.
pub fn key_figures(measured: &Measured<'_>) -> Vec<KeyFigure> {
    let (kpis, year, before) = (&measured.kpis, &measured.year, &measured.year_before);
    let key = |label: &str, figure, note: String| KeyFigure { label: label.to_owned(), figure, note, alarm: false };
    let money = |value: Option<f64>| value.map_or(Figure::Unknown, Figure::Money);
    let growth = match year.net_sales.zip(before.net_sales.filter(|before| before.minor > 0)) {
        Some((year, before)) => {
            let change = year.minor as f64 / before.minor as f64 - 1.0;
            format!("{:+.0} % on the year before", change * 100.0)
        }
        None => "no year before to compare with".to_owned(),
    };
    let guests = kpis.customers - kpis.identified_customers;
    let mut figures = vec![
        key("Net sales, 12 months", money(year.net_sales.map(|net| measured.major(net.minor))), growth),
        key("Customers", Figure::Count(kpis.customers), format!("{} of them unknown guests", thousands(guests as i64))),
        key(
            "Average order",
            money(kpis.aov_placed.as_f64()),
            kpis.aov_net
                .rounded()
                .map_or_else(String::new, |net| format!("placed; net {}", measured.currency().format(net))),
        ),
        key(
            "Orders per customer",
            kpis.transaction_frequency.value.map_or(Figure::Unknown, Figure::Average),
            "over their whole time".to_owned(),
        ),
        key(
            "Buy at least twice",
            kpis.repeat_purchase_rate.value.map_or(Figure::Unknown, Figure::Share),
            format!(
                "{} of {} known customers",
                thousands(kpis.repeat_purchase_rate.numerator as i64),
                thousands(kpis.repeat_purchase_rate.denominator as i64)
            ),
        ),
        key(
            "Time between orders",
            kpis.gaps.median.map_or(Figure::Unknown, Figure::Days),
            kpis.gaps.p75.map_or_else(String::new, |days| format!("median; a quarter of gaps exceed {days:.0} days")),
        ),
        key(
            "Return rate",
            kpis.refund_rate_value.value.map_or(Figure::Unknown, Figure::Share),
            "returned value / placed value".to_owned(),
        ),
    ];
    if let Some(payback) = &measured.payback {
        let cost = payback.total.blended_cac.as_f64();
        let worth = measured.headlines.worth_90.as_f64();
        if let (Some(cost), Some(worth)) = (cost.filter(|cost| *cost > 0.0), worth) {
            let ratio = worth / cost;
            figures.push(KeyFigure {
                label: "Value to acquisition cost".to_owned(),
                figure: Figure::Ratio(ratio),
                note: format!(
                    "{} at 90 days; a new customer costs {cost:.2} {}",
                    measured.values.options.counting.basis,
                    measured.currency()
                ),
                alarm: ratio < 1.0,
            });
        }
    }
    if !measured.values.shop.has_amounts {
        figures.retain(|figure| figure.figure != Figure::Unknown);
    }
    figures
}

/// How the report's figures are defined.
pub fn definitions(measured: &Measured<'_>) -> Vec<Definition> {
    let basis = match measured.values.options.counting.basis {
        Basis::Gross => "unit prices without tax times quantity, before discounts",
        Basis::Placed => "gross minus discounts, on the day of the order",
        Basis::Net => "unit prices without tax times quantity, minus discounts, minus returned items",
        Basis::Total => "net plus tax and shipping, minus what was refunded of them: what customers paid",
        Basis::Margin => "net minus the cost of goods; costs are given back only for restocked items",
        Basis::Contribution => "margin plus shipping charged, minus shipping cost, payment fees and packaging",
    };
    let refund = format!(
        "A refund counts on the day of {}.",
        match measured.values.options.counting.refund_date {
            clove_core::RefundDate::Order => "the order it belongs to",
            clove_core::RefundDate::Event => "the refund",
        }
    );
    let horizon = measured.values.options.horizon_days;
    let define = |figure: &str, definition: String| Definition { figure: figure.to_owned(), definition };
    vec![
        define("Value", format!("{}: {basis}. {refund}", measured.values.options.counting.basis)),
        define("Customer", "A person with at least one paid order. E-mail, phone and customer id are joined; an order without any of them is an unknown guest of its own.".to_owned()),
        define("Value of a new customer", "Value until 90 days after the first order, per customer won 90 to 455 days ago.".to_owned()),
        define("Buys again", "Customers with a second purchase within 180 days of the first, among known customers whose first purchase is at least 180 days ago.".to_owned()),
        define("Active, at risk, lapsed", "Days since the last purchase against this shop’s own gaps: up to the 75 % quantile active, up to the 95 % quantile at risk, beyond it lapsed. First gaps apart from later ones.".to_owned()),
        define("Late good customer", "At risk, and value of the last 24 months in the best quarter.".to_owned()),
        define("Value at risk", format!("What late good customers would be expected to bring in {horizon} days had they bought today, minus what is expected of them now.")),
        define("Expected value", format!("Expected purchases in the next {horizon} days times the expected value of a purchase, after expected returns. The interval covers chance, uncertain parameters and the level errors that past forecasts of this shop showed.")),
        define("P(alive)", "The probability that a customer will ever buy again. Not shown for customers with one purchase where the model cannot tell.".to_owned()),
    ]
}
