//! The canonical fields that columns are mapped to, with the words that name them in five languages.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use clove_core::fold::fold;

/// Every folded word with the fields that it can name and how telling it is there (0 is best).
static WORDS: LazyLock<FxHashMap<String, Vec<(Field, usize)>>> = LazyLock::new(|| {
    let mut words: FxHashMap<String, Vec<(Field, usize)>> = FxHashMap::default();
    for &field in Field::ALL {
        for (rank, word) in field.words().iter().enumerate() {
            words.entry(fold(word)).or_default().push((field, rank));
        }
    }
    words
});

/// How the cells of a field are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Distinct texts.
    Text,
    /// An amount of money or a quantity.
    Amount,
    /// An exchange rate.
    Rate,
    /// A date or time.
    Moment,
}

macro_rules! fields {
    ($($variant:ident $name:literal $kind:ident $doc:literal [$($word:literal)*])*) => {
        /// A canonical field of a shop's tables.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// All fields.
            pub const ALL: &'static [Field] = &[$(Field::$variant),*];

            /// The stable name, as mapping files write it.
            pub fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)* }
            }

            /// How its cells are read.
            pub fn kind(self) -> Kind {
                match self { $(Field::$variant => Kind::$kind,)* }
            }

            /// What it is, in a few words.
            pub fn description(self) -> &'static str {
                match self { $(Field::$variant => $doc,)* }
            }

            /// The words that name it, the most telling first.
            fn words(self) -> &'static [&'static str] {
                match self { $(Field::$variant => &[$($word),*],)* }
            }
        }
    };
}

