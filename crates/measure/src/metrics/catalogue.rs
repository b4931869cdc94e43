//! The catalogue of metrics: what each figure means, how it is computed, and why other software shows another number.

use clove_lake::Query;

use super::span::SpanSums;
use super::state::StateSums;
use super::{Measured, Units};
use crate::answer::{Amount, MoneyPer, MoneyShare, Rate, quantile};
use crate::kpi_comparison::Figure;

/// A metric that can be explained.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// The stable name, also the key in answers.
    pub id: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// What it means.
    pub definition: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// Who or what is counted.
    pub population: &'static str,
    /// Why Shopify's own figure can differ.
    pub shopify: &'static str,
    /// The SQL that computes it, where there is one.
    pub query: Option<Query>,
    /// Whether the value basis changes it.
    pub has_basis: bool,
    /// What its values are.
    pub unit: Unit,
    /// How a value comes from sums.
    pub measure: Measure,
}

/// What values of a metric are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whole numbers.
    Count,
    /// Amounts of the shop's currency.
    Money,
    /// Shares: 1 is 100 %.
    Share,
    /// Days.
    Days,
    /// Plain numbers.
    Number,
    /// No single value, but a table.
    Table,
}

impl Unit {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Money => "money",
            Unit::Share => "share",
            Unit::Days => "days",
            Unit::Number => "number",
            Unit::Table => "table",
        }
    }
}

/// How a metric comes from sums.
#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// From what was ordered within a span of days.
    Span(fn(&SpanSums, Units) -> Measured),
    /// From what customers are as of a day.
    State(fn(&StateSums, Units) -> Measured),
    /// It is no single figure: a command and an endpoint of its own show it.
    Table,
}

const COUNTED: &str = "orders that are paid, no test, not cancelled, no gift-card sale, value above zero";
const ALL_CUSTOMERS: &str = "customers with at least one order that counts, guests included (one each)";
const IDENTIFIED: &str = "identified customers with at least one order that counts; guests cannot be seen to return";
const SHOPIFY_ORDERS: &str = "Shopify counts every order but tests and deleted ones: cancelled orders, free samples and \
    gift-card sales are orders there.";
const SHOPIFY_MONEY: &str = "Shopify books a return on the day it was made, counts cancelled orders as a sale and a return, \
    and leaves gift-card sales out of net sales as we do.";
const SHOPIFY_CUSTOMERS: &str = "Shopify tells customers apart by its own customer record: one person with two addresses, or \
    a guest with a phone number only, is two customers there.";
const CARTS: &str = "checkouts told by the storefront or the shop's webhooks (a server only; null where nobody tells of any), visitors \
    without a name included";
const SHOPIFY_CARTS: &str = "Shopify counts a checkout as abandoned once contact details were typed in and ten minutes passed, \
    and each of several by one person.";
const SHOPIFY_NONE: &str = "Shopify shows no such figure.";

