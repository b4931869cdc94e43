//! The catalogue of analytic SQL: each query is a file in `queries/`, with `$name` where a parameter goes.

use std::fmt::Write as _;

use clove_core::Day;

use crate::error::LakeError;

macro_rules! queries {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal),+ $(,)?) => {
        /// A query of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Query { $($(#[doc = $doc])+ $variant),+ }

        impl Query {
            /// Every query, views included.
            pub const ALL: &'static [Query] = &[$(Query::$variant),+];

            /// The file's name without its ending.
            pub fn name(self) -> &'static str {
                match self { $(Query::$variant => $name),+ }
            }

            /// The SQL with `$name` where parameters go.
            pub fn text(self) -> &'static str {
                match self { $(Query::$variant => include_str!(concat!("../queries/", $name, ".sql"))),+ }
            }
        }
    };
}

queries! {
    /// The view of orders with net, returned, margin and `is_purchase` at an as-of.
    OrderValues = "order_values",
    /// The view of persons with at least one order, at an as-of.
    Customers = "customers",
    /// The sums behind the key figures, one row.
    Kpis = "kpis",
    /// Identified customers with two or more purchases, and all identified customers.
    RepeatPurchaseRate = "repeat_purchase_rate",
    /// Day gaps between consecutive purchases of identified customers.
    PurchaseGaps = "purchase_gaps",
    /// Value on a basis of a span of days, and of the last 12 and 24 months.
    ValueSums = "value_sums",
    /// Net value of a span of days, refunds on the day of their order and on their own day.
    PeriodMoney = "period_money",
    /// Value per cohort and age, running.
    CohortLtv = "cohort_ltv",
    /// Net value per cohort and age, running, refunds at their own age.
    CohortLtvEvent = "cohort_ltv_event",
    /// Cohort members with a purchase in calendar month k.
    CohortRetention = "cohort_retention",
    /// Spend and new customers per month and channel.
    AcquisitionCost = "acquisition_cost",
    /// Recency, frequency and monetary scores per customer.
    Rfm = "rfm",
    /// Pairs of products bought by the same customer, with lift.
    Affinity = "affinity",
    /// Value per customer from the largest down, with running share.
    Concentration = "concentration",
    /// Customers ordering in a span of days, and those of them who had ordered before.
    ReturningCustomers = "returning_customers",
    /// Count and placed value of orders per reason of exclusion.
    Exclusions = "exclusions",
    /// Some orders with all their values, the newest first.
    SampleOrders = "sample_orders",
}

/// A value put into a query's text.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// A local day.
    Day(Day),
    /// A whole number.
    Int(i64),
    /// A text, quoted.
    Text(String),
    /// The name of a column, quoted.
    Column(String),
    /// Yes or no.
    Bool(bool),
    /// Whole numbers as rows of a `values` list: `(0), (30), (60)`.
    IntRows(Vec<i64>),
}

impl Parameter {
    fn write(&self, sql: &mut String) -> Result<(), LakeError> {
        let written = match self {
            Parameter::Day(day) => write!(sql, "date '{day}'"),
            Parameter::Int(number) => write!(sql, "{number}"),
            Parameter::Text(text) => write!(sql, "'{}'", text.replace('\'', "''")),
            Parameter::Column(name) => {
                if name.is_empty() || name.contains(['"', '\0']) {
                    return Err(LakeError::Identifier(name.clone()));
                }
                write!(sql, "\"{name}\"")
            }
            Parameter::Bool(yes) => write!(sql, "{yes}"),
            Parameter::IntRows(numbers) => {
                let rows: Vec<String> = numbers.iter().map(|number| format!("({number})")).collect();
                write!(sql, "{}", rows.join(", "))
            }
        };
        written.map_err(|error| LakeError::Sql(error.to_string()))
    }
}

/// Fills the parameters into a query's text.
pub(crate) fn render(query: &'static str, text: &str, parameters: &[(&str, Parameter)]) -> Result<String, LakeError> {
    let mut sql = String::with_capacity(text.len() + 64);
    let mut rest = text.trim_end();
    while let Some(position) = rest.find('$') {
        sql.push_str(&rest[..position]);
        let after = &rest[position + 1..];
        let length = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let name = &after[..length];
        let (_, parameter) = parameters
            .iter()
            .rev()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| LakeError::MissingParameter { query, parameter: name.to_owned() })?;
        parameter.write(&mut sql)?;
        rest = &after[length..];
    }
    sql.push_str(rest);
    Ok(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_quoted_where_they_must_be() {
        let sql = render(
            "test",
            "select $c from t where d <= $as_of and x = $as_of_text -- $n",
            &[
                ("as_of", Parameter::Day(Day(0))),
                ("as_of_text", Parameter::Text("o'clock".to_owned())),
                ("c", Parameter::Column("first product".to_owned())),
                ("n", Parameter::IntRows(vec![0, 30])),
            ],
        );
        let expected = "select \"first product\" from t where d <= date '1970-01-01' and x = 'o''clock' -- (0), (30)";
        assert_eq!(sql.unwrap(), expected);
        assert!(render("test", "$gone", &[]).is_err());
        assert!(render("test", "$c", &[("c", Parameter::Column("a\" from x --".to_owned()))]).is_err());
    }
}
