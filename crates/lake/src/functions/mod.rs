//! Functions of ours in the SQL. They are registered wherever a query is planned or run: in process, and on the client, the
//! scheduler and the executors of a cluster alike.

mod days;
mod money;
mod summary;

use std::sync::Arc;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use datafusion::prelude::SessionContext;

pub(crate) use days::days_of;
pub(crate) use money::minor_units_of;
pub(crate) use summary::PARTS as SUMMARY_PARTS;

/// Functions of a row.
pub(crate) fn scalars() -> Vec<Arc<ScalarUDF>> {
    vec![Arc::new(ScalarUDF::from(days::EpochDay::new())), Arc::new(ScalarUDF::from(money::MinorUnits::new()))]
}

/// Functions of many rows.
pub(crate) fn aggregates() -> Vec<Arc<AggregateUDF>> {
    vec![Arc::new(AggregateUDF::from(summary::ClvSummary::new()))]
}

/// Makes all of them known to a session.
pub(crate) fn register(session: &SessionContext) {
    for function in scalars() {
        session.register_udf(function.as_ref().clone());
    }
    for function in aggregates() {
        session.register_udaf(function.as_ref().clone());
    }
}
