//! The life of the demo shop: people arrive, buy, send things back, and leave.
//!
//! Close to the assumptions of BG/NBD (own rate, own chance to leave after each purchase), with what real shops add:
//! seasons, people who wait for sales, steady gaps, tastes, and returns that drive people away.

use clove_core::{Day, Month};

use super::DemoOptions;
use super::basket::{Discount, Line, Refund, apply_discount, choose_lines, draw_refunds};
use super::calendar::{Clock, demand, growth, is_gift_season, sale_on};
use super::catalogue::{CHANNELS, COUNTRIES, Channel, MARKET_STALL, NEWSLETTER};
use super::people::{Habit, Handles, Person};
use super::random::Random;

/// Length of the shop's history in months.
const MONTHS: i32 = 36;

/// One order as the shop's system would keep it. Amounts are minor units of the country's currency.
#[derive(Debug, Clone)]
pub struct Order {
    /// Number of the customer in order of simulation; `usize::MAX` for the shop's own test orders.
    pub customer: usize,
    /// How many orders the customer had placed before.
    pub nth: usize,
    /// Local day.
    pub day: Day,
    /// Local seconds since midnight.
    pub second: i32,
    /// `paid`, `partially_refunded`, `refunded`, `cancelled` or `pending`.
    pub status: &'static str,
    /// Whether the shop marked it as a test.
    pub test: bool,
    /// `sale` or `gift_card_sale`.
    pub kind: &'static str,
    /// Index in [`COUNTRIES`].
    pub country: usize,
    /// Exchange rate to the shop's currency in ten-thousandths; `None` where the shop's system lost it.
    pub rate: Option<i64>,
    /// Lines; none for gift cards.
    pub lines: Vec<Line>,
    /// Value before discounts.
    pub gross: i64,
    /// Discounts.
    pub discount: i64,
    /// Tax on goods and shipping.
    pub tax: i64,
    /// Shipping charged.
    pub shipping: i64,
    /// Cost of goods, if known for every line.
    pub cost: Option<i64>,
    /// Channel of this order.
    pub channel: &'static str,
    /// Discount code.
    pub code: &'static str,
    /// Who ordered, as typed.
    pub handles: Handles,
    /// Money given back until the last day.
    pub refunds: Vec<Refund>,
}

/// One row of marketing cost, in euro cents.
#[derive(Debug, Clone)]
pub struct Cost {
    /// Month.
    pub month: Month,
    /// Channel, or empty for costs of no single channel.
    pub channel: &'static str,
    /// Kind of cost.
    pub kind: &'static str,
    /// Amount in euro cents.
    pub amount: i64,
}

/// The whole simulated shop.
#[derive(Debug)]
pub struct Shop {
    /// Orders by time of placement.
    pub orders: Vec<Order>,
    /// Marketing costs by month.
    pub costs: Vec<Cost>,
}

struct Simulation {
    until: Day,
    start: Day,
    /// Busy days bring more new customers, and each year more.
    arrivals: Clock,
    everyday: Clock,
    sales: Clock,
    gifts: Clock,
}

/// Simulates a shop with exactly `options.orders` orders, test and cancelled ones included.
pub fn simulate(options: &DemoOptions) -> Shop {
    let start = Month(options.until.month().0 - MONTHS + 1).first_day();
    let until = options.until;
    let simulation = Simulation {
        until,
        start,
        arrivals: Clock::new(start, until, |day| demand(day) * growth(day.since(start))),
        everyday: Clock::new(start, until, |day| demand(day).powf(0.55)),
        sales: Clock::new(start, until, |day| sale_on(day).map_or(0.1, |sale| sale.lift * 1.4)),
        gifts: Clock::new(start, until, |day| if is_gift_season(day) { demand(day) } else { 0.06 }),
    };
    let mut random = Random::from_seed(options.seed);
    let mut orders = Vec::with_capacity(options.orders + 16);
    let mut customer = 0;
    while orders.len() < options.orders {
        if customer % 700 == 350 {
            orders.push(simulation.test_order(&mut random));
        }
        simulation.live(&mut random, customer, &mut orders);
        customer += 1;
    }
    orders.truncate(options.orders);
    orders.sort_by_key(|order| (order.day, order.second, order.customer, order.nth));
    let costs = simulation.costs(&mut random, &orders);
    Shop { orders, costs }
}

