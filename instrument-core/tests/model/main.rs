//! Random programs, run by real threads against the real thing and one step after the other against a model that a look can check:
//! both must end with the same numbers.
//!
//! `PROPTEST_CASES` says how many programs are run.
#![cfg(feature = "macros")]

mod expected;
mod lane;
mod metrics;
mod program;
mod scraper;
mod world;

use proptest::prelude::*;
use proptest::test_runner::Config;

use expected::Expected;
use program::Program;
use world::World;

proptest! {
    // Nothing is kept of a failure: threads may take another way the next time.
    #![proptest_config(Config { failure_persistence: None, max_shrink_time: 30_000, ..Config::default() })]

    #[test]
    fn threads_that_come_and_go_end_with_the_numbers_of_one_that_does_it_all(program in program::program()) {
        let Program { phases } = program;
        let (mut world, mut expected) = (World::new(), Expected::new());
        for phase in &phases {
            for change in &phase.changes {
                expected.change(change);
                world.change(change);
            }
            for (lane, steps) in phase.lanes.iter().enumerate() {
                expected.run(lane, steps);
            }
            let held = world.run(&phase.lanes);
            expected.compare(&world.read(), &held);
        }
        world.end();
        expected.end();
        expected.compare(&world.read(), &[]);
    }
}
