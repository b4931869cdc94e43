//! The report is complete, harmless, and readable for everybody.

use serde_json::Value;

use super::format::Language;
use super::sample::sample;
use super::*;

/// All attribute values of a name, in order.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn count(html: &str, text: &str) -> usize {
    html.matches(text).count()
}

#[test]
fn the_report_has_all_its_parts_in_order() {
    let html = render(&sample());
    let ids = [
        "actions",
        "cohorts",
        "curves",
        "forecast",
        "alive",
        "concentration",
        "segments",
        "breakdowns",
        "backtest",
        "health",
        "definitions",
    ];
    let positions: Vec<usize> =
        ids.iter().map(|id| html.find(&format!("<section id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}"))).collect();
    assert!(positions.is_sorted());
    for id in ids {
        assert!(html.contains(&format!("href=\"#{id}\"")), "{id} is not in the contents");
        assert!(html.contains(&format!("id=\"{id}-title\"")), "{id} has no heading");
    }
    assert_eq!(count(&html, "<h1"), 1);
    assert_eq!(count(&html, "<svg class=\"plot wide\""), 4);
    assert_eq!(count(&html, "<svg class=\"plot narrow\""), 4);
    assert!(html.contains("A new customer is worth <strong><bdi class=\"n\" dir=\"ltr\">62\u{a0}EUR</bdi></strong>"));
    assert!(html.contains("28%</bdi></strong> buy again within"));
    assert!(html.contains("143</bdi></strong> good customers are late"));
}

#[test]
fn elements_are_balanced() {
    let html = render(&sample());
    for element in [
        "section", "div", "table", "thead", "tbody", "tr", "th", "td", "svg", "text", "details", "p", "span", "bdi",
        "dl", "ul", "ol", "li",
    ] {
        let opened = count(&html, &format!("<{element}>")) + count(&html, &format!("<{element} "));
        assert_eq!(opened, count(&html, &format!("</{element}>")), "{element}");
    }
    let mut ids = attributes(&html, "id");
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id occurs twice");
}

#[test]
fn every_plot_speaks_and_every_table_has_heads() {
    let html = render(&sample());
    for svg in html.split("<svg class=\"plot").skip(1) {
        let tag = svg.split('>').next().unwrap();
        assert!(tag.contains("role=\"img\"") && tag.contains("tabindex=\"0\""), "{tag}");
        assert!(attributes(tag, "aria-label")[0].len() > 20, "{tag}");
    }
    for table in html.split("<table").skip(1) {
        let table = table.split("</table>").next().unwrap();
        assert!(table.contains("<caption"), "a table without caption");
        assert!(table.contains("scope=\"col\"") && table.contains("scope=\"row\""), "a table without heads");
    }
    assert_eq!(count(&html, "<details>"), 4, "each plot has its numbers");
}