fields! {
    OrderId "order_id" Text "The order's number" [
        "order id" "order number" "order no" "order nr" "order ref" "order reference" "invoice no" "invoice id" "invoice number" "invoice"
        "transaction id" "transaction number" "receipt id" "receipt no" "receipt" "basket id" "sale id" "purchase id" "order" "external order id" "cart id"
        "id ordine" "numero ordine" "numero d'ordine" "n. ordine" "nr ordine" "codice ordine" "numero fattura" "fattura" "id transazione" "scontrino" "ordine"
        "id commande" "numéro commande" "numéro de commande" "numéro de la commande" "n° commande" "n° de commande" "n°commande" "référence commande" "numéro facture" "numéro de facture" "facture" "commande"
        "رقم الطلب" "رقم الطلبية" "معرف الطلب" "رقم الفاتورة" "الفاتورة" "الطلب"
        "id comandă" "număr comandă" "numărul comenzii" "nr comandă" "nr. comenzii" "cod comandă" "număr factură" "nr factură" "factură" "id tranzacție" "comandă"
        "transaction" "number"
    ]
    CustomerId "customer_id" Text "The customer's number in the shop" [
        "customer id" "customer number" "customer no" "customer nr" "cust id" "customer code" "customer unique id" "client id" "user id" "buyer id" "member id" "household id" "household key" "account id" "card id" "shopper id" "contact id" "person id" "cid" "customer" "client" "user" "buyer" "member"
        "id cliente" "codice cliente" "numero cliente" "n. cliente" "cod cliente" "id utente" "utente" "acquirente" "cliente"
        "id client" "code client" "numéro client" "numéro de client" "n° client" "id utilisateur" "utilisateur" "acheteur"
        "رقم العميل" "معرف العميل" "كود العميل" "رقم الزبون" "معرف الزبون" "العميل" "الزبون"
        "cod client" "număr client" "nr client" "id utilizator" "utilizator" "cumpărător"
        "customer name" "client name" "nome cliente" "nom client" "nom du client" "اسم العميل" "اسم الزبون" "nume client"
    ]
    Email "email" Text "The customer's e-mail address" [
        "email" "e-mail" "email address" "customer email" "billing email" "contact email" "buyer email" "user email" "mail" "e-mail address" "client email"
        "indirizzo email" "email cliente" "posta elettronica" "indirizzo e-mail"
        "adresse email" "adresse e-mail" "adresse mail" "courriel" "email client" "e-mail du client"
        "البريد الإلكتروني" "بريد إلكتروني" "الإيميل" "الايميل" "ايميل"
        "adresă email" "adresa de email" "adresă de e-mail" "adresa e-mail"
    ]
    Phone "phone" Text "The customer's phone number" [
        "phone" "phone number" "customer phone" "telephone" "tel" "mobile" "mobile phone" "billing phone" "shipping phone" "cell phone" "cell"
        "telefono" "numero di telefono" "cellulare" "numero cellulare"
        "téléphone" "numéro de téléphone" "portable" "tél"
        "الهاتف" "رقم الهاتف" "هاتف" "الجوال" "رقم الجوال" "الموبايل" "رقم الموبايل"
        "telefon" "număr de telefon" "număr telefon" "mobil"
    ]
    PlacedAt "placed_at" Moment "When the order was placed" [
        "placed at" "ordered at" "order date" "order datetime" "order time" "order timestamp" "order purchase timestamp" "date ordered" "purchase date" "purchased at" "purchase time" "invoice date" "transaction date" "transaction time" "sale date" "processed at" "created at" "date created" "creation date" "created" "datetime" "date time" "timestamp" "date" "day" "order day" "time"
        "data ordine" "data dell'ordine" "data d'ordine" "data acquisto" "data di acquisto" "data e ora" "data ora" "data fattura" "data creazione" "data"
        "date commande" "date de commande" "date de la commande" "date d'achat" "date achat" "date et heure" "date facture" "date de facture" "date de création"
        "تاريخ الطلب" "تاريخ الشراء" "تاريخ الفاتورة" "وقت الطلب" "تاريخ الإنشاء" "التاريخ" "تاريخ"
        "data comenzii" "data comandă" "data achiziției" "data facturii" "data și ora" "data creării" "dată"
        "date created gmt" "paid at" "date paid" "period"
    ]
    UpdatedAt "updated_at" Moment "When the row was last changed" [
        "updated at" "last updated" "modified at" "date modified" "last modified" "date modified gmt" "updated" "data modifica" "ultima modifica" "aggiornato il" "date de modification" "mis à jour le" "modifié le" "تاريخ التحديث" "تاريخ التعديل" "data modificării" "actualizat la"
    ]
    CancelledAt "cancelled_at" Moment "When the order was cancelled" [
        "cancelled at" "canceled at" "cancelled on" "cancellation date" "annullato il" "data annullamento" "annulé le" "date d'annulation" "تاريخ الإلغاء" "anulat la" "data anulării"
    ]
    Status "status" Text "State of payment or of the order" [
        "status" "order status" "financial status" "payment status" "state" "order state"
        "stato" "stato ordine" "stato dell'ordine" "stato pagamento" "stato del pagamento"
        "statut" "statut commande" "statut de la commande" "statut du paiement" "état" "état de la commande"
        "الحالة" "حالة الطلب" "حالة الدفع" "حالة"
        "stare" "starea comenzii" "stare comandă" "status comandă" "statusul comenzii" "starea plății"
    ]
    Test "test" Text "Whether the order is a test" ["test" "is test" "test order" "ordine di test" "di prova" "commande test" "طلب تجريبي" "تجريبي" "comandă test"]
    OrderKind "kind" Text "Kind of the order: sale, gift_card_sale, return, ..." [
        "kind" "order kind" "order type" "transaction type" "type" "tipo ordine" "tipo" "type de commande" "نوع الطلب" "نوع" "tip comandă" "tip"
    ]
    Currency "currency" Text "ISO 4217 code or sign of the currency" [
        "currency" "currency code" "order currency" "iso currency" "ccy" "cur" "valuta" "divisa" "codice valuta" "devise" "monnaie" "code devise" "العملة" "عملة" "رمز العملة" "monedă" "moneda comenzii" "valută"
    ]
    Rate "fx_rate" Rate "Factor from the row's currency to the shop's" [
        "fx to shop" "fx rate" "exchange rate" "conversion rate" "currency rate" "fx" "rate" "rate to shop" "tasso di cambio" "tasso cambio" "cambio" "taux de change" "cours de change" "taux" "سعر الصرف" "curs valutar" "curs de schimb" "curs"
    ]
    Gross "gross" Amount "Unit prices without tax times quantities, before discounts" [
        "gross" "gross amount" "gross sales" "gross value" "gross revenue" "total line items price" "items total" "subtotal before discount" "list amount"
        "lordo" "importo lordo" "vendite lorde" "valore lordo" "brut" "montant brut" "ventes brutes" "total brut" "المبلغ قبل الخصم" "الإجمالي قبل الخصم" "valoare brută" "sumă brută" "vânzări brute"
    ]
    Discount "discount" Amount "Discounts" [
        "discount" "discount amount" "total discount" "total discounts" "discounts" "discount total" "discount value" "rebate" "line discount"
        "sconto" "sconti" "importo sconto" "totale sconti" "totale sconto" "remise" "remises" "montant remise" "montant de la remise" "montant de remise" "réduction" "réductions" "rabais"
        "الخصم" "خصم" "قيمة الخصم" "مبلغ الخصم" "reducere" "reduceri" "valoare reducere" "valoarea reducerii" "rabat"
    ]
    Amount "amount" Amount "Value net of discounts, without tax and shipping" [
        "amount" "net sales" "net amount" "net revenue" "order amount" "order value" "sales amount" "sales value" "net total" "net value" "net" "revenue" "sales" "purchase amount" "spend" "monetary value" "value" "subtotal" "amount spent" "n. revenue (formatted)"
        "importo" "importo netto" "vendite nette" "imponibile" "totale imponibile" "valore ordine" "valore" "ricavo" "ricavi" "fatturato" "netto" "spesa" "subtotale" "importo ordine"
        "montant" "montant net" "montant ht" "total ht" "montant de la commande" "montant commande" "ventes nettes" "chiffre d'affaires" "ca" "ca ht" "valeur" "sous-total" "sous total"
        "المبلغ" "مبلغ" "صافي المبيعات" "صافي المبلغ" "الصافي" "القيمة" "قيمة الطلب" "مبلغ الطلب" "المجموع الفرعي" "قيمة"
        "sumă" "suma netă" "valoare" "valoare netă" "valoarea comenzii" "valoare comandă" "vânzări nete" "venit" "subtotal comandă"
    ]
    Total "total" Amount "What was paid: with tax and shipping" [
        "total" "order total" "total price" "total amount" "grand total" "total paid" "amount paid" "paid" "total value" "total sales" "payment value" "total due"
        "totale" "totale ordine" "importo totale" "totale pagato" "totale fattura" "total ttc" "montant total" "montant ttc" "total commande" "total de la commande" "total payé"
        "المجموع" "الإجمالي" "إجمالي" "إجمالي الطلب" "المبلغ الإجمالي" "المجموع الكلي" "total comandă" "total de plată" "sumă totală" "valoare totală" "total plătit"
    ]
    Tax "tax" Amount "Tax" [
        "tax" "taxes" "total tax" "tax amount" "tax total" "vat" "vat amount" "sales tax" "gst" "iva" "importo iva" "imposta" "imposte" "tasse" "tva" "montant tva" "taxe" "الضريبة" "ضريبة القيمة المضافة" "قيمة الضريبة" "ضريبة" "valoare tva" "taxă"
    ]
    Shipping "shipping" Amount "Shipping charged" [
        "shipping" "shipping total" "shipping charged" "shipping amount" "shipping price" "shipping cost" "shipping costs" "shipping fee" "freight" "freight value" "delivery" "delivery fee" "delivery cost" "postage"
        "spedizione" "spese di spedizione" "spese spedizione" "costo spedizione" "costi di spedizione" "trasporto" "livraison" "frais de port" "frais de livraison" "frais d'expédition" "port" "expédition"
        "الشحن" "تكلفة الشحن" "رسوم الشحن" "التوصيل" "رسوم التوصيل" "transport" "livrare" "cost transport" "cost livrare" "taxă livrare" "taxă transport"
    ]
    Cost "cogs" Amount "Cost of the goods sold" [
        "cogs" "cost of goods" "cost of goods sold" "product cost" "cost price" "total cost" "unit cost" "cost" "costo del venduto" "costo merci" "costo prodotto" "costo unitario" "costo" "coût des marchandises" "coût d'achat" "prix de revient" "coût" "تكلفة البضاعة" "تكلفة المنتج" "التكلفة" "تكلفة" "cost marfă" "costul mărfii" "cost produse" "cost produs"
    ]
    PaymentFee "payment_fee" Amount "Fee of the payment provider" [
        "payment fee" "payment fees" "payment processing fee" "processing fee" "processing fees" "transaction fee" "transaction fees" "gateway fee" "merchant fee" "card fee" "stripe fee" "paypal fee"
        "commissioni di pagamento" "commissione di pagamento" "commissioni pagamento" "commissione pagamento" "commissione transazione" "costo transazione" "frais de paiement" "frais paiement" "commission de paiement" "frais de transaction" "commission bancaire"
        "رسوم الدفع" "عمولة الدفع" "رسوم المعاملة" "رسوم بوابة الدفع" "comision plată" "comision de plată" "comisioane plată" "comision procesare" "comision tranzacție"
    ]
    ShippingCost "shipping_cost" Amount "What the shop paid for shipping" [
        "shipping cost paid" "carrier cost" "carrier costs" "courier cost" "shipping label cost" "label cost" "shipping expense" "freight cost" "fulfilment cost" "fulfillment cost"
        "costo corriere" "costo del corriere" "coût transporteur" "coût du transporteur" "تكلفة شركة الشحن" "تكلفة الناقل" "cost curier" "cost curierat"
        "shipping cost" "shipping costs" "delivery cost" "costo spedizione" "costi di spedizione" "coût d'expédition" "coût de livraison" "تكلفة الشحن" "cost transport" "cost livrare"
    ]
    PackagingCost "packaging_cost" Amount "Cost of packaging" [
        "packaging cost" "packaging costs" "packing cost" "packaging" "costo imballaggio" "costi imballaggio" "costo imballo" "imballaggio" "coût d'emballage" "coût emballage" "frais d'emballage" "emballage"
        "تكلفة التغليف" "تكلفة التعبئة" "التغليف" "cost ambalare" "cost ambalaj" "ambalare" "ambalaj"
    ]
    Refunded "refunded" Amount "Money paid back, with tax" [
        "refunded amount" "amount refunded" "refund amount" "total refunded" "refunded" "refunds" "refund" "importo rimborsato" "rimborsato" "rimborso" "montant remboursé" "remboursé" "remboursement" "المبلغ المسترد" "المسترد" "المسترجع" "sumă rambursată" "valoare rambursată" "rambursat"
    ]
    Quantity "quantity" Amount "Units of the line" [
        "quantity" "qty" "units" "item quantity" "quantity ordered" "ordered quantity" "lineitem quantity" "quantità" "qtà" "q.tà" "pezzi" "quantité" "qté" "الكمية" "كمية" "العدد" "cantitate" "cant" "bucăți" "buc" "items sold" "number of items"
    ]
    UnitPrice "unit_price" Amount "Price of one unit without tax" [
        "unit price" "item price" "price per unit" "product price" "unit cost price" "lineitem price" "price" "prezzo unitario" "prezzo" "prix unitaire" "prix unitaire ht" "prix" "سعر الوحدة" "السعر" "سعر" "preț unitar" "preț"
    ]
    LineTotal "line_total" Amount "Value of the line" [
        "line total" "line amount" "extended price" "line value" "row total" "lineitem total" "totale riga" "importo riga" "total ligne" "montant ligne" "إجمالي السطر" "total linie" "valoare linie"
    ]
    LineDiscount "line_discount" Amount "Discount of the line" ["lineitem discount" "item discount" "sconto riga" "remise ligne" "خصم السطر" "reducere linie"]
    Product "product" Text "Code of the product" [
        "sku" "product id" "product code" "stock code" "item id" "item code" "article code" "article number" "asin" "variant id" "lineitem sku" "product sku" "product number"
        "codice prodotto" "id prodotto" "codice articolo" "cod prodotto" "code produit" "id produit" "code article" "référence produit" "référence article" "référence" "رمز المنتج" "كود المنتج" "رقم المنتج" "معرف المنتج" "رمز الصنف" "cod produs" "id produs" "cod articol"
    ]
    ProductName "product_name" Text "Name of the product" [
        "product" "product name" "product title" "item" "item name" "description" "product description" "lineitem name" "article" "title" "product(s)" "first product" "name of product"
        "prodotto" "nome prodotto" "descrizione" "descrizione prodotto" "articolo" "produit" "nom produit" "nom du produit" "désignation" "libellé" "description produit" "المنتج" "اسم المنتج" "وصف المنتج" "الوصف" "الصنف" "produs" "nume produs" "denumire" "denumire produs" "descriere" "articol"
    ]
    Channel "channel" Text "Where the order came from" [
        "channel" "sales channel" "marketing channel" "acquisition channel" "utm source" "traffic source" "source" "source name" "attribution" "origin" "canale" "canale di vendita" "canale marketing" "provenienza" "origine" "canal" "canal de vente" "canal marketing" "القناة" "قناة البيع" "المصدر" "قناة" "canal de vânzare" "canal vânzare" "sursă"
    ]
    DiscountCode "discount_code" Text "Code of the discount" [
        "discount code" "discount codes" "coupon code" "coupon" "coupons" "coupon(s)" "promo code" "promotion code" "voucher code" "voucher" "codice sconto" "codice promozionale" "buono sconto" "code promo" "code de réduction" "code remise" "code promotionnel" "كود الخصم" "رمز الخصم" "كوبون" "قسيمة" "cod reducere" "cod de reducere" "cod promoțional" "cupon"
    ]
    Country "country" Text "Country of the customer" [
        "country" "country code" "billing country" "shipping country" "customer country" "paese" "nazione" "pays" "الدولة" "البلد" "دولة" "țară" "țara"
    ]
    Tags "tags" Text "Tags of the order or customer" ["tags" "order tags" "customer tags" "etichette" "tag" "étiquettes" "الوسوم" "وسوم" "etichete"]
    TaxesIncluded "taxes_included" Text "Whether prices include tax" ["taxes included" "prices include tax" "tax included" "iva inclusa" "ttc" "tva incluse" "tva inclus"]
    RefundId "refund_id" Text "The refund's number" [
        "refund id" "refund number" "return id" "return number" "credit note" "credit note number" "id rimborso" "numero rimborso" "id reso" "id remboursement" "numéro remboursement" "رقم الاسترداد" "معرف الاسترداد" "id rambursare" "id retur"
    ]
    RefundedAt "refunded_at" Moment "When the money was paid back" [
        "refunded at" "refund date" "refunded on" "return date" "returned at" "date refunded" "created at" "date created" "datetime" "date" "data rimborso" "data reso" "data" "date remboursement" "date de remboursement" "date retour" "تاريخ الاسترداد" "تاريخ الإرجاع" "التاريخ" "تاريخ" "data rambursării" "data returului" "dată"
    ]
    Items "items" Amount "Value of the returned items without tax" [
        "items" "items amount" "items refunded" "net refund" "amount" "refund amount" "refunded amount" "refund" "returned value" "value" "total" "importo" "importo rimborsato" "importo rimborso" "rimborso" "montant" "montant remboursé" "remboursement" "المبلغ" "المبلغ المسترد" "sumă" "sumă rambursată" "valoare" "valoare rambursată"
    ]
    RestockedCost "restocked_cogs" Amount "Cost of goods of the restocked items" [
        "restocked cogs" "restocked cost" "restock value" "cogs restocked" "cogs" "cost" "costo riassortito" "coût restocké" "cost restocat"
    ]
    Month "month" Moment "The month that the cost covers" ["month" "mese" "mois" "الشهر" "شهر" "lună" "luna" "year month" "period"]
    SpendDate "date" Moment "The day that the row is about" ["date" "day" "spend date" "data" "giorno" "jour" "التاريخ" "تاريخ" "اليوم" "dată" "zi" "ziua"]
    SpendAmount "spend" Amount "Money spent" [
        "amount" "spend" "cost" "costs" "amount spent" "budget" "ad spend" "spesa" "importo" "costo" "costi" "montant" "dépense" "dépenses" "coût" "المبلغ" "الإنفاق" "التكلفة" "sumă" "cheltuială" "cheltuieli" "cost total"
    ]
    SpendType "spend_kind" Text "Kind of cost: media, agency, salaries, tools, ..." ["kind" "spend kind" "cost type" "type" "category" "tipo" "categoria" "catégorie" "نوع" "tip" "categorie"]
    RateValue "rate" Rate "Factor from the currency to the shop's" ["rate" "exchange rate" "fx rate" "fx to shop" "tasso" "cambio" "taux" "cours" "سعر الصرف" "السعر" "curs" "valoare"]
}

