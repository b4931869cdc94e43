//! SQL texts: constant, named, one for both engines wherever possible.
//!
//! A [`Query`] can only be made from a [`SqlText`], and every `SqlText` stands in the list of its crate
//! ([`statements!`](crate::statements)), so that a test can prepare each of them on both engines.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, FromRow};
use uuid::Uuid;

/// A row type that can be read from both engines. Implemented by everything that `derive(sqlx::FromRow)` suits, tuples included.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// A named, constant SQL text. Parameters are `$1`, `$2`, ... in order of first appearance; a text for many rows has the
/// marker `{rows}` where `($1, $2), ($3, $4), ...` belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlText {
    /// For errors and tests.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
    /// Columns of a row in `{rows}`; 0 for a text without.
    pub columns: usize,
}

impl SqlText {
    /// A text that both engines understand.
    pub const fn both(name: &'static str, text: &'static str) -> SqlText {
        SqlText { name, sqlite: text, postgres: text, columns: 0 }
    }

    /// One text per engine, where they must differ.
    pub const fn each(name: &'static str, sqlite: &'static str, postgres: &'static str) -> SqlText {
        SqlText { name, sqlite, postgres, columns: 0 }
    }

    /// A text with `{rows}` of this many columns.
    pub const fn rows(name: &'static str, columns: usize, text: &'static str) -> SqlText {
        SqlText { name, sqlite: text, postgres: text, columns }
    }

    /// A query of this text; bind its parameters next.
    pub fn query(self) -> Query {
        Query { text: self, rows: usize::from(self.columns > 0), values: Vec::new() }
    }

    /// A query of this text for `rows` rows; bind `rows * columns` values next.
    pub fn query_rows(self, rows: usize) -> Query {
        Query { text: self, rows, values: Vec::with_capacity(rows * self.columns) }
    }

    /// The text with its rows filled in.
    pub(crate) fn expand(self, engine: EngineKind, rows: usize) -> sqlx::SqlStr {
        use sqlx::{AssertSqlSafe, SqlSafeStr};
        type Expanded = Mutex<HashMap<(EngineKind, &'static str, usize), Arc<str>>>;
        static EXPANDED: OnceLock<Expanded> = OnceLock::new();

        let text = match engine {
            EngineKind::Sqlite => self.sqlite,
            EngineKind::Postgres => self.postgres,
        };
        if self.columns == 0 {
            return text.into_sql_str();
        }
        let mut expanded = EXPANDED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        let entry = expanded.entry((engine, text, rows)).or_insert_with(|| {
            // Rows that stand in a text twice are the same parameters twice: those need numbers.
            let once = text.matches("{rows}").count() == 1;
            let mut list = String::with_capacity(rows * self.columns * 6);
            for row in 0..rows {
                list.push_str(if row == 0 { "(" } else { ", (" });
                for column in 0..self.columns {
                    list.push_str(if column == 0 { "" } else { ", " });
                    match engine {
                        // SQLite finds the name of a parameter by walking a list: thousands of named ones take longer than the insert.
                        EngineKind::Sqlite if once => list.push('?'),
                        EngineKind::Sqlite | EngineKind::Postgres => {
                            let _ = write!(list, "${}", row * self.columns + column + 1);
                        }
                    }
                }
                list.push(')');
            }
            text.replace("{rows}", &list).into()
        });
        AssertSqlSafe(Arc::clone(entry)).into_sql_str()
    }
}

/// Sizes below it are all used: a few rows are one statement.
const SMALLEST_POWER: usize = 32;

/// Splits a number of rows into sizes of which there are few, so that prepared statements are used again: powers of two, and what is
/// left below 32 in one piece. 277 is 256 + 21.
pub fn row_chunks(mut rows: usize, largest: usize) -> impl Iterator<Item = usize> {
    let mut size = largest;
    std::iter::from_fn(move || {
        if rows > 0 && rows < SMALLEST_POWER && rows <= largest {
            return Some(std::mem::take(&mut rows));
        }
        while size > rows {
            size = (size / 2).max(1);
            if rows == 0 {
                return None;
            }
        }
        (rows > 0).then(|| {
            rows -= size;
            size
        })
    })
}

/// Declares SQL texts as constants, and their list `STATEMENTS`.
///
/// ```
/// clove_store::statements! {
///     /// One text for both engines.
///     COUNT_JOBS = both("SELECT count(*) FROM job WHERE queue = $1");
///     /// Many rows.
///     INSERT_LETTERS = rows(2, "INSERT INTO letter (a, b) VALUES {rows}");
///     /// Where they must differ.
///     LOCK = each("SELECT 1", "SELECT 1 FROM pg_advisory_xact_lock(1)");
/// }
/// assert_eq!(STATEMENTS.len(), 3);
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$docs:meta])* $name:ident = $how:ident($($argument:expr),+ $(,)?);)+) => {
        $(
            $(#[$docs])*
            const $name: $crate::SqlText = $crate::statements!(@make $how, stringify!($name), $($argument),+);
        )+
        /// Every SQL text of this module.
        pub(crate) const STATEMENTS: &[$crate::SqlText] = &[$($name),+];
    };
    (@make both, $name:expr, $text:expr) => { $crate::SqlText::both($name, $text) };
    (@make each, $name:expr, $sqlite:expr, $postgres:expr) => { $crate::SqlText::each($name, $sqlite, $postgres) };
    (@make rows, $name:expr, $columns:expr, $text:expr) => { $crate::SqlText::rows($name, $columns, $text) };
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A value to bind. Nulls know their type, which PostgreSQL asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// 64-bit integer: numbers, times, money.
    Integer(Option<i64>),
    /// 64-bit float.
    Real(Option<f64>),
    /// Boolean.
    Boolean(Option<bool>),
    /// Text, JSON included.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// UUID, 16 bytes on SQLite.
    Uuid(Option<Uuid>),
}

