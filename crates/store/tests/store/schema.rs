//! Both engines have the same tables and understand every SQL text.

use std::collections::BTreeMap;

use clove_store::{EngineKind, SqlText};

use crate::support::{World, on_both};

const COLUMNS: SqlText = SqlText::each(
    "COLUMNS",
    "SELECT m.name, c.name, c.type, c.\"notnull\" = 1, c.pk > 0 FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable = 'NO', \
     EXISTS (SELECT 1 FROM information_schema.key_column_usage AS k JOIN information_schema.table_constraints AS t \
      ON t.constraint_name = k.constraint_name AND t.table_schema = k.table_schema \
      WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = 'public' AND k.table_name = c.table_name AND k.column_name = c.column_name) \
     FROM information_schema.columns AS c WHERE c.table_schema = 'public'",
);
const INDEXES: SqlText = SqlText::each(
    "INDEXES",
    "SELECT m.name, lower(m.sql) LIKE 'create unique%' FROM sqlite_master AS m WHERE m.type = 'index' AND m.sql IS NOT NULL",
    "SELECT indexname::text, indexdef LIKE 'CREATE UNIQUE%' FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey'",
);

/// The type by the name that SQLite has for it.
fn canonical(kind: &str) -> &'static str {
    match kind {
        "bigint" | "INTEGER" | "boolean" => "INTEGER",
        "uuid" | "bytea" | "BLOB" => "BLOB",
        "text" | "TEXT" => "TEXT",
        "double precision" | "REAL" => "REAL",
        other => panic!("a type that the other engine lacks: {other}"),
    }
}

type Columns = BTreeMap<(String, String), (&'static str, bool, bool)>;

async fn schema(world: &World) -> (Columns, BTreeMap<String, bool>) {
    let columns: Vec<(String, String, String, bool, bool)> = world.db.read_all(COLUMNS.query()).await.unwrap();
    let indexes: Vec<(String, bool)> = world.db.read_all(INDEXES.query()).await.unwrap();
    let columns = columns
        .into_iter()
        .filter(|(table, ..)| table != "migration") // one text for both engines, outside the folders
        .map(|(table, column, kind, required, key)| ((table, column), (canonical(&kind), required, key)))
        .collect();
    (columns, indexes.into_iter().collect())
}

#[tokio::test]
async fn the_engines_have_the_same_tables_columns_and_indexes() {
    let schemas = std::sync::Mutex::new(Vec::new());
    on_both(|world: World| {
        let schemas = &schemas;
        async move {
            let schema = schema(&world).await;
            assert!(schema.0.len() > 60 && schema.1.len() > 5, "{schema:#?}");
            schemas.lock().unwrap().push(schema);
        }
    })
    .await;
    if let [sqlite, postgres] = &schemas.into_inner().unwrap()[..] {
        assert_eq!(sqlite, postgres);
    }
}

#[tokio::test]
async fn every_sql_text_can_be_prepared() {
    on_both(|world: World| async move {
        let texts = clove_store::sql_texts();
        assert!(texts.len() > 50);
        for text in texts {
            if let Err(error) = world.db.prepare(text).await {
                panic!("{}: {}", text.name, error.chain());
            }
        }
        let same = clove_store::sql_texts().iter().filter(|text| text.sqlite == text.postgres).count();
        assert!(same * 10 > clove_store::sql_texts().len() * 9, "one text for both engines wherever possible");
        assert_eq!(world.is_postgres(), world.db.engine() == EngineKind::Postgres);
    })
    .await;
}
