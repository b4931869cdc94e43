//! Who is in which segment, live: kept up to date by the facts of the log, and by the days that go by.
//!
//! The subscriber `segments` ([`MembershipSubscriber`]) runs after `value` and `consent`: whoever a fact touched is held against every
//! segment alone, with what was taken of the whole shop before ([`ShopSnapshot`](crate::segment::ShopSnapshot)). With each person
//! stands the day on which time alone may change the answer; a job looks at those whose day has come. Another job ([`fill`]) holds the
//! whole shop against segments that are new or changed, and against a new snapshot.
//!
//! Coming in and leaving are facts, except where a definition is new: nobody moved. Everybody who writes memberships locks the one row
//! of `segment_state` first, and reads persons after that: what is written never is older than what it replaces.

mod definitions;
mod evaluate;
mod fill;
mod jobs;
mod sql;
mod subscriber;

pub use fill::fill;
pub use jobs::{MembershipJobs, ask_for_fill, schedule_memberships};
pub(super) use jobs::{ask_after_refit, ask_for_fill_in};
pub(super) use sql::{STATEMENTS, changed as definitions_changed};
pub use subscriber::MembershipSubscriber;
