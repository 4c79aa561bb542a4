//! A parser of the text formats that takes nothing else: what is wrong is a panic that shows the line.
//!
//! Written from the grammars, not from what the encoders do: OpenMetrics 1.0, section "ABNF", and Prometheus' page "Exposition formats".

use std::collections::HashSet;
use std::str::Chars;

#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) unit: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) samples: Vec<Sample>,
}

#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) name: String,
    /// In the order of the text.
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) value: f64,
    pub(crate) exemplar: Option<Exemplar>,
}

#[derive(Debug)]
pub(crate) struct Exemplar {
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) value: f64,
    pub(crate) time: f64,
}

/// The families of an OpenMetrics text.
pub(crate) fn open_metrics(text: &str) -> Vec<Family> {
    families(text.strip_suffix("# EOF\n").expect("the end is marked"), ["TYPE", "UNIT", "HELP"])
}

/// The families of a text in the format 0.0.4.
pub(crate) fn classic(text: &str) -> Vec<Family> {
    families(text, ["HELP", "TYPE", ""])
}

fn families(text: &str, keywords: [&str; 3]) -> Vec<Family> {
    assert!(text.is_empty() || text.ends_with('\n'), "the last line does not end");
    let (mut families, mut names, mut last_keyword) = (Vec::<Family>::new(), HashSet::new(), 0);
    for line in text.split_terminator('\n') {
        if let Some(comment) = line.strip_prefix("# ") {
            let [keyword, name, value] = *comment.splitn(3, ' ').collect::<Vec<_>>() else {
                panic!("{line:?}")
            };
            let keyword =
                keywords.iter().position(|known| *known == keyword).unwrap_or_else(|| panic!("{line:?}"));
            match families.last() {
                Some(family) if family.name == name && family.samples.is_empty() => {
                    assert!(last_keyword < keyword, "out of order: {line:?}");
                }
                _ => {
                    assert!(names.insert(name.to_owned()), "a family in two places: {line:?}");
                    let (name, kind) = (name.to_owned(), String::new());
                    families.push(Family { name, kind, unit: None, help: None, samples: Vec::new() });
                }
            }
            last_keyword = keyword;
            let family = families.last_mut().unwrap();
            match keywords[keyword] {
                "TYPE" => family.kind = value.to_owned(),
                "UNIT" => family.unit = Some(value.to_owned()),
                _ => family.help = Some(value.to_owned()),
            }
        } else {
            let family = families.last_mut().unwrap_or_else(|| panic!("no family: {line:?}"));
            let sample = sample(line);
            assert!(
                sample.name.starts_with(&family.name) && !family.kind.is_empty(),
                "no sample of its family: {line:?}"
            );
            family.samples.push(sample);
        }
    }
    families
}

fn sample(line: &str) -> Sample {
    let name_end = line.find(['{', ' ']).unwrap_or_else(|| panic!("{line:?}"));
    let (name, rest) = line.split_at(name_end);
    let mut rest = rest.chars();
    let labels = if rest.as_str().starts_with('{') { labels(&mut rest) } else { Vec::new() };
    let rest = rest.as_str().strip_prefix(' ').unwrap_or_else(|| panic!("{line:?}"));
    let (value, exemplar) = match rest.split_once(" # ") {
        Some((value, exemplar_text)) => (value, Some(exemplar(exemplar_text))),
        None => (rest, None),
    };
    Sample { name: name.to_owned(), labels, value: number(value), exemplar }
}

fn exemplar(text: &str) -> Exemplar {
    let mut rest = text.chars();
    let labels = labels(&mut rest);
    let [_, value, time] = *rest.as_str().split(' ').collect::<Vec<_>>() else { panic!("{text:?}") };
    Exemplar { labels, value: number(value), time: number(time) }
}

/// Takes labels from the front, with their braces.
fn labels(rest: &mut Chars<'_>) -> Vec<(String, String)> {
    let mut labels: Vec<(String, String)> = Vec::new();
    assert_eq!(rest.next(), Some('{'));
    while !rest.as_str().starts_with('}') {
        if !labels.is_empty() {
            assert_eq!(rest.next(), Some(','), "before {:?}", rest.as_str());
        }
        let name: String = rest.by_ref().take_while(|&c| c != '=').collect();
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        assert!(is_plain && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()), "{name:?}");
        assert_eq!(rest.next(), Some('"'));
        let mut value = String::new();
        loop {
            value.push(match rest.next().expect("a quote at the end") {
                '"' => break,
                '\\' => match rest.next() {
                    Some('n') => '\n',
                    Some(c @ ('"' | '\\')) => c,
                    other => panic!("no such escape: {other:?}"),
                },
                c => c,
            });
        }
        assert!(!value.is_empty(), "a label without a value: {name}");
        assert!(labels.iter().all(|(other, _)| *other != name), "{name} is there twice");
        labels.push((name, value));
    }
    rest.next();
    labels
}

fn number(text: &str) -> f64 {
    let is_number = text.chars().all(|c| c.is_ascii_digit() || "+-.e".contains(c));
    assert!(is_number || ["NaN", "+Inf", "-Inf"].contains(&text), "{text:?}");
    text.parse().unwrap_or_else(|_| panic!("no number: {text:?}"))
}

/// A text as a comment has it, without what stands for line feeds, backslashes and, in OpenMetrics, quotes.
pub(crate) fn unescaped(text: &str) -> String {
    let (mut plain, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => match chars.next().expect("something behind a backslash") {
                'n' => '\n',
                other => other,
            },
            other => other,
        });
    }
    plain
}