/// Which table a file is, and so which fields its columns can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// Orders or order lines.
    Orders,
    /// Refunds.
    Refunds,
    /// Marketing and sales costs.
    Spend,
    /// Costs of goods by product or order.
    Costs,
    /// Exchange rates.
    Rates,
}

impl TableKind {
    /// The fields that such a table can have, those that claim a column first in front.
    pub fn fields(self) -> &'static [Field] {
        use Field as F;
        match self {
            TableKind::Orders => &[
                F::OrderId,
                F::CustomerId,
                F::Email,
                F::Phone,
                F::PlacedAt,
                F::UpdatedAt,
                F::CancelledAt,
                F::Status,
                F::Test,
                F::OrderKind,
                F::Currency,
                F::Rate,
                F::Gross,
                F::LineTotal,
                F::LineDiscount,
                F::Discount,
                F::Amount,
                F::Total,
                F::Tax,
                F::Shipping,
                F::Cost,
                F::PaymentFee,
                F::ShippingCost,
                F::PackagingCost,
                F::Refunded,
                F::Quantity,
                F::UnitPrice,
                F::Product,
                F::ProductName,
                F::Channel,
                F::DiscountCode,
                F::Country,
                F::Tags,
                F::TaxesIncluded,
            ],
            TableKind::Refunds => {
                &[F::RefundId, F::OrderId, F::RefundedAt, F::Items, F::Tax, F::Shipping, F::RestockedCost, F::Currency]
            }
            TableKind::Spend => &[F::Month, F::SpendDate, F::Channel, F::SpendType, F::SpendAmount, F::Currency],
            TableKind::Costs => &[
                F::Product,
                F::ProductName,
                F::OrderId,
                F::Cost,
                F::PaymentFee,
                F::ShippingCost,
                F::PackagingCost,
                F::Currency,
            ],
            TableKind::Rates => &[F::SpendDate, F::Currency, F::RateValue],
        }
    }

    /// The table's name in messages and mapping files.
    pub fn name(self) -> &'static str {
        match self {
            TableKind::Orders => "orders",
            TableKind::Refunds => "refunds",
            TableKind::Spend => "spend",
            TableKind::Costs => "costs",
            TableKind::Rates => "rates",
        }
    }
}

