//! Laws that hold for any shop.

mod common;

use clove_core::{Basis, Day, Orders, Persons, RefundDate, ShopData};
use clove_measure::cohorts::{CohortOptions, cohorts};
use clove_measure::concentration::concentration;
use clove_measure::kpis::{KpiOptions, kpis};
use clove_measure::ledger::Ledger;
use clove_measure::lifecycle::{flow, lifecycle};
use clove_measure::period::Interval;
use clove_measure::repeat::repeat;
use clove_measure::rfm::rfm;
use common::{Row, ShopBuilder};
use proptest::prelude::*;

/// Customer, day, gross, discount, refund (day later, share in per cent).
type OrderRow = (u8, i32, i64, i64, Option<(i32, i64)>);

fn rows() -> impl Strategy<Value = Vec<OrderRow>> {
    let refund = proptest::option::of((0..90_i32, 1..=100_i64));
    proptest::collection::vec((0..12_u8, 20_000..20_700_i32, 1..50_000_i64, 0..1_000_i64, refund), 1..60)
}

/// Builds the rows in the given order; order ids stay with their rows.
fn shop(rows: &[(usize, OrderRow)]) -> (ShopData, Persons) {
    let mut builder = ShopBuilder::default();
    for &(id, (customer, on, gross, discount, refund)) in rows {
        let customer = if customer == 0 { format!("guest{id}") } else { format!("c{customer}") };
        let discount = discount.min(gross - 1);
        let cost = if gross % 3 == 0 { Orders::UNKNOWN_COST } else { gross / 2 };
        let id = format!("o{id:03}");
        let order = builder.order(Row { id: &id, customer: &customer, day: Day(on), gross, discount, cost });
        if let Some((later, percent)) = refund {
            builder.refund(order, &Day(on + later).to_string(), (gross - discount) * percent / 100);
        }
    }
    builder.build()
}

const AS_OF: Day = Day(20_650);

proptest! {
    #[test]
    fn who_was_active_returned_or_fell_dormant(rows in rows(), weekly in any::<bool>()) {
        let numbered: Vec<_> = rows.into_iter().enumerate().collect();
        let (shop, persons) = shop(&numbered);
        let ledger = Ledger::new(&shop, &persons, AS_OF);
        let periods = flow(&ledger, if weekly { Interval::Week } else { Interval::Month });
        for pair in periods.windows(2) {
            prop_assert_eq!(pair[1].dormant, pair[0].active - pair[1].returning);
            prop_assert_eq!(pair[1].active, pair[1].new + pair[1].returning + pair[1].resurrected);
        }
        let newcomers: u64 = periods.iter().map(|period| period.new).sum();
        prop_assert_eq!(newcomers, lifecycle(&shop, &persons, AS_OF, Interval::Month, 90).n);
    }

    #[test]
    fn cohorts_sum_to_the_totals(rows in rows(), basis in 0..6_usize, event in any::<bool>()) {
        let numbered: Vec<_> = rows.into_iter().enumerate().collect();
        let (shop, persons) = shop(&numbered);
        let ledger = Ledger::new(&shop, &persons, AS_OF);
        let basis = Basis::ALL[basis];
        let refund_date = if event { RefundDate::Event } else { RefundDate::Order };
        let options = CohortOptions { basis, refund_date, ages: vec![0, 100, 10_000], ..CohortOptions::default() };
        let answer = cohorts(&ledger, &options).unwrap();
        let members: u64 = answer.cohorts.iter().map(|cohort| cohort.customers).sum();
        prop_assert_eq!(members, ledger.customers().len() as u64);
        let value: i64 = answer.cohorts.iter().filter_map(|cohort| cohort.ltv[2].ltv.numerator).map(|sum| sum.minor).sum();
        let total: i64 = ledger.customers().iter().map(|customer| ledger.value_of(customer, basis)).sum();
        prop_assert_eq!(value, total);
        if basis == Basis::Net {
            prop_assert_eq!(total, kpis(&ledger, &KpiOptions::default()).net_sales.unwrap().minor);
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(rows in rows(), seed in any::<u64>()) {
        let numbered: Vec<_> = rows.into_iter().enumerate().collect();
        let mut shuffled = numbered.clone();
        let count = shuffled.len();
        for index in 0..count {
            let other = (seed.wrapping_mul(index as u64 + 1) >> 7) as usize % count;
            shuffled.swap(index, other);
        }
        let (shop_a, persons_a) = shop(&numbered);
        let (shop_b, persons_b) = shop(&shuffled);
        let a = Ledger::new(&shop_a, &persons_a, AS_OF);
        let b = Ledger::new(&shop_b, &persons_b, AS_OF);
        prop_assert_eq!(kpis(&a, &KpiOptions::default()), kpis(&b, &KpiOptions::default()));
        let options = CohortOptions::default();
        prop_assert_eq!(cohorts(&a, &options), cohorts(&b, &options));
        prop_assert_eq!(repeat(&a, None, None), repeat(&b, None, None));
        prop_assert_eq!(rfm(&a, Basis::Net).groups, rfm(&b, Basis::Net).groups);
        prop_assert_eq!(concentration(&a, Basis::Net), concentration(&b, Basis::Net));
        prop_assert_eq!(flow(&a, Interval::Week), flow(&b, Interval::Week));
    }
}
