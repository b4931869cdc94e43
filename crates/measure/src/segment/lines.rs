//! Which lines belong to which order.

use clove_core::OrderLines;

/// The lines of each order.
pub(super) struct LinesByOrder {
    starts: Vec<u32>,
    lines: Vec<u32>,
}

impl LinesByOrder {
    pub(super) fn new(lines: &OrderLines, orders: usize) -> LinesByOrder {
        let mut starts = vec![0_u32; orders + 1];
        for &order in &lines.order {
            starts[order as usize + 1] += 1;
        }
        for order in 0..orders {
            starts[order + 1] += starts[order];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0_u32; lines.order.len()];
        for (line, &order) in lines.order.iter().enumerate() {
            sorted[next[order as usize] as usize] = line as u32;
            next[order as usize] += 1;
        }
        LinesByOrder { starts, lines: sorted }
    }

    /// The numbers of an order's lines.
    pub(super) fn of(&self, order: u32) -> &[u32] {
        &self.lines[self.starts[order as usize] as usize..self.starts[order as usize + 1] as usize]
    }
}
