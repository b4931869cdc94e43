//! Who buys in the demo shop: names, handles, and how each person tends to buy. No real persons.

use clove_core::Day;

use super::calendar::{is_gift_season, sale_on};
use super::catalogue::{COUNTRIES, Channel, MARKET_STALL};
use super::random::Random;

/// How a person buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Buys presents before Christmas, and perhaps again a year later.
    Gifts,
    /// Buys when there is a sale.
    Bargains,
    /// Buys now and then, until some day no more.
    Regular,
    /// Buys at steady gaps and seldom leaves.
    Loyal,
}

impl Habit {
    /// The habit of somebody whose first order is on `day`.
    pub fn draw(random: &mut Random, day: Day, channel: &Channel) -> Habit {
        let gifts = if is_gift_season(day) { 0.46 } else { 0.12 };
        let bargains = if sale_on(day).is_some() { 0.42 } else { 0.12 };
        let loyal = 0.085 * channel.quality;
        let weights = [gifts, bargains, 0.55, loyal];
        [Habit::Gifts, Habit::Bargains, Habit::Regular, Habit::Loyal][random.pick(weights.into_iter())]
    }

    /// Purchases per tick of the habit's own clock, before the person's own factor.
    pub fn rate(self) -> f64 {
        match self {
            Habit::Gifts => 1.0 / 75.0,
            Habit::Bargains => 1.0 / 55.0,
            Habit::Regular => 1.0 / 52.0,
            Habit::Loyal => 1.0 / 30.0,
        }
    }

    /// The parameters of the beta distribution of the chance to leave after a purchase.
    pub fn leaving(self) -> (f64, f64) {
        match self {
            Habit::Gifts => (2.0, 2.0),
            Habit::Bargains => (1.4, 1.4),
            Habit::Regular => (1.3, 1.3),
            Habit::Loyal => (1.0, 9.0),
        }
    }
}

/// What a person leaves at the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// An account with an e-mail, from the first order on.
    Account,
    /// Always a guest, with an e-mail.
    GuestEmail,
    /// A guest at first who registers with the same e-mail at the second order.
    GuestThenAccount,
    /// A guest who leaves a phone number only.
    GuestPhone,
    /// Nothing at all.
    Anonymous,
    /// An account and a phone; later orders by another e-mail with the same phone, without signing in.
    TwoEmails,
}

/// A person who buys.
#[derive(Debug, Clone)]
pub struct Person {
    /// Index in [`COUNTRIES`].
    pub country: usize,
    /// Factor on the size of baskets.
    pub basket: f64,
    /// Weights of the categories, as in `Category::ALL`.
    pub tastes: [f64; 5],
    identity: Identity,
    name: String,
    email: String,
    second_email: String,
    phone: Option<String>,
}

/// The handles that an order carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handles {
    /// Whether the order was placed from the person's account.
    pub account: bool,
    /// Name as typed.
    pub name: String,
    /// E-mail as typed.
    pub email: String,
    /// Phone as typed.
    pub phone: String,
}

const GIVEN_NAMES: [(&str, &str); 28] = [
    ("Giulia", "giulia"),
    ("Niccolò", "niccolo"),
    ("Chiara", "chiara"),
    ("Matteo", "matteo"),
    ("Zoë", "zoe"),
    ("Élodie", "elodie"),
    ("Théo", "theo"),
    ("Amélie", "amelie"),
    ("Jürgen", "juergen"),
    ("Anke", "anke"),
    ("Ștefan", "stefan"),
    ("Ioana", "ioana"),
    ("Ținca", "tinca"),
    ("Răzvan", "razvan"),
    ("ليلى", "layla"),
    ("يوسف", "yusuf"),
    ("مريم", "maryam"),
    ("كريم", "karim"),
    ("Hannah", "hannah"),
    ("Owen", "owen"),
    ("Priya", "priya"),
    ("Marta", "marta"),
    ("Lorenzo", "lorenzo"),
    ("Francesca", "francesca"),
    ("Noé", "noe"),
    ("Ilinca", "ilinca"),
    ("Salma", "salma"),
    ("Davide", "davide"),
];

