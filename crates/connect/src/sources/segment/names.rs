//! Names of e-commerce events in one spelling.

/// Segment's e-commerce events, and older or common names of the same.
const EVENTS: [(&str, &[&str]); 28] = [
    ("Products Searched", &["searchedproducts", "productsearched", "search"]),
    ("Product List Viewed", &["viewedproductlist", "viewedproductcategory"]),
    ("Product List Filtered", &["filteredproductlist"]),
    ("Promotion Viewed", &["viewedpromotion"]),
    ("Promotion Clicked", &["clickedpromotion"]),
    ("Product Clicked", &["clickedproduct"]),
    ("Product Viewed", &["viewedproduct"]),
    ("Product Added", &["addedproduct", "addtocart", "addedtocart"]),
    ("Product Removed", &["removedproduct", "removefromcart", "removedfromcart"]),
    ("Cart Viewed", &["viewedcart"]),
    ("Checkout Started", &["startedcheckout", "begincheckout"]),
    ("Checkout Step Viewed", &["viewedcheckoutstep"]),
    ("Checkout Step Completed", &["completedcheckoutstep"]),
    ("Payment Info Entered", &["enteredpaymentinfo"]),
    ("Order Completed", &["completedorder"]),
    ("Order Updated", &["updatedorder"]),
    ("Order Refunded", &["refundedorder"]),
    ("Order Cancelled", &["ordercanceled", "cancelledorder", "canceledorder"]),
    ("Coupon Entered", &["enteredcoupon"]),
    ("Coupon Applied", &["appliedcoupon"]),
    ("Coupon Denied", &["deniedcoupon"]),
    ("Coupon Removed", &["removedcoupon"]),
    ("Product Added to Wishlist", &["addedproducttowishlist"]),
    ("Product Removed from Wishlist", &["removedproductfromwishlist"]),
    ("Wishlist Product Added to Cart", &["addedwishlistproducttocart"]),
    ("Product Shared", &["sharedproduct"]),
    ("Cart Shared", &["sharedcart"]),
    ("Product Reviewed", &["reviewedproduct"]),
];

/// The canonical name of an e-commerce event however it is cased and punctuated (`product_viewed`, `Viewed Product`); other
/// names stay as they are.
pub fn canonical_event(name: &str) -> String {
    let folded: String = plain(name).map(char::from).collect();
    let found = EVENTS
        .iter()
        .find(|(canonical, others)| plain(canonical).eq(folded.bytes()) || others.contains(&folded.as_str()));
    found.map_or_else(|| name.trim().to_owned(), |(canonical, _)| (*canonical).to_owned())
}

/// The ASCII letters and digits of a name, in lower case.
fn plain(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet_and_own_events_keep_theirs() {
        for name in ["Product Viewed", "product_viewed", "productViewed", "Viewed Product"] {
            assert_eq!(canonical_event(name), "Product Viewed");
        }
        assert_eq!(canonical_event("Order Canceled"), "Order Cancelled");
        assert_eq!(canonical_event(" تم الطلب "), "تم الطلب");
        assert_eq!(canonical_event("Rated Recipe"), "Rated Recipe");
    }
}
