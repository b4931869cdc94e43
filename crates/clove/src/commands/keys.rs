//! `clove keys`: API keys from the machine that holds the data, without a key.

use clap::{Args, Subcommand};
use clove_core::fact::Source;
use clove_core::{Table, Values};
use clove_http::access::KeyRing;
use clove_http::{Actor, Scope};
use jiff::Timestamp;
use serde_json::json;

use super::data::{DataArguments, runtime};
use crate::UsageError;
use crate::arguments::OutputArguments;
use crate::output::Answer;

/// What to do with the keys.
#[derive(Debug, Args)]
pub struct KeysArguments {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a key and print it; also the way in when the owner's key is lost
    Create {
        #[command(flatten)]
        data: DataArguments,
        /// What the key is for
        #[arg(long, default_value = "owner")]
        name: String,
        /// What it may do: ingest, read, people, admin; several times for several
        #[arg(long = "scope", value_name = "SCOPE", default_value = "admin")]
        scopes: Vec<Scope>,
        /// The source that facts handed in with it belong to, such as web:shop
        #[arg(long, value_name = "SOURCE")]
        source: Option<String>,
    },
    /// List the keys, without their secrets
    List {
        #[command(flatten)]
        data: DataArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Withdraw a key: it is refused from then on
    Withdraw {
        #[command(flatten)]
        data: DataArguments,
        /// Id of the key, the part between the two underscores
        id: String,
    },
}

/// Makes, lists or withdraws keys.
pub fn run(arguments: &KeysArguments) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        match &arguments.command {
            KeysCommand::Create { data, name, scopes, source } => {
                let source = source.as_deref().map(str::parse::<Source>).transpose();
                let source = source.map_err(|error| UsageError(format!("--source: {error}")))?;
                let db = data.open().await?;
                let keys = KeyRing::open(db.clone()).await?;
                let key = keys.create(&Actor::command("keys create"), name, scopes, source).await?;
                db.close().await;
                eprintln!("The key '{name}', shown only now:");
                println!("{}", key.key);
            }
            KeysCommand::List { data, output } => {
                let db = data.open().await?;
                let keys = KeyRing::open(db.clone()).await?.list().await?;
                db.close().await;
                let text = |of: &dyn Fn(usize) -> Option<String>| Values::Text((0..keys.len()).map(of).collect());
                let time =
                    |at: i64| Timestamp::from_microsecond(at).map_or_else(|_| at.to_string(), |at| at.to_string());
                let scopes =
                    |key: usize| keys[key].scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ");
                let table = Table::new()
                    .with("id", text(&|key| Some(keys[key].id.clone())))
                    .with("name", text(&|key| Some(keys[key].name.clone())))
                    .with("scopes", text(&|key| Some(scopes(key))))
                    .with("source", text(&|key| keys[key].source.as_ref().map(ToString::to_string)))
                    .with("created_at", text(&|key| Some(time(keys[key].created_at))))
                    .with("withdrawn_at", text(&|key| keys[key].withdrawn_at.map(time)));
                Answer { json: json!({"keys": keys}), table, text: None }.write(output)?;
            }
            KeysCommand::Withdraw { data, id } => {
                let db = data.open().await?;
                let keys = KeyRing::open(db.clone()).await?;
                let outcome = keys.withdraw(&Actor::command("keys withdraw"), id).await;
                db.close().await;
                outcome?;
                println!("The key {id} is refused from now on.");
            }
        }
        Ok(())
    })
}
