//! Signatures of webhooks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::problem::{Refusal, RefusalKind};

/// Checks the signature that Shopify (`X-Shopify-Hmac-SHA256`) and WooCommerce (`X-WC-Webhook-Signature`) send: the base64 of
/// HMAC-SHA256 over the body **as it arrived**, under the webhook's secret. The comparison takes the same time wherever the
/// signatures differ.
pub fn verify_webhook(secret: &[u8], body: &[u8], signature: &str) -> Result<(), Refusal> {
    let refusal = || {
        let remedy = "set the webhook's secret to the one that the shop signs with, and pass the body on unchanged";
        Refusal::new(RefusalKind::Signature, "", "the signature does not belong to this body", remedy)
    };
    // An empty secret would make every forger right who leaves theirs empty.
    if secret.is_empty() {
        return Err(refusal());
    }
    let claimed = STANDARD.decode(signature.trim()).map_err(|_| refusal())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| refusal())?;
    mac.update(body);
    mac.verify_slice(&claimed).map_err(|_| refusal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_secret_over_the_untouched_body_passes() {
        // Reference value: RFC 4231, test case 2.
        let (secret, body) = (b"Jefe", b"what do ya want for nothing?");
        let signature = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
        assert!(verify_webhook(secret, body, signature).is_ok());
        for (secret, body, signature) in [
            (&b"jefe"[..], &body[..], signature),
            (secret, b"what do ya want for nothing? ", signature),
            (secret, body, "X9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="),
            (secret, body, "W9zBRr9gdU5q"),
            (secret, body, "no base64!"),
            (secret, body, ""),
            (b"", body, signature),
        ] {
            assert_eq!(verify_webhook(secret, body, signature).unwrap_err().kind, RefusalKind::Signature);
        }
    }
}
