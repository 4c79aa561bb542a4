//! A job that ends before anybody scrapes it, and so pushes its metrics to a Prometheus Pushgateway. It has no runtime.
//!
//!     prometheus-pushgateway &
//!     cargo run -p instrument-http --features push --example batch_job -- http://127.0.0.1:9091 db-1
//!     curl http://127.0.0.1:9091/metrics
//!
//! With `fail` behind these, the job panics half-way: look at what it has pushed nevertheless, and that the time of the last success is still there. `replace` pushes nothing but the
//! rows in place of all, and `delete` takes away what the gateway has of this instance.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use instrument_core::{Buckets, Registry};
use instrument_http::PushGateway;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(instance)) = (arguments.next(), arguments.next()) else {
        return Err("give the gateway's URL and the name of an instance".into());
    };
    let what = arguments.next().unwrap_or_default();
    let registry = Registry::new();
    let gateway = PushGateway::builder(url)
        .job("backup")
        .grouping("instance", instance)
        .registry(registry.clone())
        .build()?;
    match &*what {
        "" | "fail" => {
            // By `add`, as a job that fails does not know when the last one succeeded.
            let pushing = gateway.push_at_end().add().on_error(|error| eprintln!("{error}"));
            back_up(&registry, what == "fail")?;
            pushing.finish()?;
        }
        "replace" => {
            registry.counter("backup_rows", "Rows that were backed up.").register()?;
            gateway.blocking().push()?;
        }
        "delete" => gateway.blocking().delete()?,
        other => return Err(format!("`{other}` is none of `fail`, `replace` and `delete`").into()),
    }
    Ok(())
}

fn back_up(registry: &Registry, fails: bool) -> Result<(), Box<dyn Error>> {
    let rows = registry.counter("backup_rows", "Rows that were backed up.").register()?;
    let tables = registry.histogram::<Duration>("backup_table", "Time to back up a table.");
    let tables = tables.buckets(Buckets::latency().and_native(3, 160)).register()?;
    for table in 1..=10 {
        rows.inc_by(100 * table);
        tables.observe(Duration::from_millis(10 * table));
        assert!(!fails || table < 5, "the disk is full");
    }
    let success = registry.gauge("backup_last_success_timestamp", "When a backup was last complete.");
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    success.unit("seconds").register()?.set(now.as_secs_f64());
    Ok(())
}
