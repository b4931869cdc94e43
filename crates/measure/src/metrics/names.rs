//! The names of metrics in the languages of the product. English names are the catalogue's titles.

/// A language that people read names in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Italian.
    Italian,
    /// French.
    French,
    /// Arabic.
    Arabic,
    /// Romanian.
    Romanian,
}

impl Language {
    /// All but English, in the order of the columns of names.
    pub const ALL: [Language; 4] = [Language::Italian, Language::French, Language::Arabic, Language::Romanian];

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::Italian => "it",
            Language::French => "fr",
            Language::Arabic => "ar",
            Language::Romanian => "ro",
        }
    }
}

/// The name of a metric in a language; a test sees to it that each has one in each.
pub fn name(metric: &str, language: Language) -> Option<&'static str> {
    NAMES.iter().find(|(id, _)| *id == metric).map(|(_, names)| names[language as usize])
}

const NAMES: [(&str, [&str; 4]); 42] = [
    (
        "checkouts",
        ["Checkout avviati", "Passages en caisse", "عمليات الدفع التي بدأت", "Finalizări de comandă începute"],
    ),
    (
        "cart_abandonment_rate",
        [
            "Tasso di abbandono del carrello",
            "Taux d’abandon de panier",
            "معدل ترك سلة الشراء",
            "Rata de abandon al coșului",
        ],
    ),
    (
        "abandoned_value",
        [
            "Valore dei carrelli abbandonati",
            "Valeur des paniers abandonnés",
            "قيمة سلال الشراء المتروكة",
            "Valoarea coșurilor abandonate",
        ],
    ),
    ("orders", ["Ordini", "Commandes", "الطلبات", "Comenzi"]),
    ("customers", ["Clienti", "Clients", "العملاء", "Clienți"]),
    (
        "identified_customers",
        ["Clienti identificati", "Clients identifiés", "العملاء المعروفون", "Clienți identificați"],
    ),
    ("new_customers", ["Nuovi clienti", "Nouveaux clients", "العملاء الجدد", "Clienți noi"]),
    ("gross_sales", ["Vendite lorde", "Ventes brutes", "إجمالي المبيعات", "Vânzări brute"]),
    ("discounts", ["Sconti", "Remises", "الخصومات", "Reduceri"]),
    ("returns", ["Resi", "Retours", "المرتجعات", "Retururi"]),
    ("net_sales", ["Vendite nette", "Ventes nettes", "صافي المبيعات", "Vânzări nete"]),
    ("gross_margin", ["Margine lordo", "Marge brute", "هامش الربح الإجمالي", "Marjă brută"]),
    ("cost_coverage", ["Copertura dei costi", "Couverture des coûts", "تغطية التكاليف", "Acoperirea costurilor"]),
    ("value", ["Valore", "Valeur", "القيمة", "Valoare"]),
    ("value_per_customer", ["Valore per cliente", "Valeur par client", "القيمة لكل عميل", "Valoare per client"]),
    ("aov_placed", ["Valore medio dell'ordine", "Panier moyen", "متوسط قيمة الطلب", "Valoarea medie a comenzii"]),
    (
        "aov_net",
        [
            "Valore medio netto dell'ordine",
            "Panier moyen net",
            "متوسط صافي قيمة الطلب",
            "Valoarea medie netă a comenzii",
        ],
    ),
    (
        "transaction_frequency",
        ["Frequenza di acquisto", "Fréquence d'achat", "معدل تكرار الشراء", "Frecvența tranzacțiilor"],
    ),
    ("orders_per_customer", ["Ordini per cliente", "Commandes par client", "الطلبات لكل عميل", "Comenzi per client"]),
    (
        "repeat_purchase_rate",
        ["Tasso di riacquisto", "Taux de réachat", "معدل الشراء المتكرر", "Rata de cumpărare repetată"],
    ),
    (
        "buys_again_180",
        [
            "Riacquisto entro 180 giorni",
            "Réachat sous 180 jours",
            "الشراء مجدداً خلال 180 يوماً",
            "Cumpără din nou în 180 de zile",
        ],
    ),
    (
        "returning_customer_rate",
        [
            "Tasso di clienti di ritorno",
            "Taux de clients récurrents",
            "نسبة العملاء العائدين",
            "Rata clienților care revin",
        ],
    ),
    ("median_gap", ["Tempo tra gli ordini", "Délai entre commandes", "الفترة بين الطلبات", "Timpul dintre comenzi"]),
    (
        "discount_share_orders",
        [
            "Quota di ordini scontati",
            "Part des commandes remisées",
            "نسبة الطلبات المخفضة",
            "Ponderea comenzilor cu reducere",
        ],
    ),
    (
        "effective_discount_rate",
        ["Sconto effettivo", "Taux de remise effectif", "معدل الخصم الفعلي", "Rata efectivă a reducerilor"],
    ),
    (
        "refund_rate_value",
        [
            "Tasso di reso sul valore",
            "Taux de retour en valeur",
            "معدل الإرجاع حسب القيمة",
            "Rata retururilor după valoare",
        ],
    ),
    (
        "refund_rate_orders",
        [
            "Tasso di reso sugli ordini",
            "Taux de retour des commandes",
            "معدل الإرجاع حسب الطلبات",
            "Rata retururilor după comenzi",
        ],
    ),
    (
        "historic_clv",
        [
            "Valore storico del cliente",
            "Valeur vie client historique",
            "القيمة التاريخية للعميل",
            "Valoarea istorică a clientului",
        ],
    ),
    ("clv_12m", ["CLV di 12 mesi", "Valeur client sur 12 mois", "قيمة العميل في 12 شهراً", "CLV pe 12 luni"]),
    ("clv_24m", ["CLV di 24 mesi", "Valeur client sur 24 mois", "قيمة العميل في 24 شهراً", "CLV pe 24 de luni"]),
    (
        "ltv",
        [
            "Valore del cliente a un'età",
            "Valeur vie client à un âge",
            "قيمة عمر العميل عند عمر معين",
            "Valoarea de viață la o vârstă",
        ],
    ),
    ("retention", ["Fidelizzazione per coorte", "Rétention", "الاحتفاظ بالعملاء", "Retenție"]),
    ("active_customers", ["Clienti attivi", "Clients actifs", "العملاء النشطون", "Clienți activi"]),
    ("at_risk_customers", ["Clienti a rischio", "Clients à risque", "العملاء المعرضون للخسارة", "Clienți în pericol"]),
    ("lapsed_customers", ["Clienti persi", "Clients perdus", "العملاء المفقودون", "Clienți pierduți"]),
    ("loyalty_rate", ["Tasso di fedeltà", "Taux de fidélité", "معدل الولاء", "Rata de loialitate"]),
    (
        "marketing_cost",
        [
            "Costi di vendita e marketing",
            "Coûts de vente et marketing",
            "تكلفة البيع والتسويق",
            "Costuri de vânzări și marketing",
        ],
    ),
    (
        "cac",
        [
            "Costo di acquisizione del cliente",
            "Coût d'acquisition client",
            "تكلفة اكتساب العميل",
            "Costul de achiziție a clientului",
        ],
    ),
    ("value_to_cost", ["Valore su costo", "Valeur sur coût", "القيمة إلى التكلفة", "Valoare raportată la cost"]),
    ("rfm", ["Punteggi RFM", "Scores RFM", "درجات RFM", "Scoruri RFM"]),
    ("affinity", ["Affinità tra prodotti", "Affinité entre produits", "ترابط المنتجات", "Afinitatea produselor"]),
    (
        "concentration",
        ["Concentrazione del valore", "Concentration de la valeur", "تركز القيمة", "Concentrarea valorii"],
    ),
];

#[cfg(test)]
mod tests {
    use super::super::METRICS;
    use super::*;

    #[test]
    fn each_metric_has_a_name_in_each_language() {
        for metric in METRICS {
            for language in Language::ALL {
                let name = name(metric.id, language).unwrap_or_default();
                assert!(!name.is_empty(), "{} has no name in {}", metric.id, language.code());
            }
        }
        assert_eq!(NAMES.len(), METRICS.len());
    }
}
