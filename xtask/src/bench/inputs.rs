//! The inputs of the benches: made once, with a fixed seed, and kept.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// What a bench reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A synthetic shop with so many customers: customer, date, amount, as Parquet.
    Customers(u64),
    /// A synthetic table of so many orders, as Parquet.
    Orders(u64),
    /// A synthetic table of so many order lines, as CSV.
    Lines(u64),
    /// The tenth of CDNOW that the literature uses, as CSV.
    CdnowSample,
    /// All of CDNOW, as CSV.
    CdnowFull,
}

impl Input {
    /// What must be given for it, in words.
    pub fn needs(self) -> &'static str {
        match self {
            Input::Customers(_) | Input::Orders(_) => "--peers DIR",
            Input::Lines(_) => "nothing",
            Input::CdnowSample | Input::CdnowFull => "--data DIR",
        }
    }
}

/// Who makes the inputs.
pub struct Maker<'a> {
    /// Where they are kept.
    pub work: &'a Path,
    /// Folder with the generators.
    pub peers: Option<&'a Path>,
    /// The Python that runs them.
    pub python: &'a Path,
    /// Folder with real shops.
    pub data: Option<&'a Path>,
}

impl Maker<'_> {
    /// The file of an input, made if it is not there yet; `None` if what it needs was not given.
    pub fn make(&self, input: Input) -> anyhow::Result<Option<PathBuf>> {
        Ok(match input {
            Input::Customers(count) => self.generated(
                "gen_clv.py",
                count,
                &format!("customers-{count}"),
                &format!("customers-{count}.parquet"),
            )?,
            Input::Orders(count) => {
                let file = format!("orders-{count}.parquet");
                self.generated("gen_orders.py", count, &file, &file)?
            }
            Input::Lines(count) => Some(self.lines(count)?),
            Input::CdnowSample => self.data.map(|data| data.join("cdnow/CDNOW_sample.csv")),
            Input::CdnowFull => self.data.map(|data| data.join("cdnow/orders.csv")),
        })
    }

    fn generated(&self, script: &str, count: u64, argument: &str, file: &str) -> anyhow::Result<Option<PathBuf>> {
        let path = self.work.join(file);
        if path.exists() {
            return Ok(Some(path));
        }
        let Some(peers) = self.peers else { return Ok(None) };
        let status = Command::new(self.python)
            .arg(peers.join(script))
            .arg(count.to_string())
            .arg(self.work.join(argument))
            .status()
            .with_context(|| format!("cannot run {}", self.python.display()))?;
        if !status.success() || !path.exists() {
            bail!("{script} made no {}", path.display());
        }
        Ok(Some(path))
    }

    fn lines(&self, count: u64) -> anyhow::Result<PathBuf> {
        let path = self.work.join(format!("lines-{count}.csv"));
        if path.exists() {
            return Ok(path);
        }
        let part = path.with_extension("part");
        let file = File::create(&part).with_context(|| format!("cannot write {}", part.display()))?;
        let mut writer = BufWriter::with_capacity(1 << 18, file);
        write_lines(&mut writer, count)?;
        writer.into_inner().context("cannot finish the order lines")?;
        std::fs::rename(&part, &path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

/// Order lines as an online shop exports them: 1 to 4 lines an order, five orders a customer, in the order of time.
fn write_lines(writer: &mut impl Write, count: u64) -> std::io::Result<()> {
    writeln!(writer, "order_id,customer_id,created_at,sku,quantity,unit_price")?;
    let mut random = SplitMix(20_260_630);
    let customers = (count / 12).max(1);
    // The lines are spread evenly over three years.
    let (start_s, span_s) = (1_672_531_200, 3 * 365 * 86_400);
    let (mut line, mut order) = (0, 0_u64);
    while line < count {
        order += 1;
        let customer = random.below(customers);
        let at = start_s + span_s * line / count;
        let (date, second) = (date(at / 86_400), at % 86_400);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        for _ in 0..(1 + random.below(4)).min(count - line) {
            let (product, quantity) = (random.below(5_000), 1 + random.below(3));
            let price = 500 + product * 7 % 9_000;
            writeln!(
                writer,
                "{order},c{customer:08},{date} {hour:02}:{minute:02}:{second:02},sku-{product:05},{quantity},{}.{:02}",
                price / 100,
                price % 100
            )?;
            line += 1;
        }
    }
    Ok(())
}

/// The calendar date of a day since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
fn date(day: u64) -> String {
    let day = day + 719_468;
    let era = day / 146_097;
    let day_of_era = day % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{:02}", day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// SplitMix64 (Steele, Lea & Flood 2014): small, fast, and the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!([date(0), date(59), date(11_016)], ["1970-01-01", "1970-03-01", "2000-02-29"]);
        assert_eq!(date(19_358), "2023-01-01");
    }

    #[test]
    fn lines_are_as_many_as_asked_for_and_always_the_same() {
        let make = || {
            let mut bytes = Vec::new();
            write_lines(&mut bytes, 1_000).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let text = make();
        assert_eq!(text.lines().count(), 1_001);
        assert!(text.lines().skip(1).all(|line| line.split(',').count() == 6));
        assert_eq!(text, make());
    }
}