const FAMILY_NAMES: [(&str, &str); 24] = [
    ("Bassorilievo", "bassorilievo"),
    ("D'Alberella", "dalberella"),
    ("Montefiorito", "montefiorito"),
    ("Campolungo", "campolungo"),
    ("Pian del Sole", "piandelsole"),
    ("Vallescura", "vallescura"),
    ("Saint-Clairval", "saintclairval"),
    ("Boisrenard", "boisrenard"),
    ("Pontvermeil", "pontvermeil"),
    ("Mühlengrund", "muehlengrund"),
    ("Großacker", "grossacker"),
    ("Țărmure", "tarmure"),
    ("Șoimărescu-Vânt", "soimarescu"),
    ("Brădățel", "bradatel"),
    ("Pădurenaș", "padurenas"),
    ("النخيلي", "alnakhili"),
    ("بن الوادي", "benalwadi"),
    ("السحابي", "alsahabi"),
    ("O'Marrowby", "omarrowby"),
    ("Thistlewick", "thistlewick"),
    ("Fernhollow", "fernhollow"),
    ("Nadkarnivar", "nadkarnivar"),
    ("Rocciabianca", "rocciabianca"),
    ("Lungomare", "lungomare"),
];

/// Domains that RFC 2606 sets aside, so that no mail can ever reach anybody.
const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

impl Person {
    /// Somebody new. `number` makes the e-mail addresses unique.
    pub fn draw(random: &mut Random, number: usize, habit: Habit, channel: &Channel) -> Person {
        let country =
            if channel.name == MARKET_STALL { 0 } else { random.pick(COUNTRIES.iter().map(|country| country.share)) };
        let given = GIVEN_NAMES[random.below(GIVEN_NAMES.len())];
        let family = FAMILY_NAMES[random.below(FAMILY_NAMES.len())];
        let domain = DOMAINS[random.below(DOMAINS.len())];
        let identity = if channel.name == MARKET_STALL {
            Identity::Anonymous
        } else {
            let kinds = [
                (Identity::Account, 0.77),
                (Identity::GuestEmail, 0.10),
                (Identity::GuestThenAccount, 0.06),
                (Identity::GuestPhone, 0.025),
                (Identity::Anonymous, 0.01),
                (Identity::TwoEmails, 0.035),
            ];
            kinds[random.pick(kinds.iter().map(|kind| kind.1))].0
        };
        let has_phone = matches!(identity, Identity::GuestPhone | Identity::TwoEmails)
            || (identity != Identity::Anonymous && random.chance(0.3));
        let phone = has_phone.then(|| phone(random, country, number));
        let mut tastes = [3.2, 1.8, 1.6, 0.8, 0.5];
        tastes[random.below(4)] *= 3.5;
        if habit == Habit::Gifts {
            tastes = [0.6, 0.5, 1.0, 0.8, 4.0];
        }
        Person {
            country,
            basket: random.gamma(5.0) / 5.0,
            tastes,
            identity,
            name: typed_name(random, given.0, family.0),
            email: format!("{}.{}{number}@{domain}", given.1, family.1),
            second_email: format!("{}{number}@{domain}", family.1),
            phone,
        }
    }

    /// The handles on the person's order number `nth`, counted from 0.
    pub fn handles(&self, random: &mut Random, nth: usize) -> Handles {
        let phone = self.phone.clone().unwrap_or_default();
        let with = |account: bool, email: &str, phone: String| Handles {
            account,
            name: self.name.clone(),
            email: email.to_owned(),
            phone,
        };
        let mut handles = match self.identity {
            Identity::GuestEmail => with(false, &self.email, phone),
            Identity::GuestThenAccount => with(nth > 0, &self.email, phone),
            Identity::GuestPhone => with(false, "", phone),
            Identity::Anonymous => Handles::default(),
            Identity::TwoEmails if nth >= 1 && nth % 2 == 1 => with(false, &self.second_email, phone),
            Identity::Account | Identity::TwoEmails => with(true, &self.email, phone),
        };
        if random.chance(0.015) {
            handles.email = handles.email.to_uppercase();
        } else if random.chance(0.01) && !handles.email.is_empty() {
            handles.email.push(' ');
        }
        handles
    }
}

/// An invented phone number in one of the usual ways of writing it.
fn phone(random: &mut Random, country: usize, number: usize) -> String {
    let dialling = COUNTRIES[country].dialling;
    let subscriber = format!("{:07}", number % 10_000_000);
    match random.below(3) {
        0 => format!("+{dialling} 355 {subscriber}"),
        1 => format!("+{dialling}355{subscriber}"),
        _ => format!("00{dialling} 355 {} {}", &subscriber[..3], &subscriber[3..]),
    }
}

/// A name as people type it: mostly tidy, sometimes in capitals, the family name first, or with a nickname.
fn typed_name(random: &mut Random, given: &str, family: &str) -> String {
    match random.below(40) {
        0 => format!("{given} {family}").to_uppercase(),
        1 => format!("{family}, {given}"),
        2 => format!("{given}  {family} "),
        3 => format!("{given} \"{}\" {family}", given.chars().take(3).collect::<String>()),
        _ => format!("{given} {family}"),
    }
}
