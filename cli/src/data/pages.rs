//! What `concord explain` says of each code of a data error: one page a code, in `pages/`.

macro_rules! pages {
    ($($code:ident)*) => {
        /// Every code's page, in order.
        pub const PAGES: &[(&str, &str)] = &[
            $((stringify!($code), include_str!(concat!("pages/", stringify!($code), ".md"))),)*
        ];
    };
}

pages! { D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 D11 D12 D13 D14 D15 D16 D17 D18 D19 D20 D21 D23 D24 D25 }

/// The page of a code, by its spelling: `D09`.
#[must_use]
pub fn find(code: &str) -> Option<(&'static str, &'static str)> {
    PAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).copied()
}
