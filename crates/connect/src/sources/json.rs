//! JSON with limits and with numbers as they were written, so that amounts of money never pass through a float.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde_json::{Map, Value};

use super::problem::{Refusal, RefusalKind};

/// How large a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Nested arrays and objects.
    pub depth: usize,
    /// Values, at all depths.
    pub values: usize,
}

impl Limits {
    /// 2 MB, 32 deep, 200,000 values.
    pub const DEFAULT: Limits = Limits { bytes: 2_000_000, depth: 32, values: 200_000 };
}

/// A value. Numbers keep their text.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written; follows the grammar of JSON.
    Number(&'a str),
    /// A text. NUL and lone surrogates have become U+FFFD, since no database keeps them.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, in the order written. Of keys written twice the last counts.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Json::Object(members) => members.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "true or false",
            Json::Number(_) => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "an array",
            Json::Object(_) => "an object",
        }
    }

    /// As a value of free-form properties. Numbers beyond 64 bits become floats; what is no float becomes text.
    pub fn to_value(&self) -> Value {
        match self {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(*flag),
            Json::Number(text) => number(text),
            Json::Text(text) => Value::String(text.to_string()),
            Json::List(items) => Value::Array(items.iter().map(Json::to_value).collect()),
            Json::Object(_) => Value::Object(self.to_map()),
        }
    }

    /// The members of an object as free-form properties; empty for anything else.
    pub fn to_map(&self) -> Map<String, Value> {
        match self {
            Json::Object(members) => members.iter().map(|(name, value)| (name.to_string(), value.to_value())).collect(),
            _ => Map::new(),
        }
    }
}

impl fmt::Display for Json<'_> {
    /// The value as JSON without spaces; numbers as they were written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(flag) => write!(f, "{flag}"),
            Json::Number(text) => f.write_str(text),
            Json::Text(text) => quote(f, text),
            Json::List(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    fmt::Display::fmt(item, f)?;
                }
                f.write_char(']')
            }
            Json::Object(members) => {
                f.write_char('{')?;
                for (index, (name, value)) in members.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    quote(f, name)?;
                    f.write_char(':')?;
                    fmt::Display::fmt(value, f)?;
                }
                f.write_char('}')
            }
        }
    }
}

fn quote(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if matches!(byte, b'"' | b'\\' | 0..=31) {
            f.write_str(&text[plain..at])?;
            plain = at + 1;
            match byte {
                b'"' => f.write_str("\\\"")?,
                b'\\' => f.write_str("\\\\")?,
                other => write!(f, "\\u{other:04x}")?,
            }
        }
    }
    f.write_str(&text[plain..])?;
    f.write_char('"')
}

fn number(text: &str) -> Value {
    // Minus zero is no whole number, here as with serde: what is kept reads back as it was.
    if text != "-0"
        && let Ok(whole) = text.parse::<i64>()
    {
        return Value::from(whole);
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Value::from(whole);
    }
    match text.parse::<f64>() {
        Ok(float) if float.is_finite() => Value::from(float),
        _ => Value::String(text.to_owned()),
    }
}

/// Reads a body.
pub fn parse(bytes: &[u8], limits: Limits) -> Result<Json<'_>, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(too_large(
            format!("{} bytes are more than the {} allowed", bytes.len(), limits.bytes),
            "send fewer records at a time",
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(error.valid_up_to(), "this is not UTF-8", "encode the body as UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, values_left: limits.values };
    let value = parser.value(limits.depth)?;
    parser.space();
    if parser.at < parser.bytes.len() {
        return Err(malformed(parser.at, "there is more after the end of the JSON value", "send one JSON value"));
    }
    Ok(value)
}

fn malformed(at: usize, message: &str, remedy: &str) -> Refusal {
    Refusal::new(RefusalKind::Malformed, "", format!("not JSON at byte {at}: {message}"), remedy)
}

fn too_large(message: String, remedy: &str) -> Refusal {
    Refusal::new(RefusalKind::TooLarge, "", message, remedy)
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    values_left: usize,
}

