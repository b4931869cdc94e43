//! What goes into one order of the demo shop: lines, discounts, tax, shipping, and what comes back.

use clove_core::Day;

use super::catalogue::{COUNTRIES, Category, PRODUCTS};
use super::people::{Habit, Person};
use super::random::Random;

/// One line of an order. Amounts are minor units of the order's currency.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Index in [`PRODUCTS`].
    pub product: usize,
    /// Units.
    pub quantity: i64,
    /// Price of one unit without tax, before discounts.
    pub unit_price: i64,
    /// Discount on the whole line.
    pub discount: i64,
    /// Cost of goods of the whole line, if the shop knows it.
    pub cost: Option<i64>,
}

impl Line {
    /// Value of the line after discounts.
    pub fn placed(&self) -> i64 {
        self.quantity * self.unit_price - self.discount
    }
}

/// Money given back. Amounts are minor units of the order's currency.
#[derive(Debug, Clone, Copy)]
pub struct Refund {
    /// Days from the order to the refund.
    pub delay: i32,
    /// Value of the returned items without tax.
    pub items: i64,
    /// Cost of goods of what went back on the shelf.
    pub restocked_cost: i64,
}

/// The code under which an order was discounted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discount {
    /// The code.
    pub code: &'static str,
    /// Percent off.
    pub percent: i64,
}

/// Chooses products: first by the person's tastes, then by popularity, then what goes with them.
pub fn choose_lines(random: &mut Random, person: &Person, habit: Habit, day: Day) -> Vec<Line> {
    let country = &COUNTRIES[person.country];
    let mut chosen: Vec<(usize, i64)> = Vec::new();
    let count = 1 + random.poisson(0.85 * person.basket).min(6);
    for _ in 0..count {
        let category = Category::ALL[random.pick(person.tastes.into_iter())];
        let is_advent = day.date().month() >= 11;
        let product = random.pick(PRODUCTS.iter().map(|product| {
            let seasonal = product.name.starts_with("Advent") || product.name.starts_with("Panettone");
            if product.category == category && (is_advent || !seasonal) { product.weight } else { 0.0 }
        }));
        let consumable = matches!(category, Category::Coffee | Category::Tea);
        let extra = if consumable || habit == Habit::Gifts { random.poisson(0.45 * person.basket).min(5) } else { 0 };
        add(&mut chosen, product, 1 + extra as i64);
        if let Some(partner) = PRODUCTS[product].goes_with.filter(|_| random.chance(0.35)) {
            add(&mut chosen, partner, 1);
        }
    }
    let line = |(product, quantity): (usize, i64)| Line {
        product,
        quantity,
        unit_price: country.local_price(PRODUCTS[product].price),
        discount: 0,
        cost: PRODUCTS[product].cost.map(|cost| quantity * (cost as f64 / country.rate).round() as i64),
    };
    chosen.into_iter().map(line).collect()
}

fn add(chosen: &mut Vec<(usize, i64)>, product: usize, quantity: i64) {
    match chosen.iter_mut().find(|(known, _)| *known == product) {
        Some((_, known)) => *known += quantity,
        None => chosen.push((product, quantity)),
    }
}

/// Takes `percent` off every line, each rounded to whole minor units.
pub fn apply_discount(lines: &mut [Line], percent: i64) {
    for line in lines {
        line.discount = (line.quantity * line.unit_price * percent + 50) / 100;
    }
}

/// What the customer sends back of an order, at most one refund for each line, or the whole order at once.
pub fn draw_refunds(random: &mut Random, habit: Habit, lines: &[Line]) -> Vec<Refund> {
    if random.chance(0.008) {
        // Lost on the way: paid back in full, nothing to put on the shelf.
        let items = lines.iter().map(Line::placed).sum();
        return vec![Refund { delay: 12 + random.poisson(6.0) as i32, items, restocked_cost: 0 }];
    }
    let eagerness = if habit == Habit::Bargains { 1.7 } else { 1.0 };
    let mut refunds = Vec::new();
    for line in lines {
        if !random.chance(PRODUCTS[line.product].category.return_rate() * eagerness) {
            continue;
        }
        let units = if random.chance(0.7) { line.quantity } else { 1 + random.below(line.quantity as usize) as i64 };
        let share = |amount: i64| amount * units / line.quantity;
        let restocked = random.chance(0.8);
        refunds.push(Refund {
            delay: 4 + (random.gamma(2.2) * 6.0) as i32,
            items: share(line.placed()),
            restocked_cost: if restocked { share(line.cost.unwrap_or(0)) } else { 0 },
        });
    }
    refunds
}
