//! Latencies, counted: a log-linear histogram whose merge is addition, in integers only.

/// Counts of values (latencies in microseconds) in buckets, 16 an octave: a value below 16 is its own bucket, else
/// `e = floor(log2 v)` and the bucket is `(e - 4) * 16 + (v >> (e - 4))`. The value of a bucket is its middle, so that a
/// percentile is at most 3.2 % off. Adding two histograms is adding their counts, exactly and in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Histogram {
    /// Bucket and count, by bucket; no count is 0.
    pub buckets: Vec<(u16, u32)>,
    /// How many values there were.
    pub count: u64,
    /// Their sum, in µs.
    pub sum_us: u64,
    pub min_us: u32,
    pub max_us: u32,
}