impl Simulation {
    /// One customer from arrival to departure.
    fn live(&self, random: &mut Random, customer: usize, orders: &mut Vec<Order>) {
        let Some(arrival) = self.arrivals.time_of(random.unit() * self.arrivals.total()) else { return };
        let first_day = self.arrivals.day(arrival);
        let channel = CHANNELS[random.pick(CHANNELS.iter().map(|channel| channel.share))];
        let habit = Habit::draw(random, first_day, &channel);
        let person = Person::draw(random, customer, habit, &channel);
        let clock = match habit {
            Habit::Gifts => &self.gifts,
            Habit::Bargains => &self.sales,
            Habit::Regular | Habit::Loyal => &self.everyday,
        };
        let evenness = if habit == Habit::Loyal { 4.0 } else { 1.4 };
        let rate = habit.rate() * channel.quality.sqrt() * random.gamma(evenness) / evenness;
        let (a, b) = habit.leaving();
        let mut leaving = random.beta(a, b);
        let mut time = arrival;
        let mut nth = 0;
        loop {
            let day = clock.day(time);
            let order = self.order(random, customer, nth, day, habit, &person, &channel);
            let returned = order.status == "refunded" || order.status == "partially_refunded";
            let gift_card = !person.handles(random, nth).email.is_empty() && is_gift_season(day) && random.chance(0.03);
            if gift_card {
                orders.push(gift_card_order(random, &order));
            }
            if habit == Habit::Loyal && random.chance(0.02) {
                orders.push(sample_order(&order));
            }
            orders.push(order);
            nth += 1;
            if returned {
                leaving = (leaving * 1.35).min(0.95);
            }
            if channel.name == MARKET_STALL || random.chance(leaving) {
                return;
            }
            leaving *= 0.92;
            let gap = match habit {
                // Two stages: gaps of loyal customers vary less than chance alone would have it.
                Habit::Loyal => f64::midpoint(random.exponential(), random.exponential()),
                _ => random.exponential(),
            };
            match clock.time_of(clock.ticks_at(time) + gap / rate) {
                Some(next) => time = next,
                None => return,
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the facts of one order; a struct for one call would only rename them"
    )]
    fn order(
        &self,
        random: &mut Random,
        customer: usize,
        nth: usize,
        day: Day,
        habit: Habit,
        person: &Person,
        channel: &Channel,
    ) -> Order {
        let country = &COUNTRIES[person.country];
        let mut lines = choose_lines(random, person, habit, day);
        let discount = draw_discount(random, nth, day, habit, channel);
        if let Some(discount) = discount {
            apply_discount(&mut lines, discount.percent);
        }
        let gross: i64 = lines.iter().map(|line| line.quantity * line.unit_price).sum();
        let discounted: i64 = lines.iter().map(|line| line.discount).sum();
        let placed = gross - discounted;
        let free_from = country.local_price(5_000);
        let at_stall = channel.name == MARKET_STALL;
        let shipping = if placed >= free_from || at_stall { 0 } else { country.local_price(490) };
        let tax = ((placed + shipping) as f64 * country.tax).round() as i64;
        let mut refunds = draw_refunds(random, habit, &lines);
        refunds.retain(|refund| day.0 + refund.delay <= self.until.0);
        let refunded: i64 = refunds.iter().map(|refund| refund.items).sum();
        let open = self.until.since(day) < 2 && random.chance(0.3);
        let cancelled = random.chance(0.016);
        let status = match () {
            () if cancelled => "cancelled",
            () if open => "pending",
            () if refunded >= placed => "refunded",
            () if refunded > 0 => "partially_refunded",
            () => "paid",
        };
        if cancelled || open {
            refunds.clear();
        }
        Order {
            customer,
            nth,
            day,
            second: draw_second(random),
            status,
            test: false,
            kind: "sale",
            country: person.country,
            rate: self.rate(random, person.country, day),
            gross,
            discount: discounted,
            tax,
            shipping,
            cost: lines.iter().map(|line| line.cost).sum(),
            lines,
            channel: if nth == 0 { channel.name } else { draw_repeat_channel(random, channel) },
            code: discount.map_or("", |discount| discount.code),
            handles: person.handles(random, nth),
            refunds,
        }
    }

    /// An order of the shop's own staff, marked as a test.
    fn test_order(&self, random: &mut Random) -> Order {
        let day = Day(self.start.0 + random.below(self.until.since(self.start) as usize + 1) as i32);
        let person = Person::draw(random, 0, Habit::Regular, &CHANNELS[0]);
        let mut order = self.order(random, usize::MAX, 0, day, Habit::Regular, &person, &CHANNELS[1]);
        order.test = true;
        order.status = "paid";
        order.refunds.clear();
        order.handles = Handles { account: false, email: "staff@example.com".into(), ..Handles::default() };
        order
    }

    /// The exchange rate of a day: slow and fast waves around the middle rate; now and then it was never stored.
    fn rate(&self, random: &mut Random, country: usize, day: Day) -> Option<i64> {
        let middle = COUNTRIES[country].rate;
        if middle == 1.0 {
            return Some(10_000);
        }
        let lost = random.chance(0.001);
        let days = f64::from(day.since(self.start));
        let waves = 1.0 + 0.025 * (days / 190.0).sin() + 0.006 * (days / 17.0).sin();
        (!lost).then(|| (middle * waves * 10_000.0).round() as i64)
    }

    /// What the shop spent to win its customers, month by month.
    fn costs(&self, random: &mut Random, orders: &[Order]) -> Vec<Cost> {
        let mut costs = Vec::new();
        for month in self.start.month().0..=self.until.month().0 {
            let month = Month(month);
            let years = f64::from(month.0 - self.start.month().0) / 12.0;
            let new_customers = |channel: &str| {
                let is_new = |order: &&Order| order.nth == 0 && !order.test && order.day.month() == month;
                orders.iter().filter(is_new).filter(|order| order.channel == channel).count() as f64
            };
            for channel in CHANNELS.iter().filter(|channel| channel.cost > 0.0) {
                let each = channel.cost * channel.cost_growth.powf(years) * (1.0 + 0.08 * random.normal());
                let kind = if channel.name == "referral" { "referral_reward" } else { "media" };
                let amount = (new_customers(channel.name) * each.max(0.0)).round() as i64;
                if amount > 0 {
                    costs.push(Cost { month, channel: channel.name, kind, amount });
                }
            }
            let everybody: f64 = CHANNELS.iter().map(|channel| new_customers(channel.name)).sum();
            let shared = [("agency", 110.0), ("salaries", 420.0), ("tools", 45.0)];
            for (kind, each) in shared {
                let amount = (everybody * each * (1.0 + 0.05 * random.normal())).round() as i64;
                costs.push(Cost { month, channel: "", kind, amount });
            }
        }
        costs
    }
}

/// The code that an order is placed with, if any.
fn draw_discount(random: &mut Random, nth: usize, day: Day, habit: Habit, channel: &Channel) -> Option<Discount> {
    let percent = |code, percent| Some(Discount { code, percent });
    if let Some(sale) = sale_on(day) {
        let share = if habit == Habit::Bargains { 0.97 } else { 0.5 };
        if random.chance(share) {
            return percent(sale.code, sale.percent);
        }
    }
    match (nth, channel.name) {
        (_, MARKET_STALL) => None,
        (0, "referral") => percent("FRIEND10", 10),
        (0, "influencer") if random.chance(0.8) => percent("BREZZA15", 15),
        (0, _) if random.chance(if habit == Habit::Bargains { 0.85 } else { 0.22 }) => percent("WELCOME10", 10),
        (1.., _) if habit == Habit::Bargains => percent("THANKS15", 15),
        (1.., _) if random.chance(0.06) => percent("THANKS15", 15),
        _ => None,
    }
}

/// Where a repeat order comes from: mostly the newsletter and the address bar.
fn draw_repeat_channel(random: &mut Random, first: &Channel) -> &'static str {
    let sources = [(NEWSLETTER, 0.36), ("direct", 0.3), ("organic", 0.16), (first.name, 0.18)];
    sources[random.pick(sources.iter().map(|source| source.1))].0
}

