//! Value, live: what each customer is worth, kept up to date by the facts of the log.
//!
//! The subscriber `value` ([`ValueSubscriber`]) runs after `identity`, in the one order of the log. It keeps the newest version of
//! each order and refund, and computes each person that a fact touches anew: statistics with the accumulator that files use
//! ([`crate::history`]), and the score of the last fitted model ([`Scorer`]), in one transaction. So the order in which facts
//! arrive does not matter, and merges and unmerges take value with them. A fact is derived only when a person's band changes.
//!
//! Models are fitted by a job ([`RefitHandler`]) from the same tables ([`load()`]), and kept as rows: a process that starts anew
//! scores at once. Each fit compares what an older one expected with what happened since ([`drift`]).

pub mod api;
mod bands;
mod beyond;
mod checkouts;
mod contacts;
mod current;
pub mod drift;
mod erase;
pub mod interaction;
pub mod lake;
mod load;
pub mod membership;
mod model;
mod outlook;
mod person;
mod pieces;
mod refit;
mod rescore;
mod rows;
mod scorer;
mod segments;
mod sql;
mod subscriber;

pub use bands::BandCuts;
pub use current::{CurrentShop, HeldShop};
pub use erase::ValueEraser;
pub use load::{LoadOptions, LoadedShop, load_persons};
pub use model::{FittedModel, WindowAccuracy, latest, list};
pub use pieces::{Assembling, PieceError, lines, load};
use refit::refit_after_rebuild;
pub use refit::{Refit, RefitHandler, ask_for_refit, refit, schedule_refits};
pub use rescore::Rescored;
pub use scorer::Scorer;
pub use segments::{SavedSegment, saved_segments};
pub use subscriber::ValueSubscriber;

/// Every SQL text of this room, for the test that prepares them on both engines.
pub fn sql_texts() -> Vec<clove_store::SqlText> {
    [
        sql::STATEMENTS,
        model::STATEMENTS,
        drift::STATEMENTS,
        load::STATEMENTS,
        pieces::STATEMENTS,
        refit::STATEMENTS,
        lake::STATEMENTS,
        segments::STATEMENTS,
        interaction::sql::STATEMENTS,
        contacts::STATEMENTS,
        membership::STATEMENTS,
        current::STATEMENTS,
        api::STATEMENTS[0],
        api::STATEMENTS[1],
    ]
    .concat()
}