impl Field {
    /// The field of a stable name.
    pub fn from_name(name: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.name() == name)
    }
}

/// A column of a header matched to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Index of the column.
    pub column: usize,
    /// The field it holds.
    pub field: Field,
}

/// Matches a header's columns with the fields of a table: each column to one field at most, the most telling word first.
pub fn match_header(header: &[String], table: TableKind) -> Vec<Match> {
    let folded: Vec<[String; 2]> = header.iter().map(|name| header_forms(name)).collect();
    let mut candidates: Vec<(usize, usize, usize, Field)> = Vec::new();
    for (order, &field) in table.fields().iter().enumerate() {
        for (column, forms) in folded.iter().enumerate() {
            let named = forms.iter().filter_map(|form| WORDS.get(form.as_str())).flatten();
            let rank = named.filter(|(named, _)| *named == field).map(|&(_, rank)| rank).min();
            if let Some(rank) = rank {
                candidates.push((rank, order, column, field));
            }
        }
    }
    // A field takes the column with its best word; a column wanted by two fields goes to the one listed first.
    let mut matches: Vec<Match> = Vec::new();
    candidates.sort_by_key(|&(rank, order, column, _)| (order, rank, column));
    for (_, _, column, field) in candidates {
        let taken = matches.iter().any(|found| found.column == column || found.field == field);
        if !taken {
            matches.push(Match { column, field });
        }
    }
    if table == TableKind::Orders {
        match_bare_id(&folded, &mut matches);
        match_shipping_cost(&folded, &mut matches);
    }
    matches.sort_by_key(|found| found.column);
    matches
}

