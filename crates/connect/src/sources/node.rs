//! Reading a JSON value by name, with the place of each fault.

use clove_core::Micros;

use super::decimal::Decimal;
use super::json::Json;
use super::problem::Problems;
use crate::date::parse_moment;
use crate::zone::Moment;

const MICROS_PER_DAY: Micros = 86_400_000_000;
/// The years 1 to 9999, a few days within.
const FIRST: Micros = -719_000 * MICROS_PER_DAY;
const LAST: Micros = 2_932_000 * MICROS_PER_DAY;

/// A value and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'n> {
    pub json: &'n Json<'n>,
    place: Place<'n>,
}

#[derive(Debug, Clone, Copy)]
enum Place<'n> {
    Root,
    Key(&'n Place<'n>, &'n str),
    Index(&'n Place<'n>, usize),
}

impl Place<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Place::Root => {}
            Place::Key(parent, key) => {
                parent.write(out);
                out.push('/');
                out.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Place::Index(parent, index) => {
                parent.write(out);
                out.push('/');
                out.push_str(&index.to_string());
            }
        }
    }
}

impl<'n> Node<'n> {
    pub fn root(json: &'n Json<'n>) -> Node<'n> {
        Node { json, place: Place::Root }
    }

    /// The JSON pointer of this value.
    pub fn pointer(&self) -> String {
        let mut out = String::new();
        self.place.write(&mut out);
        out
    }

    /// The JSON pointer of a member, whether it is there or not.
    pub fn pointer_to(&self, key: &str) -> String {
        let mut out = self.pointer();
        Place::Key(&Place::Root, key).write(&mut out);
        out
    }

    /// A member that is there and not null.
    pub fn get<'s>(&'s self, key: &'s str) -> Option<Node<'s>> {
        let json = self.json.get(key).filter(|json| **json != Json::Null)?;
        Some(Node { json, place: Place::Key(&self.place, key) })
    }

    /// The items of an array; empty for anything else.
    pub fn items<'s>(&'s self) -> impl Iterator<Item = Node<'s>> {
        let items: &'s [Json<'n>] = match self.json {
            Json::List(items) => items,
            _ => &[],
        };
        items.iter().enumerate().map(|(index, json)| Node { json, place: Place::Index(&self.place, index) })
    }

    pub fn is_object(&self) -> bool {
        matches!(self.json, Json::Object(_))
    }

    /// A text or a number at a path of names, as text; for fields whose absence or oddity does not matter.
    pub fn loose(&self, path: &[&str]) -> Option<String> {
        let mut json = self.json;
        for key in path {
            json = json.get(key)?;
        }
        let text = match json {
            Json::Text(text) => text.trim().to_owned(),
            Json::Number(number) => (*number).to_owned(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    fn wrong_kind(&self, problems: &mut Problems, wanted: &str) {
        let remedy = format!("send {wanted}");
        problems.add(self.pointer(), format!("{} is not {wanted}", self.json.kind()), remedy);
    }

    fn missing(&self, key: &str, problems: &mut Problems, wanted: &str) {
        problems.add(self.pointer_to(key), format!("'{key}' is missing"), format!("send {wanted}"));
    }

    /// A text of at most `most` characters; empty ones are none.
    pub fn text(&self, key: &str, most: usize, problems: &mut Problems) -> Option<String> {
        let node = self.get(key)?;
        let Json::Text(text) = node.json else {
            node.wrong_kind(problems, "a text");
            return None;
        };
        if text.chars().count() > most {
            let remedy = format!("send at most {most} characters");
            problems.add(node.pointer(), format!("'{key}' is too long"), remedy);
            return None;
        }
        (!text.trim().is_empty()).then(|| text.to_string())
    }

    /// An id: a text, or a number by its text.
    pub fn id(&self, key: &str, problems: &mut Problems) -> Option<String> {
        let node = self.get(key)?;
        let text = match node.json {
            Json::Text(text) => text.trim(),
            Json::Number(number) => number,
            _ => {
                node.wrong_kind(problems, "an id: a text or a whole number");
                return None;
            }
        };
        if text.chars().count() > 300 || text.chars().any(char::is_control) {
            let remedy = "send 1 to 300 characters without control characters";
            problems.add(node.pointer(), format!("'{key}' is no id"), remedy);
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub fn required_id(&self, key: &str, problems: &mut Problems) -> Option<String> {
        let before = problems.len();
        let id = self.id(key, problems);
        if id.is_none() && problems.len() == before {
            self.missing(key, problems, "an id: a text of 1 to 300 characters");
        }
        id
    }

    pub fn required_text(&self, key: &str, most: usize, problems: &mut Problems) -> Option<String> {
        let before = problems.len();
        let text = self.text(key, most, problems);
        if text.is_none() && problems.len() == before {
            self.missing(key, problems, "a text");
        }
        text
    }

    /// `true` or `false`; absent means false.
    pub fn flag(&self, key: &str, problems: &mut Problems) -> bool {
        match self.get(key) {
            None => false,
            Some(Node { json: Json::Bool(flag), .. }) => *flag,
            Some(node) => {
                node.wrong_kind(problems, "true or false");
                false
            }
        }
    }

    /// A decimal number, as a text or a number.
    pub fn decimal(&self, key: &str, problems: &mut Problems) -> Option<Decimal> {
        let node = self.get(key)?;
        let text: &str = match node.json {
            Json::Text(text) => text,
            Json::Number(number) => number,
            _ => {
                node.wrong_kind(problems, "a decimal number such as \"19.90\"");
                return None;
            }
        };
        match text.parse() {
            Ok(decimal) => Some(decimal),
            Err(error) => {
                problems.add(node.pointer(), error.to_string(), "send a decimal number such as \"19.90\"");
                None
            }
        }
    }

    /// A whole number, also written `3.0` or `"3"`.
    pub fn whole(&self, key: &str, problems: &mut Problems) -> Option<i64> {
        let node = self.get(key)?;
        let text = match node.json {
            Json::Number(number) => (*number).to_owned(),
            Json::Text(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        let plain: Option<i64> = text.parse::<Decimal>().ok().and_then(|decimal| {
            let (whole, fraction) = decimal.as_str().split_once('.').unwrap_or((decimal.as_str(), ""));
            if fraction.bytes().all(|digit| digit == b'0') { whole.parse().ok() } else { None }
        });
        if plain.is_none() {
            node.wrong_kind(problems, "a whole number");
        }
        plain
    }

    /// A moment: RFC 3339 with an offset; times without offset and dates are UTC.
    pub fn moment(&self, key: &str, problems: &mut Problems) -> Option<Micros> {
        let node = self.get(key)?;
        let Json::Text(text) = node.json else {
            node.wrong_kind(problems, "a moment such as \"2026-03-04T10:00:00+01:00\"");
            return None;
        };
        let moment = moment_of(text);
        if moment.is_none() {
            let written: String = text.chars().take(60).collect();
            let remedy = "write it as 2026-03-04T10:00:00+01:00";
            problems.add(node.pointer(), format!("'{written}' is not a moment"), remedy);
        }
        moment
    }

    pub fn required_moment(&self, key: &str, problems: &mut Problems) -> Option<Micros> {
        let before = problems.len();
        let moment = self.moment(key, problems);
        if moment.is_none() && problems.len() == before {
            self.missing(key, problems, "a moment such as \"2026-03-04T10:00:00+01:00\"");
        }
        moment
    }

    /// A member that has to be an array, with its length limited.
    pub fn list<'s>(&'s self, key: &'s str, most: usize, problems: &mut Problems) -> Option<Node<'s>> {
        let node = self.get(key)?;
        match node.json {
            Json::List(items) if items.len() <= most => Some(node),
            Json::List(items) => {
                let message = format!("{} items are more than the {most} allowed", items.len());
                problems.add(node.pointer(), message, "send fewer");
                None
            }
            _ => {
                node.wrong_kind(problems, "an array");
                None
            }
        }
    }

    /// A member that has to be an object.
    pub fn object<'s>(&'s self, key: &'s str, problems: &mut Problems) -> Option<Node<'s>> {
        let node = self.get(key)?;
        if !node.is_object() {
            node.wrong_kind(problems, "an object");
            return None;
        }
        Some(node)
    }

    /// Notes members that nobody reads: most often a spelling mistake.
    pub fn only(&self, known: &[&str], problems: &mut Problems) {
        let Json::Object(members) = self.json else { return };
        for (name, _) in members {
            if !known.contains(&name.as_ref()) {
                let remedy = format!("known are: {}", known.join(", "));
                problems.add(self.pointer_to(name), "this field is not known", remedy);
            }
        }
    }
}

/// Reads a moment as programs write it (ISO 8601 / RFC 3339). Times without offset are UTC. `None` if it is none, or beyond the years 1 to 9999.
pub fn moment_of(text: &str) -> Option<Micros> {
    let text = text.trim();
    let iso = text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    if !iso {
        return None;
    }
    let micros = match parse_moment(text.as_bytes(), None).ok()? {
        Moment::Date(day) => i64::from(day) * MICROS_PER_DAY,
        Moment::Local(day, micros) => i64::from(day) * MICROS_PER_DAY + micros,
        Moment::Instant(micros) => micros,
    };
    (FIRST..=LAST).contains(&micros).then_some(micros)
}
