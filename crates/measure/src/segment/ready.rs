//! The segments that every shop has from the beginning, as definitions like any other.

use std::sync::LazyLock;

use clove_core::segment::{
    Condition, EventsCondition, FigureCondition, FigureName, OrdersCondition, StageName, Window,
};

/// A ready-made segment.
#[derive(Debug, Clone)]
pub struct ReadySegment {
    /// Its id in the API and in other definitions.
    pub id: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// Its names in Italian, French, Arabic and Romanian.
    pub names: [&'static str; 4],
    /// What to do with it.
    pub purpose: &'static str,
    /// Who is in it.
    pub definition: Condition,
}

/// All of them.
pub static READY: LazyLock<Vec<ReadySegment>> = LazyLock::new(all);

/// The ready-made segment of this id.
pub fn ready(id: &str) -> Option<&'static ReadySegment> {
    READY.iter().find(|segment| segment.id == id)
}

fn figure(name: FigureName) -> FigureCondition {
    FigureCondition {
        name,
        at_least: None,
        at_most: None,
        above: None,
        below: None,
        at_least_percentile: None,
        below_percentile: None,
    }
}

fn at_least(name: FigureName, bound: f64) -> Condition {
    Condition::Figure(FigureCondition { at_least: Some(bound), ..figure(name) })
}

fn at_most(name: FigureName, bound: f64) -> Condition {
    Condition::Figure(FigureCondition { at_most: Some(bound), ..figure(name) })
}

fn exactly(name: FigureName, bound: f64) -> Condition {
    Condition::Figure(FigureCondition { at_least: Some(bound), at_most: Some(bound), ..figure(name) })
}

/// Above nothing, and at least as much as this percentile of the shop.
fn top(name: FigureName, percentile: f64) -> Condition {
    Condition::Figure(FigureCondition { above: Some(0.0), at_least_percentile: Some(percentile), ..figure(name) })
}

fn stage(stages: &[StageName]) -> Condition {
    Condition::Stage(stages.to_vec())
}

fn all_of(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    Condition::All(conditions.into_iter().collect())
}

/// Days for which a cart is worth a reminder.
const CART_DAYS: u32 = 14;

fn within(days: u32) -> Window {
    Window { within_days: Some(days), ..Window::default() }
}

fn regular() -> Condition {
    all_of([at_least(FigureName::PurchaseDays, 3.0), stage(&[StageName::Active, StageName::AtRisk])])
}

/// Bought once, and it is unlikely that they come back.
fn one_time() -> Condition {
    all_of([exactly(FigureName::Purchases, 1.0), stage(&[StageName::Lapsed])])
}

fn first_order(discounted: bool) -> Condition {
    Condition::Orders(OrdersCondition {
        which: clove_core::segment::Which::First,
        discounted: Some(discounted),
        ..OrdersCondition::default()
    })
}

