//! Connections to servers that come, go and hang.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::*;

fn connected(listener: &TcpListener) -> Stream<Host> {
    tcp(&listener.local_addr().unwrap().to_string()).unwrap()
}

/// As if the connection had lasted for a while.
fn make_steady<C: Connect>(link: &mut Stream<C>) {
    link.connection.as_mut().unwrap().since -= Duration::from_secs(2);
}

/// All that is sent until the other side closes.
fn received(mut socket: TcpStream) -> String {
    let mut text = String::new();
    socket.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn each_packet_ends_in_a_newline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut link = connected(&listener);
    link.send(b"a:1|c\nb:1|c").unwrap();
    link.send(b"c:1|c").unwrap();
    let (socket, _) = listener.accept().unwrap();
    drop(link);
    assert_eq!(received(socket), "a:1|c\nb:1|c\nc:1|c\n");
}

#[test]
fn a_server_that_is_not_there_is_tried_again_after_a_pause() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut link = connected(&listener);
    drop(listener);
    assert_eq!(link.send(b"a:1|c").unwrap_err().kind(), ErrorKind::ConnectionRefused);
    let listener = TcpListener::bind(address).unwrap();
    assert_eq!(link.send(b"b:1|c").unwrap_err().kind(), ErrorKind::NotConnected, "not so soon");
    link.backoff.end_pause();
    link.send(b"c:1|c").unwrap();
    let (socket, _) = listener.accept().unwrap();
    drop(link);
    assert_eq!(received(socket), "c:1|c\n");
}

#[test]
fn what_follows_the_end_of_a_connection_goes_over_the_next_one() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut link = connected(&listener);
    link.send(b"a:1|c").unwrap();
    let (mut socket, _) = listener.accept().unwrap();
    socket.read_exact(&mut [0; 6]).unwrap();
    drop(socket);
    make_steady(&mut link);
    assert!(link.late_error().is_none(), "the server has read it before it closed");
    link.send(b"b:1|c").unwrap();
    let (socket, _) = listener.accept().unwrap();
    drop(link);
    assert_eq!(received(socket), "b:1|c\n");
}

#[test]
fn a_server_that_closes_before_it_has_read_has_not_received() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut link = connected(&listener);
    link.send(b"a:1|c").unwrap();
    drop(listener.accept().unwrap());
    make_steady(&mut link);
    assert!(link.late_error().is_some());
    assert!(link.late_error().is_none(), "once");
}

#[test]
fn a_server_that_accepts_and_closes_is_not_connected_to_for_every_packet() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut link = connected(&listener);
    for _ in 0..3 {
        link.send(b"a:1|c").unwrap();
        let (mut socket, _) = listener.accept().unwrap();
        socket.read_exact(&mut [0; 6]).unwrap();
        drop(socket);
        link.connection.as_mut().unwrap().since = Instant::now() + Duration::from_secs(60);
        assert!(link.late_error().is_some(), "as a load balancer without backends does");
        assert_eq!(link.send(b"b:1|c").unwrap_err().kind(), ErrorKind::NotConnected);
        link.backoff.end_pause();
    }
}

/// A server that takes of each write as many bytes as the test says, and none at 0. After that the connection is broken, and there are as many others as the
/// test has lists.
struct Slow {
    connections: Mutex<VecDeque<Vec<usize>>>,
    /// What was taken, a text for each connection.
    taken: Arc<Mutex<Vec<String>>>,
    /// How long each write takes.
    delay: Duration,
}

