//! Which bytes stand for which letters.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252, WINDOWS_1256};

/// The encoding of a text file by its first bytes. `known_words` counts the header words that a decoding would make
/// recognisable: the strongest hint there is.
pub fn detect(head: &[u8], known_words: &dyn Fn(&str) -> usize) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    if let Some(encoding) = detect_utf16(head) {
        return encoding;
    }
    match std::str::from_utf8(head) {
        Ok(_) => return UTF_8,
        // The head may end within a letter.
        Err(error) if error.error_len().is_none() => return UTF_8,
        Err(_) => {}
    }
    let mut best = (WINDOWS_1252, i64::MIN);
    for encoding in [WINDOWS_1252, WINDOWS_1250, WINDOWS_1256] {
        let (text, _) = encoding.decode_without_bom_handling(head);
        let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        let score = letter_score(&text, encoding) + 50 * known_words(header) as i64;
        if score > best.1 {
            best = (encoding, score);
        }
    }
    best.0
}

fn detect_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(4_000)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let pairs = sample.len() / 2;
    if pairs < 2 {
        return None;
    }
    // Delimiters, digits and line breaks have a zero byte even where the words are Arabic.
    let (even, odd) = (zeros(0), zeros(1));
    if odd > pairs / 4 && even <= pairs / 20 {
        Some(UTF_16LE)
    } else if even > pairs / 4 && odd <= pairs / 20 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// How much a decoded text looks like languages that are written in this encoding.
fn letter_score(text: &str, encoding: &'static Encoding) -> i64 {
    let western = "àâäáãåæçèéêëìíîïñòóôöõøùúûüßœÀÂÄÁÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜ";
    let central = "ăâîşţŞŢĂÂÎąćęłńóśźżĄĆĘŁŃŚŹŻáčďéěíňóřšťúůýžÁČĎĚŇŘŠŤŮÝŽäöüßőűŐŰ";
    let mut score = 0;
    let mut previous = ' ';
    for letter in text.chars() {
        if !letter.is_ascii() {
            let beside_letter = previous.is_alphabetic();
            score += match letter {
                '\u{600}'..='\u{6ff}' if is_arabic(previous) => 3,
                '\u{600}'..='\u{6ff}' => 0,
                '€' | '£' | '\u{a0}' | '°' | '–' | '’' => 1,
                // Letters of Romanian, Polish or Czech against signs and foreign letters at the same bytes.
                _ if encoding == WINDOWS_1252 && western.contains(letter) => 2,
                _ if encoding == WINDOWS_1250 && "ăşţŞŢĂłąęśżźćńŁčřšžůěőűŠŽ".contains(letter) => {
                    3
                }
                _ if encoding == WINDOWS_1250 && central.contains(letter) => 2,
                'º' | 'ª' | 'þ' | 'Þ' | '³' | '¹' | '¿' | 'ð' if beside_letter => -3,
                _ => -1,
            };
        } else if letter.is_ascii_lowercase() && is_arabic(previous) {
            // Arabic and Latin letters do not share a word.
            score -= 4;
        }
        previous = letter;
    }
    score
}

fn is_arabic(letter: char) -> bool {
    ('\u{600}'..='\u{6ff}').contains(&letter)
}

/// A whole text in an encoding, without its byte order mark.
pub fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    let (text, _, _) = encoding.decode(bytes);
    text.into_owned()
}

/// A stream of UTF-8 from a stream in another encoding. For UTF-8 only the byte order mark is removed.
pub fn reader(input: Box<dyn Read>, encoding: &'static Encoding) -> Box<dyn Read> {
    if encoding == UTF_8 {
        return Box::new(WithoutMark { input, checked: false, pending: Vec::new() });
    }
    Box::new(Decoding {
        input,
        decoder: encoding.new_decoder_with_bom_removal(),
        raw: vec![0; 64 * 1024],
        text: Vec::new(),
        taken: 0,
        at_end: false,
    })
}

struct WithoutMark {
    input: Box<dyn Read>,
    checked: bool,
    pending: Vec<u8>,
}

impl Read for WithoutMark {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.checked {
            self.checked = true;
            let mut mark = Vec::new();
            self.input.by_ref().take(3).read_to_end(&mut mark)?;
            if mark != b"\xef\xbb\xbf" {
                self.pending = mark;
            }
        }
        if !self.pending.is_empty() {
            let count = self.pending.len().min(out.len());
            out[..count].copy_from_slice(&self.pending[..count]);
            self.pending.drain(..count);
            return Ok(count);
        }
        self.input.read(out)
    }
}

struct Decoding {
    input: Box<dyn Read>,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    taken: usize,
    at_end: bool,
}

impl Read for Decoding {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.text.len() && !self.at_end {
            let count = self.input.read(&mut self.raw)?;
            self.at_end = count == 0;
            let needed = self.decoder.max_utf8_buffer_length(count).unwrap_or(count * 3 + 16);
            self.text.resize(needed, 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..count], &mut self.text, self.at_end);
            self.text.truncate(written);
            self.taken = 0;
        }
        let count = (self.text.len() - self.taken).min(out.len());
        out[..count].copy_from_slice(&self.text[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(text: &str, encoding: &'static Encoding) -> &'static str {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{text}");
        detect(&bytes, &|_| 0).name()
    }

    #[test]
    fn letters_give_their_encoding_away() {
        assert_eq!(
            detected("Quantité;Désignation;Prix\n1;Théière émaillée à fleurs;12,50 €\n", WINDOWS_1252),
            "windows-1252"
        );
        assert_eq!(detected("città;più;perché\n£3\n", WINDOWS_1252), "windows-1252");
        assert_eq!(detected("Comandă;Preţ;Ceaşcă şi farfurie\n1;2;Ţesătură\n", WINDOWS_1250), "windows-1250");
        assert_eq!(detected("رقم الطلب,العميل,التاريخ\n1,أحمد,2026-01-01\n", WINDOWS_1256), "windows-1256");
        assert_eq!(detected("plain,ascii\n1,2\n", WINDOWS_1252), "UTF-8");
    }

    #[test]
    fn utf16_is_known_with_and_without_mark() {
        let little: Vec<u8> = "order_id,date\n1,2026-01-01\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "order_id,date\n1,2026-01-01\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(detect(&little, &|_| 0), UTF_16LE);
        assert_eq!(detect(&big, &|_| 0), UTF_16BE);
        let marked: Vec<u8> = [&[0xff, 0xfe], little.as_slice()].concat();
        let mut text = String::new();
        reader(Box::new(io::Cursor::new(marked.clone())), detect(&marked, &|_| 0)).read_to_string(&mut text).unwrap();
        assert_eq!(text, "order_id,date\n1,2026-01-01\n");
    }

    #[test]
    fn the_mark_of_utf8_is_removed() {
        let mut text = String::new();
        reader(Box::new(io::Cursor::new(b"\xef\xbb\xbfa,b".to_vec())), UTF_8).read_to_string(&mut text).unwrap();
        assert_eq!(text, "a,b");
    }
}
