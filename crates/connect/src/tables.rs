//! Tables that are no orders: customers with what another system says about them, summaries, and raw columns.

use crate::date::parse_moment;
use crate::error::ReadError;
use crate::layout::{FileKind, Forced, TextTable, columns_seen, kind_of};
use crate::number::{AMOUNT_PLACES, DecimalEvidence, DecimalSign, parse_scaled};
use crate::options::ReadOptions;
use crate::parquet;
use crate::source::Source;
use crate::zone::{Moment, Zone};
use clove_core::contact::{normal_email, normal_phone};
use clove_core::fold::fold;

/// Named columns of text cells as the file has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawTable {
    /// The file's name.
    pub file: String,
    /// The header.
    pub header: Vec<String>,
    /// The rows, as wide as the header.
    pub rows: Vec<Vec<String>>,
    /// The line of each row.
    pub lines: Vec<u64>,
    /// The decimal sign of the file's numbers.
    decimal: DecimalSign,
}

impl RawTable {
    /// The index of the first column with one of these names (compared without case, accents and punctuation).
    pub fn position(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let folded = fold(name);
            self.header.iter().position(|header| fold(header) == folded)
        })
    }

    /// The column as numbers; `None` for empty cells. An error names the first cell that is not a number.
    pub fn numbers(&self, column: usize) -> Result<Vec<Option<f64>>, ReadError> {
        let scale = 10_f64.powi(AMOUNT_PLACES as i32);
        let number = |row: usize, cell: &String| -> Result<Option<f64>, ReadError> {
            // Plain floats first: summaries have more digits than money.
            if let Ok(value) = cell.trim().parse::<f64>() {
                return Ok(Some(value).filter(|value| value.is_finite()));
            }
            parse_scaled(cell.as_bytes(), self.decimal, AMOUNT_PLACES)
                .map(|value| value.map(|value| value as f64 / scale))
                .map_err(|_| ReadError::NothingTaken {
                    file: self.file.clone(),
                    rows: self.rows.len() as u64,
                    line: self.lines[row],
                    reason: format!("column '{}', '{cell}': not a number", self.header[column]),
                    remedy: "Write digits only, or leave the cell empty".to_owned(),
                })
        };
        self.rows.iter().enumerate().map(|(row, cells)| number(row, &cells[column])).collect()
    }

    /// The column as texts; `None` for empty cells.
    pub fn texts(&self, column: usize) -> Vec<Option<String>> {
        self.rows.iter().map(|row| Some(row[column].trim().to_owned()).filter(|cell| !cell.is_empty())).collect()
    }

    /// The header as one line, for messages.
    pub fn columns_seen(&self) -> String {
        columns_seen(&self.header)
    }
}

/// How a table's rows were told apart.
pub(crate) struct Streamed {
    /// The file's name.
    pub file: String,
    /// The header.
    pub header: Vec<String>,
    delimiter: u8,
}

/// What takes the rows of a table: the header, the cells, the line.
pub(crate) type RowSink<'a> = dyn FnMut(&[String], Vec<String>, u64) + 'a;

/// Hands the cells of each row to `row`, with the header and the row's line, one row after the other.
pub(crate) fn each_row(path: &str, options: &ReadOptions, row: &mut RowSink<'_>) -> Result<Streamed, ReadError> {
    let source = Source::named(path, &options.object_stores)?;
    let kind = kind_of(&source)?;
    if kind == FileKind::Parquet {
        let (header, rows) = parquet::read_text(&source)?;
        for (number, cells) in rows.into_iter().enumerate() {
            row(&header, cells, number as u64 + 2);
        }
        return Ok(Streamed { file: source.name.clone(), header, delimiter: b',' });
    }
    let mut table = TextTable::look(&source, kind, forced(options)?)?;
    let (header, delimiter) = (table.header.clone(), table.delimiter);
    let mut reader = table.rows()?;
    while reader.advance().map_err(|error| source.io_error(error))? {
        let cells = (0..header.len()).map(|index| String::from_utf8_lossy(reader.cell(index)).into_owned()).collect();
        row(&header, cells, reader.line());
    }
    Ok(Streamed { file: source.name.clone(), header, delimiter })
}

/// The header of a table.
pub(crate) fn header_of(path: &str, options: &ReadOptions) -> Result<Vec<String>, ReadError> {
    let source = Source::named(path, &options.object_stores)?;
    let kind = kind_of(&source)?;
    if kind == FileKind::Parquet {
        return Ok(parquet::ParquetTable::look(&source)?.header);
    }
    Ok(TextTable::look(&source, kind, forced(options)?)?.header)
}

fn forced(options: &ReadOptions) -> Result<Forced, ReadError> {
    Ok(match &options.map {
        Some(mapping) => Forced { delimiter: mapping.delimiter_byte()?, encoding: mapping.encoding()? },
        None => Forced::default(),
    })
}