struct SlowSocket {
    delay: Duration,
    takes: Vec<usize>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Connect for Slow {
    type Socket = SlowSocket;

    fn connect(&self) -> io::Result<SlowSocket> {
        let takes = self.connections.lock().unwrap().pop_front().ok_or(ErrorKind::ConnectionRefused)?;
        self.taken.lock().unwrap().push(String::new());
        Ok(SlowSocket { delay: self.delay, takes, taken: Arc::clone(&self.taken) })
    }
}

impl Socket for SlowSocket {
    fn set_nonblocking(&self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn set_write_timeout(&self) -> io::Result<()> {
        Ok(())
    }

    fn take_error(&self) -> io::Result<Option<io::Error>> {
        Ok(self.takes.is_empty().then(|| ErrorKind::ConnectionReset.into()))
    }
}

impl Read for SlowSocket {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(ErrorKind::WouldBlock.into())
    }
}

impl Write for SlowSocket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        thread::sleep(self.delay);
        match self.takes.pop() {
            None => Err(ErrorKind::BrokenPipe.into()),
            Some(0) => Err(ErrorKind::WouldBlock.into()),
            Some(some) => {
                let bytes = &bytes[..some.min(bytes.len())];
                let mut taken = self.taken.lock().unwrap();
                taken.last_mut().unwrap().push_str(std::str::from_utf8(bytes).unwrap());
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// More than any packet.
const ALL: usize = 1000;

fn slow<const N: usize>(connections: [&[usize]; N]) -> Stream<Slow> {
    let connections = connections.iter().map(|takes| takes.iter().rev().copied().collect());
    let connections = Mutex::new(connections.collect());
    Stream::new(Slow { connections, taken: Arc::default(), delay: Duration::ZERO }, Framing::Newline)
}

impl Stream<Slow> {
    fn taken(&self) -> Vec<String> {
        self.server.taken.lock().unwrap().clone()
    }
}

#[test]
fn a_line_is_never_cut_by_the_one_that_follows() {
    let mut link = slow([&[3, 0, 0, 2, 0, ALL, ALL]]);
    link.send(b"a:1|c").unwrap();
    assert_eq!(link.lines_begun(), 1);
    assert_eq!(link.send(b"b:1|c").unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(link.send(b"c:1|c").unwrap_err().kind(), ErrorKind::TimedOut);
    link.send(b"d:1|c").unwrap();
    assert_eq!(link.taken(), ["a:1|c\nd:1|c\n"]);
    assert_eq!(link.lines_begun(), 0);
}

#[test]
fn a_packet_of_which_nothing_was_taken_has_failed() {
    let mut link = slow([&[0, ALL]]);
    assert_eq!(link.send(b"a:1|c").unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(link.lines_begun(), 0);
    link.send(b"b:1|c").unwrap();
    assert_eq!(link.taken(), ["b:1|c\n"]);
}

#[test]
fn a_packet_that_was_cut_off_goes_as_a_whole_over_the_next_connection_and_before_others() {
    // Whether the end is seen before the next packet, or while the rest is written.
    for begin in [&[ALL, 3, 0][..], &[ALL, 3, 0, 1]] {
        let mut link = slow([begin, &[ALL, ALL]]);
        link.send(b"arrives:1|c").unwrap();
        link.send(b"a:1|c\nb:1|c").unwrap();
        assert_eq!(link.lines_begun(), 2);
        assert!(link.late_error().is_none(), "it is not lost");
        if link.connection.is_some() {
            assert_eq!(link.send(b"c:1|c").unwrap_err().kind(), ErrorKind::BrokenPipe);
        }
        assert!(link.late_error().is_none());
        link.backoff.end_pause();
        link.send(b"d:1|c").unwrap();
        assert_eq!(link.taken()[1], "a:1|c\nb:1|c\nd:1|c\n");
    }
}

#[test]
fn the_rest_of_a_packet_can_be_written_without_another_one() {
    let mut link = slow([&[3, 0, ALL, 0]]);
    link.send(b"a:1|c").unwrap();
    link.write_rest();
    assert_eq!((link.lines_begun(), link.taken()), (0, vec!["a:1|c\n".to_owned()]));
}

#[test]
fn a_server_that_takes_a_byte_at_a_time_is_not_waited_for_longer_than_one_that_takes_none() {
    let mut link = slow([&[1; 100]]);
    link.server.delay = Duration::from_millis(100);
    let start = Instant::now();
    link.send(&[b'a'; 100]).unwrap();
    assert!(start.elapsed() < 5 * TIMEOUT, "{:?}", start.elapsed());
    assert_eq!(link.lines_begun(), 1);
}
