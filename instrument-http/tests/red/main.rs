//! What the middleware records, with sockets only where a client needs them.

mod client;
mod grpc;
mod options;
mod recorded;
mod series;
mod sizes;
mod tonic;
