//! What states, kinds and flags of orders mean.

use clove_core::fold::fold;

/// What a state says about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Paid, shipped, completed.
    Paid,
    /// Paid, and some of it paid back.
    PartlyRefunded,
    /// Paid and wholly paid back.
    Refunded,
    /// Not paid yet.
    Pending,
    /// Cancelled, voided, failed, fraud.
    Cancelled,
    /// A word that is not known.
    Unknown,
}

const PARTLY: &[&str] = &[
    "partially refunded",
    "partly refunded",
    "partial refund",
    "parzialmente rimborsato",
    "rimborsato parzialmente",
    "rimborso parziale",
    "partiellement remboursé",
    "remboursé partiellement",
    "remboursement partiel",
    "مسترد جزئيا",
    "مسترجع جزئيا",
    "rambursat parțial",
    "parțial rambursat",
    "partially returned",
];
const REFUNDED: &[&str] = &[
    "refunded",
    "fully refunded",
    "returned",
    "refund",
    "charged back",
    "chargeback",
    "rimborsato",
    "rimborsata",
    "reso",
    "remboursé",
    "remboursée",
    "retourné",
    "مسترد",
    "مسترجع",
    "تم الاسترداد",
    "rambursat",
    "rambursată",
    "returnat",
];
const PENDING: &[&str] = &[
    "pending",
    "pending payment",
    "authorized",
    "on hold",
    "unpaid",
    "awaiting payment",
    "draft",
    "checkout draft",
    "auto draft",
    "expired",
    "open",
    "new",
    "created",
    "payment pending",
    "invoiced",
    "in attesa",
    "in attesa di pagamento",
    "non pagato",
    "bozza",
    "en attente",
    "en attente de paiement",
    "non payé",
    "impayé",
    "brouillon",
    "قيد الانتظار",
    "بانتظار الدفع",
    "غير مدفوع",
    "معلق",
    "în așteptare",
    "în așteptarea plății",
    "neplătit",
    "neplătită",
    "ciornă",
];
const CANCELLED: &[&str] = &[
    "cancelled",
    "canceled",
    "voided",
    "void",
    "failed",
    "fraud",
    "declined",
    "rejected",
    "trash",
    "deleted",
    "denied",
    "unavailable",
    "annullato",
    "annullata",
    "fallito",
    "cancellato",
    "rifiutato",
    "annulé",
    "annulée",
    "échoué",
    "échouée",
    "échec",
    "refusé",
    "refusée",
    "ملغي",
    "ملغى",
    "ملغية",
    "فشل",
    "مرفوض",
    "anulat",
    "anulată",
    "eșuat",
    "eșuată",
    "respins",
    "respinsă",
];
const PAID: &[&str] = &[
    "paid",
    "partially paid",
    "completed",
    "complete",
    "processing",
    "fulfilled",
    "shipped",
    "delivered",
    "closed",
    "success",
    "succeeded",
    "captured",
    "approved",
    "settled",
    "sale",
    "ok",
    "done",
    "confirmed",
    "active",
    "accepted",
    "partially shipped",
    "partially fulfilled",
    "ready for pickup",
    "pagato",
    "pagata",
    "completato",
    "completata",
    "evaso",
    "spedito",
    "spedita",
    "consegnato",
    "consegnata",
    "in lavorazione",
    "payé",
    "payée",
    "terminé",
    "terminée",
    "expédié",
    "expédiée",
    "livré",
    "livrée",
    "en cours",
    "مدفوع",
    "مدفوعة",
    "مكتمل",
    "مكتملة",
    "تم الدفع",
    "تم الشحن",
    "تم التوصيل",
    "قيد المعالجة",
    "plătit",
    "plătită",
    "finalizat",
    "finalizată",
    "livrat",
    "livrată",
    "expediat",
    "expediată",
    "procesare",
    "în procesare",
];

/// Reads a state in any of the five languages.
pub fn state_of(text: &str) -> State {
    let folded = fold(text);
    let folded = folded.strip_prefix("wc").unwrap_or(&folded);
    let is = |words: &[&str]| words.iter().any(|word| fold(word) == folded);
    if is(PARTLY) {
        State::PartlyRefunded
    } else if is(REFUNDED) {
        State::Refunded
    } else if is(CANCELLED) {
        State::Cancelled
    } else if is(PENDING) {
        State::Pending
    } else if is(PAID) {
        State::Paid
    } else {
        State::Unknown
    }
}

/// Whether a cell says yes.
pub fn is_yes(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "1" | "true"
            | "yes"
            | "y"
            | "t"
            | "x"
            | "si"
            | "vero"
            | "oui"
            | "vrai"
            | "da"
            | "adevarat"
            | "نعم"
            | "صحيح"
            | "test"
    )
}

/// What an order's kind means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindOf {
    /// A sale.
    Sale,
    /// The sale of a gift card.
    GiftCard,
    /// Goods or money going back.
    Return,
    /// A draft or quote.
    Draft,
}

