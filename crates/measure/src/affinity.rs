//! Products that are bought by the same customers more often than chance would have it.
//!
//! lift = P(AB) / (P(A) P(B)), over baskets: everything a customer ever bought, or one order.

use std::collections::HashMap;

use clove_core::{NONE, Table, Values};
use serde::Serialize;

use crate::ledger::Ledger;

/// A basket with more distinct products than this (a reseller's, a till's) says nothing about pairs and is left out.
pub const LARGEST_BASKET: usize = 200;

/// What is one basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basket {
    /// All purchases of a customer.
    #[default]
    Customer,
    /// One purchase.
    Order,
}

/// Pairs of products.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Affinity {
    /// The last day that counts.
    pub as_of: String,
    /// `customer` or `order`.
    pub basket: &'static str,
    /// How many baskets have at least one product.
    pub baskets: u64,
    /// Baskets left out for having more than 200 products.
    pub oversized_baskets: u64,
    /// Pairs in fewer baskets than this are left out.
    pub minimum_support: u64,
    /// The pairs, highest lift first.
    pub pairs: Vec<ProductPair>,
}

/// Two products.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductPair {
    /// The first by name.
    pub product_a: String,
    /// The second by name.
    pub product_b: String,
    /// Baskets with both.
    pub together: u64,
    /// Baskets with the first.
    pub count_a: u64,
    /// Baskets with the second.
    pub count_b: u64,
    /// Share of baskets with both.
    pub support: f64,
    /// How many times more often together than by chance.
    pub lift: f64,
}

/// Finds the pairs of products that occur together in at least `minimum_support` baskets.
///
/// # Errors
/// If the files name no products.
pub fn affinity(ledger: &Ledger<'_>, basket: Basket, minimum_support: u64) -> Result<Affinity, String> {
    let (mut bought, names) = purchases(ledger, basket)?;
    bought.sort_unstable();
    bought.dedup();
    let mut oversized = 0;
    let mut baskets = 0_u64;
    let mut single: HashMap<u32, u64> = HashMap::new();
    let mut pairs: HashMap<(u32, u32), u64> = HashMap::new();
    for products in bought.chunk_by(|a, b| a.0 == b.0) {
        if products.len() > LARGEST_BASKET {
            oversized += 1;
            continue;
        }
        baskets += 1;
        for (index, &(_, a)) in products.iter().enumerate() {
            *single.entry(a).or_default() += 1;
            for &(_, b) in &products[index + 1..] {
                *pairs.entry((a, b)).or_default() += 1;
            }
        }
    }
    let minimum_support = minimum_support.max(1);
    let mut pairs: Vec<ProductPair> = pairs
        .into_iter()
        .filter(|&(_, together)| together >= minimum_support)
        .map(|((a, b), together)| {
            let (a, b) = if names[a as usize] <= names[b as usize] { (a, b) } else { (b, a) };
            let (count_a, count_b) = (single[&a], single[&b]);
            ProductPair {
                product_a: names[a as usize].clone(),
                product_b: names[b as usize].clone(),
                together,
                count_a,
                count_b,
                support: together as f64 / baskets as f64,
                lift: together as f64 * baskets as f64 / (count_a as f64 * count_b as f64),
            }
        })
        .collect();
    pairs.sort_by(|a, b| {
        let by_lift = b.lift.total_cmp(&a.lift).then(b.together.cmp(&a.together));
        by_lift.then_with(|| (&a.product_a, &a.product_b).cmp(&(&b.product_a, &b.product_b)))
    });
    Ok(Affinity {
        as_of: ledger.as_of().to_string(),
        basket: match basket {
            Basket::Customer => "customer",
            Basket::Order => "order",
        },
        baskets,
        oversized_baskets: oversized,
        minimum_support,
        pairs,
    })
}

impl Affinity {
    /// One row per pair.
    pub fn table(&self) -> Table {
        let text = |of: fn(&ProductPair) -> &String| {
            Values::Text(self.pairs.iter().map(|pair| Some(of(pair).clone())).collect())
        };
        let int =
            |of: fn(&ProductPair) -> u64| Values::Int(self.pairs.iter().map(|pair| Some(of(pair) as i64)).collect());
        Table::new()
            .with("product_a", text(|pair| &pair.product_a))
            .with("product_b", text(|pair| &pair.product_b))
            .with("together", int(|pair| pair.together))
            .with("count_a", int(|pair| pair.count_a))
            .with("count_b", int(|pair| pair.count_b))
            .with("support", Values::Share(self.pairs.iter().map(|pair| Some(pair.support)).collect()))
            .with("lift", Values::Float(self.pairs.iter().map(|pair| Some(pair.lift)).collect(), 2))
    }
}

/// Basket and product numbers of all purchases, and the products' names.
type Bought = (Vec<(u32, u32)>, Vec<String>);

fn purchases(ledger: &Ledger<'_>, basket: Basket) -> Result<Bought, String> {
    let shop = ledger.shop();
    let mut customer_of_order = vec![NONE; shop.orders.len()];
    for customer in ledger.customers() {
        for order in ledger.purchases_of(customer) {
            customer_of_order[order as usize] = customer.person;
        }
    }
    let basket_of = |order: u32| match (customer_of_order[order as usize], basket) {
        (NONE, _) => None,
        (customer, Basket::Customer) => Some(customer),
        (_, Basket::Order) => Some(order),
    };
    if let Some(lines) = &shop.lines {
        let bought = (0..lines.order.len())
            .filter(|&line| lines.quantity[line] > 0)
            .filter_map(|line| Some((basket_of(lines.order[line])?, lines.product[line])))
            .collect();
        return Ok((bought, lines.products.iter().map(str::to_owned).collect()));
    }
    let attribute = shop
        .orders
        .attribute("product")
        .or_else(|| shop.orders.attribute("first_product"))
        .ok_or("the files name no products: neither order lines nor a product column")?;
    let codes = attribute.codes.iter().enumerate().filter(|&(_, &code)| code != NONE);
    let bought = codes.filter_map(|(order, &code)| Some((basket_of(order as u32)?, code))).collect();
    Ok((bought, attribute.values.iter().map(str::to_owned).collect()))
}