fn all() -> Vec<ReadySegment> {
    let segment = |id, title, names, purpose, definition| ReadySegment { id, title, names, purpose, definition };
    vec![
        segment(
            "first_time",
            "First-time buyers",
            ["Primi acquirenti", "Premiers acheteurs", "مشترون للمرة الأولى", "Cumpărători la prima comandă"],
            "bring them to a second purchase while they remember you",
            all_of([exactly(FigureName::Purchases, 1.0), stage(&[StageName::Active])]),
        ),
        segment(
            "regular",
            "Regular buyers",
            ["Clienti abituali", "Clients réguliers", "عملاء منتظمون", "Clienți fideli"],
            "keep them: early access, no needless discounts",
            regular(),
        ),
        segment(
            "big_spender",
            "Big spenders",
            ["Grandi spenditori", "Gros dépensiers", "كبار المنفقين", "Cheltuitori mari"],
            "personal care, higher-priced products",
            top(FigureName::Value24Months, 90.0),
        ),
        segment(
            "high_aov",
            "High order value",
            ["Ordini di valore elevato", "Panier élevé", "قيمة طلب عالية", "Valoare mare a comenzii"],
            "bundles and up-sell",
            top(FigureName::Aov, 90.0),
        ),
        segment(
            "vip",
            "VIP",
            ["VIP", "VIP", "كبار العملاء", "VIP"],
            "the last ones to lose: thank them, ask them, let them refer others",
            all_of([top(FigureName::Value24Months, 90.0), regular()]),
        ),
        segment(
            "full_price",
            "Full-price buyers",
            [
                "Acquirenti a prezzo pieno",
                "Acheteurs au prix fort",
                "مشترون بالسعر الكامل",
                "Cumpărători la preț întreg",
            ],
            "no discounts: they buy without",
            all_of([at_least(FigureName::Purchases, 2.0), at_most(FigureName::DiscountShare, 0.0)]),
        ),
        segment(
            "discount_buyer",
            "Discount buyers",
            ["Acquirenti in sconto", "Acheteurs en promotion", "مشترو التخفيضات", "Cumpărători la reducere"],
            "offers with a margin guard; test smaller ones",
            all_of([
                at_least(FigureName::Purchases, 2.0),
                Condition::Any(vec![at_least(FigureName::DiscountShare, 0.8), top(FigureName::DiscountShare, 90.0)]),
            ]),
        ),
        segment(
            "cart_abandoner",
            "Cart abandoners",
            ["Carrelli abbandonati", "Paniers abandonnés", "تاركو سلة الشراء", "Coșuri abandonate"],
            "a reminder with what lay in the cart, without a discount at first",
            all_of([
                Condition::Events(EventsCondition {
                    name: "Checkout Started".to_owned(),
                    when: within(CART_DAYS),
                    ..EventsCondition::default()
                }),
                Condition::Orders(OrdersCondition {
                    at_most: Some(0),
                    when: within(CART_DAYS),
                    ..OrdersCondition::default()
                }),
            ]),
        ),
        segment(
            "late_good",
            "Good customers who are late",
            ["Buoni clienti in ritardo", "Bons clients en retard", "عملاء جيدون متأخرون", "Clienți buni care întârzie"],
            "win them back before they lapse",
            all_of([
                stage(&[StageName::AtRisk]),
                Condition::Figure(FigureCondition {
                    at_least_percentile: Some(75.0),
                    ..figure(FigureName::Value24Months)
                }),
            ]),
        ),
        segment(
            "active",
            "Active",
            ["Attivi", "Actifs", "نشطون", "Activi"],
            "cross-sell, reviews, referrals",
            stage(&[StageName::Active]),
        ),
        segment(
            "at_risk",
            "At risk",
            ["A rischio", "À risque", "معرضون للخسارة", "În pericol"],
            "remind them: they are later than three of four who come back",
            stage(&[StageName::AtRisk]),
        ),
        segment(
            "lapsed",
            "Lapsed",
            ["Persi", "Perdus", "مفقودون", "Pierduți"],
            "one honest try, then no more cost",
            stage(&[StageName::Lapsed]),
        ),
        segment(
            "one_time_bargain",
            "Came once, at a discount",
            ["Una volta, in sconto", "Une fois, en promotion", "مرة واحدة بخصم", "O dată, la reducere"],
            "no further discounts: bargain hunters as a rule",
            all_of([one_time(), first_order(true)]),
        ),
        segment(
            "one_time_full_price",
            "Came once, at full price",
            [
                "Una volta, a prezzo pieno",
                "Une fois, au prix fort",
                "مرة واحدة بالسعر الكامل",
                "O dată, la preț întreg",
            ],
            "ask why: they valued the product",
            all_of([one_time(), first_order(false)]),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_definition_is_a_good_one() {
        for segment in READY.iter() {
            assert_eq!(segment.definition.problems(), [], "{}", segment.id);
            let text = serde_json::to_string(&segment.definition).unwrap();
            assert_eq!(serde_json::from_str::<Condition>(&text).unwrap(), segment.definition);
            assert!(segment.names.iter().all(|name| !name.is_empty()));
        }
    }
}
