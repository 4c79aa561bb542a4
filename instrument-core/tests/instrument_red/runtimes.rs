//! Beside the attributes of tokio, on either side of them.

use instrument_core::instrument_red;

use crate::recorded::{Calls, calls};

#[tokio::main(flavor = "current_thread")]
#[instrument_red]
async fn inside() -> Result<u8, String> {
    tokio::task::yield_now().await;
    Err("nothing".to_owned())
}

#[instrument_red]
#[tokio::main(flavor = "current_thread")]
async fn outside() -> Result<u8, String> {
    tokio::task::yield_now().await;
    Ok(1)
}

#[test]
fn a_main_function_is_one() {
    assert!(inside().is_err());
    assert_eq!(outside(), Ok(1));
    assert_eq!(calls(module_path!(), "inside"), Calls { error: 1, ..Calls::default() });
    assert_eq!(calls(module_path!(), "outside"), Calls { ok: 1, ..Calls::default() });
}

#[tokio::test]
#[instrument_red]
async fn a_test_is_one() {
    assert_eq!(calls(module_path!(), "a_test_is_one").in_flight, 1);
    spawned().await;
    assert_eq!(calls(module_path!(), "answer"), Calls { ok: 1, ..Calls::default() });
}

async fn spawned() {
    #[instrument_red(labels(), poll_time)]
    async fn answer(text: String) -> String {
        tokio::task::yield_now().await;
        text
    }

    assert_eq!(tokio::spawn(answer("sent".to_owned())).await.unwrap(), "sent");
}
