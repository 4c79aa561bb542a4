//! Connections to servers that come, go and hang.

use std::net::TcpListener;

use super::*;

fn connected(listener: &TcpListener) -> Stream<Host> {
    tcp(&listener.local_addr().unwrap().to_string()).unwrap()
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
    drop(listener.accept().unwrap());
    link.send(b"b:1|c").unwrap();
    let (socket, _) = listener.accept().unwrap();
    drop(link);
    assert_eq!(received(socket), "b:1|c\n");
}

/// A server whose socket takes what the test says.
struct Slow(Vec<usize>);

struct SlowSocket {
    takes: Vec<usize>,
    taken: Vec<u8>,
}

impl Connect for Slow {
    type Socket = SlowSocket;

    fn connect(&self) -> io::Result<SlowSocket> {
        Ok(SlowSocket { takes: self.0.clone(), taken: Vec::new() })
    }
}

impl Socket for SlowSocket {
    fn set_nonblocking(&self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn set_write_timeout(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for SlowSocket {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(ErrorKind::WouldBlock.into())
    }
}

impl Write for SlowSocket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.takes.pop() {
            None => Err(ErrorKind::BrokenPipe.into()),
            Some(0) => Err(ErrorKind::WouldBlock.into()),
            Some(some) => {
                let bytes = &bytes[..some.min(bytes.len())];
                self.taken.extend_from_slice(bytes);
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn slow(takes: &[usize]) -> Stream<Slow> {
    Stream::new(Slow(takes.iter().rev().copied().collect()), Framing::Newline)
}

#[test]
fn a_line_is_never_cut_by_the_one_that_follows() {
    let mut link = slow(&[3, 0, 0, 2, 0, 9, 9]);
    link.send(b"a:1|c").unwrap();
    assert_eq!(link.send(b"b:1|c").unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(link.send(b"c:1|c").unwrap_err().kind(), ErrorKind::TimedOut);
    link.send(b"d:1|c").unwrap();
    assert_eq!(link.socket.as_ref().unwrap().taken, b"a:1|c\nd:1|c\n");
    assert!(link.late_error().is_none());
}

#[test]
fn a_packet_of_which_nothing_was_taken_has_failed() {
    let mut link = slow(&[0, 9]);
    assert_eq!(link.send(b"a:1|c").unwrap_err().kind(), ErrorKind::TimedOut);
    link.send(b"b:1|c").unwrap();
    assert_eq!(link.socket.as_ref().unwrap().taken, b"b:1|c\n");
}

#[test]
fn a_packet_that_was_cut_off_is_known_to_be_lost() {
    let mut link = slow(&[3, 0]);
    link.send(b"a:1|c").unwrap();
    assert!(link.late_error().is_none());
    assert_eq!(link.send(b"b:1|c").unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert!(link.late_error().is_some(), "a");
    assert!(link.late_error().is_none());
}
