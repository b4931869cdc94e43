//! The words of the domain: money, days, orders, exclusions, value bases.
//!
//! No input or output happens here, and nothing here reads a clock. Every other crate speaks in these types.

pub mod basis;
pub mod clock;
pub mod consent;
pub mod contact;
pub mod day;
pub mod exclusion;
pub mod fact;
pub mod fold;
pub mod health;
pub mod ids;
pub mod money;
pub mod names;
pub mod persons;
pub mod placement;
pub mod rate;
pub mod segment;
pub mod shop;
pub mod table;
mod tracking;

pub use basis::{Basis, RefundDate};
pub use clock::{Clock, ManualClock, Micros};
pub use day::{Day, Month};
pub use exclusion::Exclusion;
pub use fact::{Fact, FactBody, FactKind, HashKey, Personal, Source};
pub use health::{DataHealth, Reject, Tally};
pub use ids::{
    AuditId, DeliveryId, FactId, IdGenerator, ImportId, JobId, PersonId, QuarantineId, SegmentId, SubjectId, UserId,
};
pub use money::{Currency, Minor, MoneyError, round_half_even};
pub use names::Names;
pub use persons::Persons;
pub use placement::Placements;
pub use rate::ExchangeRate;
pub use shop::{Adjustment, Attribute, Checkout, NONE, OrderLines, Orders, ShopData, SpendKind, SpendRow};
pub use table::{Column, Columns, Table, Values};
pub use tracking::TrackingPolicy;
