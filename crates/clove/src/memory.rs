//! The allocator, and what it does with memory that is given back to it.

use libmimalloc_sys::{mi_option_set, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// After how many milliseconds unused memory goes back to the operating system. The bindings lack the name of this option; its number
/// is that of `mi_option_purge_delay` in the header that is compiled in, and a test looks at its default.
const PURGE_DELAY: mi_option_t = 15;
const NEVER: std::ffi::c_long = -1;

/// Keeps memory that is given back for what comes next, as fits a command that ends soon: memory from the operating system must be
/// cleared first, which is the largest single cost of reading and valuing a shop.
#[expect(unsafe_code, reason = "an option of a C library; it may be set at any time, by one thread")]
pub fn keep_until_the_end() {
    // SAFETY: the option exists (see above), and setting one stores a number.
    unsafe { mi_option_set(PURGE_DELAY, NEVER) }
}

#[cfg(test)]
mod tests {
    use libmimalloc_sys::mi_option_get;

    use super::*;

    #[test]
    #[expect(unsafe_code, reason = "an option of a C library")]
    fn the_number_is_that_of_the_delay() {
        // SAFETY: reading an option reads a number.
        let delay = || unsafe { mi_option_get(PURGE_DELAY) };
        assert_eq!(delay(), 1_000, "the delay's default, which no other option has");
        keep_until_the_end();
        assert_eq!(delay(), NEVER);
    }
}
