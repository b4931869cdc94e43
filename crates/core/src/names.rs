//! Distinct texts, numbered in the order of their first appearance.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use crate::shop::NONE;

/// Whole numbers below this are found in a table rather than by a hash of their text.
const TABLED: usize = 1 << 24;

/// A set of distinct texts in one block of memory; each has a number.
///
/// Texts that are small whole numbers, as ids often are, are found in a table; all others in a hash index, which holds short texts
/// itself: a look into the block of texts, somewhere in memory, would take longer than all the rest.
#[derive(Debug, Clone, Default)]
pub struct Names {
    text: String,
    /// Where each text ends in `text`, less the multiple of 4 GiB that `wraps` tells.
    ends: Vec<u32>,
    /// The numbers from which on `text` is longer than one, two, ... times 4 GiB.
    wraps: Vec<u32>,
    index: HashTable<Entry>,
    /// One more than the number of each whole number, 0 for those that are no text of the set.
    whole: Vec<u32>,
    /// Whether the index and the table were given back.
    released: bool,
}

/// A number with the [`Key`] of its text, in as little memory as can be.
#[derive(Debug, Clone, Copy)]
struct Entry {
    head: u64,
    rest: u32,
    number: u32,
}

impl Entry {
    #[inline]
    fn key(&self) -> Key {
        Key { head: self.head, rest: self.rest }
    }
}

/// A text of up to [`SHORT`] bytes with its length, or the beginning of a longer one with part of its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    head: u64,
    /// Three bytes of text (or hash), and the length or [`LONG`] above them.
    rest: u32,
}

/// Bytes of the texts that a key holds as a whole.
const SHORT: usize = 11;
/// The length in the keys of longer texts.
const LONG: u32 = 0xff << 24;

impl Key {
    #[inline]
    fn of(text: &[u8]) -> Key {
        let word = |from: usize| u64::from_le_bytes(*text[from..].first_chunk().unwrap_or(&[0; 8]));
        let half = |from: usize| u64::from(u32::from_le_bytes(*text[from..].first_chunk().unwrap_or(&[0; 4])));
        // Pieces may overlap: the bytes that they share are the same.
        let length = text.len();
        let (head, above) = match length {
            0 => (0, 0),
            1..=3 => {
                let byte = |at: usize| u64::from(text[at]) << (8 * at);
                (byte(0) | byte(length / 2) | byte(length - 1), 0)
            }
            4..=7 => (half(0) | half(length - 4) << (8 * (length - 4)), 0),
            8 => (word(0), 0),
            9..=SHORT => (word(0), (word(length - 8) >> (8 * (16 - length))) as u32),
            _ => {
                let mut hasher = FxHasher::default();
                hasher.write(text);
                return Key { head: word(0), rest: (hasher.finish() >> 40) as u32 | LONG };
            }
        };
        Key { head, rest: above | (length as u32) << 24 }
    }

    #[inline]
    fn is_whole(self) -> bool {
        self.rest & LONG != LONG
    }

    #[inline]
    fn hash(self) -> u64 {
        let product = u128::from(self.head ^ 0x9e37_79b9_7f4a_7c15)
            * u128::from((u64::from(self.rest) | 1 << 40).wrapping_mul(0xd6e8_feb8_6659_fd93));
        (product >> 64) as u64 ^ product as u64
    }
}

impl Names {
    /// An empty set.
    pub fn new() -> Names {
        Names::default()
    }