/// A column that is only called `id` is the customer's if no other column says who bought, else the order's.
fn match_bare_id(folded: &[[String; 2]], matches: &mut Vec<Match>) {
    let Some(column) = folded.iter().position(|forms| forms[0] == "id") else { return };
    let has = |field: Field| matches.iter().any(|found| found.field == field);
    let knows_customer = has(Field::CustomerId) || has(Field::Email) || has(Field::Phone);
    let field = if knows_customer { Field::OrderId } else { Field::CustomerId };
    if !has(field) {
        matches.push(Match { column, field });
    }
}

/// "Shipping cost" is what the customer was charged, unless the file is about costs: then it is what the shop paid.
fn match_shipping_cost(folded: &[[String; 2]], matches: &mut [Match]) {
    let has = |field: Field| matches.iter().any(|found| found.field == field);
    let about_costs = has(Field::Cost) || has(Field::PaymentFee) || has(Field::PackagingCost);
    if !about_costs || has(Field::ShippingCost) {
        return;
    }
    let can_be_cost = |column: usize| {
        let named = folded[column].iter().filter_map(|form| WORDS.get(form.as_str())).flatten();
        named.into_iter().any(|(field, _)| *field == Field::ShippingCost)
    };
    if let Some(found) = matches.iter_mut().find(|found| found.field == Field::Shipping && can_be_cost(found.column)) {
        found.field = Field::ShippingCost;
    }
}

