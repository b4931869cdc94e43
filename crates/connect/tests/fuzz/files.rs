//! Table files. The first byte of an input chooses the kind of file.

use std::path::PathBuf;

use clove_connect::{DateOrder, Inputs, Mapping, ReadOptions, read_customers, read_shop, read_table};
use tempfile::TempDir;

use crate::fuzz;

const NAMES: [&str; 8] = [
    "orders.csv",
    "orders.tsv",
    "orders.jsonl",
    "orders.json",
    "orders.xlsx",
    "orders.parquet",
    "orders.csv.gz",
    "orders",
];

/// A folder for one file at a time, in memory where the system has such a place.
fn folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}

/// The file that an input is. It goes when dropped.
struct File {
    /// The first byte.
    choice: u8,
    path: PathBuf,
}

impl File {
    fn write(folder: &TempDir, bytes: &[u8]) -> Option<File> {
        let (&choice, content) = bytes.split_first()?;
        let path = folder.path().join(NAMES[usize::from(choice) % NAMES.len()]);
        std::fs::write(&path, content).expect("a file");
        Some(File { choice, path })
    }

    fn name(&self) -> &str {
        self.path.to_str().expect("a path as text")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).expect("it was written");
    }
}

/// What is read adds up: each row is part of an order, a reject, or tallied; amounts of orders are within bounds that a sum over all
/// can hold; what is wrong is said in words.
#[test]
fn orders() {
    let folder = folder();
    fuzz!("orders", |bytes: &[u8]| {
        let Some(file) = File::write(&folder, bytes) else { return };
        let date_order = (file.choice & 0x80 != 0).then_some(DateOrder::DayMonthYear);
        let options = ReadOptions { date_order, keep_rejects: 10, ..ReadOptions::default() };
        match read_shop(&Inputs::orders(file.name()), &options) {
            Ok(import) => {
                let shop = &import.shop;
                assert!(shop.orders.len() as u64 <= shop.health.rows);
                assert!(shop.health.rejects.len() <= 10);
                let gross: i128 = shop.orders.gross.iter().map(|gross| i128::from(*gross)).sum();
                assert!(i64::try_from(gross).is_ok(), "a sum of {gross}");
                import.to_mapping().to_toml();
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    });
}

#[test]
fn customers_and_raw_tables() {
    let folder = folder();
    fuzz!("tables", |bytes: &[u8]| {
        let Some(file) = File::write(&folder, bytes) else { return };
        let name = file.name();
        if let Err(error) = read_customers(name, &ReadOptions::default()) {
            assert!(!error.to_string().is_empty());
        }
        if let Ok(table) = read_table(name, &ReadOptions::default()) {
            let columns = table.header.len();
            assert!(table.rows.iter().all(|row| row.len() == columns));
        }
    });
}

/// What `check --write-map` writes can be read, and says the same.
#[test]
fn mappings() {
    fuzz!("mappings", |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(mapping) = Mapping::from_toml(text) else { return };
        let written = mapping.to_toml();
        let again = Mapping::from_toml(&written).expect("what we write");
        assert_eq!(again.to_toml(), written);
    });
}
