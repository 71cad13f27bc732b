# make run      build and serve on http://127.0.0.1:8080, with demonstration data on the first start
# make test     everything that continuous integration runs, real clients among it
# make test-clients    further clients: QGIS, a browser, linters of OpenAPI, random requests
# make bench    the figures in benches/RESULTS.md
# make fix      format, and mend what clippy can

.DEFAULT_GOAL := run
.PHONY: run build test test-clients bench fix system

run: build
	./target/release/hotspots serve --demonstration

build: system
	@echo "Building; the first time takes 10 to 20 minutes, most of it for the PROJ library."
	cargo build --release --locked

test: system
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo test --locked --lib --bins --tests
	cargo test --locked --doc
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
	scripts/clients

test-clients: system
	scripts/clients all

bench: system
	cargo bench --locked

fix:
	cargo clippy --fix --allow-dirty --all-targets
	cargo fmt

system:
	@scripts/system-packages
