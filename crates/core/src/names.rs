//! Distinct texts, numbered in the order of their first appearance.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// A set of distinct texts in one block of memory; each has a number.
///
/// The index by text is made when it is first needed: who adds texts that are known to be new does not pay for it.
#[derive(Debug, Clone, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    index: HashTable<Entry>,
    /// Texts that the index knows: those with numbers below.
    indexed: usize,
}

/// A number with part of its text's hash: growing the index and most comparisons need no look at the text.
#[derive(Debug, Clone, Copy)]
struct Entry {
    number: u32,
    hash: u32,
}

impl Names {
    /// An empty set.
    pub fn new() -> Names {
        Names::default()
    }

    /// The number of `text`, which is added if it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        while self.indexed < self.ends.len() {
            let number = self.indexed as u32;
            self.add_to_index(number, hash_of(self.get(number)));
        }
        let hash = hash_of(text);
        if let Some(number) = self.find_indexed(hash, text) {
            return number;
        }
        let number = self.add_new(text);
        self.add_to_index(number, hash);
        number
    }

    /// Adds a text that the set does not have yet and returns its number. A text that is added twice has two numbers.
    pub fn add_new(&mut self, text: &str) -> u32 {
        let number = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        number
    }

    /// The number of `text`, if it is known.
    pub fn find(&self, text: &str) -> Option<u32> {
        let unindexed = self.indexed as u32..self.ends.len() as u32;
        self.find_indexed(hash_of(text), text)
            .or_else(|| unindexed.into_iter().find(|&number| self.get(number) == text))
    }

    fn find_indexed(&self, hash: u32, text: &str) -> Option<u32> {
        self.index
            .find(spread(hash), |entry| entry.hash == hash && self.get(entry.number) == text)
            .map(|entry| entry.number)
    }

    /// Texts go into the index in the order of their numbers.
    fn add_to_index(&mut self, number: u32, hash: u32) {
        self.index.insert_unique(spread(hash), Entry { number, hash }, |entry| spread(entry.hash));
        self.indexed += 1;
    }

    /// The text of a number.
    ///
    /// # Panics
    /// If the number was not given out by this set.
    pub fn get(&self, number: u32) -> &str {
        slice(&self.text, &self.ends, number)
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All texts in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.ends.len()).map(|number| self.get(number as u32))
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], number: u32) -> &'a str {
    let number = number as usize;
    let start = if number == 0 { 0 } else { ends[number - 1] };
    &text[start..ends[number]]
}

fn hash_of(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.write_usize(text.len());
    (hasher.finish() >> 32) as u32 ^ hasher.finish() as u32
}

/// Spreads the kept part of a hash over all bits that the index looks at.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_number() {
        let mut names = Names::new();
        let many: Vec<u32> = (0..10_000).map(|i| names.intern(&format!("customer-{}", i % 1_000))).collect();
        assert_eq!(names.len(), 1_000);
        assert!(many.iter().enumerate().all(|(i, &number)| number as usize == i % 1_000));
        assert_eq!(names.get(7), "customer-7");
        assert_eq!(names.find("customer-999"), Some(999));
        assert_eq!(names.find("nobody"), None);
        assert_eq!(names.intern(""), 1_000);
        assert_eq!(names.get(1_000), "");
    }

    #[test]
    fn texts_added_as_new_are_found_like_others() {
        let mut names = Names::new();
        assert_eq!((names.add_new("7"), names.add_new("-3"), names.find("-3")), (0, 1, Some(1)));
        assert_eq!((names.intern("x"), names.intern("7"), names.add_new("9")), (2, 0, 3));
        assert_eq!((names.find("7"), names.find("9"), names.intern("9"), names.len()), (Some(0), Some(3), 3, 4));
    }
}