/// Every metric.
pub const METRICS: &[Metric] = &[
    Metric {
        id: "orders",
        title: "Orders",
        definition: "How many orders count.",
        formula: "count(is_order)",
        population: COUNTED,
        shopify: SHOPIFY_ORDERS,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::Span(|sums, _| Measured::count(sums.orders)),
    },
    Metric {
        id: "customers",
        title: "Customers",
        definition: "How many people ordered; e-mail and phone are joined.",
        formula: "count(distinct person) over is_order",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_CUSTOMERS,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::Span(|sums, _| Measured::count(sums.customers)),
    },
    Metric {
        id: "identified_customers",
        title: "Identified customers",
        definition: "How many of them have a customer id, an e-mail address or a phone number.",
        formula: "count(distinct person) over is_order and identified",
        population: IDENTIFIED,
        shopify: SHOPIFY_CUSTOMERS,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::Span(|sums, _| Measured::count(sums.identified)),
    },
    Metric {
        id: "gross_sales",
        title: "Gross sales",
        definition: "Unit prices without tax times quantities, before discounts.",
        formula: "sum(gross)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| units.money(sums.gross, sums.orders)),
    },
    Metric {
        id: "discounts",
        title: "Discounts",
        definition: "Order and line discounts.",
        formula: "sum(discount)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| units.money(sums.discounts, sums.orders)),
    },
    Metric {
        id: "returns",
        title: "Returns",
        definition: "Value of items paid back up to the as-of, without tax.",
        formula: "sum(returned)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| units.money(sums.returns, sums.orders)),
    },
    Metric {
        id: "net_sales",
        title: "Net sales",
        definition: "What is left after discounts and returns, without tax and shipping.",
        formula: "sum(gross - discount - returned)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Some(Query::PeriodMoney),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| units.money(sums.net_on_refund_date(units.refund_date), sums.orders)),
    },
    Metric {
        id: "gross_margin",
        title: "Gross margin",
        definition: "Net sales minus the cost of goods; costs come back only for goods that were restocked.",
        formula: "sum(net - (cost - restocked cost)) over orders with known cost",
        population: COUNTED,
        shopify: "Shopify uses the product's cost on the day of the sale and shows margin only for products with a cost.",
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| {
            let known = units.amount(sums.margin).filter(|_| sums.orders_with_cost > 0);
            Measured::figure(known.map(Figure::Money), sums.orders_with_cost)
        }),
    },
    Metric {
        id: "aov_placed",
        title: "Average order value",
        definition: "Mean value of an order when it was placed.",
        formula: "sum(gross - discount) / orders",
        population: COUNTED,
        shopify: "The same formula; Shopify's has cancelled orders and free samples in it.",
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| Measured::average(&units.per(sums.placed, sums.orders))),
    },
    Metric {
        id: "aov_net",
        title: "Average order value, net",
        definition: "Mean value of an order after returns.",
        formula: "sum(net) / orders",
        population: COUNTED,
        shopify: "Shopify's average order value is before returns.",
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| Measured::average(&units.per(sums.net, sums.orders))),
    },
    Metric {
        id: "transaction_frequency",
        title: "Transaction frequency",
        definition: "Orders per customer of the period.",
        formula: "orders / distinct customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_NONE,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Number,
        measure: Measure::Span(|sums, _| Measured::per_head(Rate::new(sums.orders, sums.customers))),
    },
    Metric {
        id: "repeat_purchase_rate",
        title: "Repeat purchase rate",
        definition: "Share of customers with two or more purchases; an order returned in full is no purchase.",
        formula: "identified customers with >= 2 purchases / identified customers",
        population: IDENTIFIED,
        shopify: "Shopify's returning customer rate is another figure: customers of a period who had ordered before it.",
        query: Some(Query::RepeatPurchaseRate),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::State(|sums, _| Measured::share(Rate::new(sums.repeated, sums.identified))),
    },
    Metric {
        id: "returning_customer_rate",
        title: "Returning customer rate",
        definition: "Of the customers who ordered in the period, the share who had ordered before it.",
        formula: "customers ordering in the period with an earlier order / customers ordering in the period",
        population: ALL_CUSTOMERS,
        shopify: "The same formula; identity and excluded orders differ.",
        query: Some(Query::ReturningCustomers),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::Span(|sums, _| {
            // Without a first day nobody ordered before it, and the share says nothing.
            let known = if sums.has_first_day { sums.customers } else { 0 };
            Measured { n: sums.customers, ..Measured::share(Rate::new(sums.returning, known)) }
        }),
    },
    Metric {
        id: "median_gap",
        title: "Time between orders",
        definition: "Days between consecutive purchases of a customer; the middle one of all gaps.",
        formula: "median(day of purchase - day of the purchase before)",
        population: IDENTIFIED,
        shopify: SHOPIFY_NONE,
        query: Some(Query::PurchaseGaps),
        has_basis: false,
        unit: Unit::Days,
        measure: Measure::State(|sums, _| {
            let days: Vec<f64> = sums.gaps.iter().map(|&days| f64::from(days)).collect();
            Measured::figure(quantile(&days, 0.5).map(Figure::PerHead), sums.gaps.len() as u64)
        }),
    },
    Metric {
        id: "discount_share_orders",
        title: "Discount share",
        definition: "Share of orders with a discount.",
        formula: "orders with discount > 0 / orders",
        population: COUNTED,
        shopify: SHOPIFY_ORDERS,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::Span(|sums, units| Measured::share(units.orders_with(sums.discounted_orders, sums.orders))),
    },
    Metric {
        id: "effective_discount_rate",
        title: "Effective discount rate",
        definition: "What part of gross sales was given away as discounts.",
        formula: "sum(discount) / sum(gross)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::Span(|sums, units| {
            Measured::money_share(&units.share(sums.discounts, sums.gross), sums.orders)
        }),
    },
    Metric {
        id: "refund_rate_value",
        title: "Return rate by value",
        definition: "What part of the placed value came back.",
        formula: "sum(returned) / sum(gross - discount)",
        population: COUNTED,
        shopify: "Shopify divides returns of the period by sales of the period, whichever orders they belong to.",
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::Span(|sums, units| {
            Measured::money_share(&units.share(sums.returns, sums.placed), sums.orders)
        }),
    },
    Metric {
        id: "ltv",
        title: "Lifetime value at an age",
        definition: "What customers acquired in the same month had brought by each age, per head.",
        formula: "sum(value with age <= d) / cohort size; complete when every member has reached the age",
        population: ALL_CUSTOMERS,
        shopify: "Shopify's cohort report sums gross or net sales per customer record and does not mark cells that are not \
            complete.",
        query: Some(Query::CohortLtv),
        has_basis: true,
        unit: Unit::Money,
        measure: Measure::State(|sums, units| {
            Measured::average(&units.per_known(sums.ltv, sums.ltv_known, sums.of_age))
        }),
    },
    Metric {
        id: "retention",
        title: "Retention",
        definition: "Share of a cohort that bought in calendar month k after the month of the first order; the first order \
            itself is left out.",
        formula: "cohort members with a purchase in month k / cohort size",
        population: ALL_CUSTOMERS,
        shopify: "Shopify counts orders, also those returned in full, and its own customer records.",
        query: Some(Query::CohortRetention),
        has_basis: false,
        unit: Unit::Table,
        measure: Measure::Table,
    },
    Metric {
        id: "cac",
        title: "Customer acquisition cost",
        definition: "All sales and marketing cost of a month per new customer of the month; null where nobody came.",
        formula: "spend / new customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_NONE,
        query: Some(Query::AcquisitionCost),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| {
            Measured::average(&MoneyPer::new(sums.cost.filter(|&cost| cost != 0), sums.new, units.currency))
        }),
    },
    Metric {
        id: "rfm",
        title: "RFM scores",
        definition: "Recency, frequency and monetary value, each scored 1 to 5 against the other customers.",
        formula: "1 + floor(5 x customers strictly worse / n); fixed cuts where more than 60 % tie in frequency",
        population: IDENTIFIED,
        shopify: "Shopify scores with cuts of its own and names groups by them.",
        query: Some(Query::Rfm),
        has_basis: false,
        unit: Unit::Table,
        measure: Measure::Table,
    },
    Metric {
        id: "affinity",
        title: "Product affinity",
        definition: "How many times more often two products are bought by the same customer than by chance.",
        formula: "lift = P(AB) / (P(A) P(B))",
        population: "customers with at least one purchase and known products",
        shopify: "Shopify lists products bought in the same order.",
        query: Some(Query::Affinity),
        has_basis: false,
        unit: Unit::Table,
        measure: Measure::Table,
    },
    Metric {
        id: "concentration",
        title: "Concentration of value",
        definition: "The share of value of the largest customers.",
        formula: "value of the top 1, 10, 20 % of customers / value of all",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_NONE,
        query: Some(Query::Concentration),
        has_basis: true,
        unit: Unit::Table,
        measure: Measure::Table,
    },
    Metric {
        id: "new_customers",
        title: "New customers",
        definition: "How many people ordered for the first time.",
        formula: "count(distinct person) whose first is_order lies in the span",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_CUSTOMERS,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::Span(|sums, _| Measured::count(sums.new)),
    },
    Metric {
        id: "value",
        title: "Value",
        definition: "What orders brought on the chosen basis: gross, placed, net, total, margin or contribution.",
        formula: "sum(value)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Some(Query::ValueSums),
        has_basis: true,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| {
            let known = units.amount(sums.value).filter(|_| sums.valued_orders > 0 || sums.orders == 0);
            Measured::figure(known.map(Figure::Money), sums.valued_orders)
        }),
    },
    Metric {
        id: "value_per_customer",
        title: "Value per customer",
        definition: "What each customer of the span brought in it, on the chosen basis.",
        formula: "sum(value) / distinct customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_CUSTOMERS,
        query: Some(Query::ValueSums),
        has_basis: true,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| {
            Measured::average(&units.per_known(sums.value, sums.valued_orders > 0, sums.customers))
        }),
    },
    Metric {
        id: "refund_rate_orders",
        title: "Return rate by orders",
        definition: "Share of orders of which something came back.",
        formula: "orders with returned > 0 / orders",
        population: COUNTED,
        shopify: SHOPIFY_ORDERS,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::Span(|sums, units| Measured::share(units.orders_with(sums.returned_orders, sums.orders))),
    },
    Metric {
        id: "cost_coverage",
        title: "Cost coverage",
        definition: "For what part of net sales the cost of goods is known; margins rest on that part.",
        formula: "sum(net of orders with known cost) / sum(net)",
        population: COUNTED,
        shopify: SHOPIFY_NONE,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::Span(|sums, units| Measured::money_share(&sums.cost_coverage(units), sums.orders)),
    },
    Metric {
        id: "marketing_cost",
        title: "Sales and marketing cost",
        definition: "What was spent to win customers, each cost spread evenly over its days.",
        formula: "sum(spend)",
        population: "imported costs",
        shopify: SHOPIFY_NONE,
        query: Some(Query::AcquisitionCost),
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| {
            Measured::figure(sums.cost.map(|cost| Figure::Money(Amount::new(cost, units.currency))), sums.new)
        }),
    },
    Metric {
        id: "value_to_cost",
        title: "Value to cost",
        definition: "What the customers of the span brought in it for each unit of money spent to win customers.",
        formula: "sum(value) / spend",
        population: COUNTED,
        shopify: SHOPIFY_NONE,
        query: Some(Query::AcquisitionCost),
        has_basis: true,
        unit: Unit::Number,
        measure: Measure::Span(|sums, units| {
            let share = sums.cost.map_or(MoneyShare::UNKNOWN, |cost| units.share(sums.value, cost));
            Measured {
                value: share.value.filter(|_| sums.valued_orders > 0).map(Figure::PerHead),
                ..Measured::money_share(&share, sums.new)
            }
        }),
    },
    Metric {
        id: "checkouts",
        title: "Checkouts",
        definition: "Carts that came as far as the checkout; several starts of a person within a day are one.",
        formula: "count(checkout) whose 24 hours are over",
        population: CARTS,
        shopify: SHOPIFY_CARTS,
        query: None,
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::Span(|sums, _| {
            let carts = sums.carts.unwrap_or_default();
            Measured::figure(sums.carts.map(|carts| Figure::Count(carts.checkouts as i64)), carts.checkouts)
        }),
    },
    Metric {
        id: "cart_abandonment_rate",
        title: "Cart abandonment rate",
        definition: "Share of the checkouts that no order followed within 24 hours.",
        formula: "checkouts without an order of the same person within 24 hours / checkouts",
        population: CARTS,
        shopify: SHOPIFY_CARTS,
        query: None,
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::Span(|sums, _| {
            sums.carts
                .map_or_else(Measured::default, |carts| Measured::share(Rate::new(carts.abandoned, carts.checkouts)))
        }),
    },
    Metric {
        id: "abandoned_value",
        title: "Value of abandoned carts",
        definition: "What lay in the carts of checkouts that no order followed within 24 hours.",
        formula: "sum(cart value) over checkouts without an order of the same person within 24 hours",
        population: CARTS,
        shopify: SHOPIFY_CARTS,
        query: None,
        has_basis: false,
        unit: Unit::Money,
        measure: Measure::Span(|sums, units| {
            let carts = sums.carts.unwrap_or_default();
            let value = sums.carts.map(|carts| Figure::Money(Amount::new(carts.abandoned_value, units.currency)));
            Measured::figure(value, carts.abandoned)
        }),
    },
    Metric {
        id: "historic_clv",
        title: "Historic CLV",
        definition: "What a customer has brought since the first order, on the chosen basis.",
        formula: "sum(value up to the as-of) / customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_CUSTOMERS,
        query: Some(Query::ValueSums),
        has_basis: true,
        unit: Unit::Money,
        measure: Measure::State(|sums, units| {
            Measured::average(&units.per_known(sums.value, sums.value_known, sums.customers))
        }),
    },
    Metric {
        id: "clv_12m",
        title: "CLV of 12 months",
        definition: "What a customer brought in the last 12 months, on the chosen basis.",
        formula: "sum(value of the last 12 months) / customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_CUSTOMERS,
        query: Some(Query::ValueSums),
        has_basis: true,
        unit: Unit::Money,
        measure: Measure::State(|sums, units| {
            Measured::average(&units.per_known(sums.value_12_months, sums.value_known, sums.customers))
        }),
    },
    Metric {
        id: "clv_24m",
        title: "CLV of 24 months",
        definition: "What a customer brought in the last 24 months, on the chosen basis.",
        formula: "sum(value of the last 24 months) / customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_CUSTOMERS,
        query: Some(Query::ValueSums),
        has_basis: true,
        unit: Unit::Money,
        measure: Measure::State(|sums, units| {
            Measured::average(&units.per_known(sums.value_24_months, sums.value_known, sums.customers))
        }),
    },
    Metric {
        id: "orders_per_customer",
        title: "Orders per customer",
        definition: "Orders since the first one, per customer.",
        formula: "orders up to the as-of / customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_ORDERS,
        query: Some(Query::Kpis),
        has_basis: false,
        unit: Unit::Number,
        measure: Measure::State(|sums, _| Measured::per_head(Rate::new(sums.orders, sums.customers))),
    },
    Metric {
        id: "buys_again_180",
        title: "Buys again within 180 days",
        definition: "Of the customers whose first purchase is at least 180 days ago, the share with a second one within 180 days.",
        formula: "identified customers with a second purchase within 180 days / identified customers whose first purchase is that old",
        population: IDENTIFIED,
        shopify: SHOPIFY_NONE,
        query: Some(Query::PurchaseGaps),
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::State(|sums, _| Measured::share(Rate::new(sums.again, sums.old_enough))),
    },
    Metric {
        id: "active_customers",
        title: "Active customers",
        definition: "Identified customers who bought within the shop's usual gap.",
        formula: "days since the last purchase <= 75 % quantile of the gaps of those who return",
        population: IDENTIFIED,
        shopify: SHOPIFY_NONE,
        query: None,
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::State(|sums, _| Measured { n: sums.buyers, ..Measured::count(sums.active) }),
    },
    Metric {
        id: "at_risk_customers",
        title: "Customers at risk",
        definition: "Identified customers who are later than three of four who come back.",
        formula: "75 % quantile < days since the last purchase <= 95 % quantile of the gaps of those who return",
        population: IDENTIFIED,
        shopify: SHOPIFY_NONE,
        query: None,
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::State(|sums, _| Measured { n: sums.buyers, ..Measured::count(sums.at_risk) }),
    },
    Metric {
        id: "lapsed_customers",
        title: "Lapsed customers",
        definition: "Identified customers who are later than nineteen of twenty who come back.",
        formula: "days since the last purchase > 95 % quantile of the gaps of those who return",
        population: IDENTIFIED,
        shopify: SHOPIFY_NONE,
        query: None,
        has_basis: false,
        unit: Unit::Count,
        measure: Measure::State(|sums, _| Measured { n: sums.buyers, ..Measured::count(sums.lapsed) }),
    },
    Metric {
        id: "loyalty_rate",
        title: "Loyalty rate",
        definition: "Share of the customers who have not lapsed that bought on three days or more.",
        formula: "customers with >= 3 purchase days and not lapsed / customers with a purchase and not lapsed",
        population: IDENTIFIED,
        shopify: SHOPIFY_NONE,
        query: None,
        has_basis: false,
        unit: Unit::Share,
        measure: Measure::State(|sums, _| Measured::share(Rate::new(sums.loyal, sums.active + sums.at_risk))),
    },
];

/// The metric of this name.
pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}
