//! What the middleware records, without sockets where none is needed.

mod grpc;
mod options;
mod recorded;
mod series;
mod sizes;
