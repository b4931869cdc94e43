//! The mapping file: which column holds what, where guessing does not do.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::date::DateOrder;
use crate::error::ReadError;
use crate::fields::{Field, TableKind};
use crate::number::DecimalSign;
use crate::source::Source;

/// Names of columns and forms of cells, as TOML: canonical field on the left, the file's column on the right.
///
/// ```toml
/// decimal = ","
/// date_order = "dmy"
/// [columns]
/// order_id = "Nr. ordine"
/// placed_at = "Creato"
/// [attributes]
/// shop = "Negozio"
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Delimiter of text files: one character, or `tab`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Encoding of text files, for instance `windows-1252`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Decimal sign: `.` or `,`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// Order of day and month: `dmy` or `mdy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
    /// What a row of the orders table is: `order` or `line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Columns of the orders table that are not to be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Fields of the orders table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// Further columns of the orders table to break figures down by: name to show, column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Fields of the refunds table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub refunds: BTreeMap<String, String>,
    /// Fields of the spend table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub spend: BTreeMap<String, String>,
    /// Fields of the costs table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub costs: BTreeMap<String, String>,
    /// Fields of the rates table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping file by its path or URL; `object_stores` as in [`crate::ReadOptions`].
    pub fn read(name: &str, object_stores: &BTreeMap<String, String>) -> Result<Mapping, ReadError> {
        let source = Source::named(name, object_stores)?;
        let text = io::read_to_string(source.open()?).map_err(|error| source.io_error(error))?;
        Mapping::from_toml(&text)
    }

    /// A mapping from its text; unknown fields and values are errors.
    pub fn from_toml(text: &str) -> Result<Mapping, ReadError> {
        let mapping: Mapping = toml::from_str(text).map_err(|error| ReadError::Mapping(error.to_string()))?;
        mapping.check()?;
        Ok(mapping)
    }

    /// The mapping as a file.
    pub fn to_toml(&self) -> String {
        // Strings, lists and flat maps always have a TOML form.
        toml::to_string(self).unwrap_or_default()
    }

    fn check(&self) -> Result<(), ReadError> {
        self.delimiter_byte()?;
        self.decimal_sign()?;
        self.order_of_dates()?;
        self.encoding()?;
        self.is_line_level()?;
        for table in [TableKind::Orders, TableKind::Refunds, TableKind::Spend, TableKind::Costs, TableKind::Rates] {
            for name in self.columns_of(table).keys() {
                let known = table.fields().iter().any(|field| field.name() == name);
                if !known {
                    let names: Vec<&str> = table.fields().iter().map(|field| field.name()).collect();
                    return Err(ReadError::Mapping(format!(
                        "'{name}' is no field of the {} table; the fields are {}",
                        table.name(),
                        names.join(", ")
                    )));
                }
            }
        }
        Ok(())
    }

    /// The columns named for a table.
    pub fn columns_of(&self, table: TableKind) -> &BTreeMap<String, String> {
        match table {
            TableKind::Orders => &self.columns,
            TableKind::Refunds => &self.refunds,
            TableKind::Spend => &self.spend,
            TableKind::Costs => &self.costs,
            TableKind::Rates => &self.rates,
        }
    }

    /// The column named for a field of a table.
    pub fn column(&self, table: TableKind, field: Field) -> Option<&str> {
        self.columns_of(table).get(field.name()).map(String::as_str)
    }

    pub(crate) fn delimiter_byte(&self) -> Result<Option<u8>, ReadError> {
        match self.delimiter.as_deref() {
            None => Ok(None),
            Some("tab" | "\t" | "\\t") => Ok(Some(b'\t')),
            Some(text) if text.len() == 1 && text.is_ascii() && !matches!(text, "\"" | "\n" | "\r") => {
                Ok(Some(text.as_bytes()[0]))
            }
            Some(text) => {
                Err(ReadError::Mapping(format!("'{text}' is no delimiter; write one ASCII character or \"tab\"")))
            }
        }
    }

    pub(crate) fn decimal_sign(&self) -> Result<Option<DecimalSign>, ReadError> {
        match self.decimal.as_deref() {
            None => Ok(None),
            Some(".") => Ok(Some(DecimalSign::Dot)),
            Some(",") => Ok(Some(DecimalSign::Comma)),
            Some(text) => Err(ReadError::Mapping(format!("'{text}' is no decimal sign; write \".\" or \",\""))),
        }
    }

    pub(crate) fn order_of_dates(&self) -> Result<Option<DateOrder>, ReadError> {
        self.date_order.as_deref().map(str::parse).transpose().map_err(ReadError::Mapping)
    }

    pub(crate) fn encoding(&self) -> Result<Option<&'static encoding_rs::Encoding>, ReadError> {
        self.encoding
            .as_deref()
            .map(|label| {
                encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
                    ReadError::Mapping(format!(
                        "'{label}' is no known encoding; write for instance \"utf-8\" or \"windows-1252\""
                    ))
                })
            })
            .transpose()
    }

    pub(crate) fn is_line_level(&self) -> Result<Option<bool>, ReadError> {
        match self.level.as_deref() {
            None => Ok(None),
            Some("order") => Ok(Some(false)),
            Some("line") => Ok(Some(true)),
            Some(text) => Err(ReadError::Mapping(format!("'{text}' is no level; write \"order\" or \"line\""))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_survives_its_file() {
        let text = "decimal = \",\"\ndate_order = \"dmy\"\nignore = [\"Note\"]\n[columns]\norder_id = \"Nr. ordine\"\n[attributes]\nshop = \"Negozio\"\n";
        let mapping = Mapping::from_toml(text).unwrap();
        assert_eq!(mapping.column(TableKind::Orders, Field::OrderId), Some("Nr. ordine"));
        assert_eq!(Mapping::from_toml(&mapping.to_toml()).unwrap(), mapping);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("[columns]\norder = \"x\"\n", "'order' is no field"),
            ("decimal = \";\"\n", "decimal sign"),
            ("colums = 3\n", "colums"),
            ("date_order = \"ymd\"\n", "dmy or mdy"),
            ("encoding = \"klingon\"\n", "encoding"),
        ] {
            let message = Mapping::from_toml(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
