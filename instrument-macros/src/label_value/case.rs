use syn::{Error, Result};

use crate::value::Text;

/// How the name of a variant becomes a text.
#[derive(Clone, Copy, Default)]
pub(crate) enum Case {
    #[default]
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
    Lower,
    Upper,
    Camel,
    Pascal,
}

/// Every case under its name, which is written as the case says.
const CASES: [(&str, Case); 8] = [
    ("snake_case", Case::Snake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("camelCase", Case::Camel),
    ("PascalCase", Case::Pascal),
];

impl Case {
    pub(crate) fn named(name: &Text) -> Result<Self> {
        let given = &name.value;
        CASES.iter().find(|(known, _)| known == given).map(|(_, case)| *case).ok_or_else(|| {
            let known: Vec<_> = CASES.iter().map(|(known, _)| format!("`{known}`")).collect();
            Error::new(name.span, format!("there is no case `{given}`: write one of {}", known.join(", ")))
        })
    }

    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        match self {
            Self::Snake => words.join("_"),
            Self::ScreamingSnake => words.join("_").to_uppercase(),
            Self::Kebab => words.join("-"),
            Self::ScreamingKebab => words.join("-").to_uppercase(),
            Self::Lower => words.concat(),
            Self::Upper => words.concat().to_uppercase(),
            Self::Camel => words
                .iter()
                .enumerate()
                .map(|(n, word)| if n == 0 { word.clone() } else { capitalised(word) })
                .collect(),
            Self::Pascal => words.iter().map(|word| capitalised(word)).collect(),
        }
    }
}

/// The words of a name in small letters. An acronym is one word: `HTTPError` is `http`, `error`.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if starts || letter == '_' {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter != '_') {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[test]
    fn each_case_is_the_one_its_name_is_written_in() {
        for (name, variant) in [
            ("snake_case", "SnakeCase"),
            ("kebab-case", "KebabCase"),
            ("SCREAMING_SNAKE_CASE", "ScreamingSnakeCase"),
            ("SCREAMING-KEBAB-CASE", "ScreamingKebabCase"),
            ("lowercase", "LowerCase"),
            ("UPPERCASE", "UpperCase"),
            ("camelCase", "CamelCase"),
            ("PascalCase", "PascalCase"),
        ] {
            let case = Case::named(&Text { value: name.to_owned(), span: Span::call_site() }).unwrap();
            assert_eq!(case.apply(variant), name);
        }
    }

    #[test]
    fn words_start_at_capitals_and_acronyms_stay_whole() {
        for (name, snake) in [
            ("Hit", "hit"),
            ("StaleHit", "stale_hit"),
            ("HTTPError", "http_error"),
            ("Http2Reset", "http2_reset"),
            ("IPv6", "i_pv6"),
            ("Get_All", "get_all"),
            ("A", "a"),
            ("GET", "get"),
            ("XForwardedFor", "x_forwarded_for"),
            ("Ünder", "ünder"),
        ] {
            assert_eq!(Case::Snake.apply(name), snake);
        }
    }
}
