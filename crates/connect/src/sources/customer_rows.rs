//! Customers of files: names, addresses, tags and whether they agreed to marketing, as a shop's export of customers has them.
//!
//! What the shop earned from a customer is not taken: it follows from the orders. A flag of consent is another system's word, never
//! the person's own act (`docs/decisions/0010-consent.md`); it stands in the profile's attributes, where the consents read it.

use std::collections::BTreeMap;

use clove_core::contact::country_code;
use clove_core::fact::CustomerProfile;
use clove_core::fold::fold;
use clove_core::{Fact, FactBody, Personal, Reject};
use serde_json::Value;

use super::intake::Intake;
use super::person::{add_handle, contact};
use crate::error::ReadError;
use crate::options::ReadOptions;
use crate::tables::{Streamed, each_row, header_of};

/// A customer of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerRow {
    id: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    country: Option<String>,
    locale: Option<String>,
    tags: Vec<String>,
    /// `accepts_marketing` and `accepts_sms_marketing`, as the file writes them.
    consents: BTreeMap<String, String>,
    /// Street, city, ... as the file names them.
    address: BTreeMap<&'static str, String>,
}

/// What was read of a table of customers.
#[derive(Debug, Clone, Default)]
pub(super) struct CustomerRows {
    /// The customers.
    pub rows: Vec<CustomerRow>,
    /// Rows that name nobody.
    pub rejects: Vec<Reject>,
    /// How many there are of those; the first ones are kept.
    pub rejected: u64,
    /// Columns that were not used.
    pub unmapped: Vec<String>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Email,
    Phone,
    FirstName,
    LastName,
    /// First and last name in one.
    Name,
    Country,
    Locale,
    Tags,
    Consent(&'static str),
    Address(&'static str),
    /// Understood, and known better from the orders.
    Computed,
}

/// Names of columns. Of several columns that hold the same the first in this order with a value counts.
const NAMES: [(Column, &[&str]); 20] = [
    (
        Column::Id,
        &[
            "customer id",
            "customer_id",
            "customer number",
            "id",
            "user id",
            "client id",
            "id cliente",
            "codice cliente",
            "id client",
            "numero client",
            "cod client",
            "رقم العميل",
            "Klaviyo ID",
        ],
    ),
    (
        Column::Email,
        &["email", "e-mail", "email address", "customer email", "adresse e-mail", "courriel", "البريد الإلكتروني"],
    ),
    (
        Column::Phone,
        &[
            "phone",
            "phone number",
            "billing phone",
            "shipping phone",
            "mobile",
            "telefono",
            "cellulare",
            "téléphone",
            "telefon",
            "الهاتف",
        ],
    ),
    (Column::FirstName, &["first name", "firstname", "given name", "nome", "prénom", "prenume", "الاسم الأول"]),
    (Column::LastName, &["last name", "lastname", "surname", "family name", "cognome", "nom", "nume", "اسم العائلة"]),
    (
        Column::Name,
        &["name", "full name", "customer name", "nome cliente", "nom complet", "nume complet", "اسم العميل", "الاسم"],
    ),
    (
        Column::Country,
        &[
            "country code",
            "country / region",
            "country",
            "default address country code",
            "paese",
            "pays",
            "țară",
            "الدولة",
        ],
    ),
    (Column::Locale, &["language", "locale", "lingua", "langue", "limba", "اللغة"]),
    (Column::Tags, &["tags", "customer tags", "etichette", "étiquettes", "etichete", "الوسوم"]),
    (
        Column::Consent("accepts_marketing"),
        &[
            "accepts email marketing",
            "accepts marketing",
            "email marketing consent",
            "email marketing",
            "email opt in",
            "newsletter",
            "marketing opt in",
        ],
    ),
    (
        Column::Consent("accepts_sms_marketing"),
        &["accepts sms marketing", "sms marketing consent", "sms marketing", "sms opt in"],
    ),
    (Column::Address("company"), &["company", "default address company", "azienda", "entreprise", "companie"]),
    (
        Column::Address("address1"),
        &["address1", "default address address1", "address", "indirizzo", "adresse", "adresă"],
    ),
    (Column::Address("address2"), &["address2", "default address address2"]),
    (Column::Address("city"), &["city", "default address city", "città", "ville", "oraș"]),
    (
        Column::Address("province"),
        &["province", "default address province code", "region", "state / region", "province code"],
    ),
    (
        Column::Address("zip"),
        &["zip", "default address zip", "postal code", "zip code", "cap", "code postal", "cod poștal"],
    ),
    (Column::Address("phone"), &["default address phone"]),
    (Column::Address("note"), &["note", "notes"]),
    (
        Column::Computed,
        &[
            "total spent",
            "total spend",
            "total orders",
            "orders",
            "orders count",
            "aov",
            "average order value",
            "last active",
            "sign up",
            "username",
            "role",
            "tax exempt",
        ],
    ),
];

/// The columns of a header, and those that were not understood.
fn columns_of(header: &[String]) -> (Vec<(Column, usize)>, Vec<String>) {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    let mut columns = Vec::new();
    for (column, names) in NAMES {
        for name in names.iter().map(|name| fold(name)) {
            columns.extend(folded.iter().position(|known| *known == name).map(|index| (column, index)));
        }
    }
    let unmapped = (0..header.len())
        .filter(|index| !columns.iter().any(|(_, used)| used == index))
        .map(|index| header[index].clone());
    let unmapped = unmapped.filter(|name| !name.trim().is_empty()).collect();
    (columns, unmapped)
}

/// Whether a table is one of customers and not of orders: it says who they are, and what only customers have (a first name, an
/// agreement to marketing) or what only an export of customers sums up, and nothing of an order.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn holds_customers(path: &str, options: &ReadOptions) -> Result<bool, ReadError> {
    let header = header_of(path, options)?;
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    let has = |names: &[&str]| names.iter().any(|name| folded.contains(&fold(name)));
    if has(&[
        "order id",
        "order number",
        "order #",
        "financial status",
        "lineitem quantity",
        "created at",
        "date",
        "order date",
        "placed_at",
    ]) {
        return Ok(false);
    }
    let (columns, _) = columns_of(&header);
    let of = |wanted: &dyn Fn(Column) -> bool| columns.iter().any(|(column, _)| wanted(*column));
    let who = of(&|column| matches!(column, Column::Id | Column::Email | Column::Phone));
    let said = of(&|column| matches!(column, Column::FirstName | Column::LastName | Column::Consent(_)));
    let woo = has(&["username"]) && has(&["total spend"]);
    Ok(who && (said || woo))
}

/// Reads a table of customers.
///
/// # Errors
/// If the file cannot be read, or no column says who the customers are.
pub(super) fn read_customer_rows(path: &str, options: &ReadOptions) -> Result<CustomerRows, ReadError> {
    let mut read = CustomerRows::default();
    let mut columns: Option<Vec<(Column, usize)>> = None;
    let mut nameless: Vec<u64> = Vec::new();
    let Streamed { file, header, .. } = each_row(path, options, &mut |header, cells, line| {
        let columns = columns.get_or_insert_with(|| columns_of(header).0);
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        match CustomerRow::of(columns, &cells) {
            Some(row) => read.rows.push(row),
            None => {
                read.rejected += 1;
                if nameless.len() < options.keep_rejects {
                    nameless.push(line);
                }
            }
        }
    })?;
    let (columns, unmapped) = columns_of(&header);
    if !columns.iter().any(|(column, _)| matches!(column, Column::Id | Column::Email | Column::Phone)) {
        return Err(ReadError::NoUsableColumns {
            file,
            missing: "who the customer is (customer id, e-mail, phone)".to_owned(),
            seen: crate::layout::columns_seen(&header),
            example: "customer_id = \"...\"".to_owned(),
        });
    }
    read.unmapped = unmapped;
    read.rejects = nameless
        .into_iter()
        .map(|line| Reject {
            file: file.clone(),
            line,
            column: String::new(),
            value: String::new(),
            reason: "the row names no customer".to_owned(),
            remedy: "Fill in the customer's id, e-mail address or phone number".to_owned(),
        })
        .collect();
    Ok(read)
}

impl CustomerRow {
    /// The customer of a row; `None` if it names nobody.
    fn of(columns: &[(Column, usize)], cells: &[String]) -> Option<CustomerRow> {
        let mut row = CustomerRow::default();
        let mut name = None;
        for (column, index) in columns {
            // Shopify puts an apostrophe before numbers, so that spreadsheet programs keep them as they are.
            let cell = cells.get(*index).map_or("", |cell| cell.trim().trim_start_matches('\''));
            if cell.is_empty() {
                continue;
            }
            let text = |most: usize| cell.chars().take(most).collect::<String>();
            match column {
                Column::Id => row.id = row.id.or_else(|| Some(crate::cells::plain_id(cell).to_owned())),
                Column::Email => row.email = row.email.or_else(|| Some(text(320))),
                Column::Phone => row.phone = row.phone.or_else(|| Some(text(60))),
                Column::FirstName => row.first_name = row.first_name.or_else(|| Some(text(200))),
                Column::LastName => row.last_name = row.last_name.or_else(|| Some(text(200))),
                Column::Name => name = name.or_else(|| Some(text(200))),
                Column::Country => row.country = row.country.or_else(|| country_code(cell)),
                Column::Locale => row.locale = row.locale.or_else(|| Some(text(20))),
                Column::Tags => {
                    let tags = cell.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty());
                    row.tags.extend(tags.take(250));
                }
                Column::Consent(field) => {
                    row.consents.entry((*field).to_owned()).or_insert_with(|| text(100));
                }
                Column::Address(part) => {
                    row.address.entry(part).or_insert_with(|| text(500));
                }
                Column::Computed => {}
            }
        }
        if let (None, None, Some(name)) = (&row.first_name, &row.last_name, name) {
            match name.rsplit_once(' ') {
                Some((first, last)) => {
                    (row.first_name, row.last_name) = (Some(first.to_owned()), Some(last.to_owned()));
                }
                None => row.first_name = Some(name),
            }
        }
        (row.id.is_some() || row.email.is_some() || row.phone.is_some()).then_some(row)
    }

