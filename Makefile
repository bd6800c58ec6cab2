# Trainscope on a machine with python3, pip, make and git: `make run`, `make test`.
# Set-up goes to .venv and happens again only when pyproject.toml or constraints.txt changes.

PY := .venv/bin/python
LESSON ?= momentum
OFFSCREEN := QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1

.PHONY: run test bench film gallery golden clean
.NOTPARALLEL:

run: .venv/installed-app            # open the lab; without a display, film the first lesson
	@$(PY) -m app.first_start

test: .venv/installed-dev           # lint, types and the whole suite, offscreen
	@$(PY) -m app.libraries --install
	$(PY) -m ruff check .
	@# Half of the kernels are compiled on one core while the other checks types; a bar at a time.
	@$(PY) -m app.warmup networks 2>/dev/null & networks=$$!; \
	    $(PY) -m mypy && $(PY) -m app.warmup pictures || { kill $$networks; exit 1; }; \
	    wait $$networks || $(PY) -m app.warmup networks
	$(OFFSCREEN) $(PY) -m pytest -n 2 --dist worksteal

bench: .venv/installed-oracle       # the speed table, against other libraries
	@$(PY) -m app.libraries --install
	@$(PY) -m app.warmup
	$(OFFSCREEN) $(PY) -m tests.benchmarks

film: .venv/installed-app           # make film LESSON=momentum
	@$(PY) -m app.libraries --install
	@mkdir -p recordings
	@$(PY) -m app film $(LESSON) -o recordings/$(notdir $(basename $(LESSON))).mp4

gallery: .venv/installed-app        # draw README's gallery anew from the lessons
	@$(PY) -m app.libraries --install
	$(OFFSCREEN) $(PY) -m tests.gallery

golden: .venv/installed-oracle      # remake the stored trails of PyTorch and optax
	$(PY) -m tests.oracle

clean:                              # everything that make and the tools have made, films excepted
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed-%: $(PY) pyproject.toml constraints.txt
	@PYTHON='$(PYTHON)' .ci/install $*

# No recipe: where the interpreter is absent or gone, the rule above makes everything anew.
$(PY):