/// Local seconds since midnight: a lunch peak and a higher one in the evening.
fn draw_second(random: &mut Random) -> i32 {
    const HOURS: [f64; 24] = [
        1.2, 0.6, 0.3, 0.2, 0.2, 0.4, 1.0, 2.2, 3.4, 4.4, 5.0, 5.2, 5.8, 5.4, 4.6, 4.4, 4.6, 5.0, 5.4, 6.4, 8.0, 8.6,
        6.6, 3.2,
    ];
    random.pick(HOURS.into_iter()) as i32 * 3_600 + random.below(3_600) as i32
}

/// A gift card bought along with an order: money for later, not revenue.
fn gift_card_order(random: &mut Random, with: &Order) -> Order {
    let value = COUNTRIES[with.country].local_price([2_500, 5_000, 10_000][random.below(3)]);
    Order {
        second: (with.second + 240).min(86_399),
        status: "paid",
        kind: "gift_card_sale",
        lines: Vec::new(),
        gross: value,
        discount: 0,
        tax: 0,
        shipping: 0,
        cost: Some(0),
        code: "",
        refunds: Vec::new(),
        ..with.clone()
    }
}

/// A free sample sent to a loyal customer: cost, no value.
fn sample_order(with: &Order) -> Order {
    let mut lines: Vec<Line> = with.lines.iter().take(1).copied().collect();
    for line in &mut lines {
        line.cost = line.cost.map(|cost| cost / line.quantity);
        line.quantity = 1;
        line.unit_price = 0;
        line.discount = 0;
    }
    Order {
        second: (with.second + 60).min(86_399),
        status: "paid",
        gross: 0,
        discount: 0,
        tax: 0,
        shipping: 0,
        cost: lines.iter().map(|line| line.cost).sum(),
        lines,
        code: "",
        refunds: Vec::new(),
        ..with.clone()
    }
}
