//! Files that are no tables: known by their first bytes, so that the refusal can say what they are.

/// First bytes of files that are often named by mistake, and what they are.
const SIGNATURES: [(&[u8], &str); 22] = [
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "a file compressed with zstd (gzip is understood)"),
    (b"BZh", "a file compressed with bzip2 (gzip is understood)"),
    (b"\xfd7zXZ", "a file compressed with xz (gzip is understood)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a SQLite database"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"ARROW1", "an Arrow file"),
    (b"PARE", "an encrypted Parquet file"),
    (b"<!DOCTYPE", "an HTML page"),
    (b"<!doctype", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<HTML", "an HTML page"),
    (b"<?xml", "an XML document"),
    (b"{\\rtf", "a text document (RTF)"),
];

/// What a file is whose first bytes show that it is no table; `None` for what may be text.
pub fn what_it_is(head: &[u8]) -> Option<&'static str> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let known = SIGNATURES.iter().find(|(signature, _)| text.starts_with(signature));
    if let Some((_, what)) = known {
        return Some(what);
    }
    is_binary(head).then_some("a file of binary data")
}

/// Whether bytes cannot be text in any of the encodings that are understood.
fn is_binary(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return false;
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // UTF-16 has its zeros on one side, and many of them.
    let is_utf16 = even.min(odd) * 20 <= even.max(odd) && even.max(odd) * 4 >= head.len() / 2;
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, 0 | b'\t'..=b'\r' | 0x1a | 0x1b)).count();
    (even + odd > 0 && !is_utf16) || controls * 50 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_tables_are_named() {
        assert_eq!(what_it_is(b"%PDF-1.7\n..."), Some("a PDF document"));
        assert_eq!(what_it_is(b"\n <!DOCTYPE html><table>"), Some("an HTML page"));
        let noise: Vec<u8> = (0..=255).cycle().take(4_000).collect();
        assert_eq!(what_it_is(&noise), Some("a file of binary data"));
    }

    #[test]
    fn texts_in_all_encodings_may_be_tables() {
        for text in ["order_id,date\n1,2026-01-01\n", "a", "", "città;più;perché\n", "رقم الطلب,العميل\n"]
        {
            assert_eq!(what_it_is(text.as_bytes()), None, "{text}");
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            if text.is_ascii() {
                assert_eq!(what_it_is(&little), None, "{text} in UTF-16");
            }
        }
        let latin: Vec<u8> = "Quantité;Théière à fleurs\n".chars().map(|letter| letter as u8).collect();
        assert_eq!(what_it_is(&latin), None);
    }
}
