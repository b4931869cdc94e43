//! What the demo shop sells, where its customers come from, and in which money they pay. All of it is invented.

/// A product category; the customers' tastes go by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Beans and grounds: bought again and again.
    Coffee,
    /// Leaves and infusions: bought again and again.
    Tea,
    /// Pots, mills, cups: bought now and then, sometimes sent back.
    Equipment,
    /// Table linen: bought now and then, often sent back.
    Linen,
    /// Boxes and sets: bought for others.
    Gifts,
}

impl Category {
    /// All categories.
    pub const ALL: [Category; 5] =
        [Category::Coffee, Category::Tea, Category::Equipment, Category::Linen, Category::Gifts];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Category::Coffee => "Coffee",
            Category::Tea => "Tea",
            Category::Equipment => "Equipment",
            Category::Linen => "Linen",
            Category::Gifts => "Gifts",
        }
    }

    /// The chance that an item of this category comes back.
    pub fn return_rate(self) -> f64 {
        match self {
            Category::Coffee => 0.015,
            Category::Tea => 0.02,
            Category::Equipment => 0.085,
            Category::Linen => 0.14,
            Category::Gifts => 0.05,
        }
    }
}

/// A product. Prices are euro cents without tax.
#[derive(Debug, Clone, Copy)]
pub struct Product {
    /// The name on the order.
    pub name: &'static str,
    /// Its category.
    pub category: Category,
    /// List price in euro cents, without tax.
    pub price: i64,
    /// Cost of goods in euro cents; `None` where the shop never entered one.
    pub cost: Option<i64>,
    /// How often it is chosen, relative to the others.
    pub weight: f64,
    /// Index of a product that tends to be bought with it.
    pub goes_with: Option<usize>,
}

const fn product(
    name: &'static str,
    category: Category,
    price: i64,
    cost: i64,
    weight: f64,
    goes_with: Option<usize>,
) -> Product {
    let cost = if cost == 0 { None } else { Some(cost) };
    Product { name, category, price, cost, weight, goes_with }
}

/// The range of products.
pub const PRODUCTS: [Product; 30] = [
    product("Brezza House Blend 500 g", Category::Coffee, 1_350, 590, 10.0, None),
    product("Brezza Espresso Notte 500 g", Category::Coffee, 1_450, 620, 9.0, None),
    product("Single Farm Huila 250 g", Category::Coffee, 1_090, 520, 6.0, None),
    product("Caffè d'orzo \"Nonna\" 400 g", Category::Coffee, 890, 310, 3.0, None),
    product("Decaf Sera 250 g", Category::Coffee, 990, 450, 3.5, None),
    product("Cold Brew Bags, box of 12", Category::Coffee, 1_690, 0, 2.5, None),
    product("قهوة عربية بالهيل 250 g", Category::Coffee, 1_190, 560, 2.0, None),
    product("Morning Hill Black Tea 100 g", Category::Tea, 920, 330, 5.0, None),
    product("Green Terrace Sencha 100 g", Category::Tea, 1_280, 540, 4.0, None),
    product("Ceai de tei și mușețel 80 g", Category::Tea, 690, 210, 3.0, None),
    product("شاي بالنعناع 90 g", Category::Tea, 760, 250, 2.5, None),
    product("Chai Masala, loose, 120 g", Category::Tea, 1_040, 380, 3.0, None),
    product("Moka Pot Piccola, 3 cups", Category::Equipment, 2_790, 1_240, 4.0, Some(0)),
    product("Moka Pot Grande, 6 cups", Category::Equipment, 3_690, 1_640, 2.5, Some(1)),
    product("Hand Mill Faggio", Category::Equipment, 6_900, 3_350, 2.0, Some(2)),
    product("Pour-over Dripper Onda", Category::Equipment, 2_450, 980, 2.5, Some(16)),
    product("Paper Filters Onda, 100", Category::Equipment, 640, 170, 2.0, None),
    product("Cast Iron Teapot Riva", Category::Equipment, 5_400, 2_610, 1.5, Some(8)),
    product("Stoneware Mug Sabbia", Category::Equipment, 1_590, 560, 3.0, None),
    product("Espresso Cups Luna, set of 4", Category::Equipment, 3_250, 1_290, 2.0, None),
    product("Kettle Airone 1.2 l", Category::Equipment, 8_900, 4_900, 1.0, Some(15)),
    product("Linen Towel Salvia", Category::Linen, 1_690, 640, 2.5, None),
    product("Tablecloth Pergola 150x220", Category::Linen, 7_400, 3_150, 1.0, Some(23)),
    product("Napkins Pergola, set of 6", Category::Linen, 3_900, 1_580, 1.2, None),
    product("Apron Bottega", Category::Linen, 3_400, 1_350, 1.2, None),
    product("Gift Box Colazione", Category::Gifts, 4_500, 2_050, 3.0, None),
    product("Gift Box Tea Library", Category::Gifts, 5_900, 2_480, 2.5, None),
    product("Advent Calendar, 24 coffees", Category::Gifts, 6_500, 3_100, 2.0, None),
    product("Tasting Set \"Tre Porti\", 3 x 100 g", Category::Gifts, 2_400, 1_050, 3.0, None),
    product("Panettone al caffè 750 g", Category::Gifts, 2_900, 0, 1.5, None),
];