/// The folded header as it is and without a unit behind it: `Amount (EUR)`, `Importo €`, `Total USD`.
fn header_forms(name: &str) -> [String; 2] {
    let bare = name.split(['(', '[']).next().unwrap_or(name).trim();
    let bare = match bare.rsplit_once([' ', '_']) {
        Some((rest, last)) if last.len() == 3 && last.parse::<clove_core::Currency>().is_ok() => rest,
        Some((rest, "utc" | "UTC" | "gmt" | "GMT")) => rest,
        _ => bare,
    };
    [fold(name), fold(bare)]
}

/// How many cells of a header row are known words of any table.
pub fn known_words(cells: &[&str]) -> usize {
    cells
        .iter()
        .filter(|cell| {
            let folded = fold(cell);
            folded == "id" || WORDS.contains_key(&folded)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(header: &str) -> Vec<(String, &'static str)> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        match_header(&header, TableKind::Orders)
            .into_iter()
            .map(|m| (header[m.column].clone(), m.field.name()))
            .collect()
    }

    fn field_of(header: &str, column: &str) -> Option<&'static str> {
        matched(header).into_iter().find(|(name, _)| name == column).map(|(_, field)| field)
    }

    #[test]
    fn headers_in_five_languages_are_known() {
        for header in [
            "order_id,customer_id,email,order_date,status,currency,amount",
            "Numero ordine,Codice cliente,Email,Data ordine,Stato,Valuta,Importo",
            "N° de commande,Code client,Adresse e-mail,Date de commande,Statut,Devise,Montant",
            "رقم الطلب,رقم العميل,البريد الإلكتروني,تاريخ الطلب,الحالة,العملة,المبلغ",
            "Nr. comandă,Cod client,Adresă de e-mail,Data comenzii,Stare,Monedă,Sumă",
        ] {
            let fields: Vec<&str> = matched(header).into_iter().map(|(_, field)| field).collect();
            assert_eq!(
                fields,
                ["order_id", "customer_id", "email", "placed_at", "status", "currency", "amount"],
                "{header}"
            );
        }
    }

    #[test]
    fn the_most_telling_column_wins() {
        assert_eq!(field_of("date,order_date,customer", "order_date"), Some("placed_at"));
        assert_eq!(field_of("date,order_date,customer", "date"), None);
        assert_eq!(field_of("date,id", "id"), Some("customer_id"));
        assert_eq!(field_of("id,date,customer_id", "id"), Some("order_id"));
        assert_eq!(field_of("customer,date,Amount (EUR)", "Amount (EUR)"), Some("amount"));
        assert_eq!(field_of("customer,date,total_usd", "total_usd"), Some("total"));
        assert_eq!(
            field_of("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", "StockCode"),
            Some("product")
        );
    }

    #[test]
    fn costs_of_an_order_are_told_from_charges() {
        let header = "customer,date,shipping,shipping_cost,payment_fee,packaging_cost";
        assert_eq!(field_of(header, "shipping"), Some("shipping"));
        assert_eq!(field_of(header, "shipping_cost"), Some("shipping_cost"));
        assert_eq!(field_of(header, "payment_fee"), Some("payment_fee"));
        assert_eq!(field_of(header, "packaging_cost"), Some("packaging_cost"));
        assert_eq!(field_of("customer,date,shipping cost,total", "shipping cost"), Some("shipping"));
        assert_eq!(field_of("customer,date,shipping cost,cogs", "shipping cost"), Some("shipping_cost"));
        for (header, column, field) in [
            ("cliente,data,spese di spedizione,costo spedizione", "costo spedizione", "shipping_cost"),
            ("cliente,data,commissioni di pagamento", "commissioni di pagamento", "payment_fee"),
            ("client,date,frais de paiement,emballage", "emballage", "packaging_cost"),
            ("العميل,التاريخ,رسوم الدفع", "رسوم الدفع", "payment_fee"),
            ("client,data,comision plată,cost ambalare", "cost ambalare", "packaging_cost"),
        ] {
            assert_eq!(field_of(header, column), Some(field), "{column}");
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
