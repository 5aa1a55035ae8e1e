.PHONY: up test check bench destroy-env down clean

up:
	@scripts/up

test:
	@scripts/test

check:
	@scripts/check

bench:
	@scripts/bench

destroy-env:
	@scripts/destroy "$$BRANCH"

down:
	@scripts/down

clean:
	@scripts/clean
