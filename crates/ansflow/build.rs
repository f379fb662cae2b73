//! How the program is linked. Every step of every run starts it once more, so what the dynamic linker does at a start is
//! a cost of every step: an executable at a fixed address needs none of some 17,000 relocations, and the unwinder
//! comes along. Half a millisecond a step, measured.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=-no-pie");
    println!("cargo::rustc-link-arg-bins=-static-libgcc");
}