    /// The number of `text`, which is added if it is new.
    #[inline]
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(value) = whole_number(text.as_bytes()) {
            return self.intern_tabled(value, text);
        }
        if self.released {
            self.restore();
        }
        let key = Key::of(text.as_bytes());
        if let Some(number) = self.find_indexed(key, text) {
            return number;
        }
        let number = self.push(text);
        self.add_to_index(key, number);
        number
    }

    /// The numbers of many texts, which lie behind each other in `texts` and end at `ends`; those that are new are added. Quicker
    /// than one after the other, since the processor can look for several at a time.
    pub fn intern_all(&mut self, texts: &str, ends: &[usize], numbers: &mut Vec<u32>) {
        self.restore();
        numbers.clear();
        let mut start = 0;
        numbers.extend(ends.iter().map(|&end| {
            let text = &texts[start..end];
            start = end;
            let known = match whole_number(text.as_bytes()) {
                Some(value) => self.whole.get(value).filter(|&&place| place != 0).map(|&place| place - 1),
                None => self.find_indexed(Key::of(text.as_bytes()), text),
            };
            known.unwrap_or(NONE)
        }));
        let mut start = 0;
        for (number, &end) in numbers.iter_mut().zip(ends) {
            if *number == NONE {
                *number = self.intern(&texts[start..end]);
            }
            start = end;
        }
    }

    /// The number of a whole number's text, which is added if it is new.
    #[inline]
    pub fn intern_whole(&mut self, value: i64) -> u32 {
        match self.whole.get(value as usize) {
            Some(&place) if place != 0 && value >= 0 => place - 1,
            _ => self.intern(decimal(value, &mut [0; 20])),
        }
    }

    /// The number of a whole number's text if the table of whole numbers has it, else [`NONE`]. Nothing in it branches: where many are
    /// looked up one after the other, the processor waits for several at a time.
    #[inline]
    pub fn find_tabled(&self, value: i64) -> u32 {
        self.whole.get(value as usize).copied().unwrap_or(0).wrapping_sub(1)
    }

    fn intern_tabled(&mut self, value: usize, text: &str) -> u32 {
        if self.released {
            self.restore();
        }
        match self.whole.get(value) {
            Some(&place) if place != 0 => return place - 1,
            Some(_) => {}
            None => grow(&mut self.whole, value),
        }
        let number = self.push(text);
        self.whole[value] = number + 1;
        number
    }

    /// Adds a text that the set does not have yet, and returns its number. As long as all texts come this way nothing is indexed,
    /// and [`Names::find`] looks through all of them. A text that is added twice has two numbers.
    pub fn add_new(&mut self, text: &str) -> u32 {
        self.released |= self.ends.is_empty();
        let number = self.push(text);
        if !self.released {
            self.index_text(number);
        }
        number
    }

    fn push(&mut self, text: &str) -> u32 {
        let number = self.ends.len() as u32;
        assert!(number < NONE - 1, "there are more distinct texts than numbers for them");
        self.text.push_str(text);
        let end = self.text.len() as u64;
        while (self.wraps.len() as u64) < end >> 32 {
            self.wraps.push(number);
        }
        self.ends.push(end as u32);
        number
    }

    /// The number of `text`, if it is known.
    pub fn find(&self, text: &str) -> Option<u32> {
        if self.released {
            return self.iter().position(|known| known == text).map(|number| number as u32);
        }
        match whole_number(text.as_bytes()) {
            Some(value) => self.whole.get(value).filter(|&&place| place != 0).map(|&place| place - 1),
            None => self.find_indexed(Key::of(text.as_bytes()), text),
        }
    }

    /// Gives back the memory that only adding and finding need. Both still work: adding makes it anew, and until then
    /// finding looks through all texts.
    pub fn release_index(&mut self) {
        self.index = HashTable::new();
        self.whole = Vec::new();
        self.released = true;
    }

    /// Makes what [`Names::release_index`] gave back.
    pub fn restore(&mut self) {
        if !std::mem::take(&mut self.released) {
            return;
        }
        for number in 0..self.ends.len() as u32 {
            self.index_text(number);
        }
    }

    fn index_text(&mut self, number: u32) {
        if let Some(value) = whole_number(self.get(number).as_bytes()) {
            if value >= self.whole.len() {
                grow(&mut self.whole, value);
            }
            self.whole[value] = number + 1;
        } else {
            self.add_to_index(Key::of(self.get(number).as_bytes()), number);
        }
    }

    #[inline]
    fn find_indexed(&self, key: Key, text: &str) -> Option<u32> {
        let is_it = |entry: &Entry| entry.key() == key && (key.is_whole() || self.get(entry.number) == text);
        self.index.find(key.hash(), is_it).map(|entry| entry.number)
    }

    #[inline]
    fn add_to_index(&mut self, key: Key, number: u32) {
        let Key { head, rest } = key;
        self.index.insert_unique(key.hash(), Entry { head, rest, number }, |entry| entry.key().hash());
    }

    /// The text of a number.
    ///
    /// # Panics
    /// If the number was not given out by this set.
    #[inline]
    pub fn get(&self, number: u32) -> &str {
        let start = if number == 0 { 0 } else { self.end(number - 1) };
        &self.text[start..self.end(number)]
    }

    #[inline]
    fn end(&self, number: u32) -> usize {
        let end = self.ends[number as usize] as usize;
        if self.wraps.is_empty() { end } else { end + (self.wraps.partition_point(|&from| from <= number) << 32) }
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

/// Makes room for a value. A new table of zeros is memory that is not touched before it is used.
#[cold]
fn grow(table: &mut Vec<u32>, value: usize) {
    let mut larger = vec![0; (value + 1).next_power_of_two()];
    larger[..table.len()].copy_from_slice(table);
    *table = larger;
}

/// The whole number below [`TABLED`] that has exactly this text.
#[inline]
fn whole_number(text: &[u8]) -> Option<usize> {
    let (&first, _) = text.split_first()?;
    if text.len() > 8 || (first == b'0' && text.len() > 1) {
        return None;
    }
    let mut value = 0;
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + usize::from(digit);
    }
    (value < TABLED).then_some(value)
}

