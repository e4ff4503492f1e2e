//! Latencies, counted: a log-linear histogram whose merge is addition, in integers only.
//!
//! Chosen over sketches that need logarithms (their last bit differs between platforms) and over those whose result
//! depends on the order of the values: the same latencies always make the same bytes.

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

impl Histogram {
    /// The greatest bucket that a value can fall into.
    pub const BUCKET_MAX: u16 = bucket_of(u32::MAX);

    /// Of those values, in any order.
    pub fn of(values_us: impl IntoIterator<Item = u32>) -> Histogram {
        let mut counts = vec![0_u32; usize::from(Histogram::BUCKET_MAX) + 1];
        let mut all = Histogram { min_us: u32::MAX, ..Histogram::default() };
        for value in values_us {
            if let Some(count) = counts.get_mut(usize::from(bucket_of(value))) {
                *count = count.saturating_add(1);
            }
            all.count += 1;
            all.sum_us = all.sum_us.saturating_add(u64::from(value));
            all.min_us = all.min_us.min(value);
            all.max_us = all.max_us.max(value);
        }
        if all.count == 0 {
            return Histogram::default();
        }
        all.buckets = (0..).zip(counts).filter(|&(_, count)| count > 0).collect();
        all
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds another one.
    pub fn add(&mut self, other: &Histogram) {
        if other.is_empty() {
            return;
        }
        if self.is_empty() {
            self.clone_from(other);
            return;
        }
        self.buckets = sum_of(&self.buckets, &other.buckets);
        self.count = self.count.saturating_add(other.count);
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
        self.min_us = self.min_us.min(other.min_us);
        self.max_us = self.max_us.max(other.max_us);
    }

    /// The value in µs that so many thousandths of all values do not exceed: 500 is the median. At most 3.2 % off;
    /// `None` where there is no value.
    pub fn percentile(&self, permille: u32) -> Option<u32> {
        let counted: u64 = self.buckets.iter().map(|&(_, count)| u64::from(count)).sum();
        let rank = (u128::from(counted) * u128::from(permille.min(1000))).div_ceil(1000).max(1);
        let mut seen = 0_u128;
        for &(bucket, count) in &self.buckets {
            seen += u128::from(count);
            if seen >= rank {
                return Some(middle_of(bucket).clamp(self.min_us, self.max_us.max(self.min_us)));
            }
        }
        None
    }
}

/// The bucket of a value.
#[expect(clippy::cast_possible_truncation, reason = "the greatest bucket is 463")]
const fn bucket_of(value: u32) -> u16 {
    if value < 16 {
        return value as u16;
    }
    let shift = value.ilog2() - 4;
    (shift * 16 + (value >> shift)) as u16
}

/// The value in the middle of a bucket.
fn middle_of(bucket: u16) -> u32 {
    if bucket < 32 {
        return u32::from(bucket);
    }
    let shift = u32::from(bucket / 16 - 1);
    let low = u64::from(bucket % 16 + 16).checked_shl(shift).unwrap_or(u64::MAX);
    let half = 1_u64.checked_shl(shift.saturating_sub(1)).unwrap_or(0);
    u32::try_from(low.saturating_add(half)).unwrap_or(u32::MAX)
}

/// Both lists in one, by bucket.
fn sum_of(a: &[(u16, u32)], b: &[(u16, u32)]) -> Vec<(u16, u32)> {
    let mut sum: Vec<(u16, u32)> = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(&(of_a, n)), Some(&(of_b, m))) if of_a == of_b => {
                a.next();
                b.next();
                (of_a, n.saturating_add(m))
            }
            (Some(&(of_a, n)), Some(&(of_b, _))) if of_a < of_b => {
                a.next();
                (of_a, n)
            }
            (Some(&one), None) => {
                a.next();
                one
            }
            (_, Some(&one)) => {
                b.next();
                one
            }
            (None, None) => return sum,
        };
        sum.push(next);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_value_below_32_is_its_own_bucket() {
        for value in 0..32 {
            assert_eq!((u32::from(bucket_of(value)), middle_of(bucket_of(value))), (value, value));
        }
    }

    #[test]
    fn buckets_are_sixteen_an_octave_and_follow_each_other() {
        assert_eq!([31, 32, 33, 34, 63, 64, 68].map(bucket_of), [31, 32, 32, 33, 47, 48, 49]);
        assert_eq!(Histogram::BUCKET_MAX, 463);
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(Histogram::of([]).percentile(500), None);
        assert_eq!(Histogram::of([]), Histogram::default());
    }

    #[test]
    fn the_median_of_two_is_the_lower_one_and_all_of_them_is_the_greatest() {
        let histogram = Histogram::of([10, 20]);
        assert_eq!([0, 500, 501, 1000, 9999].map(|p| histogram.percentile(p)), [10, 10, 20, 20, 20].map(Some));
    }

    fn values() -> impl Strategy<Value = Vec<u32>> {
        let latency = prop_oneof![0_u32..64, 1_000_u32..5_000_000, any::<u32>()];
        prop::collection::vec(latency, 1..200)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_percentile_is_never_more_than_3_2_percent_off(mut values in values(), permille in 0_u32..=1000) {
            let found = u64::from(Histogram::of(values.iter().copied()).percentile(permille).unwrap_or(0));
            values.sort_unstable();
            let rank = (values.len() * permille as usize).div_ceil(1000).max(1);
            let exact = u64::from(values[rank - 1]);
            prop_assert!(found.abs_diff(exact) * 1000 <= exact * 32, "{found} for {exact}");
        }

        #[test]
        fn adding_two_is_counting_all(a in values(), b in values()) {
            let both = Histogram::of(a.iter().chain(&b).copied());
            let (a, b) = (Histogram::of(a), Histogram::of(b));
            let (mut ab, mut ba) = (a.clone(), b.clone());
            ab.add(&b);
            ba.add(&a);
            prop_assert_eq!(&ab, &both);
            prop_assert_eq!(&ba, &both);
        }
    }
}
