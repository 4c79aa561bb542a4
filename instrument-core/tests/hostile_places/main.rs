//! Recording where other code gives up: in destructors of a thread's end, while unwinding, and at the ends of the numbers.
#![cfg(feature = "macros")]

mod everything;
mod extremes;
mod teardown;
mod unwinding;
