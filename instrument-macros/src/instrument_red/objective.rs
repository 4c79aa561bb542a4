//! `slo(latency = "250ms", target = 0.99)` and `slo(success = 0.999)`: what a function is to achieve.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Error, LitFloat, Result};

use crate::arguments::Arguments;
use crate::value::{self, Text};

const FORMS: &[&str] = &["latency = \"250ms\", target = 0.99", "success = 0.999"];

/// A share of the calls that is to end in time, or well.
#[derive(Clone)]
pub(crate) struct Objective {
    /// In seconds; nothing for an objective of success.
    pub(crate) threshold: Option<f64>,
    pub(crate) target: Target,
}

/// A share between 0 and 1, as it is written.
#[derive(Clone)]
pub(crate) struct Target(Literal);

impl Objective {
    /// `(latency = "..", target = ..)`, `(success = ..)`, or both in one.
    pub(crate) fn parse(name: &Ident, input: ParseStream<'_>) -> Result<Vec<Self>> {
        if !input.peek(syn::token::Paren) {
            return Err(Error::new(
                name.span(),
                format!("`slo` lists objectives: write `slo({})`", FORMS[1]),
            ));
        }
        let inside;
        syn::parenthesized!(inside in input);
        let (mut latency, mut target, mut success) = (None, None, None);
        Arguments::new("`slo`", FORMS).read(&inside, |name, input| {
            match name.to_string().as_str() {
                "latency" => latency = Some((name.clone(), seconds(&value::string(name, input)?)?)),
                "target" => target = Some((name.clone(), Target::parse(name, input)?)),
                "success" => success = Some(Target::parse(name, input)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let latency = match (latency, target) {
            (Some((_, threshold)), Some((_, target))) => Some(Self { threshold: Some(threshold), target }),
            (None, None) => None,
            (Some((half, _)), None) | (None, Some((half, _))) => {
                return Err(Error::new(
                    half.span(),
                    format!("`latency` and `target` belong together: write `slo({})`", FORMS[0]),
                ));
            }
        };
        let success = success.map(|target| Self { threshold: None, target });
        let objectives: Vec<Self> = latency.into_iter().chain(success).collect();
        if objectives.is_empty() {
            let message = format!("`slo` has no objective: write `slo({})` or `slo({})`", FORMS[0], FORMS[1]);
            return Err(Error::new(name.span(), message));
        }
        Ok(objectives)
    }

    /// The value of the objective's label `threshold`: the threshold as it is spelt in the bucket's `le`, which is Go's `%g`.
    pub(crate) fn threshold_text(&self) -> String {
        let Some(threshold) = self.threshold else { return String::new() };
        let scientific = format!("{threshold:e}");
        match scientific
            .split_once('e')
            .and_then(|(digits, power)| Some((digits, power.parse::<i32>().ok()?)))
        {
            Some((digits, power @ ..-4)) => format!("{digits}e-{:02}", -power),
            Some((digits, power @ 6..)) => format!("{digits}e+{power:02}"),
            _ => threshold.to_string(),
        }
    }
}

impl Target {
    fn parse(name: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let message = || format!("`{name}` is a share between 0 and 1: write `{name} = 0.99` for 99 %");
        value::equals(name, "0.99", input)?;
        let span = input.span();
        let share: LitFloat = input.parse().map_err(|_| Error::new(span, message()))?;
        match share.base10_parse::<f64>() {
            Ok(value) if value > 0.0 && value < 1.0 && share.suffix().is_empty() => Ok(Self(share.token())),
            _ => Err(Error::new(span, message())),
        }
    }
}

impl ToTokens for Target {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// A duration such as `250ms`, in seconds.
fn seconds(text: &Text) -> Result<f64> {
    let unit = text.value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &text.value[..text.value.len() - unit.len()];
    // The power goes into the number's text, which is then rounded once: `0.1ms` is the number nearest to 0.0001.
    let seconds = match unit {
        "s" => format!("{number}e0"),
        "ms" => format!("{number}e-3"),
        "us" | "µs" => format!("{number}e-6"),
        "ns" => format!("{number}e-9"),
        _ => String::new(),
    };
    match seconds.parse() {
        Ok(seconds) if seconds > 0.0 && f64::is_finite(seconds) => Ok(seconds),
        _ => {
            let message = format!(
                "`{}` is no duration: write a number and its unit, `s`, `ms`, `us` or `ns`, as in `250ms` or `1.5s`",
                text.value
            );
            Err(Error::new(text.span, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::parse::Parser as _;

    use super::*;

    fn parse(tokens: &str) -> std::result::Result<Vec<(String, String)>, String> {
        let read = |input: ParseStream<'_>| Objective::parse(&input.parse()?, input);
        let objectives = read.parse_str(tokens).map_err(|error| error.to_string())?;
        Ok(objectives
            .iter()
            .map(|own| (own.threshold_text(), own.target.to_token_stream().to_string()))
            .collect())
    }

    #[test]
    fn thresholds_are_spelt_as_bounds() {
        for (latency, threshold) in [
            ("250ms", "0.25"),
            ("0.1ms", "0.0001"),
            ("1s", "1"),
            ("1.5s", "1.5"),
            ("10us", "1e-05"),
            ("2.5µs", "2.5e-06"),
            ("1000000s", "1e+06"),
        ] {
            let objectives = parse(&format!("slo(latency = \"{latency}\", target = 0.99)")).unwrap();
            assert_eq!(objectives, [(threshold.to_owned(), "0.99".to_owned())]);
        }
    }

    #[test]
    fn both_kinds_go_into_one() {
        let objectives = parse("slo(success = 0.999, target = 0.5, latency = \"1s\")").unwrap();
        let own = |threshold: &str, target: &str| (threshold.to_owned(), target.to_owned());
        assert_eq!(objectives, [own("1", "0.5"), own("", "0.999")]);
    }

    #[test]
    fn each_mistake_has_its_message() {
        for latency in ["", "250", "ms", "1h", "-1s", "0s", "1.2.3s", "1 s"] {
            let error = parse(&format!("slo(latency = \"{latency}\", target = 0.99)")).unwrap_err();
            assert!(error.starts_with(&format!("`{latency}` is no duration")), "{error}");
        }
        for target in ["99", "1.0", "0.0", "-0.5", "0.9f64", "\"0.9\""] {
            let error = parse(&format!("slo(success = {target})")).unwrap_err();
            assert!(error.starts_with("`success` is a share between 0 and 1"), "{error}");
        }
        for half in ["latency = \"1s\"", "target = 0.9"] {
            assert!(parse(&format!("slo({half})")).unwrap_err().starts_with("`latency` and `target` belong"));
        }
        assert!(parse("slo()").unwrap_err().starts_with("`slo` has no objective"));
        assert!(parse("slo = 0.9").unwrap_err().starts_with("`slo` lists objectives"));
    }
}
