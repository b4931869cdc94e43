//! The engine: one session of DataFusion, over tables in memory in this process, or over Parquet files on a cluster.

use std::future::Future;
use std::sync::Arc;

use clove_core::{Day, Persons, ShopData, Table, Values};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use tokio::runtime::Runtime;

use crate::error::LakeError;
use crate::functions;
use crate::queries::{Parameter, Query, render};
use crate::words::{self, Shown, sql_error};
use crate::{results, tables};

/// The optimiser rule that loses sort keys: with `order by c.m, o.age` after an equi-join on `m`, the sort keeps only its
/// first key, so that rows come in the wrong order and `limit` keeps the wrong ones. A test runs that query.
pub(crate) const RULE_THAT_LOSES_SORT_KEYS: &str = "eliminate_duplicated_expr";

/// Rows that go through the engine together.
pub(crate) const BATCH_ROWS: usize = 32_768;

/// A query's rows with the text that was run to get them.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryAnswer {
    /// The SQL with its parameters filled in.
    pub sql: String,
    /// The rows. Amounts of money are whole numbers of minor units.
    pub table: Table,
}

/// A shop's tables and the engine that queries them.
pub struct Lake {
    runtime: Runtime,
    session: SessionContext,
    shop: Option<RegisteredShop>,
    #[cfg(feature = "cluster")]
    cluster: Option<crate::cluster::Connection>,
}

#[derive(Clone, Copy)]
struct RegisteredShop {
    as_of: Day,
    has_amounts: bool,
}

