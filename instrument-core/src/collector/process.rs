use crate::{Collector, Emitter};

/// What the operating system knows of this process: its time, memory, files and threads. Needs the feature `process`.
///
/// The names are those of Prometheus' client libraries ("Writing client libraries", section "Process metrics"), without the prefix of
/// the registry, so that dashboards made for others fit:
///
/// | metric | what it is |
/// |---|---|
/// | `process_cpu_seconds_total` | time on the processor, in user space and in the kernel |
/// | `process_open_fds`, `process_max_fds` | file descriptors that are open, and how many may be |
/// | `process_virtual_memory_bytes`, `process_virtual_memory_max_bytes` | address space in use, and how much may be |
/// | `process_resident_memory_bytes` | memory that is in use |
/// | `process_start_time_seconds` | when the process started, since the epoch |
/// | `process_threads` | threads |
///
/// A greatest number that is not limited is 2^64 - 1, as it is elsewhere. What cannot be read is left out; on systems other than Linux
/// that is all of it. A read costs some four small files of `/proc`, and an entry of a directory for each open file.
///
/// ```
/// use instrument_core::Registry;
/// use instrument_core::collector::Process;
///
/// let registry = Registry::new();
/// registry.register_collector(Process::new());
///
/// # #[cfg(target_os = "linux")]
/// assert!(registry.snapshot().gauge("process_resident_memory_bytes", &[]) > Some(0.0));
/// ```
#[derive(Debug, Clone)]
pub struct Process {
    #[cfg(target_os = "linux")]
    proc: linux::Proc,
}

impl Process {
    /// A collector for the process that runs.
    #[must_use]
    pub fn new() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            proc: linux::Proc::new(),
        }
    }
}

impl Default for Process {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector for Process {
    #[cfg(target_os = "linux")]
    fn collect(&self, emitter: &mut Emitter<'_>) {
        self.proc.collect(emitter);
    }

    #[cfg(not(target_os = "linux"))]
    fn collect(&self, _: &mut Emitter<'_>) {}
}

#[cfg(target_os = "linux")]
mod linux {
    use procfs::process::{LimitValue, Process, Stat};
    use procfs::{CurrentSI, KernelStats};

    use crate::Emitter;

    /// What `/proc` says.
    #[derive(Debug, Clone)]
    pub(super) struct Proc {
        /// Read once: the time of the boot moves when the clock is set.
        start_time_seconds: Option<f64>,
    }

    impl Proc {
        pub(super) fn new() -> Self {
            Self { start_time_seconds: start_time_seconds() }
        }

        pub(super) fn collect(&self, emitter: &mut Emitter<'_>) {
            if let Some(seconds) = self.start_time_seconds {
                let help = "Start time of the process since the epoch.";
                gauge(emitter, "process_start_time", help, Some("seconds"), seconds);
            }
            // Asked for at each read: a child that was forked is another process.
            let Ok(process) = Process::myself() else { return };
            if let Ok(stat) = process.stat() {
                emit_stat(emitter, &stat);
            }
            if let Ok(open) = process.fd_count() {
                gauge(emitter, "process_open_fds", "Open file descriptors.", None, open as f64);
            }
            if let Ok(limits) = process.limits() {
                let files = number(limits.max_open_files.soft_limit);
                gauge(emitter, "process_max_fds", "The most file descriptors that can be open.", None, files);
                let memory = number(limits.max_address_space.soft_limit);
                let help = "The most virtual memory that can be in use.";
                gauge(emitter, "process_virtual_memory_max", help, Some("bytes"), memory);
            }
        }
    }

    fn emit_stat(emitter: &mut Emitter<'_>, stat: &Stat) {
        let ticks = stat.utime.saturating_add(stat.stime);
        emitter
            .float_counter("process_cpu", "Time on the processor, in user space and in the kernel.")
            .unit("seconds")
            .without_prefix()
            .value(seconds(ticks));
        let bytes = Some("bytes");
        gauge(emitter, "process_virtual_memory", "Virtual memory in use.", bytes, stat.vsize as f64);
        let resident = stat.rss.saturating_mul(procfs::page_size());
        gauge(emitter, "process_resident_memory", "Resident memory in use.", bytes, resident as f64);
        gauge(emitter, "process_threads", "Threads.", None, stat.num_threads as f64);
    }

    fn gauge(emitter: &mut Emitter<'_>, name: &str, help: &str, unit: Option<&str>, value: f64) {
        let gauge = emitter.gauge(name, help).without_prefix();
        match unit {
            Some(unit) => gauge.unit(unit).value(value),
            None => gauge.value(value),
        };
    }

    fn start_time_seconds() -> Option<f64> {
        let boot = KernelStats::current().ok()?.btime;
        let ticks = Process::myself().ok()?.stat().ok()?.starttime;
        Some(boot as f64 + seconds(ticks))
    }

    /// Ticks of the kernel's accounting as seconds.
    fn seconds(ticks: u64) -> f64 {
        ticks as f64 / procfs::ticks_per_second().max(1) as f64
    }

    fn number(limit: LimitValue) -> f64 {
        match limit {
            LimitValue::Unlimited => u64::MAX as f64,
            LimitValue::Value(value) => value as f64,
        }
    }
}
