//! The catalogue of metrics: what each figure means, how it is computed, and why other software shows another number.

use clove_lake::Query;

/// A metric that can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The SQL that computes it.
    pub query: Query,
    /// Whether the value basis changes it.
    pub has_basis: bool,
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
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "customers",
        title: "Customers",
        definition: "How many people ordered; e-mail and phone are joined.",
        formula: "count(distinct person) over is_order",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_CUSTOMERS,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "identified_customers",
        title: "Identified customers",
        definition: "How many of them have a customer id, an e-mail address or a phone number.",
        formula: "count(distinct person) over is_order and identified",
        population: IDENTIFIED,
        shopify: SHOPIFY_CUSTOMERS,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "gross_sales",
        title: "Gross sales",
        definition: "Unit prices without tax times quantities, before discounts.",
        formula: "sum(gross)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "discounts",
        title: "Discounts",
        definition: "Order and line discounts.",
        formula: "sum(discount)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "returns",
        title: "Returns",
        definition: "Value of items paid back up to the as-of, without tax.",
        formula: "sum(returned)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "net_sales",
        title: "Net sales",
        definition: "What is left after discounts and returns, without tax and shipping.",
        formula: "sum(gross - discount - returned)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Query::PeriodMoney,
        has_basis: false,
    },
    Metric {
        id: "gross_margin",
        title: "Gross margin",
        definition: "Net sales minus the cost of goods; costs come back only for goods that were restocked.",
        formula: "sum(net - (cost - restocked cost)) over orders with known cost",
        population: COUNTED,
        shopify: "Shopify uses the product's cost on the day of the sale and shows margin only for products with a cost.",
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "aov_placed",
        title: "Average order value",
        definition: "Mean value of an order when it was placed.",
        formula: "sum(gross - discount) / orders",
        population: COUNTED,
        shopify: "The same formula; Shopify's has cancelled orders and free samples in it.",
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "aov_net",
        title: "Average order value, net",
        definition: "Mean value of an order after returns.",
        formula: "sum(net) / orders",
        population: COUNTED,
        shopify: "Shopify's average order value is before returns.",
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "transaction_frequency",
        title: "Transaction frequency",
        definition: "Orders per customer of the period.",
        formula: "orders / distinct customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_NONE,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "repeat_purchase_rate",
        title: "Repeat purchase rate",
        definition: "Share of customers with two or more purchases; an order returned in full is no purchase.",
        formula: "identified customers with >= 2 purchases / identified customers",
        population: IDENTIFIED,
        shopify: "Shopify's returning customer rate is another figure: customers of a period who had ordered before it.",
        query: Query::RepeatPurchaseRate,
        has_basis: false,
    },
    Metric {
        id: "returning_customer_rate",
        title: "Returning customer rate",
        definition: "Of the customers who ordered in the period, the share who had ordered before it.",
        formula: "customers ordering in the period with an earlier order / customers ordering in the period",
        population: ALL_CUSTOMERS,
        shopify: "The same formula; identity and excluded orders differ.",
        query: Query::ReturningCustomers,
        has_basis: false,
    },
    Metric {
        id: "median_gap",
        title: "Time between orders",
        definition: "Days between consecutive purchases of a customer; the middle one of all gaps.",
        formula: "median(day of purchase - day of the purchase before)",
        population: IDENTIFIED,
        shopify: SHOPIFY_NONE,
        query: Query::PurchaseGaps,
        has_basis: false,
    },
    Metric {
        id: "discount_share_orders",
        title: "Discount share",
        definition: "Share of orders with a discount.",
        formula: "orders with discount > 0 / orders",
        population: COUNTED,
        shopify: SHOPIFY_ORDERS,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "effective_discount_rate",
        title: "Effective discount rate",
        definition: "What part of gross sales was given away as discounts.",
        formula: "sum(discount) / sum(gross)",
        population: COUNTED,
        shopify: SHOPIFY_MONEY,
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "refund_rate_value",
        title: "Return rate by value",
        definition: "What part of the placed value came back.",
        formula: "sum(returned) / sum(gross - discount)",
        population: COUNTED,
        shopify: "Shopify divides returns of the period by sales of the period, whichever orders they belong to.",
        query: Query::Kpis,
        has_basis: false,
    },
    Metric {
        id: "ltv",
        title: "Lifetime value at an age",
        definition: "What customers acquired in the same month had brought by each age, per head.",
        formula: "sum(value with age <= d) / cohort size; complete when every member has reached the age",
        population: ALL_CUSTOMERS,
        shopify: "Shopify's cohort report sums gross or net sales per customer record and does not mark cells that are not \
            complete.",
        query: Query::CohortLtv,
        has_basis: true,
    },
    Metric {
        id: "retention",
        title: "Retention",
        definition: "Share of a cohort that bought in calendar month k after the month of the first order; the first order \
            itself is left out.",
        formula: "cohort members with a purchase in month k / cohort size",
        population: ALL_CUSTOMERS,
        shopify: "Shopify counts orders, also those returned in full, and its own customer records.",
        query: Query::CohortRetention,
        has_basis: false,
    },
    Metric {
        id: "cac",
        title: "Customer acquisition cost",
        definition: "All sales and marketing cost of a month per new customer of the month; null where nobody came.",
        formula: "spend / new customers",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_NONE,
        query: Query::AcquisitionCost,
        has_basis: false,
    },
    Metric {
        id: "rfm",
        title: "RFM scores",
        definition: "Recency, frequency and monetary value, each scored 1 to 5 against the other customers.",
        formula: "1 + floor(5 x customers strictly worse / n); fixed cuts where more than 60 % tie in frequency",
        population: IDENTIFIED,
        shopify: "Shopify scores with cuts of its own and names groups by them.",
        query: Query::Rfm,
        has_basis: false,
    },
    Metric {
        id: "affinity",
        title: "Product affinity",
        definition: "How many times more often two products are bought by the same customer than by chance.",
        formula: "lift = P(AB) / (P(A) P(B))",
        population: "customers with at least one purchase and known products",
        shopify: "Shopify lists products bought in the same order.",
        query: Query::Affinity,
        has_basis: false,
    },
    Metric {
        id: "concentration",
        title: "Concentration of value",
        definition: "The share of value of the largest customers.",
        formula: "value of the top 1, 10, 20 % of customers / value of all",
        population: ALL_CUSTOMERS,
        shopify: SHOPIFY_NONE,
        query: Query::Concentration,
        has_basis: true,
    },
];

/// The metric of this name.
pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}
