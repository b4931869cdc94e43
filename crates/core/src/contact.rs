//! E-mail addresses and phone numbers in one form.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// An e-mail address in the form in which it is compared: NFKC, trimmed, lower case. Dots and `+` parts stay.
///
/// Empty if the cell holds no address.
pub fn normal_email(cell: &str) -> Cow<'_, str> {
    let trimmed = cell.trim();
    let plain = trimmed.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let address: Cow<'_, str> = if plain {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(trimmed.nfkc().collect::<String>().trim().to_lowercase())
    };
    if address.contains('@') { address } else { Cow::Borrowed("") }
}

/// Calling code and whether national numbers start with a 0 that is dropped abroad.
const COUNTRIES: [(&[&str], &str, bool); 44] = [
    (&["it", "italy", "italia", "italie", "ita"], "39", false),
    (&["fr", "france", "francia", "fra"], "33", true),
    (&["ro", "romania", "roumanie", "rou"], "40", true),
    (&["de", "germany", "deutschland", "germania", "allemagne", "deu"], "49", true),
    (&["es", "spain", "espana", "spagna", "espagne", "esp"], "34", false),
    (&["pt", "portugal", "prt"], "351", false),
    (&["gb", "uk", "unitedkingdom", "greatbritain", "england", "regnounito", "royaumeuni", "gbr"], "44", true),
    (&["ie", "ireland", "irl"], "353", true),
    (&["us", "usa", "unitedstates", "unitedstatesofamerica", "statiuniti", "etatsunis"], "1", false),
    (&["ca", "canada", "can"], "1", false),
    (&["ch", "switzerland", "svizzera", "suisse", "schweiz", "che"], "41", true),
    (&["at", "austria", "osterreich", "aut"], "43", true),
    (&["be", "belgium", "belgique", "belgie", "belgio", "bel"], "32", true),
    (&["nl", "netherlands", "nederland", "paesibassi", "paysbas", "nld"], "31", true),
    (&["lu", "luxembourg", "lux"], "352", false),
    (&["pl", "poland", "polska", "polonia", "pologne", "pol"], "48", false),
    (&["cz", "czechia", "czechrepublic", "cze"], "420", false),
    (&["sk", "slovakia", "svk"], "421", true),
    (&["hu", "hungary", "magyarorszag", "hun"], "36", false),
    (&["bg", "bulgaria", "bgr"], "359", true),
    (&["gr", "greece", "grecia", "grc"], "30", false),
    (&["hr", "croatia", "hrv"], "385", true),
    (&["si", "slovenia", "svn"], "386", true),
    (&["dk", "denmark", "danmark", "dnk"], "45", false),
    (&["se", "sweden", "sverige", "swe"], "46", true),
    (&["no", "norway", "norge", "nor"], "47", false),
    (&["fi", "finland", "suomi", "fin"], "358", true),
    (&["md", "moldova", "mda"], "373", true),
    (&["eg", "egypt", "مصر", "egy"], "20", true),
    (&["sa", "saudiarabia", "السعوديه", "المملكهالعربيهالسعوديه", "sau"], "966", true),
    (&["ae", "unitedarabemirates", "uae", "الامارات", "are"], "971", true),
    (&["ma", "morocco", "maroc", "المغرب", "mar"], "212", true),
    (&["dz", "algeria", "algerie", "الجزائر", "dza"], "213", true),
    (&["tn", "tunisia", "tunisie", "تونس", "tun"], "216", false),
    (&["jo", "jordan", "الاردن", "jor"], "962", true),
    (&["kw", "kuwait", "الكويت", "kwt"], "965", false),
    (&["qa", "qatar", "قطر", "qat"], "974", false),
    (&["tr", "turkey", "turkiye", "tur"], "90", true),
    (&["au", "australia", "aus"], "61", true),
    (&["nz", "newzealand", "nzl"], "64", true),
    (&["br", "brazil", "brasil", "bra"], "55", true),
    (&["mx", "mexico", "mex"], "52", false),
    (&["in", "india", "ind"], "91", true),
    (&["jp", "japan", "jpn"], "81", true),
];

/// The calling code of a country given by name or code, and whether its numbers drop a leading 0.
pub fn calling_code(country: &str) -> Option<(&'static str, bool)> {
    let folded = crate::fold::fold(country);
    COUNTRIES.iter().find(|(names, _, _)| names.contains(&folded.as_str())).map(|&(_, code, drops)| (code, drops))
}

/// The two letters of a country given by name or code: any two letters, or the name of a country whose calling code is known.
pub fn country_code(country: &str) -> Option<String> {
    let country = country.trim();
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(country.to_ascii_uppercase());
    }
    let folded = crate::fold::fold(country);
    COUNTRIES
        .iter()
        .find(|(names, _, _)| names.contains(&folded.as_str()))
        .map(|(names, _, _)| names[0].to_ascii_uppercase())
}

/// A phone number: E.164 with `+` where it states its country or the country is known, else its digits.
///
/// Empty if there are fewer than six digits.
pub fn normal_phone(cell: &str, country: Option<(&'static str, bool)>) -> String {
    let mut digits = String::with_capacity(cell.len() + 1);
    let mut international = false;
    for letter in cell.chars() {
        match letter {
            '+' if digits.is_empty() => international = true,
            '0'..='9' => digits.push(letter),
            '٠'..='٩' => digits.push(char::from(b'0' + (letter as u32 - '٠' as u32) as u8)),
            // Extensions and second numbers behind the first.
            'x' | 'X' | '/' | ',' | ';' if digits.len() >= 6 => break,
            _ => {}
        }
    }
    if digits.len() < 6 {
        return String::new();
    }
    if !international && let Some(rest) = digits.strip_prefix("00") {
        digits = rest.into();
        international = true;
    }
    if international {
        // "+44 (0)20 ..." keeps its national 0 in brackets only for people.
        if cell.contains("(0)") {
            let known = COUNTRIES.iter().find(|(_, code, drops)| *drops && digits.starts_with(code));
            if let Some((_, code, _)) = known {
                let rest = digits[code.len()..].trim_start_matches('0');
                return format!("+{code}{rest}");
            }
        }
        return format!("+{digits}");
    }
    match country {
        Some((code, drops_zero)) => {
            let national = if drops_zero { digits.strip_prefix('0').unwrap_or(&digits) } else { &digits };
            format!("+{code}{national}")
        }
        None => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_case_and_spaces_but_with_dots() {
        assert_eq!(normal_email("Ann@X.it "), "ann@x.it");
        assert_eq!(normal_email("a.b+c@x.it"), "a.b+c@x.it");
        assert_eq!(normal_email("ａｎｎ@x.it"), "ann@x.it");
        assert_eq!(normal_email("not an address"), "");
    }

    #[test]
    fn numbers_meet_in_one_form() {
        let italy = calling_code("Italia");
        let france = calling_code("FR");
        assert_eq!(normal_phone("+39 333 1234567", None), "+393331234567");
        assert_eq!(normal_phone("0039 333-1234567", None), "+393331234567");
        assert_eq!(normal_phone("333 1234567", italy), "+393331234567");
        assert_eq!(normal_phone("06 12 34 56 78", france), "+33612345678");
        assert_eq!(normal_phone("+44 (0)20 7946 0958", None), "+442079460958");
        assert_eq!(normal_phone("333 1234567", None), "3331234567");
        assert_eq!(normal_phone("'+40 721 000 111", None), "+40721000111");
        assert_eq!(normal_phone("٠١٠٠١٢٣٤٥٦٧", calling_code("مصر")), "+201001234567");
        assert_eq!(normal_phone("n/a", None), "");
    }
}