    /// The customer as a fact of the moment of the import: a profile that gives way to what the shop says itself.
    pub(super) fn fact(&self, intake: &Intake<'_>) -> Option<Fact> {
        let mut personal =
            Personal { first_name: self.first_name.clone(), last_name: self.last_name.clone(), ..Personal::default() };
        contact(&mut personal, self.email.clone(), self.phone.clone(), self.country.as_deref());
        if let Some(id) = &self.id {
            add_handle(&mut personal, intake.customer_handle(id));
        }
        let mut address: BTreeMap<&str, Value> =
            self.address.iter().map(|(part, text)| (*part, Value::from(text.as_str()))).collect();
        if let Some(note) = address.remove("note") {
            personal.fields.insert("note".to_owned(), note);
        }
        if !address.is_empty() {
            let address = address.into_iter().map(|(part, text)| (part.to_owned(), text)).collect();
            personal.fields.insert("default_address".to_owned(), Value::Object(address));
        }
        let body = FactBody::CustomerProfile(CustomerProfile {
            created_at: None,
            locale: self.locale.clone(),
            country: self.country.clone(),
            time_zone: None,
            tags: self.tags.clone(),
            attributes: self.consents.clone(),
            deleted: false,
        });
        let external_id = match (&self.id, personal.normal_handles().first()) {
            (Some(id), _) => id.clone(),
            // An address or number is personal: the record is told by its hash.
            (None, Some(handle)) => format!("row-{}", intake.hash_key.subject(handle).0.simple()),
            (None, None) => return None,
        };
        let subject = intake.subject(&personal, &external_id);
        let version = format!("content-{}", intake.content(&body, &personal).ok()?.simple());
        Some(intake.fact(subject, external_id, version, intake.received_at, body, personal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(header: &str, cells: &str) -> Option<CustomerRow> {
        let split = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        CustomerRow::of(&columns_of(&split(header)).0, &split(cells))
    }

    #[test]
    fn shopifys_export_is_understood() {
        let header = "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address City,\
            Default Address Country Code,Default Address Zip,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags,Colour";
        let row = row(
            header,
            "'71,Giulia,Rossi,G.Rossi@example.it,yes,,Torino,IT,'10121,'+393331234567,no,10.00,2,,no,vip,blue",
        )
        .unwrap();
        assert_eq!(
            (row.id.as_deref(), row.first_name.as_deref(), row.last_name.as_deref()),
            (Some("71"), Some("Giulia"), Some("Rossi"))
        );
        assert_eq!((row.country.as_deref(), row.phone.as_deref()), (Some("IT"), Some("+393331234567")));
        assert_eq!(
            (row.consents["accepts_marketing"].as_str(), row.consents["accepts_sms_marketing"].as_str()),
            ("yes", "no")
        );
        assert_eq!((row.address["city"].as_str(), row.address["zip"].as_str()), ("Torino", "10121"));
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        assert_eq!(columns_of(&names).1, ["Colour"]);
    }

    #[test]
    fn a_name_in_one_column_is_taken_apart_and_a_row_of_nobody_is_none() {
        let woo = "Name,Username,Email,Country / Region,Billing Phone";
        let ana = row(woo, "Ana Maria Pop,ana,ana@example.ro,Romania,").unwrap();
        assert_eq!((ana.first_name.as_deref(), ana.last_name.as_deref()), (Some("Ana Maria"), Some("Pop")));
        assert_eq!(ana.country.as_deref(), Some("RO"));
        assert_eq!(row(woo, "Nobody,,,,"), None);
    }
}