#[test]
fn nothing_comes_from_outside() {
    let html = render(&sample());
    for forbidden in ["http:", "https:", "src=", "url(", "@import", "<link", "<img", "<iframe"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert!(attributes(&html, "href").iter().all(|href| href.starts_with('#')));
}

#[test]
fn hostile_texts_stay_texts() {
    const HOSTILE: &str = "\"'><script>alert(1)</script><img onerror=x>&amp;\u{202e}";
    fn poison(value: &mut Value) {
        match value {
            // The names of variants are no texts of the shop.
            Value::String(text) if ["en", "money", "share", "unknown"].contains(&text.as_str()) => {}
            Value::String(text) => HOSTILE.clone_into(text),
            Value::Array(items) => items.iter_mut().for_each(poison),
            Value::Object(fields) => fields.values_mut().for_each(poison),
            _ => {}
        }
    }
    let mut json = serde_json::to_value(sample()).unwrap();
    poison(&mut json);
    let html = render(&serde_json::from_value(json).unwrap());
    assert!(html.contains("&lt;script&gt;alert(1)"));
    assert_eq!(count(&html, "<script"), 1);
    assert_eq!(count(&html, "<img"), 0);
    assert_eq!(count(&html, "\"'>"), 0);
}

#[test]
fn numbers_that_are_none_do_not_break_the_page() {
    let mut data = sample();
    data.headline.worth = Some(f64::NAN);
    for row in data.cohorts.iter_mut().flat_map(|table| table.rows.iter_mut()) {
        row.cells.iter_mut().flatten().for_each(|cell| cell.value = f64::INFINITY);
    }
    if let Some(forecast) = &mut data.forecast {
        forecast.history.iter_mut().for_each(|month| month.value = 0.0);
        forecast.expected.clear();
    }
    if let Some(curves) = &mut data.curves {
        curves.pooled.iter_mut().for_each(|value| *value = None);
        curves.cohorts.clear();
    }
    let html = render(&data);
    assert!(!html.contains("NaN") && !html.contains("inf"), "a number is not a number");
}

#[test]
fn an_empty_report_is_still_a_page() {
    let html = render(&ReportData::default());
    assert!(html.contains("too few orders"));
    assert_eq!(count(&html, "<svg class=\"plot"), 0);
    assert!(html.contains("<section id=\"health\""));
}

#[test]
fn pages_from_right_to_left_mirror_the_value_axis_but_not_time() {
    let data = sample();
    let left = render(&data);
    let right = render(&ReportData { right_to_left: Some(true), ..data.clone() });
    assert!(left.contains("<html lang=\"en\" dir=\"ltr\">") && right.contains("dir=\"rtl\">"));
    assert!(render(&ReportData { language: Language::Ar, ..data }).contains("<html lang=\"ar\" dir=\"rtl\">"));
    let columns = |html: &str| -> Vec<f64> {
        let svg = html.split("<svg class=\"plot wide\"").find(|svg| svg.contains("class=\"column\"")).unwrap();
        let rects = svg.split("</svg>").next().unwrap().split("<rect").skip(1);
        rects.map(|rect| attributes(rect, "x")[0].parse().unwrap()).collect()
    };
    for html in [&left, &right] {
        assert!(columns(html).is_sorted(), "time runs from left to right");
    }
    let style = include_str!("style.css");
    for physical in ["left:", "right:", "margin-left", "padding-right", "text-align: left", "text-align: right"] {
        assert!(!style.contains(physical), "{physical} in the style sheet");
    }
}

#[test]
fn every_heat_step_can_be_read() {
    let style = include_str!("style.css");
    let (light, rest) = style.split_once("prefers-color-scheme: dark").unwrap();
    let dark = rest.split("* {").next().unwrap();
    for (theme, name) in [(light, "light"), (dark, "dark")] {
        let colour = |variable: &str| {
            let value = theme.split(&format!("--{variable}:")).nth(1).unwrap().trim_start();
            luminance(&value[1..7])
        };
        let contrast = |a: &str, b: &str| {
            let (a, b) = (colour(a), colour(b));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        for step in 0..html::HEAT_STEPS {
            let ratio = contrast(&format!("h{step}"), &format!("t{step}"));
            assert!(ratio >= 4.5, "{name} step {step}: {ratio:.2}");
        }
        let pairs = [
            ("muted", "bg"),
            ("muted", "panel"),
            ("muted", "hatch"),
            ("ink", "bg"),
            ("accent", "bg"),
            ("accent", "accent-pale"),
            ("warn", "bg"),
            ("warn", "warn-soft"),
            ("ink", "accent-pale"),
        ];
        for (text, ground) in pairs {
            let ratio = contrast(text, ground);
            assert!(ratio >= 4.5, "{name} {text} on {ground}: {ratio:.2}");
        }
        for (mark, ground) in [("s3", "bg"), ("s4", "bg"), ("accent", "accent-soft"), ("ink", "bg")] {
            let ratio = contrast(mark, ground);
            assert!(ratio >= 3.0, "{name} {mark} on {ground}: {ratio:.2}");
        }
        let steps: Vec<f64> = (0..html::HEAT_STEPS).map(|step| colour(&format!("h{step}"))).collect();
        assert!(steps.is_sorted() || steps.iter().rev().is_sorted(), "{name}: the scale does not rise evenly");
    }
}

/// Relative luminance of an sRGB colour (WCAG 2.2).
fn luminance(hex: &str) -> f64 {
    let channel = |from: usize| {
        let value = f64::from(u8::from_str_radix(&hex[from..from + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}
