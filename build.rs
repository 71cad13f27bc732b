//! Has the crate built anew when the dashboard was.

fn main() {
    println!("cargo:rerun-if-changed=web/dist");
}