/// Reads a table's cells without giving them a meaning (cohorts, survivors, donations by recency and frequency, ...).
pub fn read_table(path: &str, options: &ReadOptions) -> Result<RawTable, ReadError> {
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    let Streamed { file, header, delimiter } = each_row(path, options, &mut |_, cells, line| {
        rows.push(cells);
        lines.push(line);
    })?;
    let mut evidence = DecimalEvidence::default();
    for cell in rows.iter().take(2_000).flat_map(|row: &Vec<String>| row.iter()) {
        if cell.bytes().all(|byte| byte.is_ascii_digit() || b".,-".contains(&byte)) {
            evidence.add(cell);
        }
    }
    let custom = if delimiter == b';' { DecimalSign::Comma } else { DecimalSign::Dot };
    let forced = options.map.as_ref().map(crate::mapping::Mapping::decimal_sign).transpose()?.flatten();
    Ok(RawTable { file, header, rows, lines, decimal: forced.or(evidence.decided()).unwrap_or(custom) })
}

/// Whose export of customers it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerFormat {
    /// Klaviyo's export of profiles, with its predictions.
    KlaviyoProfiles,
    /// Shopify's export of customers.
    ShopifyCustomers,
    /// WooCommerce's analytics export of customers.
    WooCustomers,
    /// Frequency, recency and age per customer, as the `lifetimes` package makes them.
    Summary,
    /// Any other table of customers.
    Generic,
}

impl CustomerFormat {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            CustomerFormat::KlaviyoProfiles => "klaviyo-profiles",
            CustomerFormat::ShopifyCustomers => "shopify-customers",
            CustomerFormat::WooCustomers => "woocommerce-customers",
            CustomerFormat::Summary => "summary",
            CustomerFormat::Generic => "customers",
        }
    }
}

/// Customers with what a file says about them. All columns have one entry per customer; a column that the file does not
/// have is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerTable {
    /// What was recognised.
    pub format: CustomerFormat,
    /// The file's name.
    pub file: String,
    /// Customer ids.
    pub customer_id: Vec<Option<String>>,
    /// Normalised e-mail addresses.
    pub email: Vec<Option<String>>,
    /// Normalised phone numbers.
    pub phone: Vec<Option<String>>,
    /// Number of orders.
    pub orders: Vec<Option<f64>>,
    /// Repeat purchases (x).
    pub frequency: Vec<Option<f64>>,
    /// Time from first to last purchase (t_x), in the file's unit.
    pub recency: Vec<Option<f64>>,
    /// Time from first purchase to the end of observation (T), in the file's unit.
    pub age: Vec<Option<f64>>,
    /// Mean value of repeat purchases, in major units.
    pub monetary_value: Vec<Option<f64>>,
    /// Spent so far, in major units.
    pub historic_value: Vec<Option<f64>>,
    /// Value that the other system predicts, in major units.
    pub predicted_value: Vec<Option<f64>>,
    /// Number of orders that the other system predicts.
    pub predicted_orders: Vec<Option<f64>>,
    /// Probability of churn that the other system predicts, 0 to 1.
    pub churn_risk: Vec<Option<f64>>,
    /// When the other system expects the next order: local days.
    pub expected_next_order: Vec<Option<clove_core::Day>>,
    /// Columns that were not used.
    pub unmapped: Vec<String>,
}

