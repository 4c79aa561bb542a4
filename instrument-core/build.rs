//! Does nothing: Cargo takes the key `links`, which keeps a second version of this crate out of a program, only from a package that has
//! a build script.

fn main() {
    // Without it the script would run again at every change of any file.
    println!("cargo::rerun-if-changed=build.rs");
}
