# Everything is in ./dev; these targets are for people used to make.
.PHONY: demo test check
demo test check:
	./dev $@
