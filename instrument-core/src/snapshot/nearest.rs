//! What resembles something that is not there.

use super::{FamilySnapshot, SeriesSnapshot, Snapshot};

/// How many are shown.
const SHOWN: usize = 5;

impl Snapshot {
    /// The families whose names are nearest to one that was asked for.
    pub(super) fn nearest_families(&self, name: &str) -> Vec<&FamilySnapshot> {
        nearest(&self.families, |family| {
            let described = family.description();
            let names = [&described.exposed_name(), &described.name, &described.given_name];
            names.map(|own| edits(name, own)).into_iter().min()
        })
    }
}

impl FamilySnapshot {
    /// The series whose labels are nearest to those that were asked for.
    pub(super) fn nearest_series(&self, labels: &[(&str, &str)]) -> Vec<&SeriesSnapshot> {
        nearest(self.series(), |series| {
            let value_of = |name| series.labels().find(|(own, _)| *own == name).map(|(_, value)| value);
            let asked: usize =
                labels.iter().map(|&(name, value)| edits(value, value_of(name).unwrap_or_default())).sum();
            let is_asked = |name| labels.iter().any(|&(asked, _)| asked == name);
            let beside: usize =
                series.labels().filter(|(name, _)| !is_asked(*name)).map(|(_, value)| value.len()).sum();
            let same = labels.iter().filter(|&&(name, value)| value_of(name) == Some(value)).count();
            (labels.len() - same, asked + beside)
        })
    }
}

fn nearest<T, D: Ord>(all: &[T], distance: impl Fn(&T) -> D) -> Vec<&T> {
    let mut nearest: Vec<&T> = all.iter().collect();
    nearest.sort_by_cached_key(|one| distance(one));
    nearest.truncate(SHOWN);
    nearest
}

/// How many characters must be put in, taken out or replaced to make one text of the other (the Levenshtein distance).
fn edits(one: &str, other: &str) -> usize {
    // Each row holds the distances of the beginnings of `other` to one beginning of `one`.
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, left) in one.chars().enumerate() {
        let mut diagonal = index;
        row[0] = index + 1;
        for (column, right) in other.chars().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::edits;

    #[test]
    fn edits_are_counted_in_characters() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("served", "servd", 1),
            ("größe", "grösse", 2),
            ("same", "same", 0),
        ] {
            assert_eq!(edits(one, other), expected, "{one} {other}");
            assert_eq!(edits(other, one), expected, "{other} {one}");
        }
    }
}