/// Reads an order's kind; what is not known is a sale.
pub fn kind_of(text: &str) -> KindOf {
    match fold(text).as_str() {
        "giftcardsale" | "giftcard" | "giftcards" | "giftvoucher" | "cartaregalo" | "buonoregalo" | "cartecadeau"
        | "cardcadou" | "بطاقههديه" => KindOf::GiftCard,
        "return" | "refund" | "creditnote" | "reso" | "rimborso" | "notadicredito" | "retour" | "remboursement"
        | "avoir" | "retur" | "rambursare" | "مرتجع" | "استرداد" => KindOf::Return,
        "draft" | "quote" | "bozza" | "preventivo" | "devis" | "brouillon" | "oferta" | "مسوده" => KindOf::Draft,
        _ => KindOf::Sale,
    }
}

/// What a product's name or code says about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A product.
    Product,
    /// A gift card or voucher that is sold.
    GiftCard,
    /// Postage and carriage: shipping charged.
    Shipping,
    /// Bank charges, samples, adjustments, donations, fees.
    NonProduct,
}

const GIFT_CARDS: &[&str] = &[
    "giftcard",
    "giftvoucher",
    "cartaregalo",
    "buonoregalo",
    "cartecadeau",
    "chequecadeau",
    "boncadeau",
    "cardcadou",
    "vouchercadou",
    "بطاقههديه",
    "بطاقههدايا",
];
const SHIPPING_NAMES: &[&str] = &[
    "postage",
    "dotcompostage",
    "carriage",
    "nextdaycarriage",
    "shipping",
    "delivery",
    "shippingfee",
    "deliveryfee",
    "freight",
    "shippingcharge",
    "postageandpackaging",
    "spedizione",
    "spesedispedizione",
    "livraison",
    "fraisdeport",
    "fraisdelivraison",
    "transport",
    "taxalivrare",
    "costlivrare",
    "الشحن",
    "رسومالشحن",
    "التوصيل",
];
const SHIPPING_CODES: &[&str] = &["post", "dot", "c2", "c3", "shipping", "delivery", "postage", "carriage"];
const OTHER_NAMES: &[&str] = &[
    "manual",
    "discount",
    "bankcharges",
    "bankcharge",
    "samples",
    "sample",
    "adjustbaddebt",
    "baddebt",
    "amazonfee",
    "crukcommission",
    "commission",
    "adjustment",
    "donation",
    "fee",
    "handling",
    "handlingfee",
    "paymentfee",
    "tip",
    "commissionibancarie",
    "speseincasso",
    "donazione",
    "campioni",
    "fraisbancaires",
    "don",
    "echantillons",
    "comisionbancar",
    "donatie",
    "mostre",
    "تبرع",
    "عينات",
    "giftwrapping",
    "giftwrap",
];
const OTHER_CODES: &[&str] = &["bankcharges", "amazonfee", "cruk", "adjust", "adjust2", "baddebt", "samples"];

/// Classifies a line by the product's code and name.
pub fn line_kind(code: &str, name: &str) -> LineKind {
    let (code, name) = (fold(code), fold(name));
    let either = |names: &[&str], codes: &[&str]| {
        names.contains(&name.as_str())
            || codes.contains(&code.as_str())
            || (name.is_empty() && names.contains(&code.as_str()))
    };
    if GIFT_CARDS.iter().any(|word| name.contains(word))
        || (code.starts_with("gift") && code[4..].bytes().next().is_some_and(|byte| byte.is_ascii_digit()))
    {
        LineKind::GiftCard
    } else if either(SHIPPING_NAMES, SHIPPING_CODES) {
        LineKind::Shipping
    } else if either(OTHER_NAMES, OTHER_CODES) || name.starts_with("adjustmentby") {
        LineKind::NonProduct
    } else {
        LineKind::Product
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_in_five_languages_are_known() {
        for (text, state) in [
            ("paid", State::Paid),
            ("Partially_Refunded", State::PartlyRefunded),
            ("refunded", State::Refunded),
            ("wc-completed", State::Paid),
            ("on-hold", State::Pending),
            ("voided", State::Cancelled),
            ("Annullato", State::Cancelled),
            ("Remboursé", State::Refunded),
            ("في انتظار", State::Unknown),
            ("ملغي", State::Cancelled),
            ("Plătită", State::Paid),
        ] {
            assert_eq!(state_of(text), state, "{text}");
        }
    }

    #[test]
    fn lines_that_are_no_products_are_known() {
        assert_eq!(line_kind("POST", "POSTAGE"), LineKind::Shipping);
        assert_eq!(line_kind("BANK CHARGES", "Bank Charges"), LineKind::NonProduct);
        assert_eq!(line_kind("M", "Manual"), LineKind::NonProduct);
        assert_eq!(line_kind("D", "Discount"), LineKind::NonProduct);
        assert_eq!(line_kind("gift_0001_20", "Dotcomgiftshop Gift Voucher £20.00"), LineKind::GiftCard);
        assert_eq!(line_kind("85123A", "WHITE HANGING HEART T-LIGHT HOLDER"), LineKind::Product);
        assert_eq!(line_kind("S", "S-HOOK"), LineKind::Product);
        assert_eq!(line_kind("22734", "SET OF 6 RIBBONS VINTAGE CHRISTMAS SAMPLE PACK"), LineKind::Product);
    }
}