/// A sales or marketing channel as the order carries it.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    /// The name in files.
    pub name: &'static str,
    /// Share of new customers.
    pub share: f64,
    /// Factor on the purchase rate of the customers it brings.
    pub quality: f64,
    /// Media cost of one new customer at the beginning, in euro cents; 0 for unpaid channels.
    pub cost: f64,
    /// Factor on that cost after each year.
    pub cost_growth: f64,
}

/// The channels that bring new customers.
pub const CHANNELS: [Channel; 8] = [
    Channel { name: "organic", share: 0.23, quality: 1.15, cost: 0.0, cost_growth: 1.0 },
    Channel { name: "direct", share: 0.14, quality: 1.25, cost: 0.0, cost_growth: 1.0 },
    Channel { name: "paid search", share: 0.20, quality: 0.95, cost: 1_350.0, cost_growth: 1.10 },
    Channel { name: "paid social", share: 0.19, quality: 0.6, cost: 1_780.0, cost_growth: 1.22 },
    Channel { name: "influencer", share: 0.06, quality: 0.7, cost: 1_550.0, cost_growth: 1.05 },
    Channel { name: "referral", share: 0.06, quality: 1.6, cost: 900.0, cost_growth: 1.0 },
    Channel { name: "marketplace", share: 0.08, quality: 0.5, cost: 420.0, cost_growth: 1.03 },
    Channel { name: MARKET_STALL, share: 0.04, quality: 0.0, cost: 0.0, cost_growth: 1.0 },
];

/// The channel whose buyers leave no e-mail, no phone and no account.
pub const MARKET_STALL: &str = "market stall";

/// The channel of repeat orders that follow a newsletter.
pub const NEWSLETTER: &str = "email";

/// A country, with its money and tax.
#[derive(Debug, Clone, Copy)]
pub struct Country {
    /// ISO 3166 code.
    pub code: &'static str,
    /// Share of customers.
    pub share: f64,
    /// ISO 4217 code of the money that orders are in.
    pub currency: &'static str,
    /// Local price of one euro of list price, before rounding to a shelf price.
    pub price_level: f64,
    /// Shop currency for one unit of `currency` in the middle of the period.
    pub rate: f64,
    /// Tax on goods and shipping.
    pub tax: f64,
    /// International dialling code.
    pub dialling: &'static str,
}

/// The countries that the shop sends to.
pub const COUNTRIES: [Country; 7] = [
    country("IT", 0.52, "EUR", 1.0, 1.0, 0.22, "39"),
    country("FR", 0.13, "EUR", 1.0, 1.0, 0.20, "33"),
    country("DE", 0.11, "EUR", 1.0, 1.0, 0.19, "49"),
    country("RO", 0.12, "RON", 4.9, 0.2012, 0.19, "40"),
    country("US", 0.07, "USD", 1.15, 0.918, 0.0, "1"),
    country("MA", 0.03, "EUR", 1.0, 1.0, 0.0, "212"),
    country("AE", 0.02, "USD", 1.2, 0.918, 0.0, "971"),
];

const fn country(
    code: &'static str,
    share: f64,
    currency: &'static str,
    price_level: f64,
    rate: f64,
    tax: f64,
    dialling: &'static str,
) -> Country {
    Country { code, share, currency, price_level, rate, tax, dialling }
}

impl Country {
    /// A price in this country's money, in minor units: shelf prices abroad end in full tenths.
    pub fn local_price(&self, euro_cents: i64) -> i64 {
        if self.price_level == 1.0 {
            return euro_cents;
        }
        (euro_cents as f64 * self.price_level / 10.0).round() as i64 * 10
    }
}
