//! What is kept of the feeds: the only writer of `history/`.
//!
//! ```text
//! history/log/<collector>/<feed>/<yyyy-mm-dd>.ndjson   the raw log, 14 days, never committed
//! history/days/<yyyy>/<mm>/<dd>.ndjson                 sealed days, a row a monitor and collector
//! history/notices.ndjson                               the ledger: a line for each detection and each correction
//! ```
//!
//! Whatever is run twice, side by side, late or killed half-way: the same results make the same bytes.
