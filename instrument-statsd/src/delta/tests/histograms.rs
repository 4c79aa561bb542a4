//! What is owed of histograms.

use instrument_core::{Buckets, Registry};

use super::super::{Due, Value};
use super::{ledger, take};

#[test]
fn observations_given_back_keep_their_count_and_their_sum() {
    let registry = Registry::new();
    let sizes =
        registry.histogram::<f64>("size", "").buckets(Buckets::explicit([1.0, 10.0])).register().unwrap();
    let mut ledger = ledger("");
    let (mut count, mut sum) = (0, 0.0);
    for flush in 0..100 {
        for value in [0.3, 2.7, 4.1, 55.0] {
            sizes.observe(value);
        }
        for (index, (_, due)) in take(&mut ledger, &registry).into_iter().enumerate() {
            let Value::Size(size) = due.value else { panic!("{due:?}") };
            let weight = due.weight;
            if (flush + index) % 3 == 0 {
                ledger.give_back(&due.change);
            } else {
                count += weight;
                sum += f64::from(size) * weight as f64;
            }
        }
    }
    for (_, due) in take(&mut ledger, &registry) {
        let Value::Size(size) = due.value else { panic!("{due:?}") };
        let weight = due.weight;
        count += weight;
        sum += f64::from(size) * weight as f64;
    }
    assert_eq!(count, 400);
    assert!((sum - 6210.0).abs() < 0.01, "{sum}");
}

#[test]
fn an_infinite_value_spoils_the_sum_and_not_the_counts() {
    let registry = Registry::new();
    let sizes =
        registry.histogram::<f64>("size", "").buckets(Buckets::explicit([1.0, 10.0])).register().unwrap();
    let mut ledger = ledger("");
    sizes.observe(f64::INFINITY);
    for _ in 0..3 {
        sizes.observe(0.5);
        sizes.observe(f64::NAN);
        let due = take(&mut ledger, &registry);
        assert!(due.iter().all(|(_, due)| match due.value {
            Value::Size(size) => size == 0.5 || size == 10.0,
            _ => false,
        }));
    }
}

/// How many values were said, and their sum.
fn said(due: &[(String, Due)]) -> (u64, f64) {
    due.iter().fold((0, 0.0), |(count, sum), (_, due)| {
        let Value::Size(size) = due.value else { panic!("{due:?}") };
        (count + due.weight, sum + f64::from(size) * due.weight as f64)
    })
}

#[test]
fn native_buckets_are_said_as_explicit_ones_are() {
    let registry = Registry::new();
    let sizes = registry.histogram::<f64>("size", "").buckets(Buckets::native(3, 160)).register().unwrap();
    let mut ledger = ledger("");
    for value in [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1000.0] {
        sizes.observe(value);
    }
    let due = take(&mut ledger, &registry);
    let (count, sum) = said(&due);
    assert_eq!(count, 10);
    assert!((sum - 1009.0).abs() < 0.01, "{sum}");
    let Value::Size(greatest) = due[0].1.value else { panic!("{due:?}") };
    assert!((920.0..1010.0).contains(&greatest), "{greatest}");
    assert!(due[1..].iter().all(|(_, due)| matches!(due.value, Value::Size(size) if size < 1.1)), "{due:?}");
}

#[test]
fn native_buckets_that_become_many_are_joined_and_nothing_is_said_twice() {
    let registry = Registry::new();
    let sizes = registry.histogram::<f64>("size", "").buckets(Buckets::native(8, 10)).register().unwrap();
    let mut ledger = ledger("");
    let (mut observed, mut observed_sum) = (0, 0.0);
    let (mut count, mut sum) = (0, 0.0);
    for flush in 0..100 {
        for value in [-0.5, 0.0, 1.0, 1.0 + f64::from(flush), 1.5_f64.powi(flush)] {
            sizes.observe(value);
            observed += 1;
            observed_sum += value;
        }
        let due = take(&mut ledger, &registry);
        if flush % 3 == 0 {
            due.iter().for_each(|(_, due)| ledger.give_back(&due.change));
        } else {
            let (more, of_sum) = said(&due);
            count += more;
            sum += of_sum;
        }
    }
    let (more, of_sum) = said(&take(&mut ledger, &registry));
    assert_eq!(count + more, observed);
    assert!(((sum + of_sum) / observed_sum - 1.0).abs() < 1e-6, "{} {observed_sum}", sum + of_sum);
}
