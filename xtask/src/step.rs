//! The steps of the tests.

use clap::ValueEnum;

/// A step of the tests, in running order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Step {
    /// rustfmt changes nothing.
    Format,
    /// leptosfmt changes nothing in the views.
    Views,
    /// stylelint finds nothing in the style sheets.
    Style,
    /// No crate has a circle between its modules.
    Floors,
    /// clippy finds nothing in what runs natively.
    Clippy,
    /// clippy finds nothing in the code for the browser.
    ClippyWasm,
    /// Licences, duplicate and banned packages, and the sources of packages.
    Deny,
    /// Known vulnerabilities of packages, if their database can be downloaded.
    Advisories,
    /// Unit and integration tests, with a GPU adapter.
    Native,
    /// wasm tests in headless Chromium.
    Wasm,
    /// The release page builds.
    Page,
    /// The page's WebAssembly is within its size ceiling.
    Size,
    /// The page in headless Chromium, with WebGPU and without.
    E2e,
}

impl Step {
    /// Returns the name of the step in the output.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Format => "rustfmt",
            Self::Views => "leptosfmt",
            Self::Style => "stylelint",
            Self::Floors => "no circles between modules",
            Self::Clippy => "clippy, native",
            Self::ClippyWasm => "clippy, wasm32",
            Self::Deny => "cargo-deny: licences, bans, sources",
            Self::Advisories => "cargo-deny: advisories",
            Self::Native => "tests, native",
            Self::Wasm => "tests, wasm32 in Chromium",
            Self::Page => "release page",
            Self::Size => "size ceiling",
            Self::E2e => "tests, end to end in Chromium",
        }
    }
}