impl<'a> Parser<'a> {
    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, message: &str) -> Refusal {
        if self.at >= self.bytes.len() {
            malformed(self.at, "the body ends too early", "send the whole body")
        } else {
            malformed(self.at, message, "let a JSON library write the body")
        }
    }

    fn value(&mut self, depth_left: usize) -> Result<Json<'a>, Refusal> {
        self.space();
        if self.values_left == 0 {
            return Err(too_large("the body holds too many values".to_owned(), "send fewer records at a time"));
        }
        self.values_left -= 1;
        match self.bytes.get(self.at) {
            Some(b'{' | b'[') if depth_left == 0 => {
                Err(too_large("the body is nested too deeply".to_owned(), "send flatter records"))
            }
            Some(b'{') => self.object(depth_left - 1),
            Some(b'[') => self.list(depth_left - 1),
            Some(b'"') => self.string().map(Json::Text),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.wrong("a value is expected")),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Refusal> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.wrong("a value is expected"))
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Result<Json<'a>, Refusal> {
        let from = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        let leading_zero = self.bytes.get(self.at) == Some(&b'0');
        let whole = self.digits();
        if whole == 0 || (leading_zero && whole > 1) {
            return Err(self.wrong("this is not a number"));
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.wrong("digits are missing behind the dot"));
            }
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.wrong("digits are missing in the exponent"));
            }
        }
        Ok(Json::Number(&self.text[from..self.at]))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Refusal> {
        self.at += 1;
        let from = self.at;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    let plain = &self.text[from..self.at];
                    self.at += 1;
                    return Ok(Cow::Borrowed(plain));
                }
                Some(b'\\') => break,
                Some(0..=31) | None => return Err(self.wrong("a control character in a text")),
                Some(_) => self.at += 1,
            }
        }
        let mut out = self.text[from..self.at].to_owned();
        loop {
            let piece = self.at;
            while !matches!(self.bytes.get(self.at), Some(b'"' | b'\\' | 0..=31) | None) {
                self.at += 1;
            }
            out.push_str(&self.text[piece..self.at]);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => {
                    let letter = self.escape()?;
                    out.push(letter);
                }
                _ => return Err(self.wrong("a control character in a text")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Refusal> {
        self.at += 1;
        let letter = match self.bytes.get(self.at) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.wrong("an unknown escape")),
        };
        self.at += 1;
        Ok(letter)
    }

    fn unicode(&mut self) -> Result<char, Refusal> {
        let first = self.hex4()?;
        let code = match first {
            0xD800..=0xDBFF => {
                let pair = self.at;
                if self.bytes[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    let second = self.hex4()?;
                    if (0xDC00..=0xDFFF).contains(&second) {
                        0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                    } else {
                        self.at = pair;
                        0xFFFD
                    }
                } else {
                    0xFFFD
                }
            }
            0 => 0xFFFD,
            other => other,
        };
        Ok(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    fn hex4(&mut self) -> Result<u32, Refusal> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.bytes.get(self.at).and_then(|&byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return Err(self.wrong("four hexadecimal digits are expected")) };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn list(&mut self, depth_left: usize) -> Result<Json<'a>, Refusal> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.bytes.get(self.at) == Some(&b']') {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth_left)?);
            self.space();
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Json::List(items));
                }
                _ => return Err(self.wrong("',' or ']' is expected")),
            }
        }
    }

    fn object(&mut self, depth_left: usize) -> Result<Json<'a>, Refusal> {
        self.at += 1;
        let mut members = Vec::new();
        self.space();
        if self.bytes.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.wrong("a name in quotes is expected"));
            }
            let name = self.string()?;
            self.space();
            if self.bytes.get(self.at) != Some(&b':') {
                return Err(self.wrong("':' is expected"));
            }
            self.at += 1;
            let value = self.value(depth_left)?;
            members.push((name, value));
            self.space();
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Object(members));
                }
                _ => return Err(self.wrong("',' or '}' is expected")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_their_text_and_what_no_database_keeps_is_replaced() {
        let body = r#" {"a": 19.990000000000002, "b": ["x\u0000\ud83d\ude00\ud800"], "a": 1e2} "#;
        let json = parse(body.as_bytes(), Limits::DEFAULT).unwrap();
        assert_eq!(json.get("a"), Some(&Json::Number("1e2")));
        let Some(Json::List(list)) = json.get("b") else { panic!("a list") };
        assert_eq!(list[0], Json::Text("x\u{fffd}😀\u{fffd}".into()));
        for text in ["-0", "0", "-1", "18446744073709551615", "1e3", "-0.0"] {
            let ours = parse(text.as_bytes(), Limits::DEFAULT).unwrap().to_value();
            assert_eq!(ours, serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn limits_hold_and_faults_name_their_byte() {
        let deep = "[".repeat(100_000);
        assert_eq!(parse(deep.as_bytes(), Limits::DEFAULT).unwrap_err().kind, RefusalKind::TooLarge);
        let many = format!("[{}0]", "0,".repeat(200_000));
        assert_eq!(parse(many.as_bytes(), Limits::DEFAULT).unwrap_err().kind, RefusalKind::TooLarge);
        for (body, place) in
            [("{\"a\":01}", "byte 7"), ("{\"a\":1", "byte 6"), ("[1] 2", "byte 4"), ("\"\\q\"", "byte 2")]
        {
            let refusal = parse(body.as_bytes(), Limits::DEFAULT).unwrap_err();
            assert!(refusal.to_string().contains(place), "{body}: {refusal}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_alike(text in "\\PC{0,20}[\"\\\\\u{1}-\u{1f}é😀]{0,6}", number in "-?[1-9][0-9]{0,30}(\\.[0-9]{1,5})?") {
            let name = text.replace('\0', "");
            let object = Json::Object(vec![
                (name.as_str().into(), Json::List(vec![Json::Number(&number), Json::Null, Json::Bool(true)])),
                ("inner".into(), Json::Object(vec![("text".into(), Json::Text(name.as_str().into()))])),
            ]);
            let written = object.to_string();
            prop_assert_eq!(parse(written.as_bytes(), Limits::DEFAULT).unwrap(), object);
            prop_assert!(serde_json::from_str::<Value>(&written).is_ok());
        }

        #[test]
        fn what_serde_reads_is_read_alike(text in "[\\[\\]{}:,\"a1.e+\\-\\\\u0 tfn]{0,24}") {
            let ours = parse(text.as_bytes(), Limits::DEFAULT);
            match serde_json::from_str::<Value>(&text) {
                Ok(value) if !text.contains("\\u0000") => prop_assert_eq!(ours.unwrap().to_value(), value),
                Ok(_) => prop_assert!(ours.is_ok()),
                // Lone surrogates and numbers beyond a float are the only things that we let pass and serde does not.
                Err(_) => prop_assert!(ours.is_err() || text.contains('e') || text.contains("\\u")),
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes, Limits::DEFAULT);
        }
    }
}
