//! Order files of real shops, for tests that need them.

use std::path::PathBuf;

use clove_models::history::Histories;

/// Days since 1970-01-01 of a `YYYY-MM-DD` date (Hinnant's civil-from-days, inverted).
pub fn day(date: &str) -> i32 {
    let mut parts = date[..10].split('-').map(|p| p.parse::<i32>().expect("a number in a date"));
    let mut next = || parts.next().expect("year, month and day");
    let (year, month, day) = (next(), next(), next());
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Purchases of a file with columns `customer_id` and `ordered_at`, customers numbered in order of appearance. `None`, with
/// a line that says so, when `CLOVE_TEST_DATA` is not set.
pub fn purchases(file: &str) -> Option<(usize, Vec<u32>, Vec<i32>)> {
    let Some(folder) = std::env::var_os("CLOVE_TEST_DATA") else {
        println!("SKIPPED: CLOVE_TEST_DATA is not set, {file} cannot be read");
        return None;
    };
    let path = PathBuf::from(folder).join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let place = |name: &str| header.iter().position(|h| *h == name).expect("the column exists");
    let (id, date) = (place("customer_id"), place("ordered_at"));
    let mut numbers = std::collections::HashMap::new();
    let (mut customers, mut days) = (Vec::new(), Vec::new());
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let next = numbers.len() as u32;
        customers.push(*numbers.entry(fields[id].to_owned()).or_insert(next));
        days.push(day(fields[date]));
    }
    Some((numbers.len(), customers, days))
}

/// The histories of a file, see [`purchases`].
pub fn histories(file: &str) -> Option<Histories> {
    let (count, customers, days) = purchases(file)?;
    Some(Histories::from_purchases(count, &customers, &days, None).expect("valid purchases"))
}
