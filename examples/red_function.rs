//! Rate, errors and duration of functions, by one attribute.
//!
//!     $ cargo run -p instrument-examples --example red_function
//!     function_duration_seconds_count{function="divide",module="red_function",outcome="error"} 1
//!     function_duration_seconds_count{function="divide",module="red_function",outcome="ok"} 2
//!     function_in_flight{function="divide",module="red_function"} 0
//!     quote_lookup_duration_seconds_count{function="look_up",module="red_function",lang="fr",outcome="ok"} 1
//!
//! In PromQL, `rate(function_duration_seconds_count[5m])` is the rate, the same of `outcome!="ok"` are the errors, and
//! `histogram_quantile(0.99, sum by (function, le) (rate(function_duration_seconds_bucket[5m])))` is the duration that 99 % stay below.

use instrument_core::{Registry, instrument_red};
use instrument_http::TextEncoder;

#[instrument_red]
fn divide(dividend: i64, divisor: i64) -> Result<i64, String> {
    dividend.checked_div(divisor).ok_or_else(|| format!("{dividend} / {divisor} has no value"))
}

// Metrics of its own name, with a label from the arguments; the doc comment is their help text. The duration of an async function is from its first poll to
// its end.
/// Look-ups of quotations.
#[instrument_red(name = "quote_lookup", labels(lang = lang))]
async fn look_up(lang: &'static str) -> Option<&'static str> {
    (lang == "fr").then_some("Que sais-je ?")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for divisor in [3, 4, 0] {
        match divide(12, divisor) {
            Ok(quotient) => println!("12 / {divisor} = {quotient}"),
            Err(error) => println!("{error}"),
        }
    }
    println!("{:?}", look_up("fr").await);
    print!("{}", TextEncoder::new().encode(Registry::global()));
}