impl Lake {
    /// An engine in this process, without tables.
    ///
    /// # Errors
    /// If the threads for it cannot be started.
    pub fn embedded() -> Result<Lake, LakeError> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().thread_name("clove-lake").build().map_err(LakeError::Start)?;
        let config = SessionConfig::new().with_batch_size(BATCH_ROWS);
        let session = SessionContext::new_with_config(config);
        session.remove_optimizer_rule(RULE_THAT_LOSES_SORT_KEYS);
        functions::register(&session);
        Ok(Lake {
            runtime,
            session,
            shop: None,
            #[cfg(feature = "cluster")]
            cluster: None,
        })
    }

    /// An engine whose questions run on a cluster, without tables. Answers are those of [`Lake::embedded`], to the row. Nothing is
    /// sent before the first question.
    ///
    /// # Errors
    /// If the scheduler's address is none, or the shared place cannot be used.
    #[cfg(feature = "cluster")]
    pub fn cluster(options: &crate::cluster::ClusterOptions) -> Result<Lake, LakeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("clove-lake")
            .enable_all()
            .build()
            .map_err(LakeError::Start)?;
        let (session, connection) = runtime.block_on(crate::cluster::Connection::open(options))?;
        Ok(Lake { runtime, session, shop: None, cluster: Some(connection) })
    }

    /// Builds the tables `orders`, `order_adjustments`, `order_lines` and `spend` of a shop, and the views `order_values`
    /// and `customers` at the end of local day `as_of`. A shop registered before is replaced.
    ///
    /// # Errors
    /// If the engine refuses a table.
    pub fn register_shop(&mut self, shop: &ShopData, persons: &Persons, as_of: Day) -> Result<(), LakeError> {
        for (name, batches) in tables::build(shop, persons, None)? {
            self.register(name, batches)?;
        }
        self.set_shop(as_of, shop.has_amounts)
    }

    /// Moves the views `order_values` and `customers` to another as-of; the tables stay as they are.
    ///
    /// # Errors
    /// If no shop is registered.
    pub fn set_as_of(&mut self, as_of: Day) -> Result<(), LakeError> {
        self.shop.as_mut().ok_or(LakeError::NoShop)?.as_of = as_of;
        self.create_views()
    }

    /// The as-of that the views are at.
    pub fn as_of(&self) -> Option<Day> {
        self.shop.map(|shop| shop.as_of)
    }

    /// Runs a user's own SQL text. Only questions are allowed; `show tables` and `describe` tell of our tables alone.
    ///
    /// # Errors
    /// If the text is not understood, or would change something.
    pub fn sql(&self, text: &str) -> Result<Table, LakeError> {
        match words::shown(text) {
            None => {}
            Some(Shown::Tables) => return Ok(words::tables()),
            Some(Shown::Columns(table)) => return self.columns(&table),
            Some(Shown::Other) => {
                return Err(LakeError::Sql("only SHOW TABLES and SHOW COLUMNS FROM a table can be shown".to_owned()));
            }
        }
        let only_questions = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        self.run(text, only_questions)
    }

    /// Runs a query of the catalogue. The parameter `as_of` is always there.
    ///
    /// # Errors
    /// If a parameter is missing, no shop is registered, or the query needs a column that the shop does not have.
    pub fn query(&self, query: Query, parameters: &[(&str, Parameter)]) -> Result<QueryAnswer, LakeError> {
        let shop = self.shop.ok_or(LakeError::NoShop)?;
        let mut all = vec![("as_of", Parameter::Day(shop.as_of))];
        all.extend(parameters.iter().cloned());
        let sql = render(query.name(), query.text(), &all)?;
        let table = self.sql(&sql)?;
        Ok(QueryAnswer { sql, table })
    }

    /// The SQL of a view at the current as-of.
    ///
    /// # Errors
    /// If no shop is registered.
    pub fn view_sql(&self, view: Query) -> Result<String, LakeError> {
        let shop = self.shop.ok_or(LakeError::NoShop)?;
        let parameters = [("as_of", Parameter::Day(shop.as_of)), ("has_amounts", Parameter::Bool(shop.has_amounts))];
        render(view.name(), view.text(), &parameters)
    }

    /// The columns of one of our tables.
    fn columns(&self, table: &str) -> Result<Table, LakeError> {
        if !words::TABLES.iter().any(|(known, _)| *known == table) {
            return Err(words::no_table(table));
        }
        let frame = self.runtime.block_on(self.session.table(table)).map_err(|error| sql_error(&error))?;
        Ok(words::columns(frame.schema().as_arrow()))
    }

    fn create_views(&self) -> Result<(), LakeError> {
        for view in [Query::OrderValues, Query::Customers] {
            let body = self.view_sql(view)?;
            self.run(&format!("create or replace view {} as\n{body}", view.name()), SQLOptions::new())?;
        }
        Ok(())
    }

    pub(crate) fn register(&self, name: &str, batches: Vec<RecordBatch>) -> Result<(), LakeError> {
        let Some(schema) = batches.first().map(RecordBatch::schema) else { return Ok(()) };
        #[cfg(feature = "cluster")]
        if let Some(cluster) = &self.cluster {
            // Tables in this process's memory cannot be asked from elsewhere.
            let url = self.block_on(cluster.put(name, &batches))?;
            return self.register_parquet(name, &url).map_err(|error| sql_error(&error));
        }
        let table = MemTable::try_new(schema, vec![batches]).map_err(|error| sql_error(&error))?;
        self.session.deregister_table(name).map_err(|error| sql_error(&error))?;
        self.session.register_table(name, Arc::new(table)).map_err(|error| sql_error(&error))?;
        Ok(())
    }

    /// Makes a Parquet file or a folder of such files known as a table.
    pub(crate) fn register_parquet(&self, name: &str, url: &str) -> Result<(), DataFusionError> {
        self.session.deregister_table(name)?;
        self.block_on(self.session.register_parquet(name, url, ParquetReadOptions::default()))
    }

    /// The session, for the tables of files.
    pub(crate) fn session(&self) -> &SessionContext {
        &self.session
    }

    /// Waits for work of the engine.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The tables of a shop are there: makes the views over them.
    pub(crate) fn set_shop(&mut self, as_of: Day, has_amounts: bool) -> Result<(), LakeError> {
        self.shop = Some(RegisteredShop { as_of, has_amounts });
        self.create_views()
    }

    /// A column of whole numbers of a question; rows without a number are left out.
    pub(crate) fn whole_numbers(&self, text: &str, column: &str) -> Result<Vec<i64>, LakeError> {
        let table = self.run(text, SQLOptions::new())?;
        match table.column(column).map(|column| &column.values) {
            Some(Values::Int(numbers)) => Ok(numbers.iter().copied().flatten().collect()),
            _ => Err(LakeError::Sql(format!("{column} is no column of whole numbers"))),
        }
    }

    pub(crate) fn run(&self, text: &str, options: SQLOptions) -> Result<Table, LakeError> {
        let (schema, batches) = self.batches(text, options)?;
        results::to_table(&schema, &batches)
    }

    /// The rows of a question as the engine gives them.
    pub(crate) fn batches(&self, text: &str, options: SQLOptions) -> Result<(SchemaRef, Vec<RecordBatch>), LakeError> {
        self.block_on(async {
            let frame = self.session.sql_with_options(text, options).await.map_err(|error| sql_error(&error))?;
            let schema = Arc::new(frame.schema().as_arrow().clone());
            #[cfg(feature = "cluster")]
            if let Some(cluster) = &self.cluster {
                return Ok((schema, cluster.collect(&self.session, frame).await?));
            }
            let batches = frame.collect().await.map_err(|error| sql_error(&error))?;
            Ok((schema, batches))
        })
    }
}

#[cfg(feature = "cluster")]
impl Drop for Lake {
    fn drop(&mut self) {
        if let Some(cluster) = &self.cluster {
            self.runtime.block_on(cluster.clear());
        }
    }
}
