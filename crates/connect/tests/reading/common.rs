//! Files made on the spot, and their reading.

use clove_connect::{Import, Inputs, ReadError, ReadOptions, read_shop};
use clove_core::{Exclusion, ShopData};
use tempfile::TempDir;

/// A folder of files that vanishes with it.
pub struct Files {
    folder: TempDir,
}

impl Files {
    pub fn new() -> Files {
        Files { folder: tempfile::tempdir().unwrap() }
    }

    /// Writes a file and gives its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// Reads one table of orders with default options.
pub fn read(content: impl AsRef<[u8]>) -> Result<Import, ReadError> {
    read_with(content, &ReadOptions::default())
}

/// Reads one table of orders.
pub fn read_with(content: impl AsRef<[u8]>, options: &ReadOptions) -> Result<Import, ReadError> {
    let files = Files::new();
    let path = files.write("orders.csv", content);
    read_shop(&Inputs::orders(&path), options)
}

/// Index of an order by its id.
pub fn order(shop: &ShopData, id: &str) -> usize {
    (0..shop.orders.len())
        .find(|&order| shop.orders.order_id_text(order) == id)
        .unwrap_or_else(|| panic!("no order {id}"))
}

/// One line per order: id, day, exclusion, gross, discount, tax, shipping.
pub fn lines(shop: &ShopData) -> Vec<String> {
    (0..shop.orders.len())
        .map(|order| {
            let orders = &shop.orders;
            format!(
                "{} {} {} gross {} discount {} tax {} shipping {}",
                orders.order_id_text(order),
                orders.day[order],
                orders.exclusion[order].name(),
                shop.currency.format(orders.gross[order]),
                shop.currency.format(orders.discount_of(order)),
                shop.currency.format(orders.tax_of(order)),
                shop.currency.format(orders.shipping_of(order)),
            )
        })
        .collect()
}

/// One line per adjustment: order id, day, items, tax and shipping, restocked cost.
pub fn adjustments(shop: &ShopData) -> Vec<String> {
    shop.adjustments
        .iter()
        .map(|adjustment| {
            format!(
                "{} {} {} {} {}",
                shop.orders.order_id_text(adjustment.order as usize),
                adjustment.day,
                shop.currency.format(adjustment.items),
                shop.currency.format(adjustment.tax_and_shipping),
                shop.currency.format(adjustment.restocked_cost),
            )
        })
        .collect()
}

/// How many orders have each exclusion.
pub fn excluded(shop: &ShopData, reason: Exclusion) -> usize {
    shop.orders.exclusion.iter().filter(|&&exclusion| exclusion == reason).count()
}
