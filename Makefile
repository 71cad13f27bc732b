# make run      build and serve on http://127.0.0.1:8080, with demonstration data on the first start
# make test     everything that continuous integration runs, real clients and a browser among it
# make test-clients    further clients: QGIS, MapLibre, linters of OpenAPI, random requests
# make bench    the figures in benches/RESULTS.md
# make fix      format, and mend what clippy and eslint can

.DEFAULT_GOAL := run
.PHONY: run build web test test-web test-clients bench fix system

run: build
	./target/release/hotspots serve --demonstration

build: web
	@echo "Building; the first time takes 10 to 20 minutes, most of it for the PROJ library."
	cargo build --release --locked

# The map page, which the program holds in it.
web: web/dist/index.html

web/dist/index.html: web/node_modules/.package-lock.json web/index.html web/package.json web/tsconfig.json \
		web/vite.config.ts $(shell find web/src -type f)
	npm --prefix web run build

web/node_modules/.package-lock.json: web/package-lock.json | system
	@echo "Installing what the map page is built with (a minute or two)"
	npm --prefix web ci --no-fund --no-audit --loglevel=error
	@touch $@

test: web
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo test --locked --lib --bins --tests
	cargo test --locked --doc
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
	$(MAKE) test-web
	scripts/clients

# The map page in Chromium, against the program as the tests built it.
test-web: web
	scripts/system-packages chromium fonts-dejavu-core
	npm --prefix web run check
	npm --prefix web test
	HOTSPOTS=$(CURDIR)/target/debug/hotspots npm --prefix web run e2e

test-clients: system
	scripts/clients all

bench: web
	cargo bench --locked

fix:
	cargo clippy --fix --allow-dirty --all-targets
	cargo fmt
	npm --prefix web run fix

system:
	@scripts/system-packages
