//! Words that a person is found by: without case, accents and spelling variants.

use std::collections::BTreeSet;

use clove_core::fold::fold;

/// Words of a search that are looked at; more make it no narrower.
pub(crate) const MOST_WORDS: usize = 3;
/// National numbers are found by these last digits.
const LAST_DIGITS: [usize; 2] = [9, 10];

/// The words of a name: parts between spaces, hyphens, apostrophes and dots.
fn of_name(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|letter: char| letter.is_whitespace() || "-'’`.,;/()".contains(letter))
        .map(fold)
        .filter(|word| !word.is_empty())
}

/// What a person is found by, in order.
pub(crate) fn words_of<'a>(
    names: impl Iterator<Item = &'a str>,
    emails: &[String],
    phones: &[String],
) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = names.flat_map(of_name).collect();
    words.extend(emails.iter().map(|email| fold(email)).filter(|word| !word.is_empty()));
    for phone in phones {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        for last in LAST_DIGITS {
            if digits.len() > last {
                words.insert(digits[digits.len() - last..].to_owned());
            }
        }
        if !digits.is_empty() {
            words.insert(digits);
        }
    }
    words
}

/// The words of a search, the longest first: each must begin a word of the person.
pub(crate) fn words_of_search(text: &str) -> Vec<String> {
    let phone = text.chars().all(|letter| letter.is_numeric() || letter.is_whitespace() || "+-()./".contains(letter));
    let mut words: Vec<String> = if text.contains('@') || phone {
        let words = text.split_whitespace().map(fold).filter(|word| !word.is_empty());
        if phone {
            let digits = words.collect::<String>();
            // 0039 and 06 are how people write +39 and a national number.
            vec![digits.strip_prefix("00").or(digits.strip_prefix('0')).unwrap_or(&digits).to_owned()]
        } else {
            words.collect()
        }
    } else {
        of_name(text).collect()
    };
    words.retain(|word| !word.is_empty());
    words.sort_by(|left, right| (right.len(), left).cmp(&(left.len(), right)));
    words.dedup();
    words.truncate(MOST_WORDS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_five_languages_meet() {
        let found = |name: &str, search: &str| {
            let words = words_of([name].into_iter(), &[], &[]);
            words_of_search(search).iter().all(|part| words.iter().any(|word| word.starts_with(part.as_str())))
        };
        assert!(found("Ștefan Brâncuși", "stefan brancusi"));
        assert!(found("Ştefan", "Ștef"));
        assert!(found("إيمان أحمد", "ايمان احمد"));
        assert!(found("Anne-Marie D'Aubigné", "aubigne marie"));
        assert!(!found("Anna", "anne"));
    }

    #[test]
    fn numbers_are_found_with_and_without_their_country() {
        let words = words_of(std::iter::empty(), &["ann.b@x.it".to_owned()], &["+393331234567".to_owned()]);
        for search in ["+39 333 1234567", "333 123", "0039 333", "ann.b@x", "٣٣٣ 1234"] {
            let parts = words_of_search(search);
            assert_eq!(parts.len(), 1, "{search}: {parts:?}");
            assert!(words.iter().any(|word| word.starts_with(&parts[0])), "{search}: {parts:?} in {words:?}");
        }
        assert!(words_of_search(" -- ").is_empty());
    }
}