impl CustomerTable {
    /// How many customers there are.
    pub fn len(&self) -> usize {
        [self.customer_id.len(), self.email.len(), self.frequency.len(), self.phone.len()]
            .into_iter()
            .max()
            .unwrap_or(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Reads a table of customers: Klaviyo profiles (with their predictions), Shopify or WooCommerce customers, or a summary
/// with frequency, recency and T (also called x, t_x and T).
pub fn read_customers(path: &str, options: &ReadOptions) -> Result<CustomerTable, ReadError> {
    let table = read_table(path, options)?;
    let mut used: Vec<usize> = Vec::new();
    let mut find = |names: &[&str]| {
        let found = table.position(names);
        used.extend(found);
        found
    };
    let klaviyo = find(&["Klaviyo ID"]);
    let frequency = find(&[
        "frequency",
        "x",
        "frequency_cal",
        "repeat purchases",
        "frequenza",
        "fréquence",
        "frecvență",
        "التكرار",
    ]);
    let recency = find(&["recency", "t_x", "tx", "t.x", "recency_cal", "recenza", "récence", "recență", "الحداثة"]);
    let age = age_column(&table, recency);
    used.extend(age);
    let mut find = |names: &[&str]| {
        let found = table.position(names);
        used.extend(found);
        found
    };
    let customer_id = find(&[
        "customer id",
        "customer_id",
        "cust",
        "cust id",
        "customer",
        "client id",
        "user id",
        "id",
        "Klaviyo ID",
        "id cliente",
        "cliente",
        "id client",
        "client",
        "رقم العميل",
        "cod client",
    ]);
    let email = find(&["Email", "email address", "E-Mail", "adresse e-mail", "البريد الإلكتروني"]);
    let phone = find(&["Phone Number", "Phone", "Billing Phone", "telefono", "téléphone", "telefon"]);
    let country = find(&["Country", "Country Code", "Country / Region"]);
    let orders = find(&["Total Orders", "Historic Number Of Orders", "Orders", "Orders Count"]);
    let monetary = find(&[
        "monetary_value",
        "monetary value",
        "zbar",
        "z_bar",
        "m_x",
        "mx",
        "x_bar",
        "average order value",
        "AOV",
        "valore medio",
        "valeur moyenne",
    ]);
    let historic =
        find(&["Historic Customer Lifetime Value", "Historic CLV", "Total Spent", "Total Spend", "historic value"]);
    let predicted =
        find(&["Predicted Customer Lifetime Value", "Predicted CLV", "predicted value", "predicted_value", "clv"]);
    let predicted_orders =
        find(&["Predicted Number Of Orders", "expected purchases", "expected_purchases", "predicted_purchases"]);
    let churn = find(&["Churn Risk Prediction", "Churn Risk", "churn probability"]);
    let next = find(&["Expected Date Of Next Order", "expected next purchase date"]);
    let is_summary = frequency.is_some() && recency.is_some() && age.is_some();
    if !is_summary && customer_id.is_none() && email.is_none() && phone.is_none() {
        return Err(ReadError::NoUsableColumns {
            file: table.file.clone(),
            missing:
                "who the customer is (customer id, e-mail, phone), nor the three of a summary (frequency, recency, T)"
                    .to_owned(),
            seen: table.columns_seen(),
            example: "customer_id = \"...\"".to_owned(),
        });
    }
    let format = if klaviyo.is_some() || table.position(&["Predicted Customer Lifetime Value"]).is_some() {
        CustomerFormat::KlaviyoProfiles
    } else if table.position(&["Accepts Email Marketing", "Accepts Marketing"]).is_some()
        && table.position(&["Total Spent"]).is_some()
    {
        CustomerFormat::ShopifyCustomers
    } else if table.position(&["Username"]).is_some() && table.position(&["Total Spend"]).is_some() {
        CustomerFormat::WooCustomers
    } else if is_summary {
        CustomerFormat::Summary
    } else {
        CustomerFormat::Generic
    };
    let numbers = |column: Option<usize>| column.map_or(Ok(Vec::new()), |column| table.numbers(column));
    let texts = |column: Option<usize>| column.map_or_else(Vec::new, |column| table.texts(column));
    let countries = texts(country);
    let normal = |texts: Vec<Option<String>>, form: &dyn Fn(usize, &str) -> String| -> Vec<Option<String>> {
        texts
            .into_iter()
            .enumerate()
            .map(|(row, text)| text.map(|text| form(row, &text)).filter(|text| !text.is_empty()))
            .collect()
    };
    let mut zone = Zone::new(&options.time_zone);
    let mut day = |text: Option<String>| {
        let text = text?;
        match parse_moment(text.as_bytes(), options.date_order).ok()? {
            Moment::Date(day) | Moment::Local(day, _) => Some(clove_core::Day(day)),
            instant @ Moment::Instant(_) => zone.resolve(instant).map(|stamp| stamp.day),
        }
    };
    Ok(CustomerTable {
        format,
        file: table.file.clone(),
        customer_id: normal(texts(customer_id), &|_, text| crate::cells::plain_id(text).to_owned()),
        email: normal(texts(email), &|_, text| normal_email(text).into_owned()),
        phone: normal(texts(phone), &|row, text| {
            normal_phone(
                text,
                countries.get(row).and_then(|country| country.as_deref()).and_then(clove_core::contact::calling_code),
            )
        }),
        orders: numbers(orders)?,
        frequency: numbers(frequency)?,
        recency: numbers(recency)?,
        age: numbers(age)?,
        monetary_value: numbers(monetary)?,
        historic_value: numbers(historic)?,
        predicted_value: numbers(predicted)?,
        predicted_orders: numbers(predicted_orders)?,
        churn_risk: numbers(churn)?,
        expected_next_order: texts(next).into_iter().map(&mut day).collect(),
        unmapped: table
            .header
            .iter()
            .enumerate()
            .filter(|(column, _)| !used.contains(column))
            .map(|(_, name)| name.clone())
            .collect(),
    })
}

/// The column of ages: `T` in any case (but not `t_x`), `T_cal`, `age`.
fn age_column(table: &RawTable, recency: Option<usize>) -> Option<usize> {
    let exact = table.header.iter().position(|name| name.trim() == "T");
    exact
        .or_else(|| table.position(&["T", "T_cal", "age", "tenure", "t cal", "età", "ancienneté", "vârstă"]))
        .filter(|found| Some(*found) != recency)
}
