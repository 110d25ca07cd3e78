//! The one place that draws random bytes.

/// The operating system gave no random bytes; nothing secret can be made without them.
#[derive(Debug)]
pub struct Error(getrandom::Error);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the operating system gave no random bytes: {}", self.0)
    }
}

impl std::error::Error for Error {}

/// Fills `bytes` with random bytes from the operating system.
///
/// # Errors
/// When the operating system has none to give.
#[allow(clippy::disallowed_methods)]
pub fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(Error)
}
