# Everything is in ./dev; these are for fingers that type make.
.PHONY: demo test check
demo test check:
	./dev $@