/// A whole number as text, in a buffer of the caller.
fn decimal(value: i64, buffer: &mut [u8; 20]) -> &str {
    let mut rest = value.unsigned_abs();
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        start -= 1;
        buffer[start] = b'-';
    }
    std::str::from_utf8(&buffer[start..]).unwrap_or_default()
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
    fn texts_of_every_length_are_told_apart() {
        // Texts that differ in one byte, in length alone, or in bytes of zero at the end.
        let mut texts = Vec::new();
        for length in 0..20 {
            let plain = "abcdefghijklmnopqrst"[..length].to_owned();
            for at in 0..length {
                let mut other = plain.clone().into_bytes();
                other[at] = b'\0';
                texts.push(String::from_utf8(other).unwrap());
                let mut other = plain.clone().into_bytes();
                other[at] = b'~';
                texts.push(String::from_utf8(other).unwrap());
            }
            texts.push(plain);
        }
        let mut one_by_one = Names::new();
        for (number, text) in texts.iter().enumerate() {
            assert_eq!((one_by_one.find(text), one_by_one.intern(text)), (None, number as u32), "{text:?}");
        }
        let twice: Vec<&String> = texts.iter().chain(&texts).collect();
        let ends: Vec<usize> = twice
            .iter()
            .scan(0, |end, text| {
                *end += text.len();
                Some(*end)
            })
            .collect();
        let block: String = twice.iter().map(|text| text.as_str()).collect();
        let (mut together, mut numbers) = (Names::new(), vec![7]);
        together.intern_all(&block, &ends, &mut numbers);
        let expected: Vec<u32> = (0..texts.len() as u32).chain(0..texts.len() as u32).collect();
        assert_eq!(numbers, expected);
        assert!(texts.iter().enumerate().all(|(number, text)| together.get(number as u32) == text));
    }

    #[test]
    fn texts_added_as_new_are_found_like_others() {
        let mut names = Names::new();
        assert_eq!((names.add_new("7"), names.add_new("-3"), names.find("-3")), (0, 1, Some(1)));
        assert_eq!((names.intern("x"), names.intern("7"), names.add_new("9"), names.add_new("y")), (2, 0, 3, 4));
        assert_eq!((names.find("7"), names.find("9"), names.intern("9"), names.intern("y")), (Some(0), Some(3), 3, 4));
    }

    #[test]
    fn whole_numbers_are_texts_like_others() {
        let mut names = Names::new();
        let texts =
            ["7", "007", "0", "00", "-0", "16777215", "16777216", "99999999", "100000000", "+7", "7.0", "٧", ""];
        for (number, text) in texts.iter().enumerate() {
            assert_eq!((names.find(text), names.intern(text)), (None, number as u32), "{text}");
        }
        assert_eq!((names.intern_whole(7), names.intern_whole(16_777_216), names.intern_whole(100_000_000)), (0, 6, 8));
        assert_eq!((names.intern_whole(-3), names.intern("-3"), names.find("-3")), (13, 13, Some(13)));
        assert_eq!(names.intern_whole(i64::MIN), 14);
        assert_eq!(names.get(14), i64::MIN.to_string());
        for released in [false, true] {
            if released {
                names.release_index();
            }
            for (number, text) in texts.iter().enumerate() {
                assert_eq!((names.find(text), names.get(number as u32)), (Some(number as u32), *text));
            }
            assert_eq!(names.find("8"), None);
        }
        assert_eq!((names.intern("7"), names.intern("00"), names.intern_whole(0), names.intern("new")), (0, 3, 2, 15));
    }
}
