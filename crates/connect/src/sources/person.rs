//! From the fields that identify a person to handles in one form.

use clove_core::Personal;
use clove_core::contact::{calling_code, normal_email, normal_phone};
use clove_core::fact::Handle;

/// Adds the handles of an e-mail address and a phone number, and keeps both as they were written.
pub(crate) fn contact(personal: &mut Personal, email: Option<String>, phone: Option<String>, country: Option<&str>) {
    if let Some(email) = email.filter(|email| !email.trim().is_empty()) {
        let normal = normal_email(&email).into_owned();
        if !normal.is_empty() {
            push(personal, "email", normal);
        }
        personal.email = Some(email);
    }
    if let Some(phone) = phone.filter(|phone| !phone.trim().is_empty()) {
        let normal = normal_phone(&phone, country.and_then(calling_code));
        // A number without its country is not the same everywhere.
        if normal.starts_with('+') {
            push(personal, "phone", normal);
        }
        personal.phone = Some(phone);
    }
}

fn push(personal: &mut Personal, channel: &str, external_id: String) {
    add_handle(personal, Handle { channel: channel.to_owned(), scope: String::new(), external_id });
}

/// Adds a handle that is not there yet and can be used.
pub(crate) fn add_handle(personal: &mut Personal, handle: Handle) {
    let id = handle.external_id.trim();
    let usable = !id.is_empty() && id.len() <= 1_000;
    if usable && !personal.handles.contains(&handle) {
        personal.handles.push(handle);
    }
}