macro_rules! values {
    ($($type:ty => $case:ident, $convert:expr;)*) => {
        $(
            impl From<$type> for Value {
                fn from(value: $type) -> Value {
                    Value::$case(Some(($convert)(value)))
                }
            }

            impl From<Option<$type>> for Value {
                fn from(value: Option<$type>) -> Value {
                    Value::$case(value.map($convert))
                }
            }
        )*
    };
}

values! {
    i64 => Integer, std::convert::identity;
    i32 => Integer, i64::from;
    f64 => Real, std::convert::identity;
    bool => Boolean, std::convert::identity;
    String => Text, std::convert::identity;
    &str => Text, str::to_owned;
    Vec<u8> => Bytes, std::convert::identity;
    Uuid => Uuid, std::convert::identity;
    clove_core::FactId => Uuid, |id: clove_core::FactId| id.0;
    clove_core::SubjectId => Uuid, |id: clove_core::SubjectId| id.0;
    clove_core::PersonId => Uuid, |id: clove_core::PersonId| id.0;
    clove_core::JobId => Uuid, |id: clove_core::JobId| id.0;
    clove_core::DeliveryId => Uuid, |id: clove_core::DeliveryId| id.0;
    clove_core::ImportId => Uuid, |id: clove_core::ImportId| id.0;
    clove_core::UserId => Uuid, |id: clove_core::UserId| id.0;
    clove_core::AuditId => Uuid, |id: clove_core::AuditId| id.0;
}

/// A SQL text with its parameters, ready to run on [`Tx`](crate::Tx) or [`Db`](crate::Db).
#[derive(Debug, Clone)]
#[must_use = "a query does nothing until it is run"]
pub struct Query {
    pub(crate) text: SqlText,
    pub(crate) rows: usize,
    values: Vec<Value>,
}

impl Query {
    /// Binds the next parameter.
    pub fn bind(mut self, value: impl Into<Value>) -> Query {
        self.values.push(value.into());
        self
    }

    /// Binds the next parameter in place.
    pub fn push(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
    }

    pub(crate) fn sqlite(self) -> Result<(sqlx::SqlStr, SqliteArguments), sqlx::Error> {
        let mut arguments = SqliteArguments::default();
        for value in self.values {
            match value {
                Value::Integer(value) => arguments.add(value),
                Value::Real(value) => arguments.add(value),
                Value::Boolean(value) => arguments.add(value),
                Value::Text(value) => arguments.add(value),
                Value::Bytes(value) => arguments.add(value),
                Value::Uuid(value) => arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok((self.text.expand(EngineKind::Sqlite, self.rows), arguments))
    }

    pub(crate) fn postgres(self) -> Result<(sqlx::SqlStr, PgArguments), sqlx::Error> {
        let mut arguments = PgArguments::default();
        for value in self.values {
            match value {
                Value::Integer(value) => arguments.add(value),
                Value::Real(value) => arguments.add(value),
                Value::Boolean(value) => arguments.add(value),
                Value::Text(value) => arguments.add(value),
                Value::Bytes(value) => arguments.add(value),
                Value::Uuid(value) => arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok((self.text.expand(EngineKind::Postgres, self.rows), arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_split_into_few_sizes_and_numbered() {
        assert_eq!(row_chunks(277, 256).collect::<Vec<_>>(), [256, 21]);
        assert_eq!(row_chunks(600, 256).collect::<Vec<_>>(), [256, 256, 64, 24]);
        assert_eq!(row_chunks(31, 256).collect::<Vec<_>>(), [31]);
        assert_eq!(row_chunks(13, 4).collect::<Vec<_>>(), [4, 4, 4, 1]);
        assert_eq!(row_chunks(0, 256).count(), 0);
        let text = SqlText::rows("X", 2, "INSERT INTO t VALUES {rows} RETURNING a");
        let expanded =
            [EngineKind::Sqlite, EngineKind::Postgres].map(|engine| text.expand(engine, 2).as_str().to_owned());
        assert_eq!(expanded[0], "INSERT INTO t VALUES (?, ?), (?, ?) RETURNING a");
        let twice =
            SqlText::rows("Y", 1, "SELECT 1 WHERE 1 IN ({rows}) OR 2 IN ({rows})").expand(EngineKind::Sqlite, 2);
        assert_eq!(twice.as_str(), "SELECT 1 WHERE 1 IN (($1), ($2)) OR 2 IN (($1), ($2))");
        assert_eq!(expanded[1], "INSERT INTO t VALUES ($1, $2), ($3, $4) RETURNING a");
    }
}
