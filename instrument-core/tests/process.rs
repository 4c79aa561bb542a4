//! What the operating system knows of the process.
#![cfg(all(feature = "process", target_os = "linux"))]

use std::fs::{File, read_to_string};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use instrument_core::collector::Process;
use instrument_core::{FamilySnapshot, MetricKind, Registry};

fn registry() -> Registry {
    let registry = Registry::builder().prefix("app").build().unwrap();
    registry.register_collector(Process::new());
    registry
}

fn gauge(registry: &Registry, name: &str) -> f64 {
    registry.snapshot().gauge(name, &[]).unwrap()
}

/// A number of `/proc/self/status`, in bytes or in pieces.
fn status(key: &str) -> f64 {
    let status = read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).unwrap();
    let number: f64 = line.split_whitespace().next().unwrap().parse().unwrap();
    if line.ends_with("kB") { number * 1024.0 } else { number }
}

#[test]
fn the_names_and_kinds_are_those_of_other_client_libraries() {
    let snapshot = registry().snapshot();
    let families = snapshot.families().iter().map(FamilySnapshot::description);
    let shown: Vec<(String, MetricKind)> =
        families.map(|description| (description.exposed_name(), description.kind)).collect();
    let expected = [
        ("process_cpu_seconds_total", MetricKind::Counter),
        ("process_max_fds", MetricKind::Gauge),
        ("process_open_fds", MetricKind::Gauge),
        ("process_resident_memory_bytes", MetricKind::Gauge),
        ("process_start_time_seconds", MetricKind::Gauge),
        ("process_threads", MetricKind::Gauge),
        ("process_virtual_memory_bytes", MetricKind::Gauge),
        ("process_virtual_memory_max_bytes", MetricKind::Gauge),
    ];
    assert_eq!(shown, expected.map(|(name, kind)| (name.to_owned(), kind)));
}

#[test]
fn time_on_the_processor_grows_with_work() {
    let registry = registry();
    let seconds = || registry.snapshot().float_counter("process_cpu_seconds_total", &[]).unwrap();
    let before = seconds();
    let mut work = 0_u64;
    while seconds() < before + 0.02 {
        work = std::hint::black_box(work.wrapping_mul(31).wrapping_add(7));
    }
}

#[test]
fn open_files_are_counted_and_fewer_than_may_be() {
    const FILES: usize = 200;
    let registry = registry();
    let before = gauge(&registry, "process_open_fds");
    let files: Vec<File> = (0..FILES).map(|_| File::open("/dev/null").unwrap()).collect();
    let after = gauge(&registry, "process_open_fds");
    // Other tests open and close some as well.
    assert!((after - before - FILES as f64).abs() < 50.0, "{before} and {after}");
    assert!(after < gauge(&registry, "process_max_fds"));
    drop(files);
}

#[test]
fn memory_is_what_another_file_of_the_kernel_says() {
    let registry = registry();
    // Other tests start threads, which take memory: what counts is a read between two others that say the same.
    let virtual_memory = loop {
        let before = status("VmSize");
        let ours = gauge(&registry, "process_virtual_memory_bytes");
        if before == status("VmSize") {
            assert_eq!(ours, before);
            break ours;
        }
    };
    // The kernel counts resident pages for each processor, and does not always add them up.
    let (resident, theirs) = (gauge(&registry, "process_resident_memory_bytes"), status("VmRSS"));
    assert!((resident - theirs).abs() <= theirs * 0.5, "{resident} and {theirs}");
    assert!(
        resident < virtual_memory && virtual_memory <= gauge(&registry, "process_virtual_memory_max_bytes")
    );
}

#[test]
fn threads_are_counted() {
    let registry = registry();
    thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || stopped.recv());
        assert!(gauge(&registry, "process_threads") >= 2.0);
        drop(stop);
    });
}

#[test]
fn the_start_is_shortly_before_now_and_stays() {
    let registry = registry();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let start = gauge(&registry, "process_start_time_seconds");
    // The time of the boot is in whole seconds.
    assert!((now - 3600.0..now + 2.0).contains(&start), "started at {start}, now it is {now}");
    assert_eq!(gauge(&registry, "process_start_time_seconds"), start);
}
